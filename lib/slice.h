/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slice.h - a stretch of borrowed bytes, and what is read out of one
 *
 * Audit's text is not NUL-terminated and not to be trusted: nothing here reads
 * beyond a slice's end.
 *
 * Two families: slice_unsigned() and the like read the whole of a slice, and
 * refuse one of which any byte is something else. slice_skip(), slice_until()
 * and slice_take_...() step over what they name at the start of a slice; on
 * false something else is there, and the slice may start anywhere before it.
 */
#ifndef PVM_LIB_SLICE_H
#define PVM_LIB_SLICE_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "pvm/event.h"
#include "pvm/slice.h"

struct slice slice_of(const char *text);

/* The end of @slice, from @at on, which points into it. */
static inline struct slice slice_from(struct slice slice, const char *at)
{
	return (struct slice){at, slice.len - (size_t)(at - slice.at)};
}

static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (!a.len || !memcmp(a.at, b.at, a.len));
}

/* Inline, like what follows, since every line of audit's goes through it. */
static inline bool slice_is(struct slice slice, const char *text)
{
	return slice_equal(slice, (struct slice){text, strlen(text)});
}

/* Step over @word; false, and nothing is stepped over, when it is not there. */
static inline bool slice_skip(struct slice *slice, const char *word)
{
	size_t len = strlen(word);

	if (slice->len < len || memcmp(slice->at, word, len))
		return false;
	*slice = slice_from(*slice, slice->at + len);
	return true;
}

/*
 * Take what stands ahead of the first @separator, and step over both. Returns
 * false, and takes nothing, when there is no separator.
 */
static inline bool slice_until(struct slice *rest, char separator,
			       struct slice *item)
{
	const char *end =
		rest->len ? memchr(rest->at, separator, rest->len) : NULL;

	if (!end)
		return false;
	*item = (struct slice){rest->at, (size_t)(end - rest->at)};
	*rest = slice_from(*rest, end + 1);
	return true;
}

/*
 * Take what stands ahead of the next @separator, or all that is left, off
 * @rest. Returns false when nothing is left.
 */
bool slice_next(struct slice *rest, char separator, struct slice *item);

/* The first place of @text in @slice, or NULL. */
const char *slice_find(struct slice slice, const char *text);

/* Decimal digits, of a number that is not above @max. */
bool slice_take_decimal(struct slice *rest, uint64_t max, uint64_t *value);

/* Likewise hexadecimal ones, without 0x. */
bool slice_take_hex(struct slice *rest, uint64_t max, uint64_t *value);

/*
 * SEC.MSEC:SERIAL as the kernel writes it, with three digits of milliseconds.
 * No second is beyond the year 9999, no serial beyond 32 bits.
 */
bool slice_take_id(struct slice *rest, struct pvm_id *id);

/* The whole slice as a number. On false @value is left as it was. */
bool slice_unsigned(struct slice slice, uint64_t *value);
bool slice_signed(struct slice slice, int64_t *value);
bool slice_hex(struct slice slice, uint64_t *value); /* without 0x */
bool slice_address(struct slice slice, uint64_t *value); /* with 0x */

/* The whole slice as SEC.MSEC, serial 0, or as SEC.MSEC:SERIAL; likewise. */
bool slice_time(struct slice slice, struct pvm_id *id);
bool slice_id(struct slice slice, struct pvm_id *id);

/* Milliseconds since 1970. */
static inline uint64_t id_ms(const struct pvm_id *id)
{
	return id->sec * 1000 + id->msec;
}

#endif
