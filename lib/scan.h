/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scan.h - slice.h's steps for those who hold two pointers
 *
 * Each function steps over what it names at *@at, never beyond @end. On false
 * something else is there, and *@at may be anywhere before it.
 */
#ifndef PVM_SCAN_H
#define PVM_SCAN_H

#include "lib/slice.h"

static inline bool pvm_skip_word(const char **at, const char *end,
				 const char *word)
{
	struct slice rest = {*at, (size_t)(end - *at)};
	bool done = slice_skip(&rest, word);

	*at = rest.at;
	return done;
}

/* Decimal digits, of a number that is not above @max. */
static inline bool pvm_read_decimal(const char **at, const char *end,
				    uint64_t max, uint64_t *value)
{
	struct slice rest = {*at, (size_t)(end - *at)};
	bool done = slice_take_decimal(&rest, max, value);

	*at = rest.at;
	return done;
}

/*
 * SEC.MSEC:SERIAL as the checkpoint has it: milliseconds of one to three
 * digits, any second. Audit's own ids are slice_take_id()'s.
 */
static inline bool pvm_read_id(const char **at, const char *end,
			       struct pvm_id *id)
{
	uint64_t msec;

	if (!pvm_read_decimal(at, end, UINT64_MAX, &id->sec) ||
	    !pvm_skip_word(at, end, ".") ||
	    !pvm_read_decimal(at, end, 999, &msec) ||
	    !pvm_skip_word(at, end, ":") ||
	    !pvm_read_decimal(at, end, UINT32_MAX, &id->serial))
		return false;
	id->msec = (uint32_t)msec;
	return true;
}

#endif
