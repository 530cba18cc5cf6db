// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fold.c - see fold.h
 *
 * A kind keeps the halves of one of its calls, by which the next ones are
 * known. Once calls are held they are those of the first of these, so that
 * one which stays alone is written like any other.
 *
 * Every kind is on one list by the start of its window, which is also the
 * order in which windows end, and in one hash chain.
 */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "call/fold.h"
#include "record/mappings.h"
#include "pvm/record.h"
#include "lib/ranges.h"

#define CHAINS 256 /* a power of two */

struct kind {
	STAILQ_ENTRY(kind) by_age;
	LIST_ENTRY(kind) by_hash;
	uint32_t hash;
	uint64_t since_ms; /* start of the window */
	size_t bytes; /* what it holds, as the sum has it */
	struct pvm_syscall *syscall; /* of one call of the kind */
	struct pvm_capture *capture;
	unsigned int written; /* one by one */
	struct pvm_map_names names; /* mappings that were told */
	struct pvm_folded folded; /* what is held; nothing while count is 0 */
	struct pvm_range *serials; /* serials_max; NULL at first */
	size_t serials_max; /* up to PVM_FOLD_SERIALS + 1 */
	size_t serials_room; /* bytes of text that the record has for them */
	uint32_t touched; /* of names, by the calls held */
};

STAILQ_HEAD(kind_queue, kind);
LIST_HEAD(kind_chain, kind);

struct pvm_fold {
	pvm_fold_fn *fn;
	void *arg;
	unsigned int max;
	unsigned int after;
	uint64_t window_ms;
	size_t bytes; /* that all kinds hold */
	struct pvm_fold_counters counters;
	struct kind_queue groups; /* oldest window first */
	struct kind_chain chains[CHAINS];
};

/* ---- kinds ----------------------------------------------------------- */

/* What a call came to: all that moved anything are alike. */
static int64_t outcome_of(const struct pvm_access *access)
{
	int64_t result = pvm_access_exit(access);

	return result > 0 ? 1 : result;
}

static uint32_t hash_of(const struct pvm_access *access)
{
	const struct pvm_syscall *syscall = access->syscall;
	const struct pvm_capture *capture = access->capture;
	uint64_t hash = (uint64_t)outcome_of(access);

	if (syscall)
		hash = (hash * 31 + syscall->pid) * 31 + syscall->type->nr;
	if (capture) {
		hash = hash * 31 + capture->call.caller.tgid;
		hash = hash * 31 + capture->call.nr;
		if (capture->call.seen & PVM_SEEN_TARGET)
			hash = hash * 31 + capture->call.target.tid;
	}
	hash *= UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(hash >> 32);
}

static bool is_same_syscall(const struct pvm_syscall *a,
			    const struct pvm_syscall *b)
{
	if (!a || !b)
		return a == b;
	return a->type == b->type && (int32_t)a->a0 == (int32_t)b->a0 &&
	       a->pid == b->pid && a->uid == b->uid && a->auid == b->auid &&
	       !strcmp(a->node, b->node) && !strcmp(a->tty, b->tty) &&
	       !strcmp(a->comm, b->comm) && !strcmp(a->exe, b->exe) &&
	       !strcmp(a->key, b->key);
}

/* The caller's threads are alike where they are not the same. */
static bool is_same_caller(const struct pvm_wire_task *a,
			   const struct pvm_wire_task *b)
{
	struct pvm_wire_task other = *b;

	other.tid = a->tid;
	other.start_ns = a->start_ns;
	return !memcmp(a, &other, sizeof(other));
}

static bool is_same_target(const struct pvm_wire_call *a,
			   const struct pvm_wire_call *b)
{
	return !(a->seen & PVM_SEEN_TARGET) ||
	       !memcmp(&a->target, &b->target, sizeof(a->target));
}

/* The record says why what it lacks is lacking: so that must be the same. */
static bool has_same_lists(const struct pvm_capture *a,
			   const struct pvm_capture *b)
{
	return !a->vec[PVM_REMOTE] == !b->vec[PVM_REMOTE] &&
	       !a->vec[PVM_LOCAL] == !b->vec[PVM_LOCAL] &&
	       (a->maps && a->names) == (b->maps && b->names);
}

static bool has_same_path(const struct pvm_capture *a,
			  const struct pvm_capture *b)
{
	uint32_t len = a->call.held[PVM_PATH];

	if (!a->path || !b->path)
		return a->path == b->path;
	return len == b->call.held[PVM_PATH] && !memcmp(a->path, b->path, len);
}

