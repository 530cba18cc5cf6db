// SPDX-License-Identifier: GPL-2.0-or-later
/* lifecycle.c - see lifecycle.h */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input/readahead.h"
#include "kernel/audit_status.h"
#include "kernel/counters.h"
#include "ledger/checkpoint.h"
#include "lifecycle.h"
#include "lib/clock.h"
#include "process/log.h"
#include "process/privileges.h"
#include "process/selinux.h"
#include "record/notes.h"

/* How long, at the end, the file thread is waited for at a time. */
#define FILES_TIMEOUT_MS 500

/* And how long auditd's end, once it has closed ours. */
#define AUDITD_END_MS 200

/* Then the log has it. */
static bool selinux_is_why(const char *why)
{
	char refused[512];

	return pvm_selinux_explain(refused, sizeof(refused)) &&
	       !strcmp(why, refused) && pvm_selinux_refuses(-EACCES);
}

static void open_probes(struct pvm_pipeline *pipeline)
{
	const struct pvm_config *config = &pipeline->config;
	char why[512];

	/* they capture calls from now on */
	pipeline->now_ms = pvm_now_ms();
	pipeline->probes = pvm_probes_open(config->source,
					   (size_t)config->ring_size * 1024,
					   pvm_pipeline_take_capture, pipeline,
					   why, sizeof(why));
	if (pipeline->probes)
		pvm_log(LOG_INFO, "probes attached, src=%s",
			pvm_source_name(pvm_pipeline_source(pipeline)));
	else if (!selinux_is_why(why))
		pvm_log(LOG_ERR,
			"no probes: %s; until then records carry src=none "
			"why=no-probes",
			why);
}

/*
 * Would probes capture anything? Not for a process that auditd has started in
 * the middle of its own end, and of which it has closed stdin already.
 */
static bool wants_probes(const struct pvm_pipeline *pipeline)
{
	const struct pvm_pipeline_options *options = &pipeline->options;

	if (!options->probes || pipeline->config.source == PVM_SOURCE_NONE)
		return false;
	if (!options->auditd || !pvm_readahead_has_ended(STDIN_FILENO))
		return true;
	pvm_log(LOG_INFO, "auditd has ended already: no probes are attached");
	return false;
}

/*
 * The checkpoint comes first, which waits for an earlier process's end: it is
 * the only one then that captures, and records, the calls until here.
 */
static int attach(struct pvm_pipeline *pipeline)
{
	const struct pvm_pipeline_options *options = &pipeline->options;

	if (options->auditd && !options->print &&
	    pvm_ledger_keep_checkpoint(pipeline->ledger, PVM_CHECKPOINT_FILE))
		return -EBUSY;
	if (wants_probes(pipeline))
		open_probes(pipeline);
	if (!options->auditd && !options->print && pvm_auditd_is_running() != 1)
		pvm_log(LOG_WARNING,
			"no auditd is running, so the records go to the "
			"kernel's log; start auditd, which starts this "
			"program");
	return 0;
}

static void free_pipeline(struct pvm_pipeline *pipeline)
{
	pvm_pipeline_free_steps(pipeline);
	free(pipeline);
}

struct pvm_pipeline *pvm_lifecycle_open(
	const struct pvm_config *config,
	const struct pvm_pipeline_options *options, char *why, size_t why_size)
{
	struct pvm_pipeline *pipeline = calloc(1, sizeof(*pipeline));
	int err = -ENOMEM;

	if (pipeline) {
		pipeline->config = *config;
		pipeline->options = *options;
		pipeline->start_ns = pvm_wall_ns();
		pipeline->pid = (uint32_t)getpid();
		pipeline->parent = getppid();
		err = pvm_pipeline_open_steps(pipeline);
		if (!err)
			err = attach(pipeline);
		if (!err)
			return pipeline;
		free_pipeline(pipeline);
	}
	snprintf(why, why_size, "%s",
		 err == -ENOMEM ? "out of memory"
				: "other processes of it have not ended");
	return NULL;
}

static void drop_privileges(struct pvm_sandbox *sandbox)
{
	char why[512];

	pvm_privileges_drop(sandbox);
	for (enum pvm_layer layer = 0; layer < PVM_LAYERS; layer++) {
		if (sandbox->on[layer] ||
		    pvm_selinux_refuses(sandbox->error[layer]))
			continue;
		pvm_layer_explain(sandbox, layer, why, sizeof(why));
		pvm_log(pvm_layer_is_not_there(sandbox, layer) ? LOG_NOTICE
							       : LOG_WARNING,
			"sandbox without %s (%s): %s", pvm_layer_name(layer),
			strerror(-sandbox->error[layer]), why);
	}
}

/*
 * The first record says since when, and with what, calls are enriched. It and
 * that of a reload, coming back, prove this host's name in the stream.
 */
static void write_start(struct pvm_pipeline *pipeline)
{
	char note[PVM_NOTE_MAX];

	pvm_note_start(note, pvm_pipeline_source(pipeline), pipeline->start_ns);
	pvm_pipeline_write_note(pipeline, note);
}

static void write_reload(struct pvm_pipeline *pipeline)
{
	char note[PVM_NOTE_MAX];

	pvm_note_reload(note, pvm_pipeline_source(pipeline), pipeline->start_ns,
			pipeline->reloads);
	pvm_pipeline_write_note(pipeline, note);
}

