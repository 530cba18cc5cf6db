// SPDX-License-Identifier: GPL-2.0-or-later
/* pipeline.c - see pipeline.h */
#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/counters.h"
#include "pipeline.h"
#include "lib/clock.h"
#include "process/log.h"
#include "pvm/record.h"
#include "record/notes.h"

/* How often losses are declared and the checkpoint is written. */
#define SETTLE_MS 200

/* Calls in hand that make a flood: their memory is worth giving back. */
#define FLOOD 256

/* Count a thing that is wrong with the stream, and log it the first time. */
static void note_fault(uint64_t *counter, const char *name, const char *what)
{
	if (!(*counter)++)
		pvm_log(LOG_WARNING,
			"stdin: %s; skipped, and from now on counted as %s in "
			"the state report",
			what, name);
}

/*
 * Queue a text with @report. What is printed does not come back, so nobody
 * expects it. Returns 0, or -errno as pvm_inject_put().
 */
static int queue_text(struct pvm_pipeline *pipeline,
		      struct pvm_message *message,
		      const struct pvm_report *report)
{
	int err;

	if (!pipeline->options.print)
		message->ticket = pvm_ledger_expect(pipeline->ledger, report);
	err = pvm_inject_put(pipeline->inject, message);
	if (err && message->ticket)
		pvm_ledger_withdraw(pipeline->ledger, message->ticket);
	return err;
}

void pvm_pipeline_finished(void *arg, uint64_t ticket, int error,
			   uint64_t now_ms)
{
	struct pvm_pipeline *pipeline = arg;

	pvm_ledger_finished(pipeline->ledger, ticket, error, now_ms);
}

/* The events that a record of @access reports. */
static struct pvm_span span_of(const struct pvm_access *access)
{
	const struct pvm_folded *folded = access->folded;
	const struct pvm_id *id = pvm_access_id(access);

	if (folded)
		return (struct pvm_span){folded->count, folded->first,
					 folded->last};
	return (struct pvm_span){1, *id, *id};
}

static void lose_access(struct pvm_pipeline *pipeline,
			const struct pvm_span *span, int err)
{
	pvm_ledger_lose_span(pipeline->ledger,
			     err == -ENOMEM ? PVM_LOSS_NO_MEMORY
					    : PVM_LOSS_QUEUE_FULL,
			     span);
}

/*
 * The fold has a call, or several, to be recorded. A call of which one part is
 * lost is lost: the others would be no use.
 */
static void write_records(void *arg, const struct pvm_access *given)
{
	struct pvm_pipeline *pipeline = arg;
	struct pvm_access access = *given;
	struct pvm_report report = {PVM_LOSSES, span_of(given), 0};
	const char *tty = given->syscall ? given->syscall->tty : "";
	char text[PVM_RECORD_MAX + 1];
	struct pvm_record record;
	struct pvm_message message = {
		.type = (int)pipeline->config.record_type,
		.text = text,
		.tty = strcmp(tty, "(none)") ? tty : "",
		.success = pvm_access_succeeded(given),
	};

	access.vectors = pipeline->config.vectors;
	access.probes = pipeline->probes;
	pvm_record_begin(&record, &access);
	while ((message.len = pvm_record_next(&record, text))) {
		int err = queue_text(pipeline, &message, &report);

		if (err) {
			lose_access(pipeline, &report.span, err);
			return;
		}
		pipeline->counters.records++;
	}
	pipeline->counters.recorded += report.span.count;
}

/*
 * Leave a call to the next process. What the stream has not passed that one
 * finds missing, or finds, unless it is of another boot; the rest is only known
 * here.
 */
static void leave_capture(struct pvm_pipeline *pipeline,
			  struct pvm_capture *capture)
{
	const struct pvm_span one = {1, capture->id, capture->id};

	if (pvm_ledger_has_passed(pipeline->ledger, &capture->id)) {
		pvm_missing_add(&pipeline->left, &one);
	} else {
		pvm_span_add(&pipeline->beyond, &one);
		pvm_ledger_set_beyond(pipeline->ledger, &pipeline->beyond);
	}
	free(capture);
}

/* From its capture alone. */
static void record_early(struct pvm_pipeline *pipeline,
			 struct pvm_capture *capture)
{
	pvm_ledger_note_early(pipeline->ledger, &capture->id);
	pvm_fold_take(pipeline->fold, NULL, capture, pipeline->now_ms);
}

/* Whether there was one that may be. */
static bool record_next_early(struct pvm_pipeline *pipeline)
{
	struct pvm_capture *capture = pvm_early_next(pipeline->early);

	if (capture)
		record_early(pipeline, capture);
	return capture;
}

