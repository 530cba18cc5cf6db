/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * join.h - the two halves of one audited call find each other
 *
 * Owns every half that waits, in a table of fixed size. The halves carry the
 * same audit event id, so the join is exact. Not for more than one thread.
 *
 * The probes stamp a call before audit queues its SYSCALL record, so mostly
 * the capture waits. A half is written alone when the other has not come in
 * time, and its id is remembered (told.h), so that an other half that comes
 * still later does not make a second record.
 */
#ifndef PVM_JOIN_H
#define PVM_JOIN_H

#include <stdbool.h>
#include <stdint.h>

#include "pvm/event.h"

/*
 * A call is complete, or will not become so: one half may be NULL. The
 * function takes them over, to be freed with free().
 */
typedef void pvm_join_fn(void *arg, struct pvm_syscall *syscall,
			 struct pvm_capture *capture);

/*
 * What the halves that may wait may hold on average, in bytes as malloc()
 * counts them. A common one takes some 500, the longest 40,000.
 */
#define PVM_JOIN_BYTES 600

struct pvm_join;

struct pvm_join_counters {
	uint64_t joined; /* calls of which both halves came */
	uint64_t no_capture; /* calls written without a capture */
	uint64_t no_syscall; /* calls written without a SYSCALL record */
	uint64_t late; /* SYSCALL records of calls already written */
	uint64_t evicted; /* halves written early, the table being full */
};

/*
 * A table for @max waiting halves (about 90 bytes each, taken at once), each
 * waiting @timeout_ms at most. Returns NULL when there is no memory.
 */
struct pvm_join *pvm_join_new(unsigned int max, uint64_t timeout_ms,
			      pvm_join_fn *fn, void *arg);

/* Also frees what waits, without telling of it; see pvm_join_flush(). */
void pvm_join_free(struct pvm_join *join);

void pvm_join_set_timeout(struct pvm_join *join, uint64_t timeout_ms);

/*
 * A SYSCALL record, taken over. With @wait false a capture that has not come
 * by now will not come at all. @now_ms is CLOCK_MONOTONIC, as everywhere.
 */
void pvm_join_syscall(struct pvm_join *join, struct pvm_syscall *syscall,
		      bool wait, uint64_t now_ms);

/* A capture, taken over. */
void pvm_join_capture(struct pvm_join *join, struct pvm_capture *capture,
		      uint64_t now_ms);

/* Tell of what has waited long enough. */
void pvm_join_expire(struct pvm_join *join, uint64_t now_ms);

/* Tell of everything that waits. */
void pvm_join_flush(struct pvm_join *join);

/* Add all calls of which a half waits to @span. */
void pvm_join_pending(const struct pvm_join *join, struct pvm_span *span);

/* Does a capture of the event @serial wait for its SYSCALL record? */
bool pvm_join_holds(const struct pvm_join *join, uint32_t serial);

/*
 * The event of the capture that waits longest for its SYSCALL record; NULL when
 * none does.
 */
const struct pvm_id *pvm_join_oldest(const struct pvm_join *join);

/* Halves that wait at this moment. */
unsigned int pvm_join_waiting(const struct pvm_join *join);

const struct pvm_join_counters *pvm_join_counters(const struct pvm_join *join);

#endif
