// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fold.c - see fold.h
 *
 * A group keeps the halves of one of its calls, to compare the next ones with.
 * While calls are held these are the halves of the first of them, so that one
 * which stays alone is written like any other.
 *
 * Every group is on one list by the start of its window, which is also the
 * order in which windows end, and in one hash chain.
 */
#include <malloc.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "call/fold.h"
#include "call/folded_calls.h"
#include "call/group.h"
#include "call/reached.h"

#define CHAINS 256 /* a power of two */

struct group {
	STAILQ_ENTRY(group) by_age;
	LIST_ENTRY(group) by_hash;
	uint32_t hash;
	uint32_t pid; /* of the callers */
	bool loose;
	unsigned int ends; /* windows before it that ended for want of room */
	uint64_t since_ms; /* start of the window */
	size_t bytes; /* of memory, as counted in the fold's sum */
	struct pvm_syscall *syscall; /* of one call of the group */
	struct pvm_capture *capture;
	unsigned int written; /* calls with a record of their own */
	struct pvm_reached reached; /* by all calls of the window */
	struct pvm_folded_calls held;
};

STAILQ_HEAD(group_queue, group);
LIST_HEAD(group_chain, group);

struct pvm_fold {
	pvm_fold_fn *fn;
	pvm_fold_room_fn *serials_room;
	void *arg;
	unsigned int max;
	unsigned int after;
	uint64_t window_ms;
	size_t bytes; /* that all groups hold */
	struct pvm_fold_counters counters;
	struct group_queue groups; /* oldest window first */
	struct group_chain chains[CHAINS];
};

static struct pvm_access access_of(const struct group *group)
{
	return (struct pvm_access){
		.syscall = group->syscall,
		.capture = group->capture,
	};
}

/* The closest that is known, or else one in which the call has a place. */
static struct group *find(struct pvm_fold *fold,
			  const struct pvm_access *access, uint32_t hash)
{
	struct group *loose = NULL;
	struct group *group;

	LIST_FOREACH(group, &fold->chains[hash % CHAINS], by_hash)
	{
		struct pvm_access own = access_of(group);

		if (group->hash != hash ||
		    !pvm_group_alike(&own, access, group->loose))
			continue;
		if (!group->loose)
			return group;
		loose = group;
	}
	return loose;
}

/* Has the process that makes a new group enough of them? */
static bool has_enough(const struct pvm_fold *fold, uint32_t pid)
{
	const struct group *group;
	unsigned int nr = 0;

	STAILQ_FOREACH(group, &fold->groups, by_age)
	nr += group->pid == pid && !group->loose;
	return nr >= PVM_FOLD_GROUPS_OF_ONE;
}

/* ---- writing --------------------------------------------------------- */

static void write_one(struct pvm_fold *fold, const struct pvm_access *access)
{
	fold->counters.written++;
	fold->fn(fold->arg, access);
}

static void write_many(struct pvm_fold *fold, struct group *group)
{
	struct pvm_access access = access_of(group);

	access.folded = pvm_folded_calls_sum(&group->held, &group->reached);
	fold->counters.folded += access.folded->count;
	fold->counters.records++;
	fold->fn(fold->arg, &access);
}

/* Write the calls that @group holds; afterwards it holds none. */
static void write_held(struct pvm_fold *fold, struct group *group)
{
	struct pvm_access access = access_of(group);
	uint64_t count = group->held.sum.count;

	fold->counters.held -= count;
	if (count == 1)
		write_one(fold, &access);
	else if (count)
		write_many(fold, group);
	group->held.sum.count = 0;
}

/* ---- windows --------------------------------------------------------- */

static void free_group(struct group *group)
{
	free(group->syscall);
	free(group->capture);
	free(group->reached.maps);
	free(group->reached.names);
	free(group->held.serials);
	free(group);
}

