/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * node.h - which lines of the stream are this host's
 *
 * An auditd that gathers other hosts' events hands them to its plugins as well;
 * node= says which host's a record is. This host's name there is proven by a
 * record of the plugin that comes back: nobody else can have sent it. At the
 * start and after each reload of auditd, which may have changed the name, the
 * name is in doubt until the record about that has come back. What stands in
 * auditd's queue then still has the old name, so until then lines under the old
 * name are this host's, and lines under a name that is new may be: what depends
 * on that waits for the proof.
 *
 * Takes no memory but for other hosts' names. Not for more than one thread.
 */
#ifndef PVM_NODE_H
#define PVM_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pvm/event.h"

/* Longest name kept, with its NUL; a longer one is known by its start. */
#define PVM_NODE_MAX 256

/* Other hosts' names that are kept; a further one is new after each reload. */
#define PVM_NODES_FOREIGN 64

/* Names that this host had before; they are not remembered as foreign. */
#define PVM_NODES_EARLIER 8

/*
 * New names whose events are remembered while this host's is in doubt, and
 * ranges of serials for each: of more, the lowest are forgotten, and are then
 * missing from the stream.
 */
#define PVM_NODES_NEW 4
#define PVM_NODE_RANGES 256

/* How long the proof is waited for, before the likeliest name is taken. */
#define PVM_NODE_PROOF_MS 30000

enum pvm_whose {
	PVM_OURS,
	PVM_UNSURE, /* ours or not, which the proof will decide */
	PVM_FOREIGN, /* another host's */
};

struct pvm_new_node {
	char name[PVM_NODE_MAX];
	struct pvm_id last; /* newest event */
	struct pvm_node_serials {
		size_t nr;
		struct pvm_range ranges[PVM_NODE_RANGES + 1];
	} events, reported;
};

struct pvm_node {
	bool known; /* there is a name */
	bool proven; /* and it is this host's now */
	bool lenient; /* whatever is not proven foreign is ours */
	char name[PVM_NODE_MAX];
	char likely[PVM_NODE_MAX]; /* a call's two halves have met under it */
	bool has_likely;
	uint64_t doubted_ms; /* since when, CLOCK_MONOTONIC; 0: no line yet */
	struct pvm_new_node new_nodes[PVM_NODES_NEW];
	size_t new_nr;
	char earlier[PVM_NODES_EARLIER][PVM_NODE_MAX]; /* in turn */
	size_t earlier_nr; /* that there were */
	char *foreign[PVM_NODES_FOREIGN];
	size_t foreign_nr;
	size_t foreign_last; /* was asked for last */
};

/*
 * Is given the events of a new name that has turned out to be this host's;
 * @reported: not the event has come, but a record that reports it.
 */
typedef void pvm_node_event_fn(void *arg, const struct pvm_id *id,
			       bool reported);

void pvm_node_init(struct pvm_node *node);
void pvm_node_free(struct pvm_node *node);

/*
 * No proof will come, or need not: until one does, every line is this host's
 * whose name was not proven to be another one's.
 */
void pvm_node_be_lenient(struct pvm_node *node);

/* The name that a predecessor knew; it is not proven. */
void pvm_node_inherit(struct pvm_node *node, const char *name);

/* The name may have changed, once more if it is in doubt already. */
void pvm_node_doubt(struct pvm_node *node);

/* Whose is a line with the @len bytes @name in node=? None there: 0 bytes. */
enum pvm_whose pvm_node_whose(struct pvm_node *node, const char *name,
			      size_t len);

/*
 * Whose is a line that has waited since it was not known to be another host's?
 * What had this host's name then is this host's, whatever that is now.
 */
enum pvm_whose pvm_node_whose_waited(struct pvm_node *node, const char *name,
				     size_t len);

/* The event @id has come under a name of which we are unsure. */
void pvm_node_remember(struct pvm_node *node, const char *name, size_t len,
		       const struct pvm_id *id, uint64_t now_ms);

/* A predecessor's record has, which reports the event @id. */
void pvm_node_remember_reported(struct pvm_node *node, const char *name,
				size_t len, const struct pvm_id *id);

/* Are there events of which the proof will decide whose they are? */
bool pvm_node_waits(const struct pvm_node *node);

/* A call's capture has met its SYSCALL record under that name. */
void pvm_node_suspect(struct pvm_node *node, const char *name, size_t len);

/*
 * That name is this host's. @fn is given what has come under it meanwhile, in
 * ascending order, and then what was reported, likewise.
 */
void pvm_node_prove(struct pvm_node *node, const char *name, size_t len,
		    pvm_node_event_fn *fn, void *arg);

/* Where the proof is overdue, the likeliest name is taken for proven. */
void pvm_node_expire(struct pvm_node *node, uint64_t now_ms,
		     pvm_node_event_fn *fn, void *arg);

#endif
