// SPDX-License-Identifier: GPL-2.0-or-later
/* summary.c - --summary: who with whom, where, and what failed */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/shares.h"
#include "show/columns.h"
#include "util/memory.h"
#include "show/output.h"
#include "read/regions.h"
#include "show/tally.h"

/* Lines of each list; all others share one line. */
#define TOP 15

/* Regions of one call that are named. */
#define REGIONS_NAMED 4

/* Those that are looked at; no record of the plugin has more. */
#define REGIONS_MAX 32

struct summary {
	struct output output;
	struct sums sums;
	uint64_t by_fate[FATES];
	uint64_t perhaps; /* calls */
	uint64_t folds, lost_records, lost_most;
	uint64_t from_ms, to_ms;
	struct tally pairs, regions, failures;
	struct strbuf name;
};

static void add_pair(struct summary *summary, const struct access *access)
{
	struct strbuf *name = &summary->name;

	strbuf_clear(name);
	if (access->node.len) {
		strbuf_put_escaped(name, access->node);
		strbuf_put(name, ": ");
	}
	column_caller_path(name, access);
	strbuf_put(name, " -> ");
	column_target_path(name, access);
	sums_add(tally_put(&summary->pairs, strbuf_slice(name)), access);
}

/* A region is a mapping's name and permissions, wherever in it the call is. */
static void put_region(struct strbuf *name, const struct region *region,
		       bool further)
{
	strbuf_put(name, further ? ", " : "");
	strbuf_put_slice(name, region->name);
	if (region->perms.len) {
		strbuf_put(name, " ");
		strbuf_put_slice(name, region->perms);
	}
}

static int compare_regions(const struct region *a, const struct region *b)
{
	size_t len = a->name.len < b->name.len ? a->name.len : b->name.len;
	int order = len ? memcmp(a->name.at, b->name.at, len) : 0;

	if (order || a->name.len != b->name.len)
		return order ? order : a->name.len < b->name.len ? -1 : 1;
	if (a->perms.len != b->perms.len)
		return a->perms.len < b->perms.len ? -1 : 1;
	return a->perms.len ? memcmp(a->perms.at, b->perms.at, a->perms.len)
			    : 0;
}

/* The different regions of @rmap, in order; as many as there is room for. */
static unsigned int find_regions(struct slice rmap,
				 struct region regions[REGIONS_MAX])
{
	unsigned int nr = 0, at;
	struct slice entry;
	struct region region;

	while (nr < REGIONS_MAX && slice_next(&rmap, ',', &entry)) {
		int order = 1;

		region_read(&region, entry);
		for (at = 0; at < nr; at++) {
			order = compare_regions(&regions[at], &region);
			if (order >= 0)
				break;
		}
		if (at < nr && !order)
			continue;
		memmove(&regions[at + 1], &regions[at],
			(nr - at) * sizeof(region));
		regions[at] = region;
		nr++;
	}
	return nr;
}

static void add_shares(struct summary *summary, const struct access *access,
		       const struct shares *shares)
{
	for (unsigned int i = 0; i < shares->nr; i++) {
		const struct share *share = &shares->share[i];
		struct access part =
			shares_part(access, share->calls, share->bytes);

		strbuf_clear(&summary->name);
		put_region(&summary->name, &share->region, false);
		sums_add(tally_put(&summary->regions,
				   strbuf_slice(&summary->name)),
			 &part);
	}
}

/*
 * A call that touches several regions counts once, under all of their names; so
 * do folded calls, unless each has touched one alone.
 */
static void add_regions(struct summary *summary, const struct access *access)
{
	struct shares shares;
	struct region regions[REGIONS_MAX + 1];
	unsigned int nr =
		find_regions(access->fields.value[FIELD_RMAP], regions);
	struct strbuf *name = &summary->name;

	shares_read(&shares, access);
	if (shares.apart) {
		add_shares(summary, access, &shares);
		return;
	}
	strbuf_clear(name);
	for (unsigned int i = 0; i < nr && i < REGIONS_NAMED; i++)
		put_region(name, &regions[i], i > 0);
	if (nr > REGIONS_NAMED)
		strbuf_put(name, " and %u more", nr - REGIONS_NAMED);
	if (!nr)
		strbuf_put(name, "not known");
	else if (field_has_word(&access->fields, FIELD_CUT, "rmap"))
		strbuf_put(name, " and others");
	sums_add(tally_put(&summary->regions, strbuf_slice(name)), access);
}

static void add_failure(struct summary *summary, const struct access *access)
{
	struct strbuf *name = &summary->name;

	if (!access_failed(access))
		return;
	strbuf_clear(name);
	column_error(name, access->exit);
	strbuf_put(name, " ");
	column_caller_path(name, access);
	strbuf_put(name, " -> ");
	column_target_path(name, access);
	sums_add(tally_put(&summary->failures, strbuf_slice(name)), access);
}

