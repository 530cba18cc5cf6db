/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * chunks.h - the long lists of calls in flight, a piece each
 *
 * Chunks are there for all calls together, 256 KiB of kernel memory: few, as
 * the verifier walks through every loop over them, at each start. A call has
 * those that its lists need until its stamp, where they are sent, or until its
 * thread's next call. When all are in use, the process that holds most of them
 * gives one up, its oldest; the call that had it keeps what is in its slot, and
 * is sent with that.
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

/* One look for a chunk; one a CPU. */
struct chunk_search {
	__u32 next; /* where to begin */
	__u32 found; /* index, or CHUNKS */
	__u32 most; /* index into held */
	__u32 pad;
	__u64 oldest;
	__u64 held[PROCESSES]; /* bytes, by process */
	/* the list at hand */
	__u64 from;
	__u32 left;
	__u32 at;
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

/* Lock a free chunk; search->found says which. */
static __always_inline void find_free(struct chunk_search *search,
				      struct holders *holders)
{
	__u32 i;

	search->found = CHUNKS;
	for (__u32 turn = 0; turn < CHUNKS; turn++) {
		barrier();
		i = search->next++ & (CHUNKS - 1);
		if (holders->of[i].size || !lock_chunk(i))
			continue;
		if (!holders->of[i].size) {
			search->found = i;
			return;
		}
		unlock_chunk(i);
	}
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

/* Lock the oldest chunk of that process; search->found says which. */
static __always_inline void find_oldest(struct chunk_search *search,
					struct holders *holders)
{
	const struct holder *holder;

	search->oldest = ~0ull;
	search->found = CHUNKS;
	for (__u32 i = 0; i < CHUNKS; i++) {
		barrier();
		holder = &holders->of[i];
		if (process_of(holder) != search->most ||
		    holder->entry_ns >= search->oldest)
			continue;
		search->oldest = holder->entry_ns;
		search->found = i;
	}
	if (search->found < CHUNKS && !lock_chunk(search->found))
		search->found = CHUNKS;
}

/* A chunk for this call, locked; CHUNKS when there is none. */
static __always_inline __u32 claim_chunk(struct chunk_search *search)
{
	struct holders *holders = all_holders();

	if (!holders)
		return CHUNKS;
	find_free(search, holders);
	if (search->found == CHUNKS) {
		find_most(search, holders);
		find_oldest(search, holders);
	}
	return search->found;
}

/* Put the next piece of the list at hand into chunk @i, which is locked. */
static __always_inline bool fill_chunk(struct slot *slot,
				       struct chunk_search *search, __u32 i,
				       enum pvm_list which, const bool user)
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
	chunk->list.list = which;
	chunk->list.held = slot->call.held[which];
	chunk->list.at = search->at;
	chunk->list.size = size;
	barrier_var(size);
	if (size > PVM_PIECE_MAX)
		return false;
	fault = user ? bpf_probe_read_user(chunk->data, size, from)
		     : bpf_probe_read_kernel(chunk->data, size, from);
	if (fault)
		note_fault(slot);
	search->from += size;
	search->at += size;
	search->left -= size;
	return !fault;
}

/* Keep the next piece; false when there is no room for it. */
static __always_inline bool keep_piece(struct slot *slot,
				       struct chunk_search *search,
				       enum pvm_list which, const bool user)
{
	__u32 nr = slot->chunks_nr;
	bool kept;
	__u32 i;

	barrier_var(nr);
	if (nr >= SLOT_CHUNKS)
		return false;
	i = claim_chunk(search);
	if (i >= CHUNKS)
		return false;
	kept = fill_chunk(slot, search, i, which, user);
	unlock_chunk(i);
	slot->chunks[nr] = i;
	slot->chunks_nr = nr + 1;
	return kept;
}

/*
 * Keep a list that the slot has no room for: @size bytes, in the caller's
 * memory with @user; slot->call.held has the number.
 */
static __always_inline void keep_long(struct slot *slot, enum pvm_list which,
				      const void *from, __u32 size,
				      const __u32 most, const bool user)
{
	__u32 zero = 0;
	struct chunk_search *search =
		bpf_map_lookup_elem(&chunk_searches, &zero);

	if (!search)
		return;
	search->from = (__u64)from;
	search->at = 0;
	search->left = size;
	for (__u32 i = 0; i < most / PVM_PIECE_MAX; i++) {
		barrier();
		if (!search->left)
			return;
		if (!keep_piece(slot, search, which, user)) {
			count(PVM_K_LIST_LOST);
			return;
		}
	}
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
		if (!is_holder(&holders->of[i], slot) || !lock_chunk(i))
			continue;
		if (is_holder(&holders->of[i], slot))
			holders->of[i].size = 0;
		unlock_chunk(i);
	}
}

#endif
