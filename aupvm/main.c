// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main.c - aupvm: from the logs to what was asked for
 *
 * log -> line -> match -> filter -> one of the outputs, each a file of its own;
 * --verify reads the store that match has filled instead. Only main.c knows
 * all.
 */
#include <errno.h>
#include <libaudit.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/line.h"
#include "match/equation.h"
#include "match/unenriched.h"
#include "match/filter.h"
#include "match/held.h"
#include "match/live.h"
#include "match/match.h"
#include "match/order.h"
#include "match/programs.h"
#include "match/renamed.h"
#include "match/resume.h"
#include "read/logs.h"
#include "read/tail.h"
#include "util/memory.h"
#include "show/names.h"
#include "options.h"
#include "show/output.h"
#include "util/progress.h"
#include "show/verify.h"

struct session {
	struct options options;
	struct log log;
	struct match match;
	struct programs programs;
	struct narrowed narrowed;
	struct names *names;
	struct output *output; /* NULL for --verify */
	struct order *order; /* of rows; NULL for sums, and following */
	struct live live; /* --follow */
	struct held held; /* likewise */
	struct resume resume; /* --checkpoint */
	uint64_t saved_ms; /* when it was written last */
	uint64_t printed; /* rows; of these and --follow */
	bool failed; /* the checkpoint cannot be read or written */
	uint64_t read_ms; /* when the last line was read; likewise */
	uint64_t settled_ms; /* when live_settle() was called; likewise */
	uint64_t lines, lines_before; /* read; likewise */
	uint64_t shown; /* accesses */
	uint64_t damaged; /* lines that cannot be used */
	uint64_t flawed; /* lines of which a field cannot be used */
	bool foreign_reported;
};

/* How often the checkpoint is written at least, while lines come. */
#define SAVE_MS 1000

/* Damaged lines that get a message each; all others are only counted. */
#define DAMAGE_REPORTED 10

/* --just-one has been shown. */
static bool is_enough(const struct session *session)
{
	return session->options.just_one && session->printed;
}

/* --follow: print the rows that need not wait any more at @now. */
static void release_rows(struct session *session, uint64_t now)
{
	struct access access;

	while (!is_enough(session) &&
	       held_take(&session->held, &session->match.store.late_details,
			 now, &access)) {
		session->output->access(session->output, &access);
		session->printed++;
	}
}

static void hold_row(struct session *session, const struct access *access)
{
	if (held_is_full(&session->held))
		release_rows(session, session->read_ms);
	held_put(&session->held, access, session->read_ms);
}

static void show_access(void *arg, const struct access *access)
{
	struct session *session = arg;
	struct access shown = *access;
	enum wanted wanted = filter_wants(&session->options.conditions, access);

	/* by all of the log, whatever is wanted of it */
	programs_mark(&session->programs, &shown);
	if (wanted == WANTED_NOT || resume_was_shown(&session->resume, access))
		return;
	shown.perhaps = wanted == WANTED_PERHAPS;
	filter_narrow(&session->options.conditions, &shown, &session->narrowed);
	session->shown++;
	if (session->options.live) {
		names_keep(session->names, &shown);
		hold_row(session, &shown);
		return;
	}
	if (!session->order) {
		session->output->access(session->output, &shown);
		return;
	}
	names_keep(session->names, &shown);
	order_put(session->order, &shown);
}

static void see_names(void *arg, const struct access *access)
{
	struct session *session = arg;

	names_see(session->names, access);
}

static void report_line(const struct log_line *line, const char *what)
{
	progress_clear();
	fflush(stdout);
	fprintf(stderr, "aupvm: %s:%llu: %s\n", line->file,
		(unsigned long long)line->number, what);
}

/* What the last run with this checkpoint has seen, it has reported. */
static bool is_reported(const struct session *session)
{
	return session->resume.behind;
}

static uint64_t damage_of(const struct session *session)
{
	return session->damaged + session->flawed;
}

static void report_damage(struct session *session, const struct log_line *line,
			  const char *why)
{
	if (is_reported(session))
		return;
	if (damage_of(session) < DAMAGE_REPORTED)
		report_line(line, why);
	session->damaged++;
}

static void report_flaw(struct session *session, const struct log_line *line,
			const char *field)
{
	char what[64];

	snprintf(what, sizeof(what), "no usable %s=, which is left out", field);
	if (is_reported(session))
		return;
	if (damage_of(session) < DAMAGE_REPORTED)
		report_line(line, what);
	session->flawed++;
}

