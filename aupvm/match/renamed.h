/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * renamed.h - hosts that change their name in the middle of a log
 *
 * A call is under the old name and its record under the new one. An id is
 * precise to the millisecond, and serials are a host's own: where an id is
 * under two names, and both records say the same of the call, it is one.
 */
#ifndef AUPVM_RENAMED_H
#define AUPVM_RENAMED_H

#include "match/store.h"

/* The log has ended: put such calls together with their records. */
void renamed_match(struct store *store);

#endif
