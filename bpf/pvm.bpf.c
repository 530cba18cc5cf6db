// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pvm.bpf.c - the probes: what the kernel itself used, under audit's own id
 *
 * Four places along one call, in the order in which the kernel passes them:
 *
 *   process_vm_rw        the six arguments; opens the thread's slot
 *   process_vm_rw_core   both vectors, as the kernel has copied them
 *   mm_access            the target task, as the kernel has found it
 *   audit_log_end        the id of the audit event; sends the slot's content
 *
 * The vectors are known before the id is, and ring space cannot be kept from
 * one program to the next, so a slot holds what is small until the stamp.
 * A list longer than PVM_VECTORS_INLINE goes to the ring at once, and its
 * call, if audit records it, follows.
 *
 * Rejected: reading the vectors from the caller's memory (another thread can
 * change them in between), and joining by pid and time (never exact). Also
 * fexit, although cheaper: such a program does not run on a CPU where another
 * task has been preempted inside it, which on a preemptible kernel loses one
 * call in ten under load. Kprobes run with preemption off.
 */
#include <linux/ptrace.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "kernel.h"
#include "pvm/wire.h"
#include "vma.h"

#ifndef PT_REGS_PARM6 /* libbpf before 1.2 stops at the fifth */
#if defined(bpf_target_x86)
#define PT_REGS_PARM6(ctx) ((ctx)->r9)
#elif defined(bpf_target_arm64)
#define PT_REGS_PARM6(ctx) (((const struct user_pt_regs *)(ctx))->regs[5])
#endif
#endif

/* PTRACE_MODE_ATTACH_REALCREDS, which no other caller of mm_access() uses */
#define MM_ACCESS_MODE 0x12

/* Bytes waiting in the ring at which the plugin is woken. */
const volatile __u64 wake_bytes = 0;

/* log2 of the page size */
const volatile __u32 page_shift = 12;

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

/*
 * Mapped by the plugin, so that reading them takes no privilege. CPUs share
 * rows on machines with more than that many, hence the atomic addition.
 */
struct pvm_wire_counters counters[PVM_COUNTER_ROWS];

/* The plugin's process while it tries the probes, else 0; set by it. */
__u32 trial_tgid;

/* What a new slot starts from; too large for the stack. */
static const struct slot empty_slot;

static __always_inline void count(enum pvm_kernel_counter which)
{
	__u32 row = bpf_get_smp_processor_id() % PVM_COUNTER_ROWS;

	__sync_fetch_and_add(&counters[row].n[which], 1);
}

static __always_inline void uncount(enum pvm_kernel_counter which)
{
	__u32 row = bpf_get_smp_processor_id() % PVM_COUNTER_ROWS;

	__sync_fetch_and_add(&counters[row].n[which], -1);
}

static __always_inline bool is_earlier(const struct pvm_wire_moment *one,
				       const struct pvm_wire_moment *other)
{
	if (one->serial || other->serial)
		return one->serial < other->serial;
	return one->ms < other->ms;
}

/* A call is lost whose event has this time and, unless 0, this serial. */
static __always_inline void note_loss(enum pvm_kernel_loss which, __u64 sec,
				      __u32 nsec, __u32 serial)
{
	__u32 row = bpf_get_smp_processor_id() % PVM_COUNTER_ROWS;
	struct pvm_wire_span *span = &counters[row].lost[which];
	struct pvm_wire_moment now = {sec * 1000 + nsec / 1000000, serial, 0};

	if (!span->first.ms || is_earlier(&now, &span->first))
		span->first = now;
	if (!is_earlier(&now, &span->last))
		span->last = now;
}

static __always_inline struct task_struct *current_task(void)
{
	return (struct task_struct *)bpf_get_current_task();
}

/* The current task's audit context, or NULL when audit will record nothing. */
static __always_inline struct audit_context *current_audit(void)
{
	struct audit_context *audit =
		BPF_CORE_READ(current_task(), audit_context);

	if (!audit || BPF_CORE_READ(audit, dummy) ||
	    BPF_CORE_READ(audit, state) == AUDIT_STATE_DISABLED)
		return NULL;
	return audit;
}

/* The event's time is that of the system call's entry; the serial comes late.
 */
static __always_inline void read_time(struct audit_context *audit, __u64 *sec,
				      __u32 *nsec)
{
	struct audit_context___stamp *nested = (void *)audit;

	if (bpf_core_field_exists(nested->stamp)) {
		*sec = BPF_CORE_READ(nested, stamp.ctime.tv_sec);
		*nsec = BPF_CORE_READ(nested, stamp.ctime.tv_nsec);
	} else {
		*sec = BPF_CORE_READ(audit, ctime.tv_sec);
		*nsec = BPF_CORE_READ(audit, ctime.tv_nsec);
	}
}

