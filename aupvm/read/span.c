// SPDX-License-Identifier: GPL-2.0-or-later
/* span.c - see span.h */
#define _GNU_SOURCE /* memmem */
#include <string.h>

#include "read/span.h"

/* A time beyond this is none: the year 9999, and room to count in ms. */
#define SEC_MAX 253402300799u

struct span span_of(const char *text)
{
	return (struct span){text, strlen(text)};
}

bool span_is(struct span span, const char *text)
{
	return span_equal(span, span_of(text));
}

bool span_equal(struct span a, struct span b)
{
	return a.len == b.len && (!a.len || !memcmp(a.at, b.at, a.len));
}

bool span_skip(struct span *span, const char *word)
{
	size_t len = strlen(word);

	if (span->len < len || memcmp(span->at, word, len))
		return false;
	span->at += len;
	span->len -= len;
	return true;
}

bool span_next(struct span *rest, char separator, struct span *item)
{
	const char *end;

	if (!rest->at)
		return false;
	*item = *rest;
	end = memchr(rest->at, separator, rest->len);
	if (!end) {
		*rest = (struct span){NULL, 0};
		return true;
	}
	item->len = (size_t)(end - rest->at);
	rest->at += item->len + 1;
	rest->len -= item->len + 1;
	return true;
}

const char *span_find(struct span span, const char *text)
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

static bool read_digits(struct span span, unsigned int base, uint64_t *value)
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

bool span_unsigned(struct span span, uint64_t *value)
{
	return read_digits(span, 10, value);
}

bool span_signed(struct span span, int64_t *value)
{
	bool negative = span.at && span_skip(&span, "-");
	uint64_t number;

	if (!read_digits(span, 10, &number) || number > INT64_MAX)
		return false;
	*value = negative ? -(int64_t)number : (int64_t)number;
	return true;
}

bool span_hex(struct span span, uint64_t *value)
{
	return read_digits(span, 16, value);
}

bool span_address(struct span span, uint64_t *value)
{
	return span.at && span_skip(&span, "0x") && span_hex(span, value);
}

bool span_time(struct span span, struct pvm_id *id)
{
	struct span sec;
	uint64_t seconds, msec;

	if (!span_next(&span, '.', &sec) || !span_unsigned(sec, &seconds) ||
	    span.len != 3 || !span_unsigned(span, &msec) || seconds > SEC_MAX)
		return false;
	*id = (struct pvm_id){.sec = seconds, .msec = (uint32_t)msec};
	return true;
}

bool span_id(struct span span, struct pvm_id *id)
{
	struct span time;
	struct pvm_id read;
	uint64_t serial;

	if (!span_next(&span, ':', &time) || !span_time(time, &read) ||
	    !span_unsigned(span, &serial))
		return false;
	read.serial = serial;
	*id = read;
	return true;
}
