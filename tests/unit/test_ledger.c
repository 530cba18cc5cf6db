// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_ledger.c - the books: whose events count, what is confirmed, what is
 * declared, what is left to the next process
 *
 * The clocks stand where a test sets them: at second 1000 since the machine's
 * start, which is second 1795288457 of the world. A ledger is one process of
 * the plugin; freeing it is its end, and without a save that of a kill.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/checkpoint.h"
#include "ledger/ledger.h"
#include "lib/clock.h"
#include "unit.h"

/* start= of the process @pid */
#define START_OF(pid) (9000 + (uint64_t)(pid))

struct bench {
	struct pvm_ledger *ledger;
	uint32_t pid;
	struct unit_declared declared;
	uint64_t declared_start; /* start= of the last */
	bool full; /* no record is taken */
	const struct pvm_id *waiting; /* for its SYSCALL record */
	const char *folder; /* of the checkpoint, and its path */
	char path[sizeof(UNIT_FOLDER) + 16];
};

/* @ms after the test's start. */
static void set_time(uint64_t ms)
{
	unit_set_clocks(1000000 + ms, 1795288457000 + ms);
}

/* What a ledger was last given to save; each of those that live at a time. */
static struct last_saved {
	const struct pvm_ledger *ledger;
	struct pvm_span in_hand;
} last_saved[8];

static struct last_saved *last_saved_by(const struct pvm_ledger *ledger)
{
	struct last_saved *last = last_saved;

	while (last->ledger && last->ledger != ledger)
		last++;
	last->ledger = ledger;
	return last;
}

static void start_process(struct bench *bench, uint32_t pid)
{
	memset(bench, 0, sizeof(*bench));
	bench->pid = pid;
	bench->ledger = pvm_ledger_new(pid, START_OF(pid));
	CU_ASSERT_PTR_NOT_NULL_FATAL(bench->ledger);
}

static void stop_process(struct bench *bench)
{
	memset(last_saved_by(bench->ledger), 0, sizeof(last_saved[0]));
	pvm_ledger_free(bench->ledger);
	SAME_LOG("");
}

/* As the pipeline does it, with no capture that waits. */
static uint64_t save(struct pvm_ledger *ledger, const struct pvm_span *in_hand)
{
	struct pvm_missing missing = {0};

	last_saved_by(ledger)->in_hand = *in_hand;
	pvm_ledger_missing(ledger, &missing);
	return pvm_ledger_save(ledger, in_hand, &missing);
}

/* Time passes, in which it leaves checkpoints, and takes over what is there. */
static void save_again(struct pvm_ledger *ledger)
{
	for (int i = 0; i < 3 && pvm_ledger_has_checkpoint(ledger); i++)
		save(ledger, &last_saved_by(ledger)->in_hand);
}

static uint64_t expect_record(struct pvm_ledger *ledger, enum pvm_loss why,
			      const struct pvm_span *span)
{
	struct pvm_report report = {why, *span, START_OF(100)};

	return pvm_ledger_expect(ledger, &report);
}

static void start_bench(struct bench *bench)
{
	set_time(0);
	start_process(bench, 100);
}

static void stop_bench(struct bench *bench)
{
	unit_set_clocks(0, 0);
	stop_process(bench);
}

/* Returns whether it confirms this process's. */
static bool see(struct bench *bench, const char *text)
{
	struct pvm_line line = unit_line(text);

	pvm_ledger_see(bench->ledger, &line, pvm_now_ms());
	return line.class == PVM_LINE_MESSAGE &&
	       pvm_ledger_confirm(bench->ledger, &line, pvm_now_ms());
}

/* An event of the node @node with one record. */
static void see_event(struct bench *bench, const char *node, unsigned serial)
{
	char text[512];

	snprintf(text, sizeof(text),
		 "node=%s type=SYSCALL msg=audit(1000.%03u:%u): " READV " a\n",
		 node, serial % 1000, serial);
	see(bench, text);
}

/* The text @text of the process @pid comes back as event @serial. */
static bool see_record(struct bench *bench, const char *node, unsigned serial,
		       uint32_t pid, const char *text)
{
	char line[1024];

	snprintf(line, sizeof(line),
		 "node=%s type=USER msg=audit(1000.%03u:%u): pid=%u uid=0 "
		 "auid=4294967295 ses=4294967295 msg='%s exe=\"/x\" "
		 "hostname=? addr=? terminal=? res=success'\n",
		 node, serial % 1000, serial, pid, text);
	return see(bench, line);
}

/* The record about its start, by which its host's name is proven. */
static bool see_start(struct bench *bench, const char *node, unsigned serial)
{
	char text[128];

	snprintf(text, sizeof(text),
		 "op=pvm-start version=0.1.0 src=kernel start=%u",
		 (unsigned int)START_OF(bench->pid));
	return see_record(bench, node, serial, bench->pid, text);
}

static bool see_reload(struct bench *bench, const char *node, unsigned serial,
		       unsigned int reloads)
{
	char text[128];

	snprintf(text, sizeof(text),
		 "op=pvm-reload version=0.1.0 src=kernel start=%u reloads=%u",
		 (unsigned int)START_OF(bench->pid), reloads);
	return see_record(bench, node, serial, bench->pid, text);
}

/* On the node "a", where events up to 10 have come. */
static void start_proven(struct bench *bench)
{
	start_bench(bench);
	CU_ASSERT_TRUE(see_start(bench, "a", 9));
	see_event(bench, "a", 10);
}

static bool take_loss(void *arg, const struct pvm_report *loss)
{
	struct bench *bench = arg;

	if (bench->full)
		return false;
	unit_declare(&bench->declared, loss->why, &loss->span);
	bench->declared_start = loss->start;
	return true;
}

#define EXPECT_DECLARED(bench, ms, want) \
	expect_declared(__LINE__, bench, ms, want)

/* What is declared @ms after the test's start. */
static void expect_declared(unsigned int line, struct bench *bench, uint64_t ms,
			    const char *want)
{
	set_time(ms);
	save_again(bench->ledger);
	pvm_ledger_settle(bench->ledger, bench->waiting, false, take_loss,
			  bench);
	save_again(bench->ledger);
	unit_same_declared(__FILE__, line, &bench->declared, want);
}

/* ---- events that are missing */

static void missing_events_are_declared_after_three_seconds(void)
{
	struct bench bench;

	start_proven(&bench);
	set_time(500);
	see_event(&bench, "a", 13);
	EXPECT_DECLARED(&bench, 3499, "");
	EXPECT_DECLARED(&bench, 3500, "feed 2 1000.010:11-1000.013:12\n");
	EXPECT_DECLARED(&bench, 9000, "");
	stop_bench(&bench);
}

static void foreign_events_are_neither_seen_nor_missing(void)
{
	struct bench bench;

	start_proven(&bench);
	see_event(&bench, "b", 11);
	see_event(&bench, "aa", 900);
	see(&bench, "type=USER msg=audit(1000.011:11): pid=1\n");
	see_event(&bench, "a", 12);
	EXPECT_DECLARED(&bench, 3000, "feed 1 1000.010:11-1000.012:11\n");
	stop_bench(&bench);
}

static void host_without_a_name_is_one_of_that_name(void)
{
	struct bench bench;

	start_bench(&bench);
	see(&bench, "type=USER msg=audit(1000.010:10): pid=100 uid=0 "
		    "msg='op=pvm-start version=0.1.0 src=none start=9100 "
		    "exe=\"/x\"'\n");
	SAME_TEXT(pvm_ledger_node(bench.ledger), "");
	see_event(&bench, "b", 11);
	see(&bench, "type=USER msg=audit(1000.012:12): pid=1\n");
	EXPECT_DECLARED(&bench, 3000, "feed 1 1000.010:11-1000.012:11\n");
	stop_bench(&bench);
}

/* They say how far the stream is, all the same. */
static void unnumbered_and_trailing_records_are_no_events(void)
{
	struct pvm_id id = unit_id(11);
	struct bench bench;

	start_proven(&bench);
	see(&bench,
	    "node=a type=DAEMON_START msg=audit(1000.001:7777): op=a\n");
	see(&bench, "node=a type=DAEMON_ROTATE msg=audit(1000.001:11): op=a\n");
	CU_ASSERT_FALSE(pvm_ledger_has_passed(bench.ledger, &id));
	see(&bench,
	    "node=a type=PROCTITLE msg=audit(1000.001:11): proctitle=a\n");
	see(&bench, "node=a type=EOE msg=audit(1000.001:11): \n");
	CU_ASSERT_TRUE(pvm_ledger_has_passed(bench.ledger, &id));
	see_event(&bench, "a", 12);
	EXPECT_DECLARED(&bench, 3000, "feed 1 1000.010:11-1000.012:11\n");
	stop_bench(&bench);
}

/* A call that waits to be recorded early, and what comes of it. */
static struct pvm_id waits;
static bool answered, may;

static size_t list_waiting(void *arg, struct pvm_id *ids, size_t max)
{
	(void)arg;
	CU_ASSERT(max == PVM_LEDGER_EARLY_MAX);
	if (!waits.serial)
		return 0;
	ids[0] = waits;
	return 1;
}

static void take_answer(void *arg, const struct pvm_id *id, bool it_may)
{
	struct bench *bench = arg;

	CU_ASSERT(pvm_id_equal(id, &waits));
	answered = true;
	may = it_may;
	waits.serial = 0;
	if (may)
		pvm_ledger_note_early(bench->ledger, id);
}

