/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * live.h - what is decided while the log goes on
 *
 * That no record will come for a call is known at the end of a log, or when its
 * node's log has gone on for PENDING_MS. Of what is decided, the newest is kept
 * only: it tells what comes twice.
 */
#ifndef AUPVM_LIVE_H
#define AUPVM_LIVE_H

#include "match/match.h"

/* Calls that are kept at most, and how many of them may wait for a record. */
#define LIVE_CALLS_MAX 262144
#define LIVE_OPEN_MAX 131072

/* Of the rest, as many of the newest are kept when there are too many. */
#define LIVE_KEPT 65536
#define LIVE_LOST_KEPT 4096

/* A zeroed one, with match set, is at a log's start. */
struct live {
	struct match *match;
	uint32_t first_open; /* calls ahead of that number are decided */
	uint64_t early; /* calls shown before it was known, for want of room */
};

/* Does it wait for a record? */
bool live_is_open(const struct call *call);

/*
 * Emit the calls for which no record comes any more. Every node's log counts as
 * gone on for @idle_ms behind its last line.
 */
void live_settle(struct live *live, uint64_t idle_ms);

/* Forget what is decided, when there is too much of it. */
void live_forget(struct live *live);

#endif
