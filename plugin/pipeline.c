// SPDX-License-Identifier: GPL-2.0-or-later
/* pipeline.c - see pipeline.h */
#define _GNU_SOURCE /* memmem */
#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger/ledger.h"
#include "kernel/audit_status.h"
#include "kernel/capture.h"
#include "process/clock.h"
#include "kernel/counters.h"
#include "input/feed.h"
#include "call/fold.h"
#include "send/inject.h"
#include "call/join.h"
#include "ledger/checkpoint.h"
#include "process/log.h"
#include "pipeline.h"
#include "process/privileges.h"
#include "kernel/probes.h"
#include "record/notes.h"
#include "pvm/record.h"
#include "pvm/version.h"
#include "report.h"
#include "lib/slice.h"
#include "process/state.h"
#include "input/syscall_record.h"

/* Between two looks at the books. */
#define SETTLE_MS 200

/* Calls in hand that make a flood: their memory is worth giving back. */
#define FLOOD 256

struct pvm_pipeline {
	struct pvm_config config;
	struct pvm_probes *probes; /* NULL without */
	struct pvm_captures *captures;
	struct pvm_parser *parser;
	struct pvm_join *join;
	struct pvm_fold *fold;
	struct pvm_inject *inject;
	struct pvm_ledger *ledger;
	uint64_t now_ms; /* when something came last */
	uint64_t settled_ms;
	uint64_t backlog; /* calls that it is known to have cost */
	bool flooded; /* since memory was given back */
	bool overtaken; /* auditd ended while the plugin was held up */
	struct pvm_pipeline_counters counters;
	uint64_t start_ns; /* CLOCK_REALTIME */

	uint32_t pid; /* in our own records */
	char *node; /* this host's node=, once known */

	struct pvm_feed feed;
};

/* Count a thing that is wrong with the stream, and tell of its first time. */
static void note_fault(uint64_t *counter, const char *name, const char *what)
{
	if (!(*counter)++)
		pvm_log(LOG_WARNING,
			"stdin: %s; skipped, and from now on counted as %s in "
			"the state report",
			what, name);
}

/*
 * An auditd that gathers other hosts' events hands them on as well. Theirs
 * were enriched there; ours are known by what stands in node= of a record
 * that can only be from here.
 */
static void learn_node(struct pvm_pipeline *pipeline, const char *node,
		       size_t len)
{
	if (pipeline->node)
		return;
	pipeline->node = strndup(node, len);
	pvm_ledger_set_node(pipeline->ledger, node, len);
}

/* After a reload of auditd's, lines may carry another name. */
static void forget_node(struct pvm_pipeline *pipeline)
{
	free(pipeline->node);
	pipeline->node = NULL;
}

static bool is_other_node(const struct pvm_pipeline *pipeline, const char *node,
			  size_t len)
{
	return pipeline->node && (strlen(pipeline->node) != len ||
				  memcmp(pipeline->node, node, len));
}

/* Queue a text of ours, or account for its loss. */
static bool queue_text(struct pvm_pipeline *pipeline,
		       const struct pvm_message *message)
{
	int err = pvm_inject_put(pipeline->inject, message);

	if (err && message->why == PVM_LOSSES)
		pvm_ledger_lose_span(pipeline->ledger,
				     err == -ENOMEM ? PVM_LOSS_NO_MEMORY
						    : PVM_LOSS_QUEUE_FULL,
				     &message->span);
	return !err;
}

/* The events that a record of @access tells of. */
static struct pvm_span span_of(const struct pvm_access *access)
{
	const struct pvm_folded *folded = access->folded;
	const struct pvm_id *id = pvm_access_id(access);

	if (folded)
		return (struct pvm_span){folded->count, folded->first,
					 folded->last};
	return (struct pvm_span){1, *id, *id};
}

/*
 * The fold has a call, or several, to be told of. A call of which one part is
 * lost is lost: the others would be no use.
 */
