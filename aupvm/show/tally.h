/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tally.h - sums by name: calls and bytes of pairs, regions, results
 *
 * Grows with the distinct names, by their length and about 90 bytes.
 */
#ifndef AUPVM_TALLY_H
#define AUPVM_TALLY_H

#include "match/access.h"
#include "util/strings.h"

struct sums {
	uint64_t calls; /* all */
	uint64_t failed; /* of them */
	uint64_t writes; /* of them, failed ones as well */
	uint64_t read, written; /* bytes */
};

struct tally {
	struct strings names;
	struct sums *sums; /* by the name's number */
};

/* A zeroed struct tally is an empty one. */
void tally_free(struct tally *tally);

/* The sums of @name; valid until the next call. */
struct sums *tally_put(struct tally *tally, struct slice name);

void sums_add(struct sums *sums, const struct access *access);

/*
 * The numbers of all names, by calls and then bytes, the most first; the caller
 * frees them.
 */
uint32_t *tally_sort(const struct tally *tally);

#endif
