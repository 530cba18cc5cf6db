/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * checkpoint.h - what each process of the plugin leaves to the next one
 *
 * A process that is killed says nothing any more, and one that auditd ends
 * cannot wait for what it has in flight. So each keeps in a file how far it is.
 * Processes can overlap: auditd starts one while another, on a busy host
 * several, are still at their end. Therefore the file has a slot for each, of
 * which a lock says that its process lives, and in front a generation, which
 * every process raises when it enters:
 *
 *   generation | slot: line, serials recorded early | slot: ... | ...
 *
 * Only the process of the newest generation, which auditd feeds, takes over
 * what others leave, each once, as soon as they are gone. A process that has
 * been succeeded records no call early any more: the SYSCALL record goes to its
 * successor. What it has recorded early until then, the successor reads when it
 * enters. One lock over the generation orders the two.
 *
 * Locks are held by the open file and end with the process; nobody holds the
 * generation's for longer than some reads and writes, and nobody waits for it
 * after the start.
 *
 * What another boot has left is taken over likewise. Its pids and serials mean
 * nothing any more, so nothing else of it is read; and its lines are on the
 * disk as of the last time that somebody had them written there.
 *
 * For one thread at a time: the first one at the start, then the file thread.
 *
 * Rejected: one line for all, under one lock that is given up after a while.
 * Who came third read what the second had not taken over yet, and whoever ended
 * last overwrote the others.
 */
#ifndef PVM_CHECKPOINT_H
#define PVM_CHECKPOINT_H

#include <stdbool.h>
#include <stddef.h>

#include "ledger/in_flight.h"
#include "ledger/node.h"
#include "lib/missing.h"
#include "lib/serials.h"
#include "pvm/event.h"

/* Not in /run, of which nothing is left after a reboot. */
#define PVM_CHECKPOINT_FILE "/var/lib/audisp-pvm/checkpoint"

/* By which another boot's entry is known; without it there is no file. */
#define PVM_BOOT_ID "/proc/sys/kernel/random/boot_id"

/* Processes that may overlap, or be gone without anybody's having noticed. */
#define PVM_CHECKPOINT_SLOTS 16

/* How far back, in serials, a slot keeps those that were recorded early. */
#define PVM_CHECKPOINT_EARLY 262144

/* What a process leaves. */
struct pvm_checkpoint_entry {
	uint32_t pid;
	struct pvm_id seen; /* the newest event that has come; all 0: none */
	/* calls in hand, or whose record is not confirmed */
	struct pvm_pending pending;
	/* events that may yet come, to the next one; those of rest are pending
	 */
	struct pvm_missing missing;
	char node[PVM_NODE_MAX]; /* this host's in the stream; "" without */
	bool other_boot; /* has left it; only when read */
	/*
	 * The process has seen auditd's end, and all calls until then: those
	 * behind the newest event that has come are @beyond.
	 */
	bool ended;
	struct pvm_span beyond;
};

struct pvm_checkpoint;

/*
 * Open the file at @path, which is made, with its folder, for root only.
 * Returns NULL with errno set.
 */
struct pvm_checkpoint *pvm_checkpoint_open(const char *path);
void pvm_checkpoint_close(struct pvm_checkpoint *checkpoint);

/*
 * Wait for up to @timeout_ms until no other process has the file open. Returns
 * whether that is so.
 */
bool pvm_checkpoint_wait(struct pvm_checkpoint *checkpoint,
			 unsigned int timeout_ms);

/* What the others have written when this process enters. */
struct pvm_checkpoint_others {
	struct pvm_id seen; /* the newest event of all; all 0: none */
	char node[PVM_NODE_MAX]; /* of the same process */
	uint32_t pids[PVM_CHECKPOINT_SLOTS]; /* theirs, 0 behind the last */
	/* is given all serials that were recorded early, in any order */
	void (*early)(void *arg, const struct pvm_serials_block *block);
	void *arg;
};

/*
 * Become the newest generation, in a slot of its own, and read what others have
 * written. Returns 0, or -errno: -EBUSY when all slots are in use.
 */
int pvm_checkpoint_enter(struct pvm_checkpoint *checkpoint,
			 struct pvm_checkpoint_others *others);

/*
 * Read into @entry what a process has left that is gone. The caller writes an
 * entry of its own that has all of it, and then calls pvm_checkpoint_taken().
 * Returns false where there is none, or it is another process's to take.
 */
bool pvm_checkpoint_take(struct pvm_checkpoint *checkpoint,
			 struct pvm_checkpoint_entry *entry);
void pvm_checkpoint_taken(struct pvm_checkpoint *checkpoint);

/*
 * Were there others when that was last tried, who live or have left what is not
 * taken yet?
 */
bool pvm_checkpoint_has_others(const struct pvm_checkpoint *checkpoint);

/* Has another process entered? */
bool pvm_checkpoint_succeeded(struct pvm_checkpoint *checkpoint);

/*
 * The event @serial is about to be recorded early. Returns false where it must
 * not be, as another process has entered, or is about to.
 */
bool pvm_checkpoint_record_early(struct pvm_checkpoint *checkpoint,
				 uint32_t serial);

/* Nothing is written that stands there. Returns 0 or -errno. */
int pvm_checkpoint_write(struct pvm_checkpoint *checkpoint,
			 const struct pvm_checkpoint_entry *entry);

/*
 * Have what is written on the disk, where a power cut leaves it. Does nothing
 * where it is there. Returns 0 or -errno.
 */
int pvm_checkpoint_sync(struct pvm_checkpoint *checkpoint);

#endif
