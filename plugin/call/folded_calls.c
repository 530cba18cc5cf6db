// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * folded_calls.c - see folded_calls.h
 */
#include <stdlib.h>
#include <string.h>

#include "call/folded_calls.h"
#include "lib/ranges.h"
#include "lib/strides.h"
#include "lib/token.h"

/* One that is not full yet, and then gets one more number. */
#define SERIALS_MOST (PVM_FOLD_SERIALS - 1 + PVM_STRIDES_GROWTH)

void pvm_folded_calls_begin(struct pvm_folded_calls *calls,
			    const struct pvm_access *access,
			    size_t serials_room)
{
	calls->serials_room = serials_room;
	calls->serials_text = 0;
	calls->sum = (struct pvm_folded){
		.one_thread = true,
		.rlen_known = access->capture,
		.llen_known = access->capture,
	};
	memset(calls->shares, 0, sizeof(calls->shares));
	if (access->capture)
		calls->caller = access->capture->call.caller;
}

bool pvm_folded_calls_reserve(struct pvm_folded_calls *calls)
{
	size_t needed = calls->sum.serials_nr + PVM_STRIDES_GROWTH;
	size_t max = 2 * needed;
	struct pvm_stride *serials;

	if (needed <= calls->serials_max)
		return true;
	if (max > SERIALS_MOST)
		max = SERIALS_MOST;
	serials = realloc(calls->serials, max * sizeof(*serials));
	if (!serials)
		return false;
	calls->serials = serials;
	calls->serials_max = max;
	return true;
}

/*
 * Serials that have started over come into a record of their own: in a list in
 * ascending order they would stand ahead of those before them.
 */
static bool starts_over(const struct pvm_folded *sum, uint64_t serial)
{
	struct pvm_id id = {.serial = serial};

	return sum->count && serial && sum->first.serial &&
	       pvm_id_before(&sum->first, &id) !=
		       (sum->first.serial < serial) &&
	       serial != sum->first.serial;
}

bool pvm_folded_calls_full(const struct pvm_folded_calls *calls,
			   uint64_t serial)
{
	const struct pvm_folded *sum = &calls->sum;
	size_t growth = pvm_strides_text_growth(calls->serials, sum->serials_nr,
						serial);

	return sum->serials_nr >= PVM_FOLD_SERIALS ||
	       calls->serials_text + growth > calls->serials_room ||
	       starts_over(sum, serial) ||
	       pvm_strides_have(calls->serials, sum->serials_nr, serial);
}

static void add_id(struct pvm_folded_calls *calls, const struct pvm_id *id)
{
	struct pvm_folded *sum = &calls->sum;

	if (!sum->count || id->serial < sum->first.serial)
		sum->first = *id;
	if (!sum->count || id->serial > sum->last.serial)
		sum->last = *id;
	sum->serials_nr = pvm_strides_add(calls->serials, sum->serials_nr,
					  id->serial, &calls->serials_text);
}

static void add_bytes(uint64_t *sum, uint64_t bytes)
{
	if (__builtin_add_overflow(*sum, bytes, sum))
		*sum = UINT64_MAX;
}

/*
 * A vector that would wrap around is cut at the highest address. @at is
 * pvm_ranges_hold()'s: calls that repeat each other add nothing.
 */
static void add_span(struct pvm_folded *sum, const struct pvm_wire_iovec *vec,
		     size_t *at)
{
	uint64_t last;

	if (!vec->len)
		return;
	if (__builtin_add_overflow(vec->base, vec->len - 1, &last))
		last = UINT64_MAX;
	if (pvm_ranges_hold(sum->spans, sum->spans_nr, vec->base, last, at))
		return;
	sum->spans_nr =
		pvm_ranges_add(sum->spans, sum->spans_nr, vec->base, last);
	if (sum->spans_nr > PVM_SPANS_MAX) {
		sum->spans_nr =
			pvm_ranges_join_nearest(sum->spans, sum->spans_nr);
		sum->spans_joined = true;
	}
}

/* The bytes of a side's vectors, when all are there and a number says it. */
static void add_len(const struct pvm_capture *capture, enum pvm_list side,
		    uint64_t *sum, bool *known)
{
	const struct pvm_wire_iovec *vec = capture->vec[side];

	if (!vec || capture->part & 1u << side)
		*known = false;
	for (uint32_t i = 0; *known && i < capture->call.held[side]; i++)
		if (__builtin_add_overflow(*sum, vec[i].len, sum))
			*known = false;
}

