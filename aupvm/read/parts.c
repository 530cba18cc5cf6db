// SPDX-License-Identifier: GPL-2.0-or-later
/* parts.c - see parts.h */
#include <stdlib.h>
#include <string.h>

#include "util/memory.h"
#include "read/parts.h"

void assembly_free(struct assembly *assembly)
{
	for (int i = 0; i < PARTS_MAX; i++)
		free(assembly->part[i]);
	free(assembly->text);
	free(assembly->line);
	free(assembly);
}

void parts_free(struct parts *parts)
{
	for (size_t i = 0; i < parts->nr; i++)
		assembly_free(parts->open[i]);
}

static struct assembly *take(struct parts *parts, size_t i)
{
	struct assembly *assembly = parts->open[i];

	parts->nr--;
	for (; i < parts->nr; i++)
		parts->open[i] = parts->open[i + 1];
	return assembly;
}

struct assembly *parts_take(struct parts *parts)
{
	return parts->nr ? take(parts, 0) : NULL;
}

static size_t find(const struct parts *parts, uint32_t node,
		   const struct pvm_id *id)
{
	size_t i = 0;

	while (i < parts->nr && (parts->open[i]->node != node ||
				 !pvm_id_equal(&parts->open[i]->id, id)))
		i++;
	return i;
}

static char *copy_of(struct slice span)
{
	return memcpy(new_zeroed(1, span.len + 1), span.at, span.len);
}

static struct assembly *new_assembly(uint32_t node, const struct pvm_id *id,
				     struct slice line, unsigned int total)
{
	struct assembly *assembly = new_zeroed(1, sizeof(*assembly));

	assembly->node = node;
	assembly->id = *id;
	assembly->total = total;
	assembly->line = copy_of(line);
	return assembly;
}

const char *parts_add(struct parts *parts, uint32_t node,
		      const struct pvm_id *id, struct slice line,
		      struct slice body, unsigned int n, unsigned int total,
		      struct assembly **done)
{
	size_t i = find(parts, node, id);
	struct assembly *assembly;

	*done = NULL;
	if (!n || n > total || total > PARTS_MAX)
		return "no usable part=";
	if (i == parts->nr) {
		if (parts->nr == PARTS_OPEN)
			*done = take(parts, 0);
		i = parts->nr++;
		parts->open[i] = new_assembly(node, id, line, total);
	}
	assembly = parts->open[i];
	if (assembly->total != total)
		return "its part= is of another total than the one before";
	if (assembly->part[n - 1])
		return "this part of the record was there already";
	assembly->part[n - 1] = copy_of(body);
	if (++assembly->held == total && !*done)
		*done = take(parts, i);
	return NULL;
}

/* Append the list @value to the one in *@at, and let @list be the whole. */
static void append(struct slice *list, char **at, struct slice value)
{
	if (!value.at)
		return;
	if (!list->at)
		*list = (struct slice){*at, 0};
	else
		*(*at)++ = ',';
	memcpy(*at, value.at, value.len);
	*at += value.len;
	list->len = (size_t)(*at - list->at);
}

/* One pass for each list, so that each is of one piece. */
static void join_lists(const struct assembly *assembly, enum field field,
		       char **at, struct slice *list)
{
	const char *left_out;
	struct fields fields;

	*list = (struct slice){NULL, 0};
	for (unsigned int i = 0; i < assembly->total; i++)
		if (assembly->part[i] &&
		    !fields_read(&fields, slice_of(assembly->part[i]),
				 &left_out))
			append(list, at, fields.value[field]);
}

void parts_fields(struct assembly *assembly, struct fields *fields)
{
	struct slice riov, liov;
	size_t size = 1;
	unsigned int first = 0;
	const char *left_out;
	char *at;

	while (!assembly->part[first])
		first++;
	for (unsigned int i = first; i < assembly->total; i++)
		if (assembly->part[i])
			size += strlen(assembly->part[i]);
	assembly->text = at = new_zeroed(1, size);
	join_lists(assembly, FIELD_RIOV, &at, &riov);
	join_lists(assembly, FIELD_LIOV, &at, &liov);
	fields_read(fields, slice_of(assembly->part[first]), &left_out);
	fields->value[FIELD_RIOV] = riov;
	fields->value[FIELD_LIOV] = liov;
	fields->value[FIELD_PART] = (struct slice){NULL, 0};
}
