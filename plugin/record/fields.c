// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fields.c - see fields.h; the fields' meaning is in pvm-record(5)
 *
 * No value holds a space, nor a quote other than the pair around it.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/syscalls.h"
#include "record/fields.h"
#include "pvm/record.h"

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

/* The result takes a target, but no probe has seen one. */
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

/* ---- which call ------------------------------------------------------ */

void pvm_write_op(struct pvm_draft *draft)
{
	const struct pvm_call_type *type = type_of(draft->access);

	pvm_put_word(&draft->text, PVM_FIELD_OP,
		     type ? type->op : "process_vm");
}

void pvm_write_event(struct pvm_draft *draft)
{
	if (!draft->access->folded)
		pvm_put_id(&draft->text, PVM_FIELD_EVENT,
			   pvm_access_id(draft->access));
}

/* ---- the caller ------------------------------------------------------ */

/* As the probes saw it; call only without a SYSCALL record, or where seen. */
static const struct pvm_wire_task *caller_of(const struct pvm_access *access)
{
	return &access->capture->call.caller;
}

static uint32_t uid_of(const struct pvm_access *access)
{
	return access->syscall ? access->syscall->uid : caller_of(access)->uid;
}

static uint32_t spid_of(const struct pvm_access *access)
{
	return access->syscall ? access->syscall->pid : caller_of(access)->tgid;
}

void pvm_write_key(struct pvm_draft *draft)
{
	const struct pvm_syscall *syscall = draft->access->syscall;

	if (syscall)
		pvm_put_token(&draft->text, PVM_FIELD_KEY, syscall->key,
			      PVM_WORD_MAX, &draft->cut);
}

/*
 * The uid stands twice: ausearch -ui looks for uid=, but prints the name that
 * auditd has looked up for the first uid= of the line, which is the sender's.
 */
void pvm_write_uid(struct pvm_draft *draft)
{
	pvm_put_unsigned(&draft->text, PVM_FIELD_UID, uid_of(draft->access));
}

void pvm_write_suid(struct pvm_draft *draft)
{
	pvm_put_unsigned(&draft->text, PVM_FIELD_SUID, uid_of(draft->access));
}

void pvm_write_spid(struct pvm_draft *draft)
{
	pvm_put_unsigned(&draft->text, PVM_FIELD_SPID, spid_of(draft->access));
}

void pvm_write_stid(struct pvm_draft *draft)
{
	const struct pvm_access *access = draft->access;

	if (access->capture && caller_of(access)->tid != spid_of(access) &&
	    (!access->folded || access->folded->one_thread))
		pvm_put_unsigned(&draft->text, PVM_FIELD_STID,
				 caller_of(access)->tid);
}

void pvm_write_sauid(struct pvm_draft *draft)
{
	const struct pvm_access *access = draft->access;

	pvm_put_unsigned(&draft->text, PVM_FIELD_SAUID,
			 access->syscall ? access->syscall->auid
					 : caller_of(access)->auid);
}

static void put_comm(struct pvm_draft *draft, enum pvm_field field,
		     const struct pvm_wire_task *task)
{
	pvm_put_string(&draft->text, field, task->comm,
		       strnlen(task->comm, PVM_COMM_LEN), PVM_WORD_MAX, NULL);
}

/*
 * Without a name of the caller's, ausearch would take ocomm= for it: of several
 * it is "?".
 */
void pvm_write_comm(struct pvm_draft *draft)
{
	const struct pvm_access *access = draft->access;

	if (pvm_has_comms(access))
		pvm_put_word(&draft->text, PVM_FIELD_COMM, "\"?\"");
	else if (access->syscall &&
		 (*access->syscall->comm || !access->capture))
		pvm_put_token(&draft->text, PVM_FIELD_COMM,
			      access->syscall->comm, PVM_WORD_MAX, &draft->cut);
	else
		put_comm(draft, PVM_FIELD_COMM, caller_of(access));
}

/*
 * It is never left out: ausearch -x and aureport -x would take the oexe= for it
 * that follows, or the sender's, at the record's end. What stands in its place
 * is what libaudit writes there for a program that it cannot find.
 */
void pvm_write_exe(struct pvm_draft *draft)
{
	const struct pvm_syscall *syscall = draft->access->syscall;
	bool known = syscall && *syscall->exe;

	pvm_put_token(&draft->text, PVM_FIELD_EXE,
		      known ? syscall->exe : "\"?\"", PVM_PATH_MAX,
		      &draft->cut);
}

/* Which file a program is, as audit's PATH records have it. */
static void put_device(struct pvm_draft *draft, enum pvm_field field,
		       const struct pvm_wire_task *task)
{
	if (!task || !task->dev)
		return;
	pvm_put_name(&draft->text, field);
	pvm_put_two_hex(&draft->text, PVM_WIRE_MAJOR(task->dev));
	pvm_put(&draft->text, ":");
	pvm_put_two_hex(&draft->text, PVM_WIRE_MINOR(task->dev));
}

