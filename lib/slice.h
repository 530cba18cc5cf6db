/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * slice.h - a stretch of borrowed bytes, and what is read out of one
 *
 * The log is not NUL-terminated and not to be trusted: nothing here reads
 * beyond the span's end, and a number is one only when every byte of it is.
 */
#ifndef PVM_SLICE_H
#define PVM_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pvm/event.h"

struct slice {
	const char *at; /* NULL: it is not there */
	size_t len;
};

struct slice slice_of(const char *text);

bool slice_is(struct slice span, const char *text);
bool slice_equal(struct slice a, struct slice b);

/* Step over @word at the start of @span; false when something else is there. */
bool slice_skip(struct slice *span, const char *word);

/*
 * Take what stands ahead of the next @separator, or all that is left, off
 * @rest. Returns false when nothing is left.
 */
bool slice_next(struct slice *rest, char separator, struct slice *item);

/* The first place of @text in @span, or NULL. */
const char *slice_find(struct slice span, const char *text);

/* The whole span as a number. On false @value is left as it was. */
bool slice_unsigned(struct slice span, uint64_t *value);
bool slice_signed(struct slice span, int64_t *value);
bool slice_hex(struct slice span, uint64_t *value); /* without 0x */
bool slice_address(struct slice span, uint64_t *value); /* with 0x */

/* SEC.MSEC, and SEC.MSEC:SERIAL. */
bool slice_time(struct slice span, struct pvm_id *id);
bool slice_id(struct slice span, struct pvm_id *id);

/* Milliseconds since 1970. */
static inline uint64_t id_ms(const struct pvm_id *id)
{
	return id->sec * 1000 + id->msec;
}

#endif