static void write_records(void *arg, const struct pvm_access *told)
{
	struct pvm_pipeline *pipeline = arg;
	struct pvm_access access = *told;
	const char *tty = told->syscall ? told->syscall->tty : "";
	char text[PVM_RECORD_MAX + 1];
	struct pvm_record record;
	struct pvm_message message = {
		.type = (int)pipeline->config.record_type,
		.text = text,
		.tty = strcmp(tty, "(none)") ? tty : "",
		.success = pvm_access_succeeded(told),
		.span = span_of(told),
		.why = PVM_LOSSES,
	};

	access.vectors = pipeline->config.vectors;
	access.probes = pipeline->probes;
	pvm_record_begin(&record, &access);
	while ((message.len = pvm_record_next(&record, text))) {
		if (!queue_text(pipeline, &message))
			return;
		pipeline->counters.records++;
	}
	pipeline->counters.recorded += message.span.count;
}

/*
 * The join has a call ready. It is another process's to tell of where it was
 * another host's after all; and where auditd ended while the plugin was held
 * up, as a SYSCALL record that has not come goes to the next auditd then.
 */
static void take_access(void *arg, struct pvm_syscall *syscall,
			struct pvm_capture *capture)
{
	struct pvm_pipeline *pipeline = arg;
	bool other_node;

	if (syscall && capture)
		learn_node(pipeline, syscall->node, strlen(syscall->node));
	other_node = syscall && is_other_node(pipeline, syscall->node,
					      strlen(syscall->node));
	if (other_node || (!syscall && pipeline->overtaken)) {
		pipeline->counters.other_node += other_node;
		free(syscall);
		free(capture);
		return;
	}
	if (!syscall)
		pvm_ledger_recorded_early(pipeline->ledger, &capture->id);
	pvm_fold_take(pipeline->fold, syscall, capture, pipeline->now_ms);
}

static void take_call(struct pvm_pipeline *pipeline,
		      const struct pvm_line *line)
{
	struct pvm_syscall *syscall;
	const char *why;
	char what[128];

	if (is_other_node(pipeline, line->node.at, line->node.len)) {
		pipeline->counters.other_node++;
		return;
	}
	pipeline->counters.calls++;
	if (pvm_ledger_was_recorded_early(pipeline->ledger, &line->id)) {
		pipeline->counters.already_recorded++;
		return;
	}
	syscall = pvm_parse_syscall(pipeline->parser, line, &why);
	if (!syscall) {
		snprintf(what, sizeof(what), "a SYSCALL record: %s", why);
		note_fault(&pipeline->counters.malformed, "malformed", what);
		pvm_ledger_lose(pipeline->ledger, PVM_LOSS_MALFORMED,
				&line->id);
		return;
	}
	/*
	 * Its capture came before it, unless a probe was skipped then and ran
	 * for the event's next record: so wait, but only where there is hope.
	 */
	pvm_join_syscall(pipeline->join, syscall, pipeline->probes,
			 pipeline->now_ms);
}

/* Is it a record of our own, or a former process's, that has come round? */
static void take_user(struct pvm_pipeline *pipeline,
		      const struct pvm_line *line)
{
	const char *text = line->message.at;
	size_t len = line->message.len;
	struct slice fields = line->fields;
	uint64_t pid;

	if (!slice_skip(&fields, "pid=") ||
	    !slice_take_decimal(&fields, UINT32_MAX, &pid) ||
	    (pid != pipeline->pid &&
	     !pvm_ledger_knows(pipeline->ledger, (uint32_t)pid, line)))
		return;
	if (pid != pipeline->pid) {
		pvm_ledger_confirm_predecessor(pipeline->ledger, (uint32_t)pid,
					       text, len, pipeline->now_ms);
		return;
	}
	pipeline->counters.confirmed++;
	pvm_inject_confirm(pipeline->inject, text, len);
	pvm_ledger_pass_predecessor(pipeline->ledger, pipeline->now_ms);
	if (!pipeline->node && pvm_note_is_from(pipeline->start_ns, text, len))
		learn_node(pipeline, line->node.at, line->node.len);
}

