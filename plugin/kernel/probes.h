/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * probes.h - the probes in the running kernel: found, attached, drained
 *
 * Owns the BPF object, its links and the ring buffer. They are held by file
 * descriptors alone: with the plugin gone, nothing of it stays in the kernel.
 */
#ifndef PVM_PROBES_H
#define PVM_PROBES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "kernel/calibrate.h"
#include "kernel/explain.h"
#include "pvm/event.h"

struct pvm_probes;

/* One ring record; @data is borrowed until the function returns. */
typedef void pvm_probes_fn(void *arg, const void *data, size_t size);

/*
 * Load, attach and try the probes; @best is the best source of vectors to
 * try, PVM_SOURCE_KERNEL or PVM_SOURCE_USER. What cannot be had is logged, and
 * the next best is taken. @ring_size in bytes, a power of two and a multiple
 * of the page size. Needs CAP_BPF, CAP_PERFMON and CAP_SYSLOG (or
 * CAP_SYS_ADMIN), and the process's first thread.
 * Returns the probes, or NULL with one sentence in @why that says what prevents
 * them and what to do about it.
 */
struct pvm_probes *pvm_probes_open(enum pvm_source best, size_t ring_size,
				   pvm_probes_fn *fn, void *arg, char *why,
				   size_t why_size);

/* Where the vectors come from. */
enum pvm_source pvm_probes_source(const struct pvm_probes *probes);

/* Were the ids of events right when they were tried? Never wrong. */
enum pvm_stamp pvm_probes_stamp(const struct pvm_probes *probes);

/*
 * Try them again, on the process's first thread; needs no privilege, and so
 * leaves the stamp out. Returns PVM_VERDICT_GOOD, _WRONG_CALL or _SILENT.
 */
enum pvm_verdict pvm_probes_recheck(struct pvm_probes *probes);

void pvm_probes_close(struct pvm_probes *probes);

/* Readable once enough has gathered in the ring. */
int pvm_probes_fd(const struct pvm_probes *probes);

/* Hand on every record that is in the ring. */
void pvm_probes_drain(struct pvm_probes *probes);

/* Where exactly: "core", "call-sites" or "caller". */
const char *pvm_probes_way(const struct pvm_probes *probes);

/* The places that are probed, and how: " kprobe:NAME kprobe:NAME+0x1f
 * fentry:NAME".
 */
void pvm_probes_print(const struct pvm_probes *probes, FILE *file);

/*
 * How often the kernel has skipped one of the probes, as far as it counts
 * that: for fentry, and for kprobes since Linux 6.7. Returns 0, or -errno where
 * reading it takes a privilege that has been given up (before 5.19).
 */
int pvm_probes_missed(const struct pvm_probes *probes, uint64_t *missed);

/* The kernel's counters, PVM_COUNTER_ROWS of them; see counters.h. */
const struct pvm_wire_counters *pvm_probes_counters(
	const struct pvm_probes *probes);

#endif
