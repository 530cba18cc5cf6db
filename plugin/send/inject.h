/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inject.h - records back into the audit pipeline, from a thread of its own
 *
 * Owns the queue (queue.h), the thread that empties it and the audit netlink
 * socket (netlink.h). Knows nothing of what a record is about: a ticket goes in
 * with it and comes out with the kernel's answer.
 */
#ifndef PVM_INJECT_H
#define PVM_INJECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "send/queue.h"

struct pvm_inject;

/*
 * Start the thread, with a queue of @depth records. With @print the records
 * go to stdout, a line each, and nothing to audit.
 * Returns NULL with one sentence in @why.
 */
struct pvm_inject *pvm_inject_start(unsigned int depth, bool print, char *why,
				    size_t why_size);

/* As pvm_queue_put(), _has_room() and _wake(). Never block. */
int pvm_inject_put(struct pvm_inject *inject,
		   const struct pvm_message *message);
bool pvm_inject_has_room(struct pvm_inject *inject);
void pvm_inject_wake(struct pvm_inject *inject);

/*
 * The kernel has answered, @now_ms by CLOCK_MONOTONIC, to the record with
 * @ticket: 0, or an errno with which it refused it.
 */
typedef void pvm_inject_fn(void *arg, uint64_t ticket, int error,
			   uint64_t now_ms);

/* Hand @fn the answers since the last time. Logs the first refusal. */
void pvm_inject_finished(struct pvm_inject *inject, pvm_inject_fn *fn,
			 void *arg);

/*
 * Send what is queued, for @timeout_ms at most, end the thread, and hand @fn
 * the last answers. Returns the number of records not sent. When it is not 0
 * the thread may still be in the kernel and @inject is not freed: the process
 * is expected to end.
 */
unsigned int pvm_inject_stop(struct pvm_inject *inject, unsigned int timeout_ms,
			     pvm_inject_fn *fn, void *arg);

void pvm_inject_read_counters(struct pvm_inject *inject,
			      struct pvm_queue_counters *counters);

#endif
