// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_record.c - the enriched record's text, whole and to the letter
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/mappings.h"
#include "pvm/record.h"
#include "pvm/record_fields.h"
#include "unit.h"

/* An access of both halves, for the tests to change. */
struct bench {
	struct pvm_syscall *syscall;
	struct pvm_capture *capture;
	struct pvm_access access;
};

static struct bench new_bench(uint32_t remote, uint32_t local)
{
	struct bench bench = {
		.syscall = unit_syscall(43),
		.capture = unit_capture(43, remote, local),
	};

	bench.access = (struct pvm_access){
		.syscall = bench.syscall,
		.capture = bench.capture,
		.probes = true,
	};
	return bench;
}

static void free_bench(struct bench *bench)
{
	free(bench->syscall);
	free(bench->capture);
}

/* ---- the list of fields */

static const char *const fields[] = {
#define NAME(id, name, ...) #name,
	PVM_RECORD_FIELDS(NAME)
#undef NAME
};

static const char *const reasons[] = {
#define WORD(id, word) word,
	PVM_RECORD_REASONS(WORD)
#undef WORD
};

/* Those that a record of these tests has had. */
static bool field_written[COUNT(fields)], reason_given[COUNT(reasons)];

/* The place of the first @len bytes of @name in @list; @nr without one. */
static size_t find_name(const char *const *list, size_t nr, const char *name,
			size_t len)
{
	size_t i = 0;

	while (i < nr && (strlen(list[i]) != len || memcmp(list[i], name, len)))
		i++;
	return i;
}

static void note_reasons(const char *words, size_t len)
{
	const char *end = words + len;
	size_t from = 0;

	while (words < end) {
		size_t n = strcspn(words, ", ");
		size_t i = find_name(reasons, COUNT(reasons), words, n);

		CU_ASSERT(i >= from && i < COUNT(reasons));
		if (i < COUNT(reasons))
			reason_given[i] = true;
		from = i + 1;
		words += n + 1;
	}
}

/* Each field of the record is one of the list, in the list's order. */
static void note_fields(const char *text)
{
	size_t from = 0;

	while (*text) {
		size_t len = strcspn(text, " "), n = strcspn(text, "=");
		size_t i = find_name(fields, COUNT(fields), text, n);

		CU_ASSERT(i >= from && i < COUNT(fields));
		if (i < COUNT(fields))
			field_written[i] = true;
		if (i == PVM_FIELD_WHY)
			note_reasons(text + n + 1, len - n - 1);
		from = i + 1;
		text += len + (text[len] == ' ');
	}
}

static size_t next_part(struct pvm_record *record,
			char text[PVM_RECORD_MAX + 1])
{
	size_t len = pvm_record_next(record, text);

	if (len)
		note_fields(text);
	return len;
}

/* The tests ahead of this one have written it all. */
static void every_field_and_reason_has_been_written(void)
{
	for (size_t i = 0; i < COUNT(fields); i++)
		if (!field_written[i])
			SAME_TEXT("in no record", fields[i]);
	for (size_t i = 0; i < COUNT(reasons); i++)
		if (!reason_given[i])
			SAME_TEXT("in no record", reasons[i]);
}

/* ---- records of one call */

/* The access takes one record, @want. */
static const char *first_part(const struct pvm_access *access,
			      char text[PVM_RECORD_MAX + 1])
{
	struct pvm_record record;

	pvm_record_begin(&record, access);
	next_part(&record, text);
	return text;
}

/* @want stands somewhere in the record. */
static void expect_part(const struct pvm_access *access, const char *want)
{
	char text[PVM_RECORD_MAX + 1];

	first_part(access, text);
	if (!strstr(text, want))
		SAME_TEXT(text, want);
}

static void expect_end(const struct pvm_access *access, const char *want)
{
	char text[PVM_RECORD_MAX + 1];
	size_t len = strlen(first_part(access, text));

	SAME_TEXT(len > strlen(want) ? text + len - strlen(want) : text, want);
}

static void expect_record(const struct pvm_access *access, const char *want)
{
	char text[PVM_RECORD_MAX + 1];
	struct pvm_record record;

	memset(text, 'x', sizeof(text));
	pvm_record_begin(&record, access);
	SAME_NUMBER(record.parts, 1);
	SAME_NUMBER(next_part(&record, text), strlen(want));
	SAME_TEXT(text, want);
	SAME_NUMBER(next_part(&record, text), 0);
	SAME_NUMBER(next_part(&record, text), 0);
}

/* Both halves' exit. */
static void set_exit(struct bench *bench, int64_t result)
{
	bench->syscall->exit = result;
	bench->capture->call.exit = result;
}

/* The call ended ahead of the core, or the core's probe was skipped. */
static void lose_core(struct bench *bench)
{
	bench->capture->call.seen = 0;
	bench->capture->vec[PVM_REMOTE] = NULL;
	bench->capture->vec[PVM_LOCAL] = NULL;
}

#define WHAT "op=process_vm_readv event=1795288457.412:43 key=\"pvm-read\""
#define CALLER                                                            \
	" uid=1000 suid=1000 spid=4242 stid=4243 sauid=1000 comm=\"gdb\"" \
	" exe=\"/usr/bin/gdb\""
#define TARGET                                                             \
	" opid=4300 ocomm=\"sshd\" ouid=0 oauid=1000 oses=3 ostart=81230 " \
	"rel=other"
#define VECTORS                                                      \
	" rlen=16 riovcnt=2 riov=0x1000:8,0x2000:8 llen=8 liovcnt=1" \
	" liov=0x1000:8 vmflags=0x0 src=kernel"

static void full_read_says_it_all(void)
{
	struct bench bench = new_bench(2, 1);

	*unit_vector(bench.capture, PVM_REMOTE, 0) =
		(struct pvm_wire_iovec){0x7fff776c65a0, 8};
	*unit_vector(bench.capture, PVM_REMOTE, 1) =
		(struct pvm_wire_iovec){0x7fff776c65b0, 16};
	*unit_vector(bench.capture, PVM_LOCAL, 0) =
		(struct pvm_wire_iovec){0x5581c0de2010, 64};
	bench.capture->vec[PVM_REMOTE] = bench.capture->storage;
	expect_record(
		&bench.access,
		"op=process_vm_readv event=1795288457.412:43 key=\"pvm-read\" "
		"uid=1000 suid=1000 spid=4242 stid=4243 sauid=1000 "
		"comm=\"gdb\" "
		"exe=\"/usr/bin/gdb\" opid=4300 ocomm=\"sshd\" ouid=0 "
		"oauid=1000 oses=3 ostart=81230 rel=other exit=24 rlen=24 "
		"riovcnt=2 "
		"riov=0x7fff776c65a0:8,0x7fff776c65b0:16 llen=64 liovcnt=1 "
		"liov=0x5581c0de2010:64 vmflags=0x0 src=kernel");
	free_bench(&bench);
}

static void refused_write_names_its_target(void)
{
	struct bench bench = new_bench(1, 1);

	bench.syscall->type = pvm_call_type(ARCH, READV_NR + 1);
	bench.syscall->key = "";
	bench.syscall->auid = (uint32_t)-1;
	bench.capture->call.target.auid = (uint32_t)-1;
	bench.capture->call.target.ses = (uint32_t)-1;
	set_exit(&bench, -EPERM);
	expect_record(
		&bench.access,
		"op=process_vm_writev event=1795288457.412:43 uid=1000 "
		"suid=1000 "
		"spid=4242 stid=4243 sauid=4294967295 comm=\"gdb\" "
		"exe=\"/usr/bin/gdb\" opid=4300 ocomm=\"sshd\" ouid=0 "
		"oauid=4294967295 oses=4294967295 ostart=81230 rel=other "
		"exit=-1 rlen=8 riovcnt=1 "
		"riov=0x1000:8 llen=8 liovcnt=1 liov=0x1000:8 vmflags=0x0 "
		"src=kernel");
	free_bench(&bench);
}

static void no_such_process_leaves_the_argument(void)
{
	struct bench bench = new_bench(2, 1);

	bench.capture->call.seen = PVM_SEEN_CORE;
	set_exit(&bench, -ESRCH);
	expect_record(&bench.access, WHAT CALLER " apid=4300 exit=-3" VECTORS);
	bench.capture->call.pid = -7;
	expect_record(&bench.access, WHAT CALLER " apid=-7 exit=-3" VECTORS);
	free_bench(&bench);
}

static void call_that_copied_nothing_says_so(void)
{
	struct bench bench = new_bench(2, 1);

	lose_core(&bench);
	bench.capture->call.flags = 0x1;
	bench.capture->call.riovcnt = 2000;
	set_exit(&bench, -EINVAL);
	expect_record(&bench.access,
		      WHAT CALLER " apid=4300 exit=-22 riovcnt=2000 liovcnt=1 "
				  "vmflags=0x1 src=none why=not-copied");
	bench.capture->call.flags = UINT64_MAX;
	set_exit(&bench, 0);
	expect_record(&bench.access, WHAT CALLER
		      " apid=4300 exit=0 riovcnt=2000 liovcnt=1 "
		      "vmflags=0xffffffffffffffff src=none why=not-copied");
	free_bench(&bench);
}