static void end_window(struct pvm_fold *fold, struct group *group)
{
	write_held(fold, group);
	STAILQ_REMOVE(&fold->groups, group, group, by_age);
	LIST_REMOVE(group, by_hash);
	fold->bytes -= group->bytes;
	fold->counters.groups--;
	free_group(group);
}

/* Ahead of its time, for want of room. */
static void evict(struct pvm_fold *fold, struct group *group)
{
	fold->counters.evicted++;
	end_window(fold, group);
}

static void evict_oldest(struct pvm_fold *fold)
{
	evict(fold, STAILQ_FIRST(&fold->groups));
}

/* Bring the sum of bytes up to date with @group, which may be the newest. */
static void weigh(struct pvm_fold *fold, struct group *group)
{
	size_t bytes = malloc_usable_size(group) +
		       malloc_usable_size(group->syscall) +
		       malloc_usable_size(group->capture) +
		       malloc_usable_size(group->reached.maps) +
		       malloc_usable_size(group->reached.names) +
		       malloc_usable_size(group->held.serials);

	fold->bytes += bytes - group->bytes;
	group->bytes = bytes;
	while (fold->bytes > PVM_FOLD_BYTES && fold->counters.groups > 1)
		evict_oldest(fold);
}

static void begin_window(struct pvm_fold *fold, struct group *group,
			 uint64_t now_ms)
{
	if (fold->counters.groups == fold->max)
		evict_oldest(fold);
	group->since_ms = now_ms;
	STAILQ_INSERT_TAIL(&fold->groups, group, by_age);
	LIST_INSERT_HEAD(&fold->chains[group->hash % CHAINS], group, by_hash);
	if (++fold->counters.groups > fold->counters.groups_most)
		fold->counters.groups_most = fold->counters.groups;
	weigh(fold, group);
}

/* ---- taking ---------------------------------------------------------- */

/* Write a call by itself, and keep nothing of it. */
static void pass(struct pvm_fold *fold, struct pvm_syscall *syscall,
		 struct pvm_capture *capture)
{
	struct pvm_access access = {.syscall = syscall, .capture = capture};

	write_one(fold, &access);
	free(syscall);
	free(capture);
}

/* The first call of a group. */
static void take_new(struct pvm_fold *fold, struct pvm_syscall *syscall,
		     struct pvm_capture *capture, uint32_t hash,
		     unsigned int ends, uint64_t now_ms)
{
	struct pvm_access access = {.syscall = syscall, .capture = capture};
	struct group *group = calloc(1, sizeof(*group));

	if (!group) {
		pass(fold, syscall, capture);
		return;
	}
	write_one(fold, &access);
	group->hash = hash;
	group->pid = pvm_group_pid(&access);
	group->loose = has_enough(fold, group->pid);
	group->syscall = syscall;
	group->capture = capture;
	group->written = 1;
	group->ends = ends;
	group->reached.shares = group->loose || ends >= PVM_FOLD_ENDS_IN_A_ROW;
	if (capture)
		pvm_reached_note(&group->reached, capture);
	begin_window(fold, group, now_ms);
}

static void note_vary(struct group *group, const struct pvm_access *access,
		      bool is_first)
{
	struct pvm_access first = is_first ? *access : access_of(group);

	pvm_folded_calls_vary(&group->held, access,
			      pvm_group_vary(&first, access));
}

/* Hold a call. The group keeps the halves of the first one that it holds. */
static void take_repeat(struct pvm_fold *fold, struct group *group,
			struct pvm_syscall *syscall,
			struct pvm_capture *capture,
			const struct pvm_touched *touched)
{
	struct pvm_access access = {.syscall = syscall, .capture = capture};
	struct pvm_folded_calls *held = &group->held;
	bool is_first;

	if (held->sum.count &&
	    pvm_folded_calls_full(held, pvm_access_id(&access)->serial))
		write_held(fold, group);
	is_first = !held->sum.count;
	if (is_first)
		pvm_folded_calls_begin(held, &access,
				       fold->serials_room(&access));
	pvm_folded_calls_add(held, &access, touched);
	fold->counters.held++;
	if (group->loose)
		note_vary(group, &access, is_first);
	free(is_first ? group->syscall : syscall);
	free(is_first ? group->capture : capture);
	if (is_first) {
		group->syscall = syscall;
		group->capture = capture;
	}
}

