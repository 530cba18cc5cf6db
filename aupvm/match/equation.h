/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * equation.h - the equation: audited = enriched + folded + lost
 *
 * Each audited call of the log gets exactly one fate:
 *
 *   enriched      a record names its event id, and all parts are there
 *   folded        else: a folded record has its serial
 *   lost          else: a pvm-lost record covers its id or time, and covers
 *                 no more such calls than its count
 *   pending       else: the plugin runs at the end of the log, which is so near
 *                 that it may still hold the call
 *   no plugin     else: no plugin ran when it was audited: none had come up in
 *                 that boot, or the last one had stopped and none came up since
 *   unaccounted   else
 *
 * A pvm-lost record that covers more calls than its count does not say which of
 * them it means. Calls are assigned so that as few as possible are left over,
 * pending ones behind others, those audited while no plugin ran last.
 */
#ifndef AUPVM_EQUATION_H
#define AUPVM_EQUATION_H

#include "match/access.h"
#include "match/store.h"

/* The moments, both included, between which calls were audited. */
struct equation_span {
	uint64_t from_ms, to_ms;
};

struct figures {
	uint64_t audited;
	uint64_t by_fate[FATES];
	uint64_t twice; /* by more than one record */
	uint64_t incomplete; /* parts are missing, and no record says why */
	uint64_t differing; /* whose record says other things than SYSCALL's */
	uint64_t foreign; /* records that another program has sent */
	uint64_t pending; /* also where only parts of a record are there */
	uint64_t unseen; /* enriched, without SYSCALL and without saying so */
};

/* Set the fate of every audited call. */
void equation_make(struct store *store);

/* Does @lost cover @call? */
bool equation_covers(const struct lost *lost, const struct call *call);

/* Calls in @span count, by node number in @figures (zeroed, one a node). */
void equation_count(const struct store *store, const struct equation_span *span,
		    struct figures *figures);

bool equation_is_twice(const struct call *call);
bool equation_is_incomplete(const struct call *call);

/* Do @figures show anything that breaks the equation? */
bool equation_is_broken(const struct figures *figures);

#endif
