/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lines.h - bytes that come in pieces, to whole lines
 *
 * Of a line that is longer than PVM_LINE_MAX only the end is handed on, marked
 * as such.
 */
#ifndef PVM_LINES_H
#define PVM_LINES_H

#include <sys/types.h>

#include "pvm/line.h"

/* Set buffer and size, the rest being zero, before the first use. */
struct pvm_lines {
	char *buffer; /* the caller's */
	size_t size; /* of it, more than PVM_LINE_MAX */
	size_t used; /* bytes in it */
	size_t taken; /* of these, in lines that were taken */
	bool skipping; /* within a line that is too long */
};

/*
 * Read once from @fd. Returns the bytes read, 0 at the end of the input, or
 * -errno of read(2). There is room once pvm_lines_next() has returned false.
 */
ssize_t pvm_lines_read(struct pvm_lines *lines, int fd);

/*
 * The same with @len bytes at @bytes that somebody else has read. Returns how
 * many it has taken, the rest being for the next time; with room, at least one.
 */
size_t pvm_lines_put(struct pvm_lines *lines, const char *bytes, size_t len);

/*
 * Take the next whole line, without its newline, which stands behind it.
 * @overlong says that @text is only the end of one. Both are good until the
 * next call of any function here. Returns false when there is no whole line.
 */
bool pvm_lines_next(struct pvm_lines *lines, struct slice *text,
		    bool *overlong);

/*
 * The input has ended: likewise take what there is of a line without a newline,
 * and be ready for another input. Returns false when there is none.
 */
bool pvm_lines_rest(struct pvm_lines *lines, struct slice *text);

#endif
