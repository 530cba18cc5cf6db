/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slot.h - the calls in flight: what is known of each until its stamp
 *
 * The vectors are known before the id is, and ring space cannot be kept from
 * one program to the next, so a slot holds what is small until the stamp. A
 * list that is longer than its room there goes to the ring at once, and its
 * call, if audit records it, follows.
 */
#ifndef PVM_SLOT_H
#define PVM_SLOT_H

#include <stdbool.h>

#include "audit.h"
#include "count.h"

/* Bytes waiting in the ring at which the plugin is woken. */
const volatile __u64 wake_bytes = 0;

#define VECTOR_SIZE sizeof(struct pvm_wire_iovec)
#define VECTORS_ROOM (PVM_VECTORS_INLINE * VECTOR_SIZE) /* one side's */
#define MAP_SIZE sizeof(struct pvm_wire_map)
#define MAPS_ROOM (PVM_MAPS_INLINE * MAP_SIZE)
#define TAIL_MAX                                                  \
	(PVM_SIDES * VECTORS_ROOM + PVM_PATH_INLINE + MAPS_ROOM + \
	 PVM_NAMES_INLINE)

/* One call in flight, or the remains of the thread's last one. */
struct slot {
	struct pvm_wire_call call;
	char tail[TAIL_MAX]; /* the short lists */
	__u32 open; /* no stamp yet */
	__u32 backlog; /* counted as PVM_K_BACKLOG */
	__u64 vectors; /* the kernel's copy of the remote ones, or 0 */
};

/* Set by the plugin, ahead of loading: the slots are the tasks' own. */
const volatile bool slots_are_tasks = false;

/*
 * A slot that the kernel keeps with the thread's own task, and frees with it:
 * a tenth of what else it keeps for a thread. Only for fentry programs, which
 * no other task of the CPU can be in the middle of: the kernel refuses the
 * look-up while one is.
 */
struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, struct slot);
} task_slots SEC(".maps");

/*
 * One slot a thread, by thread id; used again by the thread's next call.
 * Threads that never call again leave theirs behind, so the oldest make room
 * for new ones. More than this many threads inside the call at one moment
 * push a live one out: audit's event then has no capture, and the plugin
 * says so. About 5 MB of kernel memory.
 *
 * Accepted: a slot that is pushed out and given to another thread while a
 * probe of its first owner is still writing to it would mix the two. That
 * takes thousands of new threads within one probe's microsecond; a map that
 * never evicts would instead be filled for good by threads that have ended.
 */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, __u32);
	__type(value, struct slot);
} slots SEC(".maps");

/*
 * To the plugin; its size is set at load (ring_size in pvm.conf). When full,
 * the call is counted in PVM_K_RING_FULL and its event has no capture.
 */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 1 << 20);
} ring SEC(".maps");

/* The plugin's process while it tries the probes, else 0; set by it. */
__u32 trial_tgid;

/* What a new slot starts from; too large for the stack. */
static const struct slot empty_slot;

/* The current thread's slot, or NULL. */
static __always_inline struct slot *own_slot(void)
{
	__u32 tid;

	if (slots_are_tasks)
		return bpf_task_storage_get(&task_slots, current_task(), NULL,
					    0);
	tid = bpf_get_current_pid_tgid();
	return bpf_map_lookup_elem(&slots, &tid);
}

/* The slot of the current thread's call in flight, or NULL. */
static __always_inline struct slot *open_slot(void)
{
	struct slot *slot = own_slot();

	return slot && slot->open ? slot : NULL;
}

static __always_inline struct slot *new_slot(void)
{
	struct slot *slot = own_slot();
	__u32 tid;

	if (slot)
		return slot;
	if (slots_are_tasks)
		return bpf_task_storage_get(&task_slots, current_task(), NULL,
					    BPF_LOCAL_STORAGE_GET_F_CREATE);
	tid = bpf_get_current_pid_tgid();
	bpf_map_update_elem(&slots, &tid, &empty_slot, BPF_NOEXIST);
	return bpf_map_lookup_elem(&slots, &tid);
}

/* Which system call this is, as audit has noted it at its entry. */
static __always_inline void read_syscall(struct pvm_wire_call *call,
					 struct audit_context *audit)
{
	call->arch = LOAD(audit, arch);
	call->nr = LOAD(audit, major);
	read_time(audit, &call->sec, &call->nsec);
	call->seen |= PVM_SEEN_AUDIT;
}

