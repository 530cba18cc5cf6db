// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_queue.c - records in, answers out, each bounded and in order
 *
 * The test is the sending thread as well; with threads it is test_inject.c.
 */
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "send/queue.h"
#include "unit.h"

#define USER 1005

static struct pvm_queue *new_queue(unsigned int max)
{
	struct pvm_queue *queue = calloc(1, sizeof(*queue));

	CU_ASSERT_PTR_NOT_NULL_FATAL(queue);
	pvm_queue_init(queue, max);
	return queue;
}

static void free_queue(struct pvm_queue *queue)
{
	pvm_queue_destroy(queue);
	free(queue);
	unit_set_clocks(0, 0);
}

/* Nothing about it matters but what is given. */
static int put(struct pvm_queue *queue, uint64_t ticket, const char *text)
{
	struct pvm_message message = {
		.ticket = ticket,
		.type = USER,
		.text = text,
		.len = strlen(text),
		.tty = "pts0",
		.success = true,
	};

	return pvm_queue_put(queue, &message);
}

/* Queue @len bytes; with @reserve they may take the reserve. */
static int put_bytes(struct pvm_queue *queue, size_t len, bool reserve)
{
	char *text = malloc(len);
	struct pvm_message message = {
		.type = USER,
		.text = text,
		.len = len,
		.tty = "",
		.success = true,
		.reserve = reserve,
	};
	int err;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	memset(text, 'n', len);
	err = pvm_queue_put(queue, &message);
	free(text);
	return err;
}

/* The next to be sent is @text; the kernel answers @error, at @now_ms. */
static void finish(struct pvm_queue *queue, const char *text, int error,
		   uint64_t now_ms)
{
	struct pvm_queued *queued = pvm_queue_next(queue);

	CU_ASSERT_PTR_NOT_NULL_FATAL(queued);
	SAME_TEXT(queued->text, text);
	SAME_NUMBER(queued->len, strlen(text));
	unit_set_clocks(now_ms, 0);
	pvm_queue_finish(queue, queued, error);
}

/* Send the next, whatever it is. */
static void finish_any(struct pvm_queue *queue)
{
	struct pvm_queued *queued = pvm_queue_next(queue);

	CU_ASSERT_PTR_NOT_NULL_FATAL(queued);
	pvm_queue_finish(queue, queued, 0);
}

/* The oldest answer as "TICKET ERROR TIME"; "" without one. */
static void expect_answer(struct pvm_queue *queue, const char *want)
{
	struct pvm_queued *queued = pvm_queue_answer(queue);
	char answer[64] = "";

	if (queued)
		snprintf(answer, sizeof(answer), "%llu %d %llu",
			 (unsigned long long)queued->ticket, queued->error,
			 (unsigned long long)queued->finished_ms);
	SAME_TEXT(answer, want);
	free(queued);
}

/* queued, full, sent, failed, depth, depth_most */
static void expect_counters(struct pvm_queue *queue, const char *want)
{
	struct pvm_queue_counters counters;
	char text[128];

	pvm_queue_read_counters(queue, &counters);
	snprintf(text, sizeof(text), "%llu %llu %llu %llu %llu %llu",
		 (unsigned long long)counters.queued,
		 (unsigned long long)counters.full,
		 (unsigned long long)counters.sent,
		 (unsigned long long)counters.failed,
		 (unsigned long long)counters.depth,
		 (unsigned long long)counters.depth_most);
	SAME_TEXT(text, want);
}

/* ---- what is queued */

static void records_are_sent_in_order(void)
{
	struct pvm_queue *queue = new_queue(64);

	SAME_NUMBER(put(queue, 1, "op=a"), 0);
	SAME_NUMBER(put(queue, 2, "op=b"), 0);
	finish(queue, "op=a", 0, 100);
	SAME_NUMBER(put(queue, 3, "op=c"), 0);
	finish(queue, "op=b", 0, 100);
	finish(queue, "op=c", 0, 100);
	free_queue(queue);
}

