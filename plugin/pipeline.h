/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pipeline.h - the steps in their order, from the kernel back to audit
 *
 *   probes -> capture --.
 *                        join -> fold -> record -> inject
 *   feed -> syscall ----'
 *
 * Beside them all account keeps the books: what is lost on the way, and what
 * inject has sent and not seen again.
 *
 * The one place that knows all of them. Everything here runs on the thread
 * that calls it; only what inject queues leaves for another.
 */
#ifndef PVM_PIPELINE_H
#define PVM_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "process/config.h"
#include "input/readahead.h"

struct pvm_pipeline;

struct pvm_pipeline_options {
	bool probes; /* attach the probes; else records say why=no-probes */
	bool print; /* records to stdout instead of to audit */
	bool auditd; /* auditd has started us, so it is there */
};

/*
 * Take over from an earlier process, and attach: what needs privileges, and
 * what can have to wait. Probes that cannot be had are logged, and the
 * pipeline works without them.
 * Returns NULL when there is no memory.
 */
struct pvm_pipeline *pvm_pipeline_open(
	const struct pvm_config *config,
	const struct pvm_pipeline_options *options);

/*
 * Give up privileges, start the sending thread. There must be no other thread.
 * Returns 0, or -errno with one sentence in @why, and @pipeline is no more.
 */
int pvm_pipeline_start(struct pvm_pipeline *pipeline,
		       const struct pvm_pipeline_options *options, char *why,
		       size_t why_size);

/*
 * Write what waits, send what is queued for @timeout_ms at most, let go of
 * everything. Returns the number of records that could not be sent.
 */
unsigned int pvm_pipeline_close(struct pvm_pipeline *pipeline,
				unsigned int timeout_ms);

/* Readable when captures have gathered; -1 without probes. */
int pvm_pipeline_probes_fd(const struct pvm_pipeline *pipeline);

/*
 * Read @fd once and handle what came. Returns as read(2) does, with -errno.
 */
ssize_t pvm_pipeline_read(struct pvm_pipeline *pipeline, int fd);

/*
 * Handle what @readahead, which is stopped, has gathered, and free that. If
 * whoever wrote it is gone, a call without its SYSCALL record is not told of
 * from then on: that comes to the next process.
 */
void pvm_pipeline_take(struct pvm_pipeline *pipeline,
		       struct pvm_readahead *readahead);

/* Take what the probes have, and write what has waited long enough. */
void pvm_pipeline_tick(struct pvm_pipeline *pipeline);

/* Use @config from now on; logs what takes effect only at the next start. */
void pvm_pipeline_reload(struct pvm_pipeline *pipeline,
			 const struct pvm_config *config);

/* The state report, to @file. */
void pvm_pipeline_report(struct pvm_pipeline *pipeline, FILE *file);

#endif
