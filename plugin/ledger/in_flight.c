// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * in_flight.c - see in_flight.h
 *
 * Three lists, each in the order of sending: predecessors' records, our own
 * that were passed, and our own that were not; and one of losses that are to be
 * declared again. Whatever is confirmed of the third list passes all ahead of
 * it there, and all of predecessors, which was sent before.
 */
#include <stdlib.h>
#include <sys/queue.h>

#include "ledger/in_flight.h"

struct record {
	TAILQ_ENTRY(record) next;
	uint64_t ticket; /* 0: a predecessor's */
	struct pvm_record_key key;
	bool passed;
	uint64_t passed_ms;
	uint64_t deadline_ms; /* in all; UINT64_MAX without the kernel's answer
			       */
};

TAILQ_HEAD(record_list, record);

struct list {
	struct record_list records;
	unsigned int nr;
};

struct pvm_in_flight {
	struct list predecessors;
	struct list passed;
	struct list ahead;
	struct list again;
	/*
	 * Of the third list the first of which the kernel's answer is not
	 * known; answers come in the order of sending.
	 */
	struct record *unanswered;
	struct pvm_losses *losses;
};

static bool has_serials(const struct pvm_span *span)
{
	return span->first.serial && span->last.serial;
}

static bool is_same_moment(const struct pvm_id *a, const struct pvm_id *b)
{
	return a->sec == b->sec && a->msec == b->msec;
}

/* Audit writes 32 bits of a serial. */
static bool is_same_serial(const struct pvm_id *a, const struct pvm_id *b)
{
	return (uint32_t)a->serial == (uint32_t)b->serial;
}

bool pvm_record_key_equal(const struct pvm_record_key *a,
			  const struct pvm_record_key *b)
{
	const struct pvm_span *one = &a->span, *other = &b->span;

	if (a->pid != b->pid || a->why != b->why || a->start != b->start ||
	    one->count != other->count)
		return false;
	if (!one->count)
		return true;
	if (has_serials(one) != has_serials(other))
		return false;
	if (has_serials(one))
		return is_same_serial(&one->first, &other->first) &&
		       is_same_serial(&one->last, &other->last);
	return is_same_moment(&one->first, &other->first) &&
	       is_same_moment(&one->last, &other->last);
}

bool pvm_is_of_this_boot(const struct pvm_record_key *key)
{
	return key->why != PVM_LOSS_REBOOT;
}

static void init_list(struct list *list)
{
	TAILQ_INIT(&list->records);
	list->nr = 0;
}

static void append(struct list *list, struct record *record)
{
	TAILQ_INSERT_TAIL(&list->records, record, next);
	list->nr++;
}

static void take_out(struct list *list, struct record *record)
{
	TAILQ_REMOVE(&list->records, record, next);
	list->nr--;
}

static void empty_list(struct list *list)
{
	struct record *record;

	while ((record = TAILQ_FIRST(&list->records))) {
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): unlinked */
		take_out(list, record);
		free(record);
	}
}

struct pvm_in_flight *pvm_in_flight_new(struct pvm_losses *losses)
{
	struct pvm_in_flight *in_flight = calloc(1, sizeof(*in_flight));

	if (!in_flight)
		return NULL;
	init_list(&in_flight->predecessors);
	init_list(&in_flight->passed);
	init_list(&in_flight->ahead);
	init_list(&in_flight->again);
	in_flight->losses = losses;
	return in_flight;
}

void pvm_in_flight_free(struct pvm_in_flight *in_flight)
{
	if (!in_flight)
		return;
	empty_list(&in_flight->predecessors);
	empty_list(&in_flight->passed);
	empty_list(&in_flight->ahead);
	empty_list(&in_flight->again);
	free(in_flight);
}

static void answer(struct pvm_in_flight *in_flight, struct record *record)
{
	if (in_flight->unanswered == record)
		in_flight->unanswered = TAILQ_NEXT(record, next);
}

static void drop(struct pvm_in_flight *in_flight, struct list *list,
		 struct record *record)
{
	answer(in_flight, record);
	take_out(list, record);
	free(record);
}

/* Which was counted when it was first declared. */
static void merge_oldest(struct pvm_in_flight *in_flight)
{
	struct record *oldest = TAILQ_FIRST(&in_flight->again.records);

	/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): unlinked */
	pvm_losses_add_again(in_flight->losses, oldest->key.why,
			     &oldest->key.span);
	drop(in_flight, &in_flight->again, oldest);
}

/* @why: for which a call is lost now. */
static void give_up(struct pvm_in_flight *in_flight, struct list *list,
		    struct record *record, enum pvm_loss why)
{
	if (record->key.why == PVM_LOSSES) {
		pvm_losses_add(in_flight->losses, why, &record->key.span);
		drop(in_flight, list, record);
		return;
	}
	answer(in_flight, record);
	take_out(list, record);
	append(&in_flight->again, record);
	if (in_flight->again.nr > PVM_IN_FLIGHT_AGAIN_MAX)
		merge_oldest(in_flight);
}