/* The checkpoint allows many at a time: as many as their records have room. */
static void record_allowed(struct pvm_pipeline *pipeline)
{
	while (pvm_early_waiting(pipeline->early) &&
	       pvm_inject_has_room(pipeline->inject))
		if (!record_next_early(pipeline))
			return;
}

static size_t list_early(void *arg, struct pvm_id *ids, size_t max)
{
	struct pvm_pipeline *pipeline = arg;

	return pipeline->flushed ? 0 : pvm_early_ids(pipeline->early, ids, max);
}

/*
 * Unless its SYSCALL record has come meanwhile. Too late for a record it stays
 * pending, for the next process to declare.
 */
static void take_answer(void *arg, const struct pvm_id *id, bool may)
{
	struct pvm_pipeline *pipeline = arg;
	struct pvm_capture *capture;

	if (pipeline->flushed)
		return;
	if (may) {
		pvm_early_allow(pipeline->early, id);
		return;
	}
	capture = pvm_early_take(pipeline->early, id);
	if (capture)
		leave_capture(pipeline, capture);
}

/* Have all that wait recorded early, while there is time. */
static void empty_early(struct pvm_pipeline *pipeline)
{
	uint64_t now_ms = pvm_now_ms();
	struct pvm_id id;

	while (pvm_early_ids(pipeline->early, &id, 1) &&
	       now_ms < pipeline->end_ms &&
	       pvm_ledger_wait(pipeline->ledger,
			       (unsigned int)(pipeline->end_ms - now_ms))) {
		pvm_pipeline_save(pipeline);
		now_ms = pvm_now_ms();
	}
	while (record_next_early(pipeline))
		;
}

/*
 * Without its SYSCALL record a call waits until the checkpoint has its serial;
 * when too many do, it is lost, unless older ones need only room to be
 * recorded. Where auditd has gone, the next process gets that record.
 */
static void ask_early(struct pvm_pipeline *pipeline,
		      struct pvm_capture *capture)
{
	if (pipeline->auditd_gone) {
		leave_capture(pipeline, capture);
		return;
	}
	if (!pvm_ledger_has_checkpoint(pipeline->ledger)) {
		record_early(pipeline, capture);
		return;
	}
	if (pvm_early_put(pipeline->early, capture))
		return;
	if (pipeline->end_ms)
		empty_early(pipeline);
	do
		if (pvm_early_put(pipeline->early, capture))
			return;
	while (record_next_early(pipeline));
	pipeline->counters.early_full++;
	pvm_ledger_lose(pipeline->ledger, PVM_LOSS_NO_MEMORY, &capture->id);
	free(capture);
}

/*
 * Is this call, as far as it is known, this host's? A line under the old name
 * stays ours when a new one is proven.
 */
static bool is_ours(struct pvm_pipeline *pipeline,
		    const struct pvm_syscall *syscall)
{
	if (!syscall->unsure ||
	    pvm_ledger_whose_waited(pipeline->ledger, syscall->node) !=
		    PVM_FOREIGN)
		return true;
	pipeline->counters.other_node++;
	return false;
}

/* The join has a call ready. */
static void take_access(void *arg, struct pvm_syscall *syscall,
			struct pvm_capture *capture)
{
	struct pvm_pipeline *pipeline = arg;

	if (!syscall) {
		ask_early(pipeline, capture);
		return;
	}
	if (capture)
		pvm_ledger_note_joined(pipeline->ledger, syscall->node);
	if (!is_ours(pipeline, syscall)) {
		free(syscall);
		free(capture);
		return;
	}
	pvm_fold_take(pipeline->fold, syscall, capture, pipeline->now_ms);
}

static void take_call(struct pvm_pipeline *pipeline,
		      const struct pvm_line *line, enum pvm_whose whose_line)
{
	struct pvm_syscall *syscall;
	struct pvm_capture *capture;
	const char *why;
	char what[128];
	bool wait = pipeline->probes || whose_line == PVM_UNSURE;

	if (whose_line == PVM_FOREIGN) {
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
		pvm_join_see(pipeline->join, &line->id, pipeline->now_ms);
		return;
	}
	syscall->unsure = whose_line == PVM_UNSURE;
	capture = pvm_early_take(pipeline->early, &line->id);
	if (capture) {
		take_access(pipeline, syscall, capture);
		return;
	}
	/*
	 * Its capture came before it, unless a probe was skipped then and ran
	 * for the event's next record: so wait, but only where there is hope.
	 * And wait where it may be another host's: the proof is on its way.
	 */
	pvm_join_syscall(pipeline->join, syscall, wait, pipeline->now_ms);
}

/*
 * A line that makes no sense may have been one of this host's calls; not where
 * its node= is another host's. A line without any may have lost it; where ours
 * is damaged, its event is missing from the stream, and declared for that.
 */
