/* SPDX-License-Identifier: GPL-2.0-or-later */
/* folded.h - records that stand for many calls, known by their serials */
#ifndef AUPVM_FOLDED_H
#define AUPVM_FOLDED_H

#include "match/match.h"

/*
 * Account for every call of the folded record @access, and give it out.
 * Returns NULL, or why it cannot be used.
 */
const char *folded_take(struct match *match, struct access *access);

#endif
