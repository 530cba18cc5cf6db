/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * shares.h - what folded calls did at each of their mappings: rmap= with
 * rshare=
 */
#ifndef AUPVM_SHARES_H
#define AUPVM_SHARES_H

#include "match/access.h"
#include "read/regions.h"

/* No record of the plugin has more. */
#define SHARES_MAX 32

struct share {
	struct slice entry, item; /* of rmap=, of rshare= */
	struct region region;
	uint64_t calls; /* that have a vector there */
	uint64_t bytes; /* moved there */
};

struct shares {
	struct share share[SHARES_MAX];
	unsigned int nr; /* 0 where the record does not say */
	/*
	 * Each call has come to one of the mappings alone, and all bytes are in
	 * their shares: so these add up to the whole.
	 */
	bool apart;
};

void shares_read(struct shares *shares, const struct access *access);

/* @access as if it were no more than @calls of its calls and @bytes. */
struct access shares_part(const struct access *access, uint64_t calls,
			  uint64_t bytes);

#endif
