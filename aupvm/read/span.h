/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * span.h - a stretch of borrowed bytes, and what is read out of one
 *
 * The log is not NUL-terminated and not to be trusted: nothing here reads
 * beyond the span's end, and a number is one only when every byte of it is.
 */
#ifndef AUPVM_SPAN_H
#define AUPVM_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pvm/event.h"

struct span {
	const char *at; /* NULL: it is not there */
	size_t len;
};

struct span span_of(const char *text);

bool span_is(struct span span, const char *text);
bool span_equal(struct span a, struct span b);

/* Step over @word at the start of @span; false when something else is there. */
bool span_skip(struct span *span, const char *word);

/*
 * Take what stands ahead of the next @separator, or all that is left, off
 * @rest. Returns false when nothing is left.
 */
bool span_next(struct span *rest, char separator, struct span *item);

/* The first place of @text in @span, or NULL. */
const char *span_find(struct span span, const char *text);

/* The whole span as a number. On false @value is left as it was. */
bool span_unsigned(struct span span, uint64_t *value);
bool span_signed(struct span span, int64_t *value);
bool span_hex(struct span span, uint64_t *value); /* without 0x */
bool span_address(struct span span, uint64_t *value); /* with 0x */

/* SEC.MSEC, and SEC.MSEC:SERIAL. */
bool span_time(struct span span, struct pvm_id *id);
bool span_id(struct span span, struct pvm_id *id);

/* Milliseconds since 1970. */
static inline uint64_t id_ms(const struct pvm_id *id)
{
	return id->sec * 1000 + id->msec;
}

#endif