/* Returns whether it may be. */
static bool ask_early(struct bench *bench, uint64_t serial)
{
	const struct pvm_ledger_early early = {list_waiting, take_answer,
					       bench};

	pvm_ledger_set_early(bench->ledger, &early);
	waits = unit_id(serial);
	answered = may = false;
	save(bench->ledger, &last_saved_by(bench->ledger)->in_hand);
	CU_ASSERT_TRUE(answered);
	return may;
}

static void record_early(struct bench *bench, uint64_t serial)
{
	struct pvm_id id = unit_id(serial);

	if (pvm_ledger_has_checkpoint(bench->ledger)) {
		CU_ASSERT_TRUE(ask_early(bench, serial));
	} else {
		pvm_ledger_note_early(bench->ledger, &id);
	}
	CU_ASSERT_TRUE(pvm_ledger_was_recorded_early(bench->ledger, &id));
}

/* Whether the stream comes to its place before or after. */
static void call_recorded_early_is_not_missing(void)
{
	struct bench bench;

	start_proven(&bench);
	see_event(&bench, "a", 13);
	record_early(&bench, 11);
	record_early(&bench, 15);
	EXPECT_DECLARED(&bench, 3000, "feed 1 1000.010:12-1000.013:12\n");
	see_event(&bench, "a", 14);
	see_event(&bench, "a", 17);
	EXPECT_DECLARED(&bench, 6000, "feed 1 1000.014:16-1000.017:16\n");
	stop_bench(&bench);
}

/* The kernel has held its SYSCALL record back, and perhaps more with it. */
static void while_a_call_recorded_early_is_awaited_so_is_what_is_missing(void)
{
	struct pvm_id id = unit_id(15);
	struct bench bench;

	start_proven(&bench);
	see_event(&bench, "a", 13);
	set_time(1000);
	pvm_ledger_note_early(bench.ledger, &id);
	EXPECT_DECLARED(&bench, 119999, "");
	set_time(119999);
	CU_ASSERT_TRUE(pvm_ledger_was_recorded_early(bench.ledger, &id));
	EXPECT_DECLARED(&bench, 119999, "feed 2 1000.010:11-1000.013:12\n");
	/* nor without end */
	id = unit_id(17);
	pvm_ledger_note_early(bench.ledger, &id);
	set_time(230000);
	see_event(&bench, "a", 20);
	EXPECT_DECLARED(&bench, 239998, "");
	EXPECT_DECLARED(&bench, 239999, "feed 4 1000.013:14-1000.020:19\n");
	stop_bench(&bench);
}

static bool holds(void *arg, uint32_t serial)
{
	const uint32_t *held = arg;

	return serial == *held;
}

/* It will be recorded, or its own loss declared. */
static void call_in_hand_is_not_missing(void)
{
	uint32_t held = 12;
	struct bench bench;

	start_proven(&bench);
	pvm_ledger_set_held(bench.ledger, holds, &held);
	see_event(&bench, "a", 14);
	held = 0;
	EXPECT_DECLARED(&bench, 3000, "feed 2 1000.010:11-1000.014:13\n");
	stop_bench(&bench);
}

/* The kernel hands over later what it has held back. */
static void nothing_is_missing_while_what_is_in_hand_has_not_come(void)
{
	struct pvm_id waiting = unit_id(12);
	struct bench bench;

	start_proven(&bench);
	bench.waiting = &waiting;
	see_event(&bench, "a", 14);
	EXPECT_DECLARED(&bench, 119999, "");
	EXPECT_DECLARED(&bench, 120000, "feed 3 1000.010:11-1000.014:13\n");
	see_event(&bench, "a", 16);
	waiting.serial = 16;
	EXPECT_DECLARED(&bench, 123000, "feed 1 1000.014:15-1000.016:15\n");
	stop_bench(&bench);
}

/* With all declared, a gap that may still be filled is left to the next. */
static void young_gap_is_no_loss_yet(void)
{
	struct bench bench;

	start_proven(&bench);
	see_event(&bench, "a", 12);
	set_time(2999);
	pvm_ledger_settle(bench.ledger, NULL, true, take_loss, &bench);
	SAME_DECLARED(&bench.declared, "");
	stop_bench(&bench);
}

static void stream_passes_events_up_to_its_newest(void)
{
	struct pvm_id id = unit_id(20), newer = unit_id(21);
	struct bench bench;

	start_bench(&bench);
	CU_ASSERT_FALSE(pvm_ledger_has_passed(bench.ledger, &id));
	SAME_NUMBER(pvm_ledger_moved_ms(bench.ledger), 0);
	see_start(&bench, "a", 9);
	set_time(700);
	see_event(&bench, "a", 20);
	set_time(900);
	see_event(&bench, "a", 19);
	see_event(&bench, "b", 30);
	CU_ASSERT_TRUE(pvm_ledger_has_passed(bench.ledger, &id));
	CU_ASSERT_FALSE(pvm_ledger_has_passed(bench.ledger, &newer));
	SAME_NUMBER(pvm_ledger_moved_ms(bench.ledger), 1000700);
	stop_bench(&bench);
}

/* ---- this host's name */

/* Whose is a line with @node in node=? One of auditd's own has no number. */
static enum pvm_whose whose(struct bench *bench, const char *node)
{
	struct pvm_line line;
	char text[512];

	snprintf(text, sizeof(text),
		 "node=%s type=DAEMON_ROTATE msg=audit(1000.000:1): op=a\n",
		 node);
	line = unit_line(text);
	return pvm_ledger_see(bench->ledger, &line, pvm_now_ms());
}

static void before_the_first_proof_no_event_is_missing_or_lost(void)
{
	struct pvm_id id = unit_id(15);
	struct bench bench;

	start_bench(&bench);
	CU_ASSERT_PTR_NULL(pvm_ledger_node(bench.ledger));
	see_event(&bench, "a", 10);
	see_event(&bench, "b", 500);
	see_event(&bench, "a", 12);
	see_event(&bench, "a", 11);
	see_event(&bench, "b", 600);
	SAME_NUMBER(whose(&bench, "a"), PVM_UNSURE);
	EXPECT_DECLARED(&bench, 9000, "");
	CU_ASSERT_FALSE(pvm_ledger_has_passed(bench.ledger, &id));
	CU_ASSERT_TRUE(see_start(&bench, "a", 15));
	SAME_TEXT(pvm_ledger_node(bench.ledger), "a");
	SAME_NUMBER(whose(&bench, "b"), PVM_FOREIGN);
	CU_ASSERT_TRUE(pvm_ledger_has_passed(bench.ledger, &id));
	EXPECT_DECLARED(&bench, 11999, "");
	EXPECT_DECLARED(&bench, 12000, "feed 2 1000.015:13-1000.015:14\n");
	stop_bench(&bench);
}

/* The fault: that line made this host's later ones foreign. */
static void queued_line_with_the_old_name_changes_nothing(void)
{
	struct bench bench;

	start_proven(&bench);
	pvm_ledger_reload(bench.ledger, 1);
	/* from before, and of this process */
	see_record(&bench, "a", 11, 100,
		   "op=process_vm_readv event=1000.005:5 uid=0");
	see_event(&bench, "b", 12);
	see_event(&bench, "a", 13);
	SAME_NUMBER(whose(&bench, "a"), PVM_OURS);
	SAME_NUMBER(whose(&bench, "b"), PVM_UNSURE);
	CU_ASSERT_TRUE(see_reload(&bench, "b", 14, 1));
	SAME_NUMBER(whose(&bench, "a"), PVM_FOREIGN);
	SAME_NUMBER(whose(&bench, "b"), PVM_OURS);
	see_event(&bench, "b", 16);
	see_event(&bench, "a", 17);
	EXPECT_DECLARED(&bench, 3000, "feed 1 1000.014:15-1000.016:15\n");
	stop_bench(&bench);
}

static void return_of_an_earlier_reload_proves_nothing(void)
{
	struct bench bench;

	start_proven(&bench);
	pvm_ledger_reload(bench.ledger, 1);
	see_event(&bench, "b", 11);
	pvm_ledger_reload(bench.ledger, 2);
	CU_ASSERT_TRUE(see_reload(&bench, "b", 12, 1));
	SAME_NUMBER(whose(&bench, "b"), PVM_UNSURE);
	SAME_NUMBER(whose(&bench, "a"), PVM_OURS);
	CU_ASSERT_TRUE(see_start(&bench, "b", 13));
	SAME_NUMBER(whose(&bench, "b"), PVM_UNSURE);
	CU_ASSERT_TRUE(see_reload(&bench, "b", 14, 2));
	SAME_NUMBER(whose(&bench, "b"), PVM_OURS);
	/* what came between the two is not lost */
	EXPECT_DECLARED(&bench, 9000, "");
	see_event(&bench, "b", 15);
	EXPECT_DECLARED(&bench, 18000, "");
	stop_bench(&bench);
}

/* The name comes back under the first, and only then changes. */
static void two_reloads_can_change_the_name_twice(void)
{
	struct bench bench;

	start_proven(&bench);
	pvm_ledger_reload(bench.ledger, 1);
	see_event(&bench, "b", 11);
	pvm_ledger_reload(bench.ledger, 2);
	see_reload(&bench, "b", 12, 1);
	see_event(&bench, "a", 13);
	CU_ASSERT_TRUE(see_reload(&bench, "a", 14, 2));
	SAME_NUMBER(whose(&bench, "b"), PVM_FOREIGN);
	/* which of b's were ours is not known: declared */
	EXPECT_DECLARED(&bench, 3000, "feed 2 1000.010:11-1000.013:12\n");
	stop_bench(&bench);
}

