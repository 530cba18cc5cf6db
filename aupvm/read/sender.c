// SPDX-License-Identifier: GPL-2.0-or-later
/* sender.c - see sender.h */
#include <limits.h>

#include "read/sender.h"
#include "lib/token.h"

static bool is_root(struct slice head)
{
	struct slice item;

	while (slice_next(&head, ' ', &item))
		if (slice_skip(&item, "uid="))
			return slice_is(item, "0");
	return false;
}

/* Cut @message ahead of the last exe=, whose value is @exe. */
static bool split(struct slice body, struct slice *message, struct slice *exe)
{
	static const char name[] = " exe=";
	const char *last = NULL, *found;
	struct slice rest = body;

	while ((found = slice_find(rest, name))) {
		last = found;
		rest.at = found + sizeof(name) - 1;
		rest.len = (size_t)(body.at + body.len - rest.at);
	}
	if (!last)
		return false;
	*message = (struct slice){body.at, (size_t)(last - body.at)};
	return slice_next(&rest, ' ', exe);
}

bool sender_is_plugin(const struct line *line, const char *plugin,
		      struct slice *message)
{
	char path[PATH_MAX];
	struct slice exe, sender = {path, 0};

	if (!is_root(line->head) || !split(line->body, message, &exe))
		return false;
	sender.len = token_decode(exe, path, sizeof(path));
	/* a package upgrade replaces the file under the running plugin */
	return slice_skip(&sender, plugin) &&
	       (!sender.len || slice_is(sender, " (deleted)"));
}
