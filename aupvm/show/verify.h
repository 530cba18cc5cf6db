/* SPDX-License-Identifier: GPL-2.0-or-later */
/* verify.h - --verify: the figures of the equation, and what breaks it */
#ifndef AUPVM_VERIFY_H
#define AUPVM_VERIFY_H

#include "match/filter.h"
#include "match/store.h"

/*
 * After equation_make(), print it for the nodes and the time of @conditions.
 * Returns true when the equation holds.
 */
bool verify_print(const struct store *store,
		  const struct conditions *conditions);

#endif
