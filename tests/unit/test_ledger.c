// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_account.c - the books: whose events count, what is told, what is kept
 *
 * The clocks stand where a test sets them: at second 1000 since the machine's
 * start, which is second 1795288457 of the world.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/ledger.h"
#include "process/clock.h"
#include "ledger/checkpoint.h"
#include "unit.h"

struct bench {
	struct pvm_ledger *ledger;
	struct pvm_inject *inject; /* prints; here it has nothing to do */
	struct unit_told told;
	bool full; /* no record is taken */
	const struct pvm_id *waiting; /* for its SYSCALL record */
	char folder[sizeof(UNIT_FOLDER)];
	char path[sizeof(UNIT_FOLDER) + 16];
};

/* @ms after the test's start. */
static void set_time(uint64_t ms)
{
	unit_set_clocks(1000000 + ms, 1795288457000 + ms);
}

static void start_bench(struct bench *bench)
{
	char why[256];

	memset(bench, 0, sizeof(*bench));
	set_time(0);
	bench->ledger = pvm_ledger_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(bench->ledger);
	bench->inject = pvm_inject_start(8, true, why, sizeof(why));
	CU_ASSERT_PTR_NOT_NULL_FATAL(bench->inject);
}

static void stop_bench(struct bench *bench)
{
	struct pvm_pending pending = {0};

	unit_set_clocks(0, 0);
	SAME_NUMBER(pvm_inject_stop(bench->inject, 60000, &pending), 0);
	SAME_NUMBER(pending.span.count, 0);
	pvm_ledger_free(bench->ledger);
	SAME_LOG("");
}

static void see(struct bench *bench, const char *text)
{
	struct pvm_line line = unit_line(text);

	pvm_ledger_see(bench->ledger, &line, pvm_now_ms());
}

/* Events of the node @node, each with one record. */
static void see_event(struct bench *bench, const char *node, unsigned serial)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "node=%s type=SYSCALL msg=audit(1000.%03u:%u): " READV " a\n",
		 node, serial % 1000, serial);
	see(bench, text);
}

static bool tell(void *arg, enum pvm_loss why, const struct pvm_span *span)
{
	struct bench *bench = arg;

	if (bench->full)
		return false;
	unit_tell(&bench->told, why, span);
	return true;
}

/* What is told @ms after the test's start. */
static void expect_told(struct bench *bench, uint64_t ms, const char *want)
{
	set_time(ms);
	pvm_ledger_settle(bench->ledger, bench->inject, bench->waiting, false,
			  tell, bench);
	SAME_TOLD(&bench->told, want);
}

static void missing_events_are_told_after_three_seconds(void)
{
	struct bench bench;

	start_bench(&bench);
	see_event(&bench, "a", 10);
	set_time(500);
	see_event(&bench, "a", 13);
	expect_told(&bench, 3499, "");
	expect_told(&bench, 3500, "feed 2 1000.010:11-1000.013:12\n");
	expect_told(&bench, 9000, "");
	stop_bench(&bench);
}

static void first_records_node_is_taken_for_this_hosts(void)
{
	struct bench bench;

	start_bench(&bench);
	see_event(&bench, "a", 10);
	see_event(&bench, "b", 11);
	see_event(&bench, "aa", 900);
	see(&bench, "type=USER msg=audit(1000.011:11): pid=1\n");
	see_event(&bench, "a", 12);
	expect_told(&bench, 3000, "feed 1 1000.010:11-1000.012:11\n");
	stop_bench(&bench);
}

static void host_without_a_name_is_one_of_that_name(void)
{
	struct bench bench;

	start_bench(&bench);
	see(&bench, "type=USER msg=audit(1000.010:10): pid=1\n");
	see_event(&bench, "b", 11);
	see(&bench, "type=USER msg=audit(1000.012:12): pid=1\n");
	expect_told(&bench, 3000, "feed 1 1000.010:11-1000.012:11\n");
	stop_bench(&bench);
}

