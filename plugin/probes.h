/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probes.h - the probes in the running kernel: found, attached, drained
 *
 * Owns the BPF object, its links and the ring buffer. They are held by file
 * descriptors alone: with the plugin gone, nothing of it stays in the kernel.
 */
#ifndef PVM_PROBES_H
#define PVM_PROBES_H

#include <stddef.h>
#include <stdint.h>

#include "pvm/wire.h"

struct pvm_probes;

/* One ring record; @data is borrowed until the function returns. */
typedef void pvm_probes_fn(void *arg, const void *data, size_t size);

/*
 * Load and attach. @ring_size in bytes, a power of two and a multiple of the
 * page size. Needs CAP_BPF, CAP_PERFMON and CAP_SYSLOG (or CAP_SYS_ADMIN).
 * Returns the probes, or NULL with one sentence in @why that says what is in
 * the way and what to do about it.
 */
struct pvm_probes *pvm_probes_open(size_t ring_size, pvm_probes_fn *fn,
				   void *arg, char *why, size_t why_size);
void pvm_probes_close(struct pvm_probes *probes);

/* Readable once enough has gathered in the ring. */
int pvm_probes_fd(const struct pvm_probes *probes);

/* Hand on every record that is in the ring. */
void pvm_probes_drain(struct pvm_probes *probes);

/* The kernel's counters, summed over the CPUs. */
void pvm_probes_counters(const struct pvm_probes *probes,
			 uint64_t sums[PVM_K_COUNTERS]);

#endif
