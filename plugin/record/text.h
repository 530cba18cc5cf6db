/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * text.h - the text of a record while it is written: name=value, in a room
 * that it never leaves
 *
 * What has no room is left out from the end; the callers see to it that all
 * has.
 */
#ifndef PVM_TEXT_H
#define PVM_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct pvm_text {
	char *start;
	char *at;
	char *end; /* of the room, ahead of the NUL */
};

/* An empty text in @buffer of @size bytes. */
struct pvm_text pvm_text_in(char *buffer, size_t size);

/* @len bytes as they are. */
void pvm_put_bytes(struct pvm_text *text, const char *bytes, size_t len);

/* A string as it is. Inline: of most, the compiler knows the length. */
static inline void pvm_put(struct pvm_text *text, const char *string)
{
	pvm_put_bytes(text, string, strlen(string));
}

/* A number, the second with zeros in front up to @width digits. */
void pvm_put_decimal(struct pvm_text *text, uint64_t value);
void pvm_put_padded(struct pvm_text *text, uint64_t value, size_t width);

/* A number with 0x in front. */
void pvm_put_hex(struct pvm_text *text, uint64_t value);

/* A byte as two digits, in capitals like audit's. */
void pvm_put_hex_byte(struct pvm_text *text, char byte);

/* The start of a field. */
void pvm_put_name(struct pvm_text *text, const char *name);

/* Fields with a number. */
void pvm_put_unsigned(struct pvm_text *text, const char *name, uint64_t value);
void pvm_put_signed(struct pvm_text *text, const char *name, int64_t value);

/* Add @name to the list of the fields that are cut. */
void pvm_note_cut(struct pvm_text *cut, const char *name);

/*
 * A token as audit has written it, nothing for "". One that is longer than
 * @max bytes is cut so that it stays a token, and @cut notes its name.
 */
void pvm_put_token(struct pvm_text *text, const char *name, const char *token,
		   size_t max, struct pvm_text *cut);

/*
 * A string from outside: quoted, or in hex when it would break the line. One
 * that would be longer than @max is cut, and @cut, if any, notes its name.
 */
void pvm_put_string(struct pvm_text *text, const char *name, const char *string,
		    size_t len, size_t max, struct pvm_text *cut);

#endif
