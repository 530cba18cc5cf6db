// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * feed.c - see feed.h
 *
 * Nearly every record on a host is none of ours, so a line is told by a few
 * bytes at known places, in the order in which auditd and the kernel write
 * them:
 *
 *   [node=NAME ]type=SYSCALL msg=audit(SEC.MSEC:SERIAL): arch=HEX syscall=N
 *
 * Rejected: handing every record to libauparse, which assembles events and
 * manages some thousands a second.
 */
#define _GNU_SOURCE /* memmem */
#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "input/feed.h"
#include "lib/scan.h"

void pvm_feed_init(struct pvm_feed *feed, pvm_line_fn *fn, void *arg)
{
	feed->fn = fn;
	feed->arg = arg;
	feed->used = 0;
	feed->skipping = false;
}

ssize_t pvm_feed_read(struct pvm_feed *feed, int fd)
{
	ssize_t n = read(fd, feed->buffer + feed->used,
			 sizeof(feed->buffer) - feed->used);

	if (n < 0)
		return -errno;
	feed->used += (size_t)n;
	return n;
}

size_t pvm_feed_put(struct pvm_feed *feed, const char *bytes, size_t len)
{
	size_t room = sizeof(feed->buffer) - feed->used;

	if (len > room)
		len = room;
	memcpy(feed->buffer + feed->used, bytes, len);
	feed->used += len;
	return len;
}

/* Step behind the next @c; false when there is none. */
static bool skip_past(const char **at, const char *end, char c)
{
	const char *found = memchr(*at, c, (size_t)(end - *at));

	if (!found)
		return false;
	*at = found + 1;
	return true;
}

static const struct pvm_call_type *read_call_type(const char *at,
						  const char *end)
{
	uint64_t arch, nr;

	if (!pvm_skip_word(&at, end, "arch=") ||
	    !pvm_read_hex(&at, end, UINT32_MAX, &arch) ||
	    !pvm_skip_word(&at, end, " syscall=") ||
	    !pvm_read_decimal(&at, end, UINT32_MAX, &nr) || at == end ||
	    !isspace((unsigned char)*at))
		return NULL;
	return pvm_call_type((uint32_t)arch, (uint32_t)nr);
}

/* Sets node and leaves *@at at "type="; false when neither is there. */
static bool read_node(struct pvm_line *line, const char **at, const char *end)
{
	line->node = "";
	line->node_len = 0;
	if (!pvm_skip_word(at, end, "node="))
		return true;
	line->node = *at;
	if (!skip_past(at, end, ' '))
		return false;
	line->node_len = (size_t)(*at - line->node) - 1;
	return true;
}

static bool is_word(const char *at, size_t len, const char *word)
{
	return strlen(word) == len && !memcmp(at, word, len);
}

/*
 * The class of a record by its type alone, and whose number it bears: auditd's
 * own events have numbers of auditd's own.
 */
static enum pvm_line_class read_type(struct pvm_line *line, const char **at,
				     const char *end)
{
	const char *type;
	size_t len;

	if (!pvm_skip_word(at, end, "type="))
		return PVM_LINE_GARBAGE;
	type = *at;
	if (!skip_past(at, end, ' '))
		return PVM_LINE_OTHER;
	len = (size_t)(*at - type) - 1;
	line->numbered = len < 7 || memcmp(type, "DAEMON_", 7);
	if (is_word(type, len, "SYSCALL"))
		return PVM_LINE_CALL;
	if (is_word(type, len, "USER") || is_word(type, len, "TRUSTED_APP"))
		return PVM_LINE_USER;
	if (is_word(type, len, "DAEMON_RESUME"))
		return PVM_LINE_RESUME;
	line->trailing =
		is_word(type, len, "PROCTITLE") || is_word(type, len, "EOE");
	return PVM_LINE_OTHER;
}

/* Step over "msg=audit(SEC.MSEC:SERIAL): ". */
static bool read_id(struct pvm_id *id, const char **at, const char *end)
{
	return pvm_skip_word(at, end, "msg=audit(") &&
	       pvm_read_id(at, end, id) && pvm_skip_word(at, end, "):");
}

void pvm_line_classify(struct pvm_line *line)
{
	const char *at = line->text, *end = line->text + line->len;
	bool ours, has_id;

	line->record = end;
	line->body = end;
	line->type = NULL;
	line->numbered = false;
	line->trailing = false;
	line->class = PVM_LINE_GARBAGE;
	if (!read_node(line, &at, end))
		return;
	line->record = at;
	line->class = read_type(line, &at, end);
	ours = line->class == PVM_LINE_CALL || line->class == PVM_LINE_USER;
	has_id = read_id(&line->id, &at, end);
	line->numbered &= has_id;
	if (!ours)
		return;
	if (!has_id || !pvm_skip_word(&at, end, " ")) {
		line->class = PVM_LINE_GARBAGE;
		line->numbered = false;
		return;
	}
	line->body = at;
	if (line->class == PVM_LINE_CALL) {
		line->type = read_call_type(at, end);
		if (!line->type)
			line->class = PVM_LINE_OTHER;
	}
	if (line->class != PVM_LINE_OTHER &&
	    memchr(line->text, '\0', line->len))
		line->class = PVM_LINE_NUL;
}

static void hand_on(struct pvm_feed *feed, const char *text, size_t len)
{
	struct pvm_line line = {.text = text, .len = len, .node = ""};

	if (feed->skipping || len > PVM_LINE_MAX) {
		feed->skipping = false;
		line.class = PVM_LINE_OVERLONG;
	} else {
		pvm_line_classify(&line);
	}
	feed->fn(feed->arg, &line);
}

void pvm_feed_lines(struct pvm_feed *feed)
{
	const char *at = feed->buffer, *end = feed->buffer + feed->used;
	const char *newline;

	while ((newline = memchr(at, '\n', (size_t)(end - at)))) {
		hand_on(feed, at, (size_t)(newline + 1 - at));
		at = newline + 1;
	}
	feed->used = (size_t)(end - at);
	if (feed->used > PVM_LINE_MAX) {
		feed->skipping = true;
		feed->used = 0;
	}
	memmove(feed->buffer, at, feed->used);
}

void pvm_feed_end(struct pvm_feed *feed)
{
	struct pvm_line line = {.class = PVM_LINE_CUT,
				.text = feed->buffer,
				.len = feed->used,
				.node = ""};

	if (!feed->used && !feed->skipping)
		return;
	feed->used = 0;
	feed->skipping = false;
	feed->fn(feed->arg, &line);
}
