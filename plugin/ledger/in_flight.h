/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * in_flight.h - records that were sent, until auditd hands them back
 *
 * The kernel says that it has taken a record even when a filter, a full
 * backlog or a dying auditd then loses it. But auditd gives its plugins every
 * record that it gets, ours too: only one that has come round is known to
 * have arrived. They keep their order, so one that a later one has overtaken
 * is given up soon, any other late. Only where the kernel holds a row of
 * records back and hands them over later are ours among them: events are then
 * missing from the stream, and while these are waited for, so are ours. Not
 * for more than one thread.
 */
#ifndef PVM_IN_FLIGHT_H
#define PVM_IN_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/losses.h"

/*
 * Records that are waited for, about 200 bytes each, taken when needed; with
 * more under way the oldest is given up.
 */
#define PVM_IN_FLIGHT_MAX 8192

/*
 * How long after being overtaken, and in all; the kernel may keep the sender
 * waiting for a minute (backlog_wait_time) before it takes a record.
 */
#define PVM_IN_FLIGHT_PASSED_MS 3000
#define PVM_IN_FLIGHT_LATE_MS 120000

/* A record that its process waits for, or has still to send. */
struct pvm_in_flight_record {
	uint32_t pid;
	uint32_t first, last; /* serials of the events that it tells of */
	uint64_t count;
};

/* Of more, the newest are among the pending events only. */
#define PVM_CHECKPOINT_RECORDS 256

/* Events that a process has under way, and by which records. */
struct pvm_pending {
	uint32_t pid; /* of that process */
	struct pvm_span span;
	size_t records_nr;
	struct pvm_in_flight_record awaited[PVM_CHECKPOINT_RECORDS];
};

/* Put @awaited on the list, if there is room. */
void pvm_pending_note(struct pvm_pending *pending,
		      const struct pvm_in_flight_record *awaited);

/* Add @span, of which a record of the process itself is to tell. */
void pvm_pending_add(struct pvm_pending *pending, const struct pvm_span *span);

struct pvm_in_flight;

/* Returns NULL when there is no memory. */
struct pvm_in_flight *pvm_in_flight_new(void);
void pvm_in_flight_free(struct pvm_in_flight *returns);

/*
 * Wait for the record with the text @text, which tells of @span's events; if
 * it does not come, they are lost for @why. Returns false when there is no
 * memory: it is then taken for arrived.
 */
bool pvm_in_flight_expect(struct pvm_in_flight *returns, const char *text,
			  size_t len, enum pvm_loss why,
			  const struct pvm_span *span, uint64_t now_ms);

/*
 * A record of ours has come; its text starts at @text. Returns whether it
 * was waited for.
 */
bool pvm_in_flight_confirm(struct pvm_in_flight *returns, const char *text,
			   size_t len, uint64_t now_ms);

/* The record that was expected last has not been sent after all. */
void pvm_in_flight_cancel(struct pvm_in_flight *returns, const char *text,
			  size_t len);

/*
 * Give up what is overdue: add it to @losses. With @missing, events are missing
 * that may yet come, and having been overtaken means nothing.
 */
void pvm_in_flight_expire(struct pvm_in_flight *returns, uint64_t now_ms,
			  bool missing, struct pvm_losses *losses);

/* Add all events that are waited for, or given up since, to @pending. */
void pvm_in_flight_pending(const struct pvm_in_flight *returns,
			   struct pvm_pending *pending);

/* Records that are waited for. */
unsigned int pvm_in_flight_waiting(const struct pvm_in_flight *returns);

#endif