/* The bytes that a vector moved are those of the mapping in which it starts. */
static void add_share(struct pvm_folded_calls *calls,
		      const struct pvm_capture *capture,
		      const struct pvm_touched *touched, uint64_t base,
		      uint64_t bytes)
{
	for (unsigned int i = 0; bytes && i < touched->nr; i++) {
		const struct pvm_wire_map *map = &capture->maps[i];

		if (base < map->start || base >= map->end)
			continue;
		add_bytes(&calls->shares[touched->at[i]].bytes, bytes);
		return;
	}
}

/*
 * The kernel moves the vectors in their order, and stops where it can not go
 * on: so what the call moved lies in the first of them, without a gap.
 */
static void add_vectors(struct pvm_folded_calls *calls,
			const struct pvm_capture *capture, uint64_t moved,
			const struct pvm_touched *touched)
{
	const struct pvm_wire_iovec *vec = capture->vec[PVM_REMOTE];
	bool whole = !(capture->part & 1u << PVM_REMOTE);
	size_t at = 0;

	if (!vec)
		return;
	for (uint32_t i = 0; i < capture->call.held[PVM_REMOTE]; i++) {
		uint64_t bytes = moved < vec[i].len ? moved : vec[i].len;

		if (whole)
			add_span(&calls->sum, &vec[i], &at);
		add_share(calls, capture, touched,
			  PVM_WIRE_UNTAGGED(&capture->call, vec[i].base),
			  bytes);
		moved -= bytes;
	}
}

static void add_shares(struct pvm_folded_calls *calls,
		       const struct pvm_touched *touched)
{
	for (unsigned int i = 0; i < PVM_REACHED_MAX; i++)
		calls->shares[i].calls += touched->maps >> i & 1;
}

static bool is_same_thread(const struct pvm_wire_task *a,
			   const struct pvm_wire_task *b)
{
	return a->tid == b->tid && a->start_ns == b->start_ns;
}

void pvm_folded_calls_add(struct pvm_folded_calls *calls,
			  const struct pvm_access *access,
			  const struct pvm_touched *touched)
{
	struct pvm_folded *sum = &calls->sum;
	const struct pvm_capture *capture = access->capture;
	int64_t result = pvm_access_exit(access);
	uint64_t moved = result > 0 ? (uint64_t)result : 0;

	add_id(calls, pvm_access_id(access));
	add_bytes(&sum->bytes, moved);
	add_shares(calls, touched);
	if (capture) {
		add_len(capture, PVM_REMOTE, &sum->rlen, &sum->rlen_known);
		add_len(capture, PVM_LOCAL, &sum->llen, &sum->llen_known);
		add_vectors(calls, capture, moved, touched);
		sum->one_thread &=
			is_same_thread(&calls->caller, &capture->call.caller);
	}
	sum->reached |= touched->maps;
	sum->maps_cut |= touched->cut;
	sum->count++;
}

/* What the record of this call would say. False of a name that is too long. */
static bool read_comm(const struct pvm_access *access, char comm[PVM_COMM_LEN])
{
	const struct pvm_syscall *syscall = access->syscall;
	char name[PVM_COMM_LEN + 1];
	size_t len;

	memset(comm, 0, PVM_COMM_LEN);
	if (!syscall || (!*syscall->comm && access->capture)) {
		memcpy(comm, access->capture->call.caller.comm, PVM_COMM_LEN);
		return true;
	}
	len = token_decode(slice_of(syscall->comm), name, sizeof(name));
	if (len > PVM_COMM_LEN)
		return false;
	memcpy(comm, name, len);
	return true;
}

static void add_comm(struct pvm_folded_calls *calls,
		     const struct pvm_access *access)
{
	struct pvm_folded *sum = &calls->sum;
	char comm[PVM_COMM_LEN];

	if (!read_comm(access, comm)) {
		sum->comms_cut = true;
		return;
	}
	for (unsigned int i = 0; i < sum->comms_nr; i++)
		if (!memcmp(calls->comms[i], comm, PVM_COMM_LEN))
			return;
	if (sum->comms_nr == PVM_COMMS_MAX)
		sum->comms_cut = true;
	else
		memcpy(calls->comms[sum->comms_nr++], comm, PVM_COMM_LEN);
}

void pvm_folded_calls_vary(struct pvm_folded_calls *calls,
			   const struct pvm_access *access, uint64_t vary)
{
	calls->sum.vary |= vary;
	add_comm(calls, access);
}

const struct pvm_folded *pvm_folded_calls_sum(struct pvm_folded_calls *calls,
					      const struct pvm_reached *reached)
{
	calls->sum.serials = calls->serials;
	calls->sum.maps = reached->maps;
	calls->sum.names = reached->names;
	calls->sum.shares = calls->shares;
	calls->sum.comms = calls->comms;
	return &calls->sum;
}