static __always_inline __u32 read_serial(struct audit_context *audit)
{
	struct audit_context___stamp *nested = (void *)audit;

	if (bpf_core_field_exists(nested->stamp))
		return BPF_CORE_READ(nested, stamp.serial);
	return BPF_CORE_READ(audit, serial);
}

/* The slot of the current thread's call in flight, or NULL. */
static __always_inline struct slot *open_slot(void)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct slot *slot = bpf_map_lookup_elem(&slots, &tid);

	return slot && slot->open ? slot : NULL;
}

static __always_inline struct slot *new_slot(void)
{
	__u32 tid = bpf_get_current_pid_tgid();
	struct slot *slot = bpf_map_lookup_elem(&slots, &tid);

	if (slot)
		return slot;
	bpf_map_update_elem(&slots, &tid, &empty_slot, BPF_NOEXIST);
	return bpf_map_lookup_elem(&slots, &tid);
}

static __always_inline void read_task(struct pvm_wire_task *to,
				      struct task_struct *task)
{
	to->tgid = BPF_CORE_READ(task, tgid);
	to->tid = BPF_CORE_READ(task, pid);
	to->uid = BPF_CORE_READ(task, real_cred, uid.val);
	to->auid = BPF_CORE_READ(task, loginuid.val);
	to->ses = BPF_CORE_READ(task, sessionid);
	to->parent = BPF_CORE_READ(task, real_parent, tgid);
	to->tracer = BPF_CORE_READ(task, ptrace)
			     ? BPF_CORE_READ(task, parent, tgid)
			     : 0;
	to->start_ns = BPF_CORE_READ(task, start_boottime);
	BPF_CORE_READ_STR_INTO(&to->comm, task, comm);
}

/* Which system call this is, as audit has noted it at its entry. */
static __always_inline void read_syscall(struct pvm_wire_call *call,
					 struct audit_context *audit)
{
	call->arch = BPF_CORE_READ(audit, arch);
	call->nr = BPF_CORE_READ(audit, major);
	read_time(audit, &call->sec, &call->nsec);
}

/* Is @audit still about the system call that has opened the slot? */
static __always_inline bool is_same_syscall(const struct pvm_wire_call *call,
					    struct audit_context *audit)
{
	__u64 sec;
	__u32 nsec;

	read_time(audit, &sec, &nsec);
	return (__u32)BPF_CORE_READ(audit, major) == call->nr &&
	       (__u32)BPF_CORE_READ(audit, arch) == call->arch &&
	       sec == call->sec && nsec == call->nsec;
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
	return audit && BPF_CORE_READ(audit, return_valid) &&
	       is_same_syscall(call, audit);
}

/*
 * Open the current thread's slot. At process_vm_rw(pid, lvec, liovcnt, rvec,
 * riovcnt, flags, vm_write), which 64- and 32-bit callers pass alike and
 * always, whatever comes of the call: so what an earlier call of this thread
 * has left is never taken for this one's.
 */
static __always_inline struct slot *begin_call(struct pt_regs *ctx)
{
	struct audit_context *audit = current_audit();
	__u64 pid_tgid = bpf_get_current_pid_tgid();
	struct pvm_wire_call *call;
	struct slot *slot;

	if (!audit && trial_tgid != pid_tgid >> 32)
		return NULL;
	count(PVM_K_CALLS);
	slot = new_slot();
	if (!slot) {
		count(PVM_K_TABLE_FULL);
		return NULL;
	}
	call = &slot->call;
	call->head.version = PVM_WIRE_VERSION;
	call->head.kind = PVM_WIRE_CALL;
	call->head.tid = pid_tgid;
	call->head.entry_ns = bpf_ktime_get_ns();
	call->pid = PT_REGS_PARM1(ctx);
	call->liovcnt = PT_REGS_PARM3(ctx);
	call->riovcnt = PT_REGS_PARM5(ctx);
	call->flags = PT_REGS_PARM6(ctx);
	call->nr = -1;
	if (audit)
		read_syscall(call, audit);
	call->seen = 0;
	call->held[PVM_REMOTE] = 0;
	call->held[PVM_LOCAL] = 0;
	call->held[PVM_PATH] = 0;
	call->held[PVM_MAPS] = 0;
	call->held[PVM_NAMES] = 0;
	slot->vectors = 0;
	slot->backlog = 0;
	slot->open = 1;
	return slot;
}