static void open_gap_survives_a_change_of_the_name(void)
{
	struct bench bench;

	start_proven(&bench);
	see_event(&bench, "a", 14);
	pvm_ledger_reload(bench.ledger, 1);
	/* late, and under the new name */
	see_event(&bench, "b", 12);
	see_event(&bench, "b", 15);
	CU_ASSERT_TRUE(see_reload(&bench, "b", 16, 1));
	EXPECT_DECLARED(&bench, 2999, "");
	EXPECT_DECLARED(&bench, 3000, "feed 2 1000.010:11-1000.014:13\n");
	stop_bench(&bench);
}

/* What fills it may have come already. */
static void open_gap_waits_for_the_proof(void)
{
	struct bench bench;

	start_proven(&bench);
	see_event(&bench, "a", 14);
	pvm_ledger_reload(bench.ledger, 1);
	see_event(&bench, "b", 11);
	see_event(&bench, "b", 12);
	see_event(&bench, "b", 13);
	EXPECT_DECLARED(&bench, 8000, "");
	CU_ASSERT_TRUE(see_reload(&bench, "b", 15, 1));
	EXPECT_DECLARED(&bench, 16000, "");
	stop_bench(&bench);
}

static void hosts_can_change_names_with_each_other(void)
{
	struct bench bench;

	start_proven(&bench);
	see_event(&bench, "b", 700);
	pvm_ledger_reload(bench.ledger, 1);
	see_event(&bench, "a", 11);
	see_event(&bench, "b", 12);
	CU_ASSERT_TRUE(see_reload(&bench, "b", 13, 1));
	SAME_NUMBER(whose(&bench, "b"), PVM_OURS);
	SAME_NUMBER(whose(&bench, "a"), PVM_FOREIGN);
	see_event(&bench, "a", 701);
	see_event(&bench, "b", 14);
	/* whose it was could not be known */
	EXPECT_DECLARED(&bench, 3000, "feed 2 1000.011:12-1000.014:13\n");
	/* with the name proven, nobody else's records prove another */
	CU_ASSERT_FALSE(see_reload(&bench, "a", 702, 1));
	SAME_NUMBER(whose(&bench, "b"), PVM_OURS);
	stop_bench(&bench);
}

static void another_process_proves_nothing(void)
{
	struct bench bench;

	start_bench(&bench);
	/* another host's of that pid, and another process's with that text */
	CU_ASSERT_FALSE(see_record(&bench, "b", 10, 100,
				   "op=pvm-start version=0.1.0 src=none "
				   "start=9101"));
	CU_ASSERT_FALSE(see_record(&bench, "b", 11, 101,
				   "op=pvm-start version=0.1.0 src=none "
				   "start=9100"));
	SAME_NUMBER(whose(&bench, "b"), PVM_UNSURE);
	stop_bench(&bench);
}

static void overdue_proof_takes_the_likeliest_name(void)
{
	struct bench bench;

	start_proven(&bench);
	pvm_ledger_reload(bench.ledger, 1);
	see_event(&bench, "b", 11);
	see_event(&bench, "b", 12);
	pvm_ledger_note_joined(bench.ledger, "b");
	EXPECT_DECLARED(&bench, 29999, "");
	SAME_NUMBER(whose(&bench, "b"), PVM_UNSURE);
	EXPECT_DECLARED(&bench, 30000, "");
	SAME_NUMBER(whose(&bench, "b"), PVM_OURS);
	SAME_NUMBER(whose(&bench, "a"), PVM_FOREIGN);
	see_event(&bench, "b", 14);
	EXPECT_DECLARED(&bench, 33000, "feed 1 1000.012:13-1000.014:13\n");
	stop_bench(&bench);
}

static void lenient_takes_every_line_for_ours(void)
{
	struct bench bench;

	start_bench(&bench);
	pvm_ledger_be_lenient(bench.ledger);
	see_event(&bench, "a", 10);
	see_event(&bench, "b", 12);
	SAME_NUMBER(whose(&bench, "c"), PVM_OURS);
	EXPECT_DECLARED(&bench, 3000, "feed 1 1000.010:11-1000.012:11\n");
	stop_bench(&bench);
}

static void name_too_long_is_known_by_its_start(void)
{
	struct bench bench;
	char name[301];

	start_bench(&bench);
	memset(name, 'n', 300);
	name[300] = '\0';
	see_start(&bench, name, 10);
	see_event(&bench, name, 12);
	name[254] = 'm';
	see_event(&bench, name, 11);
	EXPECT_DECLARED(&bench, 3000, "feed 1 1000.010:11-1000.012:11\n");
	stop_bench(&bench);
}

/* ---- records of this process */

static const struct pvm_span call_7 = {1, {1000, 7, 7}, {1000, 7, 7}};

#define TEXT_7 "op=process_vm_readv event=1000.007:7 auid=0"

static void sent_record_that_comes_back_is_confirmed(void)
{
	struct bench bench;
	uint64_t ticket;

	start_proven(&bench);
	ticket = expect_record(bench.ledger, PVM_LOSSES, &call_7);
	CU_ASSERT(ticket > 0);
	pvm_ledger_finished(bench.ledger, ticket, 0, pvm_now_ms());
	CU_ASSERT_FALSE(see_record(&bench, "a", 11, 101, TEXT_7));
	CU_ASSERT_FALSE(see_record(&bench, "b", 11, 100, TEXT_7));
	SAME_NUMBER(save(bench.ledger, &(struct pvm_span){0}), 1);
	CU_ASSERT_TRUE(see_record(&bench, "a", 12, 100, TEXT_7));
	SAME_NUMBER(save(bench.ledger, &(struct pvm_span){0}), 0);
	EXPECT_DECLARED(&bench, 200000, "");
	stop_bench(&bench);
}

static void sent_record_that_does_not_come_back_is_declared(void)
{
	struct bench bench;
	uint64_t ticket;

	start_proven(&bench);
	ticket = expect_record(bench.ledger, PVM_LOSSES, &call_7);
	set_time(5000);
	pvm_ledger_finished(bench.ledger, ticket, 0, pvm_now_ms());
	EXPECT_DECLARED(&bench, 124999, "");
	EXPECT_DECLARED(&bench, 125000,
			"not-confirmed 1 1000.007:7-1000.007:7\n");
	stop_bench(&bench);
}

/* An event of that age, in ms, comes at @ms. */
static void see_old_event(struct bench *bench, unsigned int serial, uint64_t ms,
			  uint64_t age_ms)
{
	uint64_t made_ms = 1795288457000 + ms - age_ms;
	char text[128];

	set_time(ms);
	snprintf(text, sizeof(text),
		 "node=a type=SYSCALL msg=audit(%llu.%03u:%u): pid=1\n",
		 (unsigned long long)made_ms / 1000,
		 (unsigned int)(made_ms % 1000), serial);
	see(bench, text);
}

/* The plugin's records are as far behind as all others. */
static void record_is_waited_for_as_long_as_the_stream_lags(void)
{
	struct bench bench;
	uint64_t ticket;

	start_proven(&bench);
	ticket = expect_record(bench.ledger, PVM_LOSSES, &call_7);
	pvm_ledger_finished(bench.ledger, ticket, 0, pvm_now_ms());
	for (unsigned int i = 0; i <= 8; i++) {
		see_old_event(&bench, 11 + i, 50000 * i, 300000);
		EXPECT_DECLARED(&bench, 50000 * i, "");
	}
	see_old_event(&bench, 20, 419000, 300000);
	EXPECT_DECLARED(&bench, 419999, "");
	EXPECT_DECLARED(&bench, 420000,
			"not-confirmed 1 1000.007:7-1000.007:7\n");
	stop_bench(&bench);
}

/* A loss whose record is lost keeps its reason, and counts once. */
static void record_that_the_kernel_refuses_is_declared(void)
{
	struct bench bench;
	uint64_t one, two, three;
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	start_proven(&bench);
	pvm_ledger_lose_span(bench.ledger, PVM_LOSS_FEED, &call_7);
	EXPECT_DECLARED(&bench, 0, "feed 1 1000.007:7-1000.007:7\n");
	one = expect_record(bench.ledger, PVM_LOSS_FEED, &call_7);
	two = expect_record(bench.ledger, PVM_LOSSES, &call_7);
	three = expect_record(bench.ledger, PVM_LOSSES, &(struct pvm_span){0});
	CU_ASSERT(one < two && two < three);
	pvm_ledger_finished(bench.ledger, one, ENOBUFS, pvm_now_ms());
	pvm_ledger_finished(bench.ledger, two, ENOBUFS, pvm_now_ms());
	pvm_ledger_finished(bench.ledger, three, ENOBUFS, pvm_now_ms());
	EXPECT_DECLARED(&bench, 1000,
			"send-failed 1 1000.007:7-1000.007:7\n"
			"feed 1 1000.007:7-1000.007:7\n");
	EXPECT_DECLARED(&bench, 200000, "");
	pvm_ledger_report(bench.ledger, file);
	fclose(file);
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "in_flight = 0\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "lost_feed = 1\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, "lost_send_failed = 1\n"));
	free(text);
	stop_bench(&bench);
}

static void withdrawn_record_is_not_expected(void)
{
	struct bench bench;

	start_proven(&bench);
	pvm_ledger_withdraw(bench.ledger,
			    expect_record(bench.ledger, PVM_LOSSES, &call_7));
	SAME_NUMBER(save(bench.ledger, &(struct pvm_span){0}), 0);
	EXPECT_DECLARED(&bench, 200000, "");
	stop_bench(&bench);
}

