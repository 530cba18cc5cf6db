// SPDX-License-Identifier: GPL-2.0-or-later
/* inject.c - see inject.h */
#define _GNU_SOURCE /* pthread_timedjoin_np, unshare, close_range */
#include <errno.h>
#include <libaudit.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <time.h>
#include <unistd.h>

#include "process/clock.h"
#include "send/inject.h"
#include "process/log.h"
#include "ledger/in_flight.h"
#include "record/notes.h"
#include "record/text.h"
#include "process/thread.h"

struct message {
	STAILQ_ENTRY(message) next;
	int type;
	bool success;
	bool awaited; /* by returns, whose pending events it is among */
	enum pvm_loss why;
	struct pvm_span span;
	char tty[PVM_TTY_MAX];
	size_t len;
	char text[];
};

STAILQ_HEAD(message_queue, message);

/*
 * Records that wait until the thread is woken whatever else is to come. To
 * wake it for each costs as much as all else that is done with a call.
 */
#define WAKE_AT 32

struct pvm_inject {
	pthread_t thread;
	int netlink; /* -1 with print */
	bool print;
	bool told_failure; /* in the log, by who settles */
	unsigned int depth;
	bool unwoken; /* by what is queued; atomic, not under the lock */

	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t more;
	struct message_queue queue;
	size_t bytes; /* of queued texts */
	struct pvm_in_flight
		*in_flight; /* NULL with print: nothing comes round */
	struct pvm_losses refused; /* by the kernel */
	int refusal; /* why it was, errno; 0: it never was */
	bool stopping;
	struct pvm_inject_counters counters;
};

/* The next message, or NULL when all is sent and none will come. */
static struct message *next_message(struct pvm_inject *inject)
{
	struct message *message;

	pthread_mutex_lock(&inject->lock);
	while (STAILQ_EMPTY(&inject->queue) && !inject->stopping)
		pthread_cond_wait(&inject->more, &inject->lock);
	message = STAILQ_FIRST(&inject->queue);
	pthread_mutex_unlock(&inject->lock);
	return message;
}

/* A loss whose record is lost stays what it was, and was counted then. */
static void note_refused(struct pvm_inject *inject,
			 const struct message *message)
{
	inject->counters.failed++;
	if (message->awaited)
		pvm_in_flight_cancel(inject->in_flight, message->text,
				     message->len);
	if (message->why == PVM_LOSSES)
		pvm_losses_add(&inject->refused, PVM_LOSS_SEND_FAILED,
			       &message->span);
	else
		pvm_losses_add_again(&inject->refused, message->why,
				     &message->span);
}

/* From now on: it can come round before the kernel's answer is here. */
static void expect_return(struct pvm_inject *inject, struct message *message)
{
	enum pvm_loss why = message->why == PVM_LOSSES ? PVM_LOSS_NOT_CONFIRMED
						       : message->why;

	if (!inject->in_flight)
		return;
	pthread_mutex_lock(&inject->lock);
	message->awaited =
		pvm_in_flight_expect(inject->in_flight, message->text,
				     message->len, why, &message->span,
				     pvm_now_ms());
	pthread_mutex_unlock(&inject->lock);
}

/* It stays in the queue until here, so that what is being sent counts too. */
static void finish_message(struct pvm_inject *inject, struct message *message,
			   bool sent)
{
	pthread_mutex_lock(&inject->lock);
	STAILQ_REMOVE_HEAD(&inject->queue, next);
	inject->bytes -= message->len;
	inject->counters.depth--;
	if (sent)
		inject->counters.sent++;
	else
		note_refused(inject, message);
	pthread_mutex_unlock(&inject->lock);
	free(message);
}

static bool print_message(const struct message *message)
{
	const char *res = message->success ? " res=success\n" : " res=failed\n";

	return fputs(message->text, stdout) >= 0 && fputs(res, stdout) >= 0;
}

static bool send_message(struct pvm_inject *inject, struct message *message)
{
	int rc;

	if (inject->print)
		return print_message(message);
	expect_return(inject, message);
	rc = audit_log_user_message(inject->netlink, message->type,
				    message->text, NULL, NULL, message->tty,
				    message->success);
	if (rc > 0)
		return true;
	pthread_mutex_lock(&inject->lock);
	inject->refusal = rc < 0 ? -rc : errno;
	pthread_mutex_unlock(&inject->lock);
	return false;
}