/* The plugin tries the probes by a call of its own: show it what they saw. */
static __always_inline void send_trial(const struct slot *slot)
{
	struct pvm_wire_trial *trial;

	if (slot->call.head.tid != trial_tgid)
		return;
	trial = bpf_ringbuf_reserve(&ring, sizeof(*trial), 0);
	if (!trial)
		return;
	bpf_probe_read_kernel(&trial->call, sizeof(trial->call), &slot->call);
	bpf_probe_read_kernel(trial->vec, sizeof(trial->vec), slot->tail);
	trial->call.head.kind = PVM_WIRE_TRIAL;
	bpf_ringbuf_submit(trial, 0);
}

SEC("kprobe")
int pvm_enter(struct pt_regs *ctx)
{
	struct slot *slot = begin_call(ctx);

	if (slot)
		send_trial(slot);
	return 0;
}

/*
 * Send a list that no slot can hold. Ring space has one size per call of
 * reserve, known to the compiler: hence @room, the bytes to make room for.
 */
static __always_inline void send_list(const struct slot *slot,
				      enum pvm_list which, const void *from,
				      __u32 held, __u32 size, const __u32 room)
{
	struct pvm_wire_list *list =
		bpf_ringbuf_reserve(&ring, sizeof(*list) + room, 0);

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
	if (bpf_probe_read_kernel(list + 1, size, from)) {
		count(PVM_K_READ_FAULT);
		bpf_ringbuf_discard(list, BPF_RB_NO_WAKEUP);
		return;
	}
	bpf_ringbuf_submit(list, BPF_RB_NO_WAKEUP);
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

/*
 * Keep a short list of at most @most bytes in the slot, @at bytes into its
 * tail. The barriers make the compiler check the very registers that the call
 * gets: the verifier knows no other bounds.
 */
static __always_inline void keep_short(struct slot *slot, __u32 at,
				       const void *from, __u32 size,
				       const __u32 most)
{
	barrier_var(at);
	barrier_var(size);
	if (at > TAIL_MAX - most || size > most)
		return;
	if (!bpf_probe_read_kernel(&slot->tail[at], size, from))
		return;
	slot->call.seen |= PVM_SEEN_READ_FAULT;
	count(PVM_K_READ_FAULT);
}

/* Take one side's vectors; @at is where in the tail a short list goes. */
static __always_inline void keep_vectors(struct slot *slot, enum pvm_list side,
					 const void *from, __u64 nr, __u32 at)
{
	__u32 size = nr * VECTOR_SIZE;

	slot->call.held[side] = nr;
	if (nr <= PVM_VECTORS_INLINE)
		keep_short(slot, at, from, size, VECTORS_ROOM);
	else if (nr <= 64)
		send_list(slot, side, from, nr, size, 64 * VECTOR_SIZE);
	else if (nr <= 256)
		send_list(slot, side, from, nr, size, 256 * VECTOR_SIZE);
	else
		send_list(slot, side, from, nr, size,
			  PVM_VECTORS_MAX * VECTOR_SIZE);
}

static __always_inline void keep_local(struct slot *slot, struct iov_iter *iter,
				       __u32 at)
{
	struct iov_iter___ubuf *ubuf = (void *)iter;
	struct iov_iter___old *old = (void *)iter;
	struct pvm_wire_iovec single;
	__u64 nr = BPF_CORE_READ(iter, nr_segs);

	if (bpf_core_enum_value_exists(enum iter_type___ubuf, ITER_UBUF) &&
	    bpf_core_field_exists(ubuf->iter_type) &&
	    BPF_CORE_READ(ubuf, iter_type) ==
		    bpf_core_enum_value(enum iter_type___ubuf, ITER_UBUF)) {
		single.base = (__u64)BPF_CORE_READ(ubuf, ubuf);
		single.len = BPF_CORE_READ(ubuf, count);
		keep_vectors(slot, PVM_LOCAL, &single, 1, at);
	} else if (bpf_core_field_exists(old->iov)) {
		keep_vectors(slot, PVM_LOCAL, BPF_CORE_READ(old, iov), nr, at);
	} else {
		keep_vectors(slot, PVM_LOCAL, BPF_CORE_READ(iter, __iov), nr,
			     at);
	}
}

/*
 * process_vm_rw_core(pid, iter, rvec, riovcnt, ...), as the compiler's clone.
 * A clone's register order is no promised ABI: take nothing from it unless
 * the two arguments that are known are where they should be.
 */
SEC("kprobe")
int BPF_KPROBE(pvm_core, int pid, struct iov_iter *iter, const void *rvec,
	       unsigned long riovcnt)
{
	struct slot *slot = open_slot();
	struct pvm_wire_call *call;

	if (!slot)
		return 0;
	call = &slot->call;
	if (pid != call->pid || riovcnt != call->riovcnt ||
	    riovcnt > PVM_VECTORS_MAX) {
		call->seen |= PVM_SEEN_OTHER_REGS;
		count(PVM_K_OTHER_REGS);
		return 0;
	}
	call->seen |= PVM_SEEN_CORE;
	slot->vectors = (__u64)rvec;
	keep_vectors(slot, PVM_REMOTE, rvec, riovcnt, 0);
	keep_local(slot, iter, tail_size(slot, PVM_REMOTE));
	send_trial(slot);
	return 0;
}

/* A 32-bit caller's struct iovec. */
struct iovec_32 {
	__u32 base;
	__u32 len;
};

/* Where the next entry of the tail is, for an offset the verifier knows. */
static __always_inline void widen(struct slot *slot, __u32 at,
				  const struct iovec_32 *from)
{
	struct pvm_wire_iovec vec = {from->base, from->len};

	keep_short(slot, at, &vec, sizeof(vec), sizeof(vec));
}

/* Take a 32-bit caller's vectors from his memory; only short lists. */
static __always_inline bool take_user_32(struct slot *slot, const void *from,
					 __u64 nr, __u32 at)
{
	struct iovec_32 vec[PVM_VECTORS_INLINE];
	__u32 size = nr * sizeof(vec[0]);

	if (nr > PVM_VECTORS_INLINE)
		return false;
	barrier_var(size);
	if (size > sizeof(vec) || bpf_probe_read_user(vec, size, from))
		return false;
#pragma unroll
	for (__u32 i = 0; i < PVM_VECTORS_INLINE; i++)
		if (i < nr)
			widen(slot, at + i * VECTOR_SIZE, &vec[i]);
	return true;
}

static __always_inline bool take_user_long(const struct slot *slot,
					   enum pvm_list side, const void *from,
					   __u32 nr)
{
	__u32 size = nr * VECTOR_SIZE;
	struct pvm_wire_list *list = bpf_ringbuf_reserve(
		&ring, sizeof(*list) + PVM_VECTORS_MAX * VECTOR_SIZE, 0);

	if (!list) {
		count(PVM_K_LIST_LOST);
		return true;
	}
	list->head = slot->call.head;
	list->head.kind = PVM_WIRE_LIST;
	list->list = side;
	list->held = nr;
	barrier_var(size);
	if (size > PVM_VECTORS_MAX * VECTOR_SIZE ||
	    bpf_probe_read_user(list + 1, size, from)) {
		bpf_ringbuf_discard(list, BPF_RB_NO_WAKEUP);
		return false;
	}
	bpf_ringbuf_submit(list, BPF_RB_NO_WAKEUP);
	return true;
}

/* Take a 64-bit caller's vectors from his memory. */
static __always_inline bool take_user_64(struct slot *slot, enum pvm_list side,
					 const void *from, __u64 nr, __u32 at)
{
	__u32 size = nr * VECTOR_SIZE;

	if (nr > PVM_VECTORS_INLINE)
		return take_user_long(slot, side, from, nr);
	barrier_var(at);
	barrier_var(size);
	if (at > PVM_VECTORS_INLINE * VECTOR_SIZE ||
	    size > PVM_VECTORS_INLINE * VECTOR_SIZE)
		return false;
	return !bpf_probe_read_user(&slot->tail[at], size, from);
}

#define ARCH_64BIT 0x80000000 /* __AUDIT_ARCH_64BIT */

static __always_inline void take_user(struct slot *slot, enum pvm_list side,
				      const void *from, __u64 nr, __u32 at)
{
	struct pvm_wire_call *call = &slot->call;
	bool wide = call->nr == (__u32)-1 || (call->arch & ARCH_64BIT);
	bool good;

	call->held[side] = nr;
	good = wide ? take_user_64(slot, side, from, nr, at)
		    : take_user_32(slot, from, nr, at);
	if (good)
		return;
	call->seen |= PVM_SEEN_READ_FAULT;
	count(PVM_K_READ_FAULT);
}

/*
 * Instead of pvm_enter and pvm_core, where the core cannot be probed: the
 * vectors as they stand in the caller's memory now. Another thread can change
 * them before the kernel copies them, hence the mark.
 */
SEC("kprobe")
int pvm_enter_user(struct pt_regs *ctx)
{
	struct slot *slot = begin_call(ctx);
	__u64 liovcnt, riovcnt;

	if (!slot)
		return 0;
	liovcnt = (__u32)slot->call.liovcnt; /* as the kernel cuts it */
	riovcnt = slot->call.riovcnt;
	if (liovcnt <= PVM_VECTORS_MAX && riovcnt <= PVM_VECTORS_MAX) {
		slot->call.seen |= PVM_SEEN_USER;
		take_user(slot, PVM_REMOTE, (void *)PT_REGS_PARM4(ctx), riovcnt,
			  0);
		take_user(slot, PVM_LOCAL, (void *)PT_REGS_PARM2(ctx), liovcnt,
			  tail_size(slot, PVM_REMOTE));
	}
	send_trial(slot);
	return 0;
}

/*
 * Names and mounts that are gone up; a path with more is told as cut. The
 * verifier would allow for all that PATH_MAX has room for, but preemption is
 * off meanwhile, and how deep the path is can be up to an attacker.
 */
#define PATH_DEPTH_MAX 256

/*
 * On the way from a file up to the root of its mount namespace. The path is
 * put together from its end, so it stands at the end of PVM_PATH_LEN_MAX;
 * what is behind is for the verifier, which does not see that an offset and a
 * length together stay below it. In a map also because the verifier then
 * takes each value for unknown, and one turn of the loop for all.
 */
struct climb {
	struct dentry *dentry;
	struct mount *mount;
	__u32 start; /* of the text so far */
	__u32 cut;
	char text[PVM_PATH_LEN_MAX + 256];
};

/* One a CPU: kprobes run with preemption off. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct climb);
} climbs SEC(".maps");

static __always_inline struct mount *mount_of(struct vfsmount *mnt)
{
	return (void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

/* Put "/name" ahead of the text; false when there is no room. */
static __always_inline bool prepend_name(struct climb *climb)
{
	struct dentry *dentry = climb->dentry;
	__u32 len = BPF_CORE_READ(dentry, d_name.len);
	const unsigned char *name = BPF_CORE_READ(dentry, d_name.name);
	__u32 at;

	if (len > 255 || len + 1 > climb->start) {
		climb->cut = 1;
		return false;
	}
	at = climb->start - len;
	bpf_probe_read_kernel(&climb->text[at & (PVM_PATH_LEN_MAX - 1)],
			      len & 255, name);
	at--;
	climb->text[at & (PVM_PATH_LEN_MAX - 1)] = '/';
	climb->start = at;
	return true;
}

/* One step up; false at the top. */
static __always_inline bool climb_one(struct climb *climb)
{
	/* locals: CO-RE takes a struct of ours for the kernel's */
	struct dentry *dentry = climb->dentry;
	struct mount *mount = climb->mount;
	struct dentry *parent;
	struct mount *above;

	if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
		above = BPF_CORE_READ(mount, mnt_parent);
		climb->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		climb->mount = above;
		return above != mount;
	}
	parent = BPF_CORE_READ(dentry, d_parent);
	if (!prepend_name(climb))
		return false;
	climb->dentry = parent;
	return parent != dentry; /* a file of its own: a memfd */
}

