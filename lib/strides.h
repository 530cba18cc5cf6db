/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * strides.h - numbers that mostly stand in rows of one step: the serials of
 * calls that several callers make in turn
 *
 * A list is an array of strides in ascending order, of which none begins before
 * the one ahead of it has ended; the caller says how many there are, and has
 * the memory.
 */
#ifndef PVM_STRIDES_H
#define PVM_STRIDES_H

#include <stdbool.h>
#include <stddef.h>

#include "pvm/event.h"
#include "pvm/slice.h"

/* So many more strides than before there can be when a number is added. */
#define PVM_STRIDES_GROWTH 2

/*
 * Add @number, which is not in the @nr strides yet, and for which they have
 * PVM_STRIDES_GROWTH more places. Returns how many strides there are now, and
 * keeps their text's length, which is 0 without any, in *@text.
 *
 * The list is short as long as numbers come in rows, whatever their step, and
 * whether or not they come in order.
 */
size_t pvm_strides_add(struct pvm_stride *strides, size_t nr, uint64_t number,
		       size_t *text);

/* At most so much longer is the list's text with @number. */
size_t pvm_strides_text_growth(const struct pvm_stride *strides, size_t nr,
			       uint64_t number);

bool pvm_strides_have(const struct pvm_stride *strides, size_t nr,
		      uint64_t number);

/*
 * Take one off @rest as it is written, 43, 43-1043 or 43-1043/2, of numbers up
 * to @max. On false something else is there, or what nobody would write.
 */
bool pvm_stride_take(struct slice *rest, uint64_t max,
		     struct pvm_stride *stride);

/*
 * Is it written with its step, FIRST-LAST/STEP? Not two numbers, nor those of
 * step 1.
 */
static inline bool pvm_stride_shows_step(const struct pvm_stride *stride)
{
	return stride->step > 1 && stride->last - stride->first > stride->step;
}

#endif
