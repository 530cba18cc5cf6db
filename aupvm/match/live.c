// SPDX-License-Identifier: GPL-2.0-or-later
/* live.c - see live.h */
#include <stdlib.h>
#include <string.h>

#include "match/equation.h"
#include "match/facts.h"
#include "match/folded.h"
#include "match/live.h"
#include "match/renamed.h"
#include "match/unenriched.h"
#include "util/memory.h"

bool live_is_open(const struct call *call)
{
	return call->audited && call->facts && !call_is_accounted(call);
}

static bool is_due(const struct store *store, const struct call *call,
		   uint64_t idle_ms)
{
	return live_is_open(call) &&
	       call->ms + PENDING_MS <=
		       store->node[call->node].newest_ms + idle_ms;
}

static bool any_due(struct live *live, uint64_t idle_ms)
{
	const struct store *store = &live->match->store;
	uint32_t i = live->first_open;

	while (i < store->calls.nr && !live_is_open(&store->calls.call[i]))
		i++;
	live->first_open = i;
	for (; i < store->calls.nr; i++)
		if (is_due(store, &store->calls.call[i], idle_ms))
			return true;
	return false;
}

static void emit_due(struct live *live, uint64_t idle_ms, uint32_t most)
{
	struct store *store = &live->match->store;

	for (uint32_t i = live->first_open; i < store->calls.nr; i++) {
		struct call *call = &store->calls.call[i];

		if (!live_is_open(call) ||
		    (!most && !is_due(store, call, idle_ms)))
			continue;
		/* the equation takes the log's own time */
		if (call->fate == FATE_PENDING && !most)
			call->fate = FATE_UNACCOUNTED;
		unenriched_emit_one(store, call);
		call_drop_facts(call);
		if (most && !--most)
			return;
	}
}

void live_settle(struct live *live, uint64_t idle_ms)
{
	struct store *store = &live->match->store;

	if (store->late_nr > LATE_FOLDS_MAX)
		folded_again(store);
	if (!any_due(live, idle_ms))
		return;
	folded_again(store);
	renamed_match(store);
	equation_make(store);
	emit_due(live, idle_ms, 0);
}

/* ---- forgetting */

static uint32_t keep_string(struct strings *names, const struct strings *old,
			    uint32_t number)
{
	return strings_put(names, old->item[number]);
}

static void move_facts(struct facts *facts, struct strings *names,
		       const struct strings *old)
{
	if (!facts)
		return;
	facts->op = keep_string(names, old, facts->op);
	facts->abi = keep_string(names, old, facts->abi);
	facts->comm = keep_string(names, old, facts->comm);
	facts->exe = keep_string(names, old, facts->exe);
	facts->key = keep_string(names, old, facts->key);
}

/* A call that a pvm-lost record covers takes its place there along. */
static void take_place(struct store *store, const struct call *call)
{
	if (call->fate != FATE_LOST)
		return;
	for (size_t i = 0; i < store->lost_nr; i++) {
		if (!store->lost[i].count ||
		    !equation_covers(&store->lost[i], call))
			continue;
		store->lost[i].count--;
		return;
	}
}

/* Keeps those that are open, and the @kept newest; the others go. */
static struct calls keep_calls(struct store *store, uint32_t kept,
			       struct strings *names)
{
	struct calls old = store->calls, calls = {0};
	uint32_t late = 0;

	for (uint32_t i = 0; i < old.nr; i++) {
		struct call *call = &old.call[i], *copy;
		struct pvm_id id = call_id(call);

		/* calls ahead of them have been looked at */
		for (; late < store->late_nr && store->late[late].calls_nr <= i;
		     late++)
			store->late[late].calls_nr = calls.nr;
		if (!live_is_open(call) && i + kept < old.nr) {
			take_place(store, call);
			facts_free(call->facts);
			continue;
		}
		copy = calls_put(&calls, call->node, &id);
		*copy = *call;
		move_facts(copy->facts, names, &store->names);
	}
	for (; late < store->late_nr; late++)
		store->late[late].calls_nr = calls.nr;
	free(old.call);
	free(old.slot);
	return calls;
}

static void forget_losses(struct store *store, struct strings *names)
{
	size_t gone = store->lost_nr > LIVE_LOST_KEPT
			      ? store->lost_nr - LIVE_LOST_KEPT
			      : 0;

	if (gone)
		memmove(store->lost, store->lost + gone,
			LIVE_LOST_KEPT * sizeof(*store->lost));
	store->lost_nr -= gone;
	for (size_t i = 0; i < store->lost_nr; i++)
		store->lost[i].why =
			keep_string(names, &store->names, store->lost[i].why);
	if (store->losses.nr > LIVE_LOST_KEPT) {
		strings_free(&store->losses);
		store->losses = (struct strings){0};
	}
}

static void forget_calls(struct store *store, uint32_t kept)
{
	struct strings names = {0};

	store->calls = keep_calls(store, kept, &names);
	forget_losses(store, &names);
	strings_free(&store->names);
	store->names = names;
	late_free(&store->late_details);
	store->late_details = (struct late_details){0};
}

/* Those of the plugin's records, by which a second copy is known. */
static void forget_records(struct calls *records)
{
	struct calls old = *records;

	if (old.nr < LIVE_CALLS_MAX)
		return;
	*records = (struct calls){0};
	for (uint32_t i = old.nr - LIVE_KEPT; i < old.nr; i++) {
		struct pvm_id id = call_id(&old.call[i]);

		*calls_put(records, old.call[i].node, &id) = old.call[i];
	}
	free(old.call);
	free(old.slot);
}

static uint32_t count_open(const struct store *store)
{
	uint32_t nr = 0;

	for (uint32_t i = 0; i < store->calls.nr; i++)
		nr += live_is_open(&store->calls.call[i]);
	return nr;
}

void live_forget(struct live *live)
{
	struct store *store = &live->match->store;
	uint32_t open;

	forget_records(&live->match->records);
	forget_records(&store->foreign);
	if (store->calls.nr < LIVE_CALLS_MAX)
		return;
	open = count_open(store);
	if (open > LIVE_OPEN_MAX) {
		live->early += open - LIVE_OPEN_MAX;
		equation_make(store);
		emit_due(live, 0, open - LIVE_OPEN_MAX);
	}
	forget_calls(store, LIVE_KEPT);
	live->first_open = 0;
}
