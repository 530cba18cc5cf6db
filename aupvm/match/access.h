/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * access.h - what the outputs get: one call, or several in one record
 */
#ifndef AUPVM_ACCESS_H
#define AUPVM_ACCESS_H

#include "read/fields.h"

enum access_kind {
	ACCESS_CALL, /* a call with its record, all parts put together */
	ACCESS_FOLD, /* count calls in one folded record */
	ACCESS_UNENRICHED, /* a call that has only audit's own SYSCALL record */
	ACCESS_LOST, /* no call: a pvm-lost record */
};

/* What became of a call; see equation.h. */
enum fate {
	FATE_ENRICHED,
	FATE_FOLDED,
	FATE_LOST, /* a pvm-lost record covers it */
	FATE_PENDING, /* the plugin, which still runs, may hold it */
	FATE_IDLE, /* no plugin ran when it was audited */
	FATE_UNACCOUNTED,
	FATES
};

/* Everything in it is borrowed until the output's function returns. */
struct access {
	enum access_kind kind;
	enum fate fate; /* of ACCESS_UNENRICHED */
	struct slice node; /* empty without one */
	uint32_t node_number;
	struct pvm_id first, last; /* the same for one call */
	uint64_t count; /* calls; of ACCESS_LOST, at most so many */
	bool write; /* process_vm_writev */
	bool perhaps; /* whether it meets --into is not known */
	bool incomplete; /* not all parts of the record are in the log */
	int64_t exit; /* of a fold: 0, or the error that all had */
	uint64_t bytes; /* transferred, by all of the calls */
	/* of a fold that --into leaves calls of out: of all of them; else 0 */
	uint64_t whole_count, whole_bytes;
	uint32_t session; /* of the caller, from its SYSCALL record */
	bool has_session;
	bool sessions_vary; /* of a fold: it is the first call's */
	/* events with another file under the program's name; see programs.h */
	struct pvm_id caller_other, target_other;
	struct fields fields;
	struct slice text; /* the line of the log, to look up names in */
};

typedef void access_fn(void *arg, const struct access *access);

/*
 * Sets @first and @last from the fields of these names. Returns false without
 * a sensible pair.
 */
bool access_read_span(const struct fields *fields, struct pvm_id *first,
		      struct pvm_id *last);

/* Is there such an event? */
static inline bool access_has_other(const struct pvm_id *other)
{
	return other->sec || other->serial;
}

static inline bool access_failed(const struct access *access)
{
	return access->exit < 0;
}

#endif
