/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * group.h - which calls repeat each other
 *
 * Calls are of one group when their records would differ in nothing but the
 * event, the thread, the vectors, the mappings and the number of bytes: the
 * same caller, target and arguments, and the same errno. All calls that moved
 * anything count as one outcome.
 *
 * Some of that a caller, or a target that works with it, can change at will:
 * names, the thread that is addressed, flags. So that no process makes a group
 * of each call, it can be compared by the rest alone.
 */
#ifndef PVM_GROUP_H
#define PVM_GROUP_H

#include <stdbool.h>
#include <stdint.h>

#include "pvm/event.h"

/* The same number for all calls of a group, and mostly another for others. */
uint32_t pvm_group_hash(const struct pvm_access *access);

/* Are @a and @b of one group, with @loose but for what can be changed at will?
 */
bool pvm_group_alike(const struct pvm_access *a, const struct pvm_access *b,
		     bool loose);

/* In what loosely alike calls differ: a bit for each enum pvm_field. */
uint64_t pvm_group_vary(const struct pvm_access *a, const struct pvm_access *b);

/* The caller's process. */
uint32_t pvm_group_pid(const struct pvm_access *access);

#endif