/* The path of @file from the root of the mount namespace, into @climb. */
static __always_inline void climb_path(struct climb *climb, struct file *file)
{
	struct vfsmount *mnt = BPF_CORE_READ(file, f_path.mnt);

	climb->dentry = BPF_CORE_READ(file, f_path.dentry);
	climb->mount = mount_of(mnt);
	climb->start = PVM_PATH_LEN_MAX;
	climb->cut = 0;
	for (int i = 0; i < PATH_DEPTH_MAX; i++) {
		/* else loads move to where the verifier sees a back-edge */
		barrier();
		if (!climb_one(climb))
			return;
	}
	climb->cut = 1;
}

static __always_inline void keep_path(struct slot *slot, struct file *file)
{
	__u32 zero = 0, len, at;
	struct climb *climb = bpf_map_lookup_elem(&climbs, &zero);
	const char *text;

	if (!climb)
		return;
	if (!BPF_CORE_READ(file, f_path.dentry, d_hash.pprev))
		slot->call.seen |= PVM_SEEN_PATH_DELETED;
	climb_path(climb, file);
	slot->call.seen |= PVM_SEEN_PATH;
	if (climb->cut)
		slot->call.seen |= PVM_SEEN_PATH_CUT;
	len = PVM_PATH_LEN_MAX - climb->start;
	text = &climb->text[climb->start & (PVM_PATH_LEN_MAX - 1)];
	slot->call.held[PVM_PATH] = len;
	at = tail_size(slot, PVM_REMOTE) + tail_size(slot, PVM_LOCAL);
	if (len <= PVM_PATH_INLINE)
		keep_short(slot, at, text, len, PVM_PATH_INLINE);
	else if (len <= 1024)
		send_list(slot, PVM_PATH, text, len, len, 1024);
	else
		send_list(slot, PVM_PATH, text, len, len, PVM_PATH_LEN_MAX);
}

