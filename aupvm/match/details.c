// SPDX-License-Identifier: GPL-2.0-or-later
/* details.c - see details.h */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/details.h"
#include "util/memory.h"

/* The last one has a record of its own. */
static const struct {
	enum field field;
	const char *name; /* as outputs call it, in vary= */
} known[] = {
	{FIELD_PPID, "ppid"}, {FIELD_EUID, "euid"},	    {FIELD_TTY, "tty"},
	{FIELD_SUBJ, "subj"}, {FIELD_PROCTITLE, "command"},
};

#define NR (sizeof(known) / sizeof(known[0]))
#define COMMAND (NR - 1)

_Static_assert(NR == sizeof(((struct details *)NULL)->value) /
			       sizeof(((struct details *)NULL)->value[0]),
	       "details.h has room for them");
_Static_assert(NR + 1 == DETAILS_NAMES, "and the session");

/* A line of audit's is no longer than 16 bits can say. */
static size_t put_text(struct details *details, size_t i, size_t at,
		       struct slice text)
{
	if (!text.at || at + text.len > UINT16_MAX)
		return at;
	memcpy(details->text + at, text.at, text.len);
	details->value[i] =
		(struct details_text){true, (uint16_t)at, (uint16_t)text.len};
	return at + text.len;
}

struct details *details_new(const struct fields *fields)
{
	struct details *details;
	size_t size = 0, at = 0;

	for (size_t i = 0; i < NR; i++)
		size += fields->value[known[i].field].len;
	details = new_zeroed(1, sizeof(*details) + size);
	details->has_session = field_is_there(fields, FIELD_SES);
	details->session =
		(uint32_t)field_number(fields, FIELD_SES, UINT32_MAX);
	for (size_t i = 0; i < NR; i++)
		at = put_text(details, i, at, fields->value[known[i].field]);
	return details;
}

static struct slice text_of(const struct details *details, size_t i)
{
	const struct details_text *value = &details->value[i];

	if (!value->there)
		return (struct slice){NULL, 0};
	return (struct slice){details->text + value->at, value->len};
}

void details_show(const struct details *details, struct fields *fields)
{
	for (size_t i = 0; i < NR; i++)
		if (details->value[i].there)
			fields->value[known[i].field] = text_of(details, i);
}

struct details *details_add_command(struct details *details,
				    struct slice command)
{
	size_t end = 0;

	for (size_t i = 0; i < NR; i++)
		if (details->value[i].there)
			end = (size_t)details->value[i].at +
			      details->value[i].len;
	details = resize(details, sizeof(*details) + end + command.len);
	put_text(details, COMMAND, end, command);
	return details;
}

static void add_name(const char *name, const char **differ, size_t *differ_nr)
{
	for (size_t i = 0; i < *differ_nr; i++)
		if (differ[i] == name)
			return;
	differ[(*differ_nr)++] = name;
}

void details_merge(struct details *details, const struct details *other,
		   const char **differ, size_t *differ_nr)
{
	for (size_t i = 0; i < NR; i++) {
		if (!details->value[i].there || !other->value[i].there ||
		    slice_equal(text_of(details, i), text_of(other, i)))
			continue;
		details->value[i].there = false;
		add_name(known[i].name, differ, differ_nr);
	}
}

/* ---- behind the call's record */

void late_free(struct late_details *late)
{
	for (uint32_t n = 0; n < late->ids.nr; n++)
		free(late->details[n]);
	free(late->details);
	strings_free(&late->ids);
}

static struct slice name_id(char *text, size_t size, uint32_t node,
			    const struct pvm_id *id)
{
	int n = snprintf(text, size, "%" PRIu32 " %" PRIu64 ":%" PRIu64, node,
			 id_ms(id), id->serial);

	return (struct slice){text, (size_t)n};
}

/* Where the details of this call are, or belong. */
static struct details **find_place(struct late_details *late, uint32_t node,
				   const struct pvm_id *id)
{
	char text[64];
	uint32_t known_nr = late->ids.nr;
	uint32_t n =
		strings_put(&late->ids, name_id(text, sizeof(text), node, id));

	if (n == known_nr) {
		late->details =
			grow_array(late->details, n, sizeof(struct details *));
		late->details[n] = NULL;
	}
	return &late->details[n];
}

void late_put(struct late_details *late, uint32_t node, const struct pvm_id *id,
	      struct details *details)
{
	struct details **place = find_place(late, node, id);

	free(*place);
	*place = details;
}

void late_put_command(struct late_details *late, uint32_t node,
		      const struct pvm_id *id, struct slice command)
{
	static const struct fields none;
	struct details **place = find_place(late, node, id);

	if (!*place)
		*place = details_new(&none);
	*place = details_add_command(*place, command);
}

void late_show(const struct late_details *late, struct access *access)
{
	char text[64];
	uint32_t n;

	if (!late->ids.nr)
		return;
	n = strings_find(&late->ids,
			 name_id(text, sizeof(text), access->node_number,
				 &access->first));
	/* a fold has those that its calls share */
	if (n == late->ids.nr || (access->kind == ACCESS_FOLD &&
				  field_is_there(&access->fields, FIELD_PPID)))
		return;
	details_show(late->details[n], &access->fields);
	if (late->details[n]->has_session && !access->has_session) {
		access->has_session = true;
		access->session = late->details[n]->session;
	}
}
