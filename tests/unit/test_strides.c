// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_strides.c - numbers in rows of one step: found, whatever their order;
 * none is missing, and none is there that was not added
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/strides.h"
#include "unit.h"

#define ROOM 1024

struct bench {
	struct pvm_stride strides[ROOM];
	size_t nr;
	size_t text;
};

static void add(struct bench *bench, uint64_t number)
{
	size_t growth =
		pvm_strides_text_growth(bench->strides, bench->nr, number);
	size_t nr = bench->nr, text = bench->text;

	bench->nr = pvm_strides_add(bench->strides, bench->nr, number,
				    &bench->text);
	CU_ASSERT_FATAL(bench->nr <= nr + PVM_STRIDES_GROWTH);
	CU_ASSERT_FATAL(bench->nr + PVM_STRIDES_GROWTH <= ROOM);
	CU_ASSERT(bench->text <= text + growth);
}

static void add_each(struct bench *bench, const uint64_t *numbers, size_t nr)
{
	for (size_t i = 0; i < nr; i++)
		add(bench, numbers[i]);
}

/* FIRST-LAST/STEP of each, and that the text is as long as it says. */
static void expect_strides(const struct bench *bench, const char *want)
{
	char shown[ROOM * 16] = "";
	size_t used = 0;

	for (size_t i = 0; i < bench->nr; i++) {
		const struct pvm_stride *stride = &bench->strides[i];

		used += (size_t)snprintf(shown + used, sizeof(shown) - used,
					 "%" PRIu64, stride->first);
		if (stride->last > stride->first)
			used += (size_t)snprintf(shown + used,
						 sizeof(shown) - used,
						 "-%" PRIu64, stride->last);
		if (pvm_stride_shows_step(stride))
			used += (size_t)snprintf(shown + used,
						 sizeof(shown) - used,
						 "/%" PRIu64, stride->step);
		used += (size_t)snprintf(shown + used, sizeof(shown) - used,
					 " ");
	}
	SAME_TEXT(shown, want);
	SAME_NUMBER(bench->text, used);
}

#define ADD(bench, ...)                                  \
	add_each(bench, (const uint64_t[]){__VA_ARGS__}, \
		 sizeof((const uint64_t[]){__VA_ARGS__}) / 8)

static void rows_of_any_step_are_one_stride(void)
{
	for (uint64_t step = 1; step < 200; step += 7) {
		struct bench bench = {0};
		char want[64];

		for (uint64_t i = 0; i < 1000; i++)
			add(&bench, 50 + i * step);
		snprintf(want, sizeof(want),
			 step > 1 ? "50-%" PRIu64 "/%" PRIu64 " "
				  : "50-%" PRIu64 " ",
			 50 + 999 * step, step);
		expect_strides(&bench, want);
	}
}

static void rows_in_descending_order_are_one_stride(void)
{
	struct bench bench = {0};

	for (uint64_t i = 1000; i; i--)
		add(&bench, 3 * i);
	expect_strides(&bench, "3-3000/3 ");
}

static void steps_change_where_they_do(void)
{
	struct bench bench = {0};

	ADD(&bench, 1, 3, 5, 6, 7, 8, 12, 16, 20, 21);
	expect_strides(&bench, "1-5/2 6-8 12-20/4 21 ");
}

static void numbers_out_of_order_find_their_row(void)
{
	struct bench bench = {0};

	ADD(&bench, 10, 14, 12, 18, 16, 20);
	expect_strides(&bench, "10-20/2 ");
	ADD(&bench, 15);
	expect_strides(&bench, "10-14/2 15 16-20/2 ");
	ADD(&bench, 11, 13, 17, 19);
	expect_strides(&bench, "10-20 ");
	ADD(&bench, 9, 7, 8);
	expect_strides(&bench, "7-20 ");
}

static void row_between_another_joins_it(void)
{
	struct bench bench = {0};

	for (uint64_t i = 0; i < 200; i++)
		add(&bench, 2 * i);
	for (uint64_t i = 0; i < 199; i++)
		add(&bench, 2 * i + 1);
	expect_strides(&bench, "0-398 ");
}

static void ends_of_all_numbers_are_numbers(void)
{
	struct bench bench = {0};

	ADD(&bench, UINT64_MAX, 0, UINT64_MAX - 2, UINT64_MAX - 1, 1);
	expect_strides(&bench,
		       "0-1 18446744073709551613-18446744073709551615 ");
}

/* Numbers below 500 in an order that each seed shuffles anew. */
static void no_number_is_missing_or_made_up(void)
{
	for (uint32_t seed = 1; seed < 200; seed++) {
		struct bench bench = {0};
		bool there[500] = {false};
		uint32_t random = seed;

		for (int n = 0; n < 600; n++) {
			uint32_t number;

			random = random * 1664525 + 1013904223;
			number = (random >> 8) % 500;
			if (seed % 3)
				number -= number % (seed % 7 + 1);
			if (there[number])
				continue;
			there[number] = true;
			add(&bench, number);
		}
		for (uint32_t i = 0; i < 500; i++)
			SAME_NUMBER(pvm_strides_have(bench.strides, bench.nr,
						     i),
				    there[i]);
		for (size_t i = 1; i < bench.nr; i++)
			CU_ASSERT(bench.strides[i].first >
				  bench.strides[i - 1].last);
	}
}

static void nothing_is_in_an_empty_list(void)
{
	struct bench bench = {0};

	CU_ASSERT_FALSE(pvm_strides_have(bench.strides, bench.nr, 0));
}

CU_TestInfo strides_tests[] = {
	TEST(rows_of_any_step_are_one_stride),
	TEST(rows_in_descending_order_are_one_stride),
	TEST(steps_change_where_they_do),
	TEST(numbers_out_of_order_find_their_row),
	TEST(row_between_another_joins_it),
	TEST(ends_of_all_numbers_are_numbers),
	TEST(no_number_is_missing_or_made_up),
	TEST(nothing_is_in_an_empty_list),
	CU_TEST_INFO_NULL,
};