/* A line that makes no sense may have been one of the calls'. */
static void lose_line(struct pvm_pipeline *pipeline,
		      const struct pvm_line *line)
{
	pvm_ledger_lose(pipeline->ledger, PVM_LOSS_MALFORMED,
			line->numbered ? &line->id : NULL);
}

static void take_fault(struct pvm_pipeline *pipeline,
		       const struct pvm_line *line, uint64_t *counter,
		       const char *name, const char *what)
{
	note_fault(counter, name, what);
	lose_line(pipeline, line);
}

static void take_line(void *arg, const struct pvm_line *line)
{
	struct pvm_pipeline *pipeline = arg;
	struct pvm_pipeline_counters *counters = &pipeline->counters;

	counters->lines++;
	if (!is_other_node(pipeline, line->node.at, line->node.len))
		pvm_ledger_see(pipeline->ledger, line, pipeline->now_ms);
	switch (line->class) {
	case PVM_LINE_OTHER:
		break;
	case PVM_LINE_CALL:
		take_call(pipeline, line);
		break;
	case PVM_LINE_MESSAGE:
		take_user(pipeline, line);
		break;
	case PVM_LINE_RESUME:
		if (!is_other_node(pipeline, line->node.at, line->node.len))
			pvm_ledger_resume(pipeline->ledger, counters->recorded);
		break;
	case PVM_LINE_BAD_MESSAGE:
		/* if it is ours, the record stays in flight, unconfirmed */
		note_fault(&counters->garbage, "garbage",
			   "a damaged message from user space");
		break;
	case PVM_LINE_GARBAGE:
		take_fault(pipeline, line, &counters->garbage, "garbage",
			   "a line that is no audit record");
		break;
	case PVM_LINE_NUL:
		take_fault(pipeline, line, &counters->nul, "nul",
			   "a record with a NUL byte in it");
		break;
	case PVM_LINE_OVERLONG:
		take_fault(pipeline, line, &counters->overlong, "overlong",
			   "a line longer than any audit record");
		break;
	case PVM_LINE_CUT:
		/* the end: nobody will ask for the state any more */
		pvm_log(LOG_WARNING,
			"stdin: the stream ended in mid-line; what there was "
			"of it is skipped, and declared lost");
		lose_line(pipeline, line);
		break;
	}
}

/* The probes have a ring record. */
static void take_capture(void *arg, const void *data, size_t size)
{
	struct pvm_pipeline *pipeline = arg;
	struct pvm_capture *capture;

	capture = pvm_captures_take(pipeline->captures, data, size);
	if (capture)
		pvm_join_capture(pipeline->join, capture, pipeline->now_ms);
}

static void handle_lines(struct pvm_pipeline *pipeline)
{
	pipeline->now_ms = pvm_now_ms();
	if (pipeline->probes)
		pvm_probes_drain(pipeline->probes);
	pvm_feed_lines(&pipeline->feed);
}

ssize_t pvm_pipeline_read(struct pvm_pipeline *pipeline, int fd)
{
	ssize_t n = pvm_feed_read(&pipeline->feed, fd);

	if (n < 0)
		return n;
	handle_lines(pipeline);
	if (!n)
		pvm_feed_end(&pipeline->feed);
	return n;
}

/* A record about the plugin itself, which finds room even in a full queue. */
static bool write_note(struct pvm_pipeline *pipeline, const char *text,
		       enum pvm_loss why, const struct pvm_span *span)
{
	struct pvm_message message = {
		.type = (int)pipeline->config.record_type,
		.text = text,
		.len = strlen(text),
		.tty = "",
		.success = true,
		.reserve = true,
		.span = *span,
		.why = why,
	};

	return queue_text(pipeline, &message);
}

/* The books have a loss that no record tells of yet. */
static bool write_loss(void *arg, enum pvm_loss why,
		       const struct pvm_span *span)
{
	struct pvm_pipeline *pipeline = arg;
	char text[PVM_NOTE_MAX];

	pvm_note_lost(text, why, span, pipeline->start_ns);
	return write_note(pipeline, text, why, span);
}

