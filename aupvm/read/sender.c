// SPDX-License-Identifier: GPL-2.0-or-later
/* sender.c - see sender.h */
#include <limits.h>

#include "read/sender.h"
#include "read/tokens.h"

static bool is_root(struct span head)
{
	struct span item;

	while (span_next(&head, ' ', &item))
		if (span_skip(&item, "uid="))
			return span_is(item, "0");
	return false;
}

/* Cut @message ahead of the last exe=, whose value is @exe. */
static bool split(struct span body, struct span *message, struct span *exe)
{
	static const char name[] = " exe=";
	const char *last = NULL, *found;
	struct span rest = body;

	while ((found = span_find(rest, name))) {
		last = found;
		rest.at = found + sizeof(name) - 1;
		rest.len = (size_t)(body.at + body.len - rest.at);
	}
	if (!last)
		return false;
	*message = (struct span){body.at, (size_t)(last - body.at)};
	return span_next(&rest, ' ', exe);
}

bool sender_is_plugin(const struct line *line, const char *plugin,
		      struct span *message)
{
	char path[PATH_MAX];
	struct span exe, sender = {path, 0};

	if (!is_root(line->head) || !split(line->body, message, &exe))
		return false;
	sender.len = token_decode(exe, path, sizeof(path));
	/* a package upgrade replaces the file under the running plugin */
	return span_skip(&sender, plugin) &&
	       (!sender.len || span_is(sender, " (deleted)"));
}
