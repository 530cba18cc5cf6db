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

struct pvm_text {
	char *start;
	char *at;
	char *end; /* of the room, ahead of the NUL */
};

/* An empty text in @buffer of @size bytes. */
struct pvm_text pvm_text_in(char *buffer, size_t size);

__attribute__((format(printf, 2, 3))) void pvm_put(struct pvm_text *text,
						   const char *format, ...);

/* Add @name to the list of the fields that are cut. */
void pvm_note_cut(struct pvm_text *cut, const char *name);

void pvm_put_unsigned(struct pvm_text *text, const char *name, uint64_t value);

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
