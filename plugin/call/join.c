// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * join.c - see join.h
 *
 * Every entry is on one of three lists by age, and in one hash chain by serial:
 * the SYSCALL records, the captures, and the captures of whose events another
 * record has come, by when it did. When the table is full the oldest half is
 * evicted: its call is recorded from that half alone. What is lost is the other
 * half's knowledge, never the call.
 *
 * Captures come in about the order of their serials, so the first that the
 * stream has not passed is the only one that is looked at for that.
 */
#include <malloc.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "call/join.h"
#include "lib/recent_ids.h"

/*
 * Ids remembered of calls recorded from their SYSCALL record alone, of which a
 * capture may come late; the ledger remembers those recorded from a capture.
 */
#define RECENT_MAX 8192

struct entry {
	TAILQ_ENTRY(entry) by_age; /* or the list of the free */
	LIST_ENTRY(entry) by_id;
	struct pvm_id id;
	uint64_t since_ms;
	uint64_t passed_ms; /* the stream has come to it; 0: not yet */
	uint64_t seen_ms; /* a record of its event came; 0: none yet */
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
	struct entry_queue captures, seen, syscalls; /* oldest first */
	struct entry *unpassed; /* first such capture, or NULL */
	struct pvm_recent_ids *alone; /* calls without a capture */
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

static struct entry_queue *list_of(struct pvm_join *join,
				   const struct entry *entry)
{
	if (entry->syscall)
		return &join->syscalls;
	return entry->seen_ms ? &join->seen : &join->captures;
}

static void take_off_list(struct pvm_join *join, struct entry *entry)
{
	if (join->unpassed == entry)
		join->unpassed = TAILQ_NEXT(entry, by_age);
	TAILQ_REMOVE(list_of(join, entry), entry, by_age);
}

/* @entry waits no longer; its halves are still there. */
static void stop_waiting(struct pvm_join *join, struct entry *entry)
{
	take_off_list(join, entry);
	LIST_REMOVE(entry, by_id);
	join->waiting--;
	join->bytes -= size_of(entry);
}

/* Hand over a half that stays alone, and remember its id. */
static void write_alone(struct pvm_join *join, struct entry *entry)
{
	stop_waiting(join, entry);
	if (entry->syscall) {
		join->counters.no_capture++;
		pvm_recent_ids_add(join->alone, &entry->id);
	} else {
		join->counters.no_syscall++;
	}
	hand_over(join, entry);
	TAILQ_INSERT_TAIL(&join->unused, entry, by_age);
}

static bool is_full(const struct pvm_join *join)
{
	return join->waiting > join->max ||
	       join->bytes > (size_t)join->max * PVM_JOIN_BYTES;
}

/* The one of both that came first; NULL: none. */
static struct entry *older(struct entry *a, struct entry *b)
{
	if (!a || !b)
		return a ? a : b;
	return a->since_ms <= b->since_ms ? a : b;
}

/* Of those seen, which are few, it is the first to have been. */
static struct entry *find_oldest(const struct pvm_join *join)
{
	struct entry *capture =
		older(TAILQ_FIRST(&join->captures), TAILQ_FIRST(&join->seen));

