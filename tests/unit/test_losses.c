// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_losses.c - spans grow as they must; losses are declared once, and in
 * full
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/losses.h"
#include "unit.h"

static bool before(struct pvm_id a, struct pvm_id b)
{
	return pvm_id_before(&a, &b);
}

static void ids_are_ordered_by_serial(void)
{
	CU_ASSERT_TRUE(before(unit_id(1), unit_id(2)));
	CU_ASSERT_FALSE(before(unit_id(2), unit_id(1)));
	CU_ASSERT_FALSE(before(unit_id(2), unit_id(2)));
	/* whatever the time says */
	CU_ASSERT_TRUE(
		before((struct pvm_id){9, 0, 1}, (struct pvm_id){8, 0, 2}));
	CU_ASSERT_FALSE(
		before((struct pvm_id){8, 0, 2}, (struct pvm_id){9, 0, 1}));
}

static void ids_are_ordered_when_serials_start_over(void)
{
	CU_ASSERT_TRUE(before(unit_id(4294967295), unit_id(1)));
	CU_ASSERT_FALSE(before(unit_id(1), unit_id(4294967295)));
	CU_ASSERT_TRUE(before(unit_id(1), unit_id(2147483648)));
	CU_ASSERT_FALSE(before(unit_id(2147483648), unit_id(1)));
}

static void ids_without_serial_are_ordered_by_time(void)
{
	CU_ASSERT_TRUE(
		before((struct pvm_id){8, 999, 0}, (struct pvm_id){9, 0, 0}));
	CU_ASSERT_TRUE(
		before((struct pvm_id){9, 1, 0}, (struct pvm_id){9, 2, 0}));
	CU_ASSERT_FALSE(
		before((struct pvm_id){9, 2, 0}, (struct pvm_id){9, 2, 0}));
	CU_ASSERT_TRUE(
		before((struct pvm_id){8, 0, 7}, (struct pvm_id){9, 0, 0}));
	CU_ASSERT_FALSE(
		before((struct pvm_id){9, 0, 0}, (struct pvm_id){8, 0, 7}));
}

static void nothing_added_changes_nothing(void)
{
	struct pvm_span span = {2, {5, 0, 7}, {6, 0, 9}};

	pvm_span_add(&span, &(struct pvm_span){0, {1, 0, 1}, {9, 0, 99}});
	SAME_SPAN(&span, "2 5.000:7-6.000:9");
}

static void first_added_is_taken_as_it_is(void)
{
	struct pvm_span span = {0, {1, 0, 1}, {1, 0, 1}};

	pvm_span_add(&span, &(struct pvm_span){2, {5, 100, 7}, {6, 0, 9}});
	SAME_SPAN(&span, "2 5.100:7-6.000:9");
}

static void span_grows_to_both_sides(void)
{
	struct pvm_span span = {2, {5, 100, 7}, {6, 0, 9}};

	pvm_span_add(&span, &(struct pvm_span){1, {5, 200, 8}, {5, 200, 8}});
	SAME_SPAN(&span, "3 5.100:7-6.000:9");
	pvm_span_add(&span, &(struct pvm_span){1, {5, 0, 6}, {5, 0, 6}});
	SAME_SPAN(&span, "4 5.000:6-6.000:9");
	pvm_span_add(&span, &(struct pvm_span){4, {7, 0, 11}, {7, 1, 20}});
	SAME_SPAN(&span, "8 5.000:6-7.001:20");
	pvm_span_add(&span, &(struct pvm_span){9, {4, 0, 2}, {8, 0, 30}});
	SAME_SPAN(&span, "17 4.000:2-8.000:30");
}

/* The clock was set back meanwhile. */
static void span_between_times_begins_with_the_earlier(void)
{
	struct pvm_id noon = {5, 0, 0}, before = {4, 999, 0};
	struct pvm_span span = pvm_span_between(3, &noon, &before);

	SAME_SPAN(&span, "3 4.999:0-5.000:0");
	span = pvm_span_between(3, &before, &noon);
	SAME_SPAN(&span, "3 4.999:0-5.000:0");
}

static void span_grows_over_the_start_of_serials(void)
{
	struct pvm_span span = {1, {5, 0, 4294967295}, {5, 0, 4294967295}};

	pvm_span_add(&span, &(struct pvm_span){1, {5, 1, 2}, {5, 1, 2}});
	SAME_SPAN(&span, "2 5.000:4294967295-5.001:2");
}

static void times_grow_like_ids(void)
{
	struct pvm_span span = {2, {5, 100, 0}, {6, 0, 0}};

	pvm_span_add(&span, &(struct pvm_span){1, {5, 99, 0}, {5, 999, 0}});
	SAME_SPAN(&span, "3 5.099:0-6.000:0");
	pvm_span_add(&span, &(struct pvm_span){1, {5, 500, 0}, {6, 1, 0}});
	SAME_SPAN(&span, "4 5.099:0-6.001:0");
}