/* These results take copied vectors, so the core's probe was skipped. */
static void missed_core_is_distinguished_from_an_early_end(void)
{
	static const struct {
		int64_t exit;
		const char *want;
	} cases[] = {
		{24, " apid=4300 exit=24 riovcnt=2 liovcnt=1 vmflags=0x0 "
		     "src=none why=core-missed"},
		{-EPERM, " apid=4300 exit=-1 riovcnt=2 liovcnt=1 vmflags=0x0 "
			 "src=none why=core-missed"},
		{-ESRCH, " apid=4300 exit=-3 riovcnt=2 liovcnt=1 vmflags=0x0 "
			 "src=none why=core-missed"},
		{-EFAULT, " apid=4300 exit=-14 riovcnt=2 liovcnt=1 "
			  "vmflags=0x0 src=none why=not-copied"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench bench = new_bench(2, 1);
		char want[512];

		lose_core(&bench);
		set_exit(&bench, cases[i].exit);
		snprintf(want, sizeof(want), WHAT CALLER "%s", cases[i].want);
		expect_record(&bench.access, want);
		free_bench(&bench);
	}
}

/* A target is certain only where bytes moved or access was refused. */
static void missed_target_is_written(void)
{
	static const struct {
		int64_t exit;
		const char *want;
	} cases[] = {
		{24, " apid=4300 exit=24" VECTORS " why=target-missed"},
		{-EPERM, " apid=4300 exit=-1" VECTORS " why=target-missed"},
		{0, " apid=4300 exit=0" VECTORS},
		{-ESRCH, " apid=4300 exit=-3" VECTORS},
		{-EFAULT, " apid=4300 exit=-14" VECTORS " why=target-missed"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench bench = new_bench(2, 1);
		char want[512];

		bench.capture->call.seen = PVM_SEEN_CORE;
		set_exit(&bench, cases[i].exit);
		snprintf(want, sizeof(want), WHAT CALLER "%s", cases[i].want);
		expect_record(&bench.access, want);
		free_bench(&bench);
	}
}

static void without_a_capture_the_syscall_is_written(void)
{
	struct bench bench = new_bench(1, 1);

	bench.access.capture = NULL;
	bench.syscall->a2 = 1025;
	expect_record(&bench.access, WHAT
		      " uid=1000 suid=1000 spid=4242 sauid=1000 comm=\"gdb\" "
		      "exe=\"/usr/bin/gdb\" apid=4300 exit=24 "
		      "liovcnt=1025 src=none why=no-capture");
	bench.access.probes = false;
	expect_record(&bench.access, WHAT
		      " uid=1000 suid=1000 spid=4242 sauid=1000 comm=\"gdb\" "
		      "exe=\"/usr/bin/gdb\" apid=4300 exit=24 "
		      "liovcnt=1025 src=none why=no-probes");
	free_bench(&bench);
}

/* The kernel looks at the register's lower half only. */
static void pid_argument_is_a_signed_word(void)
{
	struct bench bench = new_bench(1, 1);

	bench.access.capture = NULL;
	bench.syscall->a0 = 0xdeadbeefffffffff;
	expect_record(&bench.access, WHAT
		      " uid=1000 suid=1000 spid=4242 sauid=1000 comm=\"gdb\" "
		      "exe=\"/usr/bin/gdb\" apid=-1 exit=24 liovcnt=1 "
		      "src=none why=no-capture");
	free_bench(&bench);
}

static void without_a_syscall_record_the_capture_is_written(void)
{
	struct bench bench = new_bench(2, 1);

	bench.access.syscall = NULL;
	bench.capture->id.msec = 7;
	expect_record(
		&bench.access,
		"op=process_vm_readv event=1795288457.007:43 uid=1000 "
		"suid=1000 "
		"spid=4242 stid=4243 sauid=1000 comm=\"gdb\" exe=\"?\"" TARGET
		" exit=24" VECTORS " why=no-syscall");
	free_bench(&bench);
}

/* Caller and result are the SYSCALL record's where both are there. */
static void syscall_record_goes_before_the_capture(void)
{
	struct bench bench = new_bench(2, 1);

	bench.capture->call.caller = (struct pvm_wire_task){.tgid = 77,
							    .tid = 77,
							    .uid = 78,
							    .auid = 79,
							    .ses = 80,
							    .comm = "a b"};
	bench.capture->call.exit = -14;
	expect_record(&bench.access,
		      WHAT " uid=1000 suid=1000 spid=4242 stid=77 sauid=1000 "
			   "comm=\"gdb\" exe=\"/usr/bin/gdb\"" TARGET
			   " exit=24" VECTORS);
	bench.access.syscall = NULL;
	expect_record(
		&bench.access,
		"op=process_vm_readv event=1795288457.412:43 uid=78 suid=78 "
		"spid=77 sauid=79 comm=612062 exe=\"?\"" TARGET
		" exit=-14" VECTORS " why=no-syscall");
	free_bench(&bench);
}

static void several_reasons_are_all_written(void)
{
	struct bench bench = new_bench(2, 1);

	bench.access.syscall = NULL;
	bench.capture->call.seen = PVM_SEEN_CORE;
	bench.capture->vec[PVM_REMOTE] = NULL;
	bench.capture->vec[PVM_LOCAL] = NULL;
	expect_record(&bench.access,
		      "op=process_vm_readv event=1795288457.412:43 uid=1000 "
		      "suid=1000 "
		      "spid=4242 stid=4243 sauid=1000 comm=\"gdb\" exe=\"?\" "
		      "apid=4300 "
		      "exit=24 riovcnt=2 liovcnt=1 vmflags=0x0 src=none "
		      "why=vectors-lost,target-missed,no-syscall");
	free_bench(&bench);
}

static void thread_ids_are_written_only_where_they_differ(void)
{
	struct bench bench = new_bench(2, 1);

	bench.capture->call.caller.tid = 4242;
	expect_record(&bench.access, WHAT
		      " uid=1000 suid=1000 spid=4242 sauid=1000 comm=\"gdb\" "
		      "exe=\"/usr/bin/gdb\"" TARGET " exit=24" VECTORS);
	bench.capture->call.caller.tid = 4243;
	bench.capture->call.target.tid = 4301;
	bench.capture->call.pid = 4301;
	expect_record(
		&bench.access, WHAT CALLER
		" opid=4300 otid=4301 ocomm=\"sshd\" ouid=0 "
		"oauid=1000 oses=3 ostart=81230 rel=other exit=24" VECTORS);
	free_bench(&bench);
}

static void pid_argument_of_another_namespace_is_written(void)
{
	struct bench bench = new_bench(2, 1);

	bench.capture->call.pid = 12;
	expect_record(
		&bench.access, WHAT CALLER
		" opid=4300 apid=12 ocomm=\"sshd\" ouid=0 "
		"oauid=1000 oses=3 ostart=81230 rel=other exit=24" VECTORS);
	bench.capture->call.target.tid = 4301;
	bench.capture->call.pid = 4300;
	expect_record(&bench.access,
		      WHAT CALLER " opid=4300 otid=4301 apid=4300 "
				  "ocomm=\"sshd\" ouid=0 oauid=1000 oses=3 "
				  "ostart=81230 rel=other "
				  "exit=24" VECTORS);
	free_bench(&bench);
}

static void foreign_abi_is_written(void)
{
	struct bench bench = new_bench(2, 1);

	bench.syscall->type = pvm_call_type(ARCH_32, WRITEV_32_NR);
	expect_record(&bench.access,
		      "op=process_vm_writev event=1795288457.412:43 "
		      "key=\"pvm-read\"" CALLER " abi=" ABI_32 TARGET
		      " exit=24" VECTORS);
	bench.access.syscall = NULL;
	bench.capture->call.arch = ARCH_32;
	bench.capture->call.nr = WRITEV_32_NR;
	expect_record(&bench.access,
		      "op=process_vm_writev event=1795288457.412:43 uid=1000 "
		      "suid=1000 "
		      "spid=4242 stid=4243 sauid=1000 comm=\"gdb\" "
		      "exe=\"?\" abi=" ABI_32 TARGET " exit=24" VECTORS
		      " why=no-syscall");
	free_bench(&bench);
}

static void unknown_call_is_not_guessed(void)
{
	struct bench bench = new_bench(2, 1);

	bench.access.syscall = NULL;
	bench.capture->call.nr = 12345;
	expect_record(
		&bench.access,
		"op=process_vm event=1795288457.412:43 uid=1000 suid=1000 "
		"spid=4242 stid=4243 sauid=1000 comm=\"gdb\" exe=\"?\"" TARGET
		" exit=24" VECTORS " why=no-syscall");
	free_bench(&bench);
}

static void total_that_no_number_holds_is_left_out(void)
{
	struct bench bench = new_bench(2, 1);

	unit_vector(bench.capture, PVM_REMOTE, 0)->len = UINT64_MAX;
	unit_vector(bench.capture, PVM_REMOTE, 1)->len = 1;
	expect_record(&bench.access, WHAT CALLER TARGET
		      " exit=24 riovcnt=2 "
		      "riov=0x1000:18446744073709551615,0x2000:1 llen=8 "
		      "liovcnt=1 liov=0x1000:8 vmflags=0x0 src=kernel");
	unit_vector(bench.capture, PVM_REMOTE, 1)->len = 0;
	expect_record(&bench.access, WHAT CALLER TARGET
		      " exit=24 rlen=18446744073709551615 riovcnt=2 "
		      "riov=0x1000:18446744073709551615,0x2000:0 llen=8 "
		      "liovcnt=1 liov=0x1000:8 vmflags=0x0 src=kernel");
	free_bench(&bench);
}

static void no_vectors_at_all_are_a_length_of_nothing(void)
{
	struct bench bench = new_bench(0, 0);

	set_exit(&bench, 0);
	expect_record(&bench.access,
		      WHAT CALLER TARGET " exit=0 rlen=0 riovcnt=0 llen=0 "
					 "liovcnt=0 vmflags=0x0 src=kernel");
	free_bench(&bench);
}

/* One side's list did not come; the other's is written. */
static void lost_list_leaves_the_other_side(void)
{
	struct bench bench = new_bench(2, 1);

	bench.capture->vec[PVM_REMOTE] = NULL;
	expect_record(&bench.access, WHAT CALLER TARGET
		      " exit=24 riovcnt=2 llen=8 liovcnt=1 liov=0x1000:8 "
		      "vmflags=0x0 src=kernel why=vectors-lost");
	bench.capture->vec[PVM_REMOTE] = bench.capture->storage;
	bench.capture->vec[PVM_LOCAL] = NULL;
	expect_record(&bench.access, WHAT CALLER TARGET
		      " exit=24 rlen=16 riovcnt=2 riov=0x1000:8,0x2000:8 "
		      "liovcnt=1 vmflags=0x0 src=kernel why=vectors-lost");
	free_bench(&bench);
}

/* Of a list whose rest is lost, what is there is written, and not its sum. */
static void start_of_a_lost_list_is_written(void)
{
	struct bench bench = new_bench(2, 1);

	bench.capture->call.riovcnt = 17;
	bench.capture->part = 1 << PVM_REMOTE;
	expect_record(&bench.access, WHAT CALLER TARGET
		      " exit=24 riovcnt=17 riov=0x1000:8,0x2000:8 llen=8 "
		      "liovcnt=1 liov=0x1000:8 vmflags=0x0 src=kernel "
		      "why=vectors-lost cut=riov");
	bench.capture->part = 1 << PVM_LOCAL;
	expect_record(&bench.access, WHAT CALLER TARGET
		      " exit=24 rlen=16 riovcnt=17 riov=0x1000:8,0x2000:8 "
		      "liovcnt=1 liov=0x1000:8 vmflags=0x0 src=kernel "
		      "why=vectors-lost cut=liov");
	free_bench(&bench);
}

static void changed_target_is_written(void)
{
	struct bench bench = new_bench(1, 1);

	bench.capture->call.seen |= PVM_SEEN_CHANGED;
	expect_part(&bench.access, " ocomm=\"sshd\" ");
	expect_end(&bench.access, " src=kernel why=target-changed");
	free_bench(&bench);
}

static void probes_trouble_is_written(void)
{
	static const struct {
		uint32_t seen;
		const char *why;
	} cases[] = {
		{PVM_SEEN_OTHER_REGS, "registers"},
		{PVM_SEEN_CORE | PVM_SEEN_TARGET | PVM_SEEN_READ_FAULT,
		 "read-fault"},
		{PVM_SEEN_CORE | PVM_SEEN_TARGET, "vectors-lost"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench bench = new_bench(2, 1);
		char want[512];

		lose_core(&bench);
		bench.capture->call.seen = cases[i].seen;
		snprintf(want, sizeof(want),
			 WHAT CALLER "%s exit=24 riovcnt=2 liovcnt=1 "
				     "vmflags=0x0 src=none why=%s",
			 cases[i].seen & PVM_SEEN_TARGET ? TARGET
							 : " apid=4300",
			 cases[i].why);
		expect_record(&bench.access, want);
		free_bench(&bench);
	}
}

static void targets_name_is_hex_where_it_would_break_the_line(void)
{
	static const struct {
		char comm[PVM_COMM_LEN];
		const char *want;
	} cases[] = {
		{"sshd", " ocomm=\"sshd\""},
		{"", " ocomm=\"\""},
		{"!~'=,#", " ocomm=\"!~'=,#\""},
		{"a b", " ocomm=612062"},
		{"a\"", " ocomm=6122"},
		{"a\nb", " ocomm=610A62"},
		{"\x01\x1f", " ocomm=011F"},
		{"\x1d"
		 "a",
		 " ocomm=1D61"},
		{"\xc3\xa4", " ocomm=C3A4"},
		{"\x80\xff", " ocomm=80FF"},
		{"\x7f", " ocomm=7F"},
		/* no NUL within the kernel's 16 bytes */
		{{'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b',
		  'c', 'd', 'e', 'f'},
		 " ocomm=\"0123456789abcdef\""},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench bench = new_bench(2, 1);
		char want[512];

		memcpy(bench.capture->call.target.comm, cases[i].comm,
		       PVM_COMM_LEN);
		snprintf(want, sizeof(want),
			 WHAT CALLER " opid=4300%s ouid=0 oauid=1000 oses=3 "
				     "ostart=81230 rel=other "
				     "exit=24" VECTORS,
			 cases[i].want);
		expect_record(&bench.access, want);
		free_bench(&bench);
	}
}

/*
 * ausearch takes the first that ends in comm= or exe=: not the target's, nor
 * the sender's, which libaudit appends.
 */
static void names_that_the_record_lacks_are_nobody_elses(void)
{
	struct bench bench = new_bench(2, 1);

	bench.syscall->key = "";
	bench.syscall->comm = "";
	bench.syscall->exe = "";
	expect_record(&bench.access,
		      "op=process_vm_readv event=1795288457.412:43 uid=1000 "
		      "suid=1000 "
		      "spid=4242 stid=4243 sauid=1000 comm=\"gdb\" "
		      "exe=\"?\"" TARGET " exit=24" VECTORS);
	bench.syscall->comm = "612062";
	bench.syscall->exe = "2F61";
	expect_record(&bench.access,
		      "op=process_vm_readv event=1795288457.412:43 uid=1000 "
		      "suid=1000 "
		      "spid=4242 stid=4243 sauid=1000 comm=612062 "
		      "exe=2F61" TARGET " exit=24" VECTORS);
	bench.syscall->comm = "";
	bench.syscall->exe = "";
	bench.access.capture = NULL;
	expect_record(&bench.access,
		      "op=process_vm_readv event=1795288457.412:43 uid=1000 "
		      "suid=1000 spid=4242 sauid=1000 exe=\"?\" apid=4300 "
		      "exit=24 liovcnt=1 src=none why=no-capture");
	free_bench(&bench);
}

/* A token of @len bytes: '"' around, or digits when @quote is NUL. */
static char *long_token(size_t len, char quote)
{
	char *token = malloc(len + 1);

	CU_ASSERT_PTR_NOT_NULL_FATAL(token);
	memset(token, '4', len);
	if (quote)
		token[0] = token[len - 1] = quote;
	token[len] = '\0';
	return token;
}

/*
 * A program's name of @len bytes is written in @room bytes, and noted as cut
 * when @cut.
 */
static void expect_exe(size_t len, char quote, size_t room, bool cut)
{
	struct bench bench = new_bench(2, 1);
	char *exe = long_token(len, quote), *written = long_token(room, quote);
	char *want = malloc(PVM_RECORD_MAX);

	CU_ASSERT_PTR_NOT_NULL_FATAL(want);
	bench.syscall->exe = exe;
	snprintf(want, PVM_RECORD_MAX,
		 WHAT " uid=1000 suid=1000 spid=4242 stid=4243 sauid=1000 "
		      "comm=\"gdb\" exe=%s" TARGET " exit=24" VECTORS "%s",
		 written, cut ? " cut=exe" : "");
	expect_record(&bench.access, want);
	free(want);
	free(written);
	free(exe);
	free_bench(&bench);
}

static void overlong_program_name_is_cut_to_a_token(void)
{
	SAME_NUMBER(PVM_PATH_MAX, 2048);
	expect_exe(2048, '"', 2048, false);
	expect_exe(2049, '"', 2048, true);
	expect_exe(4098, '"', 2048, true);
	expect_exe(2046, '\0', 2046, false);
	expect_exe(2048, '\0', 2048, false);
	expect_exe(2050, '\0', 2048, true);
	expect_exe(8192, '\0', 2048, true);
}

/* Call @check on every part of the access's records; returns how many. */
static unsigned int each_part(const struct pvm_access *access,
			      void (*check)(void *arg, const char *text),
			      void *arg)
{
	char text[PVM_RECORD_MAX + 1];
	struct pvm_record record;
	unsigned int n = 0;
	size_t len;

	pvm_record_begin(&record, access);
	while ((len = next_part(&record, text))) {
		char tail[32];

		n++;
		CU_ASSERT(len <= PVM_RECORD_MAX);
		SAME_NUMBER(strlen(text), len);
		snprintf(tail, sizeof(tail), " part=%u/%u", n, record.parts);
		SAME_TEXT(text + len - strlen(tail), tail);
		check(arg, text);
	}
	SAME_NUMBER(n, record.parts);
	CU_ASSERT(n <= PVM_PARTS_MAX);
	return n;
}

/* Both lists as put together from all parts, and what must be in each. */
struct collected {
	const char *head, *tail;
	char *list[PVM_SIDES];
	bool local_began;
};

#define LIST_TEXT_MAX (PVM_VECTORS_MAX * 40 + 1)

/* Append the value that follows @name in @text, if any, to @to. */
static bool append_value(char *to, const char *text, const char *name)
{
	const char *at = strstr(text, name);

	if (!at)
		return false;
	at += strlen(name);
	to += strlen(to);
	if (to[-1] != '\n')
		*to++ = ',';
	memcpy(to, at, strcspn(at, " "));
	to[strcspn(at, " ")] = '\0';
	return true;
}

static void collect(void *arg, const char *text)
{
	struct collected *collected = arg;

	CU_ASSERT_NSTRING_EQUAL(text, collected->head, strlen(collected->head));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, collected->tail));
	if (append_value(collected->list[PVM_REMOTE], text, " riov="))
		CU_ASSERT_FALSE(collected->local_began);
	if (append_value(collected->list[PVM_LOCAL], text, " liov="))
		collected->local_began = true;
}

/* All vectors of @side as they must come out of all parts together. */
static char *list_text(struct pvm_capture *capture, enum pvm_list side)
{
	char *text = calloc(1, LIST_TEXT_MAX), *at = text;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	at += sprintf(at, "\n");
	for (uint32_t i = 0; i < capture->call.held[side]; i++) {
		const struct pvm_wire_iovec *vec =
			unit_vector(capture, side, i);

		at += sprintf(at, "%s0x%" PRIx64 ":%" PRIu64, i ? "," : "",
			      (uint64_t)vec->base, (uint64_t)vec->len);
	}
	return text;
}

/* Every vector is written once and in order, in two parts at least. */
static void expect_parts(struct bench *bench, const char *head,
			 const char *tail)
{
	struct collected collected = {.head = head, .tail = tail};

	for (int side = 0; side < PVM_SIDES; side++) {
		collected.list[side] = calloc(1, LIST_TEXT_MAX);
		CU_ASSERT_PTR_NOT_NULL_FATAL(collected.list[side]);
		collected.list[side][0] = '\n';
	}
	CU_ASSERT(each_part(&bench->access, collect, &collected) > 1);
	for (int side = 0; side < PVM_SIDES; side++) {
		char *want = list_text(bench->capture, side);

		SAME_TEXT(collected.list[side], want);
		free(want);
		free(collected.list[side]);
	}
}

/* The longest text that a vector can have. */
static void make_vectors_long(struct bench *bench)
{
	for (int side = 0; side < PVM_SIDES; side++)
		for (uint32_t i = 0; i < bench->capture->call.held[side]; i++)
			*unit_vector(bench->capture, side, i) =
				(struct pvm_wire_iovec){
					UINT64_MAX - i,
					UINT64_MAX - 5000 * (unsigned)side - i};
}

static void longest_lists_go_on_in_further_parts(void)
{
	static const struct {
		uint32_t remote, local;
	} cases[] = {{1024, 1024}, {1024, 0}, {0, 1024}, {1024, 1}, {1, 1024}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench bench = new_bench(cases[i].remote, cases[i].local);

		make_vectors_long(&bench);
		expect_parts(&bench, WHAT CALLER TARGET " exit=24 ",
			     " vmflags=0x0 src=kernel part=");
		free_bench(&bench);
	}
}

/* Counts and lengths are those of the whole lists, in every part. */
static void check_whole_counts(void *arg, const char *text)
{
	(void)arg;
	CU_ASSERT_PTR_NOT_NULL(
		strstr(text, " exit=24 rlen=8192 riovcnt=1024 "));
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " llen=8192 liovcnt=1024 "));
}

