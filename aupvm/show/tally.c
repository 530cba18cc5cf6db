// SPDX-License-Identifier: GPL-2.0-or-later
/* tally.c - see tally.h */
#define _GNU_SOURCE /* qsort_r */
#include <stdlib.h>

#include "util/memory.h"
#include "show/tally.h"

void tally_free(struct tally *tally)
{
	strings_free(&tally->names);
	free(tally->sums);
}

struct sums *tally_put(struct tally *tally, struct slice name)
{
	uint32_t before = tally->names.nr;
	uint32_t number = strings_put(&tally->names, name);

	if (number == before) {
		tally->sums =
			grow_array(tally->sums, number, sizeof(*tally->sums));
		tally->sums[number] = (struct sums){0};
	}
	return &tally->sums[number];
}

void sums_add(struct sums *sums, const struct access *access)
{
	sums->calls += access->count;
	if (access_failed(access))
		sums->failed += access->count;
	if (access->write) {
		sums->writes += access->count;
		sums->written += access->bytes;
	} else {
		sums->read += access->bytes;
	}
}

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? 1 : a > b ? -1 : 0;
}

static int compare_sums(const void *a, const void *b, void *arg)
{
	const struct tally *tally = *(const struct tally *const *)arg;
	const uint32_t *left = a, *right = b;
	const struct sums *l = &tally->sums[*left], *r = &tally->sums[*right];

	if (l->calls != r->calls)
		return compare(l->calls, r->calls);
	if (l->read + l->written != r->read + r->written)
		return compare(l->read + l->written, r->read + r->written);
	/* of equals the one seen first, so that it is the same each time */
	return compare(*right, *left);
}

uint32_t *tally_sort(const struct tally *tally)
{
	uint32_t *order = new_zeroed(tally->names.nr + 1, sizeof(*order));

	for (uint32_t i = 0; i < tally->names.nr; i++)
		order[i] = i;
	qsort_r(order, tally->names.nr, sizeof(*order), compare_sums, &tally);
	return order;
}
