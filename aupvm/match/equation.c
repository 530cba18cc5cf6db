// SPDX-License-Identifier: GPL-2.0-or-later
/* equation.c - see equation.h */
#include <stdlib.h>

#include "match/equation.h"
#include "util/memory.h"

#define NOBODY UINT32_MAX

/* Longest chain of moves: recursion must end well within the stack. */
#define MOVES_MAX 1000

/*
 * Calls are assigned to pvm-lost records, each of which takes as many as its
 * count: a bipartite matching. When every record that covers a call is full,
 * one of their calls moves to another record with room, and so on in a chain.
 *
 * When a search fails, the records it visited are full for good, as is every
 * record that their calls could move to. They are not visited again, so that
 * it stays quick however many calls are left over.
 */
struct sharing {
	const struct store *store;
	uint32_t *head; /* by record: the first call it has, or NOBODY */
	uint32_t *next; /* by call: the next one of the same record */
	uint64_t *room; /* by record: calls that it can still take */
	uint32_t *visited; /* by record: the last search that came there */
	uint32_t search;
	unsigned int moves; /* in the present chain */
};

/* In visited, in place of a search: full for good. */
#define FULL UINT32_MAX

static bool is_near(uint64_t ms, uint64_t from, uint64_t to)
{
	uint64_t low = from < to ? from : to, high = from < to ? to : from;

	return ms + BOOT_SLACK_MS >= low && ms <= high + BOOT_SLACK_MS;
}

/* As the plugin counts: serials have 32 bits, and start over. */
static bool is_between(uint64_t serial, const struct lost *lost)
{
	uint32_t first = (uint32_t)lost->first.serial;

	return (uint32_t)serial - first <= (uint32_t)lost->last.serial - first;
}

bool equation_covers(const struct lost *lost, const struct call *call)
{
	uint64_t from = id_ms(&lost->first), to = id_ms(&lost->last);

	if (lost->node != call->node)
		return false;
	if (!lost->by_id)
		return call->ms >= from && call->ms <= to;
	return call->boot == lost->boot && is_between(call->serial, lost) &&
	       (lost->open || is_near(call->ms, from, to));
}

static void give(struct sharing *sharing, size_t record, uint32_t call)
{
	sharing->next[call] = sharing->head[record];
	sharing->head[record] = call;
}

static bool place(struct sharing *sharing, uint32_t call);

/* Move one of the calls of a full record to another record. */
/* NOLINTNEXTLINE(misc-no-recursion): MOVES_MAX ends it */
static bool make_room(struct sharing *sharing, size_t record)
{
	uint32_t *link = &sharing->head[record];

	while (*link != NOBODY) {
		uint32_t call = *link, after = sharing->next[call];

		if (place(sharing, call)) {
			/* it is in another record's list now */
			*link = after;
			return true;
		}
		link = &sharing->next[call];
	}
	return false;
}

/* May @call go to the record, as far as this search knows? */
static bool is_open(const struct sharing *sharing, size_t record, uint32_t call)
{
	const struct store *store = sharing->store;

	return sharing->visited[record] != FULL &&
	       sharing->visited[record] != sharing->search &&
	       equation_covers(&store->lost[record], &store->calls.call[call]);
}

/* Find a record for @call; false when none can take it. */
/* NOLINTNEXTLINE(misc-no-recursion): as above */
static bool place(struct sharing *sharing, uint32_t call)
{
	bool found = false;

	for (size_t i = 0; i < sharing->store->lost_nr; i++) {
		if (!sharing->room[i] || !is_open(sharing, i, call))
			continue;
		sharing->room[i]--;
		give(sharing, i, call);
		return true;
	}
	if (sharing->moves == MOVES_MAX)
		return false;
	sharing->moves++;
	for (size_t i = 0; i < sharing->store->lost_nr && !found; i++) {
		if (!is_open(sharing, i, call))
			continue;
		sharing->visited[i] = sharing->search;
		found = make_room(sharing, i);
		if (found)
			give(sharing, i, call);
	}
	sharing->moves--;
	return found;
}

static bool search(struct sharing *sharing, uint32_t call)
{
	sharing->search++;
	if (place(sharing, call))
		return true;
	for (size_t i = 0; i < sharing->store->lost_nr; i++)
		if (sharing->visited[i] == sharing->search)
			sharing->visited[i] = FULL;
	return false;
}

