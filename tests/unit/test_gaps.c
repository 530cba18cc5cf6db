// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_gaps.c - numbers that never come are declared, those that are late are
 * not
 *
 * Event N is at second 1000 and N milliseconds, so that a gap's times show
 * whose they are.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/gaps.h"
#include "unit.h"

struct bench {
	struct pvm_gaps gaps;
	struct unit_declared declared;
	const char *known; /* serials, as " 7 9 " */
};

static void declare(void *arg, enum pvm_loss why, const struct pvm_span *span)
{
	struct bench *bench = arg;

	unit_declare(&bench->declared, why, span);
}

static bool is_known(void *arg, uint32_t serial)
{
	struct bench *bench = arg;
	char word[16];

	snprintf(word, sizeof(word), " %u ", serial);
	return strstr(bench->known, word);
}

static void start_bench(struct bench *bench)
{
	memset(bench, 0, sizeof(*bench));
	bench->known = "";
	pvm_gaps_init(&bench->gaps, declare, is_known, bench, NULL);
}

static void see(struct bench *bench, uint64_t serial, uint64_t now_ms)
{
	struct pvm_id id = unit_id(serial);

	pvm_gaps_see(&bench->gaps, &id, now_ms);
}

static void see_all(struct bench *bench, const uint64_t *serials, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		see(bench, serials[i], 0);
}

#define SEE(bench, ...)                                 \
	see_all(bench, (const uint64_t[]){__VA_ARGS__}, \
		COUNT(((const uint64_t[]){__VA_ARGS__})))

/* All that has been declared, or is when nothing can come any more. */
static void expect_declared_in_all(struct bench *bench, const char *want)
{
	pvm_gaps_expire(&bench->gaps, UINT64_MAX, false);
	SAME_DECLARED(&bench->declared, want);
}

static void expect_newest(const struct bench *bench, uint32_t msec,
			  uint64_t serial)
{
	struct pvm_id id = {0};

	CU_ASSERT_TRUE(pvm_gaps_newest(&bench->gaps, &id));
	SAME_NUMBER(id.sec, 1000);
	SAME_NUMBER(id.msec, msec);
	SAME_NUMBER(id.serial, serial);
}

static void expect_pending(const struct bench *bench, const char *want)
{
	struct pvm_missing missing = {0};

	pvm_gaps_pending(&bench->gaps, &missing);
	missing.bounds.count = pvm_missing_count(&missing);
	SAME_SPAN(&missing.bounds, want);
}

static void events_in_order_leave_no_gap(void)
{
	struct bench bench;

	start_bench(&bench);
	SEE(&bench, 41, 42, 43, 44);
	expect_declared_in_all(&bench, "");
}

static void gap_is_declared_after_exactly_three_seconds(void)
{
	struct bench bench;

	start_bench(&bench);
	see(&bench, 4, 100);
	see(&bench, 8, 200);
	pvm_gaps_expire(&bench.gaps, 3199, false);
	SAME_DECLARED(&bench.declared, "");
	pvm_gaps_expire(&bench.gaps, 3200, false);
	SAME_DECLARED(&bench.declared, "feed 3 1000.004:5-1000.008:7\n");
	expect_declared_in_all(&bench, "");
}

static void gaps_are_declared_each_at_its_own_time(void)
{
	struct bench bench;

	start_bench(&bench);
	see(&bench, 1, 0);
	see(&bench, 3, 0);
	see(&bench, 6, 1000);
	pvm_gaps_expire(&bench.gaps, 3999, false);
	SAME_DECLARED(&bench.declared, "feed 1 1000.001:2-1000.003:2\n");
	pvm_gaps_expire(&bench.gaps, 4000, false);
	SAME_DECLARED(&bench.declared, "feed 2 1000.003:4-1000.006:5\n");
}

static void late_events_fill_their_gap_in_any_order(void)
{
	struct bench bench;

	start_bench(&bench);
	SEE(&bench, 1, 3, 2, 9, 4, 8, 6, 5, 7, 10);
	expect_declared_in_all(&bench, "");
}