/* Returns false, and takes nothing, when @group's window has to end first. */
static bool take_known(struct pvm_fold *fold, struct group *group,
		       struct pvm_syscall *syscall, struct pvm_capture *capture)
{
	struct pvm_touched touched = {0};

	if (capture)
		touched = pvm_reached_note(&group->reached, capture);
	if (touched.no_room)
		return false;
	if (group->written < fold->after || touched.is_new ||
	    !pvm_folded_calls_reserve(&group->held)) {
		group->written++;
		pass(fold, syscall, capture);
	} else {
		take_repeat(fold, group, syscall, capture, &touched);
	}
	weigh(fold, group);
	return true;
}

void pvm_fold_take(struct pvm_fold *fold, struct pvm_syscall *syscall,
		   struct pvm_capture *capture, uint64_t now_ms)
{
	struct pvm_access access = {.syscall = syscall, .capture = capture};
	uint32_t hash = pvm_group_hash(&access);
	unsigned int ends = 0;
	struct group *group;

	pvm_fold_expire(fold, now_ms);
	if (!fold->after) {
		pass(fold, syscall, capture);
		return;
	}
	group = find(fold, &access, hash);
	if (group && take_known(fold, group, syscall, capture))
		return;
	if (group) {
		ends = group->ends + 1;
		evict(fold, group);
	}
	take_new(fold, syscall, capture, hash, ends, now_ms);
}

void pvm_fold_expire(struct pvm_fold *fold, uint64_t now_ms)
{
	struct group *group;

	while ((group = STAILQ_FIRST(&fold->groups)) &&
	       now_ms - group->since_ms >= fold->window_ms)
		end_window(fold, group);
}

void pvm_fold_flush(struct pvm_fold *fold)
{
	while (!STAILQ_EMPTY(&fold->groups))
		end_window(fold, STAILQ_FIRST(&fold->groups));
}

/* ---- the whole ------------------------------------------------------- */

void pvm_fold_pending(const struct pvm_fold *fold, struct pvm_span *span)
{
	const struct group *group;

	STAILQ_FOREACH(group, &fold->groups, by_age)
	{
		const struct pvm_folded *held = &group->held.sum;

		pvm_span_add(span, &(struct pvm_span){held->count, held->first,
						      held->last});
	}
}

const struct pvm_fold_counters *pvm_fold_counters(const struct pvm_fold *fold)
{
	return &fold->counters;
}

void pvm_fold_set(struct pvm_fold *fold, unsigned int after, uint64_t window_ms)
{
	fold->after = after;
	fold->window_ms = window_ms;
	if (!after)
		pvm_fold_flush(fold);
}

struct pvm_fold *pvm_fold_new(unsigned int max, unsigned int after,
			      uint64_t window_ms,
			      pvm_fold_room_fn *serials_room, pvm_fold_fn *fn,
			      void *arg)
{
	struct pvm_fold *fold = calloc(1, sizeof(*fold));

	if (!fold)
		return NULL;
	fold->fn = fn;
	fold->serials_room = serials_room;
	fold->arg = arg;
	fold->max = max;
	fold->after = after;
	fold->window_ms = window_ms;
	STAILQ_INIT(&fold->groups);
	for (int i = 0; i < CHAINS; i++)
		LIST_INIT(&fold->chains[i]);
	return fold;
}

void pvm_fold_free(struct pvm_fold *fold)
{
	struct group *group;

	if (!fold)
		return;
	while ((group = STAILQ_FIRST(&fold->groups))) {
		STAILQ_REMOVE_HEAD(&fold->groups, by_age);
		free_group(group);
	}
	free(fold);
}
