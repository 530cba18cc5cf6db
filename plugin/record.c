// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * record.c - see pvm/record.h; the fields' meaning is in pvm-record(5)
 *
 * The order matters: ausearch matches names by substring and takes the first
 * that fits, so uid= stands ahead of ouid= and sauid=, and the caller's comm=
 * and exe= ahead of what libaudit appends. No value holds a space or a quote
 * other than the pair around it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "maps.h"
#include "pvm/record.h"
#include "text.h"

/* All other fields at their longest, but for paths, words and lists. */
#define OTHERS_MOST 800

/* Vectors get what the other fields leave of a part; at worst that is this. */
#define LISTS_LEAST \
	(PVM_RECORD_MAX - (2 * PVM_PATH_MAX + 2 * PVM_WORD_MAX + OTHERS_MOST))

/* The first part has the mappings as well. */
_Static_assert(LISTS_LEAST > PVM_MAPS_TEXT_MAX + 200, "room for all of them");

/* One vector in a list at its longest: 0x, 16 digits, a colon, 20, a comma. */
#define VECTOR_TEXT_MAX 40

_Static_assert((PVM_PARTS_MAX - 1) * (LISTS_LEAST / VECTOR_TEXT_MAX) >=
		       PVM_SIDES * PVM_VECTORS_MAX,
	       "every vector finds room in some part");

static void put_comm(struct pvm_text *text, const char *name,
		     const struct pvm_wire_task *task)
{
	pvm_put_string(text, name, task->comm,
		       strnlen(task->comm, PVM_COMM_LEN), PVM_WORD_MAX, NULL);
}

/* Whole lists of @side are in hand. */
static bool has_vectors(const struct pvm_access *access, enum pvm_list side)
{
	return access->capture && access->capture->vec[side];
}

static uint32_t vectors_of(const struct pvm_access *access, enum pvm_list side)
{
	return has_vectors(access, side) ? access->capture->call.held[side] : 0;
}

