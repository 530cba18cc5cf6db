/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * tail.h - a log as it is written: its lines up to now, and then each new one
 *
 * auditd renames a full log and opens a new one, any number of times between
 * two looks: what was being read is found by its inode among the rotated logs,
 * and those after it are read in their order. A log that becomes shorter, or
 * begins with other bytes than it did, is read from its start.
 */
#ifndef AUPVM_TAIL_H
#define AUPVM_TAIL_H

#include "read/logs.h"

/*
 * Called whenever all that is there has been handed on, after each half MiB
 * while there is more, and at least every @TAIL_TICK_MS. @at_end says which.
 * Returns false when no more is wanted.
 */
typedef bool tail_tick(void *arg, bool at_end);

#define TAIL_TICK_MS 200

/*
 * Hand on the lines of @log, which log_open() has opened, until @tick or @fn
 * returns false, SIGINT or SIGTERM comes, or what is no file ends. Returns
 * false when some of it could not be read, after a message.
 */
bool tail_read(struct log *log, log_fn *fn, tail_tick *tick, void *arg);

#endif
