// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_reported.c - what a record that has come back says: the forms that the
 * writers make, by those writers, and forms that none does
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/reported.h"
#include "pvm/record.h"
#include "lib/slice.h"
#include "record/notes.h"
#include "unit.h"

/* A record with @text, as the kernel and libaudit complete it. */
struct bench {
	char line_text[PVM_RECORD_MAX + 512];
	struct pvm_line line;
	struct pvm_reported reported;
};

static bool read_line(struct bench *bench, const char *line_text)
{
	snprintf(bench->line_text, sizeof(bench->line_text), "%s", line_text);
	bench->line = unit_line(bench->line_text);
	memset(&bench->reported, 0xa5, sizeof(bench->reported));
	return pvm_reported_read(&bench->reported, &bench->line);
}

static bool read_text(struct bench *bench, const char *text)
{
	char line_text[PVM_RECORD_MAX + 512];

	snprintf(line_text, sizeof(line_text),
		 "node=web-1 type=USER msg=audit(1000.020:20): pid=77 uid=0 "
		 "auid=4294967295 ses=4294967295 subj=unconfined msg='%s "
		 "exe=\"/usr/sbin/audisp-pvm\" hostname=? addr=? terminal=? "
		 "res=success'\035UID=\"root\" AUID=\"unset\"\n",
		 text);
	return read_line(bench, line_text);
}

#define EXPECT_KEY(bench, why, span) expect_key(__LINE__, bench, why, span)

static void expect_key(unsigned int line, struct bench *bench,
		       enum pvm_loss why, const char *span)
{
	const struct pvm_record_key *key = &bench->reported.key;

	unit_same_number(__FILE__, line, key->pid, 77);
	unit_same_number(__FILE__, line, key->why, why);
	unit_same_span(__FILE__, line, &key->span, span);
}

/* The ranges of serials=, as they are written. */
static void expect_serials(struct bench *bench, const char *want)
{
	char got[512] = "";
	struct pvm_stride stride;
	size_t used = 0;

	while (pvm_reported_serials(&bench->reported, &stride)) {
		used += (size_t)snprintf(got + used, sizeof(got) - used,
					 "%" PRIu64 "-%" PRIu64, stride.first,
					 stride.last);
		if (stride.step > 1)
			used += (size_t)snprintf(got + used, sizeof(got) - used,
						 "/%" PRIu64, stride.step);
		used += (size_t)snprintf(got + used, sizeof(got) - used, " ");
	}
	SAME_TEXT(got, want);
	CU_ASSERT_FALSE(pvm_reported_serials(&bench->reported, &stride));
}

static void expect_no_serials(struct bench *bench)
{
	CU_ASSERT_PTR_NULL(bench->reported.serials.at);
	expect_serials(bench, "");
}

static void record_of_one_call_reports_its_event(void)
{
	struct bench bench;

	CU_ASSERT_TRUE_FATAL(read_text(
		&bench, "op=process_vm_readv event=1000.007:7 key=\"pvm-read\" "
			"uid=0 src=kernel"));
	EXPECT_KEY(&bench, PVM_LOSSES, "1 1000.007:7-1000.007:7");
	CU_ASSERT_TRUE(bench.reported.is_call);
	CU_ASSERT_FALSE(bench.reported.is_part);
	SAME_NUMBER(bench.reported.start, 0);
	expect_no_serials(&bench);
	/* of a call by a number that is not known */
	CU_ASSERT_TRUE_FATAL(read_text(
		&bench, "op=process_vm event=1000.007:4294967295 uid=0"));
	EXPECT_KEY(&bench, PVM_LOSSES,
		   "1 1000.007:4294967295-1000.007:4294967295");
	CU_ASSERT_TRUE(bench.reported.is_call);
}

static void part_says_that_it_is_one(void)
{
	struct bench bench;

	CU_ASSERT_TRUE_FATAL(read_text(&bench,
				       "op=process_vm_writev event=1000.007:7 "
				       "uid=0 src=kernel part=2/3"));
	EXPECT_KEY(&bench, PVM_LOSSES, "1 1000.007:7-1000.007:7");
	CU_ASSERT_TRUE(bench.reported.is_call);
	CU_ASSERT_TRUE(bench.reported.is_part);
}