/*
 * Where audit's backlog is full, the kernel lets the sender wait, for a minute
 * or more, and nothing ends that wait, not even SIGKILL. Descriptors that it
 * shared would stay open: auditd would go on writing to a process that is dead
 * but for this thread, and wait for it. So it has its own, and only what it
 * needs; syslog's it has not, so it must not log.
 */
static void keep_netlink_alone(const struct pvm_inject *inject)
{
	unsigned int netlink = (unsigned int)inject->netlink;

	if (unshare(CLONE_FILES))
		return;
	close(STDIN_FILENO);
	if (netlink > STDERR_FILENO + 1)
		close_range(STDERR_FILENO + 1, netlink - 1, 0);
	close_range(netlink + 1, UINT_MAX, 0);
}

static void *run(void *arg)
{
	struct pvm_inject *inject = arg;
	struct message *message;

	if (!inject->print)
		keep_netlink_alone(inject);
	while ((message = next_message(inject)))
		finish_message(inject, message, send_message(inject, message));
	if (inject->print)
		fflush(stdout);
	return NULL;
}

static int open_netlink(struct pvm_inject *inject, char *why, size_t why_size)
{
	inject->netlink = audit_open();
	if (inject->netlink < 0) {
		snprintf(why, why_size,
			 "cannot reach the kernel's audit (%s); run a kernel "
			 "with CONFIG_AUDIT=y, outside a container",
			 strerror(errno));
		return -errno;
	}
	inject->in_flight = pvm_in_flight_new();
	if (inject->in_flight)
		return 0;
	snprintf(why, why_size, "out of memory");
	return -ENOMEM;
}

static void free_inject(struct pvm_inject *inject)
{
	if (inject->netlink >= 0)
		audit_close(inject->netlink);
	pvm_in_flight_free(inject->in_flight);
	pthread_mutex_destroy(&inject->lock);
	pthread_cond_destroy(&inject->more);
	free(inject);
}

struct pvm_inject *pvm_inject_start(unsigned int depth, bool print, char *why,
				    size_t why_size)
{
	struct pvm_inject *inject = calloc(1, sizeof(*inject));
	int err;

	if (!inject) {
		snprintf(why, why_size, "out of memory");
		return NULL;
	}
	inject->print = print;
	inject->depth = depth;
	inject->netlink = -1;
	STAILQ_INIT(&inject->queue);
	pthread_mutex_init(&inject->lock, NULL);
	pthread_cond_init(&inject->more, NULL);
	if (!print && open_netlink(inject, why, why_size))
		goto fail;
	err = pvm_thread_start(&inject->thread, run, inject);
	if (!err)
		return inject;
	snprintf(why, why_size, "cannot start a thread (%s)", strerror(-err));
fail:
	free_inject(inject);
	return NULL;
}

static struct message *copy_message(const struct pvm_message *from)
{
	struct message *message = malloc(sizeof(*message) + from->len + 1);
	struct pvm_text tty;

	if (!message)
		return NULL;
	message->type = from->type;
	message->success = from->success;
	message->awaited = false;
	message->why = from->why;
	message->span = from->span;
	message->len = from->len;
	memcpy(message->text, from->text, from->len);
	message->text[from->len] = '\0';
	tty = pvm_text_in(message->tty, sizeof(message->tty));
	pvm_put(&tty, from->tty);
	return message;
}

static bool has_room(const struct pvm_inject *inject,
		     const struct pvm_message *message)
{
	unsigned int depth = inject->depth, bytes = PVM_QUEUE_BYTES;

	if (message->reserve) {
		depth += PVM_QUEUE_RESERVE;
		bytes += PVM_QUEUE_RESERVE * PVM_NOTE_MAX;
	}
	return inject->counters.depth < depth &&
	       inject->bytes + message->len <= bytes;
}

static void enqueue(struct pvm_inject *inject, struct message *message)
{
	struct pvm_inject_counters *counters = &inject->counters;

	STAILQ_INSERT_TAIL(&inject->queue, message, next);
	inject->bytes += message->len;
	counters->queued++;
	counters->depth++;
	if (counters->depth > counters->depth_most)
		counters->depth_most = counters->depth;
}

