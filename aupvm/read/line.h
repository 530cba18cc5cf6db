/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * line.h - one line of a log: of concern or not, told by few bytes
 *
 * Nearly every line of a log is none of ours, and libauparse, which assembles
 * every event, manages some thousands a second. So a line is told by what
 * stands at known places; see pvm-record(5) and auditd's own format:
 *
 *   [node=NAME ]type=SYSCALL msg=audit(ID): arch=HEX syscall=N ...
 *   [node=NAME ]type=USER msg=audit(ID): pid=... msg='op=... '
 */
#ifndef AUPVM_LINE_H
#define AUPVM_LINE_H

#include "lib/slice.h"

/* Longer than any record with its names, in bytes; see MAX_AUDIT_MESSAGE. */
#define LINE_MAX_BYTES 65536

enum line_kind {
	LINE_OTHER, /* of no concern */
	LINE_CALL, /* SYSCALL record of one of the two calls */
	LINE_RECORD, /* message from user space that may be the plugin's */
	LINE_DAMAGED, /* why says what is wrong with it */
};

struct line {
	struct slice text; /* all of it, without its newline */
	enum line_kind kind;
	const char *why; /* LINE_DAMAGED */
	struct slice node; /* empty without node= */
	struct pvm_id id; /* of LINE_CALL and LINE_RECORD */
	const char *op; /* LINE_CALL: process_vm_readv, process_vm_writev */
	const char *abi; /* LINE_CALL: of a 32-bit call, or NULL */
	struct slice
		head; /* the fields behind the id; LINE_CALL: all of them */
	struct slice body; /* LINE_RECORD: what stands in msg='...' */
};

/* Sets all of @line, which borrows @text. */
void line_read(struct line *line, struct slice text);

#endif