static void folded_record_reports_every_serial(void)
{
	struct bench bench;

	CU_ASSERT_TRUE_FATAL(read_text(
		&bench, "op=process_vm_readv count=6 first=1000.005:5 "
			"last=1000.012:12 serials=5,7-10,12 uid=0"));
	EXPECT_KEY(&bench, PVM_LOSSES, "6 1000.005:5-1000.012:12");
	CU_ASSERT_TRUE(bench.reported.is_call);
	CU_ASSERT_FALSE(bench.reported.is_part);
	expect_serials(&bench, "5-5 7-10 12-12 ");
}

static void note_says_whose_and_of_which_reload_it_is(void)
{
	struct bench bench;

	CU_ASSERT_TRUE_FATAL(read_text(&bench,
				       "op=pvm-start version=0.1.0 src=kernel "
				       "start=1795288457412345678"));
	EXPECT_KEY(&bench, PVM_LOSSES, "0 0.000:0-0.000:0");
	CU_ASSERT_FALSE(bench.reported.is_call);
	SAME_NUMBER(bench.reported.start, 1795288457412345678);
	SAME_NUMBER(bench.reported.reloads, 0);
	CU_ASSERT_TRUE_FATAL(read_text(&bench,
				       "op=pvm-reload version=0.1.0 src=none "
				       "start=1795288457412345678 reloads=12"));
	EXPECT_KEY(&bench, PVM_LOSSES, "0 0.000:0-0.000:0");
	SAME_NUMBER(bench.reported.start, 1795288457412345678);
	SAME_NUMBER(bench.reported.reloads, 12);
	CU_ASSERT_TRUE_FATAL(read_text(
		&bench, "op=pvm-stop start=1795288457412345678 records=3"));
	EXPECT_KEY(&bench, PVM_LOSSES, "0 0.000:0-0.000:0");
	SAME_NUMBER(bench.reported.start, 1795288457412345678);
	expect_no_serials(&bench);
}

static void expect_loss(enum pvm_loss why, struct pvm_span span)
{
	struct pvm_record_key key = {77, why, span, 1795288457412345678};
	char text[PVM_NOTE_MAX];
	struct bench bench;

	pvm_note_lost(text, why, &span, 1795288457412345678);
	CU_ASSERT_TRUE_FATAL(read_text(&bench, text));
	CU_ASSERT_TRUE(pvm_record_key_equal(&bench.reported.key, &key));
	SAME_NUMBER(bench.reported.key.why, why);
	SAME_NUMBER(bench.reported.key.span.count, span.count);
	CU_ASSERT_FALSE(bench.reported.is_call);
	expect_no_serials(&bench);
	/* it proves nothing, so that it has no part in the node's name */
	SAME_NUMBER(bench.reported.start, 0);
}

static void loss_is_read_as_it_was_written(void)
{
	static const struct pvm_id most = {253402300799, 999, UINT32_MAX};

	for (int why = 0; why < PVM_LOSSES; why++) {
		expect_loss(why, (struct pvm_span){
					 9, {1000, 5, 41}, {1000, 120, 42}});
		expect_loss(why,
			    (struct pvm_span){9, {1000, 5, 0}, {1001, 12, 0}});
		/* known by its times where one end has no serial */
		expect_loss(why,
			    (struct pvm_span){9, {1000, 5, 41}, {1001, 12, 0}});
		expect_loss(why, (struct pvm_span){UINT64_MAX, most, most});
		expect_loss(why, (struct pvm_span){
					 2, {1, 0, UINT32_MAX}, {1, 0, 1}});
	}
}

static void expect_access(const struct pvm_access *access, unsigned int parts,
			  const char *span)
{
	struct pvm_record record;
	struct bench bench;
	char text[PVM_RECORD_MAX + 1];
	unsigned int nr = 0;

	pvm_record_begin(&record, access);
	while (pvm_record_next(&record, text)) {
		nr++;
		CU_ASSERT_TRUE_FATAL(read_text(&bench, text));
		EXPECT_KEY(&bench, PVM_LOSSES, span);
		CU_ASSERT_TRUE(bench.reported.is_call);
		SAME_NUMBER(bench.reported.is_part, parts > 1);
		if (!access->folded)
			expect_no_serials(&bench);
	}
	SAME_NUMBER(nr, parts);
	if (access->folded)
		expect_serials(&bench, "5-5 7-10 4294967291-4294967295/2 ");
}

