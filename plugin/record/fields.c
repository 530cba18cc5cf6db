// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fields.c - see fields.h; the fields' meaning is in pvm-record(5)
 *
 * The order matters: ausearch matches names by substring and takes the first
 * that fits, so uid= stands ahead of ouid= and sauid=, and the caller's comm=
 * and exe= ahead of what libaudit appends. No value holds a space or a quote
 * other than the pair around it.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "record/fields.h"
#include "pvm/record.h"

static void put_comm(struct pvm_text *text, const char *name,
		     const struct pvm_wire_task *task)
{
	pvm_put_string(text, name, task->comm,
		       strnlen(task->comm, PVM_COMM_LEN), PVM_WORD_MAX, NULL);
}

static bool seen(const struct pvm_access *access, uint32_t what)
{
	return access->capture && (access->capture->call.seen & what);
}

static const struct pvm_call_type *type_of(const struct pvm_access *access)
{
	if (access->syscall)
		return access->syscall->type;
	return pvm_call_type(access->capture->call.arch,
			     access->capture->call.nr);
}

bool pvm_access_succeeded(const struct pvm_access *access)
{
	return pvm_access_exit(access) >= 0;
}

const char *pvm_source_name(enum pvm_source source)
{
	static const char *const names[] = {"none", "user", "kernel"};

	return names[source];
}

/* The kernel cannot have come to this result without copied vectors. */
static bool result_needs_core(int64_t result)
{
	return result > 0 || result == -EPERM || result == -ESRCH;
}

/* There was a target, going by the result, but no probe has told of it. */
static bool is_target_missed(const struct pvm_access *access)
{
	int64_t result;

	if (!access->capture || seen(access, PVM_SEEN_TARGET))
		return false;
	result = pvm_access_exit(access);
	if (result > 0 || result == -EPERM)
		return seen(access, PVM_SEEN_CORE | PVM_SEEN_USER);
	/* past the kernel's copying the vectors, only a target gives this */
	return result == -EFAULT && seen(access, PVM_SEEN_CORE);
}

void pvm_put_op(struct pvm_text *text, const struct pvm_access *access)
{
	const struct pvm_call_type *type = type_of(access);

	pvm_put(text, "op=");
	pvm_put(text, type ? type->op : "process_vm");
}

void pvm_put_id(struct pvm_text *text, const char *name,
		const struct pvm_id *id)
{
	pvm_put_unsigned(text, name, id->sec);
	pvm_put(text, ".");
	pvm_put_padded(text, id->msec, 3);
	pvm_put(text, ":");
	pvm_put_decimal(text, id->serial);
}

/*
 * The uid stands twice: ausearch -ui looks for uid=, but prints the name that
 * auditd has looked up for the first uid= of the line, which is the sender's.
 */
void pvm_put_caller(struct pvm_text *text, const struct pvm_access *access,
		    struct pvm_text *cut)
{
	static const struct pvm_wire_task nobody;
	const struct pvm_call_type *type = type_of(access);
	const struct pvm_syscall *syscall = access->syscall;
	const struct pvm_wire_task *task =
		access->capture ? &access->capture->call.caller : &nobody;
	uint32_t uid = syscall ? syscall->uid : task->uid;
	uint32_t spid = syscall ? syscall->pid : task->tgid;

	if (syscall)
		pvm_put_token(text, "key", syscall->key, PVM_WORD_MAX, cut);
	pvm_put_unsigned(text, "uid", uid);
	pvm_put_unsigned(text, "suid", uid);
	pvm_put_unsigned(text, "spid", spid);
	if (access->capture && task->tid != spid &&
	    (!access->folded || access->folded->one_thread))
		pvm_put_unsigned(text, "stid", task->tid);
	pvm_put_unsigned(text, "sauid", syscall ? syscall->auid : task->auid);
	if (syscall) {
		pvm_put_token(text, "comm", syscall->comm, PVM_WORD_MAX, cut);
		pvm_put_token(text, "exe", syscall->exe, PVM_PATH_MAX, cut);
	} else {
		put_comm(text, "comm", task);
	}
	if (type && type->abi) {
		pvm_put(text, " abi=");
		pvm_put(text, type->abi);
	}
}

/* The pid argument, as a signed number whatever the caller's registers held. */
static int32_t pid_argument(const struct pvm_access *access)
{
	return access->capture ? access->capture->call.pid
			       : (int32_t)access->syscall->a0;
}

/* The target to the caller; the closest that holds. */
static const char *relation(const struct pvm_wire_task *caller,
			    const struct pvm_wire_task *target)
{
	if (target->tgid == caller->tgid)
		return "self";
	if (target->tracer == caller->tgid)
		return "tracee";
	if (target->parent == caller->tgid)
		return "child";
	if (target->tgid == caller->parent)
		return "parent";
	if (target->parent == caller->parent)
		return "sibling";
	return "other";
}

