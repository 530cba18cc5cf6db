/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gaps.h - event ids that are missing from auditd's stream
 *
 * The kernel numbers audit's events one by one, when the first record of each
 * is made. So a number that never comes is an event that somebody on the way
 * has dropped: kernel, auditd, or nobody was there to be given it. Which
 * event it was is not known; it may have been one of our calls.
 *
 * Records of different events can overtake each other, so a number is missed
 * only after a while. Takes no memory of its own. Not for more than one
 * thread.
 */
#ifndef PVM_GAPS_H
#define PVM_GAPS_H

#include <stdbool.h>
#include <stdint.h>

#include "losses.h"
#include "pvm/event.h"

/* How long an event may be late. */
#define PVM_GAP_WAIT_MS 3000

/* Gaps that are watched at a time; a new one lets the oldest be told early. */
#define PVM_GAPS_MAX 64

/* Events that did not come, for the reason @why. */
typedef void pvm_gaps_fn(void *arg, enum pvm_loss why,
			 const struct pvm_span *span);

struct pvm_gaps {
	pvm_gaps_fn *fn;
	void *arg;
	bool started;
	enum pvm_loss why; /* of the next gap */
	struct pvm_id last; /* the newest that has come */
	unsigned int nr;
	struct pvm_gap {
		enum pvm_loss why;
		struct pvm_span
			span; /* its times are those of its neighbours */
		uint64_t since_ms;
	} gap[PVM_GAPS_MAX]; /* oldest first */
};

/* Starts with whatever event comes first. */
void pvm_gaps_init(struct pvm_gaps *gaps, pvm_gaps_fn *fn, void *arg);

/*
 * Start behind @last instead, the newest event of an earlier plugin process:
 * what came since then is PVM_LOSS_NOT_RUNNING.
 */
void pvm_gaps_start(struct pvm_gaps *gaps, const struct pvm_id *last);

/* The event @id has come. @now_ms is CLOCK_MONOTONIC. */
void pvm_gaps_see(struct pvm_gaps *gaps, const struct pvm_id *id,
		  uint64_t now_ms);

/* Tell of what has been missing long enough; UINT64_MAX: of all. */
void pvm_gaps_expire(struct pvm_gaps *gaps, uint64_t now_ms);

/*
 * The newest event of which, and of all before it, nothing is missing that
 * has not been told; false when none has come.
 */
bool pvm_gaps_complete(const struct pvm_gaps *gaps, struct pvm_id *id);

#endif