static void event_that_was_declared_may_still_come(void)
{
	struct bench bench;

	start_bench(&bench);
	SEE(&bench, 1, 3);
	expect_declared_in_all(&bench, "feed 1 1000.001:2-1000.003:2\n");
	SEE(&bench, 2, 4);
	expect_declared_in_all(&bench, "");
	expect_newest(&bench, 4, 4);
}

static void gap_falls_in_two(void)
{
	struct bench bench;

	start_bench(&bench);
	SEE(&bench, 1, 10, 5);
	expect_declared_in_all(&bench, "feed 3 1000.001:2-1000.010:4\n"
				       "feed 4 1000.001:6-1000.010:9\n");
}

static void parts_of_a_gap_are_as_old_as_the_gap(void)
{
	struct bench bench;

	start_bench(&bench);
	see(&bench, 1, 0);
	see(&bench, 5, 0);
	see(&bench, 3, 999);
	pvm_gaps_expire(&bench.gaps, 3000, false);
	SAME_DECLARED(&bench.declared, "feed 1 1000.001:2-1000.005:2\n"
				       "feed 1 1000.001:4-1000.005:4\n");
}

/* Whichever gap it comes out of. */
static void where_a_late_event_comes_all_are_waited_for_anew(void)
{
	struct bench bench;

	start_bench(&bench);
	see(&bench, 1, 0);
	see(&bench, 4, 0);
	see(&bench, 6, 500);
	see(&bench, 3, 1000);
	pvm_gaps_expire(&bench.gaps, 3999, false);
	SAME_DECLARED(&bench.declared, "");
	see(&bench, 3, 3999);
	pvm_gaps_expire(&bench.gaps, 4000, false);
	SAME_DECLARED(&bench.declared, "feed 1 1000.001:2-1000.004:2\n"
				       "feed 1 1000.004:5-1000.006:5\n");
}

static void gap_is_declared_after_two_minutes_however_it_fills(void)
{
	struct bench bench;

	start_bench(&bench);
	see(&bench, 1, 0);
	see(&bench, 103, 0);
	for (unsigned int i = 1; i <= 60; i++) {
		see(&bench, 1 + i, 2000 * i - 1);
		pvm_gaps_expire(&bench.gaps, 2000 * i - 1, false);
	}
	SAME_DECLARED(&bench.declared, "");
	pvm_gaps_expire(&bench.gaps, 120000, false);
	SAME_DECLARED(&bench.declared, "feed 41 1000.001:62-1000.103:102\n");
}

static void what_is_known_is_not_missing(void)
{
	struct bench bench;

	start_bench(&bench);
	bench.known = " 2 3 7 9 13 17 ";
	SEE(&bench, 1, 10, 12, 14, 16);
	expect_pending(&bench, "6 1000.001:4-1000.016:15");
	expect_declared_in_all(&bench, "feed 3 1000.001:4-1000.010:6\n"
				       "feed 1 1000.001:8-1000.010:8\n"
				       "feed 1 1000.010:11-1000.012:11\n"
				       "feed 1 1000.014:15-1000.016:15\n");
	expect_newest(&bench, 16, 16);
}

/* Whatever number comes, it takes no time. */
static void widest_gap_is_not_looked_through(void)
{
	struct bench bench;

	start_bench(&bench);
	bench.known = " 2 ";
	SEE(&bench, 1, 1000003);
	expect_declared_in_all(&bench,
			       "feed 1000001 1000.001:2-1000.003:1000002\n");
}

/* It is no sign of how far the stream is. */
static void known_event_fills_a_gap_and_opens_none(void)
{
	struct bench bench;

	start_bench(&bench);
	SEE(&bench, 1, 4);
	pvm_gaps_fill(&bench.gaps, 3);
	pvm_gaps_fill(&bench.gaps, 9);
	expect_pending(&bench, "1 1000.001:2-1000.004:2");
	SEE(&bench, 5);
	expect_declared_in_all(&bench, "feed 1 1000.001:2-1000.004:2\n");
	expect_newest(&bench, 5, 5);
}

