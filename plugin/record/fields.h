/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fields.h - a function for each field of pvm/record_fields.h, and the draft
 * of a record that they add to
 *
 * record.c calls them in the order of the list. So a record can have no other
 * field, and none elsewhere; and a field of which nothing here knows does not
 * link.
 */
#ifndef PVM_FIELDS_H
#define PVM_FIELDS_H

#include "pvm/event.h"
#include "pvm/record.h"
#include "pvm/record_fields.h"
#include "record/text.h"

/* A record while it is written, or one part of it. */
struct pvm_draft {
	const struct pvm_record *record;
	const struct pvm_access *access; /* the record's */
	struct pvm_text text;
	struct pvm_text cut; /* the names of the fields that are cut */
	char cut_names[64];
	unsigned int maps; /* of folded calls, how many rmap= has */
};

/* Add the field to the draft, or nothing where its record does not have it. */
#define DECLARE(id, name, ...) void pvm_write_##name(struct pvm_draft *draft);
PVM_RECORD_FIELDS(DECLARE)
#undef DECLARE

/*
 * All fields of a record at their longest, in bytes, with their names, but
 * without the values of key, comm, exe and oexe, and without lists.
 */
#define PVM_FIELDS_MOST 830

/* That, and the values of these four: the record of @access is no longer. */
size_t pvm_fields_most(const struct pvm_access *access);

/* Do we have vectors of @side? */
static inline bool pvm_has_vectors(const struct pvm_access *access,
				   enum pvm_list side)
{
	return access->capture && access->capture->vec[side];
}

/* Had the callers of folded calls several names? */
static inline bool pvm_has_comms(const struct pvm_access *access)
{
	return access->folded && access->folded->vary >> PVM_FIELD_COMM & 1;
}

/* Has the rest of @list been lost? */
static inline bool pvm_is_part(const struct pvm_access *access,
			       enum pvm_list list)
{
	return access->capture && (access->capture->part & 1u << list);
}

/* Do we have all vectors of @side? */
static inline bool pvm_has_all_vectors(const struct pvm_access *access,
				       enum pvm_list side)
{
	return pvm_has_vectors(access, side) && !pvm_is_part(access, side);
}

#endif
