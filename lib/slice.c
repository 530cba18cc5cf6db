// SPDX-License-Identifier: GPL-2.0-or-later
/* slice.c - see slice.h */
#include <limits.h>
#include <string.h>

#include "lib/slice.h"

/* The year 9999; the kernel's clock ends before, and ms fit into 64 bits. */
#define SEC_MAX 253402300799u

struct slice slice_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

bool slice_next(struct slice *rest, char separator, struct slice *item)
{
	if (!rest->at)
		return false;
	if (slice_until(rest, separator, item))
		return true;
	*item = *rest;
	*rest = (struct slice){NULL, 0};
	return true;
}

/*
 * By the second character: the first is mostly a space, of which a record has
 * thirty. That takes a tenth of memmem()'s time.
 */
const char *slice_find(struct slice slice, const char *text)
{
	size_t len = strlen(text);
	const char *at = slice.at, *end, *second;

	if (slice.len < len)
		return NULL;
	if (len < 2)
		return len ? memchr(at, *text, slice.len) : at;
	/* behind the last place where it could begin */
	end = at + slice.len - len + 1;
	while ((second = memchr(at + 1, text[1], (size_t)(end - at)))) {
		at = second;
		if (!memcmp(at - 1, text, len))
			return at - 1;
	}
	return NULL;
}

/* What @c counts as a digit; a number that no base has for what is none. */
static inline unsigned int digit_of(char c, unsigned int base)
{
	/* what is below '0' becomes a large one */
	unsigned int digit = (unsigned int)c - '0';

	if (base == 10 || digit < 10)
		return digit;
	if (c >= 'a' && c <= 'f')
		return (unsigned int)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned int)(c - 'A') + 10;
	return UINT_MAX;
}

/* Inline, so that the base is known, and @safe: digits that cannot overflow. */
static inline bool take_number(struct slice *rest, unsigned int base,
			       size_t safe, uint64_t max, uint64_t *value)
{
	const struct slice from = *rest;
	unsigned int digit;
	uint64_t sum = 0;
	size_t n = 0;

	if (safe > from.len)
		safe = from.len;
	for (; n < safe && (digit = digit_of(from.at[n], base)) < base; n++)
		sum = sum * base + digit;
	for (; n < from.len && (digit = digit_of(from.at[n], base)) < base; n++)
		if (__builtin_mul_overflow(sum, base, &sum) ||
		    __builtin_add_overflow(sum, digit, &sum))
			return false;
	if (!n || sum > max)
		return false;
	*rest = slice_from(from, from.at + n);
	*value = sum;
	return true;
}

static inline bool take_decimal(struct slice *rest, uint64_t max,
				uint64_t *value)
{
	return take_number(rest, 10, 19, max, value);
}

static inline bool take_hex(struct slice *rest, uint64_t max, uint64_t *value)
{
	return take_number(rest, 16, 16, max, value);
}

bool slice_take_decimal(struct slice *rest, uint64_t max, uint64_t *value)
{
	return take_decimal(rest, max, value);
}

bool slice_take_hex(struct slice *rest, uint64_t max, uint64_t *value)
{
	return take_hex(rest, max, value);
}

/* The kernel writes %03lu: any other number of digits is not its. */
static inline bool take_msec(struct slice *rest, uint32_t *msec)
{
	uint32_t sum = 0;

	if (rest->len < 3)
		return false;
	for (size_t n = 0; n < 3; n++) {
		unsigned int digit = digit_of(rest->at[n], 10);

		if (digit > 9)
			return false;
		sum = sum * 10 + digit;
	}
	*rest = slice_from(*rest, rest->at + 3);
	*msec = sum;
	return true;
}

static inline bool take_time(struct slice *rest, struct pvm_id *id)
{
	return take_decimal(rest, SEC_MAX, &id->sec) && slice_skip(rest, ".") &&
	       take_msec(rest, &id->msec);
}

bool slice_take_id(struct slice *rest, struct pvm_id *id)
{
	struct slice from = *rest;

	if (!take_time(&from, id) || !slice_skip(&from, ":") ||
	    !take_decimal(&from, UINT32_MAX, &id->serial))
		return false;
	*rest = from;
	return true;
}

bool slice_unsigned(struct slice slice, uint64_t *value)
{
	uint64_t number;

	if (!take_decimal(&slice, UINT64_MAX, &number) || slice.len)
		return false;
	*value = number;
	return true;
}

bool slice_signed(struct slice slice, int64_t *value)
{
	bool negative = slice_skip(&slice, "-");
	uint64_t number;

	if (!slice_unsigned(slice, &number) || number > INT64_MAX)
		return false;
	*value = negative ? -(int64_t)number : (int64_t)number;
	return true;
}

bool slice_hex(struct slice slice, uint64_t *value)
{
	uint64_t number;

	if (!take_hex(&slice, UINT64_MAX, &number) || slice.len)
		return false;
	*value = number;
	return true;
}

bool slice_address(struct slice slice, uint64_t *value)
{
	return slice_skip(&slice, "0x") && slice_hex(slice, value);
}

bool slice_time(struct slice slice, struct pvm_id *id)
{
	struct pvm_id read = {0};

	if (!take_time(&slice, &read) || slice.len)
		return false;
	*id = read;
	return true;
}

bool slice_id(struct slice slice, struct pvm_id *id)
{
	struct pvm_id read;

	if (!slice_take_id(&slice, &read) || slice.len)
		return false;
	*id = read;
	return true;
}
