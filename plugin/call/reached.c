// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reached.c - see reached.h
 */
#include <stdlib.h>
#include <string.h>

#include "call/reached.h"

static bool has_name(const struct pvm_wire_map *map)
{
	return map->kind == PVM_MAP_FILE || map->kind == PVM_MAP_SPECIAL;
}

/*
 * @map reduced to what a record shows of it, so that equal ones compare equal.
 * One whose name is not among those of @capture is unknown.
 */
static struct pvm_wire_map shown_of(const struct pvm_capture *capture,
				    const struct pvm_wire_map *map)
{
	struct pvm_wire_map shown = {.kind = map->kind, .flags = map->flags};

	if (map->kind > PVM_MAP_FILE ||
	    (has_name(map) &&
	     map->name + map->name_len > capture->call.held[PVM_NAMES]))
		shown.kind = PVM_MAP_UNKNOWN;
	if (shown.kind == PVM_MAP_UNKNOWN || shown.kind == PVM_MAP_NONE)
		shown.flags = 0;
	if (has_name(&shown)) {
		shown.name = map->name;
		shown.name_len = map->name_len;
	}
	return shown;
}

/* The index of @map, whose name is @name, or -1. */
static int find(const struct pvm_reached *reached,
		const struct pvm_wire_map *map, const char *name)
{
	for (unsigned int i = 0; i < reached->nr; i++) {
		const struct pvm_wire_map *known = &reached->maps[i];

		if (known->kind == map->kind && known->flags == map->flags &&
		    known->name_len == map->name_len &&
		    !memcmp(reached->names + known->name, name, map->name_len))
			return (int)i;
	}
	return -1;
}

/* Make room for one more mapping with a name of @len bytes. */
static bool grow(struct pvm_reached *reached, size_t len)
{
	size_t names_len = reached->names_len + len;
	struct pvm_wire_map *maps;
	char *names;

	maps = realloc(reached->maps, (reached->nr + 1) * sizeof(*maps));
	if (!maps)
		return false;
	reached->maps = maps;
	names = realloc(reached->names, names_len + 1); /* never 0 bytes */
	if (!names)
		return false;
	reached->names = names;
	return true;
}

/*
 * Returns the index of the new mapping, or -1 when there is no memory, or there
 * are @max mappings.
 */
static int add(struct pvm_reached *reached, const struct pvm_wire_map *map,
	       const char *name, unsigned int max)
{
	struct pvm_wire_map *added;

	if (reached->nr >= max ||
	    reached->names_len + map->name_len > PVM_REACHED_NAMES_MAX ||
	    !grow(reached, map->name_len))
		return -1;
	added = &reached->maps[reached->nr];
	*added = *map;
	added->name = (__u16)reached->names_len;
	memcpy(reached->names + added->name, name, map->name_len);
	reached->names_len += map->name_len;
	return (int)reached->nr++;
}

static int find_or_add(struct pvm_reached *reached,
		       const struct pvm_wire_map *map, const char *name,
		       unsigned int max, bool *is_new)
{
	int at = find(reached, map, name);

	if (at < 0) {
		at = add(reached, map, name, max);
		*is_new |= at >= 0;
	}
	return at;
}

/* The place of @map, its own or a shared one, or -1. */
static int place(struct pvm_reached *reached, const struct pvm_wire_map *map,
		 const char *name, bool *is_new)
{
	struct pvm_wire_map any = {
		.kind = PVM_MAP_FILE,
		.flags = (map->flags & PVM_MAP_PERMISSIONS) | PVM_MAP_CUT,
	};
	int at;

	if (!reached->shares)
		return find_or_add(reached, map, name, PVM_REACHED_MAX, is_new);
	at = find_or_add(reached, map, name,
			 PVM_REACHED_MAX - PVM_REACHED_SHARED, is_new);
	if (at < 0)
		at = find_or_add(reached, &any, name, PVM_REACHED_MAX, is_new);
	return at;
}

struct pvm_touched pvm_reached_note(struct pvm_reached *reached,
				    const struct pvm_capture *capture)
{
	struct pvm_touched touched = {0};
	uint32_t nr = capture->call.held[PVM_MAPS];

	if (!capture->maps || !capture->names)
		return touched;
	for (uint32_t i = 0; i < nr; i++) {
		struct pvm_wire_map map = shown_of(capture, &capture->maps[i]);
		int at = place(reached, &map, capture->names + map.name,
			       &touched.is_new);

		if (at < 0) {
			touched.no_room = true;
			return touched;
		}
		touched.maps |= UINT32_C(1) << at;
		touched.at[i] = (unsigned char)at;
	}
	touched.nr = nr;
	touched.cut |= !!(capture->call.seen & PVM_SEEN_MAPS_CUT);
	return touched;
}
