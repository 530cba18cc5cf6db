// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_report.c - each counter stands in the state report under its own name
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "report.h"
#include "process/state.h"
#include "unit.h"

static struct pvm_wire_counters rows[PVM_COUNTER_ROWS];

/* What is written between begin() and same_report(). */
static char *text;
static size_t size;

static FILE *begin(void)
{
	FILE *file = open_memstream(&text, &size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	return file;
}

static void same_report(FILE *file, const char *want)
{
	fclose(file);
	SAME_TEXT(text, want);
	free(text);
}

static void captures_have_their_names(void)
{
	FILE *file = begin();

	pvm_report_captures(file, &(struct pvm_capture_counters){
					  .calls = 1,
					  .malformed = 2,
					  .list_lost = 3,
					  .no_memory = 4,
				  });
	same_report(file, "captures = 1\n"
			  "capture_malformed = 2\n"
			  "capture_list_lost = 3\n"
			  "capture_no_memory = 4\n");
}

static void join_has_its_names(void)
{
	FILE *file = begin();

	pvm_report_join(file,
			&(struct pvm_join_counters){
				.joined = 1,
				.no_capture = 2,
				.no_syscall = 3,
				.late = 4,
				.evicted = 5,
			},
			6);
	same_report(file, "join_waiting = 6\n"
			  "joined = 1\n"
			  "join_no_capture = 2\n"
			  "join_no_syscall = 3\n"
			  "join_late = 4\n"
			  "join_evicted = 5\n");
}

static void fold_has_its_names(void)
{
	FILE *file = begin();

	pvm_report_fold(file, &(struct pvm_fold_counters){
				      .written = 1,
				      .folded = 2,
				      .records = 3,
				      .held = 4,
				      .groups = 5,
				      .groups_most = 6,
				      .evicted = 7,
			      });
	same_report(file, "written = 1\n"
			  "folded = 2\n"
			  "fold_records = 3\n"
			  "fold_held = 4\n"
			  "fold_groups = 5\n"
			  "fold_groups_most = 6\n"
			  "fold_evicted = 7\n");
}

static void queue_has_its_names(void)
{
	FILE *file = begin();

	pvm_report_queue(file, &(struct pvm_queue_counters){
				       .depth = 1,
				       .depth_most = 2,
				       .full = 3,
				       .queued = 4,
				       .sent = 5,
				       .failed = 6,
			       });
	same_report(file, "queue_waiting = 1\n"
			  "queue_waiting_most = 2\n"
			  "queue_full = 3\n"
			  "queued = 4\n"
			  "sent = 5\n"
			  "send_failed = 6\n");
}

static void stream_has_its_names(void)
{
	FILE *file = begin();

	pvm_state_pipeline(file, &(struct pvm_pipeline_counters){
					 .lines = 1,
					 .dropped = 2,
					 .calls = 3,
					 .other_node = 4,
					 .garbage = 5,
					 .nul = 6,
					 .overlong = 7,
					 .malformed = 8,
					 .records = 9,
					 .recorded = 10,
					 .already_recorded = 11,
					 .early_full = 13,
					 .confirmed = 12,
				 });
	same_report(file, "lines = 1\n"
			  "dropped = 2\n"
			  "calls = 3\n"
			  "other_node = 4\n"
			  "garbage = 5\n"
			  "nul = 6\n"
			  "overlong = 7\n"
			  "malformed = 8\n"
			  "records = 9\n"
			  "recorded = 10\n"
			  "already_recorded = 11\n"
			  "early_full = 13\n"
			  "confirmed = 12\n");
}

static void losses_have_their_names(void)
{
	struct pvm_losses losses = {0};
	FILE *file = begin();

	for (int i = 0; i < PVM_LOSSES; i++)
		losses.by[i].total = (uint64_t)i + 1;
	pvm_losses_report(&losses, file);
	same_report(file, "lost_backlog = 1\n"
			  "lost_feed = 2\n"
			  "lost_not_running = 3\n"
			  "lost_ended = 4\n"
			  "lost_malformed = 5\n"
			  "lost_no_memory = 6\n"
			  "lost_queue_full = 7\n"
			  "lost_send_failed = 8\n"
			  "lost_not_confirmed = 9\n"
			  "lost_suspended = 10\n"
			  "lost_reboot = 11\n");
}

/* A loss is not in flight, and a record in flight no loss. */
static void ledger_has_its_names(void)
{
	struct pvm_ledger *ledger = pvm_ledger_new(77, 1);
	struct pvm_report one = {
		PVM_LOSSES, {1, {1000, 7, 7}, {1000, 7, 7}}, 0};
	FILE *file = begin();

	CU_ASSERT_PTR_NOT_NULL_FATAL(ledger);
	for (int i = 0; i < 3; i++)
		pvm_ledger_expect(ledger, &one);
	pvm_ledger_lose(ledger, PVM_LOSS_MALFORMED, &one.span.first);
	pvm_ledger_report(ledger, file);
	pvm_ledger_free(ledger);
	same_report(file, "in_flight = 3\n"
			  "lost_backlog = 0\n"
			  "lost_feed = 0\n"
			  "lost_not_running = 0\n"
			  "lost_ended = 0\n"
			  "lost_malformed = 1\n"
			  "lost_no_memory = 0\n"
			  "lost_queue_full = 0\n"
			  "lost_send_failed = 0\n"
			  "lost_not_confirmed = 0\n"
			  "lost_suspended = 0\n"
			  "lost_reboot = 0\n");
}

static void kernel_has_its_names(void)
{
	FILE *file = begin();

	memset(rows, 0, sizeof(rows));
	for (int i = 0; i < PVM_K_COUNTERS; i++)
		rows[1].n[i] = (uint64_t)i + 1;
	pvm_report_counters(file, rows);
	same_report(file, "kernel_calls = 1\n"
			  "kernel_sent = 2\n"
			  "kernel_ring_full = 3\n"
			  "kernel_list_lost = 4\n"
			  "kernel_table_full = 5\n"
			  "kernel_other_registers = 6\n"
			  "kernel_read_fault = 7\n"
			  "kernel_backlog = 8\n"
			  "audit_lost = 9\n");
}

static void spans_are_reported_where_there_are_any(void)
{
	FILE *file = begin();

	memset(rows, 0, sizeof(rows));
	rows[0].lost[PVM_K_LOST_RING] = (struct pvm_wire_span){
		{1700000000001, 7, 0},
		{1700000002034, 9, 0},
	};
	rows[2].lost[PVM_K_LOST_BACKLOG] = (struct pvm_wire_span){
		{1700000003000, 0, 0},
		{1700000004999, 0, 0},
	};
	pvm_report_counters(file, rows);
	same_report(file, "kernel_calls = 0\n"
			  "kernel_sent = 0\n"
			  "kernel_ring_full = 0\n"
			  "kernel_list_lost = 0\n"
			  "kernel_table_full = 0\n"
			  "kernel_other_registers = 0\n"
			  "kernel_read_fault = 0\n"
			  "kernel_backlog = 0\n"
			  "audit_lost = 0\n"
			  "kernel_ring_full_first = 1700000000.001:7\n"
			  "kernel_ring_full_last = 1700000002.034:9\n"
			  "kernel_backlog_first = 1700000003.000:0\n"
			  "kernel_backlog_last = 1700000004.999:0\n");
}

static void files_have_their_names(void)
{
	FILE *file = begin();

	pvm_report_files(file, &(struct pvm_files_counters){
				       .jobs = 1,
				       .put_off = 2,
				       .hung = 3,
			       });
	same_report(file, "file_jobs = 1\n"
			  "file_jobs_put_off = 2\n"
			  "file_jobs_hung = 3\n");
}

static void memory_is_reported_now_and_at_most(void)
{
	unsigned long now = 0, most = 0;
	FILE *file = begin();

	pvm_report_memory(file);
	fclose(file);
	CU_ASSERT_EQUAL(sscanf(text, "memory_kb = %lu\nmemory_most_kb = %lu\n",
			       &now, &most),
			2);
	CU_ASSERT(now > 0 && most >= now);
	free(text);
}

static void layers_that_are_on_are_reported(void)
{
	struct pvm_sandbox sandbox = {0};
	FILE *file = begin();

	pvm_report_sandbox(file, &sandbox);
	same_report(file, "sandbox = (none)\n");
	for (int layer = 0; layer < PVM_LAYERS; layer++)
		sandbox.on[layer] = true;
	file = begin();
	pvm_report_sandbox(file, &sandbox);
	same_report(file, "sandbox = bounding_set no_new_privs landlock "
			  "capabilities seccomp\n");
	sandbox.on[PVM_LAYER_LANDLOCK] = false;
	file = begin();
	pvm_report_sandbox(file, &sandbox);
	same_report(file, "sandbox = bounding_set no_new_privs capabilities "
			  "seccomp\n");
}

CU_TestInfo report_tests[] = {
	TEST(captures_have_their_names),
	TEST(join_has_its_names),
	TEST(fold_has_its_names),
	TEST(queue_has_its_names),
	TEST(stream_has_its_names),
	TEST(losses_have_their_names),
	TEST(ledger_has_its_names),
	TEST(kernel_has_its_names),
	TEST(spans_are_reported_where_there_are_any),
	TEST(files_have_their_names),
	TEST(memory_is_reported_now_and_at_most),
	TEST(layers_that_are_on_are_reported),
	CU_TEST_INFO_NULL,
};
