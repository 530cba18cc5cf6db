/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.h - the text of a record while it is written: fields with a name of
 * pvm/record_fields.h, in a buffer that it never leaves
 *
 * What has no room is dropped from the end; the callers plan ahead, so that
 * everything has room.
 */
#ifndef PVM_TEXT_H
#define PVM_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "pvm/event.h"
#include "pvm/record_fields.h"

struct pvm_text {
	char *start;
	char *at;
	char *end; /* of the buffer, where the NUL still fits */
};

/* An empty text in @buffer of @size bytes. */
struct pvm_text pvm_text_in(char *buffer, size_t size);

/* @len bytes as they are. */
void pvm_put_bytes(struct pvm_text *text, const char *bytes, size_t len);

/* A string as it is. Inline: the compiler knows the length of most. */
static inline void pvm_put(struct pvm_text *text, const char *string)
{
	pvm_put_bytes(text, string, strlen(string));
}

/* A number, the second with zeros in front up to @width digits. */
void pvm_put_decimal(struct pvm_text *text, uint64_t value);
void pvm_put_padded(struct pvm_text *text, uint64_t value, size_t width);

/* A number with 0x in front. */
void pvm_put_hex(struct pvm_text *text, uint64_t value);

/* A number as two digits or more, in small letters. */
void pvm_put_two_hex(struct pvm_text *text, uint64_t value);

/* A byte as two digits, in capitals like audit's. */
void pvm_put_hex_byte(struct pvm_text *text, char byte);

/*
 * Bytes for a list that is cut apart at its commas, with percent signs in
 * capital hex for all that is no letter, digit or one of _./+-
 */
void pvm_put_escaped(struct pvm_text *text, const char *bytes, size_t len);

/* How much text that takes of a byte. */
size_t pvm_escaped_len(char byte);

/* The name of a field and an equals sign, with a space ahead but for the first
 * field. */
void pvm_put_name(struct pvm_text *text, enum pvm_field field);

/* Whole fields: a number, a word, the time of an event, its id. */
void pvm_put_unsigned(struct pvm_text *text, enum pvm_field field,
		      uint64_t value);
void pvm_put_signed(struct pvm_text *text, enum pvm_field field, int64_t value);
void pvm_put_word(struct pvm_text *text, enum pvm_field field,
		  const char *word);
void pvm_put_time(struct pvm_text *text, enum pvm_field field,
		  const struct pvm_id *id);
void pvm_put_id(struct pvm_text *text, enum pvm_field field,
		const struct pvm_id *id);

/* Add the name of @field to @cut, the list of the fields that are cut. */
void pvm_note_cut(struct pvm_text *cut, enum pvm_field field);

/*
 * A field with a token as audit has written it, nothing for "". A token longer
 * than @max bytes is cut so that it stays one, and noted in @cut.
 */
void pvm_put_token(struct pvm_text *text, enum pvm_field field,
		   const char *token, size_t max, struct pvm_text *cut);

/*
 * A field with a string from outside: quoted, or in hex when it would break
 * the line. One that would be longer than @max bytes is cut, and noted in @cut
 * unless that is NULL.
 */
void pvm_put_string(struct pvm_text *text, enum pvm_field field,
		    const char *string, size_t len, size_t max,
		    struct pvm_text *cut);

#endif