/* How often a look-up is made again that met a change. */
#define TRIES_MAX 3 /* more of one vector */
#define RETRIES_MAX 12 /* of all: the kernel allows for 32 runs */

/*
 * The look-up of the first remote vectors, one after the other. In a map for
 * the verifier's sake, like struct climb; a vector a run of pvm_map, so that
 * it need not follow the loops of all.
 */
struct survey {
	struct vma_search search;
	struct task_struct *task;
	const struct pvm_wire_iovec *vectors; /* the kernel's */
	__u32 nr; /* to be looked up */
	__u32 done;
	__u32 names; /* bytes of text so far */
	__u32 tries; /* for this vector */
	__u32 retries; /* for all */
	struct pvm_wire_map last; /* the latest look-up's, without offset */
	struct pvm_wire_map maps[PVM_MAPS_MAX];
	struct file *files[PVM_MAPS_MAX];
	char text[PVM_NAMES_MAX + PVM_NAME_MAX];
};

/* One a CPU: kprobes run with preemption off. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct survey);
} surveys SEC(".maps");

int pvm_map(struct pt_regs *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__array(values, int(struct pt_regs *ctx));
} steps SEC(".maps") = {
	.values = {(void *)&pvm_map},
};

/* Prepare for pvm_map(); false when there is nothing to look up. */
static __always_inline bool begin_survey(const struct slot *slot,
					 struct task_struct *task)
{
	struct mm_struct *mm = BPF_CORE_READ(task, mm);
	__u32 zero = 0, nr = slot->call.held[PVM_REMOTE];
	struct survey *survey = bpf_map_lookup_elem(&surveys, &zero);
	__u64 vectors = slot->vectors;

