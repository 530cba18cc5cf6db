/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.h - every audited call of the log, by its id
 *
 * The join and the equation of --verify both rest on it. It grows by about 50
 * bytes with each call, and by about 80 more for as long as the call has no
 * record.
 *
 * Serials begin anew at each boot, so a serial alone names several calls.
 */
#ifndef AUPVM_STORE_H
#define AUPVM_STORE_H

#include "lib/slice.h"

struct unenriched;

struct call {
	uint64_t serial;
	uint64_t ms; /* time of the event */
	struct unenriched
		*unenriched; /* see bare.h; owned, freed with free() */
	uint32_t node;
	uint32_t session;
	uint8_t enriched, folded; /* by so many records; stops at 255 */
	bool audited; /* its SYSCALL record is in the log */
	bool idle; /* audited while no plugin ran */
	bool incomplete; /* parts of its record are missing */
	bool no_syscall; /* its record says why=no-syscall */
	uint8_t fate; /* enum fate, once the account is made */
};

struct calls {
	struct call *call;
	uint32_t nr;
	uint32_t *slot; /* number + 1 of a call, or 0 */
	uint64_t slots;
};

/* A zeroed struct calls is an empty one. */
void calls_free(struct calls *calls);

/*
 * The call with this id, made when it is not there yet. The pointer holds
 * until the next one is made.
 */
struct call *calls_put(struct calls *calls, uint32_t node,
		       const struct pvm_id *id);

/*
 * The call of @node with this serial whose time is nearest to the span of
 * milliseconds from @from to @to and at most @slack outside it, or NULL.
 */
struct call *calls_find_near(const struct calls *calls, uint32_t node,
			     uint64_t serial, uint64_t from, uint64_t to,
			     uint64_t slack);

/* One more record speaks for a call. */
static inline void call_add_one(uint8_t *count)
{
	if (*count < UINT8_MAX)
		++*count;
}

static inline bool call_is_accounted(const struct call *call)
{
	return call->enriched || call->folded;
}

#endif