static void message_is_copied(void)
{
	struct pvm_queue *queue = new_queue(64);
	char text[] = "op=abc", tty[] = "pts0";
	struct pvm_message message = {
		.ticket = 7,
		.type = USER,
		.text = text,
		.len = 4,
		.tty = tty,
		.success = true,
	};
	struct pvm_queued *queued;

	SAME_NUMBER(pvm_queue_put(queue, &message), 0);
	memset(text, 'x', sizeof(text) - 1);
	memset(tty, 'x', sizeof(tty) - 1);
	queued = pvm_queue_next(queue);
	CU_ASSERT_PTR_NOT_NULL_FATAL(queued);
	SAME_NUMBER(queued->ticket, 7);
	SAME_NUMBER(queued->type, USER);
	SAME_NUMBER(queued->success, true);
	SAME_NUMBER(queued->len, 4);
	SAME_TEXT(queued->text, "op=a");
	SAME_TEXT(queued->tty, "pts0");
	free_queue(queue);
}

static void overlong_terminal_name_is_cut(void)
{
	struct pvm_queue *queue = new_queue(64);
	char tty[4 * PVM_TTY_MAX];
	struct pvm_message message = {.text = "op=a", .len = 4, .tty = tty};
	struct pvm_queued *queued;

	SAME_NUMBER(PVM_TTY_MAX, 64);
	memset(tty, 't', sizeof(tty));
	tty[sizeof(tty) - 1] = '\0';
	SAME_NUMBER(pvm_queue_put(queue, &message), 0);
	queued = pvm_queue_next(queue);
	CU_ASSERT_PTR_NOT_NULL_FATAL(queued);
	SAME_NUMBER(strlen(queued->tty), 63);
	SAME_NUMBER(strspn(queued->tty, "t"), 63);
	free_queue(queue);
}

/* What is being sent counts: it can be held up for a minute. */
static void record_being_sent_stays_in_the_queue(void)
{
	struct pvm_queue *queue = new_queue(1);
	struct pvm_queued *queued;

	SAME_NUMBER(put(queue, 1, "op=a"), 0);
	queued = pvm_queue_next(queue);
	CU_ASSERT_PTR_NOT_NULL_FATAL(queued);
	expect_counters(queue, "1 0 0 0 1 1");
	SAME_NUMBER(put(queue, 2, "op=b"), -ENOBUFS);
	expect_answer(queue, "");
	pvm_queue_finish(queue, queued, 0);
	expect_counters(queue, "1 1 1 0 0 1");
	SAME_NUMBER(put(queue, 2, "op=b"), 0);
	free_queue(queue);
}

static void full_queue_refuses_and_counts(void)
{
	struct pvm_queue *queue = new_queue(2);

	expect_counters(queue, "0 0 0 0 0 0");
	SAME_NUMBER(put(queue, 1, "op=a"), 0);
	expect_counters(queue, "1 0 0 0 1 1");
	SAME_NUMBER(put(queue, 2, "op=b"), 0);
	SAME_NUMBER(put(queue, 3, "op=c"), -ENOBUFS);
	SAME_NUMBER(put(queue, 4, ""), -ENOBUFS);
	expect_counters(queue, "2 2 0 0 2 2");
	finish(queue, "op=a", 0, 100);
	finish(queue, "op=b", EPERM, 100);
	expect_counters(queue, "2 2 1 1 0 2");
	expect_answer(queue, "1 0 100");
	expect_answer(queue, "2 1 100");
	expect_answer(queue, "");
	free_queue(queue);
}

static void queued_bytes_are_bounded_exactly(void)
{
	struct pvm_queue *queue = new_queue(64);

	SAME_NUMBER(PVM_QUEUE_BYTES, 2097152);
	SAME_NUMBER(put_bytes(queue, 2097153, false), -ENOBUFS);
	SAME_NUMBER(put_bytes(queue, 1048576, false), 0);
	SAME_NUMBER(put_bytes(queue, 1048577, false), -ENOBUFS);
	SAME_NUMBER(put_bytes(queue, 1048576, false), 0);
	SAME_NUMBER(put_bytes(queue, 1, false), -ENOBUFS);
	expect_counters(queue, "2 3 0 0 2 2");
	free_queue(queue);
}

