/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * match.h - lines in, accesses out
 *
 * Each call's SYSCALL record and the plugin's records of it are brought
 * together by node and event id. A call is emitted as soon as its record is
 * whole, so in the order of the records in the log; a call that never gets a
 * record is emitted at the end (unenriched.h), once equation.h has decided what
 * became of it.
 */
#ifndef AUPVM_MATCH_H
#define AUPVM_MATCH_H

#include "match/access.h"
#include "match/store.h"
#include "pvm/line.h"
#include "read/parts.h"

struct match {
	struct store store; /* its emit gets the accesses */
	/* gets each call when its SYSCALL record is read; NULL: nobody needs it
	 */
	access_fn *see;
	void *see_arg;
	const char *plugin; /* program that sends the records */

	struct calls records; /* the plugin's; session is a hash of each */
	struct parts parts;
	uint32_t last_node;
	uint64_t foreign;
	const char *left_out; /* a field of the last line, unusable; or NULL */
};

void match_free(struct match *match);

/*
 * Take a line that is not damaged: its why is NULL.
 * Returns NULL, or why it cannot be used.
 */
const char *match_line(struct match *match, const struct pvm_line *line);

/* The log has ended: emit the calls of which parts are missing. */
void match_end(struct match *match);

#endif
