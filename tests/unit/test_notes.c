// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_notes.c - the records about the plugin itself, whole and to the letter
 */
#include <string.h>

#include "pvm/version.h"
#include "record/notes.h"
#include "unit.h"

static void start_and_reload_say_what_calls_are_enriched_from(void)
{
	char text[PVM_NOTE_MAX];

	pvm_note_start(text, PVM_SOURCE_KERNEL, 1795306450871482460);
	SAME_TEXT(text, "op=pvm-start version=" PVM_VERSION
			" src=kernel start=1795306450871482460");
	pvm_note_reload(text, PVM_SOURCE_NONE, 1795306450871482460, 3);
	SAME_TEXT(text, "op=pvm-reload version=" PVM_VERSION
			" src=none start=1795306450871482460 reloads=3");
}

static void stop_says_how_many_records_there_are(void)
{
	char text[PVM_NOTE_MAX];

	pvm_note_stop(text, 1795306450871482460, 200000);
	SAME_TEXT(text, "op=pvm-stop start=1795306450871482460 "
			"records=200000");
	pvm_note_stop(text, UINT64_MAX, UINT64_MAX);
	SAME_TEXT(text, "op=pvm-stop start=18446744073709551615 "
			"records=18446744073709551615");
}

static void loss_names_its_span(void)
{
	static const struct {
		enum pvm_loss why;
		struct pvm_span span;
		const char *want;
	} cases[] = {
		{PVM_LOSS_QUEUE_FULL,
		 {3, {1795288457, 412, 43}, {1795288458, 7, 1043}},
		 "op=pvm-lost why=queue-full count=3 first=1795288457.412:43 "
		 "last=1795288458.007:1043 start=1795288400123456789"},
		{PVM_LOSS_FEED,
		 {1, {1795288457, 0, 4294967295}, {1795288457, 0, 4294967295}},
		 "op=pvm-lost why=feed count=1 "
		 "first=1795288457.000:4294967295 "
		 "last=1795288457.000:4294967295 start=1795288400123456789"},
		{PVM_LOSS_BACKLOG,
		 {12, {1795288457, 412, 0}, {1795288458, 7, 0}},
		 "op=pvm-lost why=backlog count=12 from=1795288457.412 "
		 "to=1795288458.007 start=1795288400123456789"},
		/* one serial alone makes no span of ids */
		{PVM_LOSS_FEED,
		 {2, {1795288457, 412, 4294967295}, {1795288458, 7, 0}},
		 "op=pvm-lost why=feed count=2 from=1795288457.412 "
		 "to=1795288458.007 start=1795288400123456789"},
	};
	char text[PVM_NOTE_MAX];

	for (size_t i = 0; i < COUNT(cases); i++) {
		pvm_note_lost(text, cases[i].why, &cases[i].span,
			      UINT64_C(1795288400123456789));
		SAME_TEXT(text, cases[i].want);
	}
}

static void longest_loss_is_whole(void)
{
	struct pvm_id id = {UINT64_MAX, UINT32_MAX, UINT64_MAX};
	char text[PVM_NOTE_MAX];

	pvm_note_lost(text, PVM_LOSS_NOT_RUNNING,
		      &(struct pvm_span){UINT64_MAX, id, id}, UINT64_MAX);
	SAME_TEXT(text, "op=pvm-lost why=not-running "
			"count=18446744073709551615 "
			"first=18446744073709551615.4294967295:"
			"18446744073709551615 "
			"last=18446744073709551615.4294967295:"
			"18446744073709551615 "
			"start=18446744073709551615");
}

CU_TestInfo notes_tests[] = {
	TEST(start_and_reload_say_what_calls_are_enriched_from),
	TEST(stop_says_how_many_records_there_are),
	TEST(loss_names_its_span),
	TEST(longest_loss_is_whole),
	CU_TEST_INFO_NULL,
};
