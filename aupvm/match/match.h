/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * match.h - lines in, accesses out
 *
 * Each call's SYSCALL record and the plugin's records of it are brought
 * together by node and event id. A call is given out as soon as its record is
 * whole, so in the order of the records in the log; one that never gets any
 * at the end, once equation.h has said what became of it.
 */
#ifndef AUPVM_MATCH_H
#define AUPVM_MATCH_H

#include "match/access.h"
#include "match/store.h"
#include "read/line.h"
#include "read/parts.h"
#include "util/strings.h"

/*
 * Clocks step, and calls take time: how far, in ms, the time of a folded or
 * lost call may be from what its record says, before its serial must be that
 * of another boot.
 */
#define BOOT_SLACK_MS (3600 * UINT64_C(1000))

enum plugin_state {
	PLUGIN_UNKNOWN, /* nothing was heard of it so far: not running */
	PLUGIN_RUNS,
	PLUGIN_STOPPED,
};

struct node {
	enum plugin_state plugin;
	uint64_t foreign; /* records like ours that the plugin has not sent */
	uint64_t doubles; /* SYSCALL records that were there already */
	uint64_t again; /* records of the plugin, likewise */
	uint64_t no_syscall; /* enriched without SYSCALL, saying so */
	uint64_t folded_unseen; /* folded serials without SYSCALL */
	uint64_t lost_most; /* counts of its pvm-lost records */
};

/* A pvm-lost record. */
struct lost {
	uint32_t node;
	uint32_t why; /* number in names */
	bool by_id; /* first and last are ids; else only times */
	struct pvm_id first, last;
	uint64_t count; /* calls, at most */
};

struct match {
	access_fn *emit; /* or NULL: nobody wants to see accesses */
	/* a SYSCALL record went by, for who wants to remember names; or NULL */
	access_fn *see;
	void *arg; /* of both */
	const char *plugin; /* program that sends the records */
	bool keep_unenriched;

	struct strings nodes; /* their names, by number */
	struct node *node;
	struct strings names; /* tokens of bare calls; reasons */
	struct calls calls;
	struct calls forwarded; /* the plugin's records that have a node */
	struct parts parts;
	struct lost *lost;
	size_t lost_nr;
	uint32_t last_node;
	uint64_t foreign;
};

void match_free(struct match *match);

/*
 * Take a line of a kind other than LINE_DAMAGED.
 * Returns NULL, or why it cannot be used.
 */
const char *match_line(struct match *match, const struct line *line);

/* The log has ended: give out what is in parts. */
void match_end(struct match *match);

/* ---- for the parts of the join that are files of their own */

/* What is known of any access of @node. */
struct access match_access(const struct match *match, uint32_t node,
			   const struct pvm_id *id);

/* Sets what follows from the access's fields, and hands it on. */
void match_give_out(struct match *match, struct access *access);

/*
 * Sets @first and @last from the fields of these names. Returns false without
 * a sensible pair.
 */
bool match_read_span(const struct fields *fields, struct pvm_id *first,
		     struct pvm_id *last);

#endif