static bool is_same_capture(const struct pvm_capture *a,
			    const struct pvm_capture *b)
{
	if (!a || !b)
		return a == b;
	return a->call.seen == b->call.seen && a->call.arch == b->call.arch &&
	       a->call.nr == b->call.nr && a->call.pid == b->call.pid &&
	       a->call.flags == b->call.flags &&
	       is_same_caller(&a->call.caller, &b->call.caller) &&
	       is_same_target(&a->call, &b->call) && has_same_lists(a, b) &&
	       has_same_path(a, b);
}

static struct pvm_access access_of(const struct kind *kind)
{
	return (struct pvm_access){
		.syscall = kind->syscall,
		.capture = kind->capture,
	};
}

static bool is_of_kind(const struct kind *kind, const struct pvm_access *access)
{
	struct pvm_access own = access_of(kind);

	return outcome_of(&own) == outcome_of(access) &&
	       is_same_syscall(own.syscall, access->syscall) &&
	       is_same_capture(own.capture, access->capture);
}

static struct kind *find(struct pvm_fold *fold, const struct pvm_access *access,
			 uint32_t hash)
{
	struct kind *kind;

	LIST_FOREACH(kind, &fold->chains[hash % CHAINS], by_hash)
	if (kind->hash == hash && is_of_kind(kind, access))
		return kind;
	return NULL;
}

/* ---- telling --------------------------------------------------------- */

static void write_one(struct pvm_fold *fold, const struct pvm_access *access)
{
	fold->counters.written++;
	fold->fn(fold->arg, access);
}

static void write_many(struct pvm_fold *fold, struct kind *kind)
{
	struct pvm_access access = access_of(kind);
	char maps[PVM_MAPS_TEXT_MAX + 1];

	pvm_map_names_write(&kind->names, kind->touched, maps);
	kind->folded.maps = maps;
	kind->folded.serials = kind->serials;
	access.folded = &kind->folded;
	fold->counters.folded += kind->folded.count;
	fold->counters.records++;
	fold->fn(fold->arg, &access);
}

/* Tell of what @kind holds; afterwards it holds nothing. */
static void write_held(struct pvm_fold *fold, struct kind *kind)
{
	struct pvm_access access = access_of(kind);

	fold->counters.held -= kind->folded.count;
	if (kind->folded.count == 1)
		write_one(fold, &access);
	else if (kind->folded.count)
		write_many(fold, kind);
	kind->folded.count = 0;
}

/* ---- windows --------------------------------------------------------- */

static void free_kind(struct kind *kind)
{
	free(kind->syscall);
	free(kind->capture);
	free(kind->names.text);
	free(kind->serials);
	free(kind);
}

static void end_oldest(struct pvm_fold *fold)
{
	struct kind *kind = STAILQ_FIRST(&fold->groups);

	write_held(fold, kind);
	STAILQ_REMOVE_HEAD(&fold->groups, by_age);
	LIST_REMOVE(kind, by_hash);
	fold->bytes -= kind->bytes;
	fold->counters.groups--;
	free_kind(kind);
}

static void crowd_out_oldest(struct pvm_fold *fold)
{
	fold->counters.evicted++;
	end_oldest(fold);
}

/* Count what @kind, which may be the newest, has come to hold. */
static void weigh(struct pvm_fold *fold, struct kind *kind)
{
	size_t bytes = malloc_usable_size(kind) +
		       malloc_usable_size(kind->syscall) +
		       malloc_usable_size(kind->capture) +
		       malloc_usable_size(kind->names.text) +
		       malloc_usable_size(kind->serials);

	fold->bytes += bytes - kind->bytes;
	kind->bytes = bytes;
	while (fold->bytes > PVM_FOLD_BYTES && fold->counters.groups > 1)
		crowd_out_oldest(fold);
}

static void begin_window(struct pvm_fold *fold, struct kind *kind,
			 uint64_t now_ms)
{
	if (fold->counters.groups == fold->max)
		crowd_out_oldest(fold);
	kind->since_ms = now_ms;
	STAILQ_INSERT_TAIL(&fold->groups, kind, by_age);
	LIST_INSERT_HEAD(&fold->chains[kind->hash % CHAINS], kind, by_hash);
	if (++fold->counters.groups > fold->counters.groups_most)
		fold->counters.groups_most = fold->counters.groups;
	weigh(fold, kind);
}

