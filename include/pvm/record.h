/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.h - the enriched record: its limits and its writer
 *
 * The field names, their meaning and their origin are in pvm-record(5); the
 * order in which they are written is that of record.c, top to bottom.
 */
#ifndef PVM_RECORD_H
#define PVM_RECORD_H

#include <stddef.h>

#include "pvm/event.h"

/*
 * Longest text of one record, in bytes without the NUL. The kernel cuts a
 * message at 8560 and libaudit at 8970 bytes, after adding its own tail of
 * up to one path: what is longer goes on in the next part.
 */
#define PVM_RECORD_MAX 7500

/*
 * Longest paths and words as they are written, quotes or hex included; what
 * is longer is cut, and cut= says so. No key or comm is longer on any kernel.
 */
#define PVM_PATH_MAX 2048
#define PVM_WORD_MAX 600

/* Parts that the longest lists of both sides can take, and some to spare. */
#define PVM_PARTS_MAX 64

struct pvm_record {
	const struct pvm_access *access;
	unsigned int parts; /* records that it takes, at least 1 */
	unsigned int part; /* written so far */
	size_t begin[PVM_PARTS_MAX + 1][PVM_SIDES]; /* first vector of each */
};

/*
 * Plan the record or records of @access, which must outlive @record. Folded
 * calls take one.
 */
void pvm_record_begin(struct pvm_record *record,
		      const struct pvm_access *access);

/*
 * Write the next part into @text, NUL-terminated.
 * Returns its length in bytes, or 0 when all parts are written.
 */
size_t pvm_record_next(struct pvm_record *record,
		       char text[static PVM_RECORD_MAX + 1]);

/*
 * Bytes that the list of serials may take in a record of folded calls that are
 * like @access, at least 42: what no other field of it can need.
 */
size_t pvm_record_serials_room(const struct pvm_access *access);

/* Did the call succeed: what res= says. */
bool pvm_access_succeeded(const struct pvm_access *access);

#endif
