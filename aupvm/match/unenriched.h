/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unenriched.h - calls without a record of the plugin's: what their SYSCALL
 * record says
 *
 * It is kept from the moment that record is read until the plugin's comes, or
 * the log ends.
 */
#ifndef AUPVM_UNENRICHED_H
#define AUPVM_UNENRICHED_H

#include "match/store.h"
#include "pvm/line.h"

/* Keep what @fields of @line say; strings are put into @names. */
struct unenriched *unenriched_make(struct strings *names,
				   const struct fields *fields,
				   const struct pvm_line *line);

/* The call has a record now. */
void unenriched_drop(struct call *call);

/* After equation_make(): emit every call that has no record. */
void unenriched_emit(const struct store *store);

#endif
