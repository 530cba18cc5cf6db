/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unenriched.h - calls without a record of the plugin's: what their SYSCALL
 * record says
 */
#ifndef AUPVM_UNENRICHED_H
#define AUPVM_UNENRICHED_H

#include "match/store.h"

/* After equation_make(): emit every call that has no record. */
void unenriched_emit(const struct store *store);

/* Such a one. */
void unenriched_emit_one(const struct store *store, const struct call *call);

#endif