	/* where they are the caller's, only the slot has a copy */
	if (!vectors && nr <= PVM_VECTORS_INLINE)
		vectors = (__u64)slot->tail;
	if (!survey || !mm || !nr || !vectors)
		return false;
	survey->search.mm = mm;
	survey->search.result = VMA_UNKNOWN;
	survey->task = task;
	survey->vectors = (void *)vectors;
	survey->nr = nr < PVM_MAPS_MAX ? nr : PVM_MAPS_MAX;
	survey->done = 0;
	survey->names = 0;
	survey->tries = 0;
	survey->retries = 0;
	return true;
}

/* Has an earlier vector met the same file? Then it has its name. */
static __always_inline bool use_name_again(struct survey *survey)
{
	struct file *file = survey->search.file;
	__u32 done = survey->done;

	for (__u32 i = 0; i < PVM_MAPS_MAX; i++) {
		barrier();
		if (i >= done)
			break;
		if (survey->files[i] == file) {
			survey->last.name = survey->maps[i].name;
			survey->last.name_len = survey->maps[i].name_len;
			survey->last.flags |= survey->maps[i].flags &
					      (PVM_MAP_DELETED | PVM_MAP_CUT);
			return true;
		}
	}
	return false;
}

static __always_inline void take_file_name(struct survey *survey,
					   struct climb *climb)
{
	struct file *file = survey->search.file;
	__u32 at = survey->names & (PVM_NAMES_MAX - 1);
	__u32 len;

	if (!BPF_CORE_READ(file, f_path.dentry, d_hash.pprev))
		survey->last.flags |= PVM_MAP_DELETED;
	climb_path(climb, file);
	len = PVM_PATH_LEN_MAX - climb->start;
	if (climb->cut || len > PVM_NAME_MAX)
		survey->last.flags |= PVM_MAP_CUT;
	if (len > PVM_NAME_MAX)
		len = PVM_NAME_MAX;
	survey->last.name = at;
	survey->last.name_len = len;
	survey->names += len;
	barrier_var(len);
	if (len > PVM_NAME_MAX)
		return;
	bpf_probe_read_kernel(&survey->text[at], len,
			      &climb->text[(PVM_PATH_LEN_MAX - len) &
					   (PVM_PATH_LEN_MAX - 1)]);
}

/* Has the kernel mapped this itself, and given it a name? Then take that. */
static __always_inline bool take_special_name(struct survey *survey)
{
	struct vm_area_struct *vma = survey->search.vma;
	struct vm_special_mapping *special;
	__u32 at = survey->names & (PVM_NAMES_MAX - 1);
	long len;

	if (!BPF_CORE_READ(vma, vm_ops, name))
		return false;
	special = BPF_CORE_READ(vma, vm_private_data);
	len = bpf_probe_read_kernel_str(&survey->text[at], 32,
					BPF_CORE_READ(special, name));
	if (len < 3 || survey->text[at] != '[')
		return false;
	survey->last.name = at;
	survey->last.name_len = len - 1;
	survey->names += len - 1;
	return true;
}