/* Neither names the host, too. */
static void unnumbered_and_trailing_records_do_not_count(void)
{
	struct bench bench;

	start_bench(&bench);
	see(&bench,
	    "node=b type=DAEMON_START msg=audit(1000.001:7777): op=a\n");
	see(&bench, "node=b type=EOE msg=audit(1000.001:9): \n");
	see(&bench, "node=b hello\n");
	see_event(&bench, "a", 10);
	see(&bench, "node=a type=DAEMON_ROTATE msg=audit(1000.1:11): op=a\n");
	see(&bench,
	    "node=a type=PROCTITLE msg=audit(1000.1:11): proctitle=a\n");
	see(&bench, "node=a type=EOE msg=audit(1000.1:11): \n");
	see_event(&bench, "a", 12);
	expect_told(&bench, 3000, "feed 1 1000.010:11-1000.012:11\n");
	stop_bench(&bench);
}

static void tell_alone(struct bench *bench, uint64_t serial)
{
	struct pvm_id id = unit_id(serial);

	pvm_ledger_recorded_early(bench->ledger, &id);
}

/* Whether it was told before the stream came to its place or after. */
static void call_that_was_told_alone_is_not_missing(void)
{
	struct bench bench;

	start_bench(&bench);
	see_event(&bench, "a", 10);
	see_event(&bench, "a", 13);
	tell_alone(&bench, 11);
	tell_alone(&bench, 15);
	expect_told(&bench, 3000, "feed 1 1000.010:12-1000.013:12\n");
	see_event(&bench, "a", 14);
	see_event(&bench, "a", 17);
	expect_told(&bench, 6000, "feed 1 1000.014:16-1000.017:16\n");
	stop_bench(&bench);
}

static bool holds(void *arg, uint32_t serial)
{
	const uint32_t *held = arg;

	return serial == *held;
}

/* It will be told, or its own loss declared. */
static void call_at_hand_is_not_missing(void)
{
	uint32_t held = 12;
	struct bench bench;

	start_bench(&bench);
	pvm_ledger_set_held(bench.ledger, holds, &held);
	see_event(&bench, "a", 10);
	see_event(&bench, "a", 14);
	held = 0;
	expect_told(&bench, 3000, "feed 2 1000.010:11-1000.014:13\n");
	stop_bench(&bench);
}

/* The kernel hands over later what it has held back. */
static void nothing_is_missing_while_what_is_at_hand_has_not_come(void)
{
	struct pvm_id waiting = unit_id(12);
	struct bench bench;

	start_bench(&bench);
	bench.waiting = &waiting;
	see_event(&bench, "a", 10);
	see_event(&bench, "a", 14);
	expect_told(&bench, 119999, "");
	expect_told(&bench, 120000, "feed 3 1000.010:11-1000.014:13\n");
	see_event(&bench, "a", 16);
	waiting.serial = 16;
	expect_told(&bench, 123000, "feed 1 1000.014:15-1000.016:15\n");
	stop_bench(&bench);
}

static void name_as_it_was_changes_nothing(void)
{
	struct bench bench;

	start_bench(&bench);
	see_event(&bench, "web", 10);
	see_event(&bench, "web", 12);
	pvm_ledger_set_node(bench.ledger, "web-1", 3);
	see_event(&bench, "web", 14);
	expect_told(&bench, 3000, "feed 2 1000.010:11-1000.014:13\n");
	stop_bench(&bench);
}

static void other_name_starts_anew_without_a_loss(void)
{
	struct bench bench;

	start_bench(&bench);
	see_event(&bench, "web", 10);
	see_event(&bench, "web", 12);
	pvm_ledger_set_node(bench.ledger, "web-1", 5);
	see_event(&bench, "web", 900);
	see_event(&bench, "web-1", 70);
	see_event(&bench, "web-1", 72);
	expect_told(&bench, 3000, "feed 1 1000.070:71-1000.072:71\n");
	stop_bench(&bench);
}

static void name_may_be_known_before_any_record(void)
{
	struct bench bench;

	start_bench(&bench);
	pvm_ledger_set_node(bench.ledger, "web", 3);
	see_event(&bench, "other", 1);
	see_event(&bench, "web", 70);
	see_event(&bench, "web", 72);
	expect_told(&bench, 3000, "feed 1 1000.070:71-1000.072:71\n");
	stop_bench(&bench);
}

