/* SPDX-License-Identifier: GPL-2.0-or-later */
/* folded.h - records of many calls, which they list by serial */
#ifndef AUPVM_FOLDED_H
#define AUPVM_FOLDED_H

#include "match/store.h"

/*
 * Account for every call of the folded record @access, whose text is @message,
 * and emit it. Returns NULL, or why it cannot be used.
 */
const char *folded_take(struct store *store, struct access *access,
			struct slice message);

/*
 * The log goes on: look for calls that have come behind their folded record,
 * and give up those for which PENDING_MS have passed, and the oldest of more
 * than LATE_FOLDS_MAX.
 */
void folded_again(struct store *store);

#define LATE_FOLDS_MAX 256

/*
 * The log has ended: account for the calls whose SYSCALL records came behind
 * their folded record, as where auditd did not take what the kernel had for it.
 */
void folded_end(struct store *store);

#endif
