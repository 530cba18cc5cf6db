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
#include <stdlib.h>
#include <string.h>

#include "record/mappings.h"
#include "record/text.h"

/* Marks a path whose start is missing: a whole one begins with a slash. */
#define CUT_MARK "..."

/* Longest: path, [deleted], offset, permissions */
#define ENTRY_MAX (PVM_MAPS_PATH_MAX + 64)

static bool needs_no_escape(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '_' || byte == '.' ||
	       byte == '/' || byte == '+' || byte == '-';
}

static size_t escaped_len(char byte)
{
	return needs_no_escape(byte) ? 1 : 3;
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

static size_t plain_len(const char *path, const char *end)
{
	const char *at = path;

	while (at < end && needs_no_escape(*at))
		at++;
	return (size_t)(at - path);
}

static void put_escaped(struct pvm_text *text, const char *path, size_t len)
{
	const char *end = path + len;

	while (path < end) {
		size_t plain = plain_len(path, end);

		pvm_put_bytes(text, path, plain);
		path += plain;
		if (path < end) {
			pvm_put(text, "%");
			pvm_put_hex_byte(text, *path++);
		}
	}
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
	put_escaped(text, path + map->name_len - len, len);
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
	put_escaped(text, name + 1, len - 2);
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
 * Write what is at one vector, with the place in a file when @place. Returns
 * the text's length.
 */
static size_t write_map(char entry[static ENTRY_MAX],
			const struct pvm_capture *capture,
			const struct pvm_wire_map *map, bool place, bool *whole)
{
	static const char *const names[] = {
		[PVM_MAP_UNKNOWN] = "?",     [PVM_MAP_NONE] = "none",
		[PVM_MAP_ANON] = "[anon]",   [PVM_MAP_HEAP] = "[heap]",
		[PVM_MAP_STACK] = "[stack]",
	};
	struct pvm_text text = pvm_text_in(entry, ENTRY_MAX);
	const char *name = name_of(capture, map);

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
	return (size_t)(text.at - text.start);
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
		size_t len = write_map(entry, capture, &capture->maps[i], true,
				       &whole);

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

/* The place of an entry among the names, or -1. */
static int find_name(const struct pvm_map_names *names, const char *entry,
		     size_t len)
{
	const char *at = names->text;

	for (unsigned int i = 0; i < names->nr; i++) {
		size_t n = strcspn(at, ",");

		if (n == len && !memcmp(at, entry, len))
			return (int)i;
		at += n + 1;
	}
	return -1;
}

/* Returns its place, or -1 when it has no room. */
static int add_name(struct pvm_map_names *names, const char *entry, size_t len)
{
	size_t start = names->len + !!names->len;
	char *text;

	if (names->nr == PVM_MAP_NAMES_MAX || start + len > PVM_MAPS_TEXT_MAX)
		return -1;
	text = realloc(names->text, start + len + 1);
	if (!text)
		return -1;
	if (start)
		text[start - 1] = ',';
	memcpy(text + start, entry, len);
	text[start + len] = '\0';
	names->text = text;
	names->len = start + len;
	return (int)names->nr++;
}

struct pvm_map_touched pvm_map_names_note(struct pvm_map_names *names,
					  const struct pvm_capture *capture)
{
	struct pvm_map_touched touched = {0};
	uint32_t nr = capture->call.held[PVM_MAPS];
	bool whole = true;

	if (!capture->maps || !capture->names)
		return touched;
	for (uint32_t i = 0; i < nr; i++) {
		char entry[ENTRY_MAX];
		size_t len = write_map(entry, capture, &capture->maps[i], false,
				       &whole);
		int place = find_name(names, entry, len);

		if (place < 0) {
			place = add_name(names, entry, len);
			touched.is_new |= place >= 0;
		}
		if (place < 0)
			touched.cut = true;
		else
			touched.names |= UINT32_C(1) << place;
	}
	touched.cut |= !whole || nr != capture->call.held[PVM_REMOTE];
	return touched;
}

void pvm_map_names_write(const struct pvm_map_names *names, uint32_t which,
			 char text[static PVM_MAPS_TEXT_MAX + 1])
{
	const char *at = names->text;
	char *to = text;

	for (unsigned int i = 0; i < names->nr; i++) {
		size_t len = strcspn(at, ",");

		if (which & (UINT32_C(1) << i)) {
			if (to > text)
				*to++ = ',';
			memcpy(to, at, len);
			to += len;
		}
		at += len + 1;
	}
	*to = '\0';
}
