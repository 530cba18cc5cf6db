// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_slice.c - numbers and ids are read to a slice's end, and no further
 */
#define _GNU_SOURCE /* memmem */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/slice.h"
#include "unit.h"

static const struct slice none = {NULL, 0};

static void skipping_needs_the_whole_word(void)
{
	struct slice slice = slice_of("pid=7");

	CU_ASSERT_FALSE(slice_skip(&slice, "ppid="));
	CU_ASSERT_FALSE(slice_skip(&slice, "pid=78"));
	SAME_TEXT(slice.at, "pid=7");
	CU_ASSERT_TRUE(slice_skip(&slice, "pid="));
	CU_ASSERT_TRUE(slice_is(slice, "7"));
	CU_ASSERT_TRUE(slice_skip(&slice, "7"));
	SAME_NUMBER(slice.len, 0);
	CU_ASSERT_FALSE(slice_skip(&slice, "7"));
	slice = none;
	CU_ASSERT_FALSE(slice_skip(&slice, "7"));
}

static void until_needs_its_separator(void)
{
	struct slice rest = slice_of("a b"), item = none;

	CU_ASSERT_TRUE(slice_until(&rest, ' ', &item));
	CU_ASSERT_TRUE(slice_is(item, "a"));
	CU_ASSERT_FALSE(slice_until(&rest, ' ', &item));
	CU_ASSERT_TRUE(slice_is(rest, "b"));
	rest = none;
	CU_ASSERT_FALSE(slice_until(&rest, ' ', &item));
}

static void next_takes_the_last_item_too(void)
{
	struct slice rest = slice_of("a,,b"), item;

	CU_ASSERT_TRUE(slice_next(&rest, ',', &item));
	CU_ASSERT_TRUE(slice_is(item, "a"));
	CU_ASSERT_TRUE(slice_next(&rest, ',', &item));
	CU_ASSERT_TRUE(slice_is(item, ""));
	CU_ASSERT_TRUE(slice_next(&rest, ',', &item));
	CU_ASSERT_TRUE(slice_is(item, "b"));
	CU_ASSERT_FALSE(slice_next(&rest, ',', &item));
}

/* As memmem() does, of every text over two letters in every other one. */
static void text_is_found_at_its_first_place(void)
{
	char whole[8], text[8];
	struct slice slice;

	for (unsigned int i = 0; i < 1 << 10; i++) {
		for (unsigned int bit = 0; bit < 7; bit++) {
			whole[bit] = i >> bit & 1 ? 'b' : 'a';
			text[bit] = whole[bit];
		}
		/* of every length, from every place, and with the end's bits */
		for (size_t from = 0; from < 7; from++) {
			for (size_t len = 0; from + len <= 7; len++) {
				memcpy(text, whole + from, len);
				text[len] = '\0';
				if (len)
					text[len - 1] ^= (char)(i >> 7 & 3);
				slice = (struct slice){whole, 7};
				CU_ASSERT_PTR_EQUAL(slice_find(slice, text),
						    memmem(whole, 7, text,
							   len));
			}
		}
	}
	CU_ASSERT_PTR_NULL(slice_find(none, "ab"));
}

/* What each way of reading makes of the whole text; "-" when it refuses. */
static const struct {
	const char *text, *as_unsigned, *as_signed, *as_hex, *as_address;
} whole_cases[] = {
	{"0", "0", "0", "0", "-"},
	{"007", "7", "7", "7", "-"},
	{"12", "12", "12", "18", "-"},
	{"-12", "-", "-12", "-", "-"},
	{"--12", "-", "-", "-", "-"},
	{"+12", "-", "-", "-", "-"},
	{" 12", "-", "-", "-", "-"},
	{"12 ", "-", "-", "-", "-"},
	{"12\n", "-", "-", "-", "-"},
	{"", "-", "-", "-", "-"},
	{"-", "-", "-", "-", "-"},
	{"fF", "-", "-", "255", "-"},
	{"fg", "-", "-", "-", "-"},
	{"0x1f", "-", "-", "-", "31"},
	{"0X1f", "-", "-", "-", "-"},
	{"0x", "-", "-", "-", "-"},
	{"9223372036854775807", "9223372036854775807", "9223372036854775807",
	 "-", "-"},
	{"9223372036854775808", "9223372036854775808", "-", "-", "-"},
	{"18446744073709551615", "18446744073709551615", "-", "-", "-"},
	{"18446744073709551616", "-", "-", "-", "-"},
	{"00000000000000000000000000000018", "18", "18", "24", "-"},
	{"ffffffffffffffff", "-", "-", "18446744073709551615", "-"},
	{"10000000000000000", "10000000000000000", "10000000000000000", "-",
	 "-"},
};

static void expect_unsigned(bool (*read)(struct slice, uint64_t *),
			    const char *text, const char *want)
{
	uint64_t value = 4711;
	char got[32] = "-";

	if (read(slice_of(text), &value))
		snprintf(got, sizeof(got), "%" PRIu64, value);
	else
		SAME_NUMBER(value, 4711);
	SAME_TEXT(got, want);
}

static void expect_signed(const char *text, const char *want)
{
	int64_t value = 4711;
	char got[32] = "-";

	if (slice_signed(slice_of(text), &value))
		snprintf(got, sizeof(got), "%" PRId64, value);
	else
		SAME_NUMBER(value, 4711);
	SAME_TEXT(got, want);
}

