// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * mappings.c - see mappings.h; the format is described in pvm-record(5)
 *
 * The list is one value without spaces or quotes, cut apart at its commas, so
 * a path must not bring any of these, nor what could pass for another kind of
 * mapping. Its offset is what follows the last plus sign. Percent signs escape:
 * half of a path in hex, as audit would have it, would leave nothing to grep
 * for.
 */
#include <string.h>

#include "record/mappings.h"
#include "record/text.h"

/* Marks a path whose start is missing: a whole one begins with a slash. */
#define CUT_MARK "..."

/* Longest: path, [deleted], offset, permissions */
#define ENTRY_MAX (PVM_MAPS_PATH_MAX + 64)

/* How much of the path's end has room, escaped. */
static size_t fitting(const char *path, size_t len)
{
	size_t used = 0, n = 0;

	while (n < len) {
		used += pvm_escaped_len(path[len - n - 1]);
		if (used > PVM_MAPS_PATH_MAX)
			break;
		n++;
	}
	return n;
}

/* Its name is none, and marked as cut, where the list of names has lost it. */
static bool is_name_lost(const struct pvm_capture *capture,
			 const struct pvm_wire_map *map)
{
	return map->kind == PVM_MAP_FILE && (capture->part & 1u << PVM_NAMES) &&
	       map->name + map->name_len > capture->call.held[PVM_NAMES];
}

/* The name that the list of names has for @map; NULL when it has not. */
static const char *name_of(const struct pvm_capture *capture,
			   const struct pvm_wire_map *map)
{
	if (map->name + map->name_len > capture->call.held[PVM_NAMES])
		return NULL;
	return capture->names + map->name;
}

static void put_file(struct pvm_text *text, const struct pvm_wire_map *map,
		     const char *path, bool place, bool *whole)
{
	size_t len = fitting(path, map->name_len);

	if ((map->flags & PVM_MAP_CUT) || len < map->name_len) {
		*whole = false;
		pvm_put(text, CUT_MARK);
	}
	pvm_put_escaped(text, path + map->name_len - len, len);
	if (map->flags & PVM_MAP_DELETED)
		pvm_put(text, "[deleted]");
	if (place) {
		pvm_put(text, "+");
		pvm_put_hex(text, map->offset);
	}
}

/* The kernel's own name is like [vdso]; take no other byte for one. */
static void put_special(struct pvm_text *text, const char *name, size_t len)
{
	if (len < 3 || len > 32 || name[0] != '[' || name[len - 1] != ']') {
		pvm_put(text, "[anon]");
		return;
	}
	pvm_put(text, "[");
	pvm_put_escaped(text, name + 1, len - 2);
	pvm_put(text, "]");
}

static void put_permissions(struct pvm_text *text, unsigned int flags)
{
	const char permissions[] = {
		':',
		flags & PVM_MAP_READ ? 'r' : '-',
		flags & PVM_MAP_WRITE ? 'w' : '-',
		flags & PVM_MAP_EXEC ? 'x' : '-',
		flags & PVM_MAP_SHARED ? 's' : 'p',
	};

	pvm_put_bytes(text, permissions, sizeof(permissions));
}

/*
 * Write what one mapping is, with the place in a file when @place. @name is
 * the mapping's, NULL when it has none. Returns the text's length.
 */
static size_t write_map(char entry[static ENTRY_MAX],
			const struct pvm_wire_map *map, const char *name,
			bool place, bool *whole)
{
	static const char *const names[] = {
		[PVM_MAP_UNKNOWN] = "?",     [PVM_MAP_NONE] = "none",
		[PVM_MAP_ANON] = "[anon]",   [PVM_MAP_HEAP] = "[heap]",
		[PVM_MAP_STACK] = "[stack]",
	};
	struct pvm_text text = pvm_text_in(entry, ENTRY_MAX);

	if (map->kind == PVM_MAP_FILE && name)
		put_file(&text, map, name, place, whole);
	else if (map->kind == PVM_MAP_SPECIAL && name)
		put_special(&text, name, map->name_len);
	else if (map->kind <= PVM_MAP_STACK)
		pvm_put(&text, names[map->kind]);
	else
		pvm_put(&text, names[PVM_MAP_UNKNOWN]);
	if (*entry != '?' && map->kind != PVM_MAP_NONE)
		put_permissions(&text, map->flags);
	if (map->flags & PVM_MAP_CROSSED) {
		pvm_put(&text, "+");
		*whole = false;
	}
	return (size_t)(text.at - text.start);
}

/* Add @entry to the list in @text, unless there is no room for it. */
static bool append(char text[static PVM_MAPS_TEXT_MAX + 1], size_t *used,
		   const char *entry, size_t len)
{
	if (*used + !!*used + len > PVM_MAPS_TEXT_MAX)
		return false;
	if (*used)
		text[(*used)++] = ',';
	memcpy(text + *used, entry, len);
	*used += len;
	text[*used] = '\0';
	return true;
}

bool pvm_maps_write(const struct pvm_capture *capture, uint32_t vectors,
		    char text[static PVM_MAPS_TEXT_MAX + 1])
{
	bool whole = true;
	uint32_t i, nr = capture->call.held[PVM_MAPS];
	size_t used = 0;

	*text = '\0';
	if (!capture->maps || !capture->names)
		return true; /* there is a reason for that in why= */
	if (vectors && nr > vectors)
		nr = vectors;
	for (i = 0; i < nr; i++) {
		struct pvm_wire_map map = capture->maps[i];
		char entry[ENTRY_MAX];
		size_t len;

		if (is_name_lost(capture, &map)) {
			map.name = map.name_len = 0;
			map.flags |= PVM_MAP_CUT;
		}
		len = write_map(entry, &map, name_of(capture, &map), true,
				&whole);
		if (!append(text, &used, entry, len))
			break;
	}
	return whole && i == capture->call.held[PVM_MAPS] &&
	       !(capture->call.seen & PVM_SEEN_MAPS_CUT);
}

bool pvm_maps_write_reached(const struct pvm_folded *folded,
			    char text[static PVM_MAPS_TEXT_MAX + 1],
			    unsigned int *nr)
{
	bool whole = true;
	size_t used = 0;

	*text = '\0';
	*nr = 0;
	for (uint32_t left = folded->reached, i = 0; left; left >>= 1, i++) {
		const struct pvm_wire_map *map = &folded->maps[i];
		char entry[ENTRY_MAX];
		size_t len;

		if (!(left & 1))
			continue;
		len = write_map(entry, map, folded->names + map->name, false,
				&whole);
		if (!append(text, &used, entry, len))
			return false;
		++*nr;
	}
	return whole;
}