static void lose_line(struct pvm_pipeline *pipeline,
		      const struct pvm_line *line, enum pvm_whose whose_line)
{
	if (line->node.len && whose_line == PVM_FOREIGN)
		return;
	pvm_ledger_lose(pipeline->ledger, PVM_LOSS_MALFORMED,
			line->numbered ? &line->id : NULL);
}

static void take_fault(struct pvm_pipeline *pipeline,
		       const struct pvm_line *line, uint64_t *counter,
		       enum pvm_whose whose_line, const char *name,
		       const char *what)
{
	note_fault(counter, name, what);
	lose_line(pipeline, line, whose_line);
}

static void take_line(void *arg, const struct pvm_line *line)
{
	struct pvm_pipeline *pipeline = arg;
	struct pvm_pipeline_counters *counters = &pipeline->counters;
	enum pvm_whose whose_line =
		pvm_ledger_see(pipeline->ledger, line, pipeline->now_ms);

	counters->lines++;
	if (line->numbered && line->class != PVM_LINE_CALL &&
	    whose_line != PVM_FOREIGN)
		pvm_join_see(pipeline->join, &line->id, pipeline->now_ms);
	switch (line->class) {
	case PVM_LINE_OTHER:
		break;
	case PVM_LINE_CALL:
		take_call(pipeline, line, whose_line);
		break;
	case PVM_LINE_MESSAGE:
		counters->confirmed += pvm_ledger_confirm(
			pipeline->ledger, line, pipeline->now_ms);
		break;
	case PVM_LINE_RESUME:
		if (whose_line != PVM_FOREIGN)
			pvm_ledger_resume(pipeline->ledger, counters->recorded);
		break;
	case PVM_LINE_BAD_MESSAGE:
		/* if it is ours, the record stays in flight, unconfirmed */
		note_fault(&counters->garbage, "garbage",
			   "a damaged message from user space");
		break;
	case PVM_LINE_GARBAGE:
		take_fault(pipeline, line, &counters->garbage, whose_line,
			   "garbage", "a line that is no audit record");
		break;
	case PVM_LINE_NUL:
		take_fault(pipeline, line, &counters->nul, whose_line, "nul",
			   "a record with a NUL byte in it");
		break;
	case PVM_LINE_OVERLONG:
		take_fault(pipeline, line, &counters->overlong, whose_line,
			   "overlong", "a line longer than any audit record");
		break;
	case PVM_LINE_CUT:
		/* the end: nobody will ask for the state any more */
		pvm_log(LOG_WARNING,
			"stdin: the stream ended in mid-line; what there was "
			"of it is skipped, and declared lost");
		lose_line(pipeline, line, whose_line);
		break;
	}
}

void pvm_pipeline_take_capture(void *arg, const void *data, size_t size)
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
	if (!n) {
		pvm_feed_end(&pipeline->feed);
		pipeline->ended = true;
	}
	return n;
}

static bool queue_note(struct pvm_pipeline *pipeline, const char *text,
		       const struct pvm_report *report)
{
	struct pvm_message message = {
		.type = (int)pipeline->config.record_type,
		.text = text,
		.len = strlen(text),
		.tty = "",
		.success = true,
		.reserve = true,
	};

	return !queue_text(pipeline, &message, report);
}

void pvm_pipeline_write_note(struct pvm_pipeline *pipeline, const char *text)
{
	queue_note(pipeline, text, &(struct pvm_report){.why = PVM_LOSSES});
}

