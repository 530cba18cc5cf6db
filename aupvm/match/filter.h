/* SPDX-License-Identifier: GPL-2.0-or-later */
/* filter.h - which accesses are wanted */
#ifndef AUPVM_FILTER_H
#define AUPVM_FILTER_H

#include "match/access.h"
#include "read/regions.h"
#include "util/strbuf.h"

/* What an access must be like; NULL or false: it does not matter. */
struct conditions {
	uint64_t from_ms, to_ms;
	const char *key; /* part of one */
	const char *program; /* part of the path */
	bool whole_words; /* key and program are whole ones */
	const char *comm; /* part of the caller's name */
	const char *terminal; /* part of it */
	bool by_uid, by_auid, by_pid, by_ppid, by_session, by_result, by_exit;
	bool by_event;
	uint32_t uid, auid, pid, ppid, session;
	int64_t exit;
	uint64_t serial; /* by_event: of the event */
	bool failed; /* by_result: the one wanted */
	const char **node; /* any of these */
	size_t nodes;
	const char *target; /* a number, or a name */
	bool by_target_pid;
	uint32_t target_pid;
	const char *op; /* process_vm_readv, process_vm_writev */
	const char *rel;
	bool by_exec; /* into memory that can be executed */
	bool by_region; /* into memory of this kind */
	enum region_kind region;
};

enum wanted {
	WANTED_NOT,
	WANTED_PERHAPS, /* its record does not say all that --into asks for */
	WANTED,
};

/*
 * Does @access meet all of @conditions? A condition on what an access does not
 * say is not met, but for --into: what a record leaves out may be there. A
 * pvm-lost record has a node and a time only, so it is wanted when nothing else
 * is asked for.
 */
enum wanted filter_wants(const struct conditions *conditions,
			 const struct access *access);

/* What filter_narrow() makes of rmap= and rshare=. */
struct narrowed {
	struct strbuf rmap, rshare;
};

/*
 * Leave of folded calls only those that meet --into, and their mappings, where
 * the record says how many these are. What @access then has is in @narrowed,
 * until the next call.
 */
void filter_narrow(const struct conditions *conditions, struct access *access,
		   struct narrowed *narrowed);

void narrowed_free(struct narrowed *narrowed);

bool filter_wants_node(const struct conditions *conditions, struct slice node);

#endif