int pvm_lifecycle_start(struct pvm_pipeline *pipeline, char *why,
			size_t why_size)
{
	bool print = pipeline->options.print;

	if (!print)
		drop_privileges(&pipeline->sandbox);
	pipeline->files = pvm_files_start();
	if (pipeline->files)
		pipeline->inject = pvm_inject_start(
			pipeline->config.queue_depth, print, why, why_size);
	else
		snprintf(why, why_size, "cannot start a thread (%s)",
			 strerror(errno));
	if (!pipeline->inject) {
		/* it has had no job yet */
		pvm_files_stop(pipeline->files, FILES_TIMEOUT_MS);
		free_pipeline(pipeline);
		return -EIO;
	}
	pvm_ledger_use_files(pipeline->ledger, pipeline->files);
	write_start(pipeline);
	return 0;
}

static void log_fixed(const char *name, uint32_t before, uint32_t after)
{
	if (before != after)
		pvm_log(LOG_NOTICE,
			"%s stays %" PRIu32 " until the plugin is started "
			"again",
			name, before);
}

/* What takes effect only at the next start. */
static void log_all_fixed(const struct pvm_config *now,
			  const struct pvm_config *config)
{
	log_fixed("queue_depth", now->queue_depth, config->queue_depth);
	log_fixed("join_depth", now->join_depth, config->join_depth);
	log_fixed("ring_size", now->ring_size, config->ring_size);
	if (now->source != config->source)
		pvm_log(LOG_NOTICE, "source stays as it is until the plugin is "
				    "started again");
}

static void recheck(struct pvm_probes *probes)
{
	switch (pvm_probes_recheck(probes)) {
	case PVM_VERDICT_GOOD:
		break;
	case PVM_VERDICT_SILENT:
		pvm_log(LOG_ERR,
			"self-test failed: the probes captured nothing of a "
			"known call; see that /proc/sys/kernel/ftrace_enabled "
			"and /sys/kernel/debug/kprobes/enabled are 1");
		break;
	case PVM_VERDICT_PARTLY:
		pvm_log(LOG_ERR,
			"self-test failed: the probes captured some known "
			"calls and missed others; restart auditd, and report "
			"this with uname -a");
		break;
	default:
		pvm_log(LOG_ERR,
			"self-test failed: the probes captured a known call "
			"wrongly; do not trust the records; restart auditd, "
			"and report this with uname -a");
	}
}

void pvm_lifecycle_reload(struct pvm_pipeline *pipeline,
			  const struct pvm_config *config)
{
	struct pvm_config *now = &pipeline->config;

	log_all_fixed(now, config);
	if (pipeline->probes)
		recheck(pipeline->probes);
	now->record_type = config->record_type;
	now->join_timeout = config->join_timeout;
	now->vectors = config->vectors;
	now->fold_after = config->fold_after;
	now->fold_window = config->fold_window;
	pvm_join_set_timeout(pipeline->join, config->join_timeout * 1000ull);
	pvm_fold_set(pipeline->fold, config->fold_after,
		     config->fold_window * 1000ull);
	pvm_ledger_reload(pipeline->ledger, ++pipeline->reloads);
	write_reload(pipeline);
}

static void write_stop(struct pvm_pipeline *pipeline)
{
	char note[PVM_NOTE_MAX];

	pvm_note_stop(note, pipeline->start_ns, pipeline->counters.records);
	pvm_pipeline_write_note(pipeline, note);
}

/*
 * auditd also closes its end when an administrator has made the plugin
 * inactive, and version 4.2 at each reload: then it goes on, and the log with
 * it. Where it ends itself, it does so a moment later.
 */
static bool auditd_ends(const struct pvm_pipeline *pipeline)
{
	if (!pipeline->options.auditd)
		return true;
	for (int ms = 0; getppid() == pipeline->parent; ms += 10) {
		if (ms >= AUDITD_END_MS)
			return false;
		poll(NULL, 0, 10);
	}
	return true;
}

/*
 * Whatever stands in auditd's log by now has been captured ahead of it, if all
 * captures had room.
 */
static bool knows_all_calls(const struct pvm_pipeline *pipeline)
{
	uint64_t sums[PVM_K_COUNTERS];

	if (!pipeline->ended || !pipeline->probes || !auditd_ends(pipeline))
		return false;
	pvm_counters_sum(pvm_probes_counters(pipeline->probes), sums);
	return !sums[PVM_K_RING_FULL] && !sums[PVM_K_TABLE_FULL];
}

unsigned int pvm_lifecycle_close(struct pvm_pipeline *pipeline,
				 unsigned int timeout_ms)
{
	unsigned int unsent;
	bool back;

	if (pipeline->probes)
		pvm_probes_drain(pipeline->probes);
	pvm_pipeline_flush(pipeline, pvm_now_ms() + FILES_TIMEOUT_MS);
	if (knows_all_calls(pipeline))
		pvm_ledger_end(pipeline->ledger);
	pvm_pipeline_settle(pipeline, true);
	write_stop(pipeline);
	unsent = pvm_inject_stop(pipeline->inject, timeout_ms,
				 pvm_pipeline_finished, pipeline);
	back = pvm_ledger_wait(pipeline->ledger, FILES_TIMEOUT_MS);
	if (back)
		pvm_pipeline_save(pipeline);
	/* a job that hangs still uses what it has */
	if (pvm_files_stop(pipeline->files, back ? FILES_TIMEOUT_MS : 0))
		free_pipeline(pipeline);
	return unsent;
}