/* ---- calls held ------------------------------------------------------ */

/* More than the text of one more range next to @nr, up to @serial. */
static size_t serials_text_most(size_t nr, uint64_t serial)
{
	size_t digits = 1;

	while (serial /= 10)
		digits++;
	return (nr + 1) * (2 * digits + 2); /* a dash, a comma */
}

/* There may be no room for @serial in the record of what @kind holds. */
static bool is_full(const struct kind *kind, uint64_t serial)
{
	const struct pvm_folded *folded = &kind->folded;
	uint64_t highest =
		serial > folded->last.serial ? serial : folded->last.serial;

	return folded->serials_nr == PVM_FOLD_SERIALS ||
	       serials_text_most(folded->serials_nr, highest) >
		       kind->serials_room ||
	       pvm_ranges_have(kind->serials, folded->serials_nr, serial);
}

static void hold_id(struct kind *kind, const struct pvm_id *id)
{
	struct pvm_folded *folded = &kind->folded;

	if (!folded->count || id->serial < folded->first.serial)
		folded->first = *id;
	if (!folded->count || id->serial > folded->last.serial)
		folded->last = *id;
	folded->serials_nr = pvm_ranges_add(kind->serials, folded->serials_nr,
					    id->serial, id->serial);
}

static void hold_bytes(struct pvm_folded *folded, int64_t result)
{
	if (result > 0 &&
	    __builtin_add_overflow(folded->bytes, (uint64_t)result,
				   &folded->bytes))
		folded->bytes = UINT64_MAX;
}

/* A vector that would go round the end of all addresses is cut there. */
static void hold_span(struct pvm_folded *folded,
		      const struct pvm_wire_iovec *vec)
{
	uint64_t last;

	if (!vec->len)
		return;
	if (__builtin_add_overflow(vec->base, vec->len - 1, &last))
		last = UINT64_MAX;
	folded->spans_nr = pvm_ranges_add(folded->spans, folded->spans_nr,
					  vec->base, last);
	if (folded->spans_nr > PVM_SPANS_MAX) {
		folded->spans_nr = pvm_ranges_join_nearest(folded->spans,
							   folded->spans_nr);
		folded->spans_joined = true;
	}
}

static void hold_vectors(struct pvm_folded *folded,
			 const struct pvm_capture *capture)
{
	const struct pvm_wire_iovec *vec = capture->vec[PVM_REMOTE];

	if (!vec) {
		folded->rlen_known = false;
		return;
	}
	for (uint32_t i = 0; i < capture->call.held[PVM_REMOTE]; i++) {
		hold_span(folded, &vec[i]);
		if (__builtin_add_overflow(folded->rlen, vec[i].len,
					   &folded->rlen))
			folded->rlen_known = false;
	}
}

static bool is_same_thread(const struct kind *kind,
			   const struct pvm_capture *capture)
{
	const struct pvm_wire_task *held = &kind->capture->call.caller;
	const struct pvm_wire_task *caller = &capture->call.caller;

	return held->tid == caller->tid && held->start_ns == caller->start_ns;
}

/* Begin to hold calls, @access being the first, whose halves @kind keeps. */
static void begin_held(struct kind *kind, const struct pvm_access *access)
{
	kind->touched = 0;
	kind->serials_room = pvm_record_serials_room(access);
	kind->folded = (struct pvm_folded){
		.one_thread = true,
		.rlen_known = access->capture,
	};
}

static void hold(struct pvm_fold *fold, struct kind *kind,
		 const struct pvm_access *access,
		 const struct pvm_map_touched *touched)
{
	struct pvm_folded *folded = &kind->folded;

	hold_id(kind, pvm_access_id(access));
	hold_bytes(folded, pvm_access_exit(access));
	if (access->capture) {
		hold_vectors(folded, access->capture);
		folded->one_thread &= is_same_thread(kind, access->capture);
	}
	kind->touched |= touched->names;
	folded->maps_cut |= touched->cut;
	folded->count++;
	fold->counters.held++;
}

/* ---- taking ---------------------------------------------------------- */

/* Told by itself, and not kept. */
static void pass(struct pvm_fold *fold, struct pvm_syscall *syscall,
		 struct pvm_capture *capture)
{
	struct pvm_access access = {.syscall = syscall, .capture = capture};

	write_one(fold, &access);
	free(syscall);
	free(capture);
}