/* It has not come back in time. */
static void give_up_late(struct pvm_in_flight *in_flight, struct list *list,
			 struct record *record)
{
	give_up(in_flight, list, record,
		record->ticket ? PVM_LOSS_NOT_CONFIRMED : PVM_LOSS_ENDED);
}

static struct record *add_record(struct list *list,
				 const struct pvm_record_key *key)
{
	struct record *record = calloc(1, sizeof(*record));

	if (!record)
		return NULL;
	record->key = *key;
	record->deadline_ms = UINT64_MAX;
	append(list, record);
	return record;
}

static void give_up_oldest(struct pvm_in_flight *in_flight)
{
	struct list *list =
		in_flight->passed.nr ? &in_flight->passed : &in_flight->ahead;

	give_up_late(in_flight, list, TAILQ_FIRST(&list->records));
}

bool pvm_in_flight_expect(struct pvm_in_flight *in_flight, uint64_t ticket,
			  const struct pvm_record_key *key)
{
	struct record *record;

	if (pvm_in_flight_count(in_flight) == PVM_IN_FLIGHT_MAX)
		give_up_oldest(in_flight);
	record = add_record(&in_flight->ahead, key);
	if (!record)
		return false;
	record->ticket = ticket;
	if (!in_flight->unanswered)
		in_flight->unanswered = record;
	return true;
}

/* What was passed before its answer came is among the last that were. */
static struct record *find_passed(const struct pvm_in_flight *in_flight,
				  uint64_t ticket)
{
	struct record *record;

	TAILQ_FOREACH_REVERSE(record, &in_flight->passed.records, record_list,
			      next)
	if (record->ticket <= ticket)
		return record->ticket == ticket ? record : NULL;
	return NULL;
}

/* NULL when it is not in flight any more. */
static struct record *find_ticket(const struct pvm_in_flight *in_flight,
				  uint64_t ticket)
{
	struct record *record = in_flight->unanswered;

	for (; record; record = TAILQ_NEXT(record, next))
		if (record->ticket >= ticket)
			break;
	if (record && record->ticket == ticket)
		return record;
	return find_passed(in_flight, ticket);
}

void pvm_in_flight_sent(struct pvm_in_flight *in_flight, uint64_t ticket,
			uint64_t now_ms)
{
	struct record *record = find_ticket(in_flight, ticket);

	/* it may have come back before the kernel's answer */
	if (!record)
		return;
	record->deadline_ms = now_ms + PVM_IN_FLIGHT_LATE_MS;
	answer(in_flight, record);
}

static struct list *list_of(struct pvm_in_flight *in_flight,
			    const struct record *record)
{
	return record->passed ? &in_flight->passed : &in_flight->ahead;
}

void pvm_in_flight_refused(struct pvm_in_flight *in_flight, uint64_t ticket)
{
	struct record *record = find_ticket(in_flight, ticket);

	if (record)
		give_up(in_flight, list_of(in_flight, record), record,
			PVM_LOSS_SEND_FAILED);
}

void pvm_in_flight_withdraw(struct pvm_in_flight *in_flight, uint64_t ticket)
{
	struct record *record = find_ticket(in_flight, ticket);

	if (record)
		drop(in_flight, list_of(in_flight, record), record);
}

void pvm_in_flight_adopt(struct pvm_in_flight *in_flight,
			 const struct pvm_record_key *key, uint64_t now_ms)
{
	struct list *list = &in_flight->predecessors;
	struct record *record = add_record(list, key);

	if (!record) {
		pvm_losses_add(in_flight->losses, PVM_LOSS_ENDED, &key->span);
		return;
	}
	record->deadline_ms = now_ms + PVM_IN_FLIGHT_LATE_MS;
	if (list->nr > PVM_IN_FLIGHT_MAX)
		give_up_late(in_flight, list, TAILQ_FIRST(&list->records));
}

void pvm_in_flight_add(struct pvm_in_flight *in_flight,
		       const struct pvm_record_key *key)
{
	if (!add_record(&in_flight->again, key))
		pvm_losses_add_again(in_flight->losses, key->why, &key->span);
	else if (in_flight->again.nr > PVM_IN_FLIGHT_AGAIN_MAX)
		merge_oldest(in_flight);
}

bool pvm_in_flight_knows(const struct pvm_in_flight *in_flight, uint32_t pid)
{
	const struct record *record;

	TAILQ_FOREACH(record, &in_flight->predecessors.records, next)
	if (record->key.pid == pid)
		return true;
	return false;
}

static struct record *find_key(const struct list *list,
			       const struct pvm_record_key *key)
{
	struct record *record;

	TAILQ_FOREACH(record, &list->records, next)
	if (pvm_record_key_equal(&record->key, key))
		return record;
	return NULL;
}

static void pass(struct record *record, uint64_t now_ms)
{
	record->passed = true;
	record->passed_ms = now_ms;
}

/* @confirmed has come: what was sent before it has been passed. */
static void pass_until(struct pvm_in_flight *in_flight,
		       const struct record *confirmed, uint64_t now_ms)
{
	struct record *record;

	while ((record = TAILQ_FIRST(&in_flight->ahead.records)) != confirmed) {
		answer(in_flight, record);
		take_out(&in_flight->ahead, record);
		append(&in_flight->passed, record);
		pass(record, now_ms);
	}
	TAILQ_FOREACH(record, &in_flight->predecessors.records, next)
	if (!record->passed)
		pass(record, now_ms);
}

