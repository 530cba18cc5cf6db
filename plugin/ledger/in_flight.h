/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * in_flight.h - records that are on their way into the log
 *
 * The kernel says that it has taken a record even when a filter, a full
 * backlog or a dying auditd then loses it. But auditd gives its plugins every
 * record that it gets, ours too: only a record that has come back on stdin is
 * confirmed. A process that ends leaves the list of its records to the next
 * one, which confirms or gives up those of its predecessors like its own.
 *
 * Records keep their order, so one that a later one has passed is given up
 * soon, any other late. Only where the kernel holds a row of records back and
 * hands them over later are ours among them: events are then missing from the
 * stream, and while those are waited for, so are the records.
 *
 * A call whose record is given up is lost. A loss whose record is given up may
 * stand in the log all the same: it is declared again, in the same words, by
 * which readers know that it is the same one.
 *
 * Not for more than one thread.
 */
#ifndef PVM_IN_FLIGHT_H
#define PVM_IN_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/losses.h"

/*
 * Records of this process that are waited for, about 130 bytes each, taken when
 * needed; with more in flight the oldest is given up. As many of predecessors.
 * More than is ours in a kernel's backlog of 65536 records, where each call has
 * two or three of its own.
 */
#define PVM_IN_FLIGHT_MAX 32768

/*
 * Losses that wait to be declared again; of more, the oldest is added to what
 * is pending for its reason, and may then be declared twice.
 */
#define PVM_IN_FLIGHT_AGAIN_MAX 64

/*
 * How long after being passed, and in all since the kernel has taken it; the
 * kernel may keep the sender waiting for a minute (backlog_wait_time) before.
 */
#define PVM_IN_FLIGHT_PASSED_MS 3000
#define PVM_IN_FLIGHT_LATE_MS 120000

/* Who has sent a record, and what it reports: by this it is known again. */
struct pvm_record_key {
	uint32_t pid; /* of the process that has sent it */
	enum pvm_loss why; /* of a pvm-lost record; PVM_LOSSES: of any other */
	/*
	 * The events that it reports, by their serials, or by their times where
	 * there are none; count 0: a record about the plugin itself.
	 */
	struct pvm_span span;
	/* of a loss, start= of the process that has declared it first; else 0
	 */
	uint64_t start;
};

bool pvm_record_key_equal(const struct pvm_record_key *a,
			  const struct pvm_record_key *b);

/*
 * Not a loss of an earlier boot: its events are in no order with those of this
 * one, so it is never added to them.
 */
bool pvm_is_of_this_boot(const struct pvm_record_key *key);

/* Records in flight that a checkpoint can hold. */
#define PVM_CHECKPOINT_RECORDS 256

/* Events that a process has not got rid of, and the records that report some */
struct pvm_pending {
	struct pvm_span span; /* all of them, of this boot */
	size_t records_nr; /* of more, the newest are in span only */
	struct pvm_record_key records[PVM_CHECKPOINT_RECORDS];
};

struct pvm_in_flight;

/* What is given up goes to @losses. Returns NULL when there is no memory. */
struct pvm_in_flight *pvm_in_flight_new(struct pvm_losses *losses);
void pvm_in_flight_free(struct pvm_in_flight *in_flight);

/*
 * A record is queued, as number @ticket; tickets ascend from 1. Returns false
 * when there is no memory: the record is then taken for confirmed.
 */
bool pvm_in_flight_expect(struct pvm_in_flight *in_flight, uint64_t ticket,
			  const struct pvm_record_key *key);

/* The kernel has taken it: now it can be late. */
void pvm_in_flight_sent(struct pvm_in_flight *in_flight, uint64_t ticket,
			uint64_t now_ms);

/* The kernel has refused it: what it reports is lost. */
void pvm_in_flight_refused(struct pvm_in_flight *in_flight, uint64_t ticket);

/* It has not been queued, which is the caller's to account for. */
void pvm_in_flight_withdraw(struct pvm_in_flight *in_flight, uint64_t ticket);

/* A predecessor has ended; that record of its own may still come. */
void pvm_in_flight_adopt(struct pvm_in_flight *in_flight,
			 const struct pvm_record_key *key, uint64_t now_ms);

/* That loss of an earlier boot is to be declared, in the words of @key. */
void pvm_in_flight_add(struct pvm_in_flight *in_flight,
		       const struct pvm_record_key *key);

/* Is there a record of @pid, a predecessor? */
bool pvm_in_flight_knows(const struct pvm_in_flight *in_flight, uint32_t pid);

/*
 * A record with @key has come back; @own: one of this process. Of two that are
 * alike, it does not matter which has. Returns whether it was in flight.
 */
bool pvm_in_flight_confirm(struct pvm_in_flight *in_flight,
			   const struct pvm_record_key *key, bool own,
			   uint64_t now_ms);

/*
 * Give up what is overdue. With @missing, events are missing that may yet come,
 * and having been passed means nothing. The stream is @lag_ms behind, so a
 * record that is on time comes by so much later.
 */
void pvm_in_flight_expire(struct pvm_in_flight *in_flight, uint64_t now_ms,
			  bool missing, uint64_t lag_ms);

/* Declare a loss again; returns false when that cannot be done now. */
typedef bool pvm_in_flight_fn(void *arg, const struct pvm_record_key *key);

/* Hand @fn each loss that is to be declared again, until it cannot take one. */
void pvm_in_flight_declare_again(struct pvm_in_flight *in_flight,
				 pvm_in_flight_fn *fn, void *arg);

/*
 * Add everything in flight to @pending: losses ahead of calls, and of either,
 * what was sent first.
 */
void pvm_in_flight_pending(const struct pvm_in_flight *in_flight,
			   struct pvm_pending *pending);

/* Records of this process that are in flight. */
unsigned int pvm_in_flight_count(const struct pvm_in_flight *in_flight);

#endif
