// SPDX-License-Identifier: GPL-2.0-or-later
/* store.c - see store.h */
#include <stdlib.h>

#include "match/facts.h"
#include "match/store.h"
#include "util/memory.h"

#define SLOTS_FIRST 1024

/* By node and serial only: a folded record knows no more. */
static uint64_t slot_of(const struct calls *calls, uint32_t node,
			uint64_t serial)
{
	uint64_t mixed =
		(serial + ((uint64_t)node << 40)) * 0x9e3779b97f4a7c15u;

	return (mixed ^ mixed >> 32) & (calls->slots - 1);
}

static bool is_of(const struct call *call, uint32_t node, uint64_t serial)
{
	return call->serial == serial && call->node == node;
}

static void insert(struct calls *calls, uint32_t number)
{
	const struct call *call = &calls->call[number];
	uint64_t i = slot_of(calls, call->node, call->serial);

	while (calls->slot[i])
		i = (i + 1) & (calls->slots - 1);
	calls->slot[i] = number + 1;
}

static void add_slots(struct calls *calls)
{
	calls->slots = calls->slots ? 2 * calls->slots : SLOTS_FIRST;
	free(calls->slot);
	calls->slot = new_zeroed(calls->slots, sizeof(*calls->slot));
	for (uint32_t n = 0; n < calls->nr; n++)
		insert(calls, n);
}

static struct call *find_exact(const struct calls *calls, uint32_t node,
			       uint64_t serial, uint64_t ms)
{
	uint64_t i = slot_of(calls, node, serial);

	for (; calls->slot[i]; i = (i + 1) & (calls->slots - 1)) {
		struct call *call = &calls->call[calls->slot[i] - 1];

		if (is_of(call, node, serial) && call->ms == ms)
			return call;
	}
	return NULL;
}

struct call *calls_put(struct calls *calls, uint32_t node,
		       const struct pvm_id *id)
{
	struct call *call;

	if (2 * (uint64_t)calls->nr >= calls->slots)
		add_slots(calls);
	call = find_exact(calls, node, id->serial, id_ms(id));
	if (call)
		return call;
	calls->call = grow_array(calls->call, calls->nr, sizeof(*calls->call));
	call = &calls->call[calls->nr];
	*call = (struct call){
		.serial = id->serial, .ms = id_ms(id), .node = node};
	insert(calls, calls->nr++);
	return call;
}

static uint64_t distance(uint64_t ms, uint64_t from, uint64_t to)
{
	if (ms < from)
		return from - ms;
	return ms > to ? ms - to : 0;
}

struct call *calls_find_near(const struct calls *calls, uint32_t node,
			     uint64_t serial, uint64_t from, uint64_t to,
			     uint64_t slack)
{
	struct call *best = NULL;
	uint64_t best_distance = slack;
	uint64_t i;

	if (!calls->slots)
		return NULL;
	i = slot_of(calls, node, serial);
	for (; calls->slot[i]; i = (i + 1) & (calls->slots - 1)) {
		struct call *call = &calls->call[calls->slot[i] - 1];
		uint64_t away = distance(call->ms, from, to);

		if (!is_of(call, node, serial) || away > best_distance)
			continue;
		best = call;
		best_distance = away;
	}
	return best;
}

void call_drop_facts(struct call *call)
{
	facts_free(call->facts);
	call->facts = NULL;
}

void calls_free(struct calls *calls)
{
	for (uint32_t n = 0; n < calls->nr; n++)
		facts_free(calls->call[n].facts);
	free(calls->call);
	free(calls->slot);
}

void store_free(struct store *store)
{
	strings_free(&store->names);
	strings_free(&store->losses);
	calls_free(&store->calls);
	calls_free(&store->foreign);
	late_free(&store->late_details);
	for (size_t i = 0; i < store->late_nr; i++)
		free(store->late[i].message);
	free(store->late);
	for (uint32_t i = 0; i < store->nodes.nr; i++)
		boots_free(&store->node[i].boots);
	strings_free(&store->nodes);
	free(store->node);
	free(store->lost);
}

struct access store_access(const struct store *store, uint32_t node,
			   const struct pvm_id *id)
{
	return (struct access){
		.node = store->nodes.item[node],
		.node_number = node,
		.first = *id,
		.last = *id,
		.count = 1,
	};
}

void store_emit(const struct store *store, struct access *access)
{
	const struct fields *fields = &access->fields;

	if (!store->emit)
		return;
	slice_signed(fields->value[FIELD_EXIT], &access->exit);
	if (access->kind == ACCESS_FOLD)
		access->bytes = field_number(fields, FIELD_BYTES, 0);
	else if (access->exit > 0)
		access->bytes = (uint64_t)access->exit;
	access->write = slice_is(fields->value[FIELD_OP], "process_vm_writev");
	store->emit(store->arg, access);
}
