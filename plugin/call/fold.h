/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fold.h - rate-limit repeated calls: the first N of a group get a record each,
 * the rest share one
 *
 * The first call of a group (group.h) begins a window of time. In it a fixed
 * number of calls gets a record each, and so does every call that reaches a
 * mapping which no earlier one has reached: a flood of reads from the heap does
 * not hide the one from a key's file. The fold holds the other calls, and
 * writes one record for all of them at the window's end. Then it forgets the
 * group, whose next call begins a new window. So does a call that reaches a
 * mapping which the group has no room to remember: the window ends ahead of it.
 * Who makes that happen again and again would have a record of each call: after
 * a few such windows in a row the mappings without room share places, as they
 * do in a loose group (below), and the record says that it is cut.
 *
 * When the list of their serials might no longer fit into a record, the calls
 * that are held are written before the window's end.
 *
 * Not for more than one thread.
 */
#ifndef PVM_FOLD_H
#define PVM_FOLD_H

#include <stddef.h>
#include <stdint.h>

#include "pvm/event.h"

/* Groups that can have a window at a time; a new one evicts the oldest. */
#define PVM_FOLD_GROUPS 256

/*
 * Most of them that one process makes by what it can change at will. Further
 * calls are compared by the rest; see group.h. A group of such calls is loose.
 */
#define PVM_FOLD_GROUPS_OF_ONE 16

/* Windows in a row that a mapping without room ends, before they share. */
#define PVM_FOLD_ENDS_IN_A_ROW 4

/*
 * Most bytes that all groups together may hold; the oldest is evicted for what
 * is more. One takes some 1.6 KB when its calls are small and their serials
 * in rows, 6 KB more when they are not, and 90 KB at worst, with the longest
 * lists and names. The mappings that it has reached are at most 9 KB of that.
 */
#define PVM_FOLD_BYTES (2u << 20)

/* Record a call, or those that @access->folded sums up. Borrowed. */
typedef void pvm_fold_fn(void *arg, const struct pvm_access *access);

/*
 * Bytes of text that the list of serials may take in a record of folded calls
 * like @access.
 */
typedef size_t pvm_fold_room_fn(const struct pvm_access *access);

struct pvm_fold;

/* With their names in the state report. */
#define PVM_FOLD_COUNTERS(X)                        \
	/* calls with records of their own */       \
	X(written, "written")                       \
	/* calls recorded together with others */   \
	X(folded, "folded")                         \
	/* records of those */                      \
	X(records, "fold_records")                  \
	/* calls folded, and not recorded yet */    \
	X(held, "fold_held")                        \
	/* groups that have a window now */         \
	X(groups, "fold_groups")                    \
	/* most that ever had */                    \
	X(groups_most, "fold_groups_most")          \
	/* windows ended early, for want of room */ \
	X(evicted, "fold_evicted")

struct pvm_fold_counters {
#define X(counter, name) uint64_t counter;
	PVM_FOLD_COUNTERS(X)
#undef X
};

/*
 * A fold for up to @max groups. Within @window_ms of a group's first call,
 * @after of its calls are written one by one; with 0 every call is. @fn, which
 * gets @arg, writes the records. Returns NULL when there is no memory.
 */
struct pvm_fold *pvm_fold_new(unsigned int max, unsigned int after,
			      uint64_t window_ms,
			      pvm_fold_room_fn *serials_room, pvm_fold_fn *fn,
			      void *arg);

/* Also frees the calls that are held, unrecorded; see pvm_fold_flush(). */
void pvm_fold_free(struct pvm_fold *fold);

/* Change the options, for open windows as well. */
void pvm_fold_set(struct pvm_fold *fold, unsigned int after,
		  uint64_t window_ms);

/*
 * Take over a call's halves, one of which may be NULL. @now_ms is
 * CLOCK_MONOTONIC, as everywhere. Without memory the call is written by itself.
 */
void pvm_fold_take(struct pvm_fold *fold, struct pvm_syscall *syscall,
		   struct pvm_capture *capture, uint64_t now_ms);

/* End the windows whose time is over. */
void pvm_fold_expire(struct pvm_fold *fold, uint64_t now_ms);

/* End all windows: record everything held. */
void pvm_fold_flush(struct pvm_fold *fold);

/* Add to @span every call that is held. */
void pvm_fold_pending(const struct pvm_fold *fold, struct pvm_span *span);

const struct pvm_fold_counters *pvm_fold_counters(const struct pvm_fold *fold);

#endif
