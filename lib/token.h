/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * token.h - strings as audit writes them, and the bytes that they stand for
 *
 * Names of programs and files are whatever their owner chose, terminal escapes
 * and markup included. The kernel writes such a string quoted where every byte
 * of it is printable and neither a space nor a quote, and in upper-case hex
 * otherwise; what it writes itself, such as a terminal's name, stands bare.
 */
#ifndef PVM_TOKEN_H
#define PVM_TOKEN_H

#include <stdbool.h>

#include "lib/slice.h"

bool token_is_quoted(struct slice token);
bool token_is_hex(struct slice token);

/* Printable, without a space, a quote or a "=": nothing that breaks a line. */
bool token_is_bare(struct slice token);

/* Quoted, in hex, or "?", as the plugin writes for a name not known. */
bool token_is_one(struct slice token);

/*
 * The bytes that @token stands for, into @to of @size bytes; as many as have
 * room. Returns how many.
 */
size_t token_decode(struct slice token, char *to, size_t size);

#endif
