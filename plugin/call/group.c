// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * group.c - see group.h
 */
#include <string.h>

#include "call/group.h"

/* What the call came to: all that moved anything are alike. */
static int64_t outcome_of(const struct pvm_access *access)
{
	int64_t result = pvm_access_exit(access);

	return result > 0 ? 1 : result;
}

uint32_t pvm_group_hash(const struct pvm_access *access)
{
	const struct pvm_syscall *syscall = access->syscall;
	const struct pvm_capture *capture = access->capture;
	uint64_t hash = (uint64_t)outcome_of(access);

	if (syscall)
		hash = (hash * 31 + syscall->pid) * 31 + syscall->type->nr;
	if (capture) {
		hash = hash * 31 + capture->call.caller.tgid;
		hash = hash * 31 + capture->call.nr;
		if (capture->call.seen & PVM_SEEN_TARGET)
			hash = hash * 31 + capture->call.target.tid;
	}
	hash *= UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(hash >> 32);
}

static bool is_same_syscall(const struct pvm_syscall *a,
			    const struct pvm_syscall *b)
{
	if (!a || !b)
		return a == b;
	return a->type == b->type && (int32_t)a->a0 == (int32_t)b->a0 &&
	       a->pid == b->pid && a->uid == b->uid && a->auid == b->auid &&
	       !strcmp(a->node, b->node) && !strcmp(a->tty, b->tty) &&
	       !strcmp(a->comm, b->comm) && !strcmp(a->exe, b->exe) &&
	       !strcmp(a->key, b->key);
}

/* Threads of one process are the same caller when all else is the same. */
static bool is_same_caller(const struct pvm_wire_task *a,
			   const struct pvm_wire_task *b)
{
	struct pvm_wire_task other = *b;

	other.tid = a->tid;
	other.start_ns = a->start_ns;
	return !memcmp(a, &other, sizeof(other));
}

static bool is_same_target(const struct pvm_wire_call *a,
			   const struct pvm_wire_call *b)
{
	return !(a->seen & PVM_SEEN_TARGET) ||
	       !memcmp(&a->target, &b->target, sizeof(a->target));
}

/* A record says in why= which lists it lacks, so both must lack the same. */
static bool has_same_lists(const struct pvm_capture *a,
			   const struct pvm_capture *b)
{
	return a->part == b->part &&
	       !a->vec[PVM_REMOTE] == !b->vec[PVM_REMOTE] &&
	       !a->vec[PVM_LOCAL] == !b->vec[PVM_LOCAL] &&
	       (a->maps && a->names) == (b->maps && b->names);
}

static bool has_same_path(const struct pvm_capture *a,
			  const struct pvm_capture *b)
{
	uint32_t len = a->call.held[PVM_PATH];

	if (!a->path || !b->path)
		return a->path == b->path;
	return len == b->call.held[PVM_PATH] && !memcmp(a->path, b->path, len);
}

static bool is_same_capture(const struct pvm_capture *a,
			    const struct pvm_capture *b)
{
	if (!a || !b)
		return a == b;
	return a->call.seen == b->call.seen && a->call.arch == b->call.arch &&
	       a->call.nr == b->call.nr && a->call.pid == b->call.pid &&
	       a->call.flags == b->call.flags &&
	       is_same_caller(&a->call.caller, &b->call.caller) &&
	       is_same_target(&a->call, &b->call) && has_same_lists(a, b) &&
	       has_same_path(a, b);
}

bool pvm_group_alike(const struct pvm_access *a, const struct pvm_access *b)
{
	return outcome_of(a) == outcome_of(b) &&
	       is_same_syscall(a->syscall, b->syscall) &&
	       is_same_capture(a->capture, b->capture);
}
