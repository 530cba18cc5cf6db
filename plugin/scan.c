// SPDX-License-Identifier: GPL-2.0-or-later
/* scan.c - see scan.h */
#include "scan.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool pvm_read_decimal(const char **at, const char *end, uint64_t max,
		      uint64_t *value)
{
	const char *start = *at;
	uint64_t sum = 0;

	for (; *at < end && is_digit(**at); ++*at)
		if (__builtin_mul_overflow(sum, 10, &sum) ||
		    __builtin_add_overflow(sum, (uint64_t)(**at - '0'), &sum))
			return false;
	*value = sum;
	return *at > start && sum <= max;
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