/* The kernel's answer is taken after the stream is read. */
static void record_may_come_back_before_the_answer(void)
{
	struct bench bench;
	uint64_t ticket;

	start_proven(&bench);
	ticket = expect_record(bench.ledger, PVM_LOSSES, &call_7);
	CU_ASSERT_TRUE(see_record(&bench, "a", 11, 100, TEXT_7));
	pvm_ledger_finished(bench.ledger, ticket, 0, pvm_now_ms());
	EXPECT_DECLARED(&bench, 200000, "");
	stop_bench(&bench);
}

/* The stream is in doubt, but nobody else has this pid. */
static void record_under_an_unsure_name_is_confirmed(void)
{
	struct bench bench;
	uint64_t ticket;

	start_proven(&bench);
	ticket = expect_record(bench.ledger, PVM_LOSSES, &call_7);
	pvm_ledger_finished(bench.ledger, ticket, 0, pvm_now_ms());
	pvm_ledger_reload(bench.ledger, 1);
	CU_ASSERT_TRUE(see_record(&bench, "b", 11, 100, TEXT_7));
	SAME_NUMBER(save(bench.ledger, &(struct pvm_span){0}), 0);
	stop_bench(&bench);
}

/* ---- losses */

static void loss_with_an_id_is_declared_with_it(void)
{
	struct bench bench;
	struct pvm_id id = unit_id(7);

	start_bench(&bench);
	pvm_ledger_lose(bench.ledger, PVM_LOSS_MALFORMED, &id);
	EXPECT_DECLARED(&bench, 100, "malformed 1 1000.007:7-1000.007:7\n");
	stop_bench(&bench);
}

/* Since the last settling. */
static void loss_without_an_id_is_declared_by_the_time(void)
{
	struct bench bench;

	start_bench(&bench);
	set_time(200);
	pvm_ledger_lose(bench.ledger, PVM_LOSS_MALFORMED, NULL);
	EXPECT_DECLARED(&bench, 400,
			"malformed 1 1795288457.000:0-1795288457.200:0\n");
	set_time(1700);
	pvm_ledger_lose_some(bench.ledger, PVM_LOSS_BACKLOG, 12);
	EXPECT_DECLARED(&bench, 2000,
			"backlog 12 1795288457.400:0-1795288458.700:0\n");
	stop_bench(&bench);
}

static void loss_of_a_span_is_declared_as_it_is(void)
{
	struct bench bench;

	start_bench(&bench);
	pvm_ledger_lose_span(bench.ledger, PVM_LOSS_QUEUE_FULL,
			     &(struct pvm_span){3, {5, 0, 7}, {6, 0, 9}});
	EXPECT_DECLARED(&bench, 0, "queue-full 3 5.000:7-6.000:9\n");
	stop_bench(&bench);
}

static void losses_of_a_second_are_declared_together(void)
{
	struct bench bench;
	struct pvm_span span = {1, {5, 0, 7}, {5, 0, 7}};

	start_bench(&bench);
	pvm_ledger_lose_span(bench.ledger, PVM_LOSS_QUEUE_FULL, &span);
	EXPECT_DECLARED(&bench, 0, "queue-full 1 5.000:7-5.000:7\n");
	pvm_ledger_lose_span(bench.ledger, PVM_LOSS_QUEUE_FULL, &span);
	EXPECT_DECLARED(&bench, 999, "");
	EXPECT_DECLARED(&bench, 1000, "queue-full 1 5.000:7-5.000:7\n");
	pvm_ledger_lose_span(bench.ledger, PVM_LOSS_QUEUE_FULL, &span);
	pvm_ledger_settle(bench.ledger, NULL, true, take_loss, &bench);
	SAME_DECLARED(&bench.declared, "queue-full 1 5.000:7-5.000:7\n");
	stop_bench(&bench);
}

static void resumed_log_loses_what_was_sent_since_it_last_was(void)
{
	struct bench bench;

	start_bench(&bench);
	set_time(5000);
	pvm_ledger_resume(bench.ledger, 7);
	EXPECT_DECLARED(&bench, 5000,
			"suspended 7 1795288457.000:0-1795288462.000:0\n");
	set_time(9000);
	pvm_ledger_resume(bench.ledger, 7);
	EXPECT_DECLARED(&bench, 9000, "");
	pvm_ledger_resume(bench.ledger, 9);
	EXPECT_DECLARED(&bench, 9500,
			"suspended 2 1795288466.000:0-1795288466.000:0\n");
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
	expect_record(bench.ledger, PVM_LOSSES, &call_7);
	pvm_ledger_lose_some(bench.ledger, PVM_LOSS_BACKLOG, 12);
	pvm_ledger_report(bench.ledger, file);
	fclose(file);
	CU_ASSERT_NSTRING_EQUAL(
		text, "in_flight = 1\nlost_backlog = 12\nlost_feed = 0\n", 46);
	free(text);
	stop_bench(&bench);
}

/* ---- the checkpoint */

#define NONE ((struct pvm_span){0})

static void take_nothing(void *arg, const struct pvm_serials_block *block)
{
	(void)arg;
	(void)block;
}

static struct pvm_checkpoint *enter(const struct bench *bench)
{
	struct pvm_checkpoint *checkpoint = pvm_checkpoint_open(bench->path);
	struct pvm_checkpoint_others others = {.early = take_nothing};

	CU_ASSERT_PTR_NOT_NULL_FATAL(checkpoint);
	SAME_NUMBER(pvm_checkpoint_enter(checkpoint, &others), 0);
	return checkpoint;
}

static void set_path(struct bench *bench, const char *folder)
{
	bench->folder = folder;
	snprintf(bench->path, sizeof(bench->path), "%s/checkpoint", folder);
}

/* The process @pid starts, whatever others do that keep the same checkpoint. */
static void start_beside(struct bench *bench, const char *folder, uint32_t pid)
{
	start_process(bench, pid);
	set_path(bench, folder);
	SAME_NUMBER(pvm_ledger_keep_checkpoint(bench->ledger, bench->path), 0);
}

/* It has no more to say. */
static void end(struct bench *bench, struct pvm_span in_hand)
{
	save(bench->ledger, &in_hand);
	stop_process(bench);
}

/* As start_bench(), with @before, if any, in the checkpoint. */
static void start_with_checkpoint(struct bench *bench,
				  const struct pvm_checkpoint_entry *before)
{
	static char folder[sizeof(UNIT_FOLDER)];
	struct pvm_checkpoint *checkpoint;

	set_time(0);
	unit_make_folder(folder);
	set_path(bench, folder);
	if (before) {
		checkpoint = enter(bench);
		SAME_NUMBER(pvm_checkpoint_write(checkpoint, before), 0);
		pvm_checkpoint_close(checkpoint);
	}
	start_beside(bench, folder, 100);
}

static void stop_with_checkpoint(struct bench *bench)
{
	stop_bench(bench);
	unit_remove_folder(bench->folder, "checkpoint");
}

/* What the process leaves when it is killed now. */
static void kill_and_read(struct bench *bench,
			  struct pvm_checkpoint_entry *entry)
{
	struct pvm_checkpoint_entry more;
	struct pvm_checkpoint *checkpoint;

	stop_bench(bench);
	checkpoint = enter(bench);
	CU_ASSERT_TRUE_FATAL(pvm_checkpoint_take(checkpoint, entry));
	pvm_checkpoint_taken(checkpoint);
	CU_ASSERT_FALSE(pvm_checkpoint_take(checkpoint, &more));
	pvm_checkpoint_close(checkpoint);
	unit_remove_folder(bench->folder, "checkpoint");
}

/* It has seen events up to @serial. */
static void expect_left(struct bench *bench, uint64_t serial,
			const char *pending, const char *node)
{
	struct pvm_checkpoint_entry entry;

	kill_and_read(bench, &entry);
	SAME_NUMBER(entry.pid, bench->pid);
	SAME_NUMBER(entry.seen.serial, serial);
	SAME_SPAN(&entry.pending.span, pending);
	SAME_TEXT(entry.node, node);
}

static void process_that_has_seen_nothing_leaves_its_pid(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, NULL);
	expect_left(&bench, 0, "0 0.000:0-0.000:0", "");
}

static void without_a_checkpoint_nothing_is_saved(void)
{
	struct pvm_id id = unit_id(11);
	struct bench bench;

	start_proven(&bench);
	SAME_NUMBER(save(bench.ledger, &call_7), 1);
	pvm_ledger_note_early(bench.ledger, &id);
	stop_bench(&bench);
}

/* Losses without a record, calls in hand, records in flight. */
static void save_everything(struct bench *bench)
{
	struct pvm_span in_hand = {2, {7, 0, 8}, {7, 1, 11}};

	see_start(bench, "a", 9);
	see_event(bench, "a", 11);
	see_event(bench, "a", 10);
	bench->full = true;
	pvm_ledger_lose_span(bench->ledger, PVM_LOSS_QUEUE_FULL,
			     &(struct pvm_span){3, {5, 0, 2}, {6, 0, 4}});
	EXPECT_DECLARED(bench, 0, "");
	pvm_ledger_finished(bench->ledger,
			    expect_record(bench->ledger, PVM_LOSSES, &call_7),
			    0, pvm_now_ms());
	expect_record(bench->ledger, PVM_LOSS_FEED,
		      &(struct pvm_span){2, {6, 0, 5}, {6, 0, 6}});
	SAME_NUMBER(save(bench->ledger, &in_hand), 8);
}

