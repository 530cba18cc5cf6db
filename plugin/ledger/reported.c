// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reported.c - see reported.h
 *
 * What a record reports stands at its start: event=, or count=, first= and
 * last= or, where no serials are known, from= and to=.
 */
#include <string.h>

#include "ledger/reported.h"
#include "lib/slice.h"
#include "lib/strides.h"

/* Most serials in an entry of serials=: no record folds more. */
#define STRIDE_MAX 1000000

bool pvm_reported_pid(const struct pvm_line *line, uint32_t *pid)
{
	struct slice rest = line->fields;
	uint64_t number;

	if (!slice_skip(&rest, "pid=") ||
	    !slice_take_decimal(&rest, UINT32_MAX, &number))
		return false;
	*pid = (uint32_t)number;
	return true;
}

/* Step over the value of a field, SEC.MSEC. */
static bool take_time(struct slice *rest, struct pvm_id *id)
{
	struct slice time;

	return slice_next(rest, ' ', &time) && slice_time(time, id);
}

/* count=, and first= with last= or from= with to=. */
static bool read_span(struct slice *rest, struct pvm_span *span)
{
	if (!slice_skip(rest, "count=") ||
	    !slice_take_decimal(rest, UINT64_MAX, &span->count))
		return false;
	if (slice_skip(rest, " first="))
		return slice_take_id(rest, &span->first) &&
		       slice_skip(rest, " last=") &&
		       slice_take_id(rest, &span->last);
	return slice_skip(rest, " from=") && take_time(rest, &span->first) &&
	       slice_skip(rest, "to=") && take_time(rest, &span->last);
}

/* Behind "op=process_vm". */
static bool read_call(struct pvm_reported *reported, struct slice rest)
{
	struct pvm_span *span = &reported->key.span;
	struct slice word;

	reported->is_call = true;
	if (!slice_until(&rest, ' ', &word))
		return false;
	if (slice_skip(&rest, "event=")) {
		span->count = 1;
		if (!slice_take_id(&rest, &span->first))
			return false;
		span->last = span->first;
	} else if (!read_span(&rest, span)) {
		return false;
	}
	if (slice_skip(&rest, " serials="))
		reported->serials = rest;
	reported->is_part = slice_find(rest, " part=");
	return true;
}

/* The number in the field " NAME="; 0 without. */
static uint64_t find_number(struct slice message, const char *field)
{
	const char *at = slice_find(message, field);
	struct slice rest;
	uint64_t number;

	if (!at)
		return 0;
	rest = slice_from(message, at + strlen(field));
	return slice_take_decimal(&rest, UINT64_MAX, &number) ? number : 0;
}

/* Behind "why=" of a loss. */
static bool read_loss(struct pvm_reported *reported, struct slice rest)
{
	struct slice why;

	if (!slice_until(&rest, ' ', &why))
		return false;
	for (int i = 0; i < PVM_LOSSES; i++) {
		if (!slice_is(why, pvm_loss_name(i)))
			continue;
		reported->key.why = i;
		reported->key.start = find_number(rest, " start=");
		return read_span(&rest, &reported->key.span);
	}
	return false;
}

bool pvm_reported_read(struct pvm_reported *reported,
		       const struct pvm_line *line)
{
	struct slice rest = line->message;

	memset(reported, 0, sizeof(*reported));
	reported->key.why = PVM_LOSSES;
	if (!pvm_reported_pid(line, &reported->key.pid))
		return false;
	if (slice_skip(&rest, "op=process_vm"))
		return read_call(reported, rest);
	if (slice_skip(&rest, "op=pvm-lost why="))
		return read_loss(reported, rest);
	if (!slice_skip(&rest, "op=pvm-"))
		return false;
	reported->start = find_number(rest, " start=");
	reported->reloads = find_number(rest, " reloads=");
	return true;
}

bool pvm_reported_serials(struct pvm_reported *reported,
			  struct pvm_stride *stride)
{
	if (!reported->serials.at ||
	    !pvm_stride_take(&reported->serials, UINT32_MAX, stride))
		return false;
	if (stride->first < reported->next ||
	    (stride->last - stride->first) / stride->step > STRIDE_MAX)
		return false;
	reported->next = stride->last + 1;
	if (!slice_skip(&reported->serials, ","))
		reported->serials = (struct slice){NULL, 0};
	return true;
}
