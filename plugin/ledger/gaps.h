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
 * only after a while; and where the kernel holds a row of them back, as while
 * auditd reads nothing, it hands them over in their order later. So as long as
 * old gaps are being filled, what is left of all is waited for. Takes no memory
 * of its own. Not for more than one thread.
 */
#ifndef PVM_GAPS_H
#define PVM_GAPS_H

#include <stdbool.h>
#include <stdint.h>

#include "ledger/losses.h"
#include "lib/missing.h"
#include "lib/serials.h"
#include "pvm/event.h"

/*
 * How long an event may be late; and how long in all where others come that
 * are, which events that merely overtake each other are not.
 */
#define PVM_GAP_WAIT_MS 3000
#define PVM_GAP_LATE_MS 120000
#define PVM_GAP_OLD_MS 1000

/* Gaps that are watched at a time; to make room the oldest is given up. */
#define PVM_GAPS_MAX 64

/* Events that did not come, for the reason @why. */
typedef void pvm_gaps_fn(void *arg, enum pvm_loss why,
			 const struct pvm_span *span);

/* Is the call of this serial known without its records? */
typedef bool pvm_gaps_known_fn(void *arg, uint32_t serial);

struct pvm_gaps {
	pvm_gaps_fn *fn;
	pvm_gaps_known_fn *known;
	void *arg;
	bool started;
	enum pvm_loss why; /* of the next gap */
	struct pvm_id last; /* the newest that has come */
	uint64_t late_ms; /* when one came out of an old gap */
	/* those that came late, or were accounted for; borrowed, or NULL */
	struct pvm_serials *came;
	unsigned int nr;
	struct pvm_gap {
		enum pvm_loss why;
		struct pvm_span
			span; /* its times are those of its neighbours */
		uint64_t since_ms;
	} gap[PVM_GAPS_MAX]; /* oldest first */
};

/*
 * Starts with whatever event comes first. What @known knows is not missing.
 * @came, which may be NULL, stays the caller's: for pvm_gaps_miss().
 */
void pvm_gaps_init(struct pvm_gaps *gaps, pvm_gaps_fn *fn,
		   pvm_gaps_known_fn *known, void *arg,
		   struct pvm_serials *came);

/*
 * Start behind @last instead, the newest event of an earlier plugin process:
 * what came since then is PVM_LOSS_NOT_RUNNING.
 */
void pvm_gaps_start(struct pvm_gaps *gaps, const struct pvm_id *last);

/* The event @id has come. @now_ms is CLOCK_MONOTONIC. */
void pvm_gaps_see(struct pvm_gaps *gaps, const struct pvm_id *id,
		  uint64_t now_ms);

/*
 * The earlier process had seen events up to @id, or accounts for them itself:
 * none of them came while no plugin was running.
 */
void pvm_gaps_start_later(struct pvm_gaps *gaps, const struct pvm_id *id);

/*
 * The event is accounted for although its records have not come. That it
 * exists says nothing of how far the stream is.
 */
void pvm_gaps_fill(struct pvm_gaps *gaps, uint32_t serial);

/*
 * An earlier process missed those events, and is gone: unless they have come
 * since, they are waited for, and then PVM_LOSS_ENDED.
 */
void pvm_gaps_miss(struct pvm_gaps *gaps, const struct pvm_missing *missing,
		   uint64_t now_ms);

/* Has the stream passed over the event @id? */
bool pvm_gaps_passed(const struct pvm_gaps *gaps, const struct pvm_id *id);

/*
 * Give up what has been missing long enough; with @late, which says that more
 * is on its way, only what has been in all. @now_ms UINT64_MAX: everything.
 */
void pvm_gaps_expire(struct pvm_gaps *gaps, uint64_t now_ms, bool late);

/* The newest event that has come; false when none has. */
bool pvm_gaps_newest(const struct pvm_gaps *gaps, struct pvm_id *id);

/* Add what is missing from before it, and not given up yet. */
void pvm_gaps_pending(const struct pvm_gaps *gaps, struct pvm_missing *missing);

#endif
