/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * token.h - strings as audit writes them, and as they can be shown
 *
 * Names of programs and files are whatever their owner chose, terminal
 * escapes and markup included. Every output shows them in the same way:
 * printable ASCII as it is, a backslash doubled, any other byte as \xHH.
 * From that the bytes can be had back, and what is left to each format is its
 * own quoting of printable characters.
 */
#ifndef PVM_TOKEN_H
#define PVM_TOKEN_H

#include "lib/slice.h"

/* Quoted, or an even number of hex digits, or one of audit's bare words. */
bool token_is_one(struct slice token);

/*
 * The bytes that @token stands for, into @to of @size bytes; as many as have
 * room. Returns how many.
 */
size_t token_decode(struct slice token, char *to, size_t size);

#endif