static void gap_shrinks_from_both_ends(void)
{
	struct bench bench;

	start_bench(&bench);
	SEE(&bench, 1, 8, 2, 7, 3, 6);
	expect_declared_in_all(&bench, "feed 2 1000.001:4-1000.008:5\n");
}

static void event_that_comes_twice_changes_nothing(void)
{
	struct bench bench;

	start_bench(&bench);
	SEE(&bench, 1, 1, 6, 6, 1, 4, 4, 6);
	expect_declared_in_all(&bench, "feed 2 1000.001:2-1000.006:3\n"
				       "feed 1 1000.001:5-1000.006:5\n");
}

/* Gaps of one event each: 2, 4, 6 and so on, the last of them 2 * @nr. */
static void open_gaps(struct bench *bench, unsigned int nr)
{
	for (unsigned int i = 0; i <= nr; i++)
		see(bench, 2 * i + 1, 0);
}

static void oldest_is_declared_early_when_there_are_too_many(void)
{
	struct bench bench;

	SAME_NUMBER(PVM_GAPS_MAX, 64);
	start_bench(&bench);
	open_gaps(&bench, 64);
	SAME_DECLARED(&bench.declared, "");
	see(&bench, 131, 0);
	SAME_DECLARED(&bench.declared, "feed 1 1000.001:2-1000.003:2\n");
	expect_pending(&bench, "64 1000.003:4-1000.131:130");
	see(&bench, 133, 0);
	SAME_DECLARED(&bench.declared, "feed 1 1000.003:4-1000.005:4\n");
	SAME_NUMBER(bench.gaps.nr, 64);
}

/* The newest of 64 gaps falls in two: the oldest has to go. */
static void newest_falls_in_two_when_there_are_too_many(void)
{
	struct bench bench;

	start_bench(&bench);
	open_gaps(&bench, 63);
	see(&bench, 137, 0);
	SAME_DECLARED(&bench.declared, "");
	see(&bench, 130, 0);
	SAME_DECLARED(&bench.declared, "feed 1 1000.001:2-1000.003:2\n");
	SAME_NUMBER(bench.gaps.nr, 64);
	for (unsigned int i = 2; i <= 63; i++)
		see(&bench, 2 * i, 0);
	expect_declared_in_all(&bench, "feed 2 1000.127:128-1000.137:129\n"
				       "feed 6 1000.127:131-1000.137:136\n");
}

/* The oldest of 64 itself falls in two: its older part is declared. */
static void oldest_falls_in_two_when_there_are_too_many(void)
{
	struct bench bench;

	start_bench(&bench);
	SEE(&bench, 1, 10);
	for (unsigned int i = 1; i <= 63; i++)
		see(&bench, 10 + 2 * i, 0);
	SAME_DECLARED(&bench.declared, "");
	see(&bench, 5, 0);
	SAME_DECLARED(&bench.declared, "feed 3 1000.001:2-1000.010:4\n");
	expect_pending(&bench, "67 1000.001:6-1000.136:135");
	for (unsigned int i = 1; i <= 63; i++)
		see(&bench, 9 + 2 * i, 0);
	expect_declared_in_all(&bench, "feed 4 1000.001:6-1000.010:9\n");
}

static void numbers_start_over(void)
{
	struct bench bench;

	start_bench(&bench);
	SEE(&bench, 4294967295, 0, 1);
	expect_declared_in_all(&bench, "");
	start_bench(&bench);
	SEE(&bench, 4294967293, 3);
	expect_declared_in_all(&bench,
			       "feed 5 1000.293:4294967294-1000.003:2\n");
	SEE(&bench, 4294967294, 4);
	expect_declared_in_all(&bench, "");
}

static void gap_over_the_start_falls_in_two(void)
{
	struct bench bench;

	start_bench(&bench);
	SEE(&bench, 4294967293, 3, 0);
	expect_pending(&bench, "4 1000.293:4294967294-1000.003:2");
	expect_declared_in_all(
		&bench, "feed 2 1000.293:4294967294-1000.003:4294967295\n"
			"feed 2 1000.293:1-1000.003:2\n");
	start_bench(&bench);
	SEE(&bench, 4294967293, 3, 4294967295, 1);
	expect_declared_in_all(
		&bench, "feed 1 1000.293:4294967294-1000.003:4294967294\n"
			"feed 1 1000.293:0-1000.003:0\n"
			"feed 1 1000.293:2-1000.003:2\n");
}

