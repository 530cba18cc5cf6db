/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fold.h - of calls that repeat each other, the first are told one by one,
 * the rest by one record
 *
 * Calls are of one kind when their records would differ in nothing but the
 * event, the thread, the vectors, the mappings and the number of bytes: the
 * same caller, target and arguments, and the same errno. The first call of a
 * kind begins a window of time. In it a fixed number of calls is written one
 * by one, and so is each that reaches a mapping which none has named before:
 * a flood of reads from the heap does not hide the one from a key's file. The
 * other ones are held together, and written at the window's end. Then the
 * kind is forgotten, and its next call is the first of a new window.
 *
 * The serial of every call held is kept, so that each is accounted for by its
 * own id. When their list would no longer fit into a record, what is held is
 * written ahead of time.
 *
 * Not for more than one thread.
 */
#ifndef PVM_FOLD_H
#define PVM_FOLD_H

#include <stdint.h>

#include "pvm/event.h"

/* Kinds that have a window at a time; the oldest one makes room. */
#define PVM_FOLD_GROUPS 256

/*
 * What all kinds may hold in bytes; the oldest makes room. One takes some 1.5
 * KB when its calls are small and their serials stand in rows, 4 KB more when
 * none does, and 90 KB at worst, with the longest lists and names.
 */
#define PVM_FOLD_BYTES (2u << 20)

/* Ranges of serials that one record tells. */
#define PVM_FOLD_SERIALS 256

/* To be told of: a call, or those that @access->folded is about. Borrowed. */
typedef void pvm_fold_fn(void *arg, const struct pvm_access *access);

struct pvm_fold;

struct pvm_fold_counters {
	uint64_t written; /* calls told by records of their own */
	uint64_t folded; /* calls told together with others */
	uint64_t records; /* that told of those */
	uint64_t evicted; /* windows ended early, for want of room */
	uint64_t held; /* calls folded, and not told yet */
	unsigned int groups; /* that have a window now */
	unsigned int groups_most; /* most that ever had */
};

/*
 * For up to @max kinds. @after calls of a kind are written one by one, within
 * @window_ms of its first; with 0 every one is. Returns NULL when there is no
 * memory.
 */
struct pvm_fold *pvm_fold_new(unsigned int max, unsigned int after,
			      uint64_t window_ms, pvm_fold_fn *fn, void *arg);

/* Also frees what is held, without telling of it; see pvm_fold_flush(). */
void pvm_fold_free(struct pvm_fold *fold);

/* From now on; windows that are open go by it as well. */
void pvm_fold_set(struct pvm_fold *fold, unsigned int after,
		  uint64_t window_ms);

/*
 * A call's halves, one of which may be NULL, taken over. @now_ms is
 * CLOCK_MONOTONIC, as everywhere. Where memory is short the call is written
 * by itself.
 */
void pvm_fold_take(struct pvm_fold *fold, struct pvm_syscall *syscall,
		   struct pvm_capture *capture, uint64_t now_ms);

/* End the windows whose time is over. */
void pvm_fold_expire(struct pvm_fold *fold, uint64_t now_ms);

/* End all windows: tell of everything held. */
void pvm_fold_flush(struct pvm_fold *fold);

/* Add all calls that are held to @span. */
void pvm_fold_pending(const struct pvm_fold *fold, struct pvm_span *span);

const struct pvm_fold_counters *pvm_fold_counters(const struct pvm_fold *fold);

#endif
