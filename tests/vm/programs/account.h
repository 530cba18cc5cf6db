/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The account: what a program says of its own process_vm_* calls, one line a
 * call, so that the audit log can be held against it. truth writes it and
 * match reads it; the names on a line stand in one place, here.
 */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/uio.h>

enum account_field {
	ACCT_CALL,
	ACCT_OP,
	ACCT_UID,
	ACCT_SPID,
	ACCT_STID,
	ACCT_A1,
	ACCT_A3,
	ACCT_KIND,
	ACCT_APID,
	ACCT_TARGET_TGID,
	ACCT_TARGET_TID,
	ACCT_EXIT,
	ACCT_RIOVCNT,
	ACCT_RLEN,
	ACCT_RIOV,
	ACCT_LIOVCNT,
	ACCT_LLEN,
	ACCT_LIOV,
	ACCT_VMFLAGS,
	ACCT_COPIED,
	ACCT_FIELDS
};

/*
 * One call as its caller knows it. A target of 0 is one that the kernel never
 * looked up or did not find. Without copied the kernel never held both lists
 * of vectors, and what the pointers point at is nobody's business.
 */
struct account_call {
	unsigned long number;
	const char *op;
	const char *kind;
	uid_t uid;
	pid_t spid;
	pid_t stid;
	pid_t apid;
	pid_t target_tgid;
	pid_t target_tid;
	long exit;
	const struct iovec *riov;
	unsigned long riovcnt;
	const struct iovec *liov;
	unsigned long liovcnt;
	unsigned long vmflags;
	bool copied;
};

/* The same as text: every value is there, "-" stands for none. */
struct account_line {
	char *text;
	const char *value[ACCT_FIELDS];
};

/* 0, or -1 when the stream has failed */
int account_write(FILE *to, const struct account_call *call);

/* 1 with a line, 0 at the end, -1 when a line is not an account's */
int account_read(FILE *from, struct account_line *line);

void account_free(struct account_line *line);

#endif
