/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * state.h - what the plugin has done, in numbers
 *
 * The pipeline's own counters, and the report of everybody's, one
 * "name = value" a line.
 */
#ifndef PVM_STATE_H
#define PVM_STATE_H

#include <stdint.h>
#include <stdio.h>

#define PVM_STATE_DIRECTORY "/run/audit"
#define PVM_STATE_FILE PVM_STATE_DIRECTORY "/pvm.state"

/* Names as they stand in the report; each is described in audisp-pvm(8). */
#define PVM_PIPELINE_COUNTERS(X) \
	X(lines)                 \
	X(dropped)               \
	X(calls)                 \
	X(other_node)            \
	X(garbage)               \
	X(nul)                   \
	X(overlong)              \
	X(malformed)             \
	X(records)               \
	X(recorded)              \
	X(already_recorded)      \
	X(early_full)            \
	X(confirmed)

struct pvm_pipeline_counters {
#define X(name) uint64_t name;
	PVM_PIPELINE_COUNTERS(X)
#undef X
};

void pvm_state_pipeline(FILE *file,
			const struct pvm_pipeline_counters *counters);

/* One line of the report. */
void pvm_state_number(FILE *file, const char *name, uint64_t value);

/*
 * To be called before the privilege to make it is given up. Returns 0 or
 * -errno.
 */
int pvm_state_make_directory(void);

/*
 * Replace PVM_STATE_FILE by what @write puts out, whole or not at all.
 * Returns 0 or -errno.
 */
int pvm_state_save(void (*write)(FILE *file, void *arg), void *arg);

#endif