/* Calls whose records the kernel's audit has dropped since the last look. */
static void take_backlog(struct pvm_pipeline *pipeline)
{
	uint64_t sums[PVM_K_COUNTERS];

	pvm_counters_sum(pvm_probes_counters(pipeline->probes), sums);
	if (sums[PVM_K_BACKLOG] == pipeline->backlog)
		return;
	pvm_ledger_lose_some(pipeline->ledger, PVM_LOSS_BACKLOG,
			     sums[PVM_K_BACKLOG] - pipeline->backlog);
	pipeline->backlog = sums[PVM_K_BACKLOG];
}

/* The C library keeps what is freed; with nothing in hand, the host gets it. */
static void give_memory_back(struct pvm_pipeline *pipeline, uint64_t in_hand)
{
	if (in_hand >= FLOOD)
		pipeline->flooded = true;
	if (in_hand || !pipeline->flooded)
		return;
	malloc_trim(0);
	pipeline->flooded = false;
}

static void settle(struct pvm_pipeline *pipeline, bool all)
{
	struct pvm_pending pending = {.pid = pipeline->pid};

	if (pipeline->probes)
		take_backlog(pipeline);
	pvm_ledger_settle(pipeline->ledger, pipeline->inject,
			  pvm_join_oldest(pipeline->join), all, write_loss,
			  pipeline);
	pvm_join_pending(pipeline->join, &pending.span);
	pvm_fold_pending(pipeline->fold, &pending.span);
	pvm_inject_pending(pipeline->inject, &pending);
	pvm_ledger_save(pipeline->ledger, &pending);
	give_memory_back(pipeline, pending.span.count);
}

void pvm_pipeline_tick(struct pvm_pipeline *pipeline)
{
	pipeline->now_ms = pvm_now_ms();
	if (pipeline->probes)
		pvm_probes_drain(pipeline->probes);
	pvm_join_expire(pipeline->join, pipeline->now_ms);
	pvm_fold_expire(pipeline->fold, pipeline->now_ms);
	pvm_inject_wake(pipeline->inject);
	if (pipeline->now_ms - pipeline->settled_ms < SETTLE_MS)
		return;
	pipeline->settled_ms = pipeline->now_ms;
	settle(pipeline, false);
}

void pvm_pipeline_take(struct pvm_pipeline *pipeline,
		       struct pvm_readahead *readahead)
{
	size_t at = 0;

	while (at < readahead->used) {
		at += pvm_feed_put(&pipeline->feed, readahead->bytes + at,
				   readahead->used - at);
		handle_lines(pipeline);
		pvm_pipeline_tick(pipeline);
	}
	pipeline->counters.dropped += readahead->dropped;
	if (readahead->dropped)
		pvm_log(LOG_WARNING,
			"%" PRIu64 " lines came while the plugin was held up, "
			"and found no room; their events are declared lost",
			readahead->dropped);
	/* what was in hand on the way is not seen by give_memory_back() */
	pipeline->flooded |= at > 0;
	pipeline->overtaken |= readahead->ended;
	pvm_readahead_free(readahead);
}

int pvm_pipeline_probes_fd(const struct pvm_pipeline *pipeline)
{
	return pipeline->probes ? pvm_probes_fd(pipeline->probes) : -1;
}

static enum pvm_source source_of(const struct pvm_pipeline *pipeline)
{
	return pipeline->probes ? pvm_probes_source(pipeline->probes)
				: PVM_SOURCE_NONE;
}

/*
 * The first record says since when, and with what, calls are enriched. Its
 * coming back tells this host's node name, and so it is written again when
 * that may have changed.
 */
static void write_start(struct pvm_pipeline *pipeline, bool reload)
{
	char note[PVM_NOTE_MAX];

	if (reload)
		pvm_note_reload(note, source_of(pipeline), pipeline->start_ns);
	else
		pvm_note_start(note, source_of(pipeline), pipeline->start_ns);
	write_note(pipeline, note, PVM_LOSSES, &(struct pvm_span){0});
}

