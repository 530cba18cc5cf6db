// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_ranges.c - numbers in rows: merged, and joined over a gap
 */
#include <inttypes.h>
#include <stdio.h>

#include "lib/ranges.h"
#include "unit.h"

#define ROOM 32

struct bench {
	struct pvm_range ranges[ROOM];
	size_t nr;
};

static void add(struct bench *bench, uint64_t first, uint64_t last)
{
	bench->nr = pvm_ranges_add(bench->ranges, bench->nr, first, last);
	CU_ASSERT_FATAL(bench->nr < ROOM);
}

static void expect_ranges(const struct bench *bench, const char *want)
{
	char shown[1024] = "";
	size_t used = 0;

	for (size_t i = 0; i < bench->nr; i++)
		used += (size_t)snprintf(shown + used, sizeof(shown) - used,
					 "%" PRIu64 "-%" PRIu64 " ",
					 bench->ranges[i].first,
					 bench->ranges[i].last);
	SAME_TEXT(shown, want);
}

static void numbers_in_a_row_are_one_range(void)
{
	struct bench bench = {0};

	for (uint64_t i = 5; i <= 9; i++)
		add(&bench, i, i);
	expect_ranges(&bench, "5-9 ");
	for (uint64_t i = 4; i >= 1; i--)
		add(&bench, i, i);
	expect_ranges(&bench, "1-9 ");
}

static void numbers_with_one_between_are_two_ranges(void)
{
	struct bench bench = {0};

	add(&bench, 7, 7);
	add(&bench, 9, 9);
	add(&bench, 5, 5);
	add(&bench, 1, 2);
	expect_ranges(&bench, "1-2 5-5 7-7 9-9 ");
	add(&bench, 8, 8);
	expect_ranges(&bench, "1-2 5-5 7-9 ");
	add(&bench, 6, 6);
	expect_ranges(&bench, "1-2 5-9 ");
	add(&bench, 3, 4);
	expect_ranges(&bench, "1-9 ");
}

static void overlapping_ranges_become_one(void)
{
	struct bench bench = {0};

	add(&bench, 10, 20);
	add(&bench, 40, 50);
	add(&bench, 15, 16);
	add(&bench, 10, 20);
	expect_ranges(&bench, "10-20 40-50 ");
	add(&bench, 18, 25);
	add(&bench, 35, 60);
	expect_ranges(&bench, "10-25 35-60 ");
	add(&bench, 70, 80);
	add(&bench, 5, 100);
	expect_ranges(&bench, "5-100 ");
}

static void ends_of_all_numbers_do_not_go_round(void)
{
	struct bench bench = {0};

	add(&bench, UINT64_MAX, UINT64_MAX);
	add(&bench, 0, 0);
	expect_ranges(&bench, "0-0 18446744073709551615-18446744073709551615 ");
	add(&bench, UINT64_MAX - 1, UINT64_MAX);
	add(&bench, 0, 1);
	expect_ranges(&bench, "0-1 18446744073709551614-18446744073709551615 ");
	add(&bench, 0, UINT64_MAX);
	expect_ranges(&bench, "0-18446744073709551615 ");
}

static void nearest_two_are_joined(void)
{
	struct bench bench = {0};

	add(&bench, 0, 9);
	add(&bench, 20, 29);
	add(&bench, 35, 39);
	add(&bench, 60, 69);
	bench.nr = pvm_ranges_join_nearest(bench.ranges, bench.nr);
	expect_ranges(&bench, "0-9 20-39 60-69 ");
	bench.nr = pvm_ranges_join_nearest(bench.ranges, bench.nr);
	expect_ranges(&bench, "0-39 60-69 ");
	bench.nr = pvm_ranges_join_nearest(bench.ranges, bench.nr);
	expect_ranges(&bench, "0-69 ");
}

CU_TestInfo ranges_tests[] = {
	TEST(numbers_in_a_row_are_one_range),
	TEST(numbers_with_one_between_are_two_ranges),
	TEST(overlapping_ranges_become_one),
	TEST(ends_of_all_numbers_do_not_go_round),
	TEST(nearest_two_are_joined),
	CU_TEST_INFO_NULL,
};
