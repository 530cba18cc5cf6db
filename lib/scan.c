// SPDX-License-Identifier: GPL-2.0-or-later
/* scan.c - see scan.h */
#include <limits.h>

#include "lib/scan.h"

/* What @c counts as a digit; a number that no base has for what is none. */
static unsigned int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned int)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned int)(c - 'A') + 10;
	return UINT_MAX;
}

/* Inline, so that the base is known. */
static inline bool read_number(const char **at, const char *end,
			       unsigned int base, uint64_t max, uint64_t *value)
{
	const char *start = *at;
	unsigned int digit;
	uint64_t sum = 0;

	for (; *at < end && (digit = digit_of(**at)) < base; ++*at)
		if (__builtin_mul_overflow(sum, base, &sum) ||
		    __builtin_add_overflow(sum, digit, &sum))
			return false;
	*value = sum;
	return *at > start && sum <= max;
}

bool pvm_read_decimal(const char **at, const char *end, uint64_t max,
		      uint64_t *value)
{
	return read_number(at, end, 10, max, value);
}

bool pvm_read_hex(const char **at, const char *end, uint64_t max,
		  uint64_t *value)
{
	return read_number(at, end, 16, max, value);
}

bool pvm_read_id(const char **at, const char *end, struct pvm_id *id)
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
