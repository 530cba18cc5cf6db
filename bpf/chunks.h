/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chunks.h - the long lists of calls in flight, a piece each
 *
 * Chunks are there for all calls together, 256 KiB of kernel memory: few, as
 * the verifier walks through every loop over them, at each start. A call has
 * those that its lists need until its stamp, where they are sent, or until its
 * thread's next call. When all are in use, the process that holds most of them
 * gives up as many as are needed; the call that had one keeps what is in its
 * slot, and is sent with that.
 *
 * Who holds a chunk is written by whoever has it locked, and read by everybody.
 * A lock is an element of a hash: of those who insert it one succeeds, and that
 * one alone removes it. Nobody waits for a lock: there are other chunks.
 *
 * Rejected: bpf_spin_lock(), which tracing programs may not use, and exchanging
 * by a single instruction, which BPF learned after 5.10. And sending lists
 * ahead of their call as soon as they are known: calls that no rule matches
 * then fill the ring.
 */
#ifndef PVM_CHUNKS_H
#define PVM_CHUNKS_H

#include "slot.h"

#define CHUNKS 64 /* a power of two */
#define LIST_CHUNKS 4 /* of the longest list, PVM_VECTORS_MAX; likewise */
#define PROCESSES 64 /* told apart; a power of two */

struct chunk {
	struct pvm_wire_list list; /* as it is sent, with its data */
	char data[PVM_PIECE_MAX];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, CHUNKS);
	__type(key, __u32);
	__type(value, struct chunk);
} chunks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, CHUNKS);
	__type(key, __u32);
	__type(value, __u32);
} chunk_locks SEC(".maps");

struct holder {
	__u64 entry_ns; /* of the call */
	__u32 tid;
	__u32 tgid;
	__u32 size; /* bytes; 0: the chunk is free */
	__u32 pad;
};

/*
 * Not in the chunks themselves, so that they can be looked through quickly; a
 * map of one element for the verifier's sake, like struct path_walk.
 */
struct holders {
	struct holder of[CHUNKS];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct holders);
} chunk_holders SEC(".maps");

/* The list at hand, and the search for chunks for it; one a CPU. */
struct chunk_search {
	__u32 list; /* enum pvm_list */
	__u32 user; /* in the caller's memory */
	__u64 from;
	__u32 left; /* bytes */
	__u32 at;
	__u32 nr; /* as in the call's held */
	__u32 wanted; /* chunks */
	__u32 found;
	__u32 chunks[LIST_CHUNKS]; /* those found, locked */
	__u32 next; /* where to go on searching */
	__u32 most; /* index into held */
	__u64 held[PROCESSES]; /* bytes, by process */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct chunk_search);
} chunk_searches SEC(".maps");

static __always_inline struct holders *all_holders(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&chunk_holders, &zero);
}

static __always_inline bool lock_chunk(__u32 i)
{
	__u32 held = 1;

	return !bpf_map_update_elem(&chunk_locks, &i, &held, BPF_NOEXIST);
}

static __always_inline void unlock_chunk(__u32 i)
{
	bpf_map_delete_elem(&chunk_locks, &i);
}

static __always_inline bool is_holder(const struct holder *holder,
				      const struct slot *slot)
{
	return holder->size && holder->tid == slot->call.head.tid &&
	       holder->entry_ns == slot->call.head.entry_ns;
}

/* The list at hand gets chunk @i, which is locked. Returns if that is all. */
static __always_inline bool claim(struct chunk_search *search, __u32 i)
{
	search->chunks[search->found & (LIST_CHUNKS - 1)] = i;
	return ++search->found >= search->wanted;
}

/* Claim the next chunk if it is free. Returns if that is all. */
static __always_inline bool claim_if_free(struct chunk_search *search,
					  struct holders *holders)
{
	__u32 i = search->next++ & (CHUNKS - 1);

	if (holders->of[i].size || !lock_chunk(i))
		return false;
	if (!holders->of[i].size)
		return claim(search, i);
	unlock_chunk(i);
	return false;
}

static __always_inline __u32 process_of(const struct holder *holder)
{
	return (holder->tgid * 2654435761u >> 20) & (PROCESSES - 1);
}

/*
 * Which process holds most? Two whose hash is the same count as one; so they
 * give way sooner, which is all.
 */
static __always_inline void find_most(struct chunk_search *search,
				      struct holders *holders)
{
	__u32 process;

	__builtin_memset(search->held, 0, sizeof(search->held));
	search->most = 0;
	for (__u32 i = 0; i < CHUNKS; i++) {
		barrier();
		process = process_of(&holders->of[i]);
		search->held[process] += holders->of[i].size;
		if (search->held[process] >
		    search->held[search->most & (PROCESSES - 1)])
			search->most = process;
	}
}

/* The same if it is that process's, but not this very call's. */
static __always_inline bool claim_if_of_most(struct chunk_search *search,
					     struct holders *holders,
					     const struct slot *slot)
{
	__u32 i = search->next++ & (CHUNKS - 1);
	const struct holder *holder = &holders->of[i];

	if (process_of(holder) != search->most || is_holder(holder, slot) ||
	    !lock_chunk(i))
		return false;
	return claim(search, i);
}

