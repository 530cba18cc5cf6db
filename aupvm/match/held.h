/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * held.h - accesses that wait for what only audit's own records say of them
 *
 * Mostly these are ahead of the plugin's record. An access without them waits,
 * and with it those behind it, HELD_MS at most; not where the log has no
 * PROCTITLE records, and not more than HELD_MAX of them.
 */
#ifndef AUPVM_HELD_H
#define AUPVM_HELD_H

#include "match/access.h"
#include "match/details.h"

#define HELD_MS 500
#define HELD_MAX 4096

/* Accesses in a row without a command line, after which none is waited for. */
#define HELD_UNTITLED 16

struct held_row;

/* A zeroed one is empty. */
struct held {
	struct held_row *row; /* room for HELD_MAX; a ring */
	size_t first, nr;
	unsigned int untitled;
};

void held_free(struct held *held);

/* Keep a copy of @access, but for its text; there must be room. */
void held_put(struct held *held, const struct access *access, uint64_t now_ms);

static inline bool held_is_full(const struct held *held)
{
	return held->nr == HELD_MAX;
}

/* The @i-th of them, from 0. */
const struct access *held_at(const struct held *held, size_t i);

/*
 * The first access, with what @late has of it, when it need not wait at
 * @now_ms; all need not with @now_ms of UINT64_MAX. It is good until the next
 * call. Returns false when there is none.
 */
bool held_take(struct held *held, const struct late_details *late,
	       uint64_t now_ms, struct access *access);

#endif
