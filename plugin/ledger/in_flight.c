// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * in_flight.c - see in_flight.h
 *
 * A record is known by how its text starts: the event's id, or for the
 * records about the plugin itself count, span or start, stand there. The
 * parts of one call start alike, and are alike in what they tell of.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "ledger/in_flight.h"

#define START_LEN 72

struct sent {
	STAILQ_ENTRY(sent) next;
	uint64_t overtaken_ms;
	uint64_t deadline_ms; /* in all */
	enum pvm_loss why;
	struct pvm_span span;
	size_t len; /* of the start */
	char start[START_LEN];
};

STAILQ_HEAD(sent_queue, sent);

struct pvm_in_flight {
	unsigned int waiting;
	struct sent_queue ahead; /* oldest first; none has been overtaken */
	struct sent_queue overtaken; /* likewise, by the time of that */
	struct pvm_losses given_up; /* early, for want of room */
};

void pvm_pending_note(struct pvm_pending *pending,
		      const struct pvm_in_flight_record *awaited)
{
	if (pending->records_nr < PVM_CHECKPOINT_RECORDS)
		pending->awaited[pending->records_nr++] = *awaited;
}

/* Without serials a record cannot be told from others. */
void pvm_pending_add(struct pvm_pending *pending, const struct pvm_span *span)
{
	struct pvm_in_flight_record awaited = {
		.pid = pending->pid,
		.first = (uint32_t)span->first.serial,
		.last = (uint32_t)span->last.serial,
		.count = span->count,
	};

	pvm_span_add(&pending->span, span);
	if (span->count && span->first.serial && span->last.serial)
		pvm_pending_note(pending, &awaited);
}

struct pvm_in_flight *pvm_in_flight_new(void)
{
	struct pvm_in_flight *returns = calloc(1, sizeof(*returns));

	if (!returns)
		return NULL;
	STAILQ_INIT(&returns->ahead);
	STAILQ_INIT(&returns->overtaken);
	return returns;
}

static void drop_first(struct pvm_in_flight *returns, struct sent_queue *queue)
{
	struct sent *sent = STAILQ_FIRST(queue);

	STAILQ_REMOVE_HEAD(queue, next);
	returns->waiting--;
	free(sent);
}

void pvm_in_flight_free(struct pvm_in_flight *returns)
{
	if (!returns)
		return;
	while (!STAILQ_EMPTY(&returns->ahead))
		drop_first(returns, &returns->ahead);
	while (!STAILQ_EMPTY(&returns->overtaken))
		drop_first(returns, &returns->overtaken);
	free(returns);
}

/* A lost record of a loss was counted when the loss was noticed. */
static void give_up(const struct sent *sent, struct pvm_losses *losses)
{
	if (sent->why == PVM_LOSS_NOT_CONFIRMED)
		pvm_losses_add(losses, sent->why, &sent->span);
	else
		pvm_losses_add_again(losses, sent->why, &sent->span);
}

static void give_up_oldest(struct pvm_in_flight *returns)
{
	struct sent_queue *queue = STAILQ_EMPTY(&returns->overtaken)
					   ? &returns->ahead
					   : &returns->overtaken;

	give_up(STAILQ_FIRST(queue), &returns->given_up);
	drop_first(returns, queue);
}

bool pvm_in_flight_expect(struct pvm_in_flight *returns, const char *text,
			  size_t len, enum pvm_loss why,
			  const struct pvm_span *span, uint64_t now_ms)
{
	struct sent *sent = calloc(1, sizeof(*sent));

	if (!sent)
		return false;
	if (returns->waiting == PVM_IN_FLIGHT_MAX)
		give_up_oldest(returns);
	sent->deadline_ms = now_ms + PVM_IN_FLIGHT_LATE_MS;
	sent->why = why;
	sent->span = *span;
	sent->len = len < START_LEN ? len : START_LEN;
	memcpy(sent->start, text, sent->len);
	STAILQ_INSERT_TAIL(&returns->ahead, sent, next);
	returns->waiting++;
	return true;
}

static bool is_start(const struct sent *sent, const char *text, size_t len)
{
	return len >= sent->len && !memcmp(sent->start, text, sent->len);
}

static struct sent *find(const struct sent_queue *queue, const char *text,
			 size_t len)
{
	struct sent *sent;

	STAILQ_FOREACH(sent, queue, next)
	if (is_start(sent, text, len))
		return sent;
	return NULL;
}

/* All that were sent before @found have been overtaken by it. */
static void overtake(struct pvm_in_flight *returns, const struct sent *found,
		     uint64_t now_ms)
{
	struct sent *sent;

	while ((sent = STAILQ_FIRST(&returns->ahead)) != found) {
		STAILQ_REMOVE_HEAD(&returns->ahead, next);
		sent->overtaken_ms = now_ms;
		STAILQ_INSERT_TAIL(&returns->overtaken, sent, next);
	}
}

static void drop(struct pvm_in_flight *returns, struct sent_queue *queue,
		 struct sent *sent)
{
	STAILQ_REMOVE(queue, sent, sent, next);
	returns->waiting--;
	free(sent);
}

bool pvm_in_flight_confirm(struct pvm_in_flight *returns, const char *text,
			   size_t len, uint64_t now_ms)
{
	struct sent *sent = find(&returns->ahead, text, len);

	if (sent) {
		overtake(returns, sent, now_ms);
		drop_first(returns, &returns->ahead);
		return true;
	}
	sent = find(&returns->overtaken, text, len);
	if (sent)
		drop(returns, &returns->overtaken, sent);
	return sent;
}

void pvm_in_flight_cancel(struct pvm_in_flight *returns, const char *text,
			  size_t len)
{
	struct sent *sent = find(&returns->ahead, text, len);

	if (sent)
		drop(returns, &returns->ahead, sent);
}

/* Give up from @queue what was overtaken, or has been sent, long ago. */
static void expire_queue(struct pvm_in_flight *returns,
			 struct sent_queue *queue, uint64_t now_ms,
			 bool overtaken, struct pvm_losses *losses)
{
	struct sent *sent;

	while ((sent = STAILQ_FIRST(queue)) &&
	       (sent->deadline_ms <= now_ms ||
		(overtaken &&
		 sent->overtaken_ms + PVM_IN_FLIGHT_PASSED_MS <= now_ms))) {
		give_up(sent, losses);
		drop_first(returns, queue);
	}
}

void pvm_in_flight_expire(struct pvm_in_flight *returns, uint64_t now_ms,
			  bool missing, struct pvm_losses *losses)
{
	pvm_losses_move(losses, &returns->given_up);
	expire_queue(returns, &returns->overtaken, now_ms, !missing, losses);
	expire_queue(returns, &returns->ahead, now_ms, false, losses);
}

static void add_queue(const struct sent_queue *queue,
		      struct pvm_pending *pending)
{
	const struct sent *sent = STAILQ_FIRST(queue);

	for (; sent; sent = STAILQ_NEXT(sent, next))
		pvm_pending_add(pending, &sent->span);
}

void pvm_in_flight_pending(const struct pvm_in_flight *returns,
			   struct pvm_pending *pending)
{
	add_queue(&returns->overtaken, pending);
	add_queue(&returns->ahead, pending);
	pvm_losses_pending(&returns->given_up, &pending->span);
}

unsigned int pvm_in_flight_waiting(const struct pvm_in_flight *returns)
{
	return returns->waiting;
}
