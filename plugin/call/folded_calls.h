/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * folded_calls.h - what the calls of a group that share one record have
 * together: their serials, the bytes moved, the addresses and the mappings with
 * the share of each
 *
 * The serial of every call is kept, so that each is accounted for by its own
 * id. A list of serials that would outgrow its record is full before.
 */
#ifndef PVM_FOLDED_CALLS_H
#define PVM_FOLDED_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/reached.h"
#include "pvm/event.h"

/* A list of serials is full when it has as many strides. */
#define PVM_FOLD_SERIALS 256

/* All zero at first; serials is to be freed with free(). */
struct pvm_folded_calls {
	struct pvm_folded sum; /* its count is 0 when there are none */
	struct pvm_stride *serials; /* sum.serials_nr of them */
	size_t serials_max; /* strides allocated */
	size_t serials_text; /* bytes of text that they take */
	size_t serials_room; /* bytes of text that the record has for them */
	struct pvm_share shares[PVM_REACHED_MAX]; /* of the mappings reached */
	char comms[PVM_COMMS_MAX][PVM_COMM_LEN]; /* sum.comms_nr of them */
	struct pvm_wire_task caller; /* of the first call, if it is captured */
};

/*
 * Begin to gather calls like @access, which is to be added first. Their record
 * has room for @serials_room bytes of serials.
 */
void pvm_folded_calls_begin(struct pvm_folded_calls *calls,
			    const struct pvm_access *access,
			    size_t serials_room);

/* Allocate for one more call. Returns false when there is no memory. */
bool pvm_folded_calls_reserve(struct pvm_folded_calls *calls);

/*
 * Must @calls be written before the call @serial is added, because it is in
 * already or might find no room in the record?
 */
bool pvm_folded_calls_full(const struct pvm_folded_calls *calls,
			   uint64_t serial);

/*
 * Add a call, which reached the mappings @touched, all of them known. It must
 * not be full, and memory is reserved.
 */
void pvm_folded_calls_add(struct pvm_folded_calls *calls,
			  const struct pvm_access *access,
			  const struct pvm_touched *touched);

/*
 * The call that was added last differs from the first in the fields of @vary;
 * keep its caller's name.
 */
void pvm_folded_calls_vary(struct pvm_folded_calls *calls,
			   const struct pvm_access *access, uint64_t vary);

/*
 * All of @calls together, for a record; the mappings that they touched are
 * those of @reached. Valid until either is changed.
 */
const struct pvm_folded *pvm_folded_calls_sum(
	struct pvm_folded_calls *calls, const struct pvm_reached *reached);

#endif
