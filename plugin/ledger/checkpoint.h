/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * checkpoint.h - how far the books are, for the plugin's next process
 *
 * A process that is killed says nothing any more. What it had taken in and
 * not got rid of (former.h), and what nobody was there for, its successor
 * declares lost, going by this: one line of text in a file that a reboot
 * removes. What came after the line was written is found by its missing ids.
 */
#ifndef PVM_CHECKPOINT_H
#define PVM_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>

#include "pvm/event.h"
#include "ledger/in_flight.h"

#define PVM_CHECKPOINT_FILE "/run/audit/pvm.checkpoint"

/* Ranges of serials kept; with more, those of the lowest serials go. */
#define PVM_CHECKPOINT_EARLY 64

/* Longest name of a node kept, with its NUL; of a longer one, the start. */
#define PVM_NODE_MAX 256

struct pvm_checkpoint_entry {
	struct pvm_id seen; /* the newest event that has come */
	/* calls whose record has not come round, and events missing so far */
	struct pvm_pending pending;
	/* calls that were told without their SYSCALL record, which may yet come
	 */
	struct pvm_range told[PVM_CHECKPOINT_EARLY];
	size_t told_nr;
	char node[PVM_NODE_MAX]; /* this host's in the stream; "" without */
};

struct pvm_checkpoint;

/*
 * Open the file at @path, making it and its folder if need be, for root only.
 * While another process has it open, as one that is about to end, this waits
 * for two seconds.
 * Returns NULL with errno set. Sets @found when @before is what another
 * process has left in it since the system was booted.
 */
struct pvm_checkpoint *pvm_checkpoint_open(const char *path,
					   struct pvm_checkpoint_entry *before,
					   bool *found);

/* Nothing is written that stands there. Returns 0 or -errno. */
int pvm_checkpoint_write(struct pvm_checkpoint *checkpoint,
			 const struct pvm_checkpoint_entry *entry);

void pvm_checkpoint_close(struct pvm_checkpoint *checkpoint);

#endif
