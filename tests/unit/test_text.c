// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_text.c - numbers and names as they are written, and never beyond the
 * buffer
 */
#include <stdio.h>
#include <string.h>

#include "record/text.h"
#include "unit.h"

static void decimal_numbers_have_all_their_digits(void)
{
	static const struct {
		uint64_t value;
		const char *want;
	} cases[] = {
		{0, "0"},
		{9, "9"},
		{10, "10"},
		{1795288457, "1795288457"},
		{10000000000000000000u, "10000000000000000000"},
		{UINT64_MAX, "18446744073709551615"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		char buffer[40];
		struct pvm_text text = pvm_text_in(buffer, sizeof(buffer));

		pvm_put_decimal(&text, cases[i].value);
		SAME_TEXT(buffer, cases[i].want);
		SAME_NUMBER(text.at - text.start, strlen(cases[i].want));
	}
}

static void hex_numbers_have_all_their_digits(void)
{
	static const struct {
		uint64_t value;
		const char *want;
	} cases[] = {
		{0, "0x0"},
		{15, "0xf"},
		{16, "0x10"},
		{0x7fffdeadbeef, "0x7fffdeadbeef"},
		{UINT64_MAX, "0xffffffffffffffff"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		char buffer[40];
		struct pvm_text text = pvm_text_in(buffer, sizeof(buffer));

		pvm_put_hex(&text, cases[i].value);
		SAME_TEXT(buffer, cases[i].want);
	}
}

static void signed_numbers_have_their_sign(void)
{
	char buffer[200];
	struct pvm_text text = pvm_text_in(buffer, sizeof(buffer));

	pvm_put_signed(&text, PVM_FIELD_EXIT, 0);
	pvm_put_signed(&text, PVM_FIELD_APID, -1);
	pvm_put_signed(&text, PVM_FIELD_EXIT, INT64_MIN);
	pvm_put_signed(&text, PVM_FIELD_APID, INT64_MAX);
	pvm_put_unsigned(&text, PVM_FIELD_RLEN, UINT64_MAX);
	SAME_TEXT(buffer, "exit=0 apid=-1 exit=-9223372036854775808 "
			  "apid=9223372036854775807 rlen=18446744073709551615");
}

static void zeros_fill_a_number_up(void)
{
	char buffer[40];
	struct pvm_text text = pvm_text_in(buffer, sizeof(buffer));

	pvm_put_padded(&text, 0, 3);
	pvm_put_padded(&text, 7, 3);
	pvm_put_padded(&text, 999, 3);
	pvm_put_padded(&text, 4294, 3);
	SAME_TEXT(buffer, "0000079994294");
}

static void bytes_are_two_digits_in_capitals(void)
{
	char buffer[40];
	struct pvm_text text = pvm_text_in(buffer, sizeof(buffer));

	pvm_put_hex_byte(&text, 0);
	pvm_put_hex_byte(&text, '\x7f');
	pvm_put_hex_byte(&text, '\xff');
	pvm_put_hex_byte(&text, '\xa0');
	SAME_TEXT(buffer, "007FFFA0");
}

static void cut_fields_are_listed(void)
{
	char buffer[40];
	struct pvm_text cut = pvm_text_in(buffer, sizeof(buffer));

	pvm_note_cut(&cut, PVM_FIELD_OEXE);
	SAME_TEXT(buffer, "oexe");
	pvm_note_cut(&cut, PVM_FIELD_RIOV);
	SAME_TEXT(buffer, "oexe,riov");
}

/* In buffers of any size: as much of @want as has room, and a NUL. */
static void what_has_no_room_is_left_out(void)
{
	static const char want[] = "uid=18446744073709551615,0xabc exit=-2 007 "
				   "comm=\"x\" exe=41FF \"z";

	for (size_t room = 0; room < sizeof(want) + 2; room++) {
		char buffer[sizeof(want) + 4], part[sizeof(want)];
		struct pvm_text text;

		memset(buffer, '#', sizeof(buffer));
		text = pvm_text_in(buffer, room + 1);
		pvm_put_unsigned(&text, PVM_FIELD_UID, UINT64_MAX);
		pvm_put(&text, ",");
		pvm_put_hex(&text, 0xabc);
		pvm_put_signed(&text, PVM_FIELD_EXIT, -2);
		pvm_put(&text, " ");
		pvm_put_padded(&text, 7, 3);
		pvm_put_string(&text, PVM_FIELD_COMM, "x", 1, 10, NULL);
		pvm_put_string(&text, PVM_FIELD_EXE, "A\xff", 2, 10, NULL);
		pvm_put_bytes(&text, " \"zzz", 3);
		snprintf(part, sizeof(part), "%.*s", (int)room, want);
		SAME_TEXT(buffer, part);
		SAME_NUMBER(text.at - text.start, strlen(part));
		SAME_NUMBER(buffer[room + 1], '#');
	}
}

CU_TestInfo text_tests[] = {
	TEST(decimal_numbers_have_all_their_digits),
	TEST(hex_numbers_have_all_their_digits),
	TEST(signed_numbers_have_their_sign),
	TEST(zeros_fill_a_number_up),
	TEST(bytes_are_two_digits_in_capitals),
	TEST(cut_fields_are_listed),
	TEST(what_has_no_room_is_left_out),
	CU_TEST_INFO_NULL,
};
