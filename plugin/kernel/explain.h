/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * explain.h - why the probes cannot be used, and what to do about it
 */
#ifndef PVM_EXPLAIN_H
#define PVM_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel/symbols.h"
#include "pvm/wire.h"

enum pvm_verdict {
	PVM_VERDICT_GOOD,
	PVM_VERDICT_MISSING, /* the kernel has no function for a hook */
	PVM_VERDICT_REFUSED, /* the kernel neither loads nor attaches them */
	PVM_VERDICT_SILENT, /* they have captured nothing of a known call */
	PVM_VERDICT_PARTLY, /* nothing of a read, or nothing of a write */
	PVM_VERDICT_WRONG_CALL, /* they have captured a known call wrongly */
	PVM_VERDICT_WRONG_STAMP, /* no capture could be joined by its id */
};

/* How an attempt to load, attach and try the probes has ended. */
struct pvm_attempt {
	enum pvm_verdict verdict;
	int error; /* negative errno, when missing or refused */
	enum pvm_hook hook; /* that is missing or refused; PVM_HOOKS: none */
	bool write; /* partly: it is writes that they miss */
	struct pvm_wire_stamp stamp; /* the wrong one; all zero: none came */
};

/* Each writes one sentence without a full stop into @why, of @size bytes. */

/* The kernel's symbols cannot be read: @error, a negative errno. */
void pvm_explain_no_symbols(int error, char *why, size_t size);

/*
 * Does something that is known to be needed lack, or has somebody switched it
 * off? Returns whether; then @why says what. To be asked ahead of any attempt:
 * with ftrace switched off, Linux 6.1 has kept a freed kprobe in its table.
 */
bool pvm_explain_obstacle(const struct pvm_symbols *symbols, char *why,
			  size_t size);

/* Why the attempt has failed. */
void pvm_explain(const struct pvm_attempt *attempt, char *why, size_t size);

/* Likewise, behind words that have named process_vm_rw_core. */
void pvm_explain_core(const struct pvm_attempt *attempt, char *why,
		      size_t size);

#endif