int pvm_inject_put(struct pvm_inject *inject, const struct pvm_message *from)
{
	struct message *message = copy_message(from);
	bool fits, wake;

	if (!message)
		return -ENOMEM;
	pthread_mutex_lock(&inject->lock);
	fits = has_room(inject, from);
	if (fits)
		enqueue(inject, message);
	else
		inject->counters.full++;
	wake = from->reserve || inject->counters.depth == WAKE_AT;
	pthread_mutex_unlock(&inject->lock);
	if (!fits) {
		free(message);
		return -ENOBUFS;
	}
	__atomic_store_n(&inject->unwoken, true, __ATOMIC_RELEASE);
	if (wake)
		pvm_inject_wake(inject);
	return 0;
}

/* Not under the lock, which the thread would run into at once. */
void pvm_inject_wake(struct pvm_inject *inject)
{
	if (__atomic_exchange_n(&inject->unwoken, false, __ATOMIC_ACQ_REL))
		pthread_cond_signal(&inject->more);
}

bool pvm_inject_confirm(struct pvm_inject *inject, const char *text, size_t len)
{
	bool expected;

	if (!inject->in_flight)
		return false;
	pthread_mutex_lock(&inject->lock);
	expected = pvm_in_flight_confirm(inject->in_flight, text, len,
					 pvm_now_ms());
	pthread_mutex_unlock(&inject->lock);
	return expected;
}

/* Once. */
static void tell_refusal(struct pvm_inject *inject)
{
	int refusal;

	pthread_mutex_lock(&inject->lock);
	refusal = inject->refusal;
	pthread_mutex_unlock(&inject->lock);
	if (!refusal || inject->told_failure)
		return;
	pvm_log(LOG_ERR,
		"audit takes no record (%s): the plugin needs "
		"CAP_AUDIT_WRITE and a kernel with audit; these "
		"are counted as send_failed",
		strerror(refusal));
	inject->told_failure = true;
}

void pvm_inject_settle(struct pvm_inject *inject, bool missing,
		       struct pvm_losses *losses)
{
	pthread_mutex_lock(&inject->lock);
	pvm_losses_move(losses, &inject->refused);
	if (inject->in_flight)
		pvm_in_flight_expire(inject->in_flight, pvm_now_ms(), missing,
				     losses);
	pthread_mutex_unlock(&inject->lock);
	tell_refusal(inject);
}

/* Oldest first: those in the queue were not sent yet. */
void pvm_inject_pending(struct pvm_inject *inject, struct pvm_pending *pending)
{
	const struct message *message;

	pthread_mutex_lock(&inject->lock);
	if (inject->in_flight)
		pvm_in_flight_pending(inject->in_flight, pending);
	STAILQ_FOREACH(message, &inject->queue, next)
	if (!message->awaited)
		pvm_pending_add(pending, &message->span);
	pvm_losses_pending(&inject->refused, &pending->span);
	pthread_mutex_unlock(&inject->lock);
}

static void add_ms(struct timespec *time, unsigned int ms)
{
	time->tv_sec += ms / 1000;
	time->tv_nsec += (long)(ms % 1000) * 1000000;
	if (time->tv_nsec >= 1000000000) {
		time->tv_sec++;
		time->tv_nsec -= 1000000000;
	}
}

unsigned int pvm_inject_stop(struct pvm_inject *inject, unsigned int timeout_ms,
			     struct pvm_pending *pending)
{
	struct pvm_inject_counters counters;
	struct timespec deadline;
	bool late;

	pthread_mutex_lock(&inject->lock);
	inject->stopping = true;
	pthread_cond_signal(&inject->more);
	pthread_mutex_unlock(&inject->lock);

	clock_gettime(CLOCK_REALTIME, &deadline);
	add_ms(&deadline, timeout_ms);
	late = pthread_timedjoin_np(inject->thread, NULL, &deadline);
	tell_refusal(inject);
	if (late) {
		pvm_inject_read_counters(inject, &counters);
		if (counters.depth) {
			pvm_inject_pending(inject, pending);
			return (unsigned int)counters.depth;
		}
		/* it has just sent the last one, and is on its way out */
		pthread_join(inject->thread, NULL);
	}
	pvm_inject_pending(inject, pending);
	free_inject(inject);
	return 0;
}

void pvm_inject_read_counters(struct pvm_inject *inject,
			      struct pvm_inject_counters *counters)
{
	pthread_mutex_lock(&inject->lock);
	*counters = inject->counters;
	if (inject->in_flight)
		counters->in_flight = pvm_in_flight_waiting(inject->in_flight);
	pthread_mutex_unlock(&inject->lock);
}
