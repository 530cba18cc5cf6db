/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * folded.h - the record of folded calls, which record.c hands out like
 * any other
 */
#ifndef PVM_FOLDED_H
#define PVM_FOLDED_H

#include "pvm/record.h"
#include "record/text.h"

/* Write the record of @access->folded into @buffer. Returns the text. */
struct pvm_text pvm_record_folded(const struct pvm_access *access,
				  char buffer[static PVM_RECORD_MAX + 1]);

#endif