static bool confirm_in(struct pvm_in_flight *in_flight, struct list *list,
		       const struct pvm_record_key *key)
{
	struct record *record = find_key(list, key);

	if (record)
		drop(in_flight, list, record);
	return record;
}

/* Those that the kernel has held back come in their order. */
static bool confirm_first_passed(struct pvm_in_flight *in_flight,
				 const struct pvm_record_key *key)
{
	struct record *first = TAILQ_FIRST(&in_flight->passed.records);

	if (!first || !pvm_record_key_equal(&first->key, key))
		return false;
	drop(in_flight, &in_flight->passed, first);
	return true;
}

static bool confirm_own(struct pvm_in_flight *in_flight,
			const struct pvm_record_key *key, uint64_t now_ms)
{
	struct record *record;

	if (confirm_first_passed(in_flight, key))
		return true;
	record = find_key(&in_flight->ahead, key);
	if (record) {
		pass_until(in_flight, record, now_ms);
		drop(in_flight, &in_flight->ahead, record);
		return true;
	}
	return confirm_in(in_flight, &in_flight->passed, key) ||
	       confirm_in(in_flight, &in_flight->again, key);
}

/* There may be more like it: the others wait anew. */
static bool confirm_predecessors(struct pvm_in_flight *in_flight,
				 const struct pvm_record_key *key,
				 uint64_t now_ms)
{
	struct list *list = &in_flight->predecessors;
	struct record *record;

	if (!confirm_in(in_flight, list, key))
		return confirm_in(in_flight, &in_flight->again, key);
	TAILQ_FOREACH(record, &list->records, next)
	/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): unlinked */
	if (record->passed)
		record->passed_ms = now_ms;
	return true;
}

bool pvm_in_flight_confirm(struct pvm_in_flight *in_flight,
			   const struct pvm_record_key *key, bool own,
			   uint64_t now_ms)
{
	return own ? confirm_own(in_flight, key, now_ms)
		   : confirm_predecessors(in_flight, key, now_ms);
}

static bool is_overdue(const struct record *record, uint64_t now_ms,
		       bool missing, uint64_t lag_ms)
{
	if (now_ms >= lag_ms && record->deadline_ms <= now_ms - lag_ms)
		return true;
	return record->passed && !missing &&
	       record->passed_ms + PVM_IN_FLIGHT_PASSED_MS <= now_ms;
}

/* Times ascend along each list, but for what is still being sent. */
static void expire_list(struct pvm_in_flight *in_flight, struct list *list,
			uint64_t now_ms, bool missing, uint64_t lag_ms)
{
	struct record *record;

	while ((record = TAILQ_FIRST(&list->records)) &&
	       /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): unlinked */
	       is_overdue(record, now_ms, missing, lag_ms))
		give_up_late(in_flight, list, record);
}

void pvm_in_flight_expire(struct pvm_in_flight *in_flight, uint64_t now_ms,
			  bool missing, uint64_t lag_ms)
{
	struct list *const lists[] = {&in_flight->predecessors,
				      &in_flight->passed, &in_flight->ahead};

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		expire_list(in_flight, lists[i], now_ms, missing, lag_ms);
}

void pvm_in_flight_declare_again(struct pvm_in_flight *in_flight,
				 pvm_in_flight_fn *fn, void *arg)
{
	struct list *list = &in_flight->again;
	struct record *record;

	/* @fn may add to the list */
	for (unsigned int nr = list->nr;
	     nr && (record = TAILQ_FIRST(&list->records)); nr--) {
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): unlinked */
		take_out(list, record);
		if (!fn(arg, &record->key)) {
			TAILQ_INSERT_HEAD(&list->records, record, next);
			list->nr++;
			return;
		}
		free(record);
	}
}

static void add_list(const struct list *list, bool losses,
		     struct pvm_pending *pending)
{
	const struct record *record;

	TAILQ_FOREACH(record, &list->records, next)
	{
		const struct pvm_record_key *key = &record->key;

		if (!key->span.count || (key->why != PVM_LOSSES) != losses)
			continue;
		if (pvm_is_of_this_boot(key))
			pvm_span_add(&pending->span, &key->span);
		if (pending->records_nr < PVM_CHECKPOINT_RECORDS)
			pending->records[pending->records_nr++] = *key;
	}
}

void pvm_in_flight_pending(const struct pvm_in_flight *in_flight,
			   struct pvm_pending *pending)
{
	for (int losses = 1; losses >= 0; losses--) {
		add_list(&in_flight->predecessors, losses, pending);
		add_list(&in_flight->passed, losses, pending);
		add_list(&in_flight->ahead, losses, pending);
		add_list(&in_flight->again, losses, pending);
	}
}

unsigned int pvm_in_flight_count(const struct pvm_in_flight *in_flight)
{
	return in_flight->passed.nr + in_flight->ahead.nr;
}
