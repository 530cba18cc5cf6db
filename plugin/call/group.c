// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * group.c - see group.h
 */
#include <string.h>

#include "call/group.h"
#include "pvm/record_fields.h"

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
			hash = hash * 31 + capture->call.target.tgid;
	}
	hash *= UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(hash >> 32);
}

uint32_t pvm_group_pid(const struct pvm_access *access)
{
	return access->syscall ? access->syscall->pid
			       : access->capture->call.caller.tgid;
}

static bool is_same_syscall(const struct pvm_syscall *a,
			    const struct pvm_syscall *b)
{
	if (!a || !b)
		return a == b;
	return a->type == b->type && a->pid == b->pid && a->uid == b->uid &&
	       a->auid == b->auid && !strcmp(a->node, b->node) &&
	       !strcmp(a->tty, b->tty) && !strcmp(a->exe, b->exe) &&
	       !strcmp(a->key, b->key);
}

/* Threads of one process are the same caller when all else is the same. */
static bool is_same_caller(const struct pvm_wire_task *a,
			   const struct pvm_wire_task *b)
{
	struct pvm_wire_task other = *b;

	other.tid = a->tid;
	other.start_ns = a->start_ns;
	memcpy(other.comm, a->comm, sizeof(other.comm));
	return !memcmp(a, &other, sizeof(other));
}

static bool is_same_target(const struct pvm_wire_call *a,
			   const struct pvm_wire_call *b)
{
	struct pvm_wire_task other = b->target;

	other.tid = a->target.tid;
	memcpy(other.comm, a->target.comm, sizeof(other.comm));
	return !(a->seen & PVM_SEEN_TARGET) ||
	       !memcmp(&a->target, &other, sizeof(other));
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

/* What the probes saw of the call, but for how many mappings it reaches. */
static uint32_t seen(const struct pvm_capture *capture)
{
	return capture->call.seen & ~(uint32_t)PVM_SEEN_MAPS_CUT;
}

static bool is_same_capture(const struct pvm_capture *a,
			    const struct pvm_capture *b)
{
	if (!a || !b)
		return a == b;
	return seen(a) == seen(b) && a->call.arch == b->call.arch &&
	       a->call.nr == b->call.nr &&
	       is_same_caller(&a->call.caller, &b->call.caller) &&
	       is_same_target(&a->call, &b->call) && has_same_lists(a, b) &&
	       has_same_path(a, b);
}

static bool is_same_name(const struct pvm_wire_task *a,
			 const struct pvm_wire_task *b)
{
	return !memcmp(a->comm, b->comm, sizeof(a->comm));
}

static uint64_t bit(enum pvm_field field, bool same)
{
	_Static_assert(PVM_FIELDS <= 64, "a bit for each");
	return same ? 0 : UINT64_C(1) << field;
}

static uint64_t vary_of_captures(const struct pvm_wire_call *a,
				 const struct pvm_wire_call *b)
{
	uint64_t vary =
		bit(PVM_FIELD_APID, a->pid == b->pid) |
		bit(PVM_FIELD_VMFLAGS, a->flags == b->flags) |
		bit(PVM_FIELD_COMM, is_same_name(&a->caller, &b->caller));

	if (a->seen & PVM_SEEN_TARGET)
		vary |= bit(PVM_FIELD_OTID, a->target.tid == b->target.tid) |
			bit(PVM_FIELD_OCOMM,
			    is_same_name(&a->target, &b->target));
	return vary;
}

uint64_t pvm_group_vary(const struct pvm_access *a, const struct pvm_access *b)
{
	uint64_t vary = 0;

	if (a->syscall)
		vary |= bit(PVM_FIELD_COMM,
			    !strcmp(a->syscall->comm, b->syscall->comm)) |
			bit(PVM_FIELD_APID,
			    (int32_t)a->syscall->a0 == (int32_t)b->syscall->a0);
	if (a->capture)
		vary |= vary_of_captures(&a->capture->call, &b->capture->call);
	return vary;
}

bool pvm_group_alike(const struct pvm_access *a, const struct pvm_access *b,
		     bool loose)
{
	return outcome_of(a) == outcome_of(b) &&
	       is_same_syscall(a->syscall, b->syscall) &&
	       is_same_capture(a->capture, b->capture) &&
	       (loose || !pvm_group_vary(a, b));
}