/* What only this process's records have. */
static void name_self(struct pvm_pipeline *pipeline)
{
	pipeline->start_ns = pvm_wall_ns();
	pipeline->pid = (uint32_t)getpid();
}

static void open_probes(struct pvm_pipeline *pipeline)
{
	const struct pvm_config *config = &pipeline->config;
	char why[512];

	/* they capture calls from now on */
	pipeline->now_ms = pvm_now_ms();
	pipeline->probes =
		pvm_probes_open(config->source,
				(size_t)config->ring_size * 1024, take_capture,
				pipeline, why, sizeof(why));
	if (pipeline->probes)
		pvm_log(LOG_INFO, "probes attached, src=%s",
			pvm_source_name(source_of(pipeline)));
	else
		pvm_log(LOG_ERR,
			"no probes: %s; until then records carry src=none "
			"why=no-probes",
			why);
}

static bool is_held(void *arg, uint32_t serial)
{
	struct pvm_pipeline *pipeline = arg;

	return pvm_join_holds(pipeline->join, serial);
}

/* Everything that only takes memory. */
static int open_steps(struct pvm_pipeline *pipeline)
{
	const struct pvm_config *config = &pipeline->config;

	pvm_feed_init(&pipeline->feed, take_line, pipeline);
	pipeline->captures = pvm_captures_new();
	pipeline->parser = pvm_parser_new();
	pipeline->ledger = pvm_ledger_new();
	pipeline->join =
		pvm_join_new(config->join_depth, config->join_timeout * 1000ull,
			     take_access, pipeline);
	pipeline->fold =
		pvm_fold_new(PVM_FOLD_GROUPS, config->fold_after,
			     config->fold_window * 1000ull,
			     pvm_record_serials_room, write_records, pipeline);
	if (pipeline->captures && pipeline->parser && pipeline->ledger &&
	    pipeline->join && pipeline->fold) {
		pvm_ledger_set_held(pipeline->ledger, is_held, pipeline);
		return 0;
	}
	return -ENOMEM;
}

static void free_steps(struct pvm_pipeline *pipeline)
{
	pvm_probes_close(pipeline->probes);
	pvm_join_free(pipeline->join);
	pvm_fold_free(pipeline->fold);
	pvm_ledger_free(pipeline->ledger);
	pvm_parser_free(pipeline->parser);
	pvm_captures_free(pipeline->captures);
	free(pipeline->node);
	free(pipeline);
}

/*
 * The checkpoint comes first: it is there when an earlier process is at its
 * end, so that no call is captured, and told, by both.
 */
static void attach(struct pvm_pipeline *pipeline,
		   const struct pvm_pipeline_options *options)
{
	if (options->auditd && !options->print)
		pvm_ledger_keep_checkpoint(pipeline->ledger,
					   PVM_CHECKPOINT_FILE);
	if (options->probes && pipeline->config.source != PVM_SOURCE_NONE)
		open_probes(pipeline);
	if (!options->auditd && !options->print && pvm_auditd_is_running() != 1)
		pvm_log(LOG_WARNING,
			"no auditd is running, so the records go to the "
			"kernel's log; start auditd, which starts this "
			"program");
}

struct pvm_pipeline *pvm_pipeline_open(
	const struct pvm_config *config,
	const struct pvm_pipeline_options *options)
{
	struct pvm_pipeline *pipeline = calloc(1, sizeof(*pipeline));

	if (!pipeline)
		return NULL;
	pipeline->config = *config;
	name_self(pipeline);
	if (open_steps(pipeline)) {
		free_steps(pipeline);
		return NULL;
	}
	attach(pipeline, options);
	return pipeline;
}

static void drop_privileges(void)
{
	int err = pvm_privileges_drop();

	if (err)
		pvm_log(LOG_WARNING,
			"cannot give up privileges (%s); start the plugin "
			"from auditd, as root",
			strerror(-err));
}

int pvm_pipeline_start(struct pvm_pipeline *pipeline,
		       const struct pvm_pipeline_options *options, char *why,
		       size_t why_size)
{
	if (!options->print)
		drop_privileges();
	pipeline->inject = pvm_inject_start(pipeline->config.queue_depth,
					    options->print, why, why_size);
	if (!pipeline->inject) {
		free_steps(pipeline);
		return -EIO;
	}
	write_start(pipeline, false);
	return 0;
}

