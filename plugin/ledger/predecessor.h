/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * predecessor.h - what a former process of the plugin had under way
 *
 * It ended before it could know what becomes of its last records. Most reach
 * the log, and auditd hands them to whoever runs then: this process, which
 * has a list of them in the checkpoint and strikes out each that comes round.
 * What is left some time after this process's own first record, which was
 * sent later than all of them, is lost. Calls that the former process had at
 * hand, without a record, are lost at once.
 *
 * A record that no list has is left alone: it may be one that the former
 * process had given up, and declared, before it ended.
 *
 * Takes no memory of its own. Not for more than one thread.
 */
#ifndef PVM_PREDECESSOR_H
#define PVM_PREDECESSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/gaps.h"
#include "ledger/losses.h"
#include "ledger/in_flight.h"

struct pvm_predecessor {
	struct pvm_pending pending; /* its pid is 0 when there was none */
	bool overtaken; /* by a record of this process */
	uint64_t overtaken_ms; /* or when one has come round after that */
	uint64_t deadline_ms; /* in all */
};

/*
 * A process has left @pending; what has no record is added to @losses. All
 * times are CLOCK_MONOTONIC.
 */
void pvm_predecessor_init(struct pvm_predecessor *former,
			  const struct pvm_pending *pending, uint64_t now_ms,
			  struct pvm_losses *losses);

/*
 * A record of the process @pid has come, with @text. What it tells of is under
 * way no more, and not missing from @gaps.
 */
void pvm_predecessor_confirm(struct pvm_predecessor *former,
			     struct pvm_gaps *gaps, uint32_t pid,
			     const char *text, size_t len, uint64_t now_ms);

/* A record of this process has come round. */
void pvm_predecessor_pass(struct pvm_predecessor *former, uint64_t now_ms);

/*
 * Add to @losses what does not come any more; @missing as in
 * pvm_in_flight_expire().
 */
void pvm_predecessor_expire(struct pvm_predecessor *former, uint64_t now_ms,
			    bool missing, struct pvm_losses *losses);

/* Add what is neither struck out nor lost to @pending. */
void pvm_predecessor_pending(const struct pvm_predecessor *former,
			     struct pvm_pending *pending);

#endif