static void take_line(struct session *session, const struct log_line *line)
{
	struct pvm_line read;
	const char *why;

	pvm_line_read(&read, line->text);
	why = read.why ? read.why : match_line(&session->match, &read);
	if (why)
		report_damage(session, line, why);
	else if (session->match.left_out)
		report_flaw(session, line, session->match.left_out);
	if (session->match.foreign && !session->foreign_reported &&
	    !is_reported(session)) {
		report_line(line, "looks like a record of the plugin's, but "
				  "another program has sent it; this one and "
				  "all like it are left out");
		session->foreign_reported = true;
	}
}

/* Once standard output fails there is no sense in reading on. */
static bool output_failed(void)
{
	return ferror(stdout) != 0;
}

static bool on_line(void *arg, const struct log_line *line)
{
	struct session *session = arg;

	session->lines++;
	resume_line(&session->resume, line, &session->live);
	if (line->why)
		report_damage(session, line, line->why);
	else
		take_line(session, line);
	return !output_failed();
}

static void show_progress(void *arg, const struct log *log)
{
	(void)arg;
	progress_show(log->read, log->size);
}

static void choose_output(struct session *session)
{
	enum mode mode = session->options.mode;

	if (mode < MODE_SUMMARY)
		session->names = names_new();
	if (mode < MODE_SUMMARY && !session->options.live)
		session->order = order_new();
	switch (mode) {
	case MODE_TABLE:
		session->output = table_new(session->names);
		break;
	case MODE_TEXT:
		session->output = phrases_new(session->names);
		break;
	case MODE_CSV:
		session->output = csv_new(session->names);
		break;
	case MODE_JSON:
		session->output = json_new(session->names);
		break;
	case MODE_SUMMARY:
		session->output = summary_new();
		break;
	case MODE_GRAPH:
		session->output = graph_new();
		break;
	case MODE_TIMELINE:
		session->output = timeline_new();
		break;
	case MODE_VERIFY:
		break;
	}
}

static void start_match(struct session *session)
{
	session->match = (struct match){
		.store.emit = session->output ? show_access : NULL,
		.store.arg = session,
		.store.detailed = session->names ||
				  session->options.conditions.by_ppid ||
				  session->options.conditions.terminal,
		.see = session->names ? see_names : NULL,
		.see_arg = session,
		.plugin = session->options.plugin,
	};
}

/* Calls that may be among them are not shown. */
static void report_strange(const struct store *store)
{
	for (size_t i = 0; i < store->strange_nr; i++) {
		const struct strange *strange = &store->strange[i];
		const char *name =
			strange->x32
				? "x32"
				: audit_machine_to_name(
					  audit_elf_to_machine(strange->arch));

		fprintf(stderr,
			"aupvm: %llu SYSCALL records have arch=%x (%s), whose "
			"calls aupvm does not know\n",
			(unsigned long long)strange->count, strange->arch,
			name ? name : "unknown to libaudit as well");
	}
}

/* Another file under one of these names is not marked. */
static void report_left_out(const struct programs *programs)
{
	if (programs->left_out)
		fprintf(stderr,
			"aupvm: programs have more than %d names: whether "
			"another file is under a later one is not told, of "
			"%llu programs of calls\n",
			PROGRAMS_MAX, (unsigned long long)programs->left_out);
}

/* Looking at all that waits takes time, and lines can come one by one. */
static void settle(struct session *session, uint64_t now)
{
	if (session->resume.behind ||
	    (now < session->settled_ms + TAIL_TICK_MS &&
	     session->options.follow))
		return;
	session->settled_ms = now;
	live_settle(&session->live, now - session->read_ms);
}

/* What is written is shown: the other way round, a kill could lose it. */
static bool save(struct session *session, uint64_t now, bool at_once)
{
	if (fflush(stdout) || output_failed())
		return false;
	if (!at_once && now < session->saved_ms + SAVE_MS)
		return true;
	session->saved_ms = now;
	session->failed |=
		!resume_save(&session->resume, &session->live, &session->held);
	return !session->failed;
}

/*
 * --follow, --checkpoint: all that is there has been read, or a good deal of
 * it.
 */
static bool on_tick(void *arg, bool at_end)
{
	struct session *session = arg;
	uint64_t now = pvm_now_ms(), printed = session->printed;

	if (!at_end || session->lines != session->lines_before)
		session->read_ms = now;
	session->lines_before = session->lines;
	if (at_end)
		resume_end(&session->resume, &session->live);
	settle(session, now);
	live_forget(&session->live);
	release_rows(session, now);
	return save(session, now, session->printed != printed) &&
	       !is_enough(session) && (session->options.follow || !at_end);
}

