// SPDX-License-Identifier: GPL-2.0-or-later
/* counters.c - see counters.h */
#include <stdbool.h>
#include <string.h>

#include "kernel/counters.h"

void pvm_counters_sum(const struct pvm_wire_counters *rows,
		      uint64_t sums[PVM_K_COUNTERS])
{
	for (int i = 0; i < PVM_K_COUNTERS; i++) {
		sums[i] = 0;
		for (int row = 0; row < PVM_COUNTER_ROWS; row++)
			sums[i] += __atomic_load_n(&rows[row].n[i],
						   __ATOMIC_RELAXED);
	}
}

static struct pvm_wire_moment load_moment(const struct pvm_wire_moment *from)
{
	return (struct pvm_wire_moment){
		.ms = __atomic_load_n(&from->ms, __ATOMIC_RELAXED),
		.serial = __atomic_load_n(&from->serial, __ATOMIC_RELAXED),
	};
}

static bool is_earlier(const struct pvm_wire_moment *one,
		       const struct pvm_wire_moment *other)
{
	if (one->serial || other->serial)
		return one->serial < other->serial;
	return one->ms < other->ms;
}

void pvm_counters_span(const struct pvm_wire_counters *rows,
		       enum pvm_kernel_loss which, struct pvm_wire_span *span)
{
	memset(span, 0, sizeof(*span));
	for (int row = 0; row < PVM_COUNTER_ROWS; row++) {
		const struct pvm_wire_span *lost = &rows[row].lost[which];
		struct pvm_wire_moment first = load_moment(&lost->first);
		struct pvm_wire_moment last = load_moment(&lost->last);

		if (!first.ms || !last.ms)
			continue;
		if (!span->first.ms || is_earlier(&first, &span->first))
			span->first = first;
		if (is_earlier(&span->last, &last))
			span->last = last;
	}
}
