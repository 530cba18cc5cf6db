// SPDX-License-Identifier: GPL-2.0-or-later
/* gaps.c - see gaps.h */
#include <string.h>

#include "ledger/gaps.h"

/*
 * Widest gap of which each event is looked up: more than the kernel and auditd
 * hold for us.
 */
#define LOOK_UP_MAX 1000000

void pvm_gaps_init(struct pvm_gaps *gaps, pvm_gaps_fn *fn,
		   pvm_gaps_known_fn *known, void *arg,
		   struct pvm_serials *came)
{
	memset(gaps, 0, sizeof(*gaps));
	gaps->fn = fn;
	gaps->known = known;
	gaps->arg = arg;
	gaps->came = came;
	gaps->why = PVM_LOSS_FEED;
}

void pvm_gaps_start(struct pvm_gaps *gaps, const struct pvm_id *last)
{
	gaps->started = true;
	gaps->last = *last;
	gaps->why = PVM_LOSS_NOT_RUNNING;
}

/* Serials are 32 bits wide in the kernel, and go on from 0. */
static uint32_t distance(uint64_t from, uint64_t to)
{
	return (uint32_t)to - (uint32_t)from;
}

static void remove_gap(struct pvm_gaps *gaps, unsigned int i)
{
	gaps->nr--;
	memmove(&gaps->gap[i], &gaps->gap[i + 1],
		(gaps->nr - i) * sizeof(gaps->gap[0]));
}

static void give_up_oldest(struct pvm_gaps *gaps)
{
	struct pvm_gap gap = gaps->gap[0];

	remove_gap(gaps, 0);
	gaps->fn(gaps->arg, gap.why, &gap.span);
}

/* Put @gap behind the @i first ones, of which the oldest may have to go. */
static void insert_gap(struct pvm_gaps *gaps, unsigned int i,
		       const struct pvm_gap *gap)
{
	if (gaps->nr == PVM_GAPS_MAX) {
		give_up_oldest(gaps);
		i--;
	}
	memmove(&gaps->gap[i + 1], &gaps->gap[i],
		(gaps->nr - i) * sizeof(gaps->gap[0]));
	gaps->nr++;
	gaps->gap[i] = *gap;
}

/* @serial is not missing from the @i-th gap any more, which may fall in two. */
static void shrink_gap(struct pvm_gaps *gaps, unsigned int i, uint32_t serial)
{
	struct pvm_gap before = gaps->gap[i], after = before;

	before.span.last.serial = serial - 1;
	before.span.count = distance(before.span.first.serial, serial);
	after.span.first.serial = serial + 1;
	after.span.count = distance(serial, after.span.last.serial);
	if (!before.span.count && !after.span.count) {
		remove_gap(gaps, i);
		return;
	}
	if (!before.span.count || !after.span.count) {
		gaps->gap[i] = before.span.count ? before : after;
		return;
	}
	gaps->gap[i] = before;
	insert_gap(gaps, i + 1, &after);
}

/* The gap of @serial, or their number. */
static unsigned int find_gap(const struct pvm_gaps *gaps, uint32_t serial)
{
	for (unsigned int i = gaps->nr; i-- > 0;) {
		const struct pvm_span *span = &gaps->gap[i].span;

		if (distance(span->first.serial, serial) < span->count)
			return i;
	}
	return gaps->nr;
}

/* An earlier process may yet say that it missed the event. */
static void note_came(struct pvm_gaps *gaps, uint32_t serial)
{
	size_t place;

	if (gaps->came)
		pvm_serials_add(gaps->came, serial, &place);
}

void pvm_gaps_fill(struct pvm_gaps *gaps, uint32_t serial)
{
	unsigned int i = find_gap(gaps, serial);

	note_came(gaps, serial);
	if (i < gaps->nr)
		shrink_gap(gaps, i, serial);
}

/* Of the @i-th gap, events up to @last are not missing. */
static void cut_gap(struct pvm_gaps *gaps, unsigned int i, uint32_t last)
{
	struct pvm_span *span = &gaps->gap[i].span;
	uint32_t cut = distance(span->first.serial, last) + 1;

	if (cut > INT32_MAX)
		return;
	if (cut >= span->count) {
		remove_gap(gaps, i);
		return;
	}
	span->first.serial = (uint32_t)(last + 1);
	span->count -= cut;
}

