/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ledger.h - the one door to the accounts: every audited call is in the log, or
 * declared lost
 *
 *   audited = enriched + folded + lost
 *
 * Behind it are the records in flight (in_flight.h), numbers missing from the
 * stream (gaps.h), what other processes of the plugin have left (checkpoint.h),
 * the calls that were recorded early, the losses that no record has declared
 * yet (losses.h), and which lines are this host's at all (node.h). Not for more
 * than one thread.
 *
 * When in doubt, declare; but only after the record has had every chance to
 * arrive. Who declares it:
 *
 *   a call whose record was sent       this process, when that is not confirmed
 *                                      in time; after its end the next
 *   a call that was in hand at the end the next process, by the checkpoint
 *   events that were missing then      likewise
 *   what an earlier boot has left      the first process of the next one
 *   events that never came             whichever process misses them
 *
 * Rejected: to wait at the end for the records in flight. When auditd ends
 * nothing comes any more, and when it does not, the next process is there at
 * once. Rejected as well: to declare them at the end, and take it back later. A
 * log that was cut there would say too little.
 */
#ifndef PVM_LEDGER_H
#define PVM_LEDGER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "pvm/line.h"
#include "ledger/losses.h"
#include "ledger/node.h"
#include "lib/missing.h"
#include "process/files.h"

struct pvm_ledger;

/*
 * @pid and @start are this process's own, as its records have them. Returns
 * NULL when there is no memory.
 */
struct pvm_ledger *pvm_ledger_new(uint32_t pid, uint64_t start);
void pvm_ledger_free(struct pvm_ledger *ledger);

/* Do we hold a capture for this serial, so that a record will be written even
 * if its SYSCALL record never arrives?
 */
typedef bool pvm_ledger_held_fn(void *arg, uint32_t serial);

void pvm_ledger_set_held(struct pvm_ledger *ledger, pvm_ledger_held_fn *fn,
			 void *arg);

/*
 * Keep a checkpoint at @path, which stays the caller's, and take over what
 * other processes have left, or leave later, there. Those that are still at
 * their end are waited for, two seconds at most. Logs when it cannot be kept.
 * Returns -EBUSY when too many processes have not ended: this one must not
 * record what may be theirs. Otherwise 0.
 */
int pvm_ledger_keep_checkpoint(struct pvm_ledger *ledger, const char *path);
bool pvm_ledger_has_checkpoint(const struct pvm_ledger *ledger);

/*
 * From now on the file thread does what concerns the checkpoint. @files has to
 * be stopped ahead of pvm_ledger_free().
 */
void pvm_ledger_use_files(struct pvm_ledger *ledger, struct pvm_files *files);

/* Calls of which the checkpoint is given the serials at a time. */
#define PVM_LEDGER_EARLY_MAX 2048

/*
 * Calls that are to be recorded early, which wait until the checkpoint has
 * their serials. Where there is none, none need wait.
 */
struct pvm_ledger_early {
	/* copies the ids of those that wait; returns how many */
	size_t (*list)(void *arg, struct pvm_id *ids, size_t max);
	/* May it be recorded early, as far as it still waits? If not, auditd
	 * feeds another process already, whose call it is. */
	void (*answer)(void *arg, const struct pvm_id *id, bool may);
	void *arg;
};

void pvm_ledger_set_early(struct pvm_ledger *ledger,
			  const struct pvm_ledger_early *early);

/*
 * Wait until what is being done with the checkpoint is done, for @timeout_ms at
 * most: for the end. Returns whether it is.
 */
bool pvm_ledger_wait(struct pvm_ledger *ledger, unsigned int timeout_ms);

/*
 * The stream is not auditd's, or our records do not come back on it: without
 * proof of this host's name, every line is taken for this host's.
 */
void pvm_ledger_be_lenient(struct pvm_ledger *ledger);

/* ---- the stream */

/*
 * A line has come, of any kind: its event is not missing. Says whose it is.
 * @now_ms is CLOCK_MONOTONIC here and below.
 */
enum pvm_whose pvm_ledger_see(struct pvm_ledger *ledger,
			      const struct pvm_line *line, uint64_t now_ms);

/*
 * Whose is a SYSCALL record with that node=, which has waited since it was not
 * known to be another host's? NUL-terminated.
 */
enum pvm_whose pvm_ledger_whose_waited(struct pvm_ledger *ledger,
				       const char *node);

/* A call's two halves have met, of which the SYSCALL record had that node=. */
void pvm_ledger_note_joined(struct pvm_ledger *ledger, const char *node);

/*
 * auditd has been reloaded, and may have changed this host's name: until the
 * record with "reloads=@reloads" comes back, that is in doubt.
 */