static void put_inode(struct pvm_draft *draft, enum pvm_field field,
		      const struct pvm_wire_task *task)
{
	if (task && task->dev)
		pvm_put_unsigned(&draft->text, field, task->ino);
}

void pvm_write_sdev(struct pvm_draft *draft)
{
	if (draft->access->capture)
		put_device(draft, PVM_FIELD_SDEV, caller_of(draft->access));
}

void pvm_write_sino(struct pvm_draft *draft)
{
	if (draft->access->capture)
		put_inode(draft, PVM_FIELD_SINO, caller_of(draft->access));
}

void pvm_write_abi(struct pvm_draft *draft)
{
	const struct pvm_call_type *type = type_of(draft->access);

	if (type && type->abi)
		pvm_put_word(&draft->text, PVM_FIELD_ABI, type->abi);
}

/* ---- the target ------------------------------------------------------ */

/* NULL when no probe has seen it. */
static const struct pvm_wire_task *target_of(const struct pvm_access *access)
{
	return seen(access, PVM_SEEN_TARGET) ? &access->capture->call.target
					     : NULL;
}

void pvm_write_opid(struct pvm_draft *draft)
{
	const struct pvm_wire_task *target = target_of(draft->access);

	if (target)
		pvm_put_unsigned(&draft->text, PVM_FIELD_OPID, target->tgid);
}

void pvm_write_otid(struct pvm_draft *draft)
{
	const struct pvm_wire_task *target = target_of(draft->access);

	if (target && target->tid != target->tgid)
		pvm_put_unsigned(&draft->text, PVM_FIELD_OTID, target->tid);
}

/* The pid argument, as a signed number whatever the caller's registers held. */
static int32_t pid_argument(const struct pvm_access *access)
{
	return access->capture ? access->capture->call.pid
			       : (int32_t)access->syscall->a0;
}

void pvm_write_apid(struct pvm_draft *draft)
{
	const struct pvm_wire_task *target = target_of(draft->access);
	int32_t apid = pid_argument(draft->access);

	if (!target || apid != (int32_t)target->tid)
		pvm_put_signed(&draft->text, PVM_FIELD_APID, apid);
}

void pvm_write_ocomm(struct pvm_draft *draft)
{
	const struct pvm_wire_task *target = target_of(draft->access);

	if (target)
		put_comm(draft, PVM_FIELD_OCOMM, target);
}

/* The target's program is known; that is so only of a target seen. */
static bool has_program(const struct pvm_access *access)
{
	return target_of(access) && access->capture->path;
}

void pvm_write_oexe(struct pvm_draft *draft)
{
	const struct pvm_capture *capture = draft->access->capture;
	bool cut = seen(draft->access, PVM_SEEN_PATH_CUT) ||
		   pvm_is_part(draft->access, PVM_PATH);

	if (!has_program(draft->access))
		return;
	if (cut)
		pvm_note_cut(&draft->cut, PVM_FIELD_OEXE);
	pvm_put_string(&draft->text, PVM_FIELD_OEXE, capture->path,
		       capture->call.held[PVM_PATH], PVM_PATH_MAX,
		       cut ? NULL : &draft->cut);
}

void pvm_write_odeleted(struct pvm_draft *draft)
{
	if (has_program(draft->access) &&
	    seen(draft->access, PVM_SEEN_PATH_DELETED))
		pvm_put_unsigned(&draft->text, PVM_FIELD_ODELETED, 1);
}

void pvm_write_odev(struct pvm_draft *draft)
{
	put_device(draft, PVM_FIELD_ODEV, target_of(draft->access));
}

void pvm_write_oino(struct pvm_draft *draft)
{
	put_inode(draft, PVM_FIELD_OINO, target_of(draft->access));
}

void pvm_write_ouid(struct pvm_draft *draft)
{
	const struct pvm_wire_task *target = target_of(draft->access);

	if (target)
		pvm_put_unsigned(&draft->text, PVM_FIELD_OUID, target->uid);
}

void pvm_write_oauid(struct pvm_draft *draft)
{
	const struct pvm_wire_task *target = target_of(draft->access);

	if (target)
		pvm_put_unsigned(&draft->text, PVM_FIELD_OAUID, target->auid);
}

void pvm_write_oses(struct pvm_draft *draft)
{
	const struct pvm_wire_task *target = target_of(draft->access);

	if (target)
		pvm_put_unsigned(&draft->text, PVM_FIELD_OSES, target->ses);
}

/* As /proc/PID/stat has it, in ticks of USER_HZ since boot. */
static uint64_t start_ticks(const struct pvm_wire_task *task)
{
	return task->start_ns / (1000000000u / (uint64_t)sysconf(_SC_CLK_TCK));
}

