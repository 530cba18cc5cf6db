/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * strings.h - each distinct string once, known by a number
 *
 * Grows with the distinct strings put in, by their length and about 40 bytes.
 */
#ifndef AUPVM_STRINGS_H
#define AUPVM_STRINGS_H

#include "lib/slice.h"

struct strings {
	struct slice *item; /* by number; owned */
	uint32_t nr;
	uint32_t *slot; /* number + 1, or 0; a power of two of them */
	uint32_t slots;
};

/* A zeroed struct strings is an empty one. */
void strings_free(struct strings *strings);

/* The number of @string, from 0 on in the order of first sight. */
uint32_t strings_put(struct strings *strings, struct slice string);

/* Likewise, where it is there; else as many as there are. */
uint32_t strings_find(const struct strings *strings, struct slice string);

#endif