/* Half of all numbers lie ahead, the others behind. */
static void number_far_off_is_ahead_or_late(void)
{
	struct bench bench;

	start_bench(&bench);
	SEE(&bench, 1, 2147483649);
	expect_declared_in_all(&bench, "");
	expect_newest(&bench, 1, 1);
	SEE(&bench, 2147483648);
	expect_declared_in_all(
		&bench, "feed 2147483646 1000.001:2-1000.648:2147483647\n");
}

static void first_gap_behind_a_checkpoint_is_for_not_running(void)
{
	struct bench bench;
	struct pvm_id last = unit_id(10);

	start_bench(&bench);
	pvm_gaps_start(&bench.gaps, &last);
	SEE(&bench, 10, 9, 15, 17, 12);
	expect_declared_in_all(&bench, "not-running 1 1000.010:11-1000.015:11\n"
				       "not-running 2 1000.010:13-1000.015:14\n"
				       "feed 1 1000.015:16-1000.017:16\n");
}

static void nothing_missed_behind_a_checkpoint_is_no_loss(void)
{
	struct bench bench;
	struct pvm_id last = unit_id(10);

	start_bench(&bench);
	pvm_gaps_start(&bench.gaps, &last);
	expect_newest(&bench, 10, 10);
	SEE(&bench, 11, 13);
	expect_declared_in_all(&bench, "feed 1 1000.011:12-1000.013:12\n");
}

static void start_later(struct bench *bench, uint64_t serial)
{
	struct pvm_id id = unit_id(serial);

	pvm_gaps_start_later(&bench->gaps, &id);
}

static void start_bench_behind(struct bench *bench, uint64_t serial)
{
	struct pvm_id last = unit_id(serial);

	start_bench(bench);
	pvm_gaps_start(&bench->gaps, &last);
}

static void start_later_is_a_start_where_there_was_none(void)
{
	struct bench bench;

	start_bench(&bench);
	start_later(&bench, 10);
	expect_newest(&bench, 10, 10);
	SEE(&bench, 13);
	expect_declared_in_all(&bench,
			       "not-running 2 1000.010:11-1000.013:12\n");
}

static void start_moves_on_and_never_back(void)
{
	struct bench bench;

	start_bench_behind(&bench, 10);
	start_later(&bench, 20);
	expect_newest(&bench, 20, 20);
	start_later(&bench, 15);
	expect_newest(&bench, 20, 20);
	SEE(&bench, 23);
	expect_declared_in_all(&bench,
			       "not-running 2 1000.020:21-1000.023:22\n");
}

/* Events that have come say how far the stream is. */
static void start_later_moves_no_stream(void)
{
	struct bench bench;

	start_bench_behind(&bench, 10);
	SEE(&bench, 11);
	start_later(&bench, 20);
	expect_newest(&bench, 11, 11);
	SEE(&bench, 13);
	expect_declared_in_all(&bench, "feed 1 1000.011:12-1000.013:12\n");
	start_bench(&bench);
	SEE(&bench, 11);
	start_later(&bench, 20);
	expect_newest(&bench, 11, 11);
	SEE(&bench, 12);
	expect_declared_in_all(&bench, "");
}

static void start_later_cuts_an_open_gap(void)
{
	struct bench bench;

	start_bench_behind(&bench, 10);
	SEE(&bench, 20);
	expect_pending(&bench, "9 1000.010:11-1000.020:19");
	start_later(&bench, 9);
	start_later(&bench, 10);
	expect_pending(&bench, "9 1000.010:11-1000.020:19");
	start_later(&bench, 11);
	expect_pending(&bench, "8 1000.010:12-1000.020:19");
	start_later(&bench, 17);
	expect_pending(&bench, "2 1000.010:18-1000.020:19");
	expect_newest(&bench, 20, 20);
	SEE(&bench, 18);
	expect_declared_in_all(&bench,
			       "not-running 1 1000.010:19-1000.020:19\n");
}

