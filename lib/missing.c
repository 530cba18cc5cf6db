// SPDX-License-Identifier: GPL-2.0-or-later
/* missing.c - see missing.h */
#include <string.h>

#include "lib/missing.h"

static uint64_t length(const struct pvm_range *range)
{
	return range->last - range->first + 1;
}

static void drop_lowest(struct pvm_missing *missing)
{
	struct pvm_span span = missing->bounds;

	span.count = length(&missing->range[0]);
	pvm_span_add(&missing->rest, &span);
	missing->nr--;
	memmove(&missing->range[0], &missing->range[1],
		missing->nr * sizeof(missing->range[0]));
}

static void add(struct pvm_missing *missing, uint64_t first, uint64_t last)
{
	missing->nr = pvm_ranges_add(missing->range, missing->nr, first, last);
	if (missing->nr > PVM_MISSING_MAX)
		drop_lowest(missing);
}

/* Audit's serials go on from 0 behind 2^32 - 1. */
void pvm_missing_add(struct pvm_missing *missing, const struct pvm_span *span)
{
	uint32_t first = (uint32_t)span->first.serial;
	uint32_t last = (uint32_t)span->last.serial;

	if (!span->count)
		return;
	pvm_span_add(&missing->bounds, span);
	if (first <= last) {
		add(missing, first, last);
		return;
	}
	add(missing, first, UINT32_MAX);
	add(missing, 0, last);
}

uint64_t pvm_missing_count(const struct pvm_missing *missing)
{
	uint64_t count = missing->rest.count;

	for (size_t i = 0; i < missing->nr; i++)
		count += length(&missing->range[i]);
	return count;
}