static void each_part_has_the_whole_counts(void)
{
	struct bench bench = new_bench(1024, 1024);

	CU_ASSERT(each_part(&bench.access, check_whole_counts, NULL) > 1);
	free_bench(&bench);
}

static void record_can_be_written_again(void)
{
	struct bench bench = new_bench(1024, 1024);
	unsigned int n = each_part(&bench.access, check_whole_counts, NULL);

	SAME_NUMBER(each_part(&bench.access, check_whole_counts, NULL), n);
	free_bench(&bench);
}

/* Every field at its longest, all at once: nothing is cut silently. */
static void longest_of_everything_fits(void)
{
	struct bench bench = new_bench(1024, 1024);
	struct pvm_wire_call *call = &bench.capture->call;
	char *key = long_token(600, '\0'), *comm = long_token(600, '"');
	char *exe = long_token(8192, '\0');

	make_vectors_long(&bench);
	bench.syscall->type = pvm_call_type(ARCH_32, WRITEV_32_NR);
	bench.syscall->id = (struct pvm_id){UINT64_MAX, 999, UINT64_MAX};
	bench.syscall->key = key;
	bench.syscall->comm = comm;
	bench.syscall->exe = exe;
	bench.syscall->pid = bench.syscall->uid = bench.syscall->auid =
		UINT32_MAX;
	set_exit(&bench, INT64_MIN);
	call->pid = INT32_MIN;
	call->flags = call->riovcnt = call->liovcnt = UINT64_MAX;
	call->caller.tid = UINT32_MAX - 1;
	call->target.tgid = call->target.uid = call->target.auid =
		call->target.ses = UINT32_MAX;
	call->target.tid = UINT32_MAX - 1;
	call->caller.dev = call->target.dev = UINT32_MAX;
	call->caller.ino = call->target.ino = UINT64_MAX;
	memset(call->target.comm, 0xff, PVM_COMM_LEN);
	expect_parts(&bench, "op=process_vm_writev event=18446744073709551615.",
		     " vmflags=0xffffffffffffffff src=kernel cut=exe part=");
	free(key);
	free(comm);
	free(exe);
	free_bench(&bench);
}

