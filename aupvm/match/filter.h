/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filter.h - which accesses are wanted */
#ifndef AUPVM_FILTER_H
#define AUPVM_FILTER_H

#include "match/access.h"
#include "options.h"

/*
 * Does @access meet all of @conditions? What it does not tell it does not
 * meet. A pvm-lost record has a node and a time only, so it is wanted when
 * nothing else is asked for.
 */
bool filter_wants(const struct conditions *conditions,
		  const struct access *access);

bool filter_wants_node(const struct conditions *conditions, struct slice node);

#endif
