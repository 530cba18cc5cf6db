/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * maps.h - the text of rmap=: the mappings in which the remote vectors start
 */
#ifndef PVM_MAPS_H
#define PVM_MAPS_H

#include "pvm/event.h"

/* Longest text of all mappings, and of one path in it, without a NUL. */
#define PVM_MAPS_TEXT_MAX 1024
#define PVM_MAPS_PATH_MAX 512

/*
 * Write the mappings of @capture's remote vectors, of the first @vectors if
 * that is not 0, NUL-terminated; "" when it has none.
 * Returns false when not all vectors' mappings are told whole.
 */
bool pvm_maps_write(const struct pvm_capture *capture, uint32_t vectors,
		    char text[static PVM_MAPS_TEXT_MAX + 1]);

#endif
