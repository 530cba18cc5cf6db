/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ranges.h - numbers that mostly stand in rows: serials, addresses
 *
 * A list is an array of ranges in ascending order, of which none overlaps or
 * touches the next; the caller says how many there are, and has the memory.
 */
#ifndef PVM_RANGES_H
#define PVM_RANGES_H

#include <stddef.h>

#include "pvm/event.h"

/*
 * Add the numbers from @first to @last to @nr ranges, where there is room for
 * one more. Returns how many ranges there are now. Looks from the end, near
 * which new numbers mostly belong.
 */
size_t pvm_ranges_add(struct pvm_range *ranges, size_t nr, uint64_t first,
		      uint64_t last);

/*
 * Make one of the two ranges, of at least two, that have the fewest numbers
 * between them. Returns how many ranges there are now.
 */
size_t pvm_ranges_join_nearest(struct pvm_range *ranges, size_t nr);

#endif