void pvm_ledger_reload(struct pvm_ledger *ledger, uint64_t reloads);

/*
 * @line, of class PVM_LINE_MESSAGE, has come. If it is a record of this process
 * or of a predecessor, it is confirmed. Returns whether it is this process's.
 */
bool pvm_ledger_confirm(struct pvm_ledger *ledger, const struct pvm_line *line,
			uint64_t now_ms);

/* Is the stream behind the event @id, or at it? */
bool pvm_ledger_has_passed(const struct pvm_ledger *ledger,
			   const struct pvm_id *id);

/* When the stream last got further; 0: never. */
uint64_t pvm_ledger_moved_ms(const struct pvm_ledger *ledger);

/* ---- records */

/* What a record reports that is about to be queued. */
struct pvm_report {
	enum pvm_loss why; /* of a pvm-lost record, else PVM_LOSSES */
	struct pvm_span span; /* count 0: about the plugin itself */
	uint64_t start; /* of a loss: start= of who has declared it first */
};

/* Returns the record's ticket, never 0. */
uint64_t pvm_ledger_expect(struct pvm_ledger *ledger,
			   const struct pvm_report *report);

/* It has not been queued, which is the caller's to account for. */
void pvm_ledger_withdraw(struct pvm_ledger *ledger, uint64_t ticket);

/*
 * The kernel has answered, at @now_ms: 0, and the record is waited for; or an
 * errno, and its events are lost.
 */
void pvm_ledger_finished(struct pvm_ledger *ledger, uint64_t ticket, int error,
			 uint64_t now_ms);

/*
 * The call @id is recorded from its capture, before its SYSCALL record, which
 * may come to a later process only: the checkpoint, if any, has its serial.
 */
void pvm_ledger_note_early(struct pvm_ledger *ledger, const struct pvm_id *id);

/*
 * The SYSCALL record of the call @id has come: was it recorded early, by this
 * process or one before it?
 */
bool pvm_ledger_was_recorded_early(struct pvm_ledger *ledger,
				   const struct pvm_id *id);

/* ---- losses */

/* The call @id, or some call of about now when NULL, is lost for @why. */
void pvm_ledger_lose(struct pvm_ledger *ledger, enum pvm_loss why,
		     const struct pvm_id *id);

/* @count calls without an id are lost for @why, since the last settling. */
void pvm_ledger_lose_some(struct pvm_ledger *ledger, enum pvm_loss why,
			  uint64_t count);

/* As pvm_losses_add(). */
void pvm_ledger_lose_span(struct pvm_ledger *ledger, enum pvm_loss why,
			  const struct pvm_span *span);

/*
 * auditd had suspended its log, nobody knows since when, and writes it again:
 * @sent calls' records may have been sent in vain since it last did.
 */
void pvm_ledger_resume(struct pvm_ledger *ledger, uint64_t sent);

/* Queue a record of a loss; returns false when that cannot be done now. */
typedef bool pvm_ledger_declare_fn(void *arg, const struct pvm_report *loss);

/*
 * Give up what is overdue, and hand @fn what is to be declared. With @all
 * nothing is put off. @waiting is the call in hand that has waited longest for
 * its SYSCALL record, or NULL: where the stream has passed that, the kernel has
 * held it back, with all that is missing.
 */
void pvm_ledger_settle(struct pvm_ledger *ledger, const struct pvm_id *waiting,
		       bool all, pvm_ledger_declare_fn *fn, void *arg);

/* Add the events that are missing from the stream so far. */
void pvm_ledger_missing(const struct pvm_ledger *ledger,
			struct pvm_missing *missing);

/*
 * Write the checkpoint, or where that is still being done have it written next
 * time; with it, take over what others have left. @in_hand: calls that have no
 * record yet; @missing: those, and other events, of which nothing has come, or
 * may come again to the next process. Returns how many calls are neither
 * confirmed nor declared.
 */
uint64_t pvm_ledger_save(struct pvm_ledger *ledger,
			 const struct pvm_span *in_hand,
			 const struct pvm_missing *missing);

/*
 * Calls of which the stream has not come to the events: should the boot end
 * with this process, and pvm_ledger_end() say so, those are lost, too.
 */
void pvm_ledger_set_beyond(struct pvm_ledger *ledger,
			   const struct pvm_span *beyond);

/* auditd has ended, and all calls until then are known. */
void pvm_ledger_end(struct pvm_ledger *ledger);

/* This host's name; NULL where none is known. */
const char *pvm_ledger_node(const struct pvm_ledger *ledger);

void pvm_ledger_report(const struct pvm_ledger *ledger, FILE *file);

#endif
