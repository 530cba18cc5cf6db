/* SPDX-License-Identifier: GPL-2.0-or-later */
/* progress.h - how much is read, on a terminal, when it takes long */
#ifndef AUPVM_PROGRESS_H
#define AUPVM_PROGRESS_H

#include <stdint.h>

/*
 * Draw on standard error that @read bytes of @size are read; of 0 when it is
 * not known how many there are. Draws nothing at first, and not at every call.
 */
void progress_show(uint64_t read, uint64_t size);

/* Erase what was drawn, before other output. */
void progress_clear(void);

#endif