void pvm_write_ostart(struct pvm_draft *draft)
{
	const struct pvm_wire_task *target = target_of(draft->access);

	if (target)
		pvm_put_unsigned(&draft->text, PVM_FIELD_OSTART,
				 start_ticks(target));
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

void pvm_write_rel(struct pvm_draft *draft)
{
	const struct pvm_wire_task *target = target_of(draft->access);

	if (target)
		pvm_put_word(&draft->text, PVM_FIELD_REL,
			     relation(caller_of(draft->access), target));
}

/* ---- the result and the flags ---------------------------------------- */

/* Folded calls share an errno, but no number of bytes: bytes= is their sum. */
void pvm_write_exit(struct pvm_draft *draft)
{
	int64_t result = pvm_access_exit(draft->access);

	if (!draft->access->folded || result < 0)
		pvm_put_signed(&draft->text, PVM_FIELD_EXIT, result);
}

void pvm_write_vmflags(struct pvm_draft *draft)
{
	if (!draft->access->capture)
		return;
	pvm_put_name(&draft->text, PVM_FIELD_VMFLAGS);
	pvm_put_hex(&draft->text, draft->access->capture->call.flags);
}

/* ---- what the record is worth ---------------------------------------- */

void pvm_write_src(struct pvm_draft *draft)
{
	const struct pvm_access *access = draft->access;
	enum pvm_source source = PVM_SOURCE_NONE;

	if (pvm_has_vectors(access, PVM_REMOTE) ||
	    pvm_has_vectors(access, PVM_LOCAL))
		source = seen(access, PVM_SEEN_USER) ? PVM_SOURCE_USER
						     : PVM_SOURCE_KERNEL;
	pvm_put_word(&draft->text, PVM_FIELD_SRC, pvm_source_name(source));
}

static enum pvm_reason no_vectors_reason(const struct pvm_access *access)
{
	if (!access->capture)
		return access->probes ? PVM_REASON_NO_CAPTURE
				      : PVM_REASON_NO_PROBES;
	if (seen(access, PVM_SEEN_OTHER_REGS))
		return PVM_REASON_REGISTERS;
	if (seen(access, PVM_SEEN_READ_FAULT))
		return PVM_REASON_READ_FAULT;
	if (seen(access, PVM_SEEN_CORE | PVM_SEEN_USER))
		return PVM_REASON_VECTORS_LOST;
	return result_needs_core(pvm_access_exit(access))
		       ? PVM_REASON_CORE_MISSED
		       : PVM_REASON_NOT_COPIED;
}

/* Everything that is missing, a bit for each reason. */
static uint32_t reasons_of(const struct pvm_access *access)
{
	const struct pvm_capture *capture = access->capture;
	uint32_t reasons = 0;

	_Static_assert(PVM_REASONS <= 32, "a bit for each");
	if (!pvm_has_all_vectors(access, PVM_REMOTE) ||
	    !pvm_has_all_vectors(access, PVM_LOCAL))
		reasons |= 1u << no_vectors_reason(access);
	if (is_target_missed(access))
		reasons |= 1u << PVM_REASON_TARGET_MISSED;
	if (seen(access, PVM_SEEN_CHANGED))
		reasons |= 1u << PVM_REASON_TARGET_CHANGED;
	if (pvm_is_part(access, PVM_PATH) ||
	    (seen(access, PVM_SEEN_PATH) && !capture->path))
		reasons |= 1u << PVM_REASON_PATH_LOST;
	if (pvm_is_part(access, PVM_NAMES) ||
	    (seen(access, PVM_SEEN_MAPS) &&
	     (!capture->maps || !capture->names)))
		reasons |= 1u << PVM_REASON_MAPS_LOST;
	if (!access->syscall)
		reasons |= 1u << PVM_REASON_NO_SYSCALL;
	return reasons;
}

void pvm_write_why(struct pvm_draft *draft)
{
	static const char *const words[PVM_REASONS] = {
#define WORD(id, word) [PVM_REASON_##id] = (word),
		PVM_RECORD_REASONS(WORD)
#undef WORD
	};
	uint32_t reasons = reasons_of(draft->access);

	if (!reasons)
		return;
	pvm_put_name(&draft->text, PVM_FIELD_WHY);
	for (int i = 0; i < PVM_REASONS; i++) {
		if (!(reasons & (1u << i)))
			continue;
		pvm_put(&draft->text, words[i]);
		reasons &= ~(1u << i);
		if (reasons)
			pvm_put(&draft->text, ",");
	}
}

void pvm_write_cut(struct pvm_draft *draft)
{
	if (draft->cut.at > draft->cut.start)
		pvm_put_word(&draft->text, PVM_FIELD_CUT, draft->cut.start);
}

void pvm_write_part(struct pvm_draft *draft)
{
	const struct pvm_record *record = draft->record;

	if (record->parts == 1)
		return;
	pvm_put_unsigned(&draft->text, PVM_FIELD_PART, record->part + 1);
	pvm_put(&draft->text, "/");
	pvm_put_decimal(&draft->text, record->parts);
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
