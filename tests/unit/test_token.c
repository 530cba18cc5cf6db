// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_token.c - audit's strings: quoted, in hex, or bare
 */
#include <stdio.h>

#include "lib/token.h"
#include "unit.h"

/* Which of the forms each has: q, h, b, or several; and "?" is a token too. */
static const struct {
	const char *text, *forms;
} form_cases[] = {
	{"\"gdb\"", "q"},
	{"\"it's\"", "q"},
	{"\"\"", "q"},
	{"\"", ""},
	{"\"gdb", ""},
	{"gdb\"", ""},
	{"\"g\"db\"", ""},
	/* the kernel writes these in hex */
	{"\"g db\"", ""},
	{"\"g\tdb\"", ""},
	{"\"g\x7f\"", ""},
	{"\"g\xc3\"", ""},

	{"676462", "hb"},
	{"6D79", "hb"},
	{"6d79", "b"},
	{"676", "b"},
	{"67 64", ""},

	{"pts0", "b"},
	{"(none)", "b"},
	{"?", "b?"},
	{"a=b", ""},
	{"it's", ""},
	{"", ""},
};

static void form_is_what_the_kernel_writes(void)
{
	for (size_t i = 0; i < COUNT(form_cases); i++) {
		struct slice token = slice_of(form_cases[i].text);
		bool quoted = token_is_quoted(token);
		bool hex = token_is_hex(token);
		char forms[8];

		snprintf(forms, sizeof(forms), "%s%s%s%s", quoted ? "q" : "",
			 hex ? "h" : "", token_is_bare(token) ? "b" : "",
			 token_is_one(token) && !quoted && !hex ? "?" : "");
		SAME_TEXT(forms, form_cases[i].forms);
		CU_ASSERT_TRUE(token_is_one(token) || !(quoted || hex));
	}
}

static void expect_bytes(const char *token, size_t size, const char *want)
{
	char bytes[16];
	size_t len = token_decode(slice_of(token), bytes, size);

	CU_ASSERT_TRUE_FATAL(len < sizeof(bytes));
	bytes[len] = '\0';
	SAME_TEXT(bytes, want);
}

static void bytes_are_what_the_token_stands_for(void)
{
	expect_bytes("\"gdb\"", 15, "gdb");
	expect_bytes("676462", 15, "gdb");
	expect_bytes("6720C3A9", 15, "g \xc3\xa9");
	expect_bytes("pts0", 15, "pts0");
	expect_bytes("?", 15, "?");
	expect_bytes("\"\"", 15, "");
	expect_bytes("", 15, "");
	SAME_NUMBER(token_decode((struct slice){NULL, 0}, NULL, 0), 0);
}

static void bytes_without_room_are_left_out(void)
{
	expect_bytes("\"gdb\"", 2, "gd");
	expect_bytes("676462", 2, "gd");
	expect_bytes("pts0", 2, "pt");
	expect_bytes("\"gdb\"", 0, "");
}

CU_TestInfo token_tests[] = {
	TEST(form_is_what_the_kernel_writes),
	TEST(bytes_are_what_the_token_stands_for),
	TEST(bytes_without_room_are_left_out),
	CU_TEST_INFO_NULL,
};
