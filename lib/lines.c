// SPDX-License-Identifier: GPL-2.0-or-later
/* lines.c - see lines.h */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/lines.h"

ssize_t pvm_lines_read(struct pvm_lines *lines, int fd)
{
	ssize_t n = read(fd, lines->buffer + lines->used,
			 lines->size - lines->used);

	if (n < 0)
		return -errno;
	lines->used += (size_t)n;
	return n;
}

size_t pvm_lines_put(struct pvm_lines *lines, const char *bytes, size_t len)
{
	size_t room = lines->size - lines->used;

	if (len > room)
		len = room;
	memcpy(lines->buffer + lines->used, bytes, len);
	lines->used += len;
	return len;
}

/* Move a line that has only begun to the start, or drop what is too much. */
static void make_room(struct pvm_lines *lines)
{
	lines->used -= lines->taken;
	if (lines->used > PVM_LINE_MAX) {
		lines->skipping = true;
		lines->used = 0;
	}
	memmove(lines->buffer, lines->buffer + lines->taken, lines->used);
	lines->taken = 0;
}

bool pvm_lines_next(struct pvm_lines *lines, struct slice *text, bool *overlong)
{
	const char *at = lines->buffer + lines->taken;
	const char *newline = memchr(at, '\n', lines->used - lines->taken);

	if (!newline) {
		make_room(lines);
		return false;
	}
	*text = (struct slice){at, (size_t)(newline - at)};
	lines->taken += text->len + 1;
	*overlong = lines->skipping || text->len >= PVM_LINE_MAX;
	lines->skipping = false;
	return true;
}

bool pvm_lines_rest(struct pvm_lines *lines, struct slice *text)
{
	bool is_there = lines->used || lines->skipping;

	*text = (struct slice){lines->buffer, lines->used};
	lines->used = 0;
	lines->skipping = false;
	return is_there;
}
