// SPDX-License-Identifier: GPL-2.0-or-later
/* memory.c - see memory.h */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "util/memory.h"

static void *must(void *block)
{
	if (block)
		return block;
	fprintf(stderr, "aupvm: out of memory\n");
	exit(EXIT_ERROR);
}

void *new_zeroed(size_t nr, size_t size)
{
	return must(calloc(nr, size));
}

void *resize(void *block, size_t size)
{
	return must(realloc(block, size));
}

void *grow_array(void *array, size_t nr, size_t size)
{
	size_t bytes;

	if (nr & (nr - 1))
		return array;
	if (__builtin_mul_overflow(nr ? 2 * nr : 1, size, &bytes))
		must(NULL);
	return must(reallocarray(array, nr ? 2 * nr : 1, size));
}