static void ids_and_times_together_are_times(void)
{
	struct pvm_span span = {2, {5, 100, 7}, {6, 0, 9}};

	pvm_span_add(&span, &(struct pvm_span){1, {4, 0, 0}, {5, 500, 0}});
	SAME_SPAN(&span, "3 4.000:0-6.000:0");
	pvm_span_add(&span, &(struct pvm_span){1, {5, 0, 4}, {7, 5, 99}});
	SAME_SPAN(&span, "4 4.000:0-7.005:0");
}

struct bench {
	struct pvm_losses losses;
	struct unit_declared declared;
	unsigned int take; /* records that find room */
};

static void start_bench(struct bench *bench)
{
	memset(bench, 0, sizeof(*bench));
	bench->take = 1000;
}

static bool take_loss(void *arg, enum pvm_loss why, const struct pvm_span *span)
{
	struct bench *bench = arg;

	if (!bench->take)
		return false;
	bench->take--;
	unit_declare(&bench->declared, why, span);
	return true;
}

static void lose(struct bench *bench, enum pvm_loss why, uint64_t serial)
{
	struct pvm_id id = unit_id(serial);

	pvm_losses_add(&bench->losses, why, &(struct pvm_span){1, id, id});
}

static void expect_declared(struct bench *bench, uint64_t now_ms,
			    const char *want)
{
	pvm_losses_declare(&bench->losses, now_ms, take_loss, bench);
	SAME_DECLARED(&bench->declared, want);
}

static void reasons_have_their_names(void)
{
	SAME_NUMBER(PVM_LOSSES, 11);
	SAME_TEXT(pvm_loss_name(PVM_LOSS_REBOOT), "reboot");
	SAME_TEXT(pvm_loss_name(PVM_LOSS_SUSPENDED), "suspended");
	SAME_TEXT(pvm_loss_name(PVM_LOSS_BACKLOG), "backlog");
	SAME_TEXT(pvm_loss_name(PVM_LOSS_FEED), "feed");
	SAME_TEXT(pvm_loss_name(PVM_LOSS_NOT_RUNNING), "not-running");
	SAME_TEXT(pvm_loss_name(PVM_LOSS_ENDED), "ended");
	SAME_TEXT(pvm_loss_name(PVM_LOSS_MALFORMED), "malformed");
	SAME_TEXT(pvm_loss_name(PVM_LOSS_NO_MEMORY), "no-memory");
	SAME_TEXT(pvm_loss_name(PVM_LOSS_QUEUE_FULL), "queue-full");
	SAME_TEXT(pvm_loss_name(PVM_LOSS_SEND_FAILED), "send-failed");
	SAME_TEXT(pvm_loss_name(PVM_LOSS_NOT_CONFIRMED), "not-confirmed");
}

static void loss_is_declared_once(void)
{
	struct bench bench;

	start_bench(&bench);
	expect_declared(&bench, 5000, "");
	lose(&bench, PVM_LOSS_FEED, 7);
	expect_declared(&bench, 5000, "feed 1 1000.007:7-1000.007:7\n");
	expect_declared(&bench, 9000, "");
	expect_declared(&bench, UINT64_MAX, "");
}

static void losses_of_a_second_share_a_record(void)
{
	struct bench bench;

	start_bench(&bench);
	lose(&bench, PVM_LOSS_FEED, 7);
	expect_declared(&bench, 5000, "feed 1 1000.007:7-1000.007:7\n");
	lose(&bench, PVM_LOSS_FEED, 9);
	expect_declared(&bench, 5001, "");
	lose(&bench, PVM_LOSS_FEED, 8);
	expect_declared(&bench, 5999, "");
	expect_declared(&bench, 6000, "feed 2 1000.008:8-1000.009:9\n");
}

static void each_reason_has_its_own_record(void)
{
	struct bench bench;

	start_bench(&bench);
	lose(&bench, PVM_LOSS_FEED, 7);
	expect_declared(&bench, 5000, "feed 1 1000.007:7-1000.007:7\n");
	lose(&bench, PVM_LOSS_FEED, 8);
	lose(&bench, PVM_LOSS_NOT_CONFIRMED, 9);
	lose(&bench, PVM_LOSS_BACKLOG, 3);
	expect_declared(&bench, 5500,
			"backlog 1 1000.003:3-1000.003:3\n"
			"not-confirmed 1 1000.009:9-1000.009:9\n");
	expect_declared(&bench, 6000, "feed 1 1000.008:8-1000.008:8\n");
}

static void all_is_declared_at_once_when_asked_for(void)
{
	struct bench bench;

	start_bench(&bench);
	lose(&bench, PVM_LOSS_FEED, 7);
	expect_declared(&bench, 5000, "feed 1 1000.007:7-1000.007:7\n");
	lose(&bench, PVM_LOSS_FEED, 8);
	expect_declared(&bench, UINT64_MAX, "feed 1 1000.008:8-1000.008:8\n");
	lose(&bench, PVM_LOSS_FEED, 9);
	expect_declared(&bench, UINT64_MAX, "feed 1 1000.009:9-1000.009:9\n");
}

