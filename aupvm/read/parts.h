/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * parts.h - records in several parts, put together
 *
 * A call with long lists has up to PARTS_MAX records; they follow each other
 * closely. At most PARTS_OPEN calls are held unfinished, by the size of what
 * came of them: whoever opens one more gets the oldest thrown out.
 */
#ifndef AUPVM_PARTS_H
#define AUPVM_PARTS_H

#include "read/fields.h"

#define PARTS_MAX 64
#define PARTS_OPEN 256

/* A call whose parts are coming; owned by struct parts. */
struct assembly {
	uint32_t node;
	struct pvm_id id;
	unsigned int total, held;
	char *line; /* the log's, of the first part that came */
	char *part[PARTS_MAX]; /* NUL-terminated messages, or NULL */
	char *text; /* what fields point into after parts_fields() */
};

struct parts {
	struct assembly *open[PARTS_OPEN]; /* the oldest first */
	size_t nr;
};

void parts_free(struct parts *parts);
void assembly_free(struct assembly *assembly);

/*
 * Add the message @body, part @n of @total, of the event @id, which @line of
 * the log has. Sets @done to a call that is whole now, or to the oldest one
 * when there are too many, or to NULL; it is the caller's then. Returns NULL,
 * or what is wrong with the part.
 */
const char *parts_add(struct parts *parts, uint32_t node,
		      const struct pvm_id *id, struct slice line,
		      struct slice body, unsigned int n, unsigned int total,
		      struct assembly **done);

/* Take the oldest unfinished call out; NULL when there is none. */
struct assembly *parts_take(struct parts *parts);

/*
 * The fields of the whole call, lists put together from the parts held; good
 * until the assembly is freed.
 */
void parts_fields(struct assembly *assembly, struct fields *fields);

#endif
