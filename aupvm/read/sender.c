// SPDX-License-Identifier: GPL-2.0-or-later
/* sender.c - see sender.h */
#include <limits.h>

#include "read/sender.h"
#include "lib/token.h"

static bool is_root(struct slice fields)
{
	struct slice item;

	while (slice_next(&fields, ' ', &item))
		if (slice_skip(&item, "uid="))
			return slice_is(item, "0");
	return false;
}

uint32_t sender_pid(const struct pvm_line *line)
{
	struct slice fields = line->fields, item;
	uint64_t pid;

	while (slice_next(&fields, ' ', &item))
		if (slice_skip(&item, "pid=") && slice_unsigned(item, &pid) &&
		    pid <= UINT32_MAX)
			return (uint32_t)pid;
	return 0;
}

/* @message is @sent up to the last exe=, whose value is @exe. */
static bool split(struct slice sent, struct slice *message, struct slice *exe)
{
	static const char name[] = " exe=";
	const char *last = NULL, *found;
	struct slice rest = sent;

	while ((found = slice_find(rest, name))) {
		last = found;
		rest = slice_from(rest, found + sizeof(name) - 1);
	}
	if (!last)
		return false;
	*message = (struct slice){sent.at, (size_t)(last - sent.at)};
	return slice_next(&rest, ' ', exe);
}

bool sender_is_plugin(const struct pvm_line *line, const char *plugin,
		      struct slice *message)
{
	char path[PATH_MAX];
	struct slice exe, sender = {path, 0};

	if (!is_root(line->fields) || !split(line->message, message, &exe))
		return false;
	sender.len = token_decode(exe, path, sizeof(path));
	/* a package upgrade replaces the file under the running plugin */
	return slice_skip(&sender, plugin) &&
	       (!sender.len || slice_is(sender, " (deleted)"));
}
