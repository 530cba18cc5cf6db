/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unenriched.h - calls without a record: what their SYSCALL record has told
 *
 * It is kept from when that record was read until the plugin's comes, or the
 * log ends.
 */
#ifndef AUPVM_UNENRICHED_H
#define AUPVM_UNENRICHED_H

#include "match/match.h"

/* What @fields of @line tell; strings are put into @names. */
struct unenriched *unenriched_make(struct strings *names,
				   const struct fields *fields,
				   const struct line *line);

/* The call has a record now. */
void unenriched_drop(struct call *call);

/* After equation_make(): give out every call that has no record. */
void unenriched_give_out(struct match *match);

#endif
