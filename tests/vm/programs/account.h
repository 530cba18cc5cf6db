/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The account: what a program says of its own process_vm_* calls, one line a
 * call, so that the audit log can be held against it. truth, cases and race
 * write it and match reads it; the names on a line stand in one place, here.
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
	/* from here on a line may lack what its writer does not know */
	ACCT_EXPECT,
	ACCT_ABI,
	ACCT_SDEV,
	ACCT_SINO,
	ACCT_OCOMM,
	ACCT_OUID,
	ACCT_OAUID,
	ACCT_OSES,
	ACCT_OSTART,
	ACCT_OEXE,
	ACCT_ODELETED,
	ACCT_ODEV,
	ACCT_OINO,
	ACCT_REL,
	ACCT_CUT,
	ACCT_FIELDS
};

#define ACCT_REQUIRED ACCT_EXPECT

/* Of a call that is no process_vm_* call, and must have no record */
#define ACCOUNT_NO_OP "none"

/* A program's file by stat(2). Told, and no file: a task without one. */
struct account_file {
	bool told;
	bool there;
	dev_t device;
	ino_t inode;
};

/* Whom the kernel found, as /proc knows it. No program: a task without one. */
struct account_target {
	char comm[64];
	uid_t uid;
	uid_t auid;
	unsigned int ses;
	unsigned long long start;
	char *exe;
	bool deleted;
	bool cut; /* exe is all of the path that a record has to have */
	const char *rel;
};

/*
 * One call as its caller knows it. A target of 0 is one that the kernel never
 * looked up or did not find. Without copied the kernel never held both lists
 * of vectors, and what the pointers point at is nobody's business.
 *
 * What a caller need not say, and is 0 then: how the call must have ended, the
 * target's identity, and the vectors that the kernel used, where these are not
 * what now stands in the caller's memory (there are used_nr[] of them).
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
	const long *expect;
	const char *abi;
	const struct account_target *target;
	struct account_file caller_file;
	struct account_file target_file;
	const struct iovec *used_riov;
	unsigned long used_riovcnt;
	const struct iovec *used_liov;
	unsigned long used_liovcnt;
};

/* The same as text: "-" stands for none, NULL for what is not told. */
struct account_line {
	char *text;
	const char *value[ACCT_FIELDS];
};

/* What the thread runs, by its /proc/PID/exe; -1 where that cannot be read */
int account_stat(struct account_file *file, pid_t tgid, pid_t tid);

/* 0, or -1 when the stream has failed */
int account_write(FILE *to, const struct account_call *call);

/* 1 with a line, 0 at the end, -1 when a line is not an account's */
int account_read(FILE *from, struct account_line *line);

/* The name of a field, as it stands on the line */
const char *account_name(enum account_field field);

void account_free(struct account_line *line);

#endif
