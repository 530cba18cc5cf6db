/* SPDX-License-Identifier: GPL-2.0-or-later */
/* folded.h - the fields in which the record of folded calls differs */
#ifndef PVM_FOLDED_H
#define PVM_FOLDED_H

#include "record/fields.h"

/*
 * The draft's rmap=: as many of the mappings as have room beside their shares,
 * none in half.
 */
void pvm_folded_write_rmap(struct pvm_draft *draft);

#endif
