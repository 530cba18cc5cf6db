/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inject.h - records back into the audit pipeline, from a thread of its own
 *
 * Owns a bounded queue, the thread that empties it and the audit netlink
 * socket. A send waits for the kernel's answer and can sleep there for a
 * minute while audit's backlog is full; only this thread does.
 */
#ifndef PVM_INJECT_H
#define PVM_INJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/losses.h"
#include "ledger/in_flight.h"
#include "pvm/record.h"

/* Longest terminal name taken along, with its NUL. */
#define PVM_TTY_MAX 64

/*
 * What queued texts may hold in all: thousands of common records, or some
 * hundred of the longest.
 */
#define PVM_QUEUE_BYTES (2u << 20)

/* Records about the plugin itself that find room in a queue that is full. */
#define PVM_QUEUE_RESERVE 32

/* A record to be sent; everything is borrowed, and copied. */
struct pvm_message {
	int type; /* of audit's */
	const char *text;
	size_t len; /* bytes of it */
	const char *tty; /* as audit writes it, "" for none */
	bool success; /* what res= says */
	bool reserve; /* may take the reserve */
	struct pvm_span span; /* the events it tells of */
	enum pvm_loss why; /* what they are lost for if it never arrives, or
			    * PVM_LOSSES: for whatever befell it */
};

struct pvm_inject;

/* With their names in the state report. */
#define PVM_INJECT_COUNTERS(X)                                \
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
	X(failed, "send_failed")                              \
	/* sent, and not confirmed yet */                     \
	X(in_flight, "in_flight")

struct pvm_inject_counters {
#define X(counter, name) uint64_t counter;
	PVM_INJECT_COUNTERS(X)
#undef X
};

/*
 * Start the thread, with a queue of @depth records. With @print the records
 * go to stdout, a line each, and nothing to audit.
 * Returns NULL with one sentence in @why.
 */
struct pvm_inject *pvm_inject_start(unsigned int depth, bool print, char *why,
				    size_t why_size);

/*
 * Queue a message, to be sent after pvm_inject_wake() at the latest; one of
 * the reserve is sent at once. Never blocks. Returns 0, or -ENOBUFS when the
 * queue is full, or -ENOMEM: then the caller accounts for it.
 */
int pvm_inject_put(struct pvm_inject *inject,
		   const struct pvm_message *message);

/* Send what is queued: no more comes for the moment. */
void pvm_inject_wake(struct pvm_inject *inject);

/*
 * A record of ours has come round on stdin; its text starts at @text.
 * Returns whether it was waited for.
 */
bool pvm_inject_confirm(struct pvm_inject *inject, const char *text,
			size_t len);

/*
 * Add to @losses what has not arrived, as far as that is known by now; @missing
 * as in pvm_in_flight_expire().
 */
void pvm_inject_settle(struct pvm_inject *inject, bool missing,
		       struct pvm_losses *losses);

/*
 * Add to @pending all events whose record is queued, or has not come round, or
 * was refused since the last settling.
 */
void pvm_inject_pending(struct pvm_inject *inject, struct pvm_pending *pending);

/*
 * Send what is queued, for @timeout_ms at most, and end the thread.
 * Adds to @pending as pvm_inject_pending(). Returns the number of records not
 * sent. When it is not 0 the thread may still be in the kernel and @inject is
 * not freed: the process is expected to end.
 */
unsigned int pvm_inject_stop(struct pvm_inject *inject, unsigned int timeout_ms,
			     struct pvm_pending *pending);

void pvm_inject_read_counters(struct pvm_inject *inject,
			      struct pvm_inject_counters *counters);

#endif