static void call_is_read_as_it_was_written(void)
{
	static const struct pvm_stride serials[] = {
		{5, 5, 1},
		{7, 10, 1},
		{UINT32_MAX - 4, UINT32_MAX, 2},
	};
	struct pvm_syscall *syscall = unit_syscall(41);
	struct pvm_capture *capture = unit_capture(41, 2, 1);
	struct pvm_capture *long_one = unit_capture(UINT32_MAX, 1024, 1024);
	struct pvm_folded folded = {
		.count = 8,
		.first = {1000, 5, 5},
		.last = {1001, 120, UINT32_MAX},
		.serials = serials,
		.serials_nr = COUNT(serials),
	};

	expect_access(&(struct pvm_access){.syscall = syscall}, 1,
		      "1 1795288457.412:41-1795288457.412:41");
	expect_access(&(struct pvm_access){.capture = capture}, 1,
		      "1 1795288457.412:41-1795288457.412:41");
	expect_access(&(struct pvm_access){.syscall = syscall,
					   .capture = capture},
		      1, "1 1795288457.412:41-1795288457.412:41");
	expect_access(&(struct pvm_access){.capture = long_one}, 4,
		      "1 1795288457.412:4294967295-1795288457.412:4294967295");
	expect_access(&(struct pvm_access){.syscall = syscall,
					   .capture = capture,
					   .folded = &folded},
		      1, "8 1000.005:5-1001.120:4294967295");
	free(syscall);
	free(capture);
	free(long_one);
}

static void sender_is_whom_the_kernel_names(void)
{
	static const struct {
		const char *text;
		bool known;
		uint32_t pid;
	} lines[] = {
		{"type=USER msg=audit(1.000:1): pid=77 uid=0 msg='op=pvm-stop "
		 "'\n",
		 true, 77},
		{"type=USER msg=audit(1.000:1): pid=4294967295 uid=0 "
		 "msg='op=pvm-stop '\n",
		 true, 4294967295},
		{"type=USER msg=audit(1.000:1): pid=4294967296 uid=0 "
		 "msg='op=pvm-stop '\n",
		 false, 0},
		{"type=USER msg=audit(1.000:1): pid= uid=0 msg='op=pvm-stop "
		 "'\n",
		 false, 0},
		{"type=USER msg=audit(1.000:1): pid=-1 uid=0 msg='op=pvm-stop "
		 "'\n",
		 false, 0},
		{"type=USER msg=audit(1.000:1): uid=0 pid=77 msg='op=pvm-stop "
		 "'\n",
		 false, 0},
		{"type=USER msg=audit(1.000:1): uid=0 msg='pid=77'\n", false,
		 0},
		{"type=USER msg=audit(1.000:1): \n", false, 0},
	};

	for (size_t i = 0; i < COUNT(lines); i++) {
		struct pvm_line line = unit_line(lines[i].text);
		uint32_t pid = 0;

		SAME_NUMBER(pvm_reported_pid(&line, &pid), lines[i].known);
		SAME_NUMBER(pid, lines[i].pid);
	}
}

/* Texts of others, and of nobody. */
/* clang-format off */
static const char *const not_ours[] = {
	"",
	"op=login acct=\"root\"",
	"op=pvmlost why=feed count=1 first=1.000:1 last=1.000:1 start=1",
	"op=process",
	"op=process_vm",
	"op=process_vm_readv",
	"op=process_vm_readv ",
	"op=process_vm_readv uid=0 event=1000.007:7",
	"op=process_vm_readv event=",
	"op=process_vm_readv event=1000.007",
	"op=process_vm_readv event=1000:7",
	"op=process_vm_readv event=1000.1000:7",
	"op=process_vm_readv event=1000.007:4294967296",
	"op=process_vm_readv event=18446744073709551616.007:7",
	"op=process_vm_readv event=-1.007:7",
	"op=process_vm_readv event=x",
	"op=process_vm_readv count= first=1.000:1 last=1.000:1 serials=1",
	"op=process_vm_readv count=18446744073709551616 first=1.000:1 last=1.000:2 serials=1-2",
	"op=process_vm_readv count=2 first=1.000:1",
	"op=process_vm_readv count=2 last=1.000:1 first=1.000:1",
	"op=process_vm_readv count=2 first=1.000:1 last=1.000:4294967296",
	"op=process_vm_readv count=2 serials=1-2",
	"op=pvm-lost why=",
	"op=pvm-lost why=feed",
	"op=pvm-lost why=feeding count=1 first=1.000:1 last=1.000:1 start=1",
	"op=pvm-lost why=nothing count=1 first=1.000:1 last=1.000:1 start=1",
	"op=pvm-lost why=feed first=1.000:1 last=1.000:1 start=1",
	"op=pvm-lost why=feed count=1 from=1.000",
	"op=pvm-lost why=feed count=1 from=1 to=2 start=1",
	"op=pvm-lost why=feed count=1 from=1.000 to=1.4294967296 start=1",
	"op=pvm-lost why=feed count=1 first=1.000:1 to=1.000 start=1",
};
/* clang-format on */

