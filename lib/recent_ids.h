/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * recent_ids.h - the ids that were added last, whatever time has passed
 *
 * A call that was recorded from one half alone must not be recorded again when
 * the other half comes after all. Between a capture and its SYSCALL record lies
 * all that waits in the kernel's backlog and in auditd's queue.
 */
#ifndef PVM_RECENT_IDS_H
#define PVM_RECENT_IDS_H

#include <stdbool.h>

#include "pvm/event.h"

struct pvm_recent_ids;

/*
 * Remember @max ids, more than 0 (32 bytes each, of which those that were never
 * used take no memory). Returns NULL when there is no memory.
 */
struct pvm_recent_ids *pvm_recent_ids_new(unsigned int max);
void pvm_recent_ids_free(struct pvm_recent_ids *ids);

/* With as many as may be, the oldest is forgotten. */
void pvm_recent_ids_add(struct pvm_recent_ids *ids, const struct pvm_id *id);

bool pvm_recent_ids_has(const struct pvm_recent_ids *ids,
			const struct pvm_id *id);

#endif