	return older(capture, TAILQ_FIRST(&join->syscalls));
}

static void evict_until_there_is_room(struct pvm_join *join)
{
	while (is_full(join)) {
		join->counters.evicted++;
		write_alone(join, find_oldest(join));
	}
}

/* One half of the call @id has come: keep @half's until the other comes. */
static void wait_for_other(struct pvm_join *join, const struct pvm_id *id,
			   const struct entry *half, uint64_t now_ms)
{
	struct entry *entry = TAILQ_FIRST(&join->unused);

	TAILQ_REMOVE(&join->unused, entry, by_age);
	entry->id = *id;
	entry->since_ms = now_ms;
	entry->passed_ms = entry->seen_ms = 0;
	entry->syscall = half->syscall;
	entry->capture = half->capture;
	LIST_INSERT_HEAD(chain_of(join, id), entry, by_id);
	TAILQ_INSERT_TAIL(list_of(join, entry), entry, by_age);
	if (entry->capture && !join->unpassed)
		join->unpassed = entry;
	join->waiting++;
	join->bytes += size_of(entry);
	evict_until_there_is_room(join);
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

static void note_passed(struct pvm_join *join,
			const struct pvm_join_stream *stream, uint64_t now_ms)
{
	struct entry *entry = join->unpassed;

	for (; entry && stream->has_passed(stream->arg, &entry->id);
	     entry = TAILQ_NEXT(entry, by_age))
		entry->passed_ms = now_ms;
	join->unpassed = entry;
}

void pvm_join_see(struct pvm_join *join, const struct pvm_id *id,
		  uint64_t now_ms)
{
	struct entry *entry = find(join, id);

	if (!entry || entry->syscall || entry->seen_ms)
		return;
	take_off_list(join, entry);
	entry->seen_ms = now_ms;
	TAILQ_INSERT_TAIL(&join->seen, entry, by_age);
}

/* A capture of whose event no record has come: is there no hope any more? */
static bool is_overdue(const struct pvm_join *join, const struct entry *capture,
		       uint64_t moved_ms, uint64_t now_ms)
{
	uint64_t since_ms = capture->since_ms;

	if (capture->passed_ms)
		return now_ms - capture->passed_ms >= PVM_JOIN_LATE_MS;
	if (since_ms < moved_ms)
		since_ms = moved_ms;
	return now_ms - since_ms >= PVM_JOIN_STILL_MS + join->timeout_ms;
}

static bool has_room(const struct pvm_join_stream *stream)
{
	return !stream->has_room || stream->has_room(stream->arg);
}

void pvm_join_expire(struct pvm_join *join,
		     const struct pvm_join_stream *stream, uint64_t now_ms)
{
	struct entry *entry;

	note_passed(join, stream, now_ms);
	while ((entry = TAILQ_FIRST(&join->captures)) &&
	       is_overdue(join, entry, stream->moved_ms, now_ms) &&
	       has_room(stream))
		write_alone(join, entry);
	while ((entry = TAILQ_FIRST(&join->seen)) &&
	       now_ms - entry->seen_ms >= join->timeout_ms && has_room(stream))
		write_alone(join, entry);
	while ((entry = TAILQ_FIRST(&join->syscalls)) &&
	       now_ms - entry->since_ms >= join->timeout_ms)
		write_alone(join, entry);
}

void pvm_join_flush(struct pvm_join *join)
{
	struct entry *entry;

	while ((entry = find_oldest(join)))
		write_alone(join, entry);
}

static struct pvm_span span_of(const struct entry *entry)
{
	return (struct pvm_span){1, entry->id, entry->id};
}

static void add_list(const struct entry_queue *list, struct pvm_span *span)
{
	const struct entry *entry;

	TAILQ_FOREACH(entry, list, by_age)
	{
		struct pvm_span one = span_of(entry);

		pvm_span_add(span, &one);
	}
}

void pvm_join_pending(const struct pvm_join *join, struct pvm_span *span)
{
	add_list(&join->seen, span);
	add_list(&join->syscalls, span);
}

void pvm_join_missing(const struct pvm_join *join,
		      const struct pvm_join_stream *stream,
		      struct pvm_missing *missing)
{
	const struct entry *entry;

	TAILQ_FOREACH(entry, &join->captures, by_age)
	{
		struct pvm_span one = span_of(entry);

		if (stream->has_passed(stream->arg, &entry->id))
			pvm_missing_add(missing, &one);
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
	const struct entry *entry = TAILQ_FIRST(&join->captures);

	return entry ? &entry->id : NULL;
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

	if (!join)
		return NULL;
	join->fn = fn;
	join->arg = arg;
	join->timeout_ms = timeout_ms;
	join->max = max;
	join->mask = chains - 1;
	join->chains = calloc(chains, sizeof(*join->chains));
	join->entries = calloc(entries, sizeof(*join->entries));
	TAILQ_INIT(&join->captures);
	TAILQ_INIT(&join->seen);
	TAILQ_INIT(&join->syscalls);
	TAILQ_INIT(&join->unused);
	join->alone = pvm_recent_ids_new(RECENT_MAX);
	if (!join->chains || !join->entries || !join->alone) {
		pvm_join_free(join);
		return NULL;
	}
	for (unsigned int i = 0; i < entries; i++)
		TAILQ_INSERT_TAIL(&join->unused, &join->entries[i], by_age);
	return join;
}

static void free_halves(const struct entry_queue *list)
{
	struct entry *entry;

	TAILQ_FOREACH(entry, list, by_age)
	{
		free(entry->syscall);
		free(entry->capture);
	}
}

void pvm_join_free(struct pvm_join *join)
{
	if (!join)
		return;
	free_halves(&join->captures);
	free_halves(&join->seen);
	free_halves(&join->syscalls);
	pvm_recent_ids_free(join->alone);
	free(join->chains);
	free(join->entries);
	free(join);
}