static void checkpoint_has_what_is_not_confirmed_and_not_declared(void)
{
	struct pvm_checkpoint_entry entry;
	struct bench bench;

	start_with_checkpoint(&bench, NULL);
	save_everything(&bench);
	kill_and_read(&bench, &entry);
	SAME_NUMBER(entry.pid, 100);
	SAME_NUMBER(entry.seen.serial, 11);
	SAME_TEXT(entry.node, "a");
	SAME_NUMBER(entry.pending.span.count, 8);
	SAME_NUMBER(entry.pending.span.first.serial, 2);
	SAME_NUMBER(entry.pending.span.last.serial, 11);
	SAME_NUMBER(entry.pending.records_nr, 2);
	SAME_NUMBER(entry.pending.records[0].pid, 100);
	SAME_NUMBER(entry.pending.records[0].why, PVM_LOSS_FEED);
	SAME_NUMBER(entry.pending.records[0].span.count, 2);
	SAME_NUMBER(entry.pending.records[0].start, START_OF(100));
	SAME_NUMBER(entry.pending.records[1].why, PVM_LOSSES);
	SAME_NUMBER(entry.pending.records[1].span.first.serial, 7);
	/* and is done with it when it is */
	start_with_checkpoint(&bench, NULL);
	save_everything(&bench);
	bench.full = false;
	EXPECT_DECLARED(&bench, 0, "queue-full 3 5.000:2-6.000:4\n");
	CU_ASSERT_TRUE(see_record(&bench, "a", 12, 100, TEXT_7));
	CU_ASSERT_TRUE(see_record(&bench, "a", 13, 100,
				  "op=pvm-lost why=feed count=2 first=6.000:5 "
				  "last=6.000:6 start=9100"));
	SAME_NUMBER(save(bench.ledger, &NONE), 0);
	expect_left(&bench, 13, "0 0.000:0-0.000:0", "a");
}

static void checkpoint_has_what_is_missing_until_that_is_declared(void)
{
	struct pvm_checkpoint_entry entry;
	struct bench bench;

	start_with_checkpoint(&bench, NULL);
	see_start(&bench, "a", 10);
	see_event(&bench, "a", 14);
	see_event(&bench, "a", 11);
	bench.full = true;
	EXPECT_DECLARED(&bench, 3000, "");
	SAME_NUMBER(save(bench.ledger, &NONE), 2);
	bench.full = false;
	EXPECT_DECLARED(&bench, 3000, "feed 2 1000.010:12-1000.014:13\n");
	SAME_NUMBER(save(bench.ledger, &NONE), 0);
	see_event(&bench, "a", 16);
	SAME_NUMBER(save(bench.ledger, &NONE), 1);
	kill_and_read(&bench, &entry);
	SAME_NUMBER(entry.seen.serial, 16);
	SAME_SPAN(&entry.pending.span, "0 0.000:0-0.000:0");
	SAME_NUMBER(entry.missing.nr, 1);
	SAME_NUMBER(entry.missing.range[0].first, 15);
	SAME_NUMBER(entry.missing.range[0].last, 15);
}

/* ---- what a predecessor has left */

/* The process 77 has ended: of five calls two were in hand, three sent. */
static const struct pvm_checkpoint_entry left = {
	77,
	{1000, 10, 10},
	{{5, {1000, 5, 5}, {1000, 9, 9}},
	 2,
	 {{77, PVM_LOSSES, {1, {1000, 7, 7}, {1000, 7, 7}}, 0},
	  {77, PVM_LOSSES, {2, {1000, 5, 5}, {1000, 9, 9}}, 0}}},
	.node = "a"};

#define TEXT_5_9                                                         \
	"op=process_vm_writev count=2 first=1000.005:5 last=1000.009:9 " \
	"serials=5,9 auid=0"

#define IN_HAND "ended 2 1000.005:5-1000.009:9\n"

/* One of its own has come back, so what was sent before has been passed. */
static void pass_predecessors(struct bench *bench, const char *node,
			      unsigned serial)
{
	uint64_t ticket =
		expect_record(bench->ledger, PVM_LOSSES, &(struct pvm_span){0});

	pvm_ledger_finished(bench->ledger, ticket, 0, pvm_now_ms());
	CU_ASSERT_TRUE(see_start(bench, node, serial));
}

static void what_a_predecessor_left_is_declared(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	SAME_TEXT(pvm_ledger_node(bench.ledger), "a");
	pass_predecessors(&bench, "a", 13);
	see_event(&bench, "b", 900);
	see_event(&bench, "a", 15);
	EXPECT_DECLARED(&bench, 0, IN_HAND);
	EXPECT_DECLARED(&bench, 2999, "");
	/* records wait as long as events are missing */
	EXPECT_DECLARED(&bench, 3000,
			"feed 1 1000.013:14-1000.015:14\n"
			"not-running 2 1000.010:11-1000.013:12\n"
			"ended 3 1000.005:5-1000.009:9\n");
	EXPECT_DECLARED(&bench, 200000, "");
	stop_with_checkpoint(&bench);
}

/* The same, for each restart under a new name. */
static void restart_under_a_new_name_declares_the_same(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	see_event(&bench, "b", 12);
	pass_predecessors(&bench, "b", 13);
	see_event(&bench, "a", 900);
	see_event(&bench, "b", 15);
	EXPECT_DECLARED(&bench, 0, IN_HAND);
	EXPECT_DECLARED(&bench, 2999, "");
	EXPECT_DECLARED(&bench, 3000,
			"feed 1 1000.013:14-1000.015:14\n"
			"not-running 1 1000.010:11-1000.013:11\n"
			"ended 3 1000.005:5-1000.009:9\n");
	EXPECT_DECLARED(&bench, 200000, "");
	SAME_NUMBER(save(bench.ledger, &NONE), 0);
	expect_left(&bench, 15, "0 0.000:0-0.000:0", "b");
}

static void predecessors_records_are_confirmed_under_a_new_name(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	CU_ASSERT_FALSE(see_record(&bench, "b", 11, 77, TEXT_7));
	CU_ASSERT_FALSE(see_record(&bench, "b", 12, 77, TEXT_5_9));
	pass_predecessors(&bench, "b", 13);
	EXPECT_DECLARED(&bench, 0, IN_HAND);
	EXPECT_DECLARED(&bench, 200000, "");
	stop_with_checkpoint(&bench);
}

/* It recorded calls of which the checkpoint does not say so. */
static void predecessors_calls_are_not_missing_under_a_new_name(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	see_record(&bench, "b", 20, 77,
		   "op=process_vm_readv event=1000.011:11 auid=0");
	see_record(&bench, "b", 21, 77,
		   "op=process_vm_readv count=4 first=1000.013:13 "
		   "last=1000.018:18 serials=13,16-18 auid=0");
	see_record(&bench, "c", 22, 77,
		   "op=process_vm_readv event=1000.012:12 auid=0");
	pass_predecessors(&bench, "b", 22);
	EXPECT_DECLARED(&bench, 0, IN_HAND);
	EXPECT_DECLARED(&bench, 3000,
			"not-running 4 1000.010:12-1000.022:19\n"
			"ended 3 1000.005:5-1000.009:9\n");
	stop_with_checkpoint(&bench);
}

/* Where nothing of this process comes back either, that says nothing. */
static void what_was_left_is_declared_after_two_minutes_at_the_latest(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	EXPECT_DECLARED(&bench, 0, IN_HAND);
	EXPECT_DECLARED(&bench, 119999, "");
	EXPECT_DECLARED(&bench, 120000, "ended 3 1000.005:5-1000.009:9\n");
	stop_with_checkpoint(&bench);
}

static void what_was_left_is_not_declared_while_events_are_missing(void)
{
	struct pvm_id waiting = unit_id(9);
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	bench.waiting = &waiting;
	pass_predecessors(&bench, "a", 11);
	EXPECT_DECLARED(&bench, 0, IN_HAND);
	EXPECT_DECLARED(&bench, 5000, "");
	bench.waiting = NULL;
	EXPECT_DECLARED(&bench, 5001, "ended 3 1000.005:5-1000.009:9\n");
	stop_with_checkpoint(&bench);
}

static void what_comes_back_after_all_is_not_lost(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	pass_predecessors(&bench, "a", 11);
	see_record(&bench, "a", 12, 77, TEXT_7);
	see_record(&bench, "a", 13, 77, TEXT_7);
	see_record(&bench, "b", 14, 77, TEXT_5_9);
	see_record(&bench, "a", 14, 78, TEXT_5_9);
	EXPECT_DECLARED(&bench, 0, IN_HAND);
	EXPECT_DECLARED(&bench, 3000, "ended 2 1000.005:5-1000.009:9\n");
	stop_with_checkpoint(&bench);
	start_with_checkpoint(&bench, &left);
	pass_predecessors(&bench, "a", 11);
	EXPECT_DECLARED(&bench, 0, IN_HAND);
	set_time(2999);
	see_record(&bench, "a", 12, 77, TEXT_5_9);
	/* there may be more */
	EXPECT_DECLARED(&bench, 5998, "");
	EXPECT_DECLARED(&bench, 5999, "ended 1 1000.005:7-1000.009:7\n");
	stop_with_checkpoint(&bench);
}

