/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fields.h - the fields of a record, taken apart and checked
 *
 * What pvm-record(5) says of each field is checked here, once, so that what
 * prints them can rely on it: a number is one, a list is well-formed, and
 * nothing but a token (see token.h) can hold a byte that is not harmless.
 */
#ifndef AUPVM_FIELDS_H
#define AUPVM_FIELDS_H

#include "read/line.h"

/* In the order of the record; FIELD_SES and FIELD_A0 are of SYSCALL only. */
enum field {
	FIELD_OP,
	FIELD_EVENT,
	FIELD_COUNT,
	FIELD_FIRST,
	FIELD_LAST,
	FIELD_SERIALS,
	FIELD_KEY,
	FIELD_UID,
	FIELD_SPID,
	FIELD_STID,
	FIELD_SAUID,
	FIELD_SES,
	FIELD_A0,
	FIELD_COMM,
	FIELD_EXE,
	FIELD_ABI,
	FIELD_OPID,
	FIELD_OTID,
	FIELD_APID,
	FIELD_OCOMM,
	FIELD_OEXE,
	FIELD_ODELETED,
	FIELD_OUID,
	FIELD_OAUID,
	FIELD_OSES,
	FIELD_OSTART,
	FIELD_REL,
	FIELD_EXIT,
	FIELD_BYTES,
	FIELD_RLEN,
	FIELD_RIOVCNT,
	FIELD_RIOV,
	FIELD_RSPAN,
	FIELD_RMAP,
	FIELD_LLEN,
	FIELD_LIOVCNT,
	FIELD_LIOV,
	FIELD_VMFLAGS,
	FIELD_SRC,
	FIELD_WHY,
	FIELD_CUT,
	FIELD_PART,
	FIELD_FROM,
	FIELD_TO,
	FIELD_START,
	FIELDS
};

struct fields {
	struct slice value[FIELDS]; /* at is NULL where the record has none */
};

/*
 * Take the message @body apart. Of two fields of one name the first counts;
 * what libaudit has put behind is left out, unknown names are passed over.
 * Returns NULL, or why it cannot be a record of ours.
 */
const char *fields_read(struct fields *fields, struct slice body);

/* The same of a SYSCALL record, with our names for its fields. */
const char *fields_read_syscall(struct fields *fields, const struct line *line);

/* Of a field that is known to be a number; @missing without it. */
uint64_t field_number(const struct fields *fields, enum field field,
		      uint64_t missing);

static inline bool field_is_there(const struct fields *fields, enum field field)
{
	return fields->value[field].at != NULL;
}

#endif
