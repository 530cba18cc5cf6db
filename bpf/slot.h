/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slot.h - the calls in flight: what is known of each until its stamp
 *
 * The vectors are known before the id is, and ring space cannot be kept from
 * one program to the next, so a slot holds what is small until the stamp, and
 * chunks (chunks.h) the lists that are longer. Nothing goes to the ring before
 * it is known that audit records the call: whom no rule watches could fill it
 * otherwise.
 */
#ifndef PVM_SLOT_H
#define PVM_SLOT_H

#include <stdbool.h>

#include "audit.h"
#include "count.h"

#define VECTOR_SIZE sizeof(struct pvm_wire_iovec)
#define VECTORS_ROOM (PVM_VECTORS_INLINE * VECTOR_SIZE) /* one side's */
#define MAP_SIZE sizeof(struct pvm_wire_map)
#define MAPS_ROOM (PVM_MAPS_INLINE * MAP_SIZE)
#define TAIL_MAX                                                  \
	(PVM_SIDES * VECTORS_ROOM + PVM_PATH_INLINE + MAPS_ROOM + \
	 PVM_NAMES_INLINE)

/* Pieces of all lists at their longest. */
#define SLOT_CHUNKS                                                      \
	((PVM_SIDES * PVM_VECTORS_MAX * VECTOR_SIZE + PVM_PATH_LEN_MAX + \
	  PVM_NAMES_MAX) /                                               \
	 PVM_PIECE_MAX)

/* A task that may since have become another program, or none at all. */
struct identity {
	struct task_struct *task;
	__u64 start; /* of the thread */
	__u64 exec_id;
};

/* One call in flight, or the remains of the thread's last one. */
struct slot {
	struct pvm_wire_call call;
	char tail[TAIL_MAX]; /* the short lists */
	__u32 open; /* no stamp yet */
	__u32 backlog; /* counted as PVM_K_BACKLOG */
	__u64 vectors; /* the kernel's copy of the remote ones, or 0 */
	__u64 iter; /* where the kernel puts the local ones, with call sites */
	struct identity target; /* ahead of what was read of it */
	__u32 chunks_nr;
	__u32 chunks[SLOT_CHUNKS]; /* with pieces of the long lists, in order */
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
 * for new ones. When more than this many other threads call while a call
 * lasts, its slot can be pushed out: audit's event then has no capture, and the
 * plugin says so. The kernel sets places aside for each CPU; the plugin adds
 * as many ahead of loading. About 2 kB of kernel memory each.
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

/* The plugin's process while it tries the probes, else 0; set by it. */
__u32 trial_tgid;

/* A trial had no room in the ring: what it would have shown is not known. */
__u32 trials_lost;

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
		return held <= PVM_PATH_INLINE ? held : PVM_PATH_INLINE;
	case PVM_MAPS:
		return held <= PVM_MAPS_INLINE ? held * MAP_SIZE : MAPS_ROOM;
	case PVM_NAMES:
		return held <= PVM_NAMES_INLINE ? held : PVM_NAMES_INLINE;
	default:
		return held <= PVM_VECTORS_INLINE ? held * VECTOR_SIZE
						  : VECTORS_ROOM;
	}
}

/* A list could not be read: then none of this call's is to be trusted. */
static __always_inline void note_fault(struct slot *slot)
{
	slot->call.seen |= PVM_SEEN_READ_FAULT;
	count(PVM_K_READ_FAULT);
}

/*
 * Keep a list of at most @most bytes, or the start of one, in the slot, @at
 * bytes into its tail. The barriers make the compiler check the very registers
 * that the call gets: the verifier knows no other bounds. With @user it is in
 * the caller's memory.
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

#endif
