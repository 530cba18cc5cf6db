/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * feed.h - auditd's stream on stdin: bytes in, lines of interest out
 *
 * Owns the read buffer. Knows what a line is and which lines concern us;
 * what they mean is syscall.h's.
 */
#ifndef PVM_FEED_H
#define PVM_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "pvm/event.h"

/*
 * Longest line taken, in bytes with its newline. auditd's own limit is 8970
 * for the message (MAX_AUDIT_MESSAGE_LENGTH); node= and the names that
 * log_format = ENRICHED appends come on top.
 */
#define PVM_LINE_MAX 32768

enum pvm_line_class {
	PVM_LINE_OTHER, /* a record of no concern */
	PVM_LINE_CALL, /* SYSCALL record of one of the two calls */
	PVM_LINE_USER, /* message from user space; perhaps our own */
	PVM_LINE_RESUME, /* auditd writes its log again, and had not */
	PVM_LINE_GARBAGE, /* not a record */
	PVM_LINE_NUL, /* a record of concern with a NUL byte inside */
	PVM_LINE_OVERLONG, /* more than PVM_LINE_MAX; only its end is told */
	PVM_LINE_CUT, /* the stream ended in mid-line */
};

/* A line; its text is borrowed from the feed until the call returns. */
struct pvm_line {
	enum pvm_line_class class;
	const char *text; /* ends with its newline (but for PVM_LINE_CUT) */
	size_t len;
	const char *node; /* value of node=, not NUL-terminated; never NULL */
	size_t node_len; /* 0 without one */
	bool numbered; /* id is that of a kernel's event */
	bool trailing; /* a record that never is its event's only one */
	struct pvm_id id;
	const char *record; /* behind node=, to the end of text */
	const char *body; /* behind "msg=audit(...): ", to the end of text */
	const struct pvm_call_type *type; /* of PVM_LINE_CALL */
};

typedef void pvm_line_fn(void *arg, const struct pvm_line *line);

struct pvm_feed {
	pvm_line_fn *fn; /* gets every line, PVM_LINE_OTHER too */
	void *arg;
	size_t used; /* bytes of an unfinished line, at the start */
	bool skipping; /* within a line that is too long */
	char buffer[2 * PVM_LINE_MAX];
};

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

/* The stream has ended: tell of a line that was cut. */
void pvm_feed_end(struct pvm_feed *feed);

/* What kind of line is it? @line's text and len are set; sets the rest. */
void pvm_line_classify(struct pvm_line *line);

#endif
