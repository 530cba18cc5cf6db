/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fields.h - the fields that the record of one call and that of folded ones
 * have alike, in the order in which they are written
 */
#ifndef PVM_FIELDS_H
#define PVM_FIELDS_H

#include "pvm/event.h"
#include "record/text.h"

/*
 * All fields of a record at their longest, in bytes, with their names, but
 * without the values of key, comm, exe and oexe, and without lists.
 */
#define PVM_FIELDS_MOST 800

/* That, and the values of these four: no less than the record of @access has.
 */
size_t pvm_fields_most(const struct pvm_access *access);

/* All vectors of @side are in hand. */
static inline bool pvm_has_vectors(const struct pvm_access *access,
				   enum pvm_list side)
{
	return access->capture && access->capture->vec[side];
}

void pvm_put_op(struct pvm_text *text, const struct pvm_access *access);

void pvm_put_id(struct pvm_text *text, const char *name,
		const struct pvm_id *id);

/* Which names of fields are cut is noted in @cut, here and below. */
void pvm_put_caller(struct pvm_text *text, const struct pvm_access *access,
		    struct pvm_text *cut);

void pvm_put_target(struct pvm_text *text, const struct pvm_access *access,
		    struct pvm_text *cut);

/* What follows the lists. */
void pvm_put_rest(struct pvm_text *text, const struct pvm_access *access,
		  const struct pvm_text *cut);

#endif
