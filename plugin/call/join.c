// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * join.c - see join.h
 *
 * Every entry is on one list by age, which is also the order in which they
 * time out, and in one hash chain by serial. When the table is full the oldest
 * half is evicted: its call is recorded from that half alone. What is lost is
 * the other half's knowledge, never the call.
 */
#include <malloc.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "call/join.h"
#include "call/recent_ids.h"

/* Ids remembered of calls recorded from one half, for each that may wait. */
#define RECENT_FACTOR 2

/* And at least: what the kernel's backlog and auditd's queue may hold. */
#define RECENT_LEAST 16384

struct entry {
	TAILQ_ENTRY(entry) by_age; /* or the list of the free */
	LIST_ENTRY(entry) by_id;
	struct pvm_id id;
	uint64_t since_ms;
	struct pvm_syscall *syscall;
	struct pvm_capture *capture; /* one of both is NULL */
};

TAILQ_HEAD(entry_queue, entry);
LIST_HEAD(entry_chain, entry);

struct pvm_join {
	pvm_join_fn *fn;
	void *arg;
	uint64_t timeout_ms;
	unsigned int max; /* halves that may wait */
	unsigned int waiting;
	size_t bytes; /* of the halves that wait */
	struct pvm_join_counters counters;
	struct entry_queue halves; /* oldest first */
	struct pvm_recent_ids *alone; /* calls recorded from one half */
	struct entry_queue unused;
	struct entry_chain *chains;
	unsigned int mask;
	struct entry *entries;
};

static struct entry_chain *chain_of(struct pvm_join *join,
				    const struct pvm_id *id)
{
	return &join->chains[id->serial & join->mask];
}

static struct entry *find(struct pvm_join *join, const struct pvm_id *id)
{
	struct entry *entry;

	LIST_FOREACH(entry, chain_of(join, id), by_id)
	if (pvm_id_equal(&entry->id, id))
		return entry;
	return NULL;
}

/* Hand over the halves that @entry holds. */
static void hand_over(struct pvm_join *join, struct entry *entry)
{
	struct pvm_syscall *syscall = entry->syscall;
	struct pvm_capture *capture = entry->capture;

	entry->syscall = NULL;
	entry->capture = NULL;
	join->fn(join->arg, syscall, capture);
}

/* Bytes that the halves of @entry take, by malloc()'s own count. */
static size_t size_of(struct entry *entry)
{
	return malloc_usable_size(entry->syscall) +
	       malloc_usable_size(entry->capture);
}

/* @entry waits no longer; its halves are still there. */
static void stop_waiting(struct pvm_join *join, struct entry *entry)
{
	TAILQ_REMOVE(&join->halves, entry, by_age);
	LIST_REMOVE(entry, by_id);
	join->waiting--;
	join->bytes -= size_of(entry);
}

/* Hand over a half that stays alone, and remember its id. */
static void write_alone(struct pvm_join *join, struct entry *entry)
{
	stop_waiting(join, entry);
	if (entry->syscall)
		join->counters.no_capture++;
	else
		join->counters.no_syscall++;
	pvm_recent_ids_add(join->alone, &entry->id);
	hand_over(join, entry);
	TAILQ_INSERT_TAIL(&join->unused, entry, by_age);
}

static bool is_full(const struct pvm_join *join)
{
	return join->waiting > join->max ||
	       join->bytes > (size_t)join->max * PVM_JOIN_BYTES;
}

/* One half of the call @id has come: keep @half's until the other comes. */
static void wait_for_other(struct pvm_join *join, const struct pvm_id *id,
			   const struct entry *half, uint64_t now_ms)
{
	struct entry *entry = TAILQ_FIRST(&join->unused);

	TAILQ_REMOVE(&join->unused, entry, by_age);
	entry->id = *id;
	entry->since_ms = now_ms;
	entry->syscall = half->syscall;
	entry->capture = half->capture;
	LIST_INSERT_HEAD(chain_of(join, id), entry, by_id);
	TAILQ_INSERT_TAIL(&join->halves, entry, by_age);
	join->waiting++;
	join->bytes += size_of(entry);
	while (is_full(join)) {
		join->counters.evicted++;
		write_alone(join, TAILQ_FIRST(&join->halves));
	}
}

/* The other half has come: hand both over. */
static void join_halves(struct pvm_join *join, struct entry *entry,
			struct pvm_syscall *syscall,
			struct pvm_capture *capture)
{
	stop_waiting(join, entry);
	join->counters.joined++;
	if (syscall)
		entry->syscall = syscall;
	else
		entry->capture = capture;
	hand_over(join, entry);
	TAILQ_INSERT_TAIL(&join->unused, entry, by_age);
}