/* How many of a side are to be listed. */
static uint32_t listed_of(const struct pvm_access *access, enum pvm_list side)
{
	uint32_t nr = vectors_of(access, side);

	return access->vectors && nr > access->vectors ? access->vectors : nr;
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

static int64_t exit_of(const struct pvm_access *access)
{
	return access->syscall ? access->syscall->exit
			       : access->capture->call.exit;
}

bool pvm_access_succeeded(const struct pvm_access *access)
{
	return exit_of(access) >= 0;
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
	int64_t result = exit_of(access);

	if (seen(access, PVM_SEEN_TARGET))
		return false;
	if (result > 0 || result == -EPERM)
		return seen(access, PVM_SEEN_CORE | PVM_SEEN_USER);
	/* past the kernel's copying the vectors, only a target gives this */
	return result == -EFAULT && seen(access, PVM_SEEN_CORE);
}

static void put_what(struct pvm_text *text, const struct pvm_access *access,
		     struct pvm_text *cut)
{
	const struct pvm_call_type *type = type_of(access);
	const struct pvm_id *id =
		access->syscall ? &access->syscall->id : &access->capture->id;

	pvm_put(text, "op=%s", type ? type->op : "process_vm");
	pvm_put(text, " event=%" PRIu64 ".%03" PRIu32 ":%" PRIu64, id->sec,
		id->msec, id->serial);
	if (access->syscall)
		pvm_put_token(text, "key", access->syscall->key, PVM_WORD_MAX,
			      cut);
}

/*
 * The uid stands twice: ausearch -ui looks for uid=, but prints the name that
 * auditd has looked up for the first uid= of the line, which is the sender's.
 */
static void put_caller(struct pvm_text *text, const struct pvm_access *access,
		       struct pvm_text *cut)
{
	const struct pvm_call_type *type = type_of(access);
	const struct pvm_syscall *syscall = access->syscall;
	const struct pvm_wire_task *task =
		access->capture ? &access->capture->call.caller : NULL;
	uint32_t uid = syscall ? syscall->uid : task->uid;
	uint32_t spid = syscall ? syscall->pid : task->tgid;

	pvm_put_unsigned(text, "uid", uid);
	pvm_put_unsigned(text, "suid", uid);
	pvm_put_unsigned(text, "spid", spid);
	if (task && task->tid != spid)
		pvm_put_unsigned(text, "stid", task->tid);
	pvm_put_unsigned(text, "sauid", syscall ? syscall->auid : task->auid);
	if (syscall) {
		pvm_put_token(text, "comm", syscall->comm, PVM_WORD_MAX, cut);
		pvm_put_token(text, "exe", syscall->exe, PVM_PATH_MAX, cut);
	} else {
		put_comm(text, "comm", task);
	}
	if (type && type->abi)
		pvm_put(text, " abi=%s", type->abi);
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

static void put_target(struct pvm_text *text, const struct pvm_access *access,
		       struct pvm_text *cut)
{
	const struct pvm_wire_task *task;
	int32_t apid = pid_argument(access);

	if (!seen(access, PVM_SEEN_TARGET)) {
		pvm_put(text, " apid=%" PRId32, apid);
		return;
	}
	task = &access->capture->call.target;
	pvm_put_unsigned(text, "opid", task->tgid);
	if (task->tid != task->tgid)
		pvm_put_unsigned(text, "otid", task->tid);
	if (apid != (int32_t)task->tid)
		pvm_put(text, " apid=%" PRId32, apid);
	put_comm(text, "ocomm", task);
	put_program(text, access->capture, cut);
	pvm_put_unsigned(text, "ouid", task->uid);
	pvm_put_unsigned(text, "oauid", task->auid);
	pvm_put_unsigned(text, "oses", task->ses);
	pvm_put_unsigned(text, "ostart", start_ticks(task));
	pvm_put(text, " rel=%s", relation(&access->capture->call.caller, task));
}

/* The names of one side's fields. */
static const struct {
	const char *len, *count, *list;
} side_names[PVM_SIDES] = {
	[PVM_REMOTE] = {"rlen", "riovcnt", "riov"},
	[PVM_LOCAL] = {"llen", "liovcnt", "liov"},
};

/* Bytes of a whole list in all; left out when no 64-bit number says it. */
static void put_len(struct pvm_text *text, const struct pvm_access *access,
		    enum pvm_list side)
{
	uint64_t total = 0;

	for (uint32_t i = 0; i < vectors_of(access, side); i++)
		if (__builtin_add_overflow(
			    total, access->capture->vec[side][i].len, &total))
			return;
	pvm_put_unsigned(text, side_names[side].len, total);
}

/* Audit's own record has the local count only. */
static void put_count(struct pvm_text *text, const struct pvm_access *access,
		      enum pvm_list side)
{
	const struct pvm_wire_call *call =
		access->capture ? &access->capture->call : NULL;

	if (call)
		pvm_put_unsigned(text, side_names[side].count,
				 side == PVM_REMOTE ? call->riovcnt
						    : call->liovcnt);
	else if (side == PVM_LOCAL)
		pvm_put_unsigned(text, side_names[side].count,
				 access->syscall->a2);
}

static void put_list(struct pvm_text *text, const char *name,
		     const struct pvm_wire_iovec *vec, size_t begin, size_t end)
{
	if (begin == end)
		return;
	pvm_put(text, " %s=", name);
	for (size_t i = begin; i < end; i++)
		pvm_put(text, "%s0x%" PRIx64 ":%" PRIu64, i > begin ? "," : "",
			(uint64_t)vec[i].base, (uint64_t)vec[i].len);
}

static void put_side(struct pvm_text *text, const struct pvm_record *record,
		     enum pvm_list side, struct pvm_text *cut)
{
	const struct pvm_access *access = record->access;

	if (has_vectors(access, side))
		put_len(text, access, side);
	put_count(text, access, side);
	if (!has_vectors(access, side))
		return;
	put_list(text, side_names[side].list, access->capture->vec[side],
		 record->begin[record->part][side],
		 record->begin[record->part + 1][side]);
	if (listed_of(access, side) < vectors_of(access, side))
		pvm_note_cut(cut, side_names[side].list);
}

/*
 * Where the remote vectors start, in the first part only; but every part says
 * if that is cut.
 */
static void put_maps(struct pvm_text *text, const struct pvm_record *record,
		     struct pvm_text *cut)
{
	const struct pvm_access *access = record->access;
	char maps[PVM_MAPS_TEXT_MAX + 1];

	if (!access->capture)
		return;
	if (!pvm_maps_write(access->capture, access->vectors, maps))
		pvm_note_cut(cut, "rmap");
	if (*maps && record->part == 0)
		pvm_put(text, " rmap=%s", maps);
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
	return result_needs_core(exit_of(access)) ? "core-missed"
						  : "not-copied";
}

/* Where the vectors come from, and everything that is not as it should be. */
static void put_source(struct pvm_text *text, const struct pvm_access *access)
{
	bool remote = has_vectors(access, PVM_REMOTE);
	bool local = has_vectors(access, PVM_LOCAL);
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
	pvm_put(text, " src=%s", pvm_source_name(source));
	for (size_t i = 0; i < n; i++)
		pvm_put(text, "%s%s", i ? "," : " why=", why[i]);
}

static size_t vector_text_len(const struct pvm_wire_iovec *vec)
{
	return (size_t)snprintf(NULL, 0, ",0x%" PRIx64 ":%" PRIu64,
				(uint64_t)vec->base, (uint64_t)vec->len);
}

/* The record's next part into @buffer, without part=. Returns its end. */
static struct pvm_text write_part(const struct pvm_record *record,
				  char buffer[static PVM_RECORD_MAX + 1])
{
	const struct pvm_access *access = record->access;
	struct pvm_text text = pvm_text_in(buffer, PVM_RECORD_MAX + 1);
	char cut_names[48];
	struct pvm_text cut = pvm_text_in(cut_names, sizeof(cut_names));

	put_what(&text, access, &cut);
	put_caller(&text, access, &cut);
	put_target(&text, access, &cut);
	pvm_put(&text, " exit=%" PRId64, exit_of(access));
	put_side(&text, record, PVM_REMOTE, &cut);
	put_maps(&text, record, &cut);
	put_side(&text, record, PVM_LOCAL, &cut);
	if (access->capture)
		pvm_put(&text, " vmflags=0x%" PRIx64,
			(uint64_t)access->capture->call.flags);
	put_source(&text, access);
	if (*cut_names)
		pvm_put(&text, " cut=%s", cut_names);
	return text;
}

/* What the fields of the part leave for vectors, in bytes. */
static size_t room_for_lists(struct pvm_record *record)
{
	/* the names of both lists and the longest part= come on top */
	static const char rest[] = " riov= liov= part=64/64";
	char buffer[PVM_RECORD_MAX + 1];
	struct pvm_text text = write_part(record, buffer);

	return (size_t)(text.end - text.at) - sizeof(rest);
}

static void next_part(struct pvm_record *record)
{
	size_t *next = record->begin[++record->parts];

	memcpy(next, record->begin[record->parts - 1],
	       sizeof(record->begin[0]));
}

/* Fill parts with vectors, remote ones first, each part as far as it goes. */
static void plan_parts(struct pvm_record *record)
{
	const struct pvm_access *access = record->access;
	size_t used = 0, room, later_room;

	record->part = 1;
	later_room = room_for_lists(record);
	record->part = 0;
	room = room_for_lists(record);
	for (int side = 0; side < PVM_SIDES; side++) {
		for (uint32_t i = 0; i < listed_of(access, side); i++) {
			size_t len =
				vector_text_len(&access->capture->vec[side][i]);

			if (used + len > room) {
				next_part(record);
				room = later_room;
				used = 0;
			}
			used += len;
			record->begin[record->parts][side] = i + 1;
		}
	}
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* The most that all fields but the lists take, without writing them. */
static size_t others_most(const struct pvm_access *access)
{
	const struct pvm_syscall *syscall = access->syscall;
	size_t most = OTHERS_MOST;

	if (syscall)
		most += least(strlen(syscall->key), PVM_WORD_MAX) +
			least(strlen(syscall->comm), PVM_WORD_MAX) +
			least(strlen(syscall->exe), PVM_PATH_MAX);
	if (access->capture && access->capture->path)
		most += least(2 * access->capture->call.held[PVM_PATH],
			      PVM_PATH_MAX);
	return most;
}

/* Surely so; the common case, in which nothing needs to be measured. */
static bool lists_fit(const struct pvm_access *access)
{
	size_t vectors = (size_t)listed_of(access, PVM_REMOTE) +
			 listed_of(access, PVM_LOCAL);

	return others_most(access) + PVM_MAPS_TEXT_MAX +
		       vectors * VECTOR_TEXT_MAX <=
	       PVM_RECORD_MAX;
}

void pvm_record_begin(struct pvm_record *record,
		      const struct pvm_access *access)
{
	record->access = access;
	record->parts = 1;
	record->part = 0;
	memset(record->begin, 0, sizeof(record->begin));
	if (!lists_fit(access)) {
		plan_parts(record);
		return;
	}
	for (int side = 0; side < PVM_SIDES; side++)
		record->begin[1][side] = listed_of(access, side);
}

size_t pvm_record_next(struct pvm_record *record,
		       char buffer[static PVM_RECORD_MAX + 1])
{
	struct pvm_text text;

	if (record->part == record->parts)
		return 0;
	text = write_part(record, buffer);
	record->part++;
	if (record->parts > 1)
		pvm_put(&text, " part=%u/%u", record->part, record->parts);
	return (size_t)(text.at - text.start);
}