/* The kernel gives pids anew. */
static void predecessor_may_have_had_this_pid(void)
{
	struct pvm_checkpoint_entry entry = left;
	struct bench bench;

	entry.pid = entry.pending.records[0].pid =
		entry.pending.records[1].pid = 100;
	start_with_checkpoint(&bench, &entry);
	see_record(&bench, "a", 11, 100, TEXT_7);
	see_record(&bench, "a", 12, 100, TEXT_5_9);
	pass_predecessors(&bench, "a", 13);
	EXPECT_DECLARED(&bench, 0, IN_HAND);
	EXPECT_DECLARED(&bench, 200000, "");
	stop_with_checkpoint(&bench);
}

/* It recorded calls of which the checkpoint does not say so. */
static void what_a_predecessor_recorded_is_not_missing(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	pass_predecessors(&bench, "a", 20);
	see_record(&bench, "a", 21, 77,
		   "op=process_vm_readv event=1000.011:11 auid=0");
	see_record(&bench, "a", 22, 77,
		   "op=process_vm_readv event=1000.012:12 auid=0 part=2/2");
	see_record(&bench, "a", 23, 77,
		   "op=process_vm_readv count=4 first=1000.013:13 "
		   "last=1000.018:18 serials=13,16-18 auid=0");
	see_record(&bench, "a", 24, 78,
		   "op=process_vm_readv event=1000.019:19 auid=0");
	see_record(&bench, "a", 25, 77,
		   "op=pvm-lost why=feed count=1 first=1000.019:19 "
		   "last=1000.019:19 start=1");
	EXPECT_DECLARED(&bench, 0, IN_HAND);
	EXPECT_DECLARED(&bench, 3000,
			"not-running 4 1000.010:12-1000.020:19\n"
			"ended 3 1000.005:5-1000.009:9\n");
	stop_with_checkpoint(&bench);
}

/*
 * Each of many that end before its record has come back: as one loss, in the
 * words of the first.
 */
static void loss_in_flight_at_the_end_stays_one_loss(void)
{
	static const struct pvm_checkpoint_entry with_loss = {
		77,
		{1000, 10, 10},
		{{3, {1000, 5, 5}, {1000, 9, 9}},
		 1,
		 {{77, PVM_LOSS_FEED, {3, {1000, 5, 5}, {1000, 9, 9}}, 9077}}},
		.node = "a"};
	struct pvm_report report = {
		PVM_LOSS_FEED, {3, {1000, 5, 5}, {1000, 9, 9}}, 9077};
	struct pvm_checkpoint_entry entry;
	struct bench bench;

	start_with_checkpoint(&bench, &with_loss);
	for (int round = 0; round < 3; round++) {
		EXPECT_DECLARED(&bench, 119999, "");
		EXPECT_DECLARED(&bench, 120999,
				"feed 3 1000.005:5-1000.009:9\n");
		SAME_NUMBER(bench.declared_start, 9077);
		CU_ASSERT(pvm_ledger_expect(bench.ledger, &report) > 0);
		save(bench.ledger, &NONE);
		kill_and_read(&bench, &entry);
		SAME_NUMBER(entry.pending.span.count, 3);
		SAME_NUMBER(entry.pending.records_nr, 1);
		SAME_NUMBER(entry.pending.records[0].start, 9077);
		start_with_checkpoint(&bench, &entry);
	}
	stop_with_checkpoint(&bench);
}

/* ---- what another boot has left */

/* As if the host had booted since @before was written. */
static void start_after_reboot(struct bench *bench,
			       const struct pvm_checkpoint_entry *before)
{
	static char folder[sizeof(UNIT_FOLDER)];
	struct pvm_checkpoint *checkpoint;
	FILE *file;

	set_time(0);
	unit_make_folder(folder);
	set_path(bench, folder);
	checkpoint = enter(bench);
	SAME_NUMBER(pvm_checkpoint_write(checkpoint, before), 0);
	pvm_checkpoint_close(checkpoint);
	file = fopen(bench->path, "r+");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	/* the head's boot and the first slot's */
	for (long at = 0; at <= 128; at += 128) {
		fseek(file, at + (long)strlen("pvm-checkpoint 6 "), SEEK_SET);
		fputs("01234567-89ab-4cde-8f01-23456789abcd", file);
	}
	fclose(file);
	start_beside(bench, folder, 100);
}

/* Records in flight too: nothing of them comes any more. */
static void what_another_boot_left_is_declared_lost(void)
{
	struct pvm_checkpoint_entry before = left;
	struct bench bench;

	before.ended = true;
	pvm_missing_add(&before.missing,
			&(struct pvm_span){2, {1000, 3, 3}, {1000, 4, 4}});
	before.beyond = (struct pvm_span){4, {1000, 12, 12}, {1000, 20, 20}};
	start_after_reboot(&bench, &before);
	CU_ASSERT_PTR_NULL(pvm_ledger_node(bench.ledger));
	EXPECT_DECLARED(&bench, 0, "reboot 11 1000.003:3-1000.020:20\n");
	/* nor are this boot's events missing from behind that one's */
	see_event(&bench, "b", 12);
	pass_predecessors(&bench, "b", 13);
	see_event(&bench, "b", 14);
	EXPECT_DECLARED(&bench, 200000, "");
	stop_with_checkpoint(&bench);
}

static void end_of_another_boot_with_nothing_left_is_not_declared(void)
{
	struct pvm_checkpoint_entry before = {
		.pid = 77, .seen = {1000, 10, 10}, .ended = true};
	struct bench bench;

	start_after_reboot(&bench, &before);
	EXPECT_DECLARED(&bench, 200000, "");
	stop_with_checkpoint(&bench);
}

/* A power cut: the log may go on to any event behind the last that came. */
static void end_of_another_boot_that_nobody_saw_is_all_that_can_follow(void)
{
	struct pvm_checkpoint_entry before = {.pid = 77,
					      .seen = {1000, 10, 10}};
	struct bench bench;

	start_after_reboot(&bench, &before);
	EXPECT_DECLARED(&bench, 0,
			"reboot 4294967285 "
			"1000.010:11-1795288457.000:4294967295\n");
	EXPECT_DECLARED(&bench, 200000, "");
	stop_with_checkpoint(&bench);
	/* by time, where no event had come */
	before.seen.serial = 0;
	start_after_reboot(&bench, &before);
	EXPECT_DECLARED(&bench, 0,
			"reboot 4294967295 1000.010:0-1795288457.000:0\n");
	stop_with_checkpoint(&bench);
}

/*
 * It has no place among this boot's events, and is declared by each process,
 * of this boot or a later one, in the same words until it has come back.
 */
static void loss_of_another_boot_stays_one_loss(void)
{
	struct pvm_report report = {PVM_LOSS_REBOOT,
				    {5, {1000, 5, 5}, {1000, 9, 9}},
				    START_OF(100)};
	struct pvm_checkpoint_entry before = left, entry;
	struct bench bench;

	before.ended = true;
	start_after_reboot(&bench, &before);
	for (int round = 0; round < 4; round++) {
		/* of this boot it waits for those in flight */
		EXPECT_DECLARED(&bench, round && round < 3 ? 120999 : 0,
				"reboot 5 1000.005:5-1000.009:9\n");
		SAME_NUMBER(bench.declared_start, START_OF(100));
		CU_ASSERT(pvm_ledger_expect(bench.ledger, &report) > 0);
		SAME_NUMBER(save(bench.ledger, &NONE), 0);
		kill_and_read(&bench, &entry);
		SAME_NUMBER(entry.pending.span.count, 0);
		SAME_NUMBER(entry.pending.records_nr, 1);
		SAME_NUMBER(entry.pending.records[0].why, PVM_LOSS_REBOOT);
		SAME_NUMBER(entry.pending.records[0].span.count, 5);
		entry.ended = true;
		if (round < 2)
			start_with_checkpoint(&bench, &entry);
		else
			start_after_reboot(&bench, &entry);
	}
	stop_with_checkpoint(&bench);
}

/* Killed before it has declared that, it leaves it. */
static void loss_of_another_boot_is_left_again_by_a_kill(void)
{
	struct pvm_checkpoint_entry entry;
	struct bench bench;

	start_after_reboot(&bench, &left);
	kill_and_read(&bench, &entry);
	SAME_NUMBER(entry.pending.span.count, 0);
	SAME_NUMBER(entry.pending.records_nr, 1);
	SAME_NUMBER(entry.pending.records[0].why, PVM_LOSS_REBOOT);
	unit_set_clocks(0, 0);
}

/* What waits beyond the stream is left to a boot that comes after the end. */
static void end_is_left_with_the_calls_beyond_the_stream(void)
{
	struct pvm_span beyond = {2, {1000, 12, 12}, {1000, 20, 20}};
	struct pvm_checkpoint_entry entry;
	struct bench bench;

	start_with_checkpoint(&bench, NULL);
	pvm_ledger_set_beyond(bench.ledger, &beyond);
	save(bench.ledger, &NONE);
	kill_and_read(&bench, &entry);
	CU_ASSERT_FALSE(entry.ended);
	/* nothing had come: since the start */
	SAME_NUMBER(entry.seen.serial, 0);
	SAME_NUMBER(entry.seen.sec, 1795288457);
	start_with_checkpoint(&bench, NULL);
	pvm_ledger_set_beyond(bench.ledger, &beyond);
	pvm_ledger_end(bench.ledger);
	save(bench.ledger, &NONE);
	kill_and_read(&bench, &entry);
	CU_ASSERT_TRUE(entry.ended);
	SAME_SPAN(&entry.beyond, "2 1000.012:12-1000.020:20");
}

