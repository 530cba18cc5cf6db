/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * join.h - bring the two halves of one audited call together
 *
 * The join owns every half that waits, in a table of fixed size. The halves
 * carry the same audit event id, so the join is exact. Not for more than one
 * thread.
 *
 * The probes capture a call before audit queues its SYSCALL record, so it is
 * mostly the capture that waits. When the other half does not come in time, the
 * call is recorded from one half. A capture that comes later still makes no
 * second record: its id is remembered (recent_ids.h). A SYSCALL record that
 * does is the caller's to keep away.
 *
 * A stream that lags is not a missing half: in a flood with deep queues the
 * SYSCALL record can be minutes behind. So a capture waits at least until the
 * stream has come to its event. Nor is one that has passed it: the kernel can
 * hold a row of records back, and hand them over behind newer ones. So the time
 * of a capture begins to run only when another record of its event has come,
 * which its SYSCALL record goes ahead of; where none does, it waits as long as
 * the kernel may take.
 */
#ifndef PVM_JOIN_H
#define PVM_JOIN_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/missing.h"
#include "pvm/event.h"

/*
 * Takes over a call that is complete, or of which one half, here NULL, is not
 * waited for any longer. The function frees the halves with free().
 */
typedef void pvm_join_fn(void *arg, struct pvm_syscall *syscall,
			 struct pvm_capture *capture);

/*
 * Average size in bytes, as malloc() counts them, that the waiting halves may
 * reach before the oldest is evicted. A common one takes some 500, the longest
 * 40,000.
 */
#define PVM_JOIN_BYTES 600

/*
 * How long a stream may stand still in which no event comes at all, before a
 * capture is recorded that it has not come to.
 */
#define PVM_JOIN_STILL_MS 60000

/*
 * How long after the stream has passed it a capture is waited for of whose
 * event no record has come.
 */
#define PVM_JOIN_LATE_MS 120000

/* How far the stream of SYSCALL records is. */
struct pvm_join_stream {
	/* has it come to the event @id, or further? */
	bool (*has_passed)(void *arg, const struct pvm_id *id);
	void *arg;
	uint64_t moved_ms; /* when it last got further */
	/*
	 * Has one more capture without its SYSCALL record room where those go?
	 * If not, it waits on here. NULL: there is always room.
	 */
	bool (*has_room)(void *arg);
};

struct pvm_join;

/* With their names in the state report. */
#define PVM_JOIN_COUNTERS(X)                                 \
	/* calls of which both halves came */                \
	X(joined, "joined")                                  \
	/* calls recorded without a capture */               \
	X(no_capture, "join_no_capture")                     \
	/* calls recorded without a SYSCALL record */        \
	X(no_syscall, "join_no_syscall")                     \
	/* halves of calls recorded before, or come twice */ \
	X(late, "join_late")                                 \
	/* halves handed over early: the table was full */   \
	X(evicted, "join_evicted")

struct pvm_join_counters {
#define X(counter, name) uint64_t counter;
	PVM_JOIN_COUNTERS(X)
#undef X
};

/*
 * A table for @max waiting halves (about 90 bytes each, taken at once), each
 * waiting @timeout_ms at most. Returns NULL when there is no memory.
 */
struct pvm_join *pvm_join_new(unsigned int max, uint64_t timeout_ms,
			      pvm_join_fn *fn, void *arg);

/* Also frees the halves that wait, unrecorded; see pvm_join_flush(). */
void pvm_join_free(struct pvm_join *join);

void pvm_join_set_timeout(struct pvm_join *join, uint64_t timeout_ms);

/*
 * Take over a SYSCALL record. With @wait false a capture that is not here yet
 * will never come. @now_ms is CLOCK_MONOTONIC, as everywhere.
 */
void pvm_join_syscall(struct pvm_join *join, struct pvm_syscall *syscall,
		      bool wait, uint64_t now_ms);

/* Take over a capture. */
void pvm_join_capture(struct pvm_join *join, struct pvm_capture *capture,
		      uint64_t now_ms);

/*
 * A record of the event @id has come, other than its SYSCALL record, which
 * should have come before.
 */
void pvm_join_see(struct pvm_join *join, const struct pvm_id *id,
		  uint64_t now_ms);

/*
 * Hand over each half that has waited long enough: a SYSCALL record since it
 * has come, a capture since pvm_join_see(), or by the stream's position.
 */
void pvm_join_expire(struct pvm_join *join,
		     const struct pvm_join_stream *stream, uint64_t now_ms);

/* Hand over every half that waits. */
void pvm_join_flush(struct pvm_join *join);

/* Add to @span every call of which some record has come, and that waits. */
void pvm_join_pending(const struct pvm_join *join, struct pvm_span *span);

/*
 * Add every call of which no record has come although the stream has come to
 * it, or further.
 */
void pvm_join_missing(const struct pvm_join *join,
		      const struct pvm_join_stream *stream,
		      struct pvm_missing *missing);

/* Does a capture of the event @serial wait for its SYSCALL record? */
bool pvm_join_holds(const struct pvm_join *join, uint32_t serial);

/*
 * The event of the capture that waits longest for any record of it; NULL when
 * none does.
 */
const struct pvm_id *pvm_join_oldest(const struct pvm_join *join);

/* Halves that wait at this moment. */
unsigned int pvm_join_waiting(const struct pvm_join *join);

const struct pvm_join_counters *pvm_join_counters(const struct pvm_join *join);

#endif