/* What there is behind no file, as /proc/PID/maps tells it. */
static __always_inline enum pvm_map_kind anonymous_kind(
	const struct vma_search *search)
{
	struct mm_struct *mm = search->mm;
	__u64 stack = BPF_CORE_READ(mm, start_stack);

	if (search->start < BPF_CORE_READ(mm, brk) &&
	    search->end > BPF_CORE_READ(mm, start_brk))
		return PVM_MAP_HEAP;
	if (search->start <= stack && search->end >= stack)
		return PVM_MAP_STACK;
	return PVM_MAP_ANON;
}

static __always_inline __u8 map_flags(__u64 flags)
{
	return (flags & VM_READ ? PVM_MAP_READ : 0) |
	       (flags & VM_WRITE ? PVM_MAP_WRITE : 0) |
	       (flags & VM_EXEC ? PVM_MAP_EXEC : 0) |
	       (flags & VM_MAYSHARE ? PVM_MAP_SHARED : 0);
}

/* Tell what was found in survey->last. */
static __always_inline void describe(struct survey *survey, struct climb *climb)
{
	struct vma_search *search = &survey->search;
	struct pvm_wire_map *map = &survey->last;

	map->name = 0;
	map->name_len = 0;
	map->flags = 0;
	map->kind = search->result == VMA_NONE ? PVM_MAP_NONE : PVM_MAP_UNKNOWN;
	if (search->result != VMA_FOUND)
		return;
	map->flags = map_flags(search->flags);
	if (search->file) {
		map->kind = PVM_MAP_FILE;
		if (!use_name_again(survey))
			take_file_name(survey, climb);
	} else if (take_special_name(survey)) {
		map->kind = PVM_MAP_SPECIAL;
	} else {
		map->kind = anonymous_kind(search);
	}
}

/* Look up one vector, unless it starts where the one before has. */
static __always_inline void survey_vector(struct survey *survey,
					  struct climb *climb)
{
	struct vma_search *search = &survey->search;
	struct task_struct *task = survey->task;
	__u32 i = survey->done & (PVM_MAPS_MAX - 1);
	__u32 names = survey->names;
	struct pvm_wire_map *map = &survey->maps[i];

	bpf_probe_read_kernel(&search->addr, sizeof(search->addr),
			      &survey->vectors[i].base);
	if (search->result != VMA_FOUND || search->addr < search->start ||
	    search->addr >= search->end) {
		find_vma(search);
		describe(survey, climb);
	}
	*map = survey->last;
	survey->files[i] = map->kind == PVM_MAP_FILE ? search->file : NULL;
	map->offset = 0;
	if (map->kind == PVM_MAP_FILE)
		map->offset = (search->pages_before << page_shift) +
			      (search->addr - search->start);
	/* the memory is the task's as long as the task says so */
	if (BPF_CORE_READ(task, mm) != search->mm ||
	    (search->result == VMA_FOUND && !vma_holds(search))) {
		search->result = VMA_UNKNOWN;
		map->kind = PVM_MAP_UNKNOWN;
		survey->files[i] = NULL;
		survey->names = names;
	}
}

/* Go on to the next vector, unless this one is worth another try. */
static __always_inline void go_on(struct survey *survey)
{
	__u32 i = survey->done & (PVM_MAPS_MAX - 1);

	if (survey->maps[i].kind == PVM_MAP_UNKNOWN &&
	    survey->tries < TRIES_MAX && survey->retries < RETRIES_MAX) {
		survey->tries++;
		survey->retries++;
		return;
	}
	survey->tries = 0;
	survey->done++;
}

static __always_inline void keep_maps(struct slot *slot,
				      const struct survey *survey)
{
	__u32 names = survey->names, done = survey->done;
	__u32 at = tail_size(slot, PVM_REMOTE) + tail_size(slot, PVM_LOCAL) +
		   tail_size(slot, PVM_PATH);

	slot->call.seen |= PVM_SEEN_MAPS;
	slot->call.held[PVM_MAPS] = done;
	slot->call.held[PVM_NAMES] = names;
	if (done <= PVM_MAPS_INLINE)
		keep_short(slot, at, survey->maps, done * MAP_SIZE, MAPS_ROOM);
	else
		send_list(slot, PVM_MAPS, survey->maps, done, done * MAP_SIZE,
			  PVM_MAPS_MAX * MAP_SIZE);
	at += tail_size(slot, PVM_MAPS);
	if (names <= PVM_NAMES_INLINE)
		keep_short(slot, at, survey->text, names, PVM_NAMES_INLINE);
	else if (names <= 1024)
		send_list(slot, PVM_NAMES, survey->text, names, names, 1024);
	else
		send_list(slot, PVM_NAMES, survey->text, names, names,
			  PVM_NAMES_MAX);
}

