/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rotated.h - which files are the logs of one host, and in which order
 *
 * auditd numbers the logs that it rotates; logrotate may number them, or append
 * the date, and compress them.
 */
#ifndef AUPVM_ROTATED_H
#define AUPVM_ROTATED_H

#include <stdbool.h>
#include <stddef.h>

struct rotated {
	char **name; /* the oldest first; all owned */
	size_t nr;
	bool wanting; /* some are missing, or cannot be read */
};

/*
 * Find the log @base and those rotated out of it, which are in the same folder
 * and called @base with a number or a date behind it. Names what is missing
 * among them, and what is called alike and not taken, unless @quiet.
 * Returns false with errno when the folder cannot be read; there are none then.
 */
bool rotated_find(struct rotated *rotated, const char *base, bool quiet);

void rotated_free(struct rotated *rotated);

#endif