static void other_texts_are_not_read(void)
{
	struct bench bench;

	for (size_t i = 0; i < COUNT(not_ours); i++)
		if (read_text(&bench, not_ours[i]))
			SAME_TEXT(not_ours[i], "a text that is not read");
	CU_ASSERT_FALSE(read_line(
		&bench, "type=USER msg=audit(1000.020:20): uid=0 "
			"msg='op=process_vm_readv event=1000.007:7 '\n"));
	CU_ASSERT_FALSE(read_line(
		&bench, "type=USER msg=audit(1000.020:20): pid=77 uid=0\n"));
	CU_ASSERT_FALSE(read_line(
		&bench, "type=USER msg=audit(1000.020:20): pid=77 uid=0 "
			"op=process_vm_readv event=1000.007:7\n"));
}

/* Cut anywhere, it is read in bounds. */
static void text_without_an_end_is_read_to_its_end(void)
{
	static const char text[] =
		"op=process_vm_readv count=6 first=1000.005:5 "
		"last=1000.012:12 serials=5,7-10,12";
	struct pvm_reported reported;
	struct pvm_stride stride;

	for (size_t len = 1; len < sizeof(text); len++) {
		char *copy = malloc(len);
		struct pvm_line line = {
			.fields = slice_of("pid=77 uid=0"),
			.message = {copy, len},
		};

		CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
		memcpy(copy, text, len);
		if (pvm_reported_read(&reported, &line))
			while (pvm_reported_serials(&reported, &stride))
				;
		free(copy);
	}
}

static void expect_ranges(const char *serials, const char *want)
{
	struct bench bench;
	char text[512];

	snprintf(text, sizeof(text),
		 "op=process_vm_readv count=9 first=1.000:1 last=1.000:9 "
		 "serials=%s",
		 serials);
	CU_ASSERT_TRUE_FATAL(read_text(&bench, text));
	expect_serials(&bench, want);
}

static void serials_that_no_plugin_writes_end_the_list(void)
{
	expect_ranges("", "");
	expect_ranges("x", "");
	expect_ranges("-5", "");
	expect_ranges("1-", "");
	expect_ranges("5-3", "");
	expect_ranges("1,5-3,9", "1-1 ");
	expect_ranges("1,,9", "1-1 ");
	expect_ranges("1,", "1-1 ");
	expect_ranges("4294967295", "4294967295-4294967295 ");
	expect_ranges("1,4294967296", "1-1 ");
	expect_ranges("1-4294967296", "");
	expect_ranges("1-1000001,1000003", "1-1000001 1000003-1000003 ");
	expect_ranges("1-1000002,1000004", "");
	expect_ranges("1-9/2,11", "1-9/2 11-11 ");
	expect_ranges("1-2000001/2", "1-2000001/2 ");
	expect_ranges("1-2000003/2", "");
	expect_ranges("1-9/1", "");
	expect_ranges("1-9/0", "");
	expect_ranges("1-9/3", "");
	expect_ranges("1-1/2", "");
	expect_ranges("1/2", "1-1 ");
	expect_ranges("1-9/", "");
	/* they ascend */
	expect_ranges("7,5", "7-7 ");
	expect_ranges("7,7", "7-7 ");
	expect_ranges("3-7,7-9", "3-7 ");
}

CU_TestInfo reported_tests[] = {
	TEST(record_of_one_call_reports_its_event),
	TEST(part_says_that_it_is_one),
	TEST(folded_record_reports_every_serial),
	TEST(note_says_whose_and_of_which_reload_it_is),
	TEST(loss_is_read_as_it_was_written),
	TEST(call_is_read_as_it_was_written),
	TEST(sender_is_whom_the_kernel_names),
	TEST(other_texts_are_not_read),
	TEST(text_without_an_end_is_read_to_its_end),
	TEST(serials_that_no_plugin_writes_end_the_list),
	CU_TEST_INFO_NULL,
};
