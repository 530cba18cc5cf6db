/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * queue.h - records on their way from the first thread to the sending one, and
 * the kernel's answers on their way back
 *
 * The first thread puts and takes answers, and never waits but for the lock,
 * which nobody holds for longer than it takes to link a record. What is being
 * sent stays in the queue, so that it counts.
 */
#ifndef PVM_QUEUE_H
#define PVM_QUEUE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "pvm/record.h"

/* Longest terminal name taken along, with its NUL. */
#define PVM_TTY_MAX 64

/*
 * What queued texts may hold in all: thousands of common records, or some
 * hundred of the longest.
 */
#define PVM_QUEUE_BYTES (2u << 20)

/*
 * Records about the plugin itself that find room in a queue that is full, each
 * of PVM_NOTE_MAX bytes at most.
 */
#define PVM_QUEUE_RESERVE 32

/* A record to be sent; everything is borrowed, and copied. */
struct pvm_message {
	uint64_t ticket; /* comes back with the answer; 0: none is wanted */
	int type; /* of audit's */
	const char *text;
	size_t len; /* bytes of it */
	const char *tty; /* as audit writes it, "" for none */
	bool success; /* what res= says */
	bool reserve; /* may take the reserve */
};

struct pvm_queued {
	STAILQ_ENTRY(pvm_queued) next;
	uint64_t ticket;
	int type;
	bool success;
	int error; /* the kernel's answer: 0, or an errno */
	uint64_t finished_ms; /* when it came, CLOCK_MONOTONIC */
	char tty[PVM_TTY_MAX];
	size_t len;
	char text[]; /* NUL-terminated */
};

STAILQ_HEAD(pvm_queued_list, pvm_queued);

/* With their names in the state report. */
#define PVM_QUEUE_COUNTERS(X)                                 \
	/* records waiting now */                             \
	X(depth, "queue_waiting")                             \
	/* most that ever waited */                           \
	X(depth_most, "queue_waiting_most")                   \
	/* records dropped, the queue being full */           \
	X(full, "queue_full")                                 \
	/* records queued */                                  \
	X(queued, "queued")                                   \
	/* taken by the kernel; delivery is another matter */ \
	X(sent, "sent")                                       \
	/* refused by the kernel */                           \
	X(failed, "send_failed")

struct pvm_queue_counters {
#define X(counter, name) uint64_t counter;
	PVM_QUEUE_COUNTERS(X)
#undef X
};

struct pvm_queue {
	unsigned int max; /* records that may wait */
	bool unwoken; /* by what is queued; atomic, not under the lock */

	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t more;
	struct pvm_queued_list waiting;
	size_t bytes; /* of waiting texts */
	/* whose answers are wanted, without their texts */
	struct pvm_queued_list finished;
	bool stopping;
	struct pvm_queue_counters counters;
};

void pvm_queue_init(struct pvm_queue *queue, unsigned int max);

/* Frees all records; no other thread may use it any more. */
void pvm_queue_destroy(struct pvm_queue *queue);

/*
 * Queue a message, to be sent after pvm_queue_wake() at the latest; one of the
 * reserve is sent at once. Returns 0, or -ENOBUFS when the queue is full, or
 * -ENOMEM.
 */
int pvm_queue_put(struct pvm_queue *queue, const struct pvm_message *message);

/* Would the longest record find room, outside the reserve? */
bool pvm_queue_has_room(struct pvm_queue *queue);

/* Send what is queued: no more comes for the moment. */
void pvm_queue_wake(struct pvm_queue *queue);

/* Send what is queued, and then end. */
void pvm_queue_stop(struct pvm_queue *queue);

/*
 * For the sending thread: the next record, which stays the queue's, or NULL
 * when all are sent and none will come. Waits.
 */
struct pvm_queued *pvm_queue_next(struct pvm_queue *queue);

/* For the sending thread: that record is sent, or with @error refused. */
void pvm_queue_finish(struct pvm_queue *queue, struct pvm_queued *queued,
		      int error);

/* The oldest answer, to be freed with free(), or NULL. */
struct pvm_queued *pvm_queue_answer(struct pvm_queue *queue);

void pvm_queue_read_counters(struct pvm_queue *queue,
			     struct pvm_queue_counters *counters);

#endif