/* Killed before it has declared it, it leaves it to the next again. */
static void what_was_left_and_not_declared_is_left_again(void)
{
	struct pvm_checkpoint_entry entry;
	struct pvm_span in_hand = {1, {1000, 10, 10}, {1000, 10, 10}};
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	see_record(&bench, "a", 11, 77, TEXT_7);
	pvm_ledger_settle(bench.ledger, NULL, true, take_loss, &bench);
	SAME_DECLARED(&bench.declared, IN_HAND);
	SAME_NUMBER(save(bench.ledger, &in_hand), 3);
	kill_and_read(&bench, &entry);
	SAME_SPAN(&entry.pending.span, "3 1000.005:5-1000.010:10");
	SAME_NUMBER(entry.pid, 100);
	SAME_NUMBER(entry.pending.records_nr, 1);
	SAME_NUMBER(entry.pending.records[0].pid, 77);
	SAME_NUMBER(entry.pending.records[0].span.count, 2);
	entry.pid = 88;
	start_with_checkpoint(&bench, &entry);
	see_record(&bench, "a", 12, 88, TEXT_5_9);
	EXPECT_DECLARED(&bench, 0, "ended 1 1000.005:5-1000.010:10\n");
	EXPECT_DECLARED(&bench, 120000, "ended 2 1000.005:5-1000.010:9\n");
	stop_with_checkpoint(&bench);
	start_with_checkpoint(&bench, &entry);
	see_record(&bench, "a", 12, 77, TEXT_5_9);
	EXPECT_DECLARED(&bench, 0, "ended 1 1000.005:5-1000.010:10\n");
	EXPECT_DECLARED(&bench, 120000, "");
	stop_with_checkpoint(&bench);
}

/* What is taken over is in its own entry before anybody has saved. */
static void what_is_taken_over_is_left_again_by_a_kill(void)
{
	struct bench bench;

	start_with_checkpoint(&bench, &left);
	expect_left(&bench, 10, "5 1000.005:5-1000.009:9", "a");
}

static void predecessor_that_left_nothing_loses_nothing(void)
{
	static const struct pvm_checkpoint_entry clean = {
		.pid = 77, .seen = {1000, 10, 10}, .node = "a"};
	struct bench bench;

	start_with_checkpoint(&bench, &clean);
	see_event(&bench, "a", 11);
	EXPECT_DECLARED(&bench, 9000, "");
	stop_with_checkpoint(&bench);
}

/* ---- processes that overlap */

static void expect_early(struct bench *bench, uint64_t serial, bool want)
{
	struct pvm_id id = unit_id(serial);

	SAME_NUMBER(pvm_ledger_was_recorded_early(bench->ledger, &id), want);
}

static void calls_recorded_early_are_the_successors_to_know(void)
{
	char folder[sizeof(UNIT_FOLDER)];
	struct bench one, two, three;

	set_time(0);
	unit_make_folder(folder);
	start_beside(&one, folder, 1);
	record_early(&one, 20);
	start_beside(&two, folder, 2);
	expect_early(&two, 20, true);
	expect_early(&two, 21, false);
	record_early(&two, 22);
	end(&one, NONE);
	EXPECT_DECLARED(&two, 0, "");
	start_beside(&three, folder, 3);
	expect_early(&three, 20, true);
	expect_early(&three, 22, true);
	end(&two, NONE);
	stop_process(&three);
	unit_set_clocks(0, 0);
	unit_remove_folder(folder, "checkpoint");
}

/* Its SYSCALL record goes to the successor. */
static void succeeded_process_records_nothing_early(void)
{
	char folder[sizeof(UNIT_FOLDER)];
	struct pvm_id id = unit_id(20);
	struct bench one, two;

	set_time(0);
	unit_make_folder(folder);
	start_beside(&one, folder, 1);
	start_beside(&two, folder, 2);
	CU_ASSERT_FALSE(ask_early(&one, 20));
	CU_ASSERT_FALSE(pvm_ledger_was_recorded_early(one.ledger, &id));
	CU_ASSERT_TRUE(ask_early(&two, 20));
	stop_process(&one);
	stop_process(&two);
	unit_set_clocks(0, 0);
	unit_remove_folder(folder, "checkpoint");
}

/* A job that is done when there is something in its pipe. */
static int hang_ends[2];

static void hang(void *arg)
{
	char byte;

	(void)arg;
	CU_ASSERT(read(hang_ends[0], &byte, 1) == 1);
}

static void nothing(void *arg)
{
	(void)arg;
}

/* The disk hangs: nobody waits, and the call is not recorded. */
static void call_is_recorded_early_only_when_the_checkpoint_has_it(void)
{
	struct pvm_job hanging = {
		.what = "hanging", .run = hang, .done = nothing};
	struct pvm_files *files = pvm_files_start();
	char folder[sizeof(UNIT_FOLDER)];
	struct pvm_ledger_early early = {list_waiting, take_answer, NULL};
	struct bench one, two;

	CU_ASSERT_PTR_NOT_NULL_FATAL(files);
	SAME_NUMBER(pipe(hang_ends), 0);
	set_time(0);
	unit_make_folder(folder);
	start_beside(&one, folder, 1);
	pvm_ledger_use_files(one.ledger, files);
	early.arg = &one;
	pvm_ledger_set_early(one.ledger, &early);
	CU_ASSERT(pvm_files_put(files, &hanging));
	waits = unit_id(20);
	answered = false;
	save(one.ledger, &NONE);
	save(one.ledger, &NONE);
	pvm_files_take(files);
	CU_ASSERT_FALSE(answered);
	CU_ASSERT_FALSE(pvm_ledger_wait(one.ledger, 0));
	SAME_NUMBER(write(hang_ends[1], "", 1), 1);
	unit_set_clocks(0, 0); /* the C library looks at the real ones */
	CU_ASSERT(pvm_files_stop(files, 60000));
	CU_ASSERT(answered && may);
	start_beside(&two, folder, 2);
	expect_early(&two, 20, true);
	stop_process(&one);
	stop_process(&two);
	close(hang_ends[0]);
	close(hang_ends[1]);
	unit_set_clocks(0, 0);
	unit_remove_folder(folder, "checkpoint");
}

/* Nor does it give up what is in flight: the successor will. */
static void succeeded_process_declares_no_gap(void)
{
	char folder[sizeof(UNIT_FOLDER)];
	struct bench one, two;
	uint64_t ticket;

	set_time(0);
	unit_make_folder(folder);
	start_beside(&one, folder, 1);
	see_start(&one, "a", 9);
	see_event(&one, "a", 12);
	ticket = expect_record(one.ledger, PVM_LOSSES, &call_7);
	pvm_ledger_finished(one.ledger, ticket, 0, pvm_now_ms());
	start_beside(&two, folder, 2);
	EXPECT_DECLARED(&one, 200000, "");
	end(&one, NONE);
	/* what was missing may yet come, to this one */
	EXPECT_DECLARED(&two, 200000, "");
	see_start(&two, "a", 13);
	see_event(&two, "a", 11);
	EXPECT_DECLARED(&two, 202999, "");
	EXPECT_DECLARED(&two, 203000, "ended 1 1000.009:10-1000.012:10\n");
	EXPECT_DECLARED(&two, 320000, "ended 1 1000.007:7-1000.007:7\n");
	stop_process(&two);
	unit_set_clocks(0, 0);
	unit_remove_folder(folder, "checkpoint");
}

/* One sends a record, and lives on when the other two have started. */
static void newest_of_three_takes_over_from_all(void)
{
	char folder[sizeof(UNIT_FOLDER)];
	struct pvm_span call_12 = {1, {1000, 12, 12}, {1000, 12, 12}};
	struct pvm_span call_14 = {1, {1000, 14, 14}, {1000, 14, 14}};
	struct bench one, two, three;
	uint64_t ticket;

	set_time(0);
	unit_make_folder(folder);
	start_beside(&one, folder, 1);
	see_start(&one, "a", 10);
	save(one.ledger, &NONE);
	start_beside(&two, folder, 2);
	EXPECT_DECLARED(&two, 0, "");
	start_beside(&three, folder, 3);
	SAME_TEXT(pvm_ledger_node(three.ledger), "a");
	/* late */
	see_event(&one, "a", 11);
	see_event(&one, "a", 12);
	ticket = expect_record(one.ledger, PVM_LOSSES, &call_12);
	pvm_ledger_finished(one.ledger, ticket, 0, pvm_now_ms());
	/* the third is fed by now: what the first has seen is not missing */
	see_start(&three, "a", 13);
	EXPECT_DECLARED(&three, 100, "");
	end(&one, call_12);
	EXPECT_DECLARED(&two, 200, "");
	EXPECT_DECLARED(&three, 200, "ended 1 1000.012:12-1000.012:12\n");
	see_event(&three, "a", 14);
	end(&two, call_14);
	EXPECT_DECLARED(&three, 1200, "ended 1 1000.014:14-1000.014:14\n");
	see_record(&three, "a", 15, 1,
		   "op=process_vm_readv event=1000.012:12 auid=0");
	EXPECT_DECLARED(&three, 200000, "");
	stop_process(&three);
	unit_set_clocks(0, 0);
	unit_remove_folder(folder, "checkpoint");
}

