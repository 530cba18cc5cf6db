/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * counters.h - what the probes have counted, all CPUs together
 *
 * The rows are memory that the kernel writes at the same time.
 */
#ifndef PVM_COUNTERS_H
#define PVM_COUNTERS_H

#include <stdint.h>

#include "pvm/wire.h"

/* Since the probes were attached. @rows: PVM_COUNTER_ROWS of them. */
void pvm_counters_sum(const struct pvm_wire_counters *rows,
		      uint64_t sums[PVM_K_COUNTERS]);

/* The first and the last call lost so; all zero when none was. */
void pvm_counters_span(const struct pvm_wire_counters *rows,
		       enum pvm_kernel_loss which, struct pvm_wire_span *span);

#endif