/* Claim chunks for the list at hand, as many as there are. */
static __always_inline void claim_chunks(struct chunk_search *search,
					 struct holders *holders,
					 const struct slot *slot)
{
	search->wanted = (search->left + PVM_PIECE_MAX - 1) / PVM_PIECE_MAX;
	search->found = 0;
	for (__u32 turn = 0; turn < CHUNKS; turn++) {
		if (claim_if_free(search, holders))
			return;
		barrier_var(turn);
	}
	find_most(search, holders);
	for (__u32 turn = 0; turn < CHUNKS; turn++) {
		if (claim_if_of_most(search, holders, slot))
			return;
		barrier_var(turn);
	}
}

/* Put the next piece of the list at hand into chunk @i, which is locked. */
static __always_inline bool fill_chunk(struct slot *slot,
				       struct chunk_search *search, __u32 i)
{
	struct chunk *chunk = bpf_map_lookup_elem(&chunks, &i);
	struct holders *holders = all_holders();
	const void *from = (const void *)search->from;
	__u32 size = search->left;
	struct holder *holder;
	long fault;

	if (!chunk || !holders)
		return false;
	if (size > PVM_PIECE_MAX)
		size = PVM_PIECE_MAX;
	holder = &holders->of[i & (CHUNKS - 1)];
	holder->entry_ns = slot->call.head.entry_ns;
	holder->tid = slot->call.head.tid;
	holder->tgid = bpf_get_current_pid_tgid() >> 32;
	holder->size = size;
	chunk->list.head = slot->call.head;
	chunk->list.head.kind = PVM_WIRE_LIST;
	chunk->list.list = search->list;
	chunk->list.held = search->nr;
	chunk->list.at = search->at;
	chunk->list.size = size;
	barrier_var(size);
	if (size > PVM_PIECE_MAX)
		return false;
	fault = search->user ? bpf_probe_read_user(chunk->data, size, from)
			     : bpf_probe_read_kernel(chunk->data, size, from);
	if (fault)
		note_fault(slot);
	search->from += size;
	search->at += size;
	search->left -= size;
	return !fault;
}

/* Keep the next piece in chunk @i, which is locked. */
static __always_inline bool keep_piece(struct slot *slot,
				       struct chunk_search *search, __u32 i)
{
	__u32 nr = slot->chunks_nr;
	bool kept = false;

	barrier_var(nr);
	if (nr < SLOT_CHUNKS) {
		kept = fill_chunk(slot, search, i);
		slot->chunks[nr] = i;
		slot->chunks_nr = nr + 1;
	}
	unlock_chunk(i);
	return kept;
}

/* Keep the list at hand, which has at most @most pieces. */
static __always_inline void keep_pieces(struct slot *slot,
					struct chunk_search *search,
					const __u32 most)
{
	struct holders *holders = all_holders();
	bool kept = true;

	if (!holders)
		return;
	claim_chunks(search, holders, slot);
	for (__u32 i = 0; i < most; i++) {
		barrier();
		if (i >= search->found)
			break;
		kept &= keep_piece(slot, search,
				   search->chunks[i & (LIST_CHUNKS - 1)]);
	}
	if (!kept || search->found < search->wanted)
		count(PVM_K_LIST_LOST);
}

static __always_inline struct chunk_search *this_cpu_search(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&chunk_searches, &zero);
}

/*
 * Keep the list at hand, of the thread's open slot. A function of its own: the
 * verifier walks through it once, not once for each state in which it is
 * called.
 */
__noinline int keep_list(void)
{
	struct chunk_search *search = this_cpu_search();
	struct slot *slot = open_slot();

	if (slot && search)
		keep_pieces(slot, search, LIST_CHUNKS);
	return 0;
}

/*
 * Keep a list that the slot has no room for, @size bytes of at most @most, in
 * the caller's memory with @user; slot->call.held has its number. A program
 * that makes @tail_calls has no functions: not every kernel allows both.
 */
static __always_inline void keep_long(struct slot *slot, enum pvm_list which,
				      const void *from, __u32 size,
				      const __u32 most, const bool user,
				      const bool tail_calls)
{
	struct chunk_search *search = this_cpu_search();

	if (!search)
		return;
	search->list = which;
	search->user = user;
	search->from = (__u64)from;
	search->left = size;
	search->at = 0;
	search->nr = slot->call.held[which];
	if (tail_calls)
		keep_pieces(slot, search, most / PVM_PIECE_MAX);
	else
		keep_list();
}

/* Lock chunk @i if it has a piece of the slot's call. */
static __always_inline bool lock_own(const struct slot *slot,
				     struct holders *holders, __u32 i)
{
	const struct holder *holder = &holders->of[i];

	if (!is_holder(holder, slot) || !lock_chunk(i))
		return false;
	if (is_holder(holder, slot))
		return true;
	unlock_chunk(i);
	return false;
}

/* What the thread's last call has left. */
static __always_inline void free_chunks(struct slot *slot)
{
	struct holders *holders = all_holders();
	__u32 nr = slot->chunks_nr;

	slot->chunks_nr = 0;
	if (!nr || !holders)
		return;
	for (__u32 turn = 0; turn < SLOT_CHUNKS; turn++) {
		__u32 i;

		barrier();
		if (turn >= nr)
			return;
		i = slot->chunks[turn] & (CHUNKS - 1);
		if (!lock_own(slot, holders, i))
			continue;
		holders->of[i].size = 0;
		unlock_chunk(i);
	}
}

#endif
