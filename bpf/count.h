/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * count.h - the kernel's counters, and what is kept of lost calls
 */
#ifndef PVM_COUNT_H
#define PVM_COUNT_H

#include "pvm/wire.h"

/*
 * Mapped by the plugin, so that reading them takes no privilege. CPUs share
 * rows on machines with more than that many, hence the atomic addition.
 */
struct pvm_wire_counters counters[PVM_COUNTER_ROWS];

static __always_inline void count(enum pvm_kernel_counter which)
{
	__u32 row = bpf_get_smp_processor_id() % PVM_COUNTER_ROWS;

	__sync_fetch_and_add(&counters[row].n[which], 1);
}

static __always_inline bool is_earlier(const struct pvm_wire_moment *one,
				       const struct pvm_wire_moment *other)
{
	if (one->serial || other->serial)
		return one->serial < other->serial;
	return one->ms < other->ms;
}

/* A call is lost whose event has this time and, unless 0, this serial. */
static __always_inline void note_loss(enum pvm_kernel_loss which, __u64 sec,
				      __u32 nsec, __u32 serial)
{
	__u32 row = bpf_get_smp_processor_id() % PVM_COUNTER_ROWS;
	struct pvm_wire_span *span = &counters[row].lost[which];
	struct pvm_wire_moment now = {sec * 1000 + nsec / 1000000, serial, 0};

	if (!span->first.ms || is_earlier(&now, &span->first))
		span->first = now;
	if (!is_earlier(&now, &span->last))
		span->last = now;
}

#endif
