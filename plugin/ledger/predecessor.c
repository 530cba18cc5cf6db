// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * predecessor.c - see predecessor.h
 *
 * A record is known by what it tells of, which stands at its start: event=, or
 * count=, first= and last=. Two records of one process that are alike in this
 * tell of as many calls, so that it does not matter which of them has come.
 */
#define _GNU_SOURCE /* memmem */
#include <string.h>

#include "ledger/predecessor.h"
#include "lib/scan.h"

/* Widest range in serials=: no record folds more. */
#define RANGE_MAX 1000000

/* Of those under way, how many calls a record is to tell of. */
static uint64_t count_awaited(const struct pvm_pending *pending)
{
	uint64_t count = 0;

	for (size_t i = 0; i < pending->records_nr; i++)
		count += pending->awaited[i].count;
	return count;
}

void pvm_predecessor_init(struct pvm_predecessor *former,
			  const struct pvm_pending *pending, uint64_t now_ms,
			  struct pvm_losses *losses)
{
	struct pvm_span rest = pending->span;

	memset(former, 0, sizeof(*former));
	former->pending = *pending;
	former->pending.span.count = count_awaited(pending);
	former->deadline_ms = now_ms + PVM_IN_FLIGHT_LATE_MS;
	rest.count -= former->pending.span.count;
	pvm_losses_add(losses, PVM_LOSS_ENDED, &rest);
}

/* Step over "NAME=" and all up to the next space. */
static bool skip_field(const char **at, const char *end, const char *name)
{
	const char *space;

	if (!pvm_skip_word(at, end, name))
		return false;
	space = memchr(*at, ' ', (size_t)(end - *at));
	if (!space)
		return false;
	*at = space + 1;
	return true;
}

/* What stands behind op=, and why= of a loss. */
static bool read_told(const char **at, const char *end,
		      struct pvm_in_flight_record *told)
{
	struct pvm_id first, last;

	if (pvm_skip_word(at, end, "event=")) {
		if (!pvm_read_id(at, end, &first))
			return false;
		told->count = 1;
		last = first;
	} else if (!pvm_skip_word(at, end, "count=") ||
		   !pvm_read_decimal(at, end, UINT64_MAX, &told->count) ||
		   !pvm_skip_word(at, end, " first=") ||
		   !pvm_read_id(at, end, &first) ||
		   !pvm_skip_word(at, end, " last=") ||
		   !pvm_read_id(at, end, &last)) {
		return false;
	}
	told->first = (uint32_t)first.serial;
	told->last = (uint32_t)last.serial;
	return true;
}

static bool is_same(const struct pvm_in_flight_record *a,
		    const struct pvm_in_flight_record *b)
{
	return a->pid == b->pid && a->count == b->count &&
	       a->first == b->first && a->last == b->last;
}

static void strike_out(struct pvm_predecessor *former,
		       const struct pvm_in_flight_record *told, uint64_t now_ms)
{
	struct pvm_pending *pending = &former->pending;
	struct pvm_in_flight_record *at = pending->awaited;
	const struct pvm_in_flight_record *end = at + pending->records_nr;

	while (at < end && !is_same(at, told))
		at++;
	if (at == end)
		return;
	memmove(at, at + 1, (size_t)(end - at - 1) * sizeof(*at));
	pending->records_nr--;
	pending->span.count -= told->count;
	former->overtaken_ms = now_ms;
}

/* The calls of serials=, "1-3,7". */
static void fill_serials(struct pvm_gaps *gaps, const char *at, const char *end)
{
	uint64_t first, last;

	do {
		if (!pvm_read_decimal(&at, end, UINT32_MAX, &first))
			return;
		last = first;
		if (pvm_skip_word(&at, end, "-") &&
		    !pvm_read_decimal(&at, end, UINT32_MAX, &last))
			return;
		if (last - first > RANGE_MAX)
			return;
		for (; first <= last; first++)
			pvm_gaps_fill(gaps, (uint32_t)first);
	} while (pvm_skip_word(&at, end, ","));
}

/* Of a call in parts one part does not tell all. */
static void fill_gaps(struct pvm_gaps *gaps,
		      const struct pvm_in_flight_record *told, const char *at,
		      const char *end)
{
	if (pvm_skip_word(&at, end, " serials="))
		fill_serials(gaps, at, end);
	else if (!memmem(at, (size_t)(end - at), " part=", 6))
		pvm_gaps_fill(gaps, told->first);
}

void pvm_predecessor_confirm(struct pvm_predecessor *former,
			     struct pvm_gaps *gaps, uint32_t pid,
			     const char *text, size_t len, uint64_t now_ms)
{
	static const char call[] = "op=process_vm_";
	struct pvm_in_flight_record told = {.pid = pid};
	const char *at = text, *end = text + len;
	bool is_call = len > strlen(call) && !memcmp(text, call, strlen(call));

	if (!skip_field(&at, end, "op="))
		return;
	if (!is_call && !skip_field(&at, end, "why="))
		return;
	if (!read_told(&at, end, &told))
		return;
	strike_out(former, &told, now_ms);
	if (is_call)
		fill_gaps(gaps, &told, at, end);
}

void pvm_predecessor_pass(struct pvm_predecessor *former, uint64_t now_ms)
{
	if (!former->overtaken)
		former->overtaken_ms = now_ms;
	former->overtaken = true;
}

void pvm_predecessor_expire(struct pvm_predecessor *former, uint64_t now_ms,
			    bool missing, struct pvm_losses *losses)
{
	bool overdue = former->overtaken && !missing &&
		       former->overtaken_ms + PVM_IN_FLIGHT_PASSED_MS <= now_ms;

	if (!overdue && former->deadline_ms > now_ms)
		return;
	pvm_losses_add(losses, PVM_LOSS_ENDED, &former->pending.span);
	former->pending.span.count = 0;
	former->pending.records_nr = 0;
}

void pvm_predecessor_pending(const struct pvm_predecessor *former,
			     struct pvm_pending *pending)
{
	const struct pvm_pending *left = &former->pending;

	pvm_span_add(&pending->span, &left->span);
	for (size_t i = 0; i < left->records_nr; i++)
		pvm_pending_note(pending, &left->awaited[i]);
}
