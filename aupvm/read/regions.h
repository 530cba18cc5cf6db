/* SPDX-License-Identifier: GPL-2.0-or-later */
/* regions.h - one entry of rmap=, as pvm-record(5) describes it */
#ifndef AUPVM_REGIONS_H
#define AUPVM_REGIONS_H

#include "lib/slice.h"

enum region_kind {
	REGION_HEAP,
	REGION_STACK,
	REGION_ANON,
	REGION_FILE,
	REGION_OTHER, /* [vdso], none, ? */
};

struct region {
	enum region_kind kind;
	bool exec;
	struct slice name; /* without offset; a path as escaped in rmap= */
	struct slice offset; /* 0x..., of a file; else empty */
	struct slice perms; /* rw-p; empty for none and ? */
};

void region_read(struct region *region, struct slice entry);

#endif
