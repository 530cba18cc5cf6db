// SPDX-License-Identifier: GPL-2.0-or-later
/* gaps.c - see gaps.h */
#include <string.h>

#include "gaps.h"

void pvm_gaps_init(struct pvm_gaps *gaps, pvm_gaps_fn *fn, void *arg)
{
	memset(gaps, 0, sizeof(*gaps));
	gaps->fn = fn;
	gaps->arg = arg;
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

static void tell_oldest(struct pvm_gaps *gaps)
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
		tell_oldest(gaps);
		i--;
	}
	memmove(&gaps->gap[i + 1], &gaps->gap[i],
		(gaps->nr - i) * sizeof(gaps->gap[0]));
	gaps->nr++;
	gaps->gap[i] = *gap;
}

/* What lies between the newest event so far and @id. */
static void open_gap(struct pvm_gaps *gaps, const struct pvm_id *id,
		     uint64_t now_ms)
{
	struct pvm_gap gap = {
		.why = gaps->why,
		.span = {distance(gaps->last.serial, id->serial) - 1,
			 gaps->last, *id},
		.since_ms = now_ms,
	};

	gap.span.first.serial = (uint32_t)(gap.span.first.serial + 1);
	gap.span.last.serial = (uint32_t)(gap.span.last.serial - 1);
	insert_gap(gaps, gaps->nr, &gap);
}

/* @id, late, has come out of the @i-th gap; the gap may fall in two. */
static void shrink_gap(struct pvm_gaps *gaps, unsigned int i,
		       const struct pvm_id *id)
{
	struct pvm_gap before = gaps->gap[i], after = before;

	before.span.last.serial = (uint32_t)(id->serial - 1);
	before.span.count = distance(before.span.first.serial, id->serial);
	after.span.first.serial = (uint32_t)(id->serial + 1);
	after.span.count = distance(id->serial, after.span.last.serial);
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

static void fill_gap(struct pvm_gaps *gaps, const struct pvm_id *id)
{
	for (unsigned int i = gaps->nr; i-- > 0;) {
		const struct pvm_span *span = &gaps->gap[i].span;

		if (distance(span->first.serial, id->serial) < span->count) {
			shrink_gap(gaps, i, id);
			return;
		}
	}
}

void pvm_gaps_see(struct pvm_gaps *gaps, const struct pvm_id *id,
		  uint64_t now_ms)
{
	uint32_t ahead = distance(gaps->last.serial, id->serial);

	if (gaps->started && !ahead)
		return;
	if (gaps->started && ahead > INT32_MAX) {
		fill_gap(gaps, id);
		return;
	}
	if (gaps->started && ahead > 1)
		open_gap(gaps, id, now_ms);
	gaps->started = true;
	gaps->why = PVM_LOSS_FEED;
	gaps->last = *id;
}

void pvm_gaps_expire(struct pvm_gaps *gaps, uint64_t now_ms)
{
	while (gaps->nr && now_ms - gaps->gap[0].since_ms >= PVM_GAP_WAIT_MS)
		tell_oldest(gaps);
}

bool pvm_gaps_complete(const struct pvm_gaps *gaps, struct pvm_id *id)
{
	if (!gaps->started)
		return false;
	*id = gaps->last;
	if (gaps->nr) {
		*id = gaps->gap[0].span.first;
		id->serial = (uint32_t)(id->serial - 1);
	}
	return true;
}