static void name_too_long_is_known_by_its_start(void)
{
	struct bench bench;
	char name[301];

	start_bench(&bench);
	memset(name, 'n', 300);
	name[300] = '\0';
	see_event(&bench, name, 10);
	pvm_ledger_set_node(bench.ledger, name, 300);
	see_event(&bench, name, 12);
	name[254] = 'm';
	see_event(&bench, name, 11);
	expect_told(&bench, 3000, "feed 1 1000.010:11-1000.012:11\n");
	stop_bench(&bench);
}

static void loss_with_an_id_is_told_with_it(void)
{
	struct bench bench;
	struct pvm_id id = unit_id(7);

	start_bench(&bench);
	pvm_ledger_lose(bench.ledger, PVM_LOSS_MALFORMED, &id);
	expect_told(&bench, 100, "malformed 1 1000.007:7-1000.007:7\n");
	stop_bench(&bench);
}

/* Since the last time that the books were settled. */
static void loss_without_an_id_is_told_by_the_time(void)
{
	struct bench bench;

	start_bench(&bench);
	set_time(200);
	pvm_ledger_lose(bench.ledger, PVM_LOSS_MALFORMED, NULL);
	expect_told(&bench, 400,
		    "malformed 1 1795288457.000:0-1795288457.200:0\n");
	set_time(1700);
	pvm_ledger_lose_some(bench.ledger, PVM_LOSS_BACKLOG, 12);
	expect_told(&bench, 2000,
		    "backlog 12 1795288457.400:0-1795288458.700:0\n");
	stop_bench(&bench);
}

static void loss_of_a_span_is_told_as_it_is(void)
{
	struct bench bench;

	start_bench(&bench);
	pvm_ledger_lose_span(bench.ledger, PVM_LOSS_QUEUE_FULL,
			     &(struct pvm_span){3, {5, 0, 7}, {6, 0, 9}});
	expect_told(&bench, 0, "queue-full 3 5.000:7-6.000:9\n");
	stop_bench(&bench);
}

static void losses_of_a_second_are_told_together(void)
{
	struct bench bench;
	struct pvm_span span = {1, {5, 0, 7}, {5, 0, 7}};

	start_bench(&bench);
	pvm_ledger_lose_span(bench.ledger, PVM_LOSS_QUEUE_FULL, &span);
	expect_told(&bench, 0, "queue-full 1 5.000:7-5.000:7\n");
	pvm_ledger_lose_span(bench.ledger, PVM_LOSS_QUEUE_FULL, &span);
	expect_told(&bench, 999, "");
	expect_told(&bench, 1000, "queue-full 1 5.000:7-5.000:7\n");
	pvm_ledger_lose_span(bench.ledger, PVM_LOSS_QUEUE_FULL, &span);
	pvm_ledger_settle(bench.ledger, bench.inject, NULL, true, tell, &bench);
	SAME_TOLD(&bench.told, "queue-full 1 5.000:7-5.000:7\n");
	stop_bench(&bench);
}

/* With all told, a gap that may still be filled is left to the checkpoint. */
static void young_gap_is_no_loss_yet(void)
{
	struct bench bench;

	start_bench(&bench);
	see_event(&bench, "a", 10);
	see_event(&bench, "a", 12);
	set_time(2999);
	pvm_ledger_settle(bench.ledger, bench.inject, NULL, true, tell, &bench);
	SAME_TOLD(&bench.told, "");
	stop_bench(&bench);
}

static void report_has_the_totals(void)
{
	struct bench bench;
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	start_bench(&bench);
	pvm_ledger_lose_some(bench.ledger, PVM_LOSS_BACKLOG, 12);
	pvm_ledger_report(bench.ledger, file);
	fclose(file);
	CU_ASSERT_NSTRING_EQUAL(text, "lost_backlog = 12\nlost_feed = 0\n", 32);
	free(text);
	stop_bench(&bench);
}

/* As start_bench(), with @before, if any, in the checkpoint. */
static void start_with_checkpoint(struct bench *bench,
				  const struct pvm_checkpoint_entry *before)
{
	struct pvm_checkpoint_entry unused;
	struct pvm_checkpoint *checkpoint;
	bool found;

	start_bench(bench);
	unit_make_folder(bench->folder);
	snprintf(bench->path, sizeof(bench->path), "%s/checkpoint",
		 bench->folder);
	if (before) {
		checkpoint = pvm_checkpoint_open(bench->path, &unused, &found);
		CU_ASSERT_PTR_NOT_NULL_FATAL(checkpoint);
		SAME_NUMBER(pvm_checkpoint_write(checkpoint, before), 0);
		pvm_checkpoint_close(checkpoint);
	}
	pvm_ledger_keep_checkpoint(bench->ledger, bench->path);
}

