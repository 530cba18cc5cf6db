/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * missing.h - events that have not come, by their serials
 *
 * Mostly they stand in rows, as what the kernel holds back does. More rows than
 * have room are known by their number of events alone.
 */
#ifndef PVM_MISSING_H
#define PVM_MISSING_H

#include "lib/ranges.h"
#include "pvm/event.h"

#define PVM_MISSING_MAX 64

/* Of no events when zeroed. */
struct pvm_missing {
	struct pvm_range range[PVM_MISSING_MAX + 1]; /* ascending, room for 1 */
	size_t nr;
	struct pvm_span rest; /* those of the lowest rows, which had no room */
	struct pvm_span bounds; /* of all; its count means nothing */
};

/* Every event between those of @span, both included. */
void pvm_missing_add(struct pvm_missing *missing, const struct pvm_span *span);

/* Events in all. */
uint64_t pvm_missing_count(const struct pvm_missing *missing);

#endif
