// SPDX-License-Identifier: GPL-2.0-or-later
/* regions.c - see regions.h */
#define _GNU_SOURCE /* memrchr */
#include <string.h>

#include "read/regions.h"

/* Cut @span at its last @separator; what is behind goes to @tail. */
static void cut_at_last(struct slice *span, char separator, struct slice *tail)
{
	const char *at =
		span->len ? memrchr(span->at, separator, span->len) : NULL;

	*tail = (struct slice){"", 0};
	if (!at)
		return;
	tail->at = at + 1;
	tail->len = span->len - (size_t)(at + 1 - span->at);
	span->len = (size_t)(at - span->at);
}

static enum region_kind kind_of(struct slice name)
{
	if (slice_is(name, "[heap]"))
		return REGION_HEAP;
	if (slice_is(name, "[stack]"))
		return REGION_STACK;
	if (slice_is(name, "[anon]"))
		return REGION_ANON;
	if (name.len && (name.at[0] == '/' || name.at[0] == '.'))
		return REGION_FILE;
	return REGION_OTHER;
}

void region_read(struct region *region, struct slice entry)
{
	struct slice path;
	uint64_t offset;

	region->name = entry;
	cut_at_last(&region->name, ':', &region->perms);
	region->kind = kind_of(region->name);
	path = region->name;
	region->offset = (struct slice){"", 0};
	if (region->kind == REGION_FILE)
		cut_at_last(&region->name, '+', &region->offset);
	/* folded records leave it out, and libstdc++ has a plus of its own */
	if (!slice_address(region->offset, &offset)) {
		region->name = path;
		region->offset = (struct slice){"", 0};
	}
	region->exec = region->perms.len > 2 && region->perms.at[2] == 'x';
}
