// SPDX-License-Identifier: GPL-2.0-or-later
/* queue.c - see queue.h */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/clock.h"
#include "send/queue.h"

/*
 * Records that wait until the thread is woken whatever else is to come. To
 * wake it for each costs as much as all else that is done with a call.
 */
#define WAKE_AT 32

void pvm_queue_init(struct pvm_queue *queue, unsigned int max)
{
	memset(queue, 0, sizeof(*queue));
	queue->max = max;
	STAILQ_INIT(&queue->waiting);
	STAILQ_INIT(&queue->finished);
	pthread_mutex_init(&queue->lock, NULL);
	pthread_cond_init(&queue->more, NULL);
}

static void free_list(struct pvm_queued_list *list)
{
	struct pvm_queued *queued;

	while ((queued = STAILQ_FIRST(list))) {
		STAILQ_REMOVE_HEAD(list, next);
		free(queued);
	}
}

void pvm_queue_destroy(struct pvm_queue *queue)
{
	free_list(&queue->waiting);
	free_list(&queue->finished);
	pthread_mutex_destroy(&queue->lock);
	pthread_cond_destroy(&queue->more);
}

static struct pvm_queued *copy_message(const struct pvm_message *from)
{
	struct pvm_queued *queued = malloc(sizeof(*queued) + from->len + 1);

	if (!queued)
		return NULL;
	queued->ticket = from->ticket;
	queued->type = from->type;
	queued->success = from->success;
	queued->len = from->len;
	snprintf(queued->tty, sizeof(queued->tty), "%s", from->tty);
	memcpy(queued->text, from->text, from->len);
	queued->text[from->len] = '\0';
	return queued;
}

static bool has_room(const struct pvm_queue *queue, size_t len, bool reserve)
{
	unsigned int depth = queue->max, bytes = PVM_QUEUE_BYTES;

	if (reserve) {
		depth += PVM_QUEUE_RESERVE;
		bytes += PVM_QUEUE_RESERVE * PVM_NOTE_MAX;
	}
	return queue->counters.depth < depth && queue->bytes + len <= bytes;
}

static void append(struct pvm_queue *queue, struct pvm_queued *queued)
{
	struct pvm_queue_counters *counters = &queue->counters;

	STAILQ_INSERT_TAIL(&queue->waiting, queued, next);
	queue->bytes += queued->len;
	counters->queued++;
	counters->depth++;
	if (counters->depth > counters->depth_most)
		counters->depth_most = counters->depth;
}

int pvm_queue_put(struct pvm_queue *queue, const struct pvm_message *message)
{
	struct pvm_queued *queued = copy_message(message);
	bool fits, wake;

	if (!queued)
		return -ENOMEM;
	pthread_mutex_lock(&queue->lock);
	fits = has_room(queue, message->len, message->reserve);
	if (fits)
		append(queue, queued);
	else
		queue->counters.full++;
	wake = message->reserve || queue->counters.depth == WAKE_AT;
	pthread_mutex_unlock(&queue->lock);
	if (!fits) {
		free(queued);
		return -ENOBUFS;
	}
	__atomic_store_n(&queue->unwoken, true, __ATOMIC_RELEASE);
	if (wake)
		pvm_queue_wake(queue);
	return 0;
}

bool pvm_queue_has_room(struct pvm_queue *queue)
{
	bool room;

	pthread_mutex_lock(&queue->lock);
	room = has_room(queue, PVM_RECORD_MAX, false);
	pthread_mutex_unlock(&queue->lock);
	return room;
}

/* Not under the lock, which the thread would run into at once. */
void pvm_queue_wake(struct pvm_queue *queue)
{
	if (__atomic_exchange_n(&queue->unwoken, false, __ATOMIC_ACQ_REL))
		pthread_cond_signal(&queue->more);
}

void pvm_queue_stop(struct pvm_queue *queue)
{
	pthread_mutex_lock(&queue->lock);
	queue->stopping = true;
	pthread_cond_signal(&queue->more);
	pthread_mutex_unlock(&queue->lock);
}

struct pvm_queued *pvm_queue_next(struct pvm_queue *queue)
{
	struct pvm_queued *queued;

	pthread_mutex_lock(&queue->lock);
	while (STAILQ_EMPTY(&queue->waiting) && !queue->stopping)
		pthread_cond_wait(&queue->more, &queue->lock);
	queued = STAILQ_FIRST(&queue->waiting);
	pthread_mutex_unlock(&queue->lock);
	return queued;
}

/*
 * Answers wait until the first thread asks, five times a second: at high rates
 * their texts would be megabytes. Not under the lock.
 */
static struct pvm_queued *without_text(struct pvm_queued *queued)
{
	struct pvm_queued *smaller = realloc(queued, sizeof(*queued) + 1);

	if (!smaller) /* as it was, then */
		smaller = queued;
	smaller->len = 0;
	smaller->text[0] = '\0';
	return smaller;
}

void pvm_queue_finish(struct pvm_queue *queue, struct pvm_queued *queued,
		      int error)
{
	struct pvm_queued *answer;

	queued->error = error;
	queued->finished_ms = pvm_now_ms();
	pthread_mutex_lock(&queue->lock);
	STAILQ_REMOVE_HEAD(&queue->waiting, next);
	queue->bytes -= queued->len;
	queue->counters.depth--;
	if (error)
		queue->counters.failed++;
	else
		queue->counters.sent++;
	pthread_mutex_unlock(&queue->lock);
	if (!queued->ticket) {
		free(queued);
		return;
	}
	answer = without_text(queued);
	pthread_mutex_lock(&queue->lock);
	STAILQ_INSERT_TAIL(&queue->finished, answer, next);
	pthread_mutex_unlock(&queue->lock);
}

struct pvm_queued *pvm_queue_answer(struct pvm_queue *queue)
{
	struct pvm_queued *queued;

	pthread_mutex_lock(&queue->lock);
	queued = STAILQ_FIRST(&queue->finished);
	if (queued)
		STAILQ_REMOVE_HEAD(&queue->finished, next);
	pthread_mutex_unlock(&queue->lock);
	return queued;
}

void pvm_queue_read_counters(struct pvm_queue *queue,
			     struct pvm_queue_counters *counters)
{
	pthread_mutex_lock(&queue->lock);
	*counters = queue->counters;
	pthread_mutex_unlock(&queue->lock);
}