void pvm_join_syscall(struct pvm_join *join, struct pvm_syscall *syscall,
		      bool wait, uint64_t now_ms)
{
	struct entry *entry = find(join, &syscall->id);

	if (entry && entry->capture) {
		join_halves(join, entry, syscall, NULL);
	} else if (entry || pvm_recent_ids_has(join->alone, &syscall->id)) {
		/* recorded already, or a second copy: record it once */
		join->counters.late++;
		free(syscall);
	} else if (wait) {
		wait_for_other(join, &syscall->id,
			       &(struct entry){.syscall = syscall}, now_ms);
	} else {
		join->counters.no_capture++;
		join->fn(join->arg, syscall, NULL);
	}
}

void pvm_join_capture(struct pvm_join *join, struct pvm_capture *capture,
		      uint64_t now_ms)
{
	struct entry *entry = find(join, &capture->id);

	if (entry && entry->syscall) {
		join_halves(join, entry, NULL, capture);
	} else if (entry || pvm_recent_ids_has(join->alone, &capture->id)) {
		join->counters.late++;
		free(capture);
	} else {
		wait_for_other(join, &capture->id,
			       &(struct entry){.capture = capture}, now_ms);
	}
}

void pvm_join_expire(struct pvm_join *join, uint64_t now_ms)
{
	struct entry *entry;

	while ((entry = TAILQ_FIRST(&join->halves)) &&
	       now_ms - entry->since_ms >= join->timeout_ms)
		write_alone(join, entry);
}

void pvm_join_flush(struct pvm_join *join)
{
	while (!TAILQ_EMPTY(&join->halves))
		write_alone(join, TAILQ_FIRST(&join->halves));
}

void pvm_join_pending(const struct pvm_join *join, struct pvm_span *span)
{
	const struct entry *entry;

	TAILQ_FOREACH(entry, &join->halves, by_age)
	{
		pvm_span_add(span, &(struct pvm_span){1, entry->id, entry->id});
	}
}

bool pvm_join_holds(const struct pvm_join *join, uint32_t serial)
{
	const struct entry *entry;

	LIST_FOREACH(entry, &join->chains[serial & join->mask], by_id)
	if (entry->id.serial == serial && entry->capture)
		return true;
	return false;
}

const struct pvm_id *pvm_join_oldest(const struct pvm_join *join)
{
	const struct entry *entry;

	TAILQ_FOREACH(entry, &join->halves, by_age)
	if (entry->capture)
		return &entry->id;
	return NULL;
}

unsigned int pvm_join_waiting(const struct pvm_join *join)
{
	return join->waiting;
}

const struct pvm_join_counters *pvm_join_counters(const struct pvm_join *join)
{
	return &join->counters;
}

void pvm_join_set_timeout(struct pvm_join *join, uint64_t timeout_ms)
{
	join->timeout_ms = timeout_ms;
}

/* At least as many chains as entries, a power of two. */
static unsigned int chains_for(unsigned int max)
{
	unsigned int chains = 1;

	while (chains < max)
		chains *= 2;
	return chains;
}

struct pvm_join *pvm_join_new(unsigned int max, uint64_t timeout_ms,
			      pvm_join_fn *fn, void *arg)
{
	struct pvm_join *join = calloc(1, sizeof(*join));
	unsigned int entries = max + 1; /* one comes, then the oldest goes */
	unsigned int chains = chains_for(entries);
	unsigned int recent = RECENT_FACTOR * max;

	if (!join)
		return NULL;
	join->fn = fn;
	join->arg = arg;
	join->timeout_ms = timeout_ms;
	join->max = max;
	join->mask = chains - 1;
	join->chains = calloc(chains, sizeof(*join->chains));
	join->entries = calloc(entries, sizeof(*join->entries));
	TAILQ_INIT(&join->halves);
	TAILQ_INIT(&join->unused);
	join->alone = pvm_recent_ids_new(recent > RECENT_LEAST ? recent
							       : RECENT_LEAST);
	if (!join->chains || !join->entries || !join->alone) {
		pvm_join_free(join);
		return NULL;
	}
	for (unsigned int i = 0; i < entries; i++)
		TAILQ_INSERT_TAIL(&join->unused, &join->entries[i], by_age);
	return join;
}

void pvm_join_free(struct pvm_join *join)
{
	struct entry *entry;

	if (!join)
		return;
	TAILQ_FOREACH(entry, &join->halves, by_age)
	{
		free(entry->syscall);
		free(entry->capture);
	}
	pvm_recent_ids_free(join->alone);
	free(join->chains);
	free(join->entries);
	free(join);
}