/* The ledger has a loss that no record declares yet. */
static bool write_loss(void *arg, const struct pvm_report *loss)
{
	struct pvm_pipeline *pipeline = arg;
	char text[PVM_NOTE_MAX];

	pvm_note_lost(text, loss->why, &loss->span, loss->start);
	return queue_note(pipeline, text, loss);
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

static bool has_passed(void *arg, const struct pvm_id *id)
{
	const struct pvm_pipeline *pipeline = arg;

	return pvm_ledger_has_passed(pipeline->ledger, id);
}

static bool has_room(void *arg)
{
	const struct pvm_pipeline *pipeline = arg;

	return pvm_early_has_room(pipeline->early);
}

static struct pvm_join_stream stream_of(struct pvm_pipeline *pipeline)
{
	return (struct pvm_join_stream){
		.has_passed = has_passed,
		.has_room = has_room,
		.arg = pipeline,
		.moved_ms = pvm_ledger_moved_ms(pipeline->ledger),
	};
}

/* What the stream has not come to the next process finds, or finds missing. */
uint64_t pvm_pipeline_save(struct pvm_pipeline *pipeline)
{
	const struct pvm_join_stream stream = stream_of(pipeline);
	struct pvm_missing missing = pipeline->left;
	struct pvm_span in_hand = {0};

	pvm_join_pending(pipeline->join, &in_hand);
	pvm_early_pending(pipeline->early, &in_hand);
	pvm_fold_pending(pipeline->fold, &in_hand);
	pvm_ledger_missing(pipeline->ledger, &missing);
	pvm_join_missing(pipeline->join, &stream, &missing);
	return pvm_ledger_save(pipeline->ledger, &in_hand, &missing);
}

void pvm_pipeline_flush(struct pvm_pipeline *pipeline, uint64_t end_ms)
{
	pipeline->end_ms = end_ms;
	pvm_join_flush(pipeline->join);
	empty_early(pipeline);
	pipeline->flushed = true;
	pvm_fold_flush(pipeline->fold);
}

void pvm_pipeline_settle(struct pvm_pipeline *pipeline, bool all)
{
	if (pipeline->probes)
		take_backlog(pipeline);
	pvm_inject_finished(pipeline->inject, pvm_pipeline_finished, pipeline);
	pvm_ledger_settle(pipeline->ledger, pvm_join_oldest(pipeline->join),
			  all, write_loss, pipeline);
	/* what is saved lacks captures to which the stream has not come */
	give_memory_back(pipeline, pvm_pipeline_save(pipeline) +
					   pvm_join_waiting(pipeline->join));
}

void pvm_pipeline_tick(struct pvm_pipeline *pipeline)
{
	const struct pvm_join_stream stream = stream_of(pipeline);

	pipeline->now_ms = pvm_now_ms();
	if (pipeline->probes)
		pvm_probes_drain(pipeline->probes);
	pvm_join_expire(pipeline->join, &stream, pipeline->now_ms);
	pvm_fold_expire(pipeline->fold, pipeline->now_ms);
	pvm_files_take(pipeline->files);
	record_allowed(pipeline);
	pvm_inject_wake(pipeline->inject);
	if (pipeline->now_ms - pipeline->settled_ms < SETTLE_MS)
		return;
	pipeline->settled_ms = pipeline->now_ms;
	pvm_pipeline_settle(pipeline, false);
}

void pvm_pipeline_take(struct pvm_pipeline *pipeline,
		       struct pvm_readahead *readahead)
{
	size_t at = 0;

	while (at < readahead->used) {
		at += pvm_feed_put(&pipeline->feed, readahead->bytes + at,
				   readahead->used - at);
		pvm_readahead_release(readahead, at);
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
	pipeline->auditd_gone |= readahead->ended;
	pvm_readahead_free(readahead);
}

int pvm_pipeline_probes_fd(const struct pvm_pipeline *pipeline)
{
	return pipeline->probes ? pvm_probes_fd(pipeline->probes) : -1;
}

enum pvm_source pvm_pipeline_source(const struct pvm_pipeline *pipeline)
{
	return pipeline->probes ? pvm_probes_source(pipeline->probes)
				: PVM_SOURCE_NONE;
}

static bool is_held(void *arg, uint32_t serial)
{
	struct pvm_pipeline *pipeline = arg;

	return pvm_join_holds(pipeline->join, serial) ||
	       pvm_early_holds(pipeline->early, serial);
}

int pvm_pipeline_open_steps(struct pvm_pipeline *pipeline)
{
	const struct pvm_config *config = &pipeline->config;
	const struct pvm_ledger_early early = {list_early, take_answer,
					       pipeline};

	pvm_feed_init(&pipeline->feed, take_line, pipeline);
	pipeline->captures = pvm_captures_new();
	pipeline->parser = pvm_parser_new();
	pipeline->ledger = pvm_ledger_new(pipeline->pid, pipeline->start_ns);
	pipeline->join =
		pvm_join_new(config->join_depth, config->join_timeout * 1000ull,
			     take_access, pipeline);
	pipeline->early = pvm_early_new();
	pipeline->fold =
		pvm_fold_new(PVM_FOLD_GROUPS, config->fold_after,
			     config->fold_window * 1000ull,
			     pvm_record_serials_room, write_records, pipeline);
	if (!pipeline->captures || !pipeline->parser || !pipeline->ledger ||
	    !pipeline->join || !pipeline->early || !pipeline->fold)
		return -ENOMEM;
	pvm_ledger_set_held(pipeline->ledger, is_held, pipeline);
	pvm_ledger_set_early(pipeline->ledger, &early);
	if (pipeline->options.print || !pipeline->options.auditd)
		pvm_ledger_be_lenient(pipeline->ledger);
	return 0;
}

void pvm_pipeline_free_steps(struct pvm_pipeline *pipeline)
{
	pvm_probes_close(pipeline->probes);
	pvm_join_free(pipeline->join);
	pvm_early_free(pipeline->early);
	pvm_fold_free(pipeline->fold);
	pvm_ledger_free(pipeline->ledger);
	pvm_parser_free(pipeline->parser);
	pvm_captures_free(pipeline->captures);
}