/* Of those whose fate is @fate so far, as many as have a place. */
static void share_out(struct sharing *sharing, enum fate fate)
{
	const struct store *store = sharing->store;

	for (uint32_t i = 0; i < store->calls.nr; i++) {
		struct call *call = &store->calls.call[i];

		if ((!call->audited && !call->incomplete) ||
		    call->fate != fate || !store->lost_nr)
			continue;
		if (search(sharing, i))
			call->fate = FATE_LOST;
	}
}

/*
 * May a plugin that runs at the end of the log hold it? Or one that is yet to
 * come up there declare what the boot before has left?
 */
static bool is_pending(const struct store *store, const struct call *call)
{
	const struct node *node = &store->node[call->node];

	return (node->plugin == PLUGIN_RUNS || call->boot < node->boots.nr) &&
	       call->ms + PENDING_MS > node->newest_ms;
}

/* Behind a stop only where no plugin has come up since, to declare it. */
static bool is_idle(const struct store *store, uint32_t i)
{
	const struct call *call = &store->calls.call[i];

	return call->plugin == PLUGIN_UNKNOWN ||
	       (call->plugin == PLUGIN_STOPPED &&
		i >= store->node[call->node].calls_nr);
}

static void make_fates(struct store *store)
{
	for (uint32_t i = 0; i < store->calls.nr; i++) {
		struct call *call = &store->calls.call[i];

		if (call->enriched)
			call->fate = FATE_ENRICHED;
		else if (call->folded)
			call->fate = FATE_FOLDED;
		else if (call->audited && is_idle(store, i))
			call->fate = FATE_IDLE;
		else
			call->fate = is_pending(store, call) ? FATE_PENDING
							     : FATE_UNACCOUNTED;
	}
}

void equation_make(struct store *store)
{
	struct sharing sharing = {
		.store = store,
		.head = new_zeroed(store->lost_nr + 1, sizeof(uint32_t)),
		.next = new_zeroed(store->calls.nr + 1, sizeof(uint32_t)),
		.room = new_zeroed(store->lost_nr + 1, sizeof(uint64_t)),
		.visited = new_zeroed(store->lost_nr + 1, sizeof(uint32_t)),
	};

	for (size_t i = 0; i < store->lost_nr; i++) {
		sharing.head[i] = NOBODY;
		sharing.room[i] = store->lost[i].count;
	}
	make_fates(store);
	share_out(&sharing, FATE_UNACCOUNTED);
	share_out(&sharing, FATE_PENDING);
	share_out(&sharing, FATE_IDLE);
	free(sharing.head);
	free(sharing.next);
	free(sharing.room);
	free(sharing.visited);
}

bool equation_is_twice(const struct call *call)
{
	return call->enriched + call->folded > 1;
}

bool equation_is_incomplete(const struct call *call)
{
	return call->incomplete && !call_is_accounted(call) &&
	       call->fate != FATE_LOST && call->fate != FATE_PENDING;
}

static bool is_in(const struct equation_span *span, const struct call *call)
{
	return call->ms >= span->from_ms && call->ms <= span->to_ms;
}

static void count_call(const struct call *call, struct figures *figures)
{
	figures->twice += equation_is_twice(call);
	figures->incomplete += equation_is_incomplete(call);
	figures->differing += call->differs != 0;
	figures->pending += call->fate == FATE_PENDING &&
			    (call->audited || call->incomplete);
	if (!call->audited) {
		figures->unseen += call->enriched && !call->no_syscall;
		return;
	}
	figures->audited++;
	figures->by_fate[call->fate]++;
}

void equation_count(const struct store *store, const struct equation_span *span,
		    struct figures *figures)
{
	for (uint32_t i = 0; i < store->calls.nr; i++) {
		const struct call *call = &store->calls.call[i];

		if (is_in(span, call))
			count_call(call, &figures[call->node]);
	}
	for (uint32_t i = 0; i < store->foreign.nr; i++) {
		const struct call *record = &store->foreign.call[i];

		figures[record->node].foreign += is_in(span, record);
	}
}

bool equation_is_broken(const struct figures *figures)
{
	return figures->by_fate[FATE_UNACCOUNTED] || figures->twice ||
	       figures->incomplete || figures->differing || figures->foreign;
}