/* Its list of records comes later than they do. */
static void record_of_a_living_predecessor_is_confirmed(void)
{
	char folder[sizeof(UNIT_FOLDER)];
	struct bench one, two;
	uint64_t ticket;

	set_time(0);
	unit_make_folder(folder);
	start_beside(&one, folder, 1);
	see_start(&one, "a", 10);
	save(one.ledger, &NONE);
	start_beside(&two, folder, 2);
	ticket = expect_record(one.ledger, PVM_LOSSES, &call_7);
	pvm_ledger_finished(one.ledger, ticket, 0, pvm_now_ms());
	ticket = expect_record(one.ledger, PVM_LOSSES, &call_7);
	pvm_ledger_finished(one.ledger, ticket, 0, pvm_now_ms());
	CU_ASSERT_FALSE(see_record(&two, "a", 11, 1, TEXT_7));
	end(&one, NONE);
	EXPECT_DECLARED(&two, 100, "");
	/* it counts once: of two that are alike, one has not come back */
	EXPECT_DECLARED(&two, 200000, "ended 1 1000.007:7-1000.007:7\n");
	stop_process(&two);
	unit_set_clocks(0, 0);
	unit_remove_folder(folder, "checkpoint");
}

/* Of one that is taken over, all has been known since. */
static void taking_over_forgets_no_call_in_hand(void)
{
	char folder[sizeof(UNIT_FOLDER)];
	struct pvm_span in_hand = {2, {1000, 12, 12}, {1000, 13, 13}};
	struct bench one, two, three;

	set_time(0);
	unit_make_folder(folder);
	start_beside(&one, folder, 1);
	start_beside(&two, folder, 2);
	see_start(&two, "a", 11);
	see_event(&two, "a", 12);
	see_event(&two, "a", 13);
	save(two.ledger, &in_hand);
	end(&one, NONE);
	EXPECT_DECLARED(&two, 0, "");
	/* killed before it saves */
	stop_process(&two);
	start_beside(&three, folder, 3);
	EXPECT_DECLARED(&three, 0, "ended 2 1000.012:12-1000.013:13\n");
	stop_process(&three);
	unit_set_clocks(0, 0);
	unit_remove_folder(folder, "checkpoint");
}

/* Its events cannot be missing, however late it says what it has seen. */
static void predecessor_may_live_for_more_than_two_minutes(void)
{
	char folder[sizeof(UNIT_FOLDER)];
	struct bench one, two;

	set_time(0);
	unit_make_folder(folder);
	start_beside(&one, folder, 1);
	see_start(&one, "a", 10);
	save(one.ledger, &NONE);
	start_beside(&two, folder, 2);
	see_start(&two, "a", 14);
	EXPECT_DECLARED(&two, 119999, "");
	/* nobody waits longer for an event */
	EXPECT_DECLARED(&two, 120000,
			"not-running 3 1000.010:11-1000.014:13\n");
	end(&one, (struct pvm_span){1, {1000, 10, 10}, {1000, 10, 10}});
	EXPECT_DECLARED(&two, 130000, "ended 1 1000.010:10-1000.010:10\n");
	see_event(&two, "a", 16);
	EXPECT_DECLARED(&two, 133000, "feed 1 1000.014:15-1000.016:15\n");
	stop_process(&two);
	unit_set_clocks(0, 0);
	unit_remove_folder(folder, "checkpoint");
}

static void seventeenth_process_is_refused(void)
{
	char folder[sizeof(UNIT_FOLDER)];
	struct bench processes[16], last;
	char want[256];

	set_time(0);
	unit_make_folder(folder);
	for (uint32_t i = 0; i < COUNT(processes); i++)
		start_beside(&processes[i], folder, 200 + i);
	start_process(&last, 300);
	set_path(&last, folder);
	SAME_NUMBER(pvm_ledger_keep_checkpoint(last.ledger, last.path), -EBUSY);
	snprintf(want, sizeof(want),
		 "%s: 16 other processes of the plugin have not ended; stop "
		 "them, and auditd starts this one again",
		 last.path);
	SAME_LOG(want);
	stop_process(&last);
	for (uint32_t i = 0; i < COUNT(processes) - 1; i++)
		stop_process(&processes[i]);
	EXPECT_DECLARED(&processes[15], 0, "");
	start_beside(&last, folder, 300);
	stop_process(&processes[15]);
	stop_process(&last);
	unit_set_clocks(0, 0);
	unit_remove_folder(folder, "checkpoint");
}

static void checkpoint_that_cannot_be_opened_is_logged(void)
{
	struct bench bench;

	start_proven(&bench);
	SAME_NUMBER(pvm_ledger_keep_checkpoint(bench.ledger,
					       "/dev/null/checkpoint"),
		    0);
	SAME_LOG("cannot open /dev/null/checkpoint (Not a directory): what is "
		 "lost when the plugin is killed will not be declared; make "
		 "its folder writable for root");
	SAME_NUMBER(save(bench.ledger, &call_7), 1);
	record_early(&bench, 20);
	stop_bench(&bench);
}

static void checkpoint_without_room_is_logged_once(void)
{
	struct bench bench;

	start_proven(&bench);
	SAME_NUMBER(pvm_ledger_keep_checkpoint(bench.ledger, "/dev/full"), 0);
	SAME_LOG("cannot open /dev/full (No space left on device): what is "
		 "lost when the plugin is killed will not be declared; make "
		 "its folder writable for root");
	SAME_NUMBER(save(bench.ledger, &NONE), 0);
	EXPECT_DECLARED(&bench, 1000, "");
	see_event(&bench, "a", 11);
	SAME_NUMBER(save(bench.ledger, &NONE), 0);
	stop_bench(&bench);
}

CU_TestInfo ledger_tests[] = {
	TEST(missing_events_are_declared_after_three_seconds),
	TEST(foreign_events_are_neither_seen_nor_missing),
	TEST(host_without_a_name_is_one_of_that_name),
	TEST(unnumbered_and_trailing_records_are_no_events),
	TEST(call_recorded_early_is_not_missing),
	TEST(while_a_call_recorded_early_is_awaited_so_is_what_is_missing),
	TEST(call_in_hand_is_not_missing),
	TEST(nothing_is_missing_while_what_is_in_hand_has_not_come),
	TEST(young_gap_is_no_loss_yet),
	TEST(stream_passes_events_up_to_its_newest),
	TEST(before_the_first_proof_no_event_is_missing_or_lost),
	TEST(queued_line_with_the_old_name_changes_nothing),
	TEST(return_of_an_earlier_reload_proves_nothing),
	TEST(two_reloads_can_change_the_name_twice),
	TEST(open_gap_survives_a_change_of_the_name),
	TEST(open_gap_waits_for_the_proof),
	TEST(hosts_can_change_names_with_each_other),
	TEST(another_process_proves_nothing),
	TEST(overdue_proof_takes_the_likeliest_name),
	TEST(lenient_takes_every_line_for_ours),
	TEST(name_too_long_is_known_by_its_start),
	TEST(sent_record_that_comes_back_is_confirmed),
	TEST(sent_record_that_does_not_come_back_is_declared),
	TEST(record_is_waited_for_as_long_as_the_stream_lags),
	TEST(record_that_the_kernel_refuses_is_declared),
	TEST(withdrawn_record_is_not_expected),
	TEST(record_may_come_back_before_the_answer),
	TEST(record_under_an_unsure_name_is_confirmed),
	TEST(loss_with_an_id_is_declared_with_it),
	TEST(loss_without_an_id_is_declared_by_the_time),
	TEST(loss_of_a_span_is_declared_as_it_is),
	TEST(losses_of_a_second_are_declared_together),
	TEST(resumed_log_loses_what_was_sent_since_it_last_was),
	TEST(report_has_the_totals),
	TEST(process_that_has_seen_nothing_leaves_its_pid),
	TEST(without_a_checkpoint_nothing_is_saved),
	TEST(checkpoint_has_what_is_not_confirmed_and_not_declared),
	TEST(checkpoint_has_what_is_missing_until_that_is_declared),
	TEST(what_a_predecessor_left_is_declared),
	TEST(restart_under_a_new_name_declares_the_same),
	TEST(predecessors_records_are_confirmed_under_a_new_name),
	TEST(predecessors_calls_are_not_missing_under_a_new_name),
	TEST(what_was_left_is_declared_after_two_minutes_at_the_latest),
	TEST(what_was_left_is_not_declared_while_events_are_missing),
	TEST(what_comes_back_after_all_is_not_lost),
	TEST(predecessor_may_have_had_this_pid),
	TEST(what_a_predecessor_recorded_is_not_missing),
	TEST(loss_in_flight_at_the_end_stays_one_loss),
	TEST(what_another_boot_left_is_declared_lost),
	TEST(end_of_another_boot_with_nothing_left_is_not_declared),
	TEST(end_of_another_boot_that_nobody_saw_is_all_that_can_follow),
	TEST(loss_of_another_boot_stays_one_loss),
	TEST(loss_of_another_boot_is_left_again_by_a_kill),
	TEST(end_is_left_with_the_calls_beyond_the_stream),
	TEST(what_was_left_and_not_declared_is_left_again),
	TEST(what_is_taken_over_is_left_again_by_a_kill),
	TEST(predecessor_that_left_nothing_loses_nothing),
	TEST(calls_recorded_early_are_the_successors_to_know),
	TEST(succeeded_process_records_nothing_early),
	TEST(call_is_recorded_early_only_when_the_checkpoint_has_it),
	TEST(succeeded_process_declares_no_gap),
	TEST(newest_of_three_takes_over_from_all),
	TEST(record_of_a_living_predecessor_is_confirmed),
	TEST(taking_over_forgets_no_call_in_hand),
	TEST(predecessor_may_live_for_more_than_two_minutes),
	TEST(seventeenth_process_is_refused),
	TEST(checkpoint_that_cannot_be_opened_is_logged),
	TEST(checkpoint_without_room_is_logged_once),
	CU_TEST_INFO_NULL,
};