static void start_later_closes_a_gap_up_to_its_end(void)
{
	struct bench bench;

	start_bench_behind(&bench, 10);
	SEE(&bench, 20);
	start_later(&bench, 19);
	expect_pending(&bench, "0 0.000:0-0.000:0");
	start_bench_behind(&bench, 10);
	SEE(&bench, 20);
	start_later(&bench, 40);
	expect_declared_in_all(&bench, "");
	expect_newest(&bench, 20, 20);
}

/* Those fell out while this process was running. */
static void start_later_leaves_gaps_of_the_feed(void)
{
	struct bench bench;

	start_bench_behind(&bench, 10);
	SEE(&bench, 20, 15, 23);
	start_later(&bench, 17);
	expect_pending(&bench, "4 1000.010:18-1000.023:22");
	start_later(&bench, 30);
	expect_declared_in_all(&bench, "feed 2 1000.020:21-1000.023:22\n");
}

static void start_moves_on_where_numbers_start_over(void)
{
	struct bench bench;

	start_bench_behind(&bench, 4294967290);
	start_later(&bench, 2);
	expect_newest(&bench, 2, 2);
	start_later(&bench, 4294967295);
	expect_newest(&bench, 2, 2);
	start_bench_behind(&bench, 4294967290);
	SEE(&bench, 6);
	expect_pending(&bench, "11 1000.290:4294967291-1000.006:5");
	start_later(&bench, 4294967295);
	expect_pending(&bench, "6 1000.290:0-1000.006:5");
	start_later(&bench, 2);
	expect_declared_in_all(&bench, "not-running 3 1000.290:3-1000.006:5\n");
}

static void what_is_missing_is_pending_until_it_is_declared(void)
{
	struct bench bench;
	struct pvm_id id;

	start_bench(&bench);
	CU_ASSERT_FALSE(pvm_gaps_newest(&bench.gaps, &id));
	SEE(&bench, 1, 2);
	expect_newest(&bench, 2, 2);
	expect_pending(&bench, "0 0.000:0-0.000:0");
	SEE(&bench, 5, 8);
	expect_newest(&bench, 8, 8);
	expect_pending(&bench, "4 1000.002:3-1000.008:7");
	SEE(&bench, 4);
	expect_pending(&bench, "3 1000.002:3-1000.008:7");
	SEE(&bench, 3);
	expect_newest(&bench, 8, 8);
	expect_pending(&bench, "2 1000.005:6-1000.008:7");
	expect_declared_in_all(&bench, "feed 2 1000.005:6-1000.008:7\n");
	expect_pending(&bench, "0 0.000:0-0.000:0");
}

static void init_forgets_everything(void)
{
	struct bench bench;

	start_bench(&bench);
	SEE(&bench, 1, 5);
	pvm_gaps_init(&bench.gaps, declare, is_known, &bench, NULL);
	SEE(&bench, 900, 901);
	expect_declared_in_all(&bench, "");
	expect_newest(&bench, 901, 901);
}

/* ---- what an earlier process missed */

static struct pvm_missing missing_of(uint64_t first, uint64_t last)
{
	struct pvm_span span = {last - first + 1, unit_id(first),
				unit_id(last)};
	struct pvm_missing missing = {0};

	pvm_missing_add(&missing, &span);
	return missing;
}

/* It waits for them as for its own, and they are declared once. */
static void what_an_earlier_process_missed_is_waited_for(void)
{
	struct pvm_missing missing = missing_of(11, 19);
	struct bench bench;

	start_bench(&bench);
	see(&bench, 30, 0);
	pvm_gaps_miss(&bench.gaps, &missing, 1000);
	see(&bench, 15, 1500);
	see(&bench, 11, 1500);
	pvm_gaps_fill(&bench.gaps, 19);
	pvm_gaps_expire(&bench.gaps, 3999, false);
	SAME_DECLARED(&bench.declared, "");
	pvm_gaps_expire(&bench.gaps, 4000, false);
	SAME_DECLARED(&bench.declared, "ended 3 1000.011:12-1000.019:14\n"
				       "ended 3 1000.011:16-1000.019:18\n");
	expect_declared_in_all(&bench, "");
}

