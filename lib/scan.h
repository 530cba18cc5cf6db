/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scan.h - text is stepped over, so long as it is what it should be
 *
 * Each function steps over what it names at *@at, never beyond @end. On false
 * something else is there, and *@at may be anywhere before it.
 */
#ifndef PVM_SCAN_H
#define PVM_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "pvm/event.h"

/* Inline, since every line of audit's goes through it. */
static inline bool pvm_skip_word(const char **at, const char *end,
				 const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(end - *at) < len || memcmp(*at, word, len))
		return false;
	*at += len;
	return true;
}

/* Decimal digits, of a number that is not above @max. */
bool pvm_read_decimal(const char **at, const char *end, uint64_t max,
		      uint64_t *value);

/* Likewise hexadecimal ones, without 0x. */
bool pvm_read_hex(const char **at, const char *end, uint64_t max,
		  uint64_t *value);

/* SEC.MSEC:SERIAL */
bool pvm_read_id(const char **at, const char *end, struct pvm_id *id);

#endif