static void what_finds_no_room_stays_pending(void)
{
	struct bench bench;

	start_bench(&bench);
	bench.take = 1;
	lose(&bench, PVM_LOSS_FEED, 7);
	lose(&bench, PVM_LOSS_MALFORMED, 8);
	expect_declared(&bench, 5000, "feed 1 1000.007:7-1000.007:7\n");
	lose(&bench, PVM_LOSS_MALFORMED, 9);
	bench.take = 1;
	/* and has not used up its second */
	expect_declared(&bench, 5001, "malformed 2 1000.008:8-1000.009:9\n");
	SAME_NUMBER(bench.losses.by[PVM_LOSS_MALFORMED].total, 2);
}

static void loss_of_a_record_of_losses_counts_once(void)
{
	struct bench bench;
	struct pvm_span span = {3, {5, 0, 7}, {6, 0, 9}};

	start_bench(&bench);
	pvm_losses_add(&bench.losses, PVM_LOSS_FEED, &span);
	expect_declared(&bench, 5000, "feed 3 5.000:7-6.000:9\n");
	pvm_losses_add_again(&bench.losses, PVM_LOSS_FEED, &span);
	SAME_NUMBER(bench.losses.by[PVM_LOSS_FEED].total, 3);
	expect_declared(&bench, 6000, "feed 3 5.000:7-6.000:9\n");
}

static void moved_losses_are_declared_and_counted_there(void)
{
	struct bench bench;
	struct pvm_losses from = {0};
	struct pvm_span span = {3, {5, 0, 7}, {6, 0, 9}};

	start_bench(&bench);
	lose(&bench, PVM_LOSS_FEED, 11);
	pvm_losses_add(&from, PVM_LOSS_FEED, &span);
	pvm_losses_add_again(&from, PVM_LOSS_BACKLOG, &span);
	pvm_losses_move(&bench.losses, &from);
	pvm_losses_move(&bench.losses, &from);
	SAME_NUMBER(bench.losses.by[PVM_LOSS_FEED].total, 4);
	SAME_NUMBER(bench.losses.by[PVM_LOSS_BACKLOG].total, 0);
	SAME_NUMBER(from.by[PVM_LOSS_FEED].total, 0);
	expect_declared(&bench, 5000,
			"backlog 3 5.000:7-6.000:9\n"
			"feed 4 5.000:7-1000.011:11\n");
}

static void pending_is_what_no_record_tells_of(void)
{
	struct bench bench;
	struct pvm_span span = {0};

	start_bench(&bench);
	lose(&bench, PVM_LOSS_FEED, 7);
	expect_declared(&bench, 5000, "feed 1 1000.007:7-1000.007:7\n");
	pvm_losses_pending(&bench.losses, &span);
	SAME_NUMBER(span.count, 0);
	lose(&bench, PVM_LOSS_FEED, 8);
	lose(&bench, PVM_LOSS_NOT_CONFIRMED, 5);
	pvm_losses_pending(&bench.losses, &span);
	SAME_SPAN(&span, "2 1000.005:5-1000.008:8");
}

static void report_has_all_totals(void)
{
	struct bench bench;
	char *text = NULL;
	size_t size;
	FILE *file = open_memstream(&text, &size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	start_bench(&bench);
	lose(&bench, PVM_LOSS_NOT_RUNNING, 7);
	lose(&bench, PVM_LOSS_NOT_RUNNING, 8);
	lose(&bench, PVM_LOSS_NOT_CONFIRMED, 8);
	expect_declared(&bench, UINT64_MAX,
			"not-running 2 1000.007:7-1000.008:8\n"
			"not-confirmed 1 1000.008:8-1000.008:8\n");
	pvm_losses_report(&bench.losses, file);
	fclose(file);
	SAME_TEXT(text, "lost_backlog = 0\n"
			"lost_feed = 0\n"
			"lost_not_running = 2\n"
			"lost_ended = 0\n"
			"lost_malformed = 0\n"
			"lost_no_memory = 0\n"
			"lost_queue_full = 0\n"
			"lost_send_failed = 0\n"
			"lost_not_confirmed = 1\n"
			"lost_suspended = 0\n"
			"lost_reboot = 0\n");
	free(text);
}

CU_TestInfo losses_tests[] = {
	TEST(ids_are_ordered_by_serial),
	TEST(ids_are_ordered_when_serials_start_over),
	TEST(ids_without_serial_are_ordered_by_time),
	TEST(nothing_added_changes_nothing),
	TEST(first_added_is_taken_as_it_is),
	TEST(span_grows_to_both_sides),
	TEST(span_between_times_begins_with_the_earlier),
	TEST(span_grows_over_the_start_of_serials),
	TEST(times_grow_like_ids),
	TEST(ids_and_times_together_are_times),
	TEST(reasons_have_their_names),
	TEST(loss_is_declared_once),
	TEST(losses_of_a_second_share_a_record),
	TEST(each_reason_has_its_own_record),
	TEST(all_is_declared_at_once_when_asked_for),
	TEST(what_finds_no_room_stays_pending),
	TEST(loss_of_a_record_of_losses_counts_once),
	TEST(moved_losses_are_declared_and_counted_there),
	TEST(pending_is_what_no_record_tells_of),
	TEST(report_has_all_totals),
	CU_TEST_INFO_NULL,
};