/* The earlier one may be gone only after its successor was given them. */
static void what_has_come_meanwhile_is_not_missed(void)
{
	struct pvm_serials *came = pvm_serials_new(1024);
	struct pvm_missing missing = missing_of(11, 19);
	struct bench bench;

	start_bench(&bench);
	CU_ASSERT_PTR_NOT_NULL_FATAL(came);
	pvm_gaps_init(&bench.gaps, declare, is_known, &bench, came);
	bench.known = " 13 ";
	pvm_gaps_start(&bench.gaps, &(struct pvm_id){1000, 9, 9});
	see(&bench, 21, 0); /* 10 to 20 may yet come */
	see(&bench, 12, 0); /* late, out of that gap */
	see(&bench, 9, 0); /* late, out of none */
	pvm_gaps_fill(&bench.gaps, 18);
	pvm_gaps_start_later(&bench.gaps, &(struct pvm_id){1000, 20, 20});
	pvm_gaps_miss(&bench.gaps, &missing, 0);
	expect_declared_in_all(&bench, "ended 1 1000.011:11-1000.019:11\n"
				       "ended 4 1000.011:14-1000.019:17\n"
				       "ended 1 1000.011:19-1000.019:19\n");
	pvm_serials_free(came);
}

static void of_too_many_missed_the_oldest_are_declared(void)
{
	struct pvm_missing missing = {0};
	struct bench bench;

	start_bench(&bench);
	for (uint64_t i = 0; i < 64; i++) {
		struct pvm_span one = {1, unit_id(100 + 2 * i),
				       unit_id(100 + 2 * i)};

		pvm_missing_add(&missing, &one);
	}
	SEE(&bench, 300, 302);
	pvm_gaps_miss(&bench.gaps, &missing, 0);
	SAME_DECLARED(&bench.declared, "feed 1 1000.300:301-1000.302:301\n");
	expect_pending(&bench, "64 1000.100:100-1000.226:226");
}

CU_TestInfo gaps_tests[] = {
	TEST(events_in_order_leave_no_gap),
	TEST(gap_is_declared_after_exactly_three_seconds),
	TEST(gaps_are_declared_each_at_its_own_time),
	TEST(late_events_fill_their_gap_in_any_order),
	TEST(event_that_was_declared_may_still_come),
	TEST(gap_falls_in_two),
	TEST(parts_of_a_gap_are_as_old_as_the_gap),
	TEST(where_a_late_event_comes_all_are_waited_for_anew),
	TEST(gap_is_declared_after_two_minutes_however_it_fills),
	TEST(what_is_known_is_not_missing),
	TEST(widest_gap_is_not_looked_through),
	TEST(known_event_fills_a_gap_and_opens_none),
	TEST(gap_shrinks_from_both_ends),
	TEST(event_that_comes_twice_changes_nothing),
	TEST(oldest_is_declared_early_when_there_are_too_many),
	TEST(newest_falls_in_two_when_there_are_too_many),
	TEST(oldest_falls_in_two_when_there_are_too_many),
	TEST(numbers_start_over),
	TEST(gap_over_the_start_falls_in_two),
	TEST(number_far_off_is_ahead_or_late),
	TEST(first_gap_behind_a_checkpoint_is_for_not_running),
	TEST(nothing_missed_behind_a_checkpoint_is_no_loss),
	TEST(start_later_is_a_start_where_there_was_none),
	TEST(start_moves_on_and_never_back),
	TEST(start_later_moves_no_stream),
	TEST(start_later_cuts_an_open_gap),
	TEST(start_later_closes_a_gap_up_to_its_end),
	TEST(start_later_leaves_gaps_of_the_feed),
	TEST(start_moves_on_where_numbers_start_over),
	TEST(what_is_missing_is_pending_until_it_is_declared),
	TEST(init_forgets_everything),
	TEST(what_an_earlier_process_missed_is_waited_for),
	TEST(what_has_come_meanwhile_is_not_missed),
	TEST(of_too_many_missed_the_oldest_are_declared),
	CU_TEST_INFO_NULL,
};
