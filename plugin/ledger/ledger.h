/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ledger.h - the books: every audited call is in the log, or said to be lost
 *
 *   audited = enriched + folded + lost
 *
 * Puts together what is known of losses: numbers missing from the stream
 * (gaps.h), what a former process of the plugin has left (checkpoint.h,
 * former.h), and what the other steps report. Not for more than one thread.
 *
 * Nothing lost is left undeclared; so what may have been lost is declared, but
 * not before it could have been found to be there. Who declares it:
 *
 *   a call whose record was sent       this process, when that has not come
 *                                      round in time; after its end the next
 *   a call that was at hand at the end the next process, by the checkpoint
 *   events that were missing then      likewise
 *   events that never came             whichever process misses them
 *
 * Rejected: to wait at the end for the records that are under way. When auditd
 * ends nothing comes any more, and when it does not, the next process is there
 * at once. Rejected as well: to declare them at the end, and take it back
 * later. A log that was cut there would say too little.
 */
#ifndef PVM_LEDGER_H
#define PVM_LEDGER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "input/feed.h"
#include "send/inject.h"
#include "ledger/losses.h"

struct pvm_ledger;

/* Returns NULL when there is no memory. */
struct pvm_ledger *pvm_ledger_new(void);
void pvm_ledger_free(struct pvm_ledger *ledger);

/*
 * Keep a checkpoint at @path, which stays the caller's, and take over what the
 * one there says. Logs when that cannot be.
 */
void pvm_ledger_keep_checkpoint(struct pvm_ledger *ledger, const char *path);

/*
 * A record has come, of any kind. Those of other hosts must be kept away as
 * soon as this one's name is known; until then the first record's is taken
 * for it, or the checkpoint's. @now_ms is CLOCK_MONOTONIC.
 */
void pvm_ledger_see(struct pvm_ledger *ledger, const struct pvm_line *line,
		    uint64_t now_ms);

/*
 * The call @id was told without its SYSCALL record, which may come to a later
 * process of the plugin only.
 */
void pvm_ledger_recorded_early(struct pvm_ledger *ledger,
			       const struct pvm_id *id);

/* Is the call of this serial at hand, and going to be told, without it? */
typedef bool pvm_ledger_held_fn(void *arg, uint32_t serial);

void pvm_ledger_set_held(struct pvm_ledger *ledger, pvm_ledger_held_fn *fn,
			 void *arg);

/* May the process @pid be a former one of the plugin on this host? */
bool pvm_ledger_knows(const struct pvm_ledger *ledger, uint32_t pid,
		      const struct pvm_line *line);

/* A record of a former process has come round; its text starts at @text. */
void pvm_ledger_confirm_predecessor(struct pvm_ledger *ledger, uint32_t pid,
				    const char *text, size_t len,
				    uint64_t now_ms);

/* A record of this process has. */
void pvm_ledger_pass_predecessor(struct pvm_ledger *ledger, uint64_t now_ms);

/* Was the call @id told so, by this process or the one before it? */
bool pvm_ledger_was_recorded_early(const struct pvm_ledger *ledger,
				   const struct pvm_id *id);

/* This host's name in the stream, @len bytes, is known now. */
void pvm_ledger_set_node(struct pvm_ledger *ledger, const char *node,
			 size_t len);

/* The call @id, or some call of about now when NULL, is lost for @why. */
void pvm_ledger_lose(struct pvm_ledger *ledger, enum pvm_loss why,
		     const struct pvm_id *id);

/* @count calls without an id are lost for @why, since the last settling. */
void pvm_ledger_lose_some(struct pvm_ledger *ledger, enum pvm_loss why,
			  uint64_t count);

/*
 * auditd had suspended its log, nobody knows since when, and writes it again:
 * @sent calls' records may have been sent in vain since it last did.
 */
void pvm_ledger_resume(struct pvm_ledger *ledger, uint64_t sent);

/* As pvm_losses_add(). */
void pvm_ledger_lose_span(struct pvm_ledger *ledger, enum pvm_loss why,
			  const struct pvm_span *span);

/*
 * Take up what @inject knows, and tell @fn of what has to be told. With @all
 * nothing is put off. @waiting is the call at hand that waits longest for its
 * SYSCALL record, or NULL: where the stream has passed that over, the kernel
 * has held it back, with all that is missing.
 */
void pvm_ledger_settle(struct pvm_ledger *ledger, struct pvm_inject *inject,
		       const struct pvm_id *waiting, bool all,
		       pvm_losses_fn *fn, void *arg);

/* Write the checkpoint; @pending are the calls that are still on their way. */
void pvm_ledger_save(struct pvm_ledger *ledger,
		     const struct pvm_pending *pending);

void pvm_ledger_report(const struct pvm_ledger *ledger, FILE *file);

#endif
