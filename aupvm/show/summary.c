// SPDX-License-Identifier: GPL-2.0-or-later
/* summary.c - --summary: who with whom, where, and what failed */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "show/columns.h"
#include "util/memory.h"
#include "show/output.h"
#include "read/regions.h"
#include "show/tally.h"

/* Lines of each list; what follows is told in one. */
#define TOP 15

struct summary {
	struct output output;
	struct sums sums;
	uint64_t by_fate[FATES];
	uint64_t folds, lost_records, lost_most;
	uint64_t from_ms, to_ms;
	struct tally pairs, regions, failures;
	struct text name;
};

static void add_pair(struct summary *summary, const struct access *access)
{
	struct text *name = &summary->name;

	text_clear(name);
	if (access->node.len) {
		text_put_escaped(name, access->node);
		text_put(name, ": ");
	}
	column_caller_path(name, access);
	text_put(name, " -> ");
	column_target_path(name, access);
	sums_add(tally_put(&summary->pairs, text_span(name)), access);
}

/* A path is told from the mapping, with its permissions, not the place in it.
 */
static void name_region(struct text *name, const struct region *region)
{
	text_clear(name);
	text_put_span(name, region->name);
	if (region->perms.len) {
		text_put(name, " ");
		text_put_span(name, region->perms);
	}
}

/* A call counts once in each region that it touches. */
static bool stands_before(struct span rmap, const char *end,
			  const struct region *region)
{
	struct span entry;
	struct region other;

	while (span_next(&rmap, ',', &entry) && entry.at < end) {
		region_read(&other, entry);
		if (span_equal(other.name, region->name) &&
		    span_equal(other.perms, region->perms))
			return true;
	}
	return false;
}

static void add_regions(struct summary *summary, const struct access *access)
{
	struct span rmap = access->fields.value[FIELD_RMAP], rest = rmap, entry;
	struct region region;

	while (span_next(&rest, ',', &entry)) {
		region_read(&region, entry);
		if (stands_before(rmap, entry.at, &region))
			continue;
		name_region(&summary->name, &region);
		sums_add(tally_put(&summary->regions,
				   text_span(&summary->name)),
			 access);
	}
}

static void add_failure(struct summary *summary, const struct access *access)
{
	struct text *name = &summary->name;

	if (!access_failed(access))
		return;
	text_clear(name);
	column_error(name, access->exit);
	text_put(name, " ");
	column_caller_path(name, access);
	text_put(name, " -> ");
	column_target_path(name, access);
	sums_add(tally_put(&summary->failures, text_span(name)), access);
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
	struct text text = {0};

	printf("%10" PRIu64 " %10" PRIu64 " %10" PRIu64, sums->calls,
	       sums->writes, sums->failed);
	text_put_size(&text, sums->read);
	printf(" %7s", text.at);
	text_clear(&text);
	text_put_size(&text, sums->written);
	printf(" %7s", text.at);
	text_free(&text);
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
	struct text text = {0};

	text_put(&text, "calls: %" PRIu64, sums->calls);
	if (sums->calls) {
		text_put(&text, ", from ");
		text_put_time(&text, summary->from_ms);
		text_put(&text, " to ");
		text_put_time(&text, summary->to_ms);
	}
	text_put(&text, "\nreads: %" PRIu64 " (", sums->calls - sums->writes);
	text_put_size(&text, sums->read);
	text_put(&text, "B), writes: %" PRIu64 " (", sums->writes);
	text_put_size(&text, sums->written);
	text_put(&text, "B), failed: %" PRIu64 "\n", sums->failed);
	for (int i = 0; i < FATES; i++)
		text_put(&text, "%s%s: %" PRIu64, i ? ", " : "",
			 fate_name((enum fate)i), summary->by_fate[i]);
	fputs(text.at, stdout);
	if (summary->folds)
		printf("; folded records: %" PRIu64, summary->folds);
	if (summary->lost_records)
		printf("; declared lost: at most %" PRIu64, summary->lost_most);
	putchar('\n');
	text_free(&text);
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
	text_free(&summary->name);
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
