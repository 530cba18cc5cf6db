// SPDX-License-Identifier: GPL-2.0-or-later
/* calibrate.c - see calibrate.h */
#define _GNU_SOURCE /* process_vm_readv */
#include <bpf/bpf.h>
#include <libaudit.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "kernel/audit_status.h"
#include "kernel/calibrate.h"

/* The kernel's stack has room for eight. */
#define VECTORS 9

_Static_assert(PVM_TRIAL_VECTORS >= VECTORS + 1, "a trial shows them all");

/* One call on the process itself, and what it must look like. */
struct trial_call {
	char from[VECTORS * 16];
	char to[VECTORS * 16];
	struct iovec remote[VECTORS];
	struct iovec local[VECTORS];
	unsigned int nr_remote;
	unsigned int nr_local;
	bool write;
};

/* Lengths that differ, so that no vector can pass for another. */
static void make_call(struct trial_call *call)
{
	char *remote = call->write ? call->to : call->from;
	char *local = call->write ? call->from : call->to;

	for (size_t i = 0; i < VECTORS; i++) {
		call->remote[i] = (struct iovec){remote + 16 * i, i + 1};
		call->local[i] = (struct iovec){local + 16 * i, i + 5};
	}
	if (call->write)
		process_vm_writev(getpid(), call->local, call->nr_local,
				  call->remote, call->nr_remote, 0);
	else
		process_vm_readv(getpid(), call->local, call->nr_local,
				 call->remote, call->nr_remote, 0);
}

static bool is_same_vector(const struct pvm_wire_iovec *seen,
			   const struct iovec *real)
{
	return seen->base == (uintptr_t)real->iov_base &&
	       seen->len == real->iov_len;
}

static bool are_arguments_right(const struct pvm_wire_trial *trial,
				const struct trial_call *call)
{
	return trial->call.pid == (int32_t)getpid() &&
	       trial->call.liovcnt == call->nr_local &&
	       trial->call.riovcnt == call->nr_remote && !trial->call.flags;
}

static bool are_vectors_right(const struct pvm_wire_trial *trial,
			      const struct trial_call *call)
{
	const uint32_t *held = trial->call.held;
	const struct pvm_wire_iovec *local = trial->vec + call->nr_remote;

	if (!(trial->call.seen & (PVM_SEEN_CORE | PVM_SEEN_USER)) ||
	    held[PVM_REMOTE] != call->nr_remote ||
	    held[PVM_LOCAL] != call->nr_local)
		return false;
	for (unsigned int i = 0; i < call->nr_remote; i++)
		if (!is_same_vector(&trial->vec[i], &call->remote[i]))
			return false;
	for (unsigned int i = 0; i < call->nr_local; i++)
		if (!is_same_vector(&local[i], &call->local[i]))
			return false;
	return true;
}

static bool is_target_right(const struct pvm_wire_trial *trial)
{
	const struct pvm_wire_task *target = &trial->call.target;

	return (trial->call.seen & PVM_SEEN_TARGET) &&
	       target->tgid == (uint32_t)getpid() &&
	       target->tid == (uint32_t)getpid() && target->uid == getuid() &&
	       target->parent == (uint32_t)getppid();
}

/* More than one try: the ring may have been full of other calls. */
#define TRIAL_TRIES 10

/* Make a call until the probes have sent what they saw of it, or give up. */
static bool try_call(struct trial_call *call, struct pvm_wire_trial *trial,
		     void (*drain)(void *arg, struct pvm_wire_trial *trial),
		     void *arg)
{
	for (int i = 0; i < TRIAL_TRIES; i++) {
		make_call(call);
		drain(arg, trial);
		if (trial->call.head.kind == PVM_WIRE_TRIAL)
			return true;
	}
	return false;
}

static void judge_trial(struct pvm_calibration *result,
			const struct pvm_wire_trial *trial,
			const struct trial_call *call, bool came)
{
	if (result->came && !came)
		result->write = call->write;
	result->came &= came;
	result->some |= came;
	result->arguments &= are_arguments_right(trial, call);
	result->vectors &= are_vectors_right(trial, call);
	result->target &= is_target_right(trial);
}

/* Since Linux 6.4 the kernel keeps a single local vector differently. */
void pvm_calibrate(struct pvm_calibration *result,
		   void (*drain)(void *arg, struct pvm_wire_trial *trial),
		   void *arg)
{
	struct pvm_wire_trial trial;

	*result = (struct pvm_calibration){
		.came = true,
		.arguments = true,
		.vectors = true,
		.target = true,
	};
	for (unsigned int i = 0; i < 4; i++) {
		struct trial_call call = {
			.write = i & 2,
			.nr_remote = i & 1 ? VECTORS : 1,
			.nr_local = i & 1 ? 1 : VECTORS,
		};
		bool came = try_call(&call, &trial, drain, arg);

		judge_trial(result, &trial, &call, came);
	}
}

/* Audit's clock is the kernel's, but no more exact than its timer. */
#define CLOCK_TOLERANCE 10 /* seconds */

enum pvm_stamp pvm_judge_stamp(const struct pvm_wire_stamp *stamp,
			       bool expected, time_t now)
{
	int64_t late = (int64_t)now - (int64_t)stamp->sec;

	if (stamp->head.kind != PVM_WIRE_STAMP)
		return expected ? PVM_STAMP_WRONG : PVM_STAMP_UNPROVEN;
	/* audit keeps no context for this task: the record's id is elsewhere */
	if (!(stamp->seen & PVM_SEEN_AUDIT) || stamp->nr != SYS_bpf)
		return PVM_STAMP_UNPROVEN;
	if (!stamp->serial || stamp->nsec >= 1000000000 ||
	    late < -CLOCK_TOLERANCE || late > CLOCK_TOLERANCE)
		return PVM_STAMP_WRONG;
	return PVM_STAMP_RIGHT;
}

/* Returns its file descriptor or -errno. "r0 = 0; exit" */
static int load_something(void)
{
	static const struct bpf_insn program[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K},
		{.code = BPF_JMP | BPF_EXIT},
	};

	return bpf_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, NULL, "GPL", program,
			     sizeof(program) / sizeof(program[0]), NULL);
}

/* More than one try: in a burst of other records ours may be dropped. */
#define STAMP_TRIES 3

enum pvm_stamp pvm_calibrate_stamp(struct pvm_wire_stamp *stamp,
				   void (*drain)(void *arg,
						 struct pvm_wire_stamp *stamp),
				   void *arg)
{
	bool expected;

	for (int i = 0; i < STAMP_TRIES; i++) {
		int fd = load_something();

		memset(stamp, 0, sizeof(*stamp));
		if (fd < 0)
			return PVM_STAMP_UNPROVEN;
		drain(arg, stamp);
		close(fd);
		if (stamp->head.kind == PVM_WIRE_STAMP)
			break;
	}
	expected = stamp->head.kind != PVM_WIRE_STAMP &&
		   pvm_audit_writes(AUDIT_BPF) == 1;
	return pvm_judge_stamp(stamp, expected, time(NULL));
}
