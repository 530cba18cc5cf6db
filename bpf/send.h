/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * send.h - the ring to the plugin, and what goes into it
 *
 * Only calls that audit records are sent. Their long lists may fill a part of
 * the ring alone, so that what is left is for calls.
 */
#ifndef PVM_SEND_H
#define PVM_SEND_H

#include "chunks.h"

/*
 * To the plugin; its size is set at load (ring_size in pvm.conf). When full,
 * the call is counted in PVM_K_RING_FULL and its event has no capture.
 */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} ring SEC(".maps");

/* Bytes waiting in the ring at which the plugin is woken. */
const volatile __u64 wake_bytes = 0;

/* Bytes waiting in the ring at which no list is added. */
const volatile __u64 list_bytes = 0;

static __always_inline bool send_chunk(__u32 i)
{
	struct chunk *chunk = bpf_map_lookup_elem(&chunks, &i);
	__u32 size;

	if (!chunk || bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) > list_bytes)
		return false;
	size = chunk->list.size;
	barrier_var(size);
	if (size > PVM_PIECE_MAX)
		return false;
	return !bpf_ringbuf_output(&ring, chunk, sizeof(chunk->list) + size,
				   BPF_RB_NO_WAKEUP);
}

/* Send the pieces of the long lists that the call still has. */
static __always_inline void send_chunks(struct slot *slot)
{
	struct holders *holders = all_holders();
	__u32 nr = slot->chunks_nr;
	bool sent;

	slot->chunks_nr = 0;
	if (!nr || !holders)
		return;
	for (__u32 turn = 0; turn < SLOT_CHUNKS; turn++) {
		__u32 i;

		barrier();
		if (turn >= nr)
			return;
		i = slot->chunks[turn] & (CHUNKS - 1);
		sent = false;
		if (lock_own(slot, holders, i)) {
			sent = send_chunk(i);
			holders->of[i].size = 0;
			unlock_chunk(i);
		}
		if (!sent)
			count(PVM_K_LIST_LOST);
	}
}

/* Send the slot's call, its long lists ahead. */
static __always_inline void send_call(struct slot *slot)
{
	__u32 size = tail_size(slot, PVM_REMOTE) + tail_size(slot, PVM_LOCAL) +
		     tail_size(slot, PVM_PATH) + tail_size(slot, PVM_MAPS) +
		     tail_size(slot, PVM_NAMES);
	__u64 wake = BPF_RB_NO_WAKEUP;

	send_chunks(slot);
	barrier_var(size);
	if (size > TAIL_MAX)
		return;
	/* the SYSCALL record, which wakes the plugin, comes right behind */
	if (bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) > wake_bytes)
		wake = BPF_RB_FORCE_WAKEUP;
	if (!bpf_ringbuf_output(&ring, slot, sizeof(slot->call) + size, wake)) {
		count(PVM_K_SENT);
		return;
	}
	count(PVM_K_RING_FULL);
	note_loss(PVM_K_LOST_RING, slot->call.sec, slot->call.nsec,
		  slot->call.serial);
}

#endif
