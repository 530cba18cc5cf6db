/* SPDX-License-Identifier: GPL-2.0-or-later */
/* slice.h - a stretch of bytes that belong to somebody else; see lib/slice.h */
#ifndef PVM_SLICE_H
#define PVM_SLICE_H

#include <stddef.h>

struct slice {
	const char *at; /* NULL: there is none */
	size_t len;
};

#endif