/* Is @audit still about the system call that has opened the slot? */
static __always_inline bool is_same_syscall(const struct pvm_wire_call *call,
					    struct audit_context *audit)
{
	__u64 sec;
	__u32 nsec;

	read_time(audit, &sec, &nsec);
	return (__u32)LOAD(audit, major) == call->nr &&
	       (__u32)LOAD(audit, arch) == call->arch && sec == call->sec &&
	       nsec == call->nsec;
}

/*
 * Has the slot's call come to its end, where audit writes its records? Those
 * that a security module writes in mid-call come too early: only when the
 * result is there is everything known. And the slot may be of an earlier call
 * that audit did not record.
 */
static __always_inline bool has_ended(const struct pvm_wire_call *call,
				      struct audit_context *audit)
{
	return audit && (call->seen & PVM_SEEN_AUDIT) &&
	       LOAD(audit, return_valid) && is_same_syscall(call, audit);
}

/* Bytes of the slot's tail that @which takes. */
static __always_inline __u32 tail_size(const struct slot *slot,
				       enum pvm_list which)
{
	__u32 held = slot->call.held[which];

	switch (which) {
	case PVM_PATH:
		return held <= PVM_PATH_INLINE ? held : 0;
	case PVM_MAPS:
		return held <= PVM_MAPS_INLINE ? held * MAP_SIZE : 0;
	case PVM_NAMES:
		return held <= PVM_NAMES_INLINE ? held : 0;
	default:
		return held <= PVM_VECTORS_INLINE ? held * VECTOR_SIZE : 0;
	}
}

/* A list could not be read: then none of this call's is to be trusted. */
static __always_inline void note_fault(struct slot *slot)
{
	slot->call.seen |= PVM_SEEN_READ_FAULT;
	count(PVM_K_READ_FAULT);
}

/*
 * Keep a short list of at most @most bytes in the slot, @at bytes into its
 * tail. The barriers make the compiler check the very registers that the call
 * gets: the verifier knows no other bounds. With @user it is in the caller's
 * memory.
 */
static __always_inline void keep_short(struct slot *slot, __u32 at,
				       const void *from, __u32 size,
				       const __u32 most, const bool user)
{
	long fault;

	barrier_var(at);
	barrier_var(size);
	if (at > TAIL_MAX - most || size > most)
		return;
	fault = user ? bpf_probe_read_user(&slot->tail[at], size, from)
		     : bpf_probe_read_kernel(&slot->tail[at], size, from);
	if (fault)
		note_fault(slot);
}

/*
 * Send a list that no slot can hold. Ring space has one size per call of
 * reserve, known to the compiler: hence @room, the bytes to make room for.
 * With @user it is in the caller's memory.
 */
static __always_inline void send_list(struct slot *slot, enum pvm_list which,
				      const void *from, __u32 held, __u32 size,
				      const __u32 room, const bool user)
{
	struct pvm_wire_list *list =
		bpf_ringbuf_reserve(&ring, sizeof(*list) + room, 0);
	long fault;

	if (!list) {
		count(PVM_K_LIST_LOST);
		return;
	}
	list->head = slot->call.head;
	list->head.kind = PVM_WIRE_LIST;
	list->list = which;
	list->held = held;
	barrier_var(size);
	if (size > room)
		size = room;
	fault = user ? bpf_probe_read_user(list + 1, size, from)
		     : bpf_probe_read_kernel(list + 1, size, from);
	if (!fault) {
		bpf_ringbuf_submit(list, BPF_RB_NO_WAKEUP);
		return;
	}
	note_fault(slot);
	bpf_ringbuf_discard(list, BPF_RB_NO_WAKEUP);
}

/* Send the slot's call with the lists that stand in its tail. */
static __always_inline void send_call(struct slot *slot)
{
	__u32 size = tail_size(slot, PVM_REMOTE) + tail_size(slot, PVM_LOCAL) +
		     tail_size(slot, PVM_PATH) + tail_size(slot, PVM_MAPS) +
		     tail_size(slot, PVM_NAMES);
	__u64 wake = BPF_RB_NO_WAKEUP;

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
