/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * store.h - what the log says: its nodes, every audited call by its id, and the
 * losses that the plugin declared
 *
 * match.h fills it, the equation of --verify reads it. It grows by about 50
 * bytes with each call, by about 80 more for as long as the call has no record
 * and 150 where its details are wanted, and by the text of a folded record of
 * which calls have not come yet.
 *
 * Serials begin anew at each boot, so a serial alone names several calls.
 */
#ifndef AUPVM_STORE_H
#define AUPVM_STORE_H

#include "lib/slice.h"
#include "match/access.h"
#include "match/boots.h"
#include "match/details.h"
#include "util/strings.h"

/*
 * Clocks step, and calls take time: how far, in ms, the time of a folded or
 * lost call may be from what its record says, before its serial must be that
 * of another boot.
 */
#define BOOT_SLACK_MS (3600 * UINT64_C(1000))

/*
 * How long before the end of a log, in ms, a call may have no record because
 * the plugin still holds it: join_timeout, fold_window, and the two minutes
 * after which it gives a record up, with some seconds for each.
 */
#define PENDING_MS (150 * UINT64_C(1000))

/* Architectures without a known call that are counted each by itself. */
#define STRANGE_MAX 16

struct facts; /* see facts.h */

struct call {
	uint64_t serial;
	uint64_t ms; /* time of the event */
	/*
	 * Of the SYSCALL record while the call has no record of ours, of ours
	 * while it has no SYSCALL record; owned, freed with facts_free(). Or
	 * NULL.
	 */
	struct facts *facts;
	uint32_t node;
	uint32_t session;
	uint32_t boot; /* in which the log has it, by number */
	uint8_t enriched, folded; /* by so many records; stops at 255 */
	bool audited; /* its SYSCALL record is in the log */
	bool incomplete; /* parts of its record are missing */
	bool no_syscall; /* its record says why=no-syscall */
	uint8_t plugin; /* enum plugin_state when it was audited */
	bool titled; /* its PROCTITLE record is in the log */
	uint16_t differs; /* facts, by bit: its records say otherwise */
	uint8_t fate; /* enum fate, once the equation is made */
};

struct calls {
	struct call *call;
	uint32_t nr;
	uint32_t *slot; /* number + 1 of a call, or 0 */
	uint64_t slots;
};

enum plugin_state {
	PLUGIN_UNKNOWN, /* no record of it in this boot: taken as not running */
	PLUGIN_RUNS,
	PLUGIN_STOPPED, /* what follows is the next one's to declare */
};

struct node {
	enum plugin_state plugin;
	uint32_t pid; /* of the plugin that has stopped */
	uint64_t start; /* start= of the newest plugin; 0: not known */
	uint32_t calls_nr; /* that were there when a plugin last came up */
	struct boots boots;
	bool concerned; /* has calls, or records like ours */
	uint64_t newest_ms; /* of all its events */
	uint64_t renamed; /* calls whose records are under another name */
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
	bool open; /* to the end of its boot, which is over */
	uint32_t boot; /* whose events they are */
	struct pvm_id first, last;
	uint64_t count; /* calls, at most */
};

/* SYSCALL records of an architecture of which we do not know the calls. */
struct strange {
	uint32_t node, arch;
	bool x32; /* of those with arch, x32's alone */
	uint64_t count;
};

/* A folded record ahead of the SYSCALL records of some of its calls. */
struct late_fold {
	struct access access; /* its fields are in message */
	char *message; /* owned */
	uint32_t calls_nr; /* in the log when it came */
	uint64_t seen, compared, bytes; /* of them; see folded.c */
	bool detailed; /* some of them have shown the details */
};

struct store {
	access_fn *emit; /* gets every access; NULL: nobody wants to see them */
	void *arg; /* of emit */
	bool detailed; /* emit is to get details.h's, too */
	struct strings nodes; /* their names, by number */
	struct node *node; /* by the same number */
	struct strings names; /* tokens of unenriched calls; reasons */
	struct calls calls;
	struct calls foreign; /* records like ours that others have sent */
	struct late_details late_details;
	struct late_fold *late;
	size_t late_nr;
	struct lost *lost;
	size_t lost_nr;
	struct strings losses; /* words of them, each once */
	struct strange strange[STRANGE_MAX]; /* the last one also for others */
	size_t strange_nr;
};

/* A store with no more than emit, arg and detailed set is an empty one. */
void store_free(struct store *store);

/* An access of the call @id of @node, with nothing else set. */
struct access store_access(const struct store *store, uint32_t node,
			   const struct pvm_id *id);

/* Set what follows from the fields of @access, and hand it to emit. */
void store_emit(const struct store *store, struct access *access);

/* A zeroed struct calls is an empty one. */
void calls_free(struct calls *calls);

/*
 * The call with this id, made when it is not there yet. The pointer holds
 * until the next one is made.
 */
struct call *calls_put(struct calls *calls, uint32_t node,
		       const struct pvm_id *id);

/*
 * The call of @node with this serial whose time is nearest to the span of
 * milliseconds from @from to @to and at most @slack outside it, or NULL.
 */
struct call *calls_find_near(const struct calls *calls, uint32_t node,
			     uint64_t serial, uint64_t from, uint64_t to,
			     uint64_t slack);

/* Both records of the call are here, or no further one is awaited. */
void call_drop_facts(struct call *call);

/* One more record speaks for a call. */
static inline void call_add_one(uint8_t *count)
{
	if (*count < UINT8_MAX)
		++*count;
}

static inline struct pvm_id call_id(const struct call *call)
{
	return (struct pvm_id){call->ms / 1000, (uint32_t)(call->ms % 1000),
			       call->serial};
}

static inline bool call_is_accounted(const struct call *call)
{
	return call->enriched || call->folded;
}

#endif
