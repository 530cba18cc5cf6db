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

/* Most mappings that folded calls are distinguished by. */
#define PVM_MAP_NAMES_MAX 32

/*
 * Mappings as rmap= has them, without the place in a file. All zero at first;
 * the text is to be freed with free().
 */
struct pvm_map_names {
	char *text; /* separated by commas; NULL without any */
	size_t len; /* up to PVM_MAPS_TEXT_MAX */
	unsigned int nr;
};

/* What pvm_map_names_note() has found of one call. */
struct pvm_map_touched {
	uint32_t names; /* a bit for each, the first name's the lowest */
	bool is_new; /* names has one that was not there */
	bool cut; /* not all mappings of the call are in names, or not whole */
};

/* Note the mappings of @capture's remote vectors, as far as there is room. */
struct pvm_map_touched pvm_map_names_note(struct pvm_map_names *names,
					  const struct pvm_capture *capture);

/* Write the names that @which has a bit for, NUL-terminated. */
void pvm_map_names_write(const struct pvm_map_names *names, uint32_t which,
			 char text[static PVM_MAPS_TEXT_MAX + 1]);

#endif
