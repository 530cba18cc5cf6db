/* SPDX-License-Identifier: GPL-2.0-or-later */
/* times.h - dates, times and words for them, as ausearch takes them */
#ifndef AUPVM_TIMES_H
#define AUPVM_TIMES_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The moment that @date and @time, either of which may be NULL, name in local
 * time, in ms since 1970; of an @end, the last ms of that second. @date may be
 * one of ausearch's words. A date without a time is midnight, or, of an end,
 * now. Returns false when they name no moment.
 */
bool time_read(const char *date, const char *time, bool end, uint64_t *ms);

/*
 * Read a moment that one text has whole: 2026-11-21T18:00:00, also with
 * milliseconds and with Z or a zone; seconds since 1970; how long ago, as -5m
 * or "2 hours ago". Returns false, and leaves @ms alone, when @text is none of
 * these.
 */
bool time_read_exact(const char *text, uint64_t *ms);

#endif