static void stop_with_checkpoint(struct bench *bench)
{
	stop_bench(bench);
	unit_remove_folder(bench->folder, "checkpoint");
}

/* Save with @pending under way. */
static void save(struct bench *bench, struct pvm_span pending)
{
	pvm_ledger_save(bench->ledger,
			&(struct pvm_pending){.pid = 88, .span = pending});
}

/* Reads it while the account has it open, and so waits in vain for a while. */
static void read_checkpoint(struct bench *bench,
			    struct pvm_checkpoint_entry *entry)
{
	struct pvm_checkpoint *checkpoint;
	bool found;

	checkpoint = pvm_checkpoint_open(bench->path, entry, &found);
	CU_ASSERT_PTR_NOT_NULL_FATAL(checkpoint);
	pvm_checkpoint_close(checkpoint);
	CU_ASSERT_TRUE_FATAL(found);
}

/* The checkpoint says that everything up to event @serial has come. */
static void expect_saved(struct bench *bench, uint64_t serial,
			 const char *pending, const char *node)
{
	struct pvm_checkpoint_entry entry;

	read_checkpoint(bench, &entry);
	SAME_NUMBER(entry.seen.serial, serial);
	SAME_SPAN(&entry.pending.span, pending);
	SAME_TEXT(entry.node, node);
}

static off_t journal_size(const struct bench *bench)
{
	struct stat file;

	SAME_NUMBER(stat(bench->path, &file), 0);
	return file.st_size;
}

#define NONE ((struct pvm_span){0})

static void nothing_is_saved_before_the_first_event(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, NULL);
	save(&bench, NONE);
	SAME_NUMBER(journal_size(&bench), 0);
	stop_with_checkpoint(&bench);
}

static void nothing_is_saved_without_a_checkpoint(void)
{
	struct bench bench;

	start_bench(&bench);
	see_event(&bench, "a", 10);
	save(&bench, NONE);
	stop_bench(&bench);
}

static void journal_keeps_what_is_under_way_and_untold(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, NULL);
	see_event(&bench, "a", 10);
	save(&bench, NONE);
	expect_saved(&bench, 10, "0 0.000:0-0.000:0", "a");
	bench.full = true;
	pvm_ledger_lose_span(bench.ledger, PVM_LOSS_QUEUE_FULL,
			     &(struct pvm_span){3, {5, 0, 2}, {6, 0, 4}});
	expect_told(&bench, 0, "");
	see_event(&bench, "a", 11);
	save(&bench, (struct pvm_span){2, {7, 0, 8}, {7, 1, 11}});
	expect_saved(&bench, 11, "5 5.000:2-7.001:11", "a");
	bench.full = false;
	expect_told(&bench, 0, "queue-full 3 5.000:2-6.000:4\n");
	save(&bench, (struct pvm_span){1, {7, 1, 11}, {7, 1, 11}});
	expect_saved(&bench, 11, "1 7.001:11-7.001:11", "a");
	stop_with_checkpoint(&bench);
}

static void journal_has_what_is_missing_until_that_is_told(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, NULL);
	see_event(&bench, "a", 10);
	see_event(&bench, "a", 14);
	see_event(&bench, "a", 11);
	save(&bench, NONE);
	expect_saved(&bench, 14, "2 1000.010:12-1000.014:13", "a");
	bench.full = true;
	expect_told(&bench, 3000, "");
	save(&bench, NONE);
	expect_saved(&bench, 14, "2 1000.010:12-1000.014:13", "a");
	bench.full = false;
	expect_told(&bench, 3000, "feed 2 1000.010:12-1000.014:13\n");
	save(&bench, NONE);
	expect_saved(&bench, 14, "0 0.000:0-0.000:0", "a");
	stop_with_checkpoint(&bench);
}