static void room_is_given_back(void)
{
	struct pvm_queue *queue = new_queue(1);

	for (int i = 0; i < 5; i++) {
		SAME_NUMBER(put_bytes(queue, 2097152, false), 0);
		finish_any(queue);
	}
	expect_counters(queue, "5 0 5 0 0 1");
	free_queue(queue);
}

/* Whatever has room is not refused, and the reserve is no room. */
static void room_for_the_longest_is_known_ahead(void)
{
	struct pvm_queue *queue = new_queue(1000);
	unsigned int nr = 0;

	while (pvm_queue_has_room(queue)) {
		SAME_NUMBER(put_bytes(queue, PVM_RECORD_MAX, false), 0);
		nr++;
	}
	SAME_NUMBER(nr, PVM_QUEUE_BYTES / PVM_RECORD_MAX);
	SAME_NUMBER(put_bytes(queue, PVM_RECORD_MAX, false), -ENOBUFS);
	free_queue(queue);
	queue = new_queue(2);
	SAME_NUMBER(put(queue, 0, "a"), 0);
	CU_ASSERT(pvm_queue_has_room(queue));
	SAME_NUMBER(put(queue, 0, "b"), 0);
	CU_ASSERT(!pvm_queue_has_room(queue));
	finish(queue, "a", 0, 1);
	CU_ASSERT(pvm_queue_has_room(queue));
	free_queue(queue);
}

static void most_that_ever_waited_is_remembered(void)
{
	struct pvm_queue *queue = new_queue(64);

	for (int i = 0; i < 3; i++)
		SAME_NUMBER(put(queue, 0, "op=a"), 0);
	for (int i = 0; i < 3; i++)
		finish_any(queue);
	SAME_NUMBER(put(queue, 0, "op=a"), 0);
	expect_counters(queue, "4 0 3 0 1 3");
	free_queue(queue);
}

static void full_queue_has_a_reserve_for_notes(void)
{
	struct pvm_queue *queue = new_queue(2);

	SAME_NUMBER(PVM_QUEUE_RESERVE, 32);
	SAME_NUMBER(put(queue, 1, "op=a"), 0);
	SAME_NUMBER(put_bytes(queue, 1, true), 0);
	SAME_NUMBER(put(queue, 2, "op=b"), -ENOBUFS);
	for (int i = 0; i < 32; i++)
		SAME_NUMBER(put_bytes(queue, 1, true), 0);
	SAME_NUMBER(put_bytes(queue, 1, true), -ENOBUFS);
	expect_counters(queue, "34 2 0 0 34 34");
	free_queue(queue);
}

static void reserve_has_bytes_of_its_own(void)
{
	struct pvm_queue *queue = new_queue(64);

	SAME_NUMBER(put_bytes(queue, 2097152, false), 0);
	SAME_NUMBER(put_bytes(queue, 1, false), -ENOBUFS);
	SAME_NUMBER(put_bytes(queue, 8193, true), -ENOBUFS);
	SAME_NUMBER(put_bytes(queue, 8000, true), 0);
	SAME_NUMBER(put_bytes(queue, 192, true), 0);
	SAME_NUMBER(put_bytes(queue, 1, true), -ENOBUFS);
	free_queue(queue);
}

/* ---- the answers */

static void answers_come_in_order_with_error_and_time(void)
{
	struct pvm_queue *queue = new_queue(64);

	SAME_NUMBER(put(queue, 7, "op=a"), 0);
	SAME_NUMBER(put(queue, 8, "op=b"), 0);
	SAME_NUMBER(put(queue, UINT64_MAX, "op=c"), 0);
	expect_answer(queue, "");
	finish(queue, "op=a", 0, 1100);
	finish(queue, "op=b", ECONNREFUSED, 1200);
	expect_answer(queue, "7 0 1100");
	finish(queue, "op=c", EPERM, 1300);
	expect_answer(queue, "8 111 1200");
	expect_answer(queue, "18446744073709551615 1 1300");
	expect_answer(queue, "");
	free_queue(queue);
}

