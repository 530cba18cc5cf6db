/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * capture.h - ring buffer records to struct pvm_capture
 *
 * Owns the long lists that came ahead of their call, piece by piece.
 */
#ifndef PVM_CAPTURE_H
#define PVM_CAPTURE_H

#include <stddef.h>
#include <stdint.h>

#include "pvm/event.h"

/*
 * Long lists kept at a time, up to 16 KB each. They come right ahead of their
 * call, so no more wait here than CPUs send at one moment, five each; what is
 * left of a call that had no room itself makes room as the oldest.
 */
#define PVM_KEPT_MAX 128

struct pvm_captures;

/* With their names in the state report. */
#define PVM_CAPTURE_COUNTERS(X)                             \
	/* captures made */                                 \
	X(calls, "captures")                                \
	/* records that make no sense; a fault of ours */   \
	X(malformed, "capture_malformed")                   \
	/* long lists that were not there for their call */ \
	X(list_lost, "capture_list_lost")                   \
	/* calls dropped */                                 \
	X(no_memory, "capture_no_memory")

struct pvm_capture_counters {
#define X(counter, name) uint64_t counter;
	PVM_CAPTURE_COUNTERS(X)
#undef X
};

/* Returns NULL when there is no memory. */
struct pvm_captures *pvm_captures_new(void);
void pvm_captures_free(struct pvm_captures *captures);

/*
 * One ring record, @size bytes at @data (8-byte aligned).
 * Returns a capture, the caller's to free(), once a call is complete with
 * it; else NULL.
 */
struct pvm_capture *pvm_captures_take(struct pvm_captures *captures,
				      const void *data, size_t size);

const struct pvm_capture_counters *pvm_captures_counters(
	const struct pvm_captures *captures);

#endif