static void journal_is_written_only_when_it_changes(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, NULL);
	see_event(&bench, "a", 10);
	save(&bench, NONE);
	SAME_NUMBER(journal_size(&bench), 16384);
	SAME_NUMBER(truncate(bench.path, 0), 0);
	see_event(&bench, "a", 10);
	save(&bench, NONE);
	SAME_NUMBER(journal_size(&bench), 0);
	see_event(&bench, "a", 11);
	save(&bench, NONE);
	SAME_NUMBER(journal_size(&bench), 16384);
	stop_with_checkpoint(&bench);
}

/* The process 77 has ended: of five calls two were held, three sent. */
static const struct pvm_checkpoint_entry left = {
	{1000, 10, 10},
	{77,
	 {5, {1000, 5, 5}, {1000, 9, 9}},
	 2,
	 {{77, 7, 7, 1}, {77, 5, 9, 2}}},
	{{5, 6}},
	1,
	"a"};

/* Its record @text comes round, as one of process @pid on the node @node. */
static void come_round(struct bench *bench, const char *node, uint32_t pid,
		       const char *text)
{
	char record[512];
	struct pvm_line line;

	snprintf(record, sizeof(record),
		 "node=%s type=USER msg=audit(1000.020:20): pid=%u uid=0\n",
		 node, pid);
	line = unit_line(record);
	if (pvm_ledger_knows(bench->ledger, pid, &line))
		pvm_ledger_confirm_predecessor(bench->ledger, pid, text,
					       strlen(text), pvm_now_ms());
}

#define TEXT_7 "op=process_vm_readv event=1000.007:7 auid=0 res=success'\n"
#define TEXT_5_9                                                         \
	"op=process_vm_writev count=2 first=1000.005:5 last=1000.009:9 " \
	"serials=5,9 auid=0 res=success'\n"

static void what_a_former_process_left_is_told(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	pvm_ledger_pass_predecessor(bench.ledger, pvm_now_ms());
	see_event(&bench, "b", 900);
	see_event(&bench, "a", 13);
	see_event(&bench, "a", 15);
	expect_told(&bench, 0, "ended 2 1000.005:5-1000.009:9\n");
	expect_told(&bench, 2999, "");
	expect_told(&bench, 3000,
		    "feed 1 1000.013:14-1000.015:14\n"
		    "not-running 2 1000.010:11-1000.013:12\n"
		    "ended 3 1000.005:5-1000.009:9\n");
	expect_told(&bench, 200000, "");
	stop_with_checkpoint(&bench);
}

/* Where nothing of this process comes round either, that tells nothing. */
static void what_was_left_is_told_after_two_minutes_at_the_latest(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	expect_told(&bench, 0, "ended 2 1000.005:5-1000.009:9\n");
	expect_told(&bench, 119999, "");
	expect_told(&bench, 120000, "ended 3 1000.005:5-1000.009:9\n");
	stop_with_checkpoint(&bench);
}

static void what_was_left_is_not_told_while_events_are_missing(void)
{
	struct pvm_id waiting = unit_id(9);
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	bench.waiting = &waiting;
	pvm_ledger_pass_predecessor(bench.ledger, pvm_now_ms());
	expect_told(&bench, 0, "ended 2 1000.005:5-1000.009:9\n");
	expect_told(&bench, 5000, "");
	bench.waiting = NULL;
	expect_told(&bench, 5001, "ended 3 1000.005:5-1000.009:9\n");
	stop_with_checkpoint(&bench);
}

static void what_comes_round_after_all_is_not_lost(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	come_round(&bench, "a", 77, TEXT_7);
	come_round(&bench, "a", 77, TEXT_7);
	come_round(&bench, "b", 77, TEXT_5_9);
	come_round(&bench, "a", 78, TEXT_5_9);
	pvm_ledger_pass_predecessor(bench.ledger, pvm_now_ms());
	expect_told(&bench, 0, "ended 2 1000.005:5-1000.009:9\n");
	expect_told(&bench, 3000, "ended 2 1000.005:5-1000.009:9\n");
	stop_with_checkpoint(&bench);
	start_with_checkpoint(&bench, &left);
	pvm_ledger_pass_predecessor(bench.ledger, pvm_now_ms());
	expect_told(&bench, 0, "ended 2 1000.005:5-1000.009:9\n");
	set_time(2999);
	come_round(&bench, "a", 77, TEXT_5_9);
	/* there may be more */
	expect_told(&bench, 5998, "");
	expect_told(&bench, 5999, "ended 1 1000.005:5-1000.009:9\n");
	stop_with_checkpoint(&bench);
}

