/* SPDX-License-Identifier: GPL-2.0-or-later */
/* line.h - read one line of audit's text; see pvm/line.h */
#ifndef PVM_LIB_LINE_H
#define PVM_LIB_LINE_H

#include "pvm/line.h"

/*
 * Sets all of @line, which borrows @text: a line without its newline, and no
 * longer than PVM_LINE_MAX. Its class is none of OVERLONG and CUT: those are
 * for whoever made lines of the bytes.
 */
void pvm_line_read(struct pvm_line *line, struct slice text);

#endif
