// SPDX-License-Identifier: GPL-2.0-or-later
/* feed.c - see feed.h */
#include "input/feed.h"
#include "lib/line.h"
#include "lib/syscalls.h"

void pvm_feed_init(struct pvm_feed *feed, pvm_line_fn *fn, void *arg)
{
	feed->fn = fn;
	feed->arg = arg;
	feed->lines = (struct pvm_lines){.buffer = feed->buffer,
					 .size = sizeof(feed->buffer)};
}

ssize_t pvm_feed_read(struct pvm_feed *feed, int fd)
{
	return pvm_lines_read(&feed->lines, fd);
}

size_t pvm_feed_put(struct pvm_feed *feed, const char *bytes, size_t len)
{
	return pvm_lines_put(&feed->lines, bytes, len);
}

/*
 * auditd may hand on other hosts' records. A call that this machine cannot
 * make is one of theirs, whatever else is wrong with its record.
 */
static void leave_to_others(struct pvm_line *line)
{
	if (!line->type || pvm_call_is_native(line->type))
		return;
	line->type = NULL;
	line->class = PVM_LINE_OTHER;
}

/* Nothing stands there, so no record has been lost there either. */
static bool is_empty(struct slice text)
{
	return !text.len || (text.len == 1 && *text.at == '\r');
}

static void hand_on_unread(struct pvm_feed *feed, enum pvm_line_class class,
			   struct slice text)
{
	struct pvm_line line = {
		.class = class, .text = text, .node = {"", 0}, .record = text};

	feed->fn(feed->arg, &line);
}

void pvm_feed_lines(struct pvm_feed *feed)
{
	struct pvm_line line;
	struct slice text;
	bool overlong;

	while (pvm_lines_next(&feed->lines, &text, &overlong)) {
		if (overlong) {
			hand_on_unread(feed, PVM_LINE_OVERLONG, text);
			continue;
		}
		if (is_empty(text)) {
			hand_on_unread(feed, PVM_LINE_OTHER, text);
			continue;
		}
		pvm_line_read(&line, text);
		leave_to_others(&line);
		feed->fn(feed->arg, &line);
	}
}

void pvm_feed_end(struct pvm_feed *feed)
{
	struct slice text;

	if (pvm_lines_rest(&feed->lines, &text))
		hand_on_unread(feed, PVM_LINE_CUT, text);
}
