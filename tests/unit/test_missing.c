// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_missing.c - events that have not come: in rows, and counted
 */
#include "lib/missing.h"
#include "unit.h"

static void add(struct pvm_missing *missing, uint64_t first, uint64_t last)
{
	struct pvm_span span = {(uint32_t)last - (uint32_t)first + 1,
				unit_id(first), unit_id(last)};

	pvm_missing_add(missing, &span);
}

static void events_in_a_row_are_one_range(void)
{
	struct pvm_missing missing = {0};

	SAME_NUMBER(pvm_missing_count(&missing), 0);
	add(&missing, 10, 19);
	add(&missing, 21, 30);
	SAME_NUMBER(missing.nr, 2);
	SAME_NUMBER(pvm_missing_count(&missing), 20);
	add(&missing, 20, 20);
	add(&missing, 15, 16);
	SAME_NUMBER(missing.nr, 1);
	SAME_NUMBER(missing.range[0].first, 10);
	SAME_NUMBER(missing.range[0].last, 30);
	SAME_NUMBER(pvm_missing_count(&missing), 21);
	SAME_NUMBER(missing.bounds.first.serial, 10);
	SAME_NUMBER(missing.bounds.last.serial, 30);
	SAME_NUMBER(missing.bounds.last.msec, 30);
}

static void of_65_rows_the_lowest_is_counted_only(void)
{
	struct pvm_missing missing = {0};

	for (uint64_t i = 1; i <= 64; i++)
		add(&missing, 10 * i, 10 * i + 2);
	SAME_NUMBER(missing.nr, 64);
	SAME_NUMBER(missing.rest.count, 0);
	add(&missing, 5, 6);
	SAME_NUMBER(missing.nr, 64);
	SAME_NUMBER(missing.rest.count, 2);
	SAME_NUMBER(missing.range[0].first, 10);
	add(&missing, 900, 900);
	SAME_NUMBER(missing.rest.count, 5);
	SAME_NUMBER(missing.range[0].first, 20);
	SAME_NUMBER(missing.range[63].last, 900);
	SAME_NUMBER(pvm_missing_count(&missing), 64 * 3 + 2 + 1);
}

static void row_across_the_largest_serial_is_two(void)
{
	struct pvm_missing missing = {0};

	add(&missing, UINT32_MAX - 1, 2);
	SAME_NUMBER(missing.nr, 2);
	SAME_NUMBER(pvm_missing_count(&missing), 5);
	SAME_NUMBER(missing.range[0].last, 2);
	SAME_NUMBER(missing.range[1].first, UINT32_MAX - 1);
}

CU_TestInfo missing_tests[] = {
	TEST(events_in_a_row_are_one_range),
	TEST(of_65_rows_the_lowest_is_counted_only),
	TEST(row_across_the_largest_serial_is_two),
	CU_TEST_INFO_NULL,
};
