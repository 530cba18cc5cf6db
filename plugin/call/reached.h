/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reached.h - the mappings that the calls of a group have reached
 *
 * Mappings are compared as the probes describe them, by kind, permissions and
 * name, wherever in a file the call reads or writes. The record's text is made
 * of them only when a record is written.
 *
 * Who makes the calls chooses how many mappings they reach. So the list can be
 * one that shares: then it keeps fewer as they are, and those that it has no
 * room for share a place with all of their permissions.
 */
#ifndef PVM_REACHED_H
#define PVM_REACHED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pvm/event.h"

/* Most mappings that a group keeps: one for each bit of a set. */
#define PVM_REACHED_MAX 32

/*
 * Most places that are shared: one for each set of permissions. What the list
 * keeps besides is as much as one call can reach.
 */
#define PVM_REACHED_SHARED 16

/* Most bytes that their names take together: as many as those of one call. */
#define PVM_REACHED_NAMES_MAX ((size_t)PVM_NAMES_MAX)

_Static_assert(PVM_REACHED_MAX - PVM_REACHED_SHARED >= PVM_MAPS_MAX,
	       "one call has room");

/*
 * All zero at first, but for shares; both pointers are to be freed with free().
 * A place that mappings share is a file's of which no part of the name is left.
 */
struct pvm_reached {
	struct pvm_wire_map *maps; /* with their names' places in names */
	char *names; /* names_len bytes, not terminated; NULL without any map */
	size_t names_len;
	unsigned int nr;
	bool shares; /* fixed before the first call is noted */
};

/* Which mappings one call reached. */
struct pvm_touched {
	uint32_t maps; /* a bit for each, the lowest for the first that is kept
			*/
	/* the index of each of the call's nr mappings */
	unsigned char at[PVM_MAPS_MAX];
	unsigned int nr;
	bool is_new; /* one of them was reached by no earlier call */
	bool cut; /* a mapping is unknown */
	bool no_room; /* for one of them, or no memory */
};

/*
 * Find the mappings of @capture's remote vectors among those of @reached, and
 * add those that are new there, as long as there is room and memory. Those of
 * one call always have room where there are none yet, and wherever mappings
 * share places.
 */
struct pvm_touched pvm_reached_note(struct pvm_reached *reached,
				    const struct pvm_capture *capture);

#endif
