/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verify.h - --verify: the figures of the equation, and what breaks it */
#ifndef AUPVM_VERIFY_H
#define AUPVM_VERIFY_H

#include "match/filter.h"
#include "match/store.h"

enum verdict {
	VERDICT_HOLDS,
	VERDICT_BROKEN,
	VERDICT_UNKNOWN, /* nothing breaks it, but something could not be read
			  */
};

/* What of the log nobody has read. */
struct unread {
	uint64_t damaged; /* lines */
	bool input; /* a file, or the rest of one, after a message */
};

/*
 * After equation_make(), print it for the nodes and the time of @conditions,
 * and the verdict.
 */
enum verdict verify_print(const struct store *store,
			  const struct conditions *conditions,
			  const struct unread *unread);

#endif