static void add_times(struct summary *summary, const struct access *access)
{
	uint64_t a = id_ms(&access->first), b = id_ms(&access->last);

	if (!summary->from_ms || a < summary->from_ms)
		summary->from_ms = a;
	if (b > summary->to_ms)
		summary->to_ms = b;
}

static void add_fate(struct summary *summary, const struct access *access)
{
	if (access->kind == ACCESS_FOLD)
		summary->by_fate[FATE_FOLDED] += access->count;
	else if (access->kind == ACCESS_UNENRICHED)
		summary->by_fate[access->fate]++;
	else if (access->incomplete)
		summary->by_fate[FATE_UNACCOUNTED]++;
	else
		summary->by_fate[FATE_ENRICHED]++;
	summary->folds += access->kind == ACCESS_FOLD;
	if (access->perhaps)
		summary->perhaps += access->count;
}

static void summary_access(struct output *output, const struct access *access)
{
	struct summary *summary = (struct summary *)output;

	if (access->kind == ACCESS_LOST) {
		summary->lost_records++;
		summary->lost_most += access->count;
		return;
	}
	add_times(summary, access);
	add_fate(summary, access);
	sums_add(&summary->sums, access);
	add_pair(summary, access);
	add_regions(summary, access);
	add_failure(summary, access);
}

/* ---- printing */

static void print_sums(const struct sums *sums)
{
	struct strbuf text = {0};

	printf("%10" PRIu64 " %10" PRIu64 " %10" PRIu64, sums->calls,
	       sums->writes, sums->failed);
	strbuf_put_size(&text, sums->read);
	printf(" %7s", text.at);
	strbuf_clear(&text);
	strbuf_put_size(&text, sums->written);
	printf(" %7s", text.at);
	strbuf_free(&text);
}

static void print_tally(const char *title, const struct tally *tally)
{
	uint32_t *order = tally_sort(tally);
	struct sums rest = {0};
	uint32_t i;

	printf("\n%10s %10s %10s %7s %7s  %s\n", "CALLS", "WRITES", "FAILED",
	       "READ", "WRITTEN", title);
	for (i = 0; i < tally->names.nr && i < TOP; i++) {
		print_sums(&tally->sums[order[i]]);
		printf("  %s\n", tally->names.item[order[i]].at);
	}
	for (; i < tally->names.nr; i++) {
		const struct sums *sums = &tally->sums[order[i]];

		rest.calls += sums->calls;
		rest.writes += sums->writes;
		rest.failed += sums->failed;
		rest.read += sums->read;
		rest.written += sums->written;
	}
	if (tally->names.nr > TOP) {
		print_sums(&rest);
		printf("  %" PRIu32 " others\n", tally->names.nr - TOP);
	}
	free(order);
}

static void print_head(const struct summary *summary)
{
	const struct sums *sums = &summary->sums;
	struct strbuf text = {0};

	strbuf_put(&text, "calls: %" PRIu64, sums->calls);
	if (sums->calls) {
		strbuf_put(&text, ", from ");
		strbuf_put_time(&text, summary->from_ms);
		strbuf_put(&text, " to ");
		strbuf_put_time(&text, summary->to_ms);
	}
	strbuf_put(&text, "\nreads: %" PRIu64 " (", sums->calls - sums->writes);
	strbuf_put_size(&text, sums->read);
	strbuf_put(&text, "B), writes: %" PRIu64 " (", sums->writes);
	strbuf_put_size(&text, sums->written);
	strbuf_put(&text, "B), failed: %" PRIu64 "\n", sums->failed);
	for (int i = 0; i < FATES; i++)
		strbuf_put(&text, "%s%s: %" PRIu64, i ? ", " : "",
			   fate_name((enum fate)i), summary->by_fate[i]);
	fputs(text.at, stdout);
	if (summary->folds)
		printf("; folded records: %" PRIu64, summary->folds);
	if (summary->perhaps)
		printf("; perhaps not into such memory: %" PRIu64,
		       summary->perhaps);
	if (summary->lost_records)
		printf("; declared lost: at most %" PRIu64, summary->lost_most);
	putchar('\n');
	strbuf_free(&text);
}

static void summary_end(struct output *output)
{
	struct summary *summary = (struct summary *)output;

	print_head(summary);
	if (summary->pairs.names.nr)
		print_tally("CALLER -> TARGET", &summary->pairs);
	if (summary->regions.names.nr)
		print_tally("REGION", &summary->regions);
	if (summary->failures.names.nr)
		print_tally("FAILURE", &summary->failures);
}

static void summary_free(struct output *output)
{
	struct summary *summary = (struct summary *)output;

	tally_free(&summary->pairs);
	tally_free(&summary->regions);
	tally_free(&summary->failures);
	strbuf_free(&summary->name);
	free(summary);
}

struct output *summary_new(void)
{
	struct summary *summary = new_zeroed(1, sizeof(*summary));

	summary->output.access = summary_access;
	summary->output.end = summary_end;
	summary->output.free = summary_free;
	return &summary->output;
}
