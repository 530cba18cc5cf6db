// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pvm.bpf.c - the probes: what the kernel itself used, under audit's own id
 *
 * Four hooks along one call, in the order in which the kernel passes them:
 *
 *   process_vm_rw        the six arguments; opens the thread's slot
 *   process_vm_rw_core   both vectors, as the kernel has copied them; or the
 *                        same at call sites, where it was inlined
 *   mm_access            the target task, as the kernel has found it
 *   audit_log_end        the id of the audit event; sends the slot's content
 *
 * audit_log_lost, besides, counts the calls that get no event. What a call
 * needs from one hook to the next is in its slot (slot.h).
 *
 * Most programs are there twice, as kprobe and as fentry ("_f"): that one costs
 * less and sees more (fentry.h), but does not run on a CPU where another task
 * has been preempted inside it, which on a preemptible kernel loses one call
 * in ten under load. Kprobes run with preemption off. Which are used is for
 * the plugin to choose (probes.c).
 *
 * Rejected: reading the vectors from the caller's memory (another thread can
 * change them in between), and joining by pid and time (never exact).
 */
#include <linux/ptrace.h>
#include <linux/bpf.h>
#include <stdbool.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "path.h"
#include "send.h"
#include "mappings.h"
#include "task.h"
#include "fentry.h"
#include "vectors.h"

#ifndef PT_REGS_PARM6 /* libbpf before 1.2 stops at the fifth */
#if defined(bpf_target_x86)
#define PT_REGS_PARM6(ctx) ((ctx)->r9)
#elif defined(bpf_target_arm64)
#define PT_REGS_PARM6(ctx) (((const struct user_pt_regs *)(ctx))->regs[5])
#endif
#endif

/* PTRACE_MODE_ATTACH_REALCREDS, which no other caller of mm_access() uses */
#define MM_ACCESS_MODE 0x12

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
	if (slot->chunks_nr)
		free_chunks(slot);
	call = &slot->call;
	call->head.version = PVM_WIRE_VERSION;
	call->head.kind = PVM_WIRE_CALL;
	call->head.tid = pid_tgid;
	call->head.entry_ns = bpf_ktime_get_ns();
	call->pid = PT_REGS_PARM1(ctx);
	call->liovcnt = PT_REGS_PARM3(ctx);
	call->riovcnt = PT_REGS_PARM5(ctx);
	call->flags = PT_REGS_PARM6(ctx);
	call->seen = 0;
	if (audit)
		read_syscall(call, audit);
	call->held[PVM_REMOTE] = 0;
	call->held[PVM_LOCAL] = 0;
	call->held[PVM_PATH] = 0;
	call->held[PVM_MAPS] = 0;
	call->held[PVM_NAMES] = 0;
	call->tag_bits = 0;
	slot->vectors = 0;
	slot->iter = 0;
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
	if (!trial) {
		trials_lost = 1;
		return;
	}
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

/* Both lists, where the kernel has copied them. */
static __always_inline void take_copies(struct slot *slot, const void *rvec,
					struct iov_iter *iter)
{
	slot->call.seen |= PVM_SEEN_CORE;
	slot->vectors = (__u64)rvec;
	keep_vectors(slot, PVM_REMOTE, rvec, slot->call.riovcnt, 0, false);
	keep_local(slot, iter, tail_size(slot, PVM_REMOTE));
	send_trial(slot);
}

static __always_inline void note_other_registers(struct slot *slot)
{
	slot->call.seen |= PVM_SEEN_OTHER_REGS;
	count(PVM_K_OTHER_REGS);
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

	if (!slot)
		return 0;
	if (pid != slot->call.pid || riovcnt != slot->call.riovcnt ||
	    riovcnt > PVM_VECTORS_MAX)
		note_other_registers(slot);
	else
		take_copies(slot, rvec, iter);
	return 0;
}

/*
 * Instead of pvm_core, where the compiler has inlined the core: at
 * process_vm_rw's call of import_iovec(type, lvec, liovcnt, fast, copy, iter).
 * What the call leaves in the iter is not there yet.
 */
SEC("kprobe")
int pvm_import(struct pt_regs *ctx)
{
	struct slot *slot = open_slot();

	if (slot)
		slot->iter = PT_REGS_PARM6(ctx);
	return 0;
}

/* As the kernel returns errors instead of pointers. */
#define ERRNO_MAX 4095

