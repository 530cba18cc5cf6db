/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record.h - the enriched record: its limits and its writer
 *
 * Its fields and their order are those of record_fields.h; pvm-record(5) has
 * their meaning.
 */
#ifndef PVM_RECORD_H
#define PVM_RECORD_H

#include <stddef.h>

#include "pvm/event.h"

/*
 * Longest text of one record, in bytes without the NUL. The kernel cuts a
 * message at 8560 bytes and libaudit at 8970, after adding its own fields and
 * up to one path. What would be longer goes on in the next part.
 */
#define PVM_RECORD_MAX 7500

/* Longest text of a note about the plugin itself, in bytes with its NUL. */
#define PVM_NOTE_MAX 256

/*
 * Longest paths, and longest key and comm, in bytes as they are written, quotes
 * or hex included. A longer one is cut, and cut= says so; no kernel has a
 * longer key or comm.
 */
#define PVM_PATH_MAX 2048
#define PVM_WORD_MAX 600

/* The longest lists of both sides take fewer parts than this. */
#define PVM_PARTS_MAX 64

struct pvm_record {
	const struct pvm_access *access;
	unsigned int parts; /* the access takes as many records, at least 1 */
	unsigned int part; /* how many of them are written */
	size_t begin[PVM_PARTS_MAX + 1]
		    [PVM_SIDES]; /* each part's first vector */
};

/*
 * Plan the record or records of @access, which must outlive @record. Folded
 * calls take one record.
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
 * How many bytes, at least 42, a record of folded calls that are like @access
 * has for its list of serials, however long its other fields get.
 */
size_t pvm_record_serials_room(const struct pvm_access *access);

/* Did the call succeed: what res= says. */
bool pvm_access_succeeded(const struct pvm_access *access);

#endif
