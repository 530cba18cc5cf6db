/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mappings.h - the text of rmap=: the mappings in which the remote vectors
 * start
 */
#ifndef PVM_MAPPINGS_H
#define PVM_MAPPINGS_H

#include "pvm/event.h"

/* Longest text of all mappings, and of one path in it, without a NUL. */
#define PVM_MAPS_TEXT_MAX 1024
#define PVM_MAPS_PATH_MAX 512

/*
 * Write the mappings of @capture's remote vectors, of the first @vectors if
 * that is not 0, NUL-terminated; "" when it has none.
 * Returns false when not all vectors' mappings are written whole.
 */
bool pvm_maps_write(const struct pvm_capture *capture, uint32_t vectors,
		    char text[static PVM_MAPS_TEXT_MAX + 1]);

/*
 * Write the first *@nr mappings that the calls of @folded reached, each once
 * and without the place in a file, NUL-terminated; "" when they reached none.
 * Returns false when one of them is not whole or had no room.
 */
bool pvm_maps_write_reached(const struct pvm_folded *folded,
			    char text[static PVM_MAPS_TEXT_MAX + 1],
			    unsigned int *nr);

#endif