static void number_is_the_whole_slice(void)
{
	for (size_t i = 0; i < COUNT(whole_cases); i++) {
		const char *text = whole_cases[i].text;

		expect_unsigned(slice_unsigned, text,
				whole_cases[i].as_unsigned);
		expect_signed(text, whole_cases[i].as_signed);
		expect_unsigned(slice_hex, text, whole_cases[i].as_hex);
		expect_unsigned(slice_address, text, whole_cases[i].as_address);
	}
}

static void nothing_is_no_number(void)
{
	struct slice rest = none;
	uint64_t value = 4711;
	struct pvm_id id;

	CU_ASSERT_FALSE(slice_unsigned(none, &value));
	CU_ASSERT_FALSE(slice_hex(none, &value));
	CU_ASSERT_FALSE(slice_address(none, &value));
	CU_ASSERT_FALSE(slice_take_decimal(&rest, UINT64_MAX, &value));
	CU_ASSERT_FALSE(slice_id(none, &id));
	CU_ASSERT_FALSE(slice_time(none, &id));
	SAME_NUMBER(value, 4711);
}

static void taking_ends_at_the_first_other_byte(void)
{
	struct slice rest = slice_of("12-1F");
	uint64_t value = 0;

	CU_ASSERT_TRUE(slice_take_decimal(&rest, 12, &value));
	SAME_NUMBER(value, 12);
	CU_ASSERT_FALSE(slice_take_decimal(&rest, 12, &value));
	CU_ASSERT_TRUE(slice_skip(&rest, "-"));
	CU_ASSERT_FALSE(slice_take_hex(&rest, 0x1e, &value));
	CU_ASSERT_TRUE(slice_take_hex(&rest, 0x1f, &value));
	SAME_NUMBER(value, 0x1f);
	SAME_NUMBER(rest.len, 0);
}

/* Digits behind the slice's end are not its. */
static void nothing_is_read_behind_the_end(void)
{
	const struct slice number = {"123456", 3}, id = {"1.002:345", 7};
	struct slice rest = number;
	uint64_t value = 0;
	struct pvm_id read = {0};

	CU_ASSERT_TRUE(slice_unsigned(number, &value));
	SAME_NUMBER(value, 123);
	CU_ASSERT_TRUE(slice_take_decimal(&rest, 999, &value));
	SAME_NUMBER(value, 123);
	CU_ASSERT_TRUE(slice_id(id, &read));
	SAME_NUMBER(read.serial, 3);
	CU_ASSERT_FALSE(slice_time((struct slice){"1.002", 4}, &read));
	CU_ASSERT_FALSE(slice_id((struct slice){"1.002:3", 6}, &read));
}

/* The kernel writes %llu.%03lu:%u. */
static void id_is_as_the_kernel_writes_it(void)
{
	static const char *const bad[] = {
		"",
		"1",
		"1.002",
		"1.002:",
		"1.2:3",
		"1.02:3",
		"1.0002:3",
		"1.:3",
		".002:3",
		"1.00x:3",
		"1.-02:3",
		"1.002:3 ",
		" 1.002:3",
		"1.002:-3",
		"1.002:3:4",
		"1.002:4294967296",
		"x.002:3",
		"-1.002:3",
		"1,002:3",
		"1.002.3",
		"1.002: 3",
		"1. 02:3",
		"253402300800.000:3",
		"99999999999999999999.002:3",
	};
	struct pvm_id id = {7, 7, 7};

	for (size_t i = 0; i < COUNT(bad); i++)
		if (slice_id(slice_of(bad[i]), &id))
			SAME_TEXT(bad[i], "refused");
	CU_ASSERT_TRUE(pvm_id_equal(&id, &(struct pvm_id){7, 7, 7}));
	CU_ASSERT_TRUE(slice_id(slice_of("253402300799.999:4294967295"), &id));
	CU_ASSERT_TRUE(pvm_id_equal(&id, &(struct pvm_id){253402300799, 999,
							  4294967295}));
	CU_ASSERT_TRUE(slice_id(slice_of("0.000:0"), &id));
	CU_ASSERT_TRUE(pvm_id_equal(&id, &(struct pvm_id){0, 0, 0}));
}

static void time_is_an_id_without_its_serial(void)
{
	struct pvm_id id = {7, 7, 7};

	CU_ASSERT_FALSE(slice_time(slice_of("1.002:3"), &id));
	CU_ASSERT_FALSE(slice_time(slice_of("1.2"), &id));
	SAME_NUMBER(id.serial, 7);
	CU_ASSERT_TRUE(slice_time(slice_of("1.002"), &id));
	CU_ASSERT_TRUE(pvm_id_equal(&id, &(struct pvm_id){1, 2, 0}));
	SAME_NUMBER(id_ms(&id), 1002);
}

CU_TestInfo slice_tests[] = {
	TEST(skipping_needs_the_whole_word),
	TEST(until_needs_its_separator),
	TEST(next_takes_the_last_item_too),
	TEST(text_is_found_at_its_first_place),
	TEST(number_is_the_whole_slice),
	TEST(nothing_is_no_number),
	TEST(taking_ends_at_the_first_other_byte),
	TEST(nothing_is_read_behind_the_end),
	TEST(id_is_as_the_kernel_writes_it),
	TEST(time_is_an_id_without_its_serial),
	CU_TEST_INFO_NULL,
};
