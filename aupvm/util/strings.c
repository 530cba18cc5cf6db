// SPDX-License-Identifier: GPL-2.0-or-later
/* strings.c - see strings.h */
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"
#include "util/strings.h"

#define SLOTS_FIRST 64

/* FNV-1a. Whoever fills the log may make strings collide: it costs time. */
static uint32_t hash_of(struct slice string)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < string.len; i++)
		hash = (hash ^ (unsigned char)string.at[i]) * 16777619u;
	return hash ^ hash >> 15;
}

/* The slot that has @string, or the free one where it belongs. */
static uint32_t *find_slot(const struct strings *strings, struct slice string)
{
	uint32_t i = hash_of(string) & (strings->slots - 1);

	while (strings->slot[i] &&
	       !slice_equal(strings->item[strings->slot[i] - 1], string))
		i = (i + 1) & (strings->slots - 1);
	return &strings->slot[i];
}

static void add_slots(struct strings *strings)
{
	strings->slots = strings->slots ? 2 * strings->slots : SLOTS_FIRST;
	free(strings->slot);
	strings->slot = new_zeroed(strings->slots, sizeof(*strings->slot));
	for (uint32_t n = 0; n < strings->nr; n++)
		*find_slot(strings, strings->item[n]) = n + 1;
}

uint32_t strings_put(struct strings *strings, struct slice string)
{
	uint32_t *slot;
	char *copy;

	if (2 * strings->nr >= strings->slots)
		add_slots(strings);
	slot = find_slot(strings, string);
	if (*slot)
		return *slot - 1;
	copy = new_zeroed(1, string.len + 1);
	if (string.len)
		memcpy(copy, string.at, string.len);
	strings->item =
		grow_array(strings->item, strings->nr, sizeof(*strings->item));
	strings->item[strings->nr] = (struct slice){copy, string.len};
	*slot = ++strings->nr;
	return strings->nr - 1;
}

uint32_t strings_find(const struct strings *strings, struct slice string)
{
	uint32_t number = strings->nr ? *find_slot(strings, string) : 0;

	return number ? number - 1 : strings->nr;
}

void strings_free(struct strings *strings)
{
	for (uint32_t n = 0; n < strings->nr; n++)
		/* our own copy: NOLINTNEXTLINE(performance-no-int-to-ptr) */
		free((void *)(uintptr_t)strings->item[n].at);
	free(strings->item);
	free(strings->slot);
}
