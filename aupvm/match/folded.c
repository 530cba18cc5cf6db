// SPDX-License-Identifier: GPL-2.0-or-later
/* folded.c - see folded.h */
#include "match/folded.h"
#include "match/unenriched.h"

/* Serials from low to high; false at the end of the list. */
static bool next_range(struct slice *list, uint64_t *low, uint64_t *high)
{
	struct slice item, first;

	if (!slice_next(list, ',', &item))
		return false;
	slice_next(&item, '-', &first);
	slice_unsigned(first, low);
	*high = *low;
	if (item.at)
		slice_unsigned(item, high);
	return true;
}

/* UINT64_MAX also for more than that. */
static uint64_t count_serials(struct slice list)
{
	uint64_t sum = 0, low, high;

	while (next_range(&list, &low, &high))
		if (__builtin_add_overflow(sum, high - low, &sum) ||
		    __builtin_add_overflow(sum, 1, &sum))
			return UINT64_MAX;
	return sum;
}

/* Times of first and last are not in order when calls overlap. */
static struct call *find_call(const struct store *store,
			      const struct access *access, uint64_t serial)
{
	uint64_t a = id_ms(&access->first), b = id_ms(&access->last);

	return calls_find_near(&store->calls, access->node_number, serial,
			       a < b ? a : b, a < b ? b : a, BOOT_SLACK_MS);
}

static void fold_call(struct access *access, struct call *call)
{
	call_add_one(&call->folded);
	unenriched_drop(call);
	if (call->audited && !access->has_session) {
		access->session = call->session;
		access->has_session = true;
	}
}

/* For a range longer than the log: look at each call of the log instead. */
static uint64_t fold_among_all(struct store *store, struct access *access,
			       uint64_t low, uint64_t high)
{
	uint64_t seen = 0;

	for (uint32_t i = 0; i < store->calls.nr; i++) {
		struct call *call = &store->calls.call[i];

		if (call->serial < low || call->serial > high ||
		    call != find_call(store, access, call->serial))
			continue;
		fold_call(access, call);
		seen++;
	}
	return seen;
}

/* Returns how many of the serials the log has. */
static uint64_t fold_range(struct store *store, struct access *access,
			   uint64_t low, uint64_t high)
{
	uint64_t seen = 0;

	if (high - low >= store->calls.nr)
		return fold_among_all(store, access, low, high);
	for (uint64_t i = 0; i <= high - low; i++) {
		struct call *call = find_call(store, access, low + i);

		if (!call)
			continue;
		fold_call(access, call);
		seen++;
	}
	return seen;
}

const char *folded_take(struct store *store, struct access *access)
{
	struct slice list = access->fields.value[FIELD_SERIALS];
	uint64_t seen = 0, low, high;

	access->kind = ACCESS_FOLD;
	access->count = field_number(&access->fields, FIELD_COUNT, 0);
	if (!access_read_span(&access->fields, &access->first, &access->last))
		return "no usable first= and last=";
	if (!access->count || count_serials(list) != access->count)
		return "count= is not what serials= has";
	while (next_range(&list, &low, &high))
		seen += fold_range(store, access, low, high);
	store->node[access->node_number].folded_unseen += access->count - seen;
	store_emit(store, access);
	return NULL;
}
