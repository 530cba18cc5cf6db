/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * lifecycle.h - a pipeline's start, reload and end
 */
#ifndef PVM_LIFECYCLE_H
#define PVM_LIFECYCLE_H

#include <stddef.h>

#include "pipeline.h"

/*
 * Take over from an earlier process, and attach: what needs privileges, and
 * what may have to wait. Probes that cannot be had are logged, and the pipeline
 * works without them.
 * Returns NULL with one sentence in @why.
 */
struct pvm_pipeline *pvm_lifecycle_open(
	const struct pvm_config *config,
	const struct pvm_pipeline_options *options, char *why, size_t why_size);

/*
 * Give up privileges, start the sending and the file thread. There must be no
 * other thread. Returns 0, or -errno with one sentence in @why, and @pipeline
 * is no more.
 */
int pvm_lifecycle_start(struct pvm_pipeline *pipeline, char *why,
			size_t why_size);

/* Use @config from now on; logs what takes effect only at the next start. */
void pvm_lifecycle_reload(struct pvm_pipeline *pipeline,
			  const struct pvm_config *config);

/*
 * Record what waits, send what is queued for @timeout_ms at most, let go of
 * everything. Returns the number of records that could not be sent.
 */
unsigned int pvm_lifecycle_close(struct pvm_pipeline *pipeline,
				 unsigned int timeout_ms);

#endif