unsigned int pvm_pipeline_close(struct pvm_pipeline *pipeline,
				unsigned int timeout_ms)
{
	struct pvm_pending pending = {.pid = pipeline->pid};
	char note[PVM_NOTE_MAX];
	unsigned int unsent;

	if (pipeline->probes)
		pvm_probes_drain(pipeline->probes);
	pvm_join_flush(pipeline->join);
	pvm_fold_flush(pipeline->fold);
	settle(pipeline, true);
	pvm_note_stop(note, pipeline->start_ns, pipeline->counters.records);
	write_note(pipeline, note, PVM_LOSSES, &(struct pvm_span){0});
	unsent = pvm_inject_stop(pipeline->inject, timeout_ms, &pending);
	pvm_ledger_save(pipeline->ledger, &pending);
	free_steps(pipeline);
	return unsent;
}

static void note_fixed(const char *name, uint32_t before, uint32_t after)
{
	if (before != after)
		pvm_log(LOG_NOTICE,
			"%s stays %" PRIu32 " until the plugin is started "
			"again",
			name, before);
}

void pvm_pipeline_reload(struct pvm_pipeline *pipeline,
			 const struct pvm_config *config)
{
	struct pvm_config *now = &pipeline->config;

	note_fixed("queue_depth", now->queue_depth, config->queue_depth);
	note_fixed("join_depth", now->join_depth, config->join_depth);
	note_fixed("ring_size", now->ring_size, config->ring_size);
	if (now->source != config->source)
		pvm_log(LOG_NOTICE, "source stays as it is until the plugin is "
				    "started again");
	if (pipeline->probes && !pvm_probes_recheck(pipeline->probes))
		pvm_log(LOG_ERR,
			"the probes no longer show a call whose arguments are "
			"known as it was: do not trust the records; restart "
			"auditd, and report this with uname -a");
	now->record_type = config->record_type;
	now->join_timeout = config->join_timeout;
	now->vectors = config->vectors;
	now->fold_after = config->fold_after;
	now->fold_window = config->fold_window;
	pvm_join_set_timeout(pipeline->join, config->join_timeout * 1000ull);
	pvm_fold_set(pipeline->fold, config->fold_after,
		     config->fold_window * 1000ull);
	forget_node(pipeline);
	write_start(pipeline, true);
}

/* For people: an empty value would look like a fault. */
static const char *node_name(const struct pvm_pipeline *pipeline)
{
	if (!pipeline->node)
		return "(not known yet)";
	return *pipeline->node ? pipeline->node : "(none)";
}

void pvm_pipeline_report(struct pvm_pipeline *pipeline, FILE *file)
{
	const struct pvm_join_counters *join =
		pvm_join_counters(pipeline->join);
	struct pvm_inject_counters inject;

	pvm_inject_read_counters(pipeline->inject, &inject);
	fprintf(file, "version = %s\n", PVM_VERSION);
	pvm_state_number(file, "pid", (uint64_t)getpid());
	pvm_state_number(file, "start", pipeline->start_ns / 1000000000);
	pvm_state_number(file, "now", pvm_wall_ns() / 1000000000);
	fprintf(file, "node = %s\n", node_name(pipeline));
	pvm_report_kernel(file);
	pvm_report_memory(file);
	fprintf(file, "src = %s\n", pvm_source_name(source_of(pipeline)));
	if (pipeline->probes)
		pvm_report_probes(file, pipeline->probes, join->joined);
	pvm_report_captures(file, pvm_captures_counters(pipeline->captures));
	pvm_report_join(file, join, pvm_join_waiting(pipeline->join));
	pvm_report_fold(file, pvm_fold_counters(pipeline->fold));
	pvm_state_pipeline(file, &pipeline->counters);
	pvm_report_inject(file, &inject);
	pvm_ledger_report(pipeline->ledger, file);
}
