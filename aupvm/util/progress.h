/* SPDX-License-Identifier: GPL-2.0-or-later */
/* progress.h - how far it is, on a terminal, when it takes long */
#ifndef AUPVM_PROGRESS_H
#define AUPVM_PROGRESS_H

#include "read/logs.h"

/* For log->progress; @arg is not used. Draws on standard error. */
void progress_show(void *arg, const struct log *log);

/* Take away what was drawn, ahead of other output. */
void progress_clear(void);

#endif
