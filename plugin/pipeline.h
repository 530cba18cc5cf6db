/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * pipeline.h - the steps in their order, from the kernel back to audit
 *
 *   probes -> capture ---------.
 *                               join -> fold -> record -> inject
 *   feed -> syscall_record ----'
 *
 * Beside them all the ledger keeps account: what is in flight, and what is
 * lost on the way. lifecycle.h sets the steps up and takes them down; here is
 * what happens to one line and to one capture. Everything runs on the thread
 * that calls it; only what is queued for inject leaves for another.
 */
#ifndef PVM_PIPELINE_H
#define PVM_PIPELINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "call/early.h"
#include "call/fold.h"
#include "call/join.h"
#include "input/feed.h"
#include "input/readahead.h"
#include "input/syscall_record.h"
#include "kernel/capture.h"
#include "kernel/probes.h"
#include "ledger/ledger.h"
#include "process/config.h"
#include "process/files.h"
#include "process/privileges.h"
#include "process/state.h"
#include "send/inject.h"

struct pvm_pipeline_options {
	bool probes; /* attach the probes; else records say why=no-probes */
	bool print; /* records to stdout instead of to audit */
	bool auditd; /* auditd has started us, so it is there */
};

/* Its members are for lifecycle.c and report.c; others use the functions. */
struct pvm_pipeline {
	struct pvm_pipeline_options options;
	struct pvm_config config;
	struct pvm_probes *probes; /* NULL without */
	struct pvm_captures *captures;
	struct pvm_parser *parser;
	struct pvm_join *join;
	struct pvm_early *early;
	struct pvm_fold *fold;
	struct pvm_inject *inject; /* NULL before the start */
	struct pvm_ledger *ledger;
	struct pvm_files *files; /* NULL before the start */
	uint64_t now_ms; /* when something came last */
	uint64_t settled_ms;
	uint64_t backlog; /* calls that it is known to have cost */
	/* calls left to the next process that its gaps do not show it */
	struct pvm_missing left;
	struct pvm_span beyond; /* and those that the stream has not come to */
	bool ended; /* auditd has closed its end, and all is read */
	bool flushed; /* at the end: no call is recorded any more */
	uint64_t end_ms; /* until then early calls are waited for; 0: never */
	bool flooded; /* since memory was given back */
	bool auditd_gone; /* while the plugin was held up */
	struct pvm_pipeline_counters counters;
	uint64_t start_ns; /* CLOCK_REALTIME; start= of our records */
	uint64_t reloads; /* since the start */
	uint32_t pid; /* in our own records */
	int32_t parent; /* that has started us: auditd, where it has */
	struct pvm_sandbox sandbox;
	struct pvm_feed feed;
};

/* Set up what only takes memory. Returns 0 or -ENOMEM. */
int pvm_pipeline_open_steps(struct pvm_pipeline *pipeline);
void pvm_pipeline_free_steps(struct pvm_pipeline *pipeline);

/* The probes have a ring record; @arg is the pipeline. */
void pvm_pipeline_take_capture(void *arg, const void *data, size_t size);

/* Readable when captures have gathered; -1 without probes. */
int pvm_pipeline_probes_fd(const struct pvm_pipeline *pipeline);

/*
 * Read @fd once and handle what came. Returns as read(2) does, with -errno.
 */
ssize_t pvm_pipeline_read(struct pvm_pipeline *pipeline, int fd);

/*
 * Handle what @readahead, which is stopped, has gathered, and free that. If
 * auditd has closed its end, calls still missing their SYSCALL record are no
 * longer recorded here: auditd delivers that to the next plugin process, which
 * records them.
 */
void pvm_pipeline_take(struct pvm_pipeline *pipeline,
		       struct pvm_readahead *readahead);

/* Take what the probes have, and record what has waited long enough. */
void pvm_pipeline_tick(struct pvm_pipeline *pipeline);

/* Queue a record about the plugin itself, which finds room in a full queue. */
void pvm_pipeline_write_note(struct pvm_pipeline *pipeline, const char *text);

/* Leave a checkpoint. Returns the calls neither confirmed nor declared. */
uint64_t pvm_pipeline_save(struct pvm_pipeline *pipeline);

/*
 * At the end: record the calls that wait in the join, and wait for the
 * checkpoint, until @end_ms at most. Those of which it does not get the serials
 * by then are left to the next process.
 */
void pvm_pipeline_flush(struct pvm_pipeline *pipeline, uint64_t end_ms);

/*
 * Settle the accounts, and leave a checkpoint. With @all nothing is put off:
 * this is the end.
 */
void pvm_pipeline_settle(struct pvm_pipeline *pipeline, bool all);

/* Of pvm_inject_finished(); @arg is the pipeline. */
void pvm_pipeline_finished(void *arg, uint64_t ticket, int error,
			   uint64_t now_ms);

/* Of the vectors, while the probes are at work. */
enum pvm_source pvm_pipeline_source(const struct pvm_pipeline *pipeline);

#endif