/* The former process has told of calls that the checkpoint does not know yet.
 */
static void what_a_former_process_told_is_not_missing(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	pvm_ledger_pass_predecessor(bench.ledger, pvm_now_ms());
	see_event(&bench, "a", 20);
	come_round(&bench, "a", 77,
		   "op=process_vm_readv event=1000.011:11 auid=0'\n");
	come_round(&bench, "a", 77,
		   "op=process_vm_readv event=1000.012:12 auid=0 part=2/2'\n");
	come_round(&bench, "a", 77,
		   "op=process_vm_readv count=4 first=1000.013:13 "
		   "last=1000.018:18 serials=13,16-18 auid=0'\n");
	come_round(&bench, "a", 78,
		   "op=process_vm_readv event=1000.019:19 auid=0'\n");
	come_round(&bench, "a", 77,
		   "op=pvm-lost why=feed count=1 first=1000.019:19 "
		   "last=1000.019:19 start=1'\n");
	expect_told(&bench, 0, "ended 2 1000.005:5-1000.009:9\n");
	expect_told(&bench, 3000,
		    "not-running 4 1000.010:12-1000.020:19\n"
		    "ended 3 1000.005:5-1000.009:9\n");
	stop_with_checkpoint(&bench);
}

/* Killed before it has told of it, it leaves it to the next again. */
static void what_was_left_and_not_told_is_left_again(void)
{
	struct pvm_checkpoint_entry entry;
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	come_round(&bench, "a", 77, TEXT_7);
	pvm_ledger_settle(bench.ledger, bench.inject, NULL, true, tell, &bench);
	SAME_TOLD(&bench.told, "ended 2 1000.005:5-1000.009:9\n");
	save(&bench, (struct pvm_span){1, {1000, 10, 10}, {1000, 10, 10}});
	expect_saved(&bench, 10, "3 1000.005:5-1000.010:10", "a");
	read_checkpoint(&bench, &entry);
	SAME_NUMBER(entry.pending.pid, 88);
	SAME_NUMBER(entry.pending.records_nr, 1);
	SAME_NUMBER(entry.pending.awaited[0].pid, 77);
	SAME_NUMBER(entry.pending.awaited[0].count, 2);
	stop_with_checkpoint(&bench);
	start_with_checkpoint(&bench, &entry);
	come_round(&bench, "a", 88, TEXT_5_9);
	expect_told(&bench, 0, "ended 1 1000.005:5-1000.010:10\n");
	expect_told(&bench, 120000, "ended 2 1000.005:5-1000.010:10\n");
	stop_with_checkpoint(&bench);
	start_with_checkpoint(&bench, &entry);
	come_round(&bench, "a", 77, TEXT_5_9);
	expect_told(&bench, 0, "ended 1 1000.005:5-1000.010:10\n");
	expect_told(&bench, 120000, "");
	stop_with_checkpoint(&bench);
}

/* What was told alone is told to the next process, the newest 64 ranges. */
static void told_calls_are_handed_on(void)
{
	struct pvm_checkpoint_entry entry;
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	for (uint64_t serial = 20; serial < 20 + 2 * 63; serial += 2)
		pvm_ledger_recorded_early(bench.ledger,
					  &(struct pvm_id){1000, 30, serial});
	CU_ASSERT(pvm_ledger_was_recorded_early(bench.ledger,
						&(struct pvm_id){1000, 5, 5}));
	CU_ASSERT_FALSE(pvm_ledger_was_recorded_early(
		bench.ledger, &(struct pvm_id){1000, 5, 7}));
	save(&bench, NONE);
	read_checkpoint(&bench, &entry);
	SAME_NUMBER(entry.told_nr, 64);
	SAME_NUMBER(entry.told[0].first, 5);
	SAME_NUMBER(entry.told[0].last, 6);
	SAME_NUMBER(entry.told[63].last, 144);
	pvm_ledger_recorded_early(bench.ledger,
				  &(struct pvm_id){1000, 30, 200});
	see_event(&bench, "a", 11);
	save(&bench, NONE);
	read_checkpoint(&bench, &entry);
	SAME_NUMBER(entry.told_nr, 64);
	SAME_NUMBER(entry.told[0].first, 20);
	SAME_NUMBER(entry.told[63].last, 200);
	stop_with_checkpoint(&bench);
}