/* No vector is written twice or skipped where one part ends. */
static void any_number_of_vectors_is_written_whole(void)
{
	for (uint32_t nr = 89; nr <= 1024; nr += 85) {
		struct bench bench = new_bench(nr, 1024 - nr % 7);

		make_vectors_long(&bench);
		expect_parts(&bench, WHAT CALLER TARGET " exit=24 ",
			     " vmflags=0x0 src=kernel part=");
		free_bench(&bench);
	}
}

static void success_is_what_the_call_returned(void)
{
	static const struct {
		int64_t exit;
		bool success;
	} cases[] = {{24, true}, {0, true}, {-1, false}, {INT64_MIN, false}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench bench = new_bench(1, 1);

		set_exit(&bench, cases[i].exit);
		SAME_NUMBER(pvm_access_succeeded(&bench.access),
			    cases[i].success);
		bench.access.syscall = NULL;
		SAME_NUMBER(pvm_access_succeeded(&bench.access),
			    cases[i].success);
		bench.access.syscall = bench.syscall;
		bench.access.capture = NULL;
		SAME_NUMBER(pvm_access_succeeded(&bench.access),
			    cases[i].success);
		free_bench(&bench);
	}
}

static void relation_is_the_closest_that_holds(void)
{
	/* caller 4242, its parent 4000 */
	static const struct {
		uint32_t tgid, parent, tracer;
		const char *rel;
	} cases[] = {
		{4242, 4000, 0, "self"},   {4242, 1, 4242, "self"},
		{4300, 1, 4242, "tracee"}, {4300, 4242, 4242, "tracee"},
		{4300, 4242, 0, "child"},  {4300, 4242, 9, "child"},
		{4000, 1, 0, "parent"},	   {4300, 4000, 0, "sibling"},
		{4300, 1, 0, "other"},	   {4300, 1, 9, "other"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct bench bench = new_bench(2, 1);
		struct pvm_wire_task *target = &bench.capture->call.target;
		char want[32];

		target->tgid = cases[i].tgid;
		target->parent = cases[i].parent;
		target->tracer = cases[i].tracer;
		snprintf(want, sizeof(want), " rel=%s exit=", cases[i].rel);
		expect_part(&bench.access, want);
		free_bench(&bench);
	}
}

static void start_is_in_clock_ticks(void)
{
	struct bench bench = new_bench(2, 1);

	bench.capture->call.target.start_ns = 19999999;
	expect_part(&bench.access, " ostart=1 ");
	bench.capture->call.target.start_ns = 86400000000000;
	expect_part(&bench.access, " ostart=8640000 ");
	free_bench(&bench);
}

/* As audit's PATH records have them: two digits of each number at least. */
static void programs_have_device_and_inode(void)
{
	struct bench bench = new_bench(2, 1);
	struct pvm_wire_call *call = &bench.capture->call;

	call->caller.dev = 0xfe << 20 | 1;
	call->caller.ino = 131;
	call->target.dev = 0 << 20 | 27;
	call->target.ino = UINT64_MAX;
	expect_record(&bench.access,
		      WHAT CALLER " sdev=fe:01 sino=131 opid=4300 "
				  "ocomm=\"sshd\" odev=00:1b "
				  "oino=18446744073709551615 ouid=0 "
				  "oauid=1000 oses=3 ostart=81230 rel=other "
				  "exit=24" VECTORS);
	call->caller.dev = 0xfffu << 20 | 0xfffff;
	call->caller.ino = 0;
	call->target.dev = 0; /* of a kernel thread there is none */
	expect_record(&bench.access, WHAT CALLER " sdev=fff:fffff sino=0" TARGET
						 " exit=24" VECTORS);
	free_bench(&bench);
}

/* Who called is known of each call, the target of one that got there. */
static void program_of_a_target_that_was_not_found_is_nobodys(void)
{
	struct bench bench = new_bench(2, 1);

	bench.capture->call.seen &= ~(uint32_t)PVM_SEEN_TARGET;
	bench.capture->call.caller.dev = 0x10300002;
	bench.capture->call.caller.ino = 7;
	bench.capture->call.target.dev = 0x10300002;
	bench.capture->call.target.ino = 8;
	set_exit(&bench, -ESRCH);
	expect_record(&bench.access, WHAT CALLER
		      " sdev=103:02 sino=7 apid=4300 exit=-3" VECTORS);
	free_bench(&bench);
}

static void give_path(struct pvm_capture *capture, const char *path,
		      uint32_t seen)
{
	capture->path = path;
	capture->call.held[PVM_PATH] = (uint32_t)strlen(path);
	capture->call.seen |= PVM_SEEN_PATH | seen;
}

static void targets_program_is_written(void)
{
	struct bench bench = new_bench(2, 1);

	give_path(bench.capture, "/usr/sbin/sshd", 0);
	expect_part(&bench.access,
		    " ocomm=\"sshd\" oexe=\"/usr/sbin/sshd\" ouid=0 ");
	give_path(bench.capture, "/a b", 0);
	expect_part(&bench.access, " oexe=2F612062 ouid=0 ");
	give_path(bench.capture, "/memfd:x", PVM_SEEN_PATH_DELETED);
	expect_part(&bench.access, " oexe=\"/memfd:x\" odeleted=1 ouid=0 ");
	free_bench(&bench);
}

static void vectors_of_user_memory_are_marked(void)
{
	struct bench bench = new_bench(2, 1);

	bench.capture->call.seen = PVM_SEEN_USER | PVM_SEEN_TARGET;
	expect_end(&bench.access, " vmflags=0x0 src=user");
	bench.capture->call.seen = PVM_SEEN_USER;
	expect_end(&bench.access, " vmflags=0x0 src=user why=target-missed");
	bench.capture->call.seen |= PVM_SEEN_TARGET | PVM_SEEN_READ_FAULT;
	bench.capture->vec[PVM_REMOTE] = NULL;
	bench.capture->vec[PVM_LOCAL] = NULL;
	expect_end(&bench.access, " vmflags=0x0 src=none why=read-fault");
	free_bench(&bench);
}

static void list_is_cut_where_the_options_say(void)
{
	struct bench bench = new_bench(3, 2);

	bench.access.vectors = 2;
	expect_part(&bench.access, " rlen=24 riovcnt=3 riov=0x1000:8,0x2000:8 "
				   "llen=16 liovcnt=2 liov=0x1000:8,0x2000:8 ");
	expect_end(&bench.access, " src=kernel cut=riov");
	bench.access.vectors = 1;
	expect_part(&bench.access, " rlen=24 riovcnt=3 riov=0x1000:8 llen=16 "
				   "liovcnt=2 liov=0x1000:8 ");
	expect_end(&bench.access, " src=kernel cut=riov,liov");
	free_bench(&bench);
}

static void lost_program_is_written(void)
{
	struct bench bench = new_bench(2, 1);

	bench.capture->call.seen |= PVM_SEEN_PATH;
	bench.capture->call.held[PVM_PATH] = 300;
	expect_part(&bench.access, " ocomm=\"sshd\" ouid=0 ");
	expect_end(&bench.access, " src=kernel why=path-lost");
	free_bench(&bench);
}

static void end_of_a_lost_program_is_written(void)
{
	struct bench bench = new_bench(2, 1);

	give_path(bench.capture, "ram/sshd", 0);
	bench.capture->part = 1 << PVM_PATH;
	expect_part(&bench.access, " oexe=\"ram/sshd\" ouid=0 ");
	expect_end(&bench.access, " src=kernel why=path-lost cut=oexe");
	free_bench(&bench);
}

static void cut_program_is_written(void)
{
	struct bench bench = new_bench(2, 1);
	char path[4096];

	give_path(bench.capture, "/lower/part", PVM_SEEN_PATH_CUT);
	expect_part(&bench.access, " oexe=\"/lower/part\" ");
	expect_part(&bench.access, " src=kernel cut=oexe");
	free_bench(&bench);

	bench = new_bench(2, 1);
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	give_path(bench.capture, path, 0);
	expect_part(&bench.access, " src=kernel cut=oexe");
	path[2046] = '\0';
	give_path(bench.capture, path, 0);
	expect_part(&bench.access, "xxx\" ouid=0 ");
	expect_end(&bench.access, " src=kernel");
	free_bench(&bench);
}

/* Mappings for a capture, and their names one behind the other. */
static void give_maps(struct bench *bench, const struct pvm_wire_map *maps,
		      uint32_t nr, const char *names)
{
	bench->capture->maps = maps;
	bench->capture->names = names;
	bench->capture->call.held[PVM_MAPS] = nr;
	bench->capture->call.held[PVM_NAMES] = (uint32_t)strlen(names);
	bench->capture->call.seen |= PVM_SEEN_MAPS;
}

#define RW (PVM_MAP_READ | PVM_MAP_WRITE)
#define RX (PVM_MAP_READ | PVM_MAP_EXEC)

/* What stands in rmap= for @map, whose names @names are. */
static void expect_map(struct pvm_wire_map map, const char *names,
		       const char *want)
{
	struct bench bench = new_bench(1, 1);
	char text[2 * PVM_MAPS_TEXT_MAX];

	give_maps(&bench, &map, 1, names);
	snprintf(text, sizeof(text), " riov=0x1000:8 rmap=%s llen=8 ", want);
	expect_part(&bench.access, text);
	expect_end(&bench.access, " src=kernel");
	free_bench(&bench);
}

static void each_kind_of_mapping_is_written(void)
{
	static const struct {
		struct pvm_wire_map map;
		const char *want;
	} cases[] = {
		{{9, 0, 0, PVM_MAP_UNKNOWN, RW, 0, 0, 0}, "?"},
		{{9, 0, 0, PVM_MAP_NONE, 0, 0, 0, 0}, "none"},
		{{9, 0, 0, PVM_MAP_ANON, RW, 0, 0, 0}, "[anon]:rw-p"},
		{{9, 0, 0, PVM_MAP_HEAP, RW, 0, 0, 0}, "[heap]:rw-p"},
		{{9, 0, 0, PVM_MAP_STACK, RW | PVM_MAP_EXEC, 0, 0, 0},
		 "[stack]:rwxp"},
		{{9, 0, 6, PVM_MAP_SPECIAL, RX, 0, 0, 0}, "[vdso]:r-xp"},
		{{0, 6, 7, PVM_MAP_FILE, 0, 0, 0, 0}, "/bin/ls+0x0:---p"},
		{{0x1a008, 6, 7, PVM_MAP_FILE, RX, 0, 0, 0},
		 "/bin/ls+0x1a008:r-xp"},
		{{1, 6, 4, PVM_MAP_FILE, RW | PVM_MAP_SHARED, 0, 0, 0},
		 "/bin+0x1:rw-s"},
		{{1, 6, 4, PVM_MAP_FILE, RW | PVM_MAP_DELETED, 0, 0, 0},
		 "/bin[deleted]+0x1:rw-p"},
		{{UINT64_MAX, 6, 7, PVM_MAP_FILE, RX, 0, 0, 0},
		 "/bin/ls+0xffffffffffffffff:r-xp"},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		expect_map(cases[i].map, "[vdso]/bin/ls", cases[i].want);
}

/* What came from the kernel damaged is not made a name of. */
static void bad_mapping_is_not_guessed(void)
{
	static const struct {
		struct pvm_wire_map map;
		const char *want;
	} cases[] = {
		{{1, 6, 8, PVM_MAP_FILE, RX, 0, 0, 0}, "?"},
		{{1, 65535, 65535, PVM_MAP_FILE, RX, 0, 0, 0}, "?"},
		{{1, 14, 0, PVM_MAP_SPECIAL, RX, 0, 0, 0}, "?"},
		{{1, 0, 0, 7, RX, 0, 0, 0}, "?"},
		{{1, 0, 0, 255, RX, 0, 0, 0}, "?"},
		{{1, 0, 5, PVM_MAP_SPECIAL, RX, 0, 0, 0}, "[anon]:r-xp"},
		{{1, 6, 7, PVM_MAP_SPECIAL, RX, 0, 0, 0}, "[anon]:r-xp"},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		expect_map(cases[i].map, "[vdso]/bin/ls", cases[i].want);
}

static void odd_bytes_of_a_path_are_escaped(void)
{
	static const struct {
		const char *path, *want;
	} cases[] = {
		{"/A-Z_a.z/09+", "/A-Z_a.z/09++0x0:r-xp"},
		{"/a b,c:d", "/a%20b%2Cc%3Ad+0x0:r-xp"},
		{"/100%20", "/100%2520+0x0:r-xp"},
		{"/[x]\"'=?", "/%5Bx%5D%22%27%3D%3F+0x0:r-xp"},
		{"/\n\x7f\x80\xff", "/%0A%7F%80%FF+0x0:r-xp"},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		expect_map(
			(struct pvm_wire_map){0, 0,
					      (uint16_t)strlen(cases[i].path),
					      PVM_MAP_FILE, RX, 0, 0, 0},
			cases[i].path, cases[i].want);
}

static void mappings_are_listed_in_order(void)
{
	static const struct pvm_wire_map maps[] = {
		{0, 0, 0, PVM_MAP_HEAP, RW, 0, 0, 0},
		{0x1000, 0, 3, PVM_MAP_FILE, RX, 0, 0, 0},
		{0, 0, 0, PVM_MAP_NONE, 0, 0, 0, 0},
	};
	struct bench bench = new_bench(3, 1);

	give_maps(&bench, maps, 3, "/so");
	expect_record(&bench.access, WHAT CALLER TARGET
		      " exit=24 rlen=24 riovcnt=3 "
		      "riov=0x1000:8,0x2000:8,0x3000:8 "
		      "rmap=[heap]:rw-p,/so+0x1000:r-xp,none llen=8 liovcnt=1 "
		      "liov=0x1000:8 vmflags=0x0 src=kernel");
	free_bench(&bench);
}

static void mappings_not_looked_up_are_noted_as_cut(void)
{
	static const struct pvm_wire_map maps[] = {
		{0, 0, 0, PVM_MAP_HEAP, RW, 0, 0, 0},
	};
	struct bench bench = new_bench(2, 1);

	give_maps(&bench, maps, 1, "");
	bench.capture->call.seen |= PVM_SEEN_MAPS_CUT;
	expect_part(&bench.access, " rmap=[heap]:rw-p llen=8 ");
	expect_end(&bench.access, " src=kernel cut=rmap");
	free_bench(&bench);
}

/* vectors= of pvm.conf */
static void mappings_of_unlisted_vectors_are_cut(void)
{
	static const struct pvm_wire_map maps[] = {
		{0, 0, 0, PVM_MAP_HEAP, RW, 0, 0, 0},
		{0, 0, 0, PVM_MAP_STACK, RW, 0, 0, 0},
		{0, 0, 0, PVM_MAP_ANON, RW, 0, 0, 0},
	};
	struct bench bench = new_bench(3, 1);

	give_maps(&bench, maps, 3, "");
	bench.access.vectors = 2;
	expect_part(&bench.access,
		    " riov=0x1000:8,0x2000:8 rmap=[heap]:rw-p,[stack]:rw-p "
		    "llen=8 ");
	expect_end(&bench.access, " src=kernel cut=riov,rmap");
	bench.access.vectors = 3;
	expect_end(&bench.access, " src=kernel");
	free_bench(&bench);
}

static void mapping_whose_name_is_lost_is_written(void)
{
	static const struct pvm_wire_map maps[] = {
		{0x1000, 0, 4, PVM_MAP_FILE, RX, 0, 0, 0},
		{0x2000, 2, 3, PVM_MAP_FILE, RW, 0, 0, 0},
	};
	struct bench bench = new_bench(2, 1);

	give_maps(&bench, maps, 2, "/bin");
	bench.capture->part = 1 << PVM_NAMES;
	expect_part(&bench.access, " rmap=/bin+0x1000:r-xp,...+0x2000:rw-p ");
	expect_end(&bench.access, " src=kernel why=maps-lost cut=rmap");
	free_bench(&bench);
}

/* One that goes on elsewhere is marked: where is not known. */
static void mapping_that_is_crossed_is_marked(void)
{
	static const struct pvm_wire_map map = {
		0, 0, 0, PVM_MAP_HEAP, RW | PVM_MAP_CROSSED, 0, 0, 0};
	struct bench bench = new_bench(1, 1);

	give_maps(&bench, &map, 1, "");
	expect_part(&bench.access, " rmap=[heap]:rw-p+ ");
	expect_end(&bench.access, " src=kernel cut=rmap");
	free_bench(&bench);
}

static void empty_vector_has_no_mapping(void)
{
	static const struct pvm_wire_map map = {0,  0, 0, PVM_MAP_HEAP,
						RW, 0, 0, 0};
	struct bench bench = new_bench(2, 1);

	unit_vector(bench.capture, PVM_REMOTE, 0)->len = 0;
	give_maps(&bench, &map, 1, "");
	expect_part(&bench.access, " rmap=[heap]:rw-p ");
	expect_end(&bench.access, " src=kernel");
	free_bench(&bench);
}

static void lost_mappings_are_written(void)
{
	static const struct pvm_wire_map map = {0};
	struct bench bench = new_bench(2, 1);

	bench.capture->call.seen |= PVM_SEEN_MAPS;
	expect_part(&bench.access, "0x2000:8 llen=8 ");
	expect_end(&bench.access, " src=kernel why=maps-lost");
	bench.capture->maps = &map;
	bench.capture->call.held[PVM_MAPS] = 1;
	expect_part(&bench.access, "0x2000:8 llen=8 ");
	expect_end(&bench.access, " src=kernel why=maps-lost");
	free_bench(&bench);
}

/*
 * A path of @len times @byte behind a slash, @flags on its mapping: rmap= is
 * @written bytes long and begins with @start; the record ends with @end.
 */
static void expect_end_of_path(size_t len, char byte, unsigned int flags,
			       size_t written, const char *start,
			       const char *end)
{
	struct bench bench = new_bench(1, 1);
	struct pvm_wire_map map = {
		.name_len = (uint16_t)len,
		.kind = PVM_MAP_FILE,
		.flags = (uint8_t)(RX | flags),
	};
	char path[513], text[PVM_RECORD_MAX + 1];
	const char *at;

	memset(path, byte, len);
	path[0] = '/';
	path[len] = '\0';
	give_maps(&bench, &map, 1, path);
	at = strstr(first_part(&bench.access, text), " rmap=");
	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	CU_ASSERT_NSTRING_EQUAL(at + 6, start, strlen(start));
	SAME_NUMBER(strcspn(at + 6, " "), written);
	expect_end(&bench.access, end);
	free_bench(&bench);
}

static void end_of_a_long_path_is_written(void)
{
	static const char whole[] = " src=kernel";
	static const char cut[] = " src=kernel cut=rmap";

	/* +0x0:r-xp is nine bytes more, the mark of a cut three */
	expect_end_of_path(512, 'x', 0, 521, "/xxx", whole);
	expect_end_of_path(512, 'x', PVM_MAP_CUT, 524, ".../xxx", cut);
	expect_end_of_path(511, 'x', PVM_MAP_CUT, 523, ".../xxx", cut);
	expect_end_of_path(171, ' ', 0, 520, "/%20%20", whole);
	expect_end_of_path(172, ' ', 0, 522, "...%20%20", cut);
	expect_end_of_path(512, ' ', 0, 522, "...%20%20", cut);
}

/* Mappings are in the first part alone, and take room from it alone. */
struct mapped_parts {
	unsigned int parts, with_maps;
};

static void check_mapped_part(void *arg, const char *text)
{
	struct mapped_parts *seen = arg;

	if (strstr(text, " rmap="))
		CU_ASSERT_EQUAL(++seen->with_maps, 1);
	SAME_NUMBER(!!strstr(text, " rmap="), !seen->parts);
	seen->parts++;
	CU_ASSERT_PTR_NOT_NULL(strstr(text, " cut=rmap part="));
}

static void mappings_are_in_the_first_part_alone(void)
{
	struct pvm_wire_map maps[16];
	struct bench bench = new_bench(1024, 1024);
	struct mapped_parts seen = {0};
	char names[490], *exe = long_token(2048, '"');

	bench.syscall->exe = exe;

	memset(names, 'x', sizeof(names));
	names[sizeof(names) - 1] = '\0';
	for (int i = 0; i < 16; i++)
		maps[i] = (struct pvm_wire_map){0,  0, 489, PVM_MAP_FILE,
						RX, 0, 0,   0};
	make_vectors_long(&bench);
	give_maps(&bench, maps, 16, names);
	CU_ASSERT(each_part(&bench.access, check_mapped_part, &seen) > 2);
	SAME_NUMBER(seen.with_maps, 1);
	expect_parts(&bench, WHAT " uid=1000 ", " src=kernel cut=rmap part=");
	free(exe);
	free_bench(&bench);
}

/* As many as have room are written, none in half. */
static void list_of_mappings_ends_with_a_whole_one(void)
{
	static const struct pvm_wire_map map = {0,  0, 503, PVM_MAP_FILE,
						RX, 0, 0,   0};
	struct pvm_wire_map maps[3] = {map, map, map};
	struct bench bench = new_bench(3, 1);
	char names[513], text[PVM_RECORD_MAX + 1];

	memset(names, 'x', 512);
	names[512] = '\0';
	give_maps(&bench, maps, 3, names);
	/* with +0x0:r-xp 512 bytes; a comma and 511 more make 1024 */
	maps[1].name_len = 502;
	first_part(&bench.access, text);
	SAME_NUMBER(strcspn(strstr(text, " rmap=") + 6, " "), 1024);
	expect_end(&bench.access, " src=kernel cut=rmap");
	maps[1].name_len = 503;
	first_part(&bench.access, text);
	SAME_NUMBER(strcspn(strstr(text, " rmap=") + 6, " "), 512);
	free_bench(&bench);
}

/* The room that is not measured is never too little. */
static void lists_of_any_length_are_written_whole_beside_long_names(void)
{
	char *exe = long_token(2048, '"'), *key = long_token(600, '\0');

	for (uint32_t nr = 1; nr <= 40; nr++) {
		struct bench bench = new_bench(nr, nr);
		char text[PVM_RECORD_MAX + 1], last[64];
		struct pvm_record record;

		make_vectors_long(&bench);
		bench.syscall->exe = exe;
		bench.syscall->key = key;
		give_path(bench.capture, exe + 2, 0);
		snprintf(last, sizeof(last),
			 ":%" PRIu64 " vmflags=", UINT64_MAX - 5000 - (nr - 1));
		pvm_record_begin(&record, &bench.access);
		while (next_part(&record, text))
			CU_ASSERT_PTR_NOT_NULL(strstr(text, " src=kernel"));
		if (!strstr(text, last))
			SAME_TEXT(text, last);
		free_bench(&bench);
	}
	free(exe);
	free(key);
}

/* ---- folded calls */

static const struct pvm_stride serials[] = {
	{43, 1043, 1},
	{1045, 1045, 1},
	{2047, 2048, 1},
};

/* What the calls reached, and one in between that they did not. */
static const struct pvm_wire_map reached[] = {
	{0, 0, 0, PVM_MAP_HEAP, PVM_MAP_READ | PVM_MAP_WRITE, 0, 0, 0},
	{0, 0, 0, PVM_MAP_STACK, PVM_MAP_READ | PVM_MAP_WRITE, 0, 0, 0},
	{0, 0, 7, PVM_MAP_FILE, PVM_MAP_READ | PVM_MAP_EXEC, 0, 0, 0},
};

static const struct pvm_share shares[] = {{1003, 24088}, {7, 7}, {12, 8}};

static struct pvm_folded new_folded(void)
{
	return (struct pvm_folded){
		.count = 1004,
		.first = {1795288457, 412, 43},
		.last = {1795288459, 7, 2048},
		.serials = serials,
		.serials_nr = COUNT(serials),
		.one_thread = true,
		.bytes = 24096,
		.rlen = 25000,
		.rlen_known = true,
		.llen = 26000,
		.llen_known = true,
		.spans = {{0x1000, 0x1fff}, {0x7f0000000000, 0x7f0000000007}},
		.spans_nr = 2,
		.maps = reached,
		.names = "/bin/ls",
		.shares = shares,
		.reached = 1 << 0 | 1 << 2,
	};
}

#define FOLDED                                                     \
	"op=process_vm_readv count=1004 first=1795288457.412:43 "  \
	"last=1795288459.007:2048 serials=43-1043,1045,2047-2048 " \
	"key=\"pvm-read\""
#define SPANS " rspan=0x1000-0x2000,0x7f0000000000-0x7f0000000008"

static void folded_calls_share_one_record(void)
{
	struct bench bench = new_bench(2, 1);
	struct pvm_folded folded = new_folded();

	bench.access.folded = &folded;
	give_path(bench.capture, "/usr/sbin/sshd", 0);
	expect_record(
		&bench.access, FOLDED CALLER
		" opid=4300 ocomm=\"sshd\" oexe=\"/usr/sbin/sshd\" ouid=0 "
		"oauid=1000 oses=3 ostart=81230 rel=other bytes=24096 "
		"rlen=25000" SPANS
		" rmap=[heap]:rw-p,/bin/ls:r-xp rshare=1003:24088,12:8 "
		"llen=26000 vmflags=0x0 src=kernel");
	free_bench(&bench);
}

static void folded_failures_share_their_errno(void)
{
	struct bench bench = new_bench(2, 1);
	struct pvm_folded folded = new_folded();

	folded.bytes = 0;
	folded.reached = 0;
	folded.rlen_known = folded.llen_known = false;
	folded.spans_joined = true;
	folded.maps_cut = true;
	bench.access.folded = &folded;
	set_exit(&bench, -EPERM);
	expect_record(&bench.access, FOLDED CALLER TARGET
		      " exit=-1 bytes=0" SPANS
		      " vmflags=0x0 src=kernel cut=rspan,rmap");
	free_bench(&bench);
}

static void folded_calls_say_in_what_they_differ(void)
{
	static const char comms[3][PVM_COMM_LEN] = {"gdb", "",
						    "sixteen bytes =)"};
	struct bench bench = new_bench(2, 1);
	struct pvm_folded folded = new_folded();

	folded.vary = UINT64_C(1) << PVM_FIELD_COMM |
		      UINT64_C(1) << PVM_FIELD_OCOMM |
		      UINT64_C(1) << PVM_FIELD_VMFLAGS;
	folded.comms = comms;
	folded.comms_nr = 3;
	bench.access.folded = &folded;
	expect_part(&bench.access, " sauid=1000 comm=\"?\" "
				   "comms=gdb,,sixteen%20bytes%20%3D%29 exe=");
	expect_part(&bench.access, " opid=4300 ouid=0 ");
	expect_end(&bench.access, " llen=26000 vary=comm,ocomm,vmflags "
				  "src=kernel");
	folded.comms_cut = true;
	expect_end(&bench.access, " vary=comm,ocomm,vmflags src=kernel "
				  "cut=comms");
	free_bench(&bench);
}

static void folded_calls_of_several_threads_name_none(void)
{
	struct bench bench = new_bench(2, 1);
	struct pvm_folded folded = new_folded();

	folded.one_thread = false;
	bench.access.folded = &folded;
	expect_part(&bench.access, " spid=4242 sauid=1000 ");
	free_bench(&bench);
}

static void folded_calls_say_what_they_lack(void)
{
	struct bench bench = new_bench(2, 1);
	struct pvm_folded folded = new_folded();

	folded.spans_nr = 0;
	folded.rlen_known = folded.llen_known = false;
	folded.reached = 0;
	bench.access.folded = &folded;
	bench.access.capture = NULL;
	expect_record(&bench.access,
		      FOLDED " uid=1000 suid=1000 spid=4242 sauid=1000 "
			     "comm=\"gdb\" exe=\"/usr/bin/gdb\" apid=4300 "
			     "bytes=24096 src=none why=no-capture");
	bench.access.capture = bench.capture;
	bench.access.syscall = NULL;
	expect_end(&bench.access, " src=kernel why=no-syscall");
	free_bench(&bench);
}

/* Of both files only the end is written, which is the same. */
static void mappings_with_one_text_have_their_own_shares(void)
{
	static const struct pvm_wire_map maps[] = {
		{0, 0, 512, PVM_MAP_FILE, PVM_MAP_READ, 0, 0, 0},
		{0, 1, 512, PVM_MAP_FILE, PVM_MAP_READ, 0, 0, 0},
	};
	struct bench bench = new_bench(2, 1);
	struct pvm_folded folded = new_folded();
	char *name = long_token(513, '\0'), want[1300];

	memset(name, ' ', 513);
	folded.maps = maps;
	folded.names = name;
	folded.reached = 1 << 0 | 1 << 1;
	folded.llen_known = false;
	bench.access.folded = &folded;
	strcpy(want, " rmap=...");
	for (int i = 0; i < 512 / 3; i++)
		strcat(want, "%20");
	strcat(want, ":r--p rshare=1003:24088 vmflags=0x0 src=kernel cut=rmap");
	expect_end(&bench.access, want);
	free(name);
	free_bench(&bench);
}

/* None is written in half. */
static void mappings_of_folded_calls_take_what_is_left(void)
{
	static struct pvm_stride long_serials[50];
	struct bench bench = new_bench(2, 1);
	struct pvm_folded folded = new_folded();
	/* two mappings of 500 bytes of text each, permissions included */
	struct pvm_wire_map maps[] = {
		{0, 0, 495, PVM_MAP_FILE, PVM_MAP_READ, 0, 0, 0},
		{0, 0, 495, PVM_MAP_FILE, PVM_MAP_WRITE, 0, 0, 0},
	};
	char *path = long_token(2046, '\0'), *name = long_token(495, '\0');
	char *word = long_token(600, '\0');
	char want[600];

	for (uint64_t i = 0; i < 50; i++)
		long_serials[i].first = long_serials[i].last =
			UINT64_MAX - 1000 + 2 * i;
	snprintf(want, sizeof(want),
		 " rmap=%s:r--p rshare=1003:24088 llen=26000 vmflags=0x0 "
		 "src=kernel cut=rmap",
		 name);
	bench.syscall->exe = path;
	give_path(bench.capture, path, 0);
	folded.serials = long_serials;
	folded.serials_nr = COUNT(long_serials);
	folded.maps = maps;
	folded.names = name;
	folded.reached = 1 << 0 | 1 << 1;
	bench.access.folded = &folded;
	expect_part(&bench.access, " rel=other bytes=24096 ");
	expect_part(&bench.access, ",4444444444");
	expect_end(&bench.access, " src=kernel");
	bench.syscall->key = bench.syscall->comm = word;
	expect_end(&bench.access, want);
	/* what follows is never cut off */
	folded.spans_joined = true;
	bench.capture->call.flags = UINT64_MAX;
	bench.capture->call.seen |= PVM_SEEN_MAPS;
	for (maps[0].name_len = 495; maps[0].name_len > 95; maps[0].name_len--)
		expect_part(&bench.access,
			    " vmflags=0xffffffffffffffff "
			    "src=kernel why=maps-lost cut=rspan");
	free(word);
	free(name);
	free(path);
	free_bench(&bench);
}

/* With as many serials as the writer says that there is room for. */
static void folded_calls_that_differ_fit_at_their_longest(void)
{
	static const struct pvm_share most[] = {{UINT64_MAX, UINT64_MAX}};
	struct pvm_wire_map map = {0, 0, 512, PVM_MAP_FILE, PVM_MAP_READ,
				   0, 0, 0};
	struct pvm_stride list[64];
	char comms[PVM_COMMS_MAX][PVM_COMM_LEN], want[200];
	struct bench bench = new_bench(2, 1);
	struct pvm_folded folded = new_folded();
	char *path = long_token(4096, '\n'), *word = long_token(600, '\0');
	char *exe = long_token(8192, '\0'), *name = long_token(512, '\0');

	memset(comms, 0xff, sizeof(comms));
	bench.syscall->exe = exe;
	bench.syscall->key = bench.syscall->comm = word;
	give_path(bench.capture, path, 0);
	bench.access.folded = &folded;
	folded.vary =
		UINT64_C(1) << PVM_FIELD_COMM | UINT64_C(1) << PVM_FIELD_OTID |
		UINT64_C(1) << PVM_FIELD_APID | UINT64_C(1) << PVM_FIELD_OCOMM |
		UINT64_C(1) << PVM_FIELD_VMFLAGS;
	folded.comms = comms;
	folded.comms_nr = PVM_COMMS_MAX;
	folded.count = folded.bytes = folded.rlen = folded.llen = UINT64_MAX;
	folded.spans_nr = PVM_SPANS_MAX;
	for (uint64_t i = 0; i < PVM_SPANS_MAX; i++)
		folded.spans[i] = (struct pvm_range){UINT64_MAX - 1000 + 2 * i,
						     UINT64_MAX - 1000 + 2 * i};
	folded.spans_joined = folded.maps_cut = true;
	folded.maps = &map;
	folded.names = name;
	folded.shares = most;
	folded.reached = 1;
	folded.serials = list;
	folded.serials_nr = pvm_record_serials_room(&bench.access) / 21;
	CU_ASSERT_FATAL(folded.serials_nr > 0 && folded.serials_nr < 64);
	for (uint64_t i = 0; i < folded.serials_nr; i++)
		list[i] = (struct pvm_stride){UINT64_MAX - 1000 + i,
					      UINT64_MAX - 1000 + i, 1};
	snprintf(want, sizeof(want),
		 ":r--p rshare=%" PRIu64 ":%" PRIu64 " llen=%" PRIu64
		 " vary=comm,otid,apid,ocomm,vmflags src=kernel "
		 "cut=comms,exe,oexe,rspan,rmap",
		 UINT64_MAX, UINT64_MAX, UINT64_MAX);
	expect_end(&bench.access, want);
	free(path);
	free(word);
	free(exe);
	free(name);
	free_bench(&bench);
}

CU_TestInfo record_tests[] = {
	TEST(folded_calls_that_differ_fit_at_their_longest),
	TEST(mappings_with_one_text_have_their_own_shares),
	TEST(mappings_of_folded_calls_take_what_is_left),
	TEST(lists_of_any_length_are_written_whole_beside_long_names),
	TEST(folded_calls_share_one_record),
	TEST(folded_failures_share_their_errno),
	TEST(folded_calls_say_in_what_they_differ),
	TEST(folded_calls_of_several_threads_name_none),
	TEST(folded_calls_say_what_they_lack),
	TEST(each_kind_of_mapping_is_written),
	TEST(bad_mapping_is_not_guessed),
	TEST(odd_bytes_of_a_path_are_escaped),
	TEST(mappings_are_listed_in_order),
	TEST(mappings_not_looked_up_are_noted_as_cut),
	TEST(mappings_of_unlisted_vectors_are_cut),
	TEST(mapping_that_is_crossed_is_marked),
	TEST(empty_vector_has_no_mapping),
	TEST(lost_mappings_are_written),
	TEST(end_of_a_long_path_is_written),
	TEST(mappings_are_in_the_first_part_alone),
	TEST(list_of_mappings_ends_with_a_whole_one),
	TEST(relation_is_the_closest_that_holds),
	TEST(start_is_in_clock_ticks),
	TEST(programs_have_device_and_inode),
	TEST(program_of_a_target_that_was_not_found_is_nobodys),
	TEST(targets_program_is_written),
	TEST(lost_program_is_written),
	TEST(list_is_cut_where_the_options_say),
	TEST(vectors_of_user_memory_are_marked),
	TEST(cut_program_is_written),
	TEST(full_read_says_it_all),
	TEST(refused_write_names_its_target),
	TEST(no_such_process_leaves_the_argument),
	TEST(call_that_copied_nothing_says_so),
	TEST(missed_core_is_distinguished_from_an_early_end),
	TEST(missed_target_is_written),
	TEST(without_a_capture_the_syscall_is_written),
	TEST(pid_argument_is_a_signed_word),
	TEST(without_a_syscall_record_the_capture_is_written),
	TEST(syscall_record_goes_before_the_capture),
	TEST(several_reasons_are_all_written),
	TEST(thread_ids_are_written_only_where_they_differ),
	TEST(pid_argument_of_another_namespace_is_written),
	TEST(foreign_abi_is_written),
	TEST(unknown_call_is_not_guessed),
	TEST(total_that_no_number_holds_is_left_out),
	TEST(no_vectors_at_all_are_a_length_of_nothing),
	TEST(lost_list_leaves_the_other_side),
	TEST(start_of_a_lost_list_is_written),
	TEST(end_of_a_lost_program_is_written),
	TEST(mapping_whose_name_is_lost_is_written),
	TEST(changed_target_is_written),
	TEST(probes_trouble_is_written),
	TEST(targets_name_is_hex_where_it_would_break_the_line),
	TEST(names_that_the_record_lacks_are_nobody_elses),
	TEST(overlong_program_name_is_cut_to_a_token),
	TEST(longest_lists_go_on_in_further_parts),
	TEST(each_part_has_the_whole_counts),
	TEST(record_can_be_written_again),
	TEST(longest_of_everything_fits),
	TEST(any_number_of_vectors_is_written_whole),
	TEST(success_is_what_the_call_returned),
	TEST(every_field_and_reason_has_been_written),
	CU_TEST_INFO_NULL,
};