void pvm_gaps_start_later(struct pvm_gaps *gaps, const struct pvm_id *id)
{
	if (!gaps->started || (gaps->why == PVM_LOSS_NOT_RUNNING &&
			       pvm_id_before(&gaps->last, id)))
		pvm_gaps_start(gaps, id);
	for (unsigned int i = gaps->nr; i-- > 0;)
		if (gaps->gap[i].why == PVM_LOSS_NOT_RUNNING)
			cut_gap(gaps, i, (uint32_t)id->serial);
}

/* The event has come after newer ones: there may be more like it. */
static void see_late(struct pvm_gaps *gaps, uint32_t serial, uint64_t now_ms)
{
	unsigned int i = find_gap(gaps, serial);

	note_came(gaps, serial);
	if (i == gaps->nr)
		return;
	if (now_ms - gaps->gap[i].since_ms >= PVM_GAP_OLD_MS)
		gaps->late_ms = now_ms;
	shrink_gap(gaps, i, serial);
}

/* Where gaps are looked for, and what those will be like. */
struct search {
	enum pvm_loss why;
	const struct pvm_id *before, *behind; /* for their times */
	uint64_t now_ms;
};

/* Put a gap behind all others. */
static void append_gap(struct pvm_gaps *gaps, const struct search *search,
		       uint32_t first, uint32_t last)
{
	struct pvm_gap gap = {
		.why = search->why,
		.span = {distance(first, last) + 1, *search->before,
			 *search->behind},
		.since_ms = search->now_ms,
	};

	gap.span.first.serial = first;
	gap.span.last.serial = last;
	insert_gap(gaps, gaps->nr, &gap);
}

static bool is_known(const struct pvm_gaps *gaps, uint32_t serial)
{
	return (gaps->came && pvm_serials_has(gaps->came, serial)) ||
	       (gaps->known && gaps->known(gaps->arg, serial));
}

/* What lies from @first on ahead of @end, and is not known. */
static void open_gaps(struct pvm_gaps *gaps, const struct search *search,
		      uint32_t first, uint32_t end)
{
	uint32_t at = first;

	if (distance(first, end) <= LOOK_UP_MAX) {
		for (; at != end; at++) {
			if (!is_known(gaps, at))
				continue;
			if (at != first)
				append_gap(gaps, search, first, at - 1);
			first = at + 1;
		}
	}
	if (first != end)
		append_gap(gaps, search, first, end - 1);
}

void pvm_gaps_miss(struct pvm_gaps *gaps, const struct pvm_missing *missing,
		   uint64_t now_ms)
{
	const struct search search = {
		.why = PVM_LOSS_ENDED,
		.before = &missing->bounds.first,
		.behind = &missing->bounds.last,
		.now_ms = now_ms,
	};

	for (size_t i = 0; i < missing->nr; i++)
		open_gaps(gaps, &search, (uint32_t)missing->range[i].first,
			  (uint32_t)missing->range[i].last + 1);
}

void pvm_gaps_see(struct pvm_gaps *gaps, const struct pvm_id *id,
		  uint64_t now_ms)
{
	uint32_t ahead = distance(gaps->last.serial, id->serial);

	if (gaps->started && !ahead)
		return;
	if (gaps->started && ahead > INT32_MAX) {
		see_late(gaps, (uint32_t)id->serial, now_ms);
		return;
	}
	if (gaps->started && ahead > 1)
		open_gaps(gaps,
			  &(struct search){gaps->why, &gaps->last, id, now_ms},
			  (uint32_t)gaps->last.serial + 1,
			  (uint32_t)id->serial);
	gaps->started = true;
	gaps->why = PVM_LOSS_FEED;
	gaps->last = *id;
}

bool pvm_gaps_passed(const struct pvm_gaps *gaps, const struct pvm_id *id)
{
	return gaps->started && pvm_id_before(id, &gaps->last);
}

void pvm_gaps_expire(struct pvm_gaps *gaps, uint64_t now_ms, bool late)
{
	bool waits = late || now_ms - gaps->late_ms < PVM_GAP_WAIT_MS;
	uint64_t most_ms = waits ? PVM_GAP_LATE_MS : PVM_GAP_WAIT_MS;

	while (gaps->nr && now_ms - gaps->gap[0].since_ms >= most_ms)
		give_up_oldest(gaps);
}

bool pvm_gaps_newest(const struct pvm_gaps *gaps, struct pvm_id *id)
{
	if (gaps->started)
		*id = gaps->last;
	return gaps->started;
}

void pvm_gaps_pending(const struct pvm_gaps *gaps, struct pvm_missing *missing)
{
	for (unsigned int i = 0; i < gaps->nr; i++)
		pvm_missing_add(missing, &gaps->gap[i].span);
}
