/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * early.h - captures that wait until the checkpoint has their serials, and then
 * until their records have room
 *
 * A call may be recorded early only when a successor, to which its SYSCALL
 * record may come, can know of it. The file thread writes that, and may have to
 * wait for its disk; meanwhile the capture is here, and can still be joined.
 * Not for more than one thread.
 */
#ifndef PVM_EARLY_H
#define PVM_EARLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pvm/event.h"

/*
 * Captures that may wait, and their bytes, as malloc() counts them. As a rule
 * they wait for a fifth of a second, in which audit records a thousand calls.
 */
#define PVM_EARLY_MAX 2048
#define PVM_EARLY_BYTES ((size_t)1 << 20)

struct pvm_early;

/* Returns NULL when there is no memory. */
struct pvm_early *pvm_early_new(void);

/* Also frees the captures that wait. */
void pvm_early_free(struct pvm_early *early);

/* Take over @capture. Returns false, with nothing done, where all is full. */
bool pvm_early_put(struct pvm_early *early, struct pvm_capture *capture);

/* Is half of the bytes left, for the longest, and a place? */
bool pvm_early_has_room(const struct pvm_early *early);

/* The capture of the event @id, the caller's from now on, or NULL. */
struct pvm_capture *pvm_early_take(struct pvm_early *early,
				   const struct pvm_id *id);

/*
 * Copy the ids of the @max oldest that wait for the checkpoint to @ids. Returns
 * how many there are.
 */
size_t pvm_early_ids(const struct pvm_early *early, struct pvm_id *ids,
		     size_t max);

/* The checkpoint has the serial of the event @id, if that still waits. */
void pvm_early_allow(struct pvm_early *early, const struct pvm_id *id);

/* Of those that the checkpoint has the oldest, the caller's from now on, or
 * NULL. */
struct pvm_capture *pvm_early_next(struct pvm_early *early);

/* How many wait, for the one or the other. */
size_t pvm_early_waiting(const struct pvm_early *early);

bool pvm_early_holds(const struct pvm_early *early, uint32_t serial);

/* Add all that wait to @span. */
void pvm_early_pending(const struct pvm_early *early, struct pvm_span *span);

#endif