/*
 * One vector a run, called by pvm_target() and then by itself: a loop around
 * all this would be more than the verifier cares to follow.
 */
SEC("kprobe")
int pvm_map(struct pt_regs *ctx)
{
	__u32 zero = 0;
	struct survey *survey = bpf_map_lookup_elem(&surveys, &zero);
	struct climb *climb = bpf_map_lookup_elem(&climbs, &zero);
	struct slot *slot = open_slot();

	if (!survey || !climb || !slot)
		return 0;
	survey_vector(survey, climb);
	go_on(survey);
	if (survey->done < survey->nr)
		bpf_tail_call(ctx, &steps, 0);
	keep_maps(slot, survey); /* also if it cannot be called again */
	return 0;
}

/* mm_access(task, mode): at its entry the kernel holds the task. */
SEC("kprobe")
int BPF_KPROBE(pvm_target, struct task_struct *task, unsigned int mode)
{
	struct slot *slot;
	struct file *exe;

	if (mode != MM_ACCESS_MODE)
		return 0;
	slot = open_slot();
	if (!slot || !(slot->call.seen & (PVM_SEEN_CORE | PVM_SEEN_USER)))
		return 0;
	read_task(&slot->call.target, task);
	slot->call.seen |= PVM_SEEN_TARGET;
	exe = BPF_CORE_READ(task, mm, exe_file);
	if (exe)
		keep_path(slot, exe);
	send_trial(slot);
	if (begin_survey(slot, task))
		bpf_tail_call(ctx, &steps, 0);
	return 0;
}

/* The plugin tries the stamp by a record of its own: show it what is read. */
static __always_inline void send_stamp(struct audit_context *audit)
{
	__u64 pid_tgid = bpf_get_current_pid_tgid();
	struct pvm_wire_stamp *stamp;

	if (trial_tgid != pid_tgid >> 32)
		return;
	stamp = bpf_ringbuf_reserve(&ring, sizeof(*stamp), 0);
	if (!stamp)
		return;
	stamp->head.version = PVM_WIRE_VERSION;
	stamp->head.kind = PVM_WIRE_STAMP;
	stamp->head.tid = pid_tgid;
	stamp->head.entry_ns = bpf_ktime_get_ns();
	stamp->sec = 0;
	stamp->nsec = 0;
	stamp->serial = 0;
	stamp->nr = -1;
	stamp->pad = 0;
	if (audit) {
		read_time(audit, &stamp->sec, &stamp->nsec);
		stamp->serial = read_serial(audit);
		stamp->nr = BPF_CORE_READ(audit, major);
	}
	bpf_ringbuf_submit(stamp, 0);
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

/*
 * audit_log_end(ab) runs for each record of an event, when the event has its
 * id and before the record is queued: at the SYSCALL record's, nobody can
 * have read it yet.
 *
 * Rejected: auditsc_get_stamp(), where the id is made. At its entry the first
 * record's is not there yet, and a site may exclude all the others.
 */
SEC("kprobe")
int pvm_stamp(struct pt_regs *ctx)
{
	struct slot *slot = open_slot();
	struct audit_context *audit;
	struct pvm_wire_call *call;

	if (trial_tgid)
		send_stamp(BPF_CORE_READ(current_task(), audit_context));
	if (!slot)
		return 0;
	audit = BPF_CORE_READ(current_task(), audit_context);
	call = &slot->call;
	if (!has_ended(call, audit))
		return 0;
	call->serial = read_serial(audit);
	if (!call->serial)
		return 0;
	slot->open = 0;
	if (slot->backlog)
		uncount(PVM_K_BACKLOG); /* only some other record was lost */
	call->exit = BPF_CORE_READ(audit, return_code);
	read_task(&call->caller, current_task());
	send_call(slot);
	return 0;
}

/*
 * audit_log_lost(message) runs for whatever audit drops: its backlog is full,
 * its rate limit reached, memory short. A call whose SYSCALL record is dropped
 * at its end gets no other record either, and no id: nothing but this count
 * tells of it.
 */
SEC("kprobe")
int pvm_lost(struct pt_regs *ctx)
{
	struct slot *slot = open_slot();
	struct audit_context *audit =
		BPF_CORE_READ(current_task(), audit_context);

	count(PVM_K_AUDIT_LOST);
	if (!slot || slot->backlog || !has_ended(&slot->call, audit))
		return 0;
	slot->backlog = 1;
	count(PVM_K_BACKLOG);
	note_loss(PVM_K_LOST_BACKLOG, slot->call.sec, slot->call.nsec, 0);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