/*
 * And behind its call of iovec_from_user(), which returns the kernel's copy of
 * the remote vectors. Neither function has its arguments moved by a compiler:
 * other files call them.
 */
SEC("kprobe")
int pvm_copied(struct pt_regs *ctx)
{
	struct slot *slot = open_slot();
	__u64 rvec = PT_REGS_RC(ctx);

	if (!slot || rvec >= (__u64)-ERRNO_MAX)
		return 0;
	if (!slot->iter || slot->call.riovcnt > PVM_VECTORS_MAX)
		note_other_registers(slot);
	else
		take_copies(slot, (void *)rvec, (void *)slot->iter);
	return 0;
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
 * The mapping of one vector, and the next one's by another program: a loop
 * around all this would be more than the verifier cares to follow.
 */
static __always_inline void map_vector(void *ctx, struct slot *slot,
				       struct mappings *mappings,
				       struct path_walk *walk)
{
	if (read_vector(mappings)) {
		look_up_vector(mappings, walk);
		go_on(mappings);
	}
	if (!is_over(mappings))
		bpf_tail_call(ctx, &steps, 0);
	keep_maps(slot, mappings, true); /* also if it cannot be called again */
}

/* Called by pvm_target(), then by itself. */
SEC("kprobe")
int pvm_map(struct pt_regs *ctx)
{
	struct mappings *mappings = this_cpu_mappings();
	struct path_walk *walk = this_cpu_walk();
	struct slot *slot = open_slot();

	if (mappings && walk && slot)
		map_vector(ctx, slot, mappings, walk);
	return 0;
}

/* The slot, when it is our call that asks for access to a task. */
static __always_inline struct slot *target_slot(unsigned int mode)
{
	struct slot *slot;

	if (mode != MM_ACCESS_MODE)
		return NULL;
	slot = open_slot();
	if (!slot || !(slot->call.seen & (PVM_SEEN_CORE | PVM_SEEN_USER)))
		return NULL;
	slot->call.seen |= PVM_SEEN_TARGET;
	return slot;
}

/*
 * Is the target still the program that it was when mm_access() was entered? The
 * kernel waits there until an execve() of the target is over, and works on the
 * memory behind it; and it counts each of them before it goes on. So if there
 * was none until now, what was read of the target is of the memory that the
 * kernel has used. The task may have been freed since: then it is not known.
 *
 * Rejected: reading the target at mm_access()'s exit. A kretprobe has a place
 * for some sleepers only, and others' calls can take these.
 */
static __always_inline bool is_same_program(const struct identity *before)
{
	struct task_struct *task = before->task;

	return BPF_CORE_READ(task, start_boottime) == before->start &&
	       BPF_CORE_READ(task, self_exec_id) == before->exec_id;
}

/*
 * mm_access(task, mode): at its entry the kernel holds the task. With @known
 * the verifier knows it for one, see fentry.h.
 */
static __always_inline void take_target(void *ctx, struct task_struct *task,
					unsigned int mode, const bool known)
{
	struct slot *slot = target_slot(mode);
	struct mappings *mappings = this_cpu_mappings();
	struct path_walk *walk = this_cpu_walk();
	struct file *file = NULL;
	struct mm_struct *mm;

	if (!slot || !mappings || !walk)
		return;
	walk->leaf = NULL; /* an earlier call's */
	slot->target.task = task;
	slot->target.start = known ? task->start_boottime
				   : BPF_CORE_READ(task, start_boottime);
	slot->target.exec_id =
		known ? task->self_exec_id : BPF_CORE_READ(task, self_exec_id);
	barrier(); /* what is read from here on is compared with that */
	slot->call.target.dev = 0;
	slot->call.target.ino = 0;
	if (known) {
		read_known(&slot->call.target, task);
		mm = task->mm;
		if (mm)
			file = mm->exe_file;
		if (file) {
			read_known_program(&slot->call.target, file);
			walk_known_path(walk, file);
		}
	} else {
		read_target(&slot->call.target, task);
		mm = BPF_CORE_READ(task, mm);
		if (mm)
			file = BPF_CORE_READ(mm, exe_file);
		if (file) {
			read_program(&slot->call.target, file);
			walk_path(walk, file);
		}
	}
	if (file)
		keep_path(slot, walk, !known);
	send_trial(slot);
	if (!begin_mappings(mappings, slot, task, mm))
		return;
	if (known)
		look_up_all(task, slot, mappings, walk);
	else
		bpf_tail_call(ctx, &steps, 0);
}

SEC("kprobe")
int BPF_KPROBE(pvm_target, struct task_struct *task, unsigned int mode)
{
	take_target(ctx, task, mode, false);
	return 0;
}

SEC("fentry/mm_access")
int BPF_PROG(pvm_target_f, struct task_struct *task, unsigned int mode)
{
	take_target(ctx, task, mode, true);
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
	stamp->nr = 0;
	stamp->seen = 0;
	if (audit) {
		stamp->seen = PVM_SEEN_AUDIT;
		read_time(audit, &stamp->sec, &stamp->nsec);
		stamp->serial = read_serial(audit);
		stamp->nr = LOAD(audit, major);
	}
	bpf_ringbuf_submit(stamp, 0);
}

/* The latest event that a CPU has seen a record of. */
static struct {
	__u32 serial;
	__u32 pad[15]; /* a cache line each */
} latest[PVM_COUNTER_ROWS];

/*
 * Has a record of this event been seen already? Then there is nothing more to
 * be done for it. Its records come one after the other, mostly on one CPU;
 * where not, the slot is looked up once more.
 */
static __always_inline bool is_done(__u32 serial)
{
	__u32 row = bpf_get_smp_processor_id() % PVM_COUNTER_ROWS;

	if (latest[row].serial == serial)
		return true;
	latest[row].serial = serial;
	return false;
}

/*
 * audit_log_end(ab) runs for each record of an event, when the event has its
 * id and before the record is queued: at the SYSCALL record's, nobody can
 * have read it yet.
 *
 * Rejected: auditsc_get_stamp(), where the id is made. At its entry the first
 * record's is not there yet, and a site may exclude all the others.
 */
static __always_inline void stamp(void)
{
	struct audit_context *audit = audit_context();
	struct pvm_wire_call *call;
	struct slot *slot;
	__u32 serial;

	if (trial_tgid)
		send_stamp(audit);
	if (!audit || !LOAD(audit, return_valid))
		return;
	serial = read_serial(audit);
	if (!serial || is_done(serial))
		return;
	slot = open_slot();
	if (!slot || !has_ended(&slot->call, audit))
		return;
	call = &slot->call;
	call->serial = serial;
	slot->open = 0;
	call->exit = LOAD(audit, return_code);
	if ((call->seen & PVM_SEEN_TARGET) && !is_same_program(&slot->target))
		call->seen |= PVM_SEEN_CHANGED;
	read_known(&call->caller, current_task());
	read_own_program(&call->caller);
	send_call(slot);
}

SEC("kprobe")
int pvm_stamp(struct pt_regs *ctx)
{
	stamp();
	return 0;
}

SEC("fentry/audit_log_end")
int pvm_stamp_f(void *ctx)
{
	stamp();
	return 0;
}

/*
 * audit_log_lost(message) runs for whatever audit drops: its backlog is full,
 * its rate limit reached, memory short. A call whose SYSCALL record is dropped
 * at its end gets no other record either, and no id: this count is all that is
 * left of it. Should audit drop only a part of that record, memory being
 * short, the call is counted and recorded both: it is a count of what is lost
 * at most.
 */
static __always_inline void note_audit_loss(void)
{
	struct slot *slot = open_slot();
	struct audit_context *audit = audit_context();

	count(PVM_K_AUDIT_LOST);
	if (!slot || slot->backlog || !has_ended(&slot->call, audit))
		return;
	slot->backlog = 1;
	count(PVM_K_BACKLOG);
	note_loss(PVM_K_LOST_BACKLOG, slot->call.sec, slot->call.nsec, 0);
}

SEC("kprobe")
int pvm_lost(struct pt_regs *ctx)
{
	note_audit_loss();
	return 0;
}

SEC("fentry/audit_log_lost")
int pvm_lost_f(void *ctx)
{
	note_audit_loss();
	return 0;
}

/*
 * Some bytes of the kernel's memory: its text, or how it preempts tasks. Run by
 * the plugin, by itself.
 */
__u64 peek_at;
__u32 peek_size;
__u8 peeked[PVM_PEEK_MAX];

SEC("raw_tp")
int pvm_peek(void *ctx)
{
	__u32 size = peek_size;

	barrier_var(size);
	if (size > sizeof(peeked))
		return 1;
	return bpf_probe_read_kernel(peeked, size, (void *)peek_at) ? 1 : 0;
}

char LICENSE[] SEC("license") = "GPL";
