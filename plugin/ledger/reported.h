/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * reported.h - what a record of the plugin's that has come back says
 *
 * Anybody with CAP_AUDIT_WRITE can have such a text written, but not under
 * another process's pid: that one the kernel adds.
 */
#ifndef PVM_REPORTED_H
#define PVM_REPORTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pvm/line.h"
#include "ledger/in_flight.h"

struct pvm_reported {
	struct pvm_record_key key;
	bool is_call; /* of one or more calls, which it enriches */
	bool is_part; /* of several that report one call */
	/* serials= of folded calls, borrowed from the line; at NULL: none left
	 */
	struct slice serials;
	uint64_t next; /* the lowest that may follow there */
	/* start= and reloads= of a record about the plugin; 0 without */
	uint64_t start, reloads;
};

/* Who has sent the message @line? False where it does not say. */
bool pvm_reported_pid(const struct pvm_line *line, uint32_t *pid);

/* Read @line, of class PVM_LINE_MESSAGE; false when it is no record of ours. */
bool pvm_reported_read(struct pvm_reported *reported,
		       const struct pvm_line *line);

/*
 * The next entry of serials=, which ascend; false behind the last, or where it
 * is not one that a plugin writes.
 */
bool pvm_reported_serials(struct pvm_reported *reported,
			  struct pvm_stride *stride);

#endif
