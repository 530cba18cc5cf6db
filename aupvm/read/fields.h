/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fields.h - the fields of a record, taken apart and checked
 *
 * Each value is checked here, once, against the form that the list in
 * pvm/record_fields.h gives it. So what prints fields can rely on it: a number
 * is a number, a list is well-formed, and only a token (see token.h) can hold
 * bytes that need an escape.
 */
#ifndef AUPVM_FIELDS_H
#define AUPVM_FIELDS_H

#include "lib/slice.h"
#include "pvm/line.h"
#include "pvm/record_fields.h"

/* Fields that only audit's own records have: SYSCALL and PROCTITLE. */
#define SYSCALL_FIELDS(FIELD)   \
	FIELD(SES, ses, ID)     \
	FIELD(A0, a0, BARE_HEX) \
	FIELD(A2, a2, BARE_HEX) \
	FIELD(PPID, ppid, ID)   \
	FIELD(EUID, euid, ID)   \
	FIELD(TTY, tty, TEXT)   \
	FIELD(SUBJ, subj, TEXT) \
	FIELD(PROCTITLE, proctitle, STRING)

/* In the order of the record, then those of other records. */
#define CONSTANT(id, ...) FIELD_##id,
enum field {
	PVM_RECORD_FIELDS(CONSTANT) PVM_NOTE_FIELDS(CONSTANT)
		SYSCALL_FIELDS(CONSTANT) FIELDS
};
#undef CONSTANT

/* As records have them. */
const char *field_name(enum field field);
enum pvm_form field_form(enum field field);

struct fields {
	struct slice value[FIELDS]; /* at is NULL where the record has none */
};

/*
 * Take the message @body apart. Of two fields of one name the first counts, so
 * the ones that libaudit appends do not; unknown names are skipped. A field
 * that has not its form is left out, and @left_out is the name of the first
 * such one; if it is one without which the record says nothing, the record is
 * not used. An exe="?" is none. Returns NULL, or why not, good until the next
 * call.
 */
const char *fields_read(struct fields *fields, struct slice body,
			const char **left_out);

/* The same for a SYSCALL record, with our names for its fields. */
const char *fields_read_syscall(struct fields *fields,
				const struct pvm_line *line);

/*
 * The command line that a PROCTITLE record has, as a token; its at is NULL in
 * any other record, and where it has none.
 */
struct slice fields_read_proctitle(const struct pvm_line *line);

/* The value of a field whose form is a number; @missing without the field. */
uint64_t field_number(const struct fields *fields, enum field field,
		      uint64_t missing);

/*
 * Take the next serials off @list, as serials= has them. Returns false at its
 * end, and where they have not the form: then @list is not empty.
 */
bool serials_next(struct slice *list, struct pvm_stride *serials);

/* Has the list in @field, such as why= and cut=, this word? */
bool field_has_word(const struct fields *fields, enum field field,
		    const char *word);

static inline bool field_is_there(const struct fields *fields, enum field field)
{
	return fields->value[field].at != NULL;
}

#endif