static void former_process_that_left_nothing_loses_nothing(void)
{
	static const struct pvm_checkpoint_entry clean = {
		.seen = {1000, 10, 10}, .node = "a"};
	struct bench bench;

	start_with_checkpoint(&bench, &clean);
	see_event(&bench, "a", 11);
	expect_told(&bench, 9000, "");
	stop_with_checkpoint(&bench);
}

static void other_name_than_the_former_process_had_starts_anew(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	pvm_ledger_set_node(bench.ledger, "b", 1);
	see_event(&bench, "b", 70);
	see_event(&bench, "b", 72);
	pvm_ledger_pass_predecessor(bench.ledger, pvm_now_ms());
	expect_told(&bench, 0, "ended 2 1000.005:5-1000.009:9\n");
	expect_told(&bench, 3000,
		    "feed 1 1000.070:71-1000.072:71\n"
		    "ended 3 1000.005:5-1000.009:9\n");
	save(&bench, NONE);
	expect_saved(&bench, 72, "0 0.000:0-0.000:0", "b");
	stop_with_checkpoint(&bench);
}

static void journal_that_cannot_be_opened_is_logged(void)
{
	struct bench bench;

	start_bench(&bench);
	pvm_ledger_keep_checkpoint(bench.ledger, "/dev/null/checkpoint");
	SAME_LOG("cannot open /dev/null/checkpoint (Not a directory): what is "
		 "lost when the plugin is killed will not be told; make its "
		 "folder writable for root");
	see_event(&bench, "a", 10);
	save(&bench, NONE);
	stop_bench(&bench);
}

static void journal_that_cannot_be_written_is_logged_once(void)
{
	struct bench bench;

	start_bench(&bench);
	pvm_ledger_keep_checkpoint(bench.ledger, "/dev/full");
	see_event(&bench, "a", 10);
	save(&bench, NONE);
	SAME_LOG("cannot write /dev/full (No space left on device)");
	see_event(&bench, "a", 11);
	save(&bench, NONE);
	stop_bench(&bench);
}

CU_TestInfo ledger_tests[] = {
	TEST(missing_events_are_told_after_three_seconds),
	TEST(first_records_node_is_taken_for_this_hosts),
	TEST(host_without_a_name_is_one_of_that_name),
	TEST(unnumbered_and_trailing_records_do_not_count),
	TEST(call_that_was_told_alone_is_not_missing),
	TEST(call_at_hand_is_not_missing),
	TEST(nothing_is_missing_while_what_is_at_hand_has_not_come),
	TEST(name_as_it_was_changes_nothing),
	TEST(other_name_starts_anew_without_a_loss),
	TEST(name_may_be_known_before_any_record),
	TEST(name_too_long_is_known_by_its_start),
	TEST(loss_with_an_id_is_told_with_it),
	TEST(loss_without_an_id_is_told_by_the_time),
	TEST(loss_of_a_span_is_told_as_it_is),
	TEST(losses_of_a_second_are_told_together),
	TEST(young_gap_is_no_loss_yet),
	TEST(report_has_the_totals),
	TEST(nothing_is_saved_before_the_first_event),
	TEST(nothing_is_saved_without_a_checkpoint),
	TEST(journal_keeps_what_is_under_way_and_untold),
	TEST(journal_has_what_is_missing_until_that_is_told),
	TEST(journal_is_written_only_when_it_changes),
	TEST(what_a_former_process_left_is_told),
	TEST(what_was_left_is_told_after_two_minutes_at_the_latest),
	TEST(what_was_left_is_not_told_while_events_are_missing),
	TEST(what_comes_round_after_all_is_not_lost),
	TEST(what_a_former_process_told_is_not_missing),
	TEST(what_was_left_and_not_told_is_left_again),
	TEST(told_calls_are_handed_on),
	TEST(former_process_that_left_nothing_loses_nothing),
	TEST(other_name_than_the_former_process_had_starts_anew),
	TEST(journal_that_cannot_be_opened_is_logged),
	TEST(journal_that_cannot_be_written_is_logged_once),
	CU_TEST_INFO_NULL,
};
