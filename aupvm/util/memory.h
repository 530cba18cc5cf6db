/* SPDX-License-Identifier: GPL-2.0-or-later */
/* memory.h - allocation that ends the program with a message when it fails */
#ifndef AUPVM_MEMORY_H
#define AUPVM_MEMORY_H

#include <stddef.h>

/* Exit status: a part of the log, or all of it, could not be shown. */
#define EXIT_ERROR 2
/* Exit status: --verify cannot tell. */
#define EXIT_UNKNOWN 3

void *new_zeroed(size_t nr, size_t size);

/*
 * Room for one more in the array @array of @nr elements of @size bytes:
 * it grows whenever @nr is a power of two (or 0), to twice as many.
 */
void *grow_array(void *array, size_t nr, size_t size);

void *resize(void *block, size_t size);

#endif
