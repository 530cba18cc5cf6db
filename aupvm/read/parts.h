/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * parts.h - joins the records of a call that has several
 *
 * A call with long lists has up to PARTS_MAX records, which follow each other
 * closely. At most PARTS_OPEN calls are held while parts are missing; one more
 * evicts the oldest.
 */
#ifndef AUPVM_PARTS_H
#define AUPVM_PARTS_H

#include "read/fields.h"

#define PARTS_MAX 64
#define PARTS_OPEN 256

/* A call some of whose parts have been read; owned by struct parts. */
struct assembly {
	uint32_t node;
	struct pvm_id id;
	unsigned int total, held;
	char *line; /* of the log, with the part that was read first */
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
 * Add the message @body of the log's @line: part @n of @total of the event
 * @id. Sets @done to the call if it is whole now, to the oldest one if that was
 * evicted, or to NULL; the caller then owns it, for assembly_free(). Returns
 * NULL, or what is wrong with the part.
 */
const char *parts_add(struct parts *parts, uint32_t node,
		      const struct pvm_id *id, struct slice line,
		      struct slice body, unsigned int n, unsigned int total,
		      struct assembly **done);

/* Remove and return the oldest unfinished call; NULL without one. */
struct assembly *parts_take(struct parts *parts);

/*
 * Read the fields of the whole call, its lists joined from the parts that are
 * held. They point into @assembly.
 */
void parts_fields(struct assembly *assembly, struct fields *fields);

#endif
