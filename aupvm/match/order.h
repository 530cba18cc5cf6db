/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * order.h - accesses in the order of time
 *
 * The record of a fold comes at its end, one that the kernel holds back comes
 * late, and that a call has no record shows at the end of the log only. So all
 * accesses wait in a temporary file without a name; 40 bytes of memory are kept
 * of each.
 */
#ifndef AUPVM_ORDER_H
#define AUPVM_ORDER_H

#include "match/access.h"

struct order;

struct order *order_new(void);
void order_free(struct order *order);

/*
 * Keep a copy of @access, but for its text. Ends the program with a message
 * when the file cannot be written.
 */
void order_put(struct order *order, const struct access *access);

/*
 * Hand over all of them by the time of their first event, its serial, and then
 * as they came; until @fn returns false.
 */
void order_emit(struct order *order,
		bool (*fn)(void *arg, const struct access *access), void *arg);

#endif