/* The first call of a kind. */
static void take_new(struct pvm_fold *fold, struct pvm_syscall *syscall,
		     struct pvm_capture *capture, uint32_t hash,
		     uint64_t now_ms)
{
	struct pvm_access access = {.syscall = syscall, .capture = capture};
	struct kind *kind = calloc(1, sizeof(*kind));

	if (!kind) {
		pass(fold, syscall, capture);
		return;
	}
	write_one(fold, &access);
	kind->hash = hash;
	kind->syscall = syscall;
	kind->capture = capture;
	kind->written = 1;
	if (capture)
		pvm_map_names_note(&kind->names, capture);
	begin_window(fold, kind, now_ms);
}

/* Once the first is held its halves stay. */
static void take_repeat(struct pvm_fold *fold, struct kind *kind,
			struct pvm_syscall *syscall,
			struct pvm_capture *capture,
			const struct pvm_map_touched *touched)
{
	struct pvm_access access = {.syscall = syscall, .capture = capture};

	if (kind->folded.count && is_full(kind, pvm_access_id(&access)->serial))
		write_held(fold, kind);
	if (!kind->folded.count) {
		free(kind->syscall);
		free(kind->capture);
		kind->syscall = syscall;
		kind->capture = capture;
		begin_held(kind, &access);
	}
	hold(fold, kind, &access, touched);
	if (kind->folded.count > 1) {
		free(syscall);
		free(capture);
	}
}

/* Without room for one more range of serials nothing can be held. */
static bool can_hold(struct kind *kind)
{
	size_t needed = kind->folded.serials_nr + 1;
	size_t max = 2 * needed;
	struct pvm_range *serials;

	if (needed <= kind->serials_max)
		return true;
	if (max > PVM_FOLD_SERIALS + 1)
		max = PVM_FOLD_SERIALS + 1;
	serials = realloc(kind->serials, max * sizeof(*serials));
	if (!serials)
		return false;
	kind->serials = serials;
	kind->serials_max = max;
	return true;
}

static void take_known(struct pvm_fold *fold, struct kind *kind,
		       struct pvm_syscall *syscall, struct pvm_capture *capture)
{
	struct pvm_map_touched touched = {0};

	if (capture)
		touched = pvm_map_names_note(&kind->names, capture);
	if (kind->written < fold->after || touched.is_new || !can_hold(kind)) {
		kind->written++;
		pass(fold, syscall, capture);
	} else {
		take_repeat(fold, kind, syscall, capture, &touched);
	}
	weigh(fold, kind);
}

void pvm_fold_take(struct pvm_fold *fold, struct pvm_syscall *syscall,
		   struct pvm_capture *capture, uint64_t now_ms)
{
	struct pvm_access access = {.syscall = syscall, .capture = capture};
	uint32_t hash = hash_of(&access);
	struct kind *kind;

	pvm_fold_expire(fold, now_ms);
	if (!fold->after) {
		pass(fold, syscall, capture);
		return;
	}
	kind = find(fold, &access, hash);
	if (kind)
		take_known(fold, kind, syscall, capture);
	else
		take_new(fold, syscall, capture, hash, now_ms);
}

void pvm_fold_expire(struct pvm_fold *fold, uint64_t now_ms)
{
	struct kind *kind;

	while ((kind = STAILQ_FIRST(&fold->groups)) &&
	       now_ms - kind->since_ms >= fold->window_ms)
		end_oldest(fold);
}

void pvm_fold_flush(struct pvm_fold *fold)
{
	while (!STAILQ_EMPTY(&fold->groups))
		end_oldest(fold);
}

/* ---- the whole ------------------------------------------------------- */

void pvm_fold_pending(const struct pvm_fold *fold, struct pvm_span *span)
{
	const struct kind *kind;

	STAILQ_FOREACH(kind, &fold->groups, by_age)
	{
		const struct pvm_folded *folded = &kind->folded;

		pvm_span_add(span,
			     &(struct pvm_span){folded->count, folded->first,
						folded->last});
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
			      uint64_t window_ms, pvm_fold_fn *fn, void *arg)
{
	struct pvm_fold *fold = calloc(1, sizeof(*fold));

	if (!fold)
		return NULL;
	fold->fn = fn;
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
	struct kind *kind;

	if (!fold)
		return;
	while ((kind = STAILQ_FIRST(&fold->groups))) {
		STAILQ_REMOVE_HEAD(&fold->groups, by_age);
		free_kind(kind);
	}
	free(fold);
}