static bool read_live(struct session *session)
{
	bool whole;

	session->live.match = &session->match;
	if (session->options.checkpoint &&
	    !resume_open(&session->resume, session->options.checkpoint,
			 &session->log)) {
		session->failed = true;
		return false;
	}
	session->read_ms = pvm_now_ms();
	whole = tail_read(&session->log, on_line, on_tick, session);
	release_rows(session, UINT64_MAX);
	save(session, pvm_now_ms(), true);
	return whole;
}

/* No further line comes: what that decides. */
static void end_match(struct session *session)
{
	struct store *store = &session->match.store;

	match_end(&session->match);
	report_strange(store);
	renamed_match(store);
	equation_make(store);
	unenriched_emit(store);
}

/* Returns false when the logs could not be read to their end. */
static bool read_all(struct session *session)
{
	bool whole;

	if (isatty(STDERR_FILENO) && !session->options.live)
		session->log.progress = show_progress;
	whole = session->options.live
			? read_live(session)
			: log_read(&session->log, on_line, session);
	progress_clear();
	if (damage_of(session) > DAMAGE_REPORTED)
		fprintf(stderr, "aupvm: %llu damaged lines in all\n",
			(unsigned long long)damage_of(session));
	/* what waits is left to the next run with the checkpoint */
	if (!session->options.checkpoint)
		end_match(session);
	report_left_out(&session->programs);
	if (session->live.early)
		fprintf(stderr,
			"aupvm: %llu calls were shown before it was known "
			"whether a record comes: more than %d waited\n",
			(unsigned long long)session->live.early, LIVE_OPEN_MAX);
	return whole;
}

/* Returns the exit status of the verdict. */
static int verify(struct session *session, bool whole)
{
	static const int status[] = {
		[VERDICT_HOLDS] = EXIT_SUCCESS,
		[VERDICT_BROKEN] = EXIT_FAILURE,
		[VERDICT_UNKNOWN] = EXIT_UNKNOWN,
	};
	const struct unread unread = {session->damaged,
				      !whole || session->log.wanting};

	return status[verify_print(&session->match.store,
				   &session->options.conditions, &unread)];
}

static bool show_row(void *arg, const struct access *access)
{
	struct session *session = arg;
	struct access whole = *access;

	late_show(&session->match.store.late_details, &whole);
	session->output->access(session->output, &whole);
	return !output_failed() && !session->options.just_one;
}

/* Returns the exit status that what was shown makes. */
static int print_end(struct session *session, bool whole)
{
	if (!session->output)
		return verify(session, whole);
	release_rows(session, UINT64_MAX);
	if (session->order)
		order_emit(session->order, show_row, session);
	if (session->output->end)
		session->output->end(session->output);
	if (!whole || session->failed || damage_of(session))
		return EXIT_ERROR;
	return session->shown ? EXIT_SUCCESS : EXIT_FAILURE;
}

static void free_session(struct session *session)
{
	if (session->output)
		session->output->free(session->output);
	order_free(session->order);
	held_free(&session->held);
	resume_free(&session->resume);
	match_free(&session->match);
	programs_free(&session->programs);
	narrowed_free(&session->narrowed);
	names_free(session->names);
	log_close(&session->log);
	options_free(&session->options);
}

static int run(struct session *session)
{
	int status = print_end(session, read_all(session));

	if (fflush(stdout) || output_failed()) {
		fprintf(stderr, "aupvm: standard output: %s\n",
			strerror(errno));
		return EXIT_ERROR;
	}
	if (status == EXIT_FAILURE && session->output)
		fprintf(stderr, "<no matches>\n");
	return status;
}

/* In the order in which they are given; or what the options say. */
static bool open_logs(struct session *session)
{
	const struct options *options = &session->options;
	char **file = options->files;

	if (!*file)
		return log_open(&session->log, options->input,
				options->input_logs);
	while (*file && log_open(&session->log, *file, false))
		file++;
	return !*file;
}

int main(int argc, char **argv)
{
	struct session session = {0};
	int status = EXIT_ERROR;

	setlocale(LC_TIME, "");
	/* a closed pipe ends it, as it does ausearch */
	signal(SIGPIPE, SIG_DFL);
	options_read(&session.options, argc, argv);
	if (session.options.line_buffered)
		setvbuf(stdout, NULL, _IOLBF, 0);
	if (open_logs(&session)) {
		choose_output(&session);
		start_match(&session);
		status = run(&session);
	}
	free_session(&session);
	return status;
}
