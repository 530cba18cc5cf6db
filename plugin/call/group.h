/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * group.h - which calls repeat each other
 *
 * Calls are of one group when their records would differ in nothing but the
 * event, the thread, the vectors, the mappings and the number of bytes: the
 * same caller, target and arguments, and the same errno. All calls that moved
 * anything count as one outcome.
 */
#ifndef PVM_GROUP_H
#define PVM_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "pvm/event.h"

/* The same number for all calls of a group, and mostly another for others. */
uint32_t pvm_group_hash(const struct pvm_access *access);

/* Are @a and @b of one group? */
bool pvm_group_alike(const struct pvm_access *a, const struct pvm_access *b);

#endif