/* As /proc/PID/stat has it, in ticks of USER_HZ since boot. */
static uint64_t start_ticks(const struct pvm_wire_task *task)
{
	return task->start_ns / (1000000000u / (uint64_t)sysconf(_SC_CLK_TCK));
}

static void put_program(struct pvm_text *text,
			const struct pvm_capture *capture, struct pvm_text *cut)
{
	uint32_t seen = capture->call.seen;

	if (!capture->path)
		return;
	if (seen & PVM_SEEN_PATH_CUT)
		pvm_note_cut(cut, "oexe");
	pvm_put_string(text, "oexe", capture->path,
		       capture->call.held[PVM_PATH], PVM_PATH_MAX,
		       seen & PVM_SEEN_PATH_CUT ? NULL : cut);
	if (seen & PVM_SEEN_PATH_DELETED)
		pvm_put(text, " odeleted=1");
}

void pvm_put_target(struct pvm_text *text, const struct pvm_access *access,
		    struct pvm_text *cut)
{
	const struct pvm_wire_task *task;
	int32_t apid = pid_argument(access);

	if (!seen(access, PVM_SEEN_TARGET)) {
		pvm_put_signed(text, "apid", apid);
		return;
	}
	task = &access->capture->call.target;
	pvm_put_unsigned(text, "opid", task->tgid);
	if (task->tid != task->tgid)
		pvm_put_unsigned(text, "otid", task->tid);
	if (apid != (int32_t)task->tid)
		pvm_put_signed(text, "apid", apid);
	put_comm(text, "ocomm", task);
	put_program(text, access->capture, cut);
	pvm_put_unsigned(text, "ouid", task->uid);
	pvm_put_unsigned(text, "oauid", task->auid);
	pvm_put_unsigned(text, "oses", task->ses);
	pvm_put_unsigned(text, "ostart", start_ticks(task));
	pvm_put(text, " rel=");
	pvm_put(text, relation(&access->capture->call.caller, task));
}

/* Why there are no vectors. */
static const char *no_vectors_why(const struct pvm_access *access)
{
	if (!access->capture)
		return access->probes ? "no-capture" : "no-probes";
	if (seen(access, PVM_SEEN_OTHER_REGS))
		return "registers";
	if (seen(access, PVM_SEEN_READ_FAULT))
		return "read-fault";
	if (seen(access, PVM_SEEN_CORE | PVM_SEEN_USER))
		return "vectors-lost";
	return result_needs_core(pvm_access_exit(access)) ? "core-missed"
							  : "not-copied";
}

/* Where the vectors come from, and everything that is not as it should be. */
static void put_source(struct pvm_text *text, const struct pvm_access *access)
{
	bool remote = pvm_has_vectors(access, PVM_REMOTE);
	bool local = pvm_has_vectors(access, PVM_LOCAL);
	enum pvm_source source = PVM_SOURCE_NONE;
	const char *why[5];
	size_t n = 0;

	if (!remote || !local)
		why[n++] = no_vectors_why(access);
	if (is_target_missed(access))
		why[n++] = "target-missed";
	if (seen(access, PVM_SEEN_PATH) && !access->capture->path)
		why[n++] = "path-lost";
	if (seen(access, PVM_SEEN_MAPS) &&
	    (!access->capture->maps || !access->capture->names))
		why[n++] = "maps-lost";
	if (!access->syscall)
		why[n++] = "no-syscall";

	if (remote || local)
		source = seen(access, PVM_SEEN_USER) ? PVM_SOURCE_USER
						     : PVM_SOURCE_KERNEL;
	pvm_put(text, " src=");
	pvm_put(text, pvm_source_name(source));
	for (size_t i = 0; i < n; i++) {
		pvm_put(text, i ? "," : " why=");
		pvm_put(text, why[i]);
	}
}

void pvm_put_rest(struct pvm_text *text, const struct pvm_access *access,
		  const struct pvm_text *cut)
{
	if (access->capture) {
		pvm_put(text, " vmflags=");
		pvm_put_hex(text, access->capture->call.flags);
	}
	put_source(text, access);
	if (cut->at > cut->start) {
		pvm_put(text, " cut=");
		pvm_put(text, cut->start);
	}
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t pvm_fields_most(const struct pvm_access *access)
{
	const struct pvm_syscall *syscall = access->syscall;
	size_t most = PVM_FIELDS_MOST;

	if (syscall)
		most += least(strlen(syscall->key), PVM_WORD_MAX) +
			least(strlen(syscall->comm), PVM_WORD_MAX) +
			least(strlen(syscall->exe), PVM_PATH_MAX);
	if (access->capture && access->capture->path)
		most += least(2 * (size_t)access->capture->call.held[PVM_PATH],
			      PVM_PATH_MAX);
	return most;
}
