// SPDX-License-Identifier: GPL-2.0-or-later
/* held.c - see held.h */
#include <stdlib.h>
#include <string.h>

#include "match/held.h"
#include "util/memory.h"

struct held_row {
	struct access access;
	char *text; /* of its fields; owned */
	uint64_t since_ms;
};

void held_free(struct held *held)
{
	for (size_t i = 0; held->row && i < HELD_MAX; i++)
		free(held->row[i].text);
	free(held->row);
}

void held_put(struct held *held, const struct access *access, uint64_t now_ms)
{
	struct held_row *row;
	size_t size = 1, at = 0;

	if (!held->row)
		held->row = new_zeroed(HELD_MAX, sizeof(*held->row));
	row = &held->row[(held->first + held->nr++) % HELD_MAX];
	for (int i = 0; i < FIELDS; i++)
		size += access->fields.value[i].len;
	free(row->text);
	row->text = new_zeroed(1, size);
	row->access = *access;
	row->access.text = (struct slice){"", 0};
	row->since_ms = now_ms;
	for (int i = 0; i < FIELDS; i++) {
		struct slice *value = &row->access.fields.value[i];

		if (!value->at)
			continue;
		if (value->len)
			memcpy(row->text + at, value->at, value->len);
		value->at = row->text + at;
		at += value->len;
	}
}

const struct access *held_at(const struct held *held, size_t i)
{
	return &held->row[(held->first + i) % HELD_MAX].access;
}

/* Has it all that audit's own records may say? */
static bool is_complete(struct held *held, const struct access *access)
{
	bool titled = field_is_there(&access->fields, FIELD_PROCTITLE);

	if (access->kind != ACCESS_CALL && access->kind != ACCESS_FOLD)
		return true;
	return field_is_there(&access->fields, FIELD_PPID) &&
	       (titled || held->untitled >= HELD_UNTITLED);
}

bool held_take(struct held *held, const struct late_details *late,
	       uint64_t now_ms, struct access *access)
{
	struct held_row *row;

	if (!held->nr)
		return false;
	row = &held->row[held->first];
	*access = row->access;
	late_show(late, access);
	if (!is_complete(held, access) && !held_is_full(held) &&
	    now_ms < row->since_ms + HELD_MS)
		return false;
	if (field_is_there(&access->fields, FIELD_PROCTITLE))
		held->untitled = 0;
	else if (access->kind == ACCESS_CALL && held->untitled < UINT32_MAX)
		held->untitled++;
	held->first = (held->first + 1) % HELD_MAX;
	held->nr--;
	return true;
}