static void ticket_0_wants_no_answer(void)
{
	struct pvm_queue *queue = new_queue(64);

	SAME_NUMBER(put(queue, 0, "op=a"), 0);
	SAME_NUMBER(put(queue, 7, "op=b"), 0);
	SAME_NUMBER(put(queue, 0, "op=c"), 0);
	finish(queue, "op=a", 0, 1100);
	finish(queue, "op=b", 0, 1200);
	finish(queue, "op=c", EPERM, 1300);
	expect_counters(queue, "3 0 2 1 0 3");
	expect_answer(queue, "7 0 1200");
	expect_answer(queue, "");
	free_queue(queue);
}

/* Nor do they take the room of records. */
static void answers_survive_when_nobody_asks_for_long(void)
{
	struct pvm_queue *queue = new_queue(1);
	char want[64];

	for (uint64_t ticket = 1; ticket <= 1000; ticket++) {
		SAME_NUMBER(put(queue, ticket, "op=a"), 0);
		finish(queue, "op=a", 0, 1000 + ticket);
	}
	for (int ticket = 1; ticket <= 1000; ticket++) {
		snprintf(want, sizeof(want), "%d 0 %d", ticket, 1000 + ticket);
		expect_answer(queue, want);
	}
	expect_answer(queue, "");
	free_queue(queue);
}

/* Thousands of answers may wait, of which nobody wants the text. */
static void an_answer_does_not_hold_the_text(void)
{
	static char text[4096];
	struct pvm_queue *queue = new_queue(1);
	struct pvm_queued *answer;

	memset(text, 'x', sizeof(text) - 1);
	SAME_NUMBER(put(queue, 1, text), 0);
	finish(queue, text, 0, 1000);
	answer = pvm_queue_answer(queue);
	CU_ASSERT_PTR_NOT_NULL_FATAL(answer);
	SAME_NUMBER(answer->ticket, 1);
	CU_ASSERT(malloc_usable_size(answer) < 512);
	free(answer);
	free_queue(queue);
}

/* ---- the end */

static void what_is_queued_is_sent_before_the_end(void)
{
	struct pvm_queue *queue = new_queue(64);

	SAME_NUMBER(put(queue, 1, "op=a"), 0);
	SAME_NUMBER(put(queue, 2, "op=b"), 0);
	pvm_queue_stop(queue);
	finish(queue, "op=a", 0, 100);
	finish(queue, "op=b", 0, 200);
	CU_ASSERT_PTR_NULL(pvm_queue_next(queue));
	expect_answer(queue, "1 0 100");
	expect_answer(queue, "2 0 200");
	free_queue(queue);
}

/* That nothing leaks here is the sanitizer's to say. */
static void destroy_frees_records_and_answers(void)
{
	struct pvm_queue *queue = new_queue(64);

	SAME_NUMBER(put(queue, 1, "op=a"), 0);
	SAME_NUMBER(put(queue, 2, "op=b"), 0);
	SAME_NUMBER(put(queue, 3, "op=c"), 0);
	finish(queue, "op=a", 0, 100);
	CU_ASSERT_PTR_NOT_NULL(pvm_queue_next(queue));
	free_queue(queue);
}

CU_TestInfo queue_tests[] = {
	TEST(records_are_sent_in_order),
	TEST(message_is_copied),
	TEST(overlong_terminal_name_is_cut),
	TEST(record_being_sent_stays_in_the_queue),
	TEST(full_queue_refuses_and_counts),
	TEST(queued_bytes_are_bounded_exactly),
	TEST(room_is_given_back),
	TEST(room_for_the_longest_is_known_ahead),
	TEST(most_that_ever_waited_is_remembered),
	TEST(full_queue_has_a_reserve_for_notes),
	TEST(reserve_has_bytes_of_its_own),
	TEST(answers_come_in_order_with_error_and_time),
	TEST(ticket_0_wants_no_answer),
	TEST(answers_survive_when_nobody_asks_for_long),
	TEST(an_answer_does_not_hold_the_text),
	TEST(what_is_queued_is_sent_before_the_end),
	TEST(destroy_frees_records_and_answers),
	CU_TEST_INFO_NULL,
};
