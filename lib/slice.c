// SPDX-License-Identifier: GPL-2.0-or-later
/* slice.c - see slice.h */
#define _GNU_SOURCE /* memmem */
#include <string.h>

#include "lib/slice.h"

/* A time beyond this is none: the year 9999, and room to count in ms. */
#define SEC_MAX 253402300799u

struct slice slice_of(const char *text)
{
	return (struct slice){text, strlen(text)};
}

bool slice_is(struct slice span, const char *text)
{
	return slice_equal(span, slice_of(text));
}

bool slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (!a.len || !memcmp(a.at, b.at, a.len));
}

bool slice_skip(struct slice *span, const char *word)
{
	size_t len = strlen(word);

	if (span->len < len || memcmp(span->at, word, len))
		return false;
	span->at += len;
	span->len -= len;
	return true;
}

bool slice_next(struct slice *rest, char separator, struct slice *item)
{
	const char *end;

	if (!rest->at)
		return false;
	*item = *rest;
	end = memchr(rest->at, separator, rest->len);
	if (!end) {
		*rest = (struct slice){NULL, 0};
		return true;
	}
	item->len = (size_t)(end - rest->at);
	rest->at += item->len + 1;
	rest->len -= item->len + 1;
	return true;
}

const char *slice_find(struct slice span, const char *text)
{
	return memmem(span.at, span.len, text, strlen(text));
}

static int digit_of(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	if (byte >= 'A' && byte <= 'F')
		return byte - 'A' + 10;
	return 16;
}

static bool read_digits(struct slice span, unsigned int base, uint64_t *value)
{
	uint64_t sum = 0;

	if (!span.at || !span.len)
		return false;
	for (size_t i = 0; i < span.len; i++) {
		unsigned int digit = (unsigned int)digit_of(span.at[i]);

		if (digit >= base || __builtin_mul_overflow(sum, base, &sum) ||
		    __builtin_add_overflow(sum, digit, &sum))
			return false;
	}
	*value = sum;
	return true;
}

bool slice_unsigned(struct slice span, uint64_t *value)
{
	return read_digits(span, 10, value);
}

bool slice_signed(struct slice span, int64_t *value)
{
	bool negative = span.at && slice_skip(&span, "-");
	uint64_t number;

	if (!read_digits(span, 10, &number) || number > INT64_MAX)
		return false;
	*value = negative ? -(int64_t)number : (int64_t)number;
	return true;
}

bool slice_hex(struct slice span, uint64_t *value)
{
	return read_digits(span, 16, value);
}

bool slice_address(struct slice span, uint64_t *value)
{
	return span.at && slice_skip(&span, "0x") && slice_hex(span, value);
}

bool slice_time(struct slice span, struct pvm_id *id)
{
	struct slice sec;
	uint64_t seconds, msec;

	if (!slice_next(&span, '.', &sec) || !slice_unsigned(sec, &seconds) ||
	    span.len != 3 || !slice_unsigned(span, &msec) || seconds > SEC_MAX)
		return false;
	*id = (struct pvm_id){.sec = seconds, .msec = (uint32_t)msec};
	return true;
}

bool slice_id(struct slice span, struct pvm_id *id)
{
	struct slice time;
	struct pvm_id read;
	uint64_t serial;

	if (!slice_next(&span, ':', &time) || !slice_time(time, &read) ||
	    !slice_unsigned(span, &serial))
		return false;
	read.serial = serial;
	*id = read;
	return true;
}
