// SPDX-License-Identifier: GPL-2.0-or-later
/* renamed.c - see renamed.h */
#include "match/facts.h"
#include "match/renamed.h"

static bool is_of_call(const struct call *record, const struct call *call)
{
	return record && record->enriched && !record->audited &&
	       record->facts && !facts_compare(call->facts, record->facts);
}

/* The record of @call under the name @node, or NULL. */
static struct call *find_record(const struct store *store,
				const struct call *call, uint32_t node)
{
	struct call *record = calls_find_near(&store->calls, node, call->serial,
					      call->ms, call->ms, 0);

	return is_of_call(record, call) ? record : NULL;
}

/* The record is about @call, and about none of its own node. */
static void move(struct store *store, struct call *record, struct call *call)
{
	struct pvm_id id = call_id(call);

	call->enriched = record->enriched;
	call->no_syscall = record->no_syscall;
	record->enriched = 0;
	if (call->facts->details)
		late_put(&store->late_details, record->node, &id,
			 call->facts->details);
	call->facts->details = NULL;
	call_drop_facts(record);
	call_drop_facts(call);
	store->node[call->node].renamed++;
}

static void match_call(struct store *store, struct call *call)
{
	for (uint32_t node = 0; node < store->nodes.nr; node++) {
		struct call *record = node != call->node
					      ? find_record(store, call, node)
					      : NULL;

		if (!record)
			continue;
		move(store, record, call);
		return;
	}
}

void renamed_match(struct store *store)
{
	for (uint32_t i = 0; i < store->calls.nr; i++) {
		struct call *call = &store->calls.call[i];

		if (call->audited && call->facts && !call_is_accounted(call))
			match_call(store, call);
	}
}
