/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * feed.h - auditd's stream on stdin: bytes in, classified lines out
 *
 * Owns the read buffer. What a line is and which lines concern us is lib's;
 * what a call's record says, syscall_record.h's.
 */
#ifndef PVM_FEED_H
#define PVM_FEED_H

#include "lib/lines.h"
#include "pvm/line.h"

/* @line and its text are the feed's, until the call returns. */
typedef void pvm_line_fn(void *arg, const struct pvm_line *line);

struct pvm_feed {
	pvm_line_fn *fn; /* gets every line, PVM_LINE_OTHER too */
	void *arg;
	struct pvm_lines lines;
	char buffer[2 * PVM_LINE_MAX];
};

/* @feed must stay where it is from then on. */
void pvm_feed_init(struct pvm_feed *feed, pvm_line_fn *fn, void *arg);

/*
 * Read once from @fd, which should not block.
 * Returns the bytes read, 0 at the end of the stream, or -errno of read(2).
 * The lines are held back until pvm_feed_lines(), so that the caller can
 * first see to what must precede them.
 */
ssize_t pvm_feed_read(struct pvm_feed *feed, int fd);

/*
 * The same with what was read before, @len bytes at @bytes. Returns how many it
 * has taken, the rest being for the next time; with no line held back that is
 * more than none.
 */
size_t pvm_feed_put(struct pvm_feed *feed, const char *bytes, size_t len);

/* Hand on every whole line that has been read. */
void pvm_feed_lines(struct pvm_feed *feed);

/* The stream has ended: hand on a line that was cut, if there is one. */
void pvm_feed_end(struct pvm_feed *feed);

#endif
