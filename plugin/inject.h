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

#include "pvm/record.h"

/* Longest terminal name taken along, with its NUL. */
#define PVM_TTY_MAX 64

/*
 * What queued texts may hold in all: thousands of common records, or some
 * hundred of the longest.
 */
#define PVM_QUEUE_BYTES (2u << 20)

/*
 * Is an auditd there to take what is sent? Without one the kernel puts audit
 * messages into its own log. Needs CAP_AUDIT_CONTROL.
 * Returns 1, 0, or -errno when the kernel does not tell.
 */
int pvm_auditd_is_running(void);

struct pvm_inject;

struct pvm_inject_counters {
	uint64_t queued;
	uint64_t full; /* records dropped, the queue being full */
	uint64_t sent; /* taken by the kernel; delivery is another matter */
	uint64_t failed; /* refused by the kernel */
	unsigned int depth; /* waiting now */
	unsigned int depth_most; /* most that ever waited */
};

/*
 * Start the thread, with a queue of @depth records. With @print the records
 * go to stdout, a line each, and nothing to audit.
 * Returns NULL with one sentence in @why.
 */
struct pvm_inject *pvm_inject_start(unsigned int depth, bool print, char *why,
				    size_t why_size);

/*
 * Queue a copy of @text as a message of audit type @type. @tty is a terminal
 * name as audit writes it, "" for none; @success says what res= says.
 * Never blocks. Returns 0, or -ENOBUFS when the queue is full.
 */
int pvm_inject_put(struct pvm_inject *inject, int type, const char *text,
		   size_t len, const char *tty, bool success);

/*
 * Send what is queued, for @timeout_ms at most, and end the thread.
 * Returns the number of records that were not sent. When it is not 0 the
 * thread may still be in the kernel and @inject is not freed: the process is
 * expected to end.
 */
unsigned int pvm_inject_stop(struct pvm_inject *inject,
			     unsigned int timeout_ms);

void pvm_inject_read_counters(struct pvm_inject *inject,
			      struct pvm_inject_counters *counters);

#endif
