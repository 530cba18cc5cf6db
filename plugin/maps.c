// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * maps.c - see maps.h; the format is described in pvm-record(5)
 *
 * The list is one value without spaces or quotes, cut apart at its commas, so
 * a path must not bring any of these, nor what could pass for another kind of
 * mapping. Its offset is what follows the last plus sign. Percent signs escape:
 * half of a path in hex, as audit would have it, would leave nothing to grep
 * for.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "maps.h"

/* Marks a path whose start is missing: a whole one begins with a slash. */
#define CUT_MARK "..."

/* Longest: path, [deleted], offset, permissions */
#define ENTRY_MAX (PVM_MAPS_PATH_MAX + 64)

static bool is_plain(char byte)
{
	return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
	       (byte >= '0' && byte <= '9') ||
	       (byte && strchr("_./+-", byte) != NULL);
}

static size_t escaped_len(char byte)
{
	return is_plain(byte) ? 1 : 3;
}

/* How much of the path's end has room, escaped. */
static size_t fitting(const char *path, size_t len)
{
	size_t used = 0, n = 0;

	while (n < len) {
		used += escaped_len(path[len - n - 1]);
		if (used > PVM_MAPS_PATH_MAX)
			break;
		n++;
	}
	return n;
}

static char *put_escaped(char *to, const char *path, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (is_plain(path[i]))
			*to++ = path[i];
		else
			to += sprintf(to, "%%%02X", (unsigned char)path[i]);
	}
	return to;
}

/* The name that the list of names has for @map; NULL when it has not. */
static const char *name_of(const struct pvm_capture *capture,
			   const struct pvm_wire_map *map)
{
	if (map->name + map->name_len > capture->call.held[PVM_NAMES])
		return NULL;
	return capture->names + map->name;
}

static char *put_file(char *to, const struct pvm_wire_map *map,
		      const char *path, bool *whole)
{
	size_t len = fitting(path, map->name_len);

	if ((map->flags & PVM_MAP_CUT) || len < map->name_len) {
		*whole = false;
		to += sprintf(to, CUT_MARK);
	}
	to = put_escaped(to, path + map->name_len - len, len);
	if (map->flags & PVM_MAP_DELETED)
		to += sprintf(to, "[deleted]");
	return to + sprintf(to, "+0x%" PRIx64, (uint64_t)map->offset);
}

/* The kernel's own name is like [vdso]; take no other byte for one. */
static char *put_special(char *to, const char *name, size_t len)
{
	if (len < 3 || len > 32 || name[0] != '[' || name[len - 1] != ']')
		return to + sprintf(to, "[anon]");
	*to++ = '[';
	to = put_escaped(to, name + 1, len - 2);
	*to++ = ']';
	return to;
}

static char *put_permissions(char *to, unsigned int flags)
{
	*to++ = ':';
	*to++ = flags & PVM_MAP_READ ? 'r' : '-';
	*to++ = flags & PVM_MAP_WRITE ? 'w' : '-';
	*to++ = flags & PVM_MAP_EXEC ? 'x' : '-';
	*to++ = flags & PVM_MAP_SHARED ? 's' : 'p';
	return to;
}

/* Write what is at one vector; returns the text's length. */
static size_t write_map(char entry[static ENTRY_MAX],
			const struct pvm_capture *capture,
			const struct pvm_wire_map *map, bool *whole)
{
	static const char *const names[] = {
		[PVM_MAP_UNKNOWN] = "?",     [PVM_MAP_NONE] = "none",
		[PVM_MAP_ANON] = "[anon]",   [PVM_MAP_HEAP] = "[heap]",
		[PVM_MAP_STACK] = "[stack]",
	};
	const char *name = name_of(capture, map);
	char *to = entry;

	if (map->kind == PVM_MAP_FILE && name)
		to = put_file(to, map, name, whole);
	else if (map->kind == PVM_MAP_SPECIAL && name)
		to = put_special(to, name, map->name_len);
	else if (map->kind <= PVM_MAP_STACK)
		to += sprintf(to, "%s", names[map->kind]);
	else
		to += sprintf(to, "?");
	if (*entry != '?' && map->kind != PVM_MAP_NONE)
		to = put_permissions(to, map->flags);
	return (size_t)(to - entry);
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
		char entry[ENTRY_MAX];
		size_t len =
			write_map(entry, capture, &capture->maps[i], &whole);

		if (used + !!used + len > PVM_MAPS_TEXT_MAX)
			break;
		if (used)
			text[used++] = ',';
		memcpy(text + used, entry, len);
		used += len;
	}
	text[used] = '\0';
	return whole && i == capture->call.held[PVM_REMOTE];
}
