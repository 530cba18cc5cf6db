/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * line.h - one line of audit's text: which record it is, and whose
 *
 * The plugin reads such lines from auditd's stream, aupvm from its logs. Both
 * have them read by lib/line.h, so that both mean the same calls when they
 * speak of audited ones.
 */
#ifndef PVM_LINE_H
#define PVM_LINE_H

#include <stdbool.h>

#include "pvm/event.h"
#include "pvm/slice.h"

/*
 * Longest line that is read, in bytes with its newline. auditd's own limit is
 * 8970 for the message (MAX_AUDIT_MESSAGE_LENGTH); node= and the names that
 * log_format = ENRICHED appends come on top.
 */
#define PVM_LINE_MAX 32768

enum pvm_line_class {
	PVM_LINE_OTHER, /* a record of no concern */
	PVM_LINE_CALL, /* SYSCALL record of one of the two calls */
	PVM_LINE_MESSAGE, /* message from user space; perhaps the plugin's */
	PVM_LINE_RESUME, /* auditd writes its log again, after a pause */
	PVM_LINE_BAD_MESSAGE, /* like MESSAGE, but damaged: no call is lost */
	PVM_LINE_GARBAGE, /* unreadable; may have been a CALL */
	PVM_LINE_NUL, /* a CALL with a NUL byte inside */
	PVM_LINE_OVERLONG, /* more than PVM_LINE_MAX; only its end is left */
	PVM_LINE_CUT, /* the input ended in mid-line */
};

/* A line; its text is borrowed from whoever has read it. */
struct pvm_line {
	enum pvm_line_class class;
	const char *why; /* what is damaged, a static string; else NULL */
	struct slice text; /* without its newline, LF or CR LF */
	struct slice node; /* value of node=; empty without one, never NULL */
	struct slice record; /* behind node= */
	bool numbered; /* id is that of a kernel's event */
	bool trailing; /* a record that never is its event's only one */
	struct pvm_id id; /* of CALL, MESSAGE, and whatever is numbered */
	uint32_t arch; /* of a SYSCALL record whose arch= can be read; else 0 */
	bool x32; /* its number is one of x32's */
	/* NULL unless the record names one of the calls, on any architecture */
	const struct pvm_call_type *type;
	/*
	 * CALL: the fields behind the id, without the names that auditd has
	 * looked up. MESSAGE: those of the kernel's, ahead of msg=.
	 */
	struct slice fields;
	struct slice message; /* MESSAGE: what stands in msg='...' */
};

#endif
