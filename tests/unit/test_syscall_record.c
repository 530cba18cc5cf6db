// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_syscall_record.c - one SYSCALL record's text becomes a struct, or a
 * reason
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "input/syscall_record.h"
#include "unit.h"

/* As auditd 3.0.9 hands it on, log_format = RAW. */
#define RECORD                                                              \
	"type=SYSCALL msg=audit(1795295392.320:12): " READV                 \
	" success=yes exit=4096 a0=90 a1=7ffc7ad7f0c0 a2=1 a3=7ffc7ad7f0d0" \
	" items=0 ppid=140 pid=141 auid=1001 uid=1000 gid=0 euid=0 suid=0"  \
	" fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=7 comm=\"strace\""     \
	" exe=\"/usr/bin/strace\" subj=unconfined key=\"probe\""

/* What log_format = ENRICHED appends. */
#define NAMES                                                           \
	"\x1d"                                                          \
	"ARCH=x86_64 SYSCALL=process_vm_readv AUID=\"joe\" UID=\"joe\"" \
	" GID=\"root\" EUID=\"root\" SUID=\"root\" FSUID=\"root\""      \
	" EGID=\"root\" SGID=\"root\" FSGID=\"root\""

/*
 * Parse @text, which must be classified as a call. Returns NULL and the
 * reason in @why, which is "" otherwise.
 */
static struct pvm_syscall *parse_with(struct pvm_parser *parser,
				      const char *text, const char **why)
{
	struct pvm_line line = unit_line(text);

	*why = "";
	SAME_NUMBER(line.class, PVM_LINE_CALL);
	return pvm_parse_syscall(parser, &line, why);
}

static struct pvm_parser *new_parser(void)
{
	struct pvm_parser *parser = pvm_parser_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(parser);
	return parser;
}

/* All of a record as one line of text, for comparing. */
static void describe(char *text, size_t size, const struct pvm_syscall *call)
{
	snprintf(text, size,
		 "%llu.%03u:%llu op=%s exit=%lld a0=%llx a2=%llx pid=%u "
		 "uid=%u auid=%u node=%s tty=%s comm=%s exe=%s key=%s",
		 (unsigned long long)call->id.sec, call->id.msec,
		 (unsigned long long)call->id.serial, call->type->op,
		 (long long)call->exit, (unsigned long long)call->a0,
		 (unsigned long long)call->a2, call->pid, call->uid, call->auid,
		 call->node, call->tty, call->comm, call->exe, call->key);
}

/* @text gives a record described by @want, or the reason @want. */
static void expect_parsed_by(struct pvm_parser *parser, const char *text,
			     const char *want)
{
	const char *why;
	struct pvm_syscall *call = parse_with(parser, text, &why);
	char shown[1024];

	if (call)
		describe(shown, sizeof(shown), call);
	SAME_TEXT(call ? shown : why, want);
	free(call);
}

static void expect_parsed(const char *text, const char *want)
{
	struct pvm_parser *parser = new_parser();

	expect_parsed_by(parser, text, want);
	pvm_parser_free(parser);
}

#define PARSED_REST \
	" tty=pts0 comm=\"strace\" exe=\"/usr/bin/strace\" key=\"probe\""
#define PARSED_NUMBERS                                                        \
	"1795295392.320:12 op=process_vm_readv exit=4096 a0=90 a2=1 pid=141 " \
	"uid=1000 auid=1001 "
#define PARSED PARSED_NUMBERS "node=" PARSED_REST

static void raw_record_gives_every_field(void)
{
	expect_parsed(RECORD "\n", PARSED);
}

static void enriched_record_gives_the_same(void)
{
	expect_parsed(RECORD NAMES "\n", PARSED);
}

static void node_is_taken_along(void)
{
	expect_parsed("node=web-1.example " RECORD "\n",
		      PARSED_NUMBERS "node=web-1.example" PARSED_REST);
	expect_parsed("node=web-1.example " RECORD NAMES "\n",
		      PARSED_NUMBERS "node=web-1.example" PARSED_REST);
}

static void type_is_the_lines_own(void)
{
	struct pvm_parser *parser = new_parser();
	struct pvm_line line =
		unit_line("type=SYSCALL msg=audit(1.002:3): " WRITEV_32
			  " exit=-1 a0=1 a2=1 pid=1 auid=0 uid=0\n");
	const char *why = "";
	struct pvm_syscall *call = pvm_parse_syscall(parser, &line, &why);

	SAME_TEXT(why, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(call);
	SAME_TEXT(call->type->op, "process_vm_writev");
	SAME_TEXT(call->type->abi, ABI_32);
	free(call);
	pvm_parser_free(parser);
}

/* RECORD with @from replaced by @to, which may be shorter or longer. */
static void change_record(char *text, size_t size, const char *from,
			  const char *to)
{
	const char *at = strstr(RECORD, from);

	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	snprintf(text, size, "%.*s%s%s\n", (int)(at - RECORD), RECORD, to,
		 at + strlen(from));
}

/* The record that has @to in place of @from is not usable because of @why. */
static void expect_unusable(const char *from, const char *to, const char *why)
{
	char text[2048];

	change_record(text, sizeof(text), from, to);
	expect_parsed(text, why);
}

static void record_without_a_mandatory_field_says_which(void)
{
	expect_unusable(" exit=4096", "", "no usable exit=");
	expect_unusable(" a0=90", "", "no usable a0=");
	expect_unusable(" a2=1", "", "no usable a2=");
	expect_unusable(" pid=141", "", "no usable pid=");
	expect_unusable(" auid=1001", "", "no usable auid=");
	expect_unusable(" uid=1000", "", "no usable uid=");
}

static void absurd_number_says_which(void)
{
	static const struct {
		const char *from, *to, *why;
	} cases[] = {
		{"exit=4096", "exit=abc", "no usable exit="},
		{"exit=4096", "exit=", "no usable exit="},
		{"exit=4096", "exit=-", "no usable exit="},
		{"exit=4096", "exit=--1", "no usable exit="},
		{"exit=4096", "exit=+1", "no usable exit="},
		{"exit=4096", "exit=4096x", "no usable exit="},
		{"exit=4096", "exit=0x10", "no usable exit="},
		{"exit=4096", "exit=-9223372036854775808", "no usable exit="},
		{"exit=4096", "exit=-99999999999999999999", "no usable exit="},
		{"exit=4096", "exit=99999999999999999999", "no usable exit="},
		{" pid=141", " pid=-0", "no usable pid="},
		{" auid=1001", " auid=-0", "no usable auid="},
		{" uid=1000", " uid=-0", "no usable uid="},
		{"a0=90", "a0=zz", "no usable a0="},
		{"a0=90", "a0=-1", "no usable a0="},
		{"a0=90", "a0=", "no usable a0="},
		{"a0=90", "a0=9g", "no usable a0="},
		{"a0=90", "a0=0x90", "no usable a0="},
		{"a0=90", "a0=10000000000000000", "no usable a0="},
		{"a2=1", "a2=zz", "no usable a2="},
		{" pid=141", " pid=99999999999", "no usable pid="},
		{" pid=141", " pid=4294967296", "no usable pid="},
		{" pid=141", " pid=-1", "no usable pid="},
		{" pid=141", " pid=8d", "no usable pid="},
		{"auid=1001", "auid=unset", "no usable auid="},
		{"auid=1001", "auid=4294967296", "no usable auid="},
		{" uid=1000", " uid=4294967296", "no usable uid="},
		{" uid=1000", " uid=joe", "no usable uid="},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		expect_unusable(cases[i].from, cases[i].to, cases[i].why);
}

/* Bytes moved that no signed number holds are no error number. */
static void exit_beyond_the_signed_range_is_refused(void)
{
	expect_unusable("exit=4096", "exit=9223372036854775808",
			"no usable exit=");
	expect_unusable("exit=4096", "exit=18446744073709551615",
			"no usable exit=");
}

/* Parse RECORD with @from replaced by @to; it must be usable. */
static struct pvm_syscall *parse_changed(const char *from, const char *to)
{
	struct pvm_parser *parser = new_parser();
	struct pvm_syscall *call;
	const char *why;
	char text[2048];

	change_record(text, sizeof(text), from, to);
	call = parse_with(parser, text, &why);
	SAME_TEXT(why, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(call);
	pvm_parser_free(parser);
	return call;
}

static void exit_is_signed(void)
{
	static const struct {
		const char *text;
		int64_t exit;
	} cases[] = {
		{"exit=0", 0},
		{"exit=-1", -1},
		{"exit=-14", -14},
		{"exit=2147479552", 2147479552},
		{"exit=9223372036854775807", INT64_MAX},
		{"exit=-9223372036854775807", -INT64_MAX},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pvm_syscall *call =
			parse_changed("exit=4096", cases[i].text);

		SAME_NUMBER(call->exit, cases[i].exit);
		free(call);
	}
}

static void numbers_are_taken_up_to_their_limits(void)
{
	struct pvm_syscall *call;

	call = parse_changed("a0=90", "a0=ffffffffffffffff");
	SAME_NUMBER(call->a0, UINT64_MAX);
	free(call);
	call = parse_changed("a0=90", "a0=9aF0");
	SAME_NUMBER(call->a0, 0x9af0);
	free(call);
	call = parse_changed("a2=1", "a2=400");
	SAME_NUMBER(call->a2, 1024);
	free(call);
	call = parse_changed(" pid=141", " pid=4294967295");
	SAME_NUMBER(call->pid, 4294967295);
	free(call);
	call = parse_changed("auid=1001", "auid=4294967295");
	SAME_NUMBER(call->auid, (uint32_t)-1);
	free(call);
	call = parse_changed(" uid=1000", " uid=4294967294");
	SAME_NUMBER(call->uid, 4294967294);
	free(call);
}

/* Put @text in the place of all four tokens; @want is what came of them. */
static void expect_tokens(const char *text, const char *want)
{
	struct pvm_syscall *call =
		parse_changed("tty=pts0 ses=7 comm=\"strace\" "
			      "exe=\"/usr/bin/strace\" subj=unconfined "
			      "key=\"probe\"",
			      text);
	char shown[1024];

	snprintf(shown, sizeof(shown), "%s|%s|%s|%s", call->tty, call->comm,
		 call->exe, call->key);
	SAME_TEXT(shown, want);
	free(call);
}

static void tokens_are_kept_as_they_stand(void)
{
	static const char all[] = "tty=(none) comm=67646220 "
				  "exe=2F746D702F6120 key=\"a\"";

	expect_tokens(all, "(none)|67646220|2F746D702F6120|\"a\"");
	expect_tokens("tty=pts1 comm=\"\" exe=\"/a=b'c\" key=6B20",
		      "pts1|\"\"|\"/a=b'c\"|6B20");
	expect_tokens("tty=/dev/tty1 comm=\"!~\" exe=2F key=\"a,b\"",
		      "/dev/tty1|\"!~\"|2F|\"a,b\"");
}

/* A rule with -k a -k b: audit puts 0x01 between its keys. */
static void several_keys_of_a_rule_are_kept_together(void)
{
	expect_tokens("tty=pts0 comm=\"c\" exe=\"/c\" key=610162",
		      "pts0|\"c\"|\"/c\"|610162");
}

static void missing_or_null_token_is_empty(void)
{
	expect_tokens("subj=unconfined", "|||");
	expect_tokens("tty= comm= exe= key=", "|||");
	expect_tokens("tty=pts0 comm=(null) exe=(null) key=(null)", "pts0|||");
}

/* Whatever would break the line that the token is copied into. */
static void token_that_is_none_is_left_out(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"tty=pts0 comm=\"a b\" exe=\"/a\" key=\"k\"",
		 "pts0||\"/a\"|\"k\""},
		{"tty=pts0 comm=\"a\" exe=\"/a b\" key=\"k\"",
		 "pts0|\"a\"||\"k\""},
		{"tty=pts0 comm=\"a\tb\" exe=\"/a\" key=\"k\"",
		 "pts0||\"/a\"|\"k\""},
		{"tty=pts0 comm=\"a\" exe=\"/\x01\" key=\"k\"",
		 "pts0|\"a\"||\"k\""},
		{"tty=pts0 comm=\"a\" exe=\"/\x7f\" key=\"\xc3\xa4\"",
		 "pts0|\"a\"||"},
		{"tty=pts0 comm=\"a\"b\" exe=\"/a key=k\"", "pts0|||"},
		{"tty=pts0 comm=\"a exe=\" key=\"", "pts0|||"},
		{"tty=pts0 comm=gdb exe=/a key=k", "pts0|||"},
		/* an odd number of digits; something else among them */
		{"tty=pts0 comm=676 exe=2F7G key=-1", "pts0|||"},
		{"tty=a\"b comm=\"a\" exe=\"/a\" key=\"k\"",
		 "|\"a\"|\"/a\"|\"k\""},
		{"tty=a=b comm=\"a\" exe=\"/a\" key=\"k\"",
		 "|\"a\"|\"/a\"|\"k\""},
		{"tty=a'b comm=\"a\" exe=\"/a\" key=\"k\"",
		 "|\"a\"|\"/a\"|\"k\""},
		{"tty=a\x01"
		 "b comm=\"a\" exe=\"/a\" key=\"k\"",
		 "|\"a\"|\"/a\"|\"k\""},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		expect_tokens(cases[i].text, cases[i].want);
}

static void first_of_two_fields_counts(void)
{
	expect_parsed(RECORD " exit=1 a0=1 a2=2 pid=1 auid=1 uid=1 tty=x "
			     "comm=\"x\" exe=\"/x\" key=\"x\"\n",
		      PARSED);
}

static void second_of_two_fields_does_not_mend_the_first(void)
{
	struct pvm_syscall *call;

	expect_unusable(" pid=141", " pid=abc pid=141", "no usable pid=");
	expect_unusable("exit=4096", "exit=abc exit=1", "no usable exit=");
	call = parse_changed("comm=\"strace\"", "comm=x comm=\"strace\"");
	SAME_TEXT(call->comm, "");
	free(call);
}

static void long_tokens_are_taken_whole(void)
{
	static const char head[] = "type=SYSCALL msg=audit(1.002:3): " READV
				   " exit=1 a0=1 a2=1 pid=1 auid=0 uid=0 exe=";
	struct pvm_parser *parser = new_parser();
	char *text = malloc(sizeof(head) + 8192 + 1);
	struct pvm_syscall *call;
	const char *why;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	memcpy(text, head, sizeof(head) - 1);
	memset(text + sizeof(head) - 1, '4', 8192);
	memcpy(text + sizeof(head) - 1 + 8192, "\n", 2);
	call = parse_with(parser, text, &why);
	SAME_TEXT(why, "");
	CU_ASSERT_PTR_NOT_NULL_FATAL(call);
	SAME_NUMBER(strlen(call->exe), 8192);
	SAME_NUMBER(strspn(call->exe, "4"), 8192);
	free(call);
	free(text);
	pvm_parser_free(parser);
}

static void parser_goes_on_after_a_bad_line(void)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"type=SYSCALL msg=audit(1.002:3): " READV " \n",
		 "no usable exit="},
		{"type=SYSCALL msg=audit(1.002:3): " READV " exit=1\n",
		 "no usable a0="},
		{"type=SYSCALL msg=audit(1795295392.320:12): " READV " \n",
		 "no usable exit="},
		{"type=SYSCALL msg=audit(1.002:3): " READV " ===\n",
		 "no usable exit="},
	};
	struct pvm_parser *parser = new_parser();

	for (size_t i = 0; i < COUNT(bad); i++) {
		expect_parsed_by(parser, bad[i].text, bad[i].why);
		expect_parsed_by(parser, RECORD "\n", PARSED);
	}
	pvm_parser_free(parser);
}

/* Bytes that the process has resident. */
static long resident(void)
{
	FILE *file = fopen("/proc/self/statm", "r");
	long pages = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	SAME_NUMBER(fscanf(file, "%*s %ld", &pages), 1);
	fclose(file);
	return pages * sysconf(_SC_PAGESIZE);
}

/*
 * libauparse 3.0.9 loses 1152 bytes a line on the last one, as long as it sees
 * all of it. Under a sanitizer, which keeps freed memory, this is LSan's to
 * report.
 */
static void damaged_lines_take_no_memory(void)
{
	static const char *const damaged[] = {
		"type=SYSCALL msg=audit(): " READV " a0=1\n",
		"type=SYSCALL msg=audit(1.002:3): " READV " ===\n",
		"type=SYSCALL msg=audit(1.002:3): " READV " exit=1" NAMES "\n",
		"node=\x1d type=SYSCALL msg=audit(1.002:3): " READV "\n",
	};
	struct pvm_parser *parser = new_parser();
	long before = 0;

	for (int i = 0; i < 101000; i++) {
		struct pvm_line line = unit_line(damaged[i % COUNT(damaged)]);
		const char *why;

		if (i == 1000)
			before = resident();
		if (line.class == PVM_LINE_CALL &&
		    pvm_parse_syscall(parser, &line, &why))
			CU_FAIL("a damaged line is no record");
	}
	CU_ASSERT(UNIT_SANITIZED || resident() - before < 1 << 20);
	pvm_parser_free(parser);
}

static void hundred_records_in_a_row_are_each_their_own(void)
{
	struct pvm_parser *parser = new_parser();

	for (unsigned int i = 0; i < 100; i++) {
		char text[256], want[256];

		snprintf(text, sizeof(text),
			 "type=SYSCALL msg=audit(1795295392.%03u:%u): " READV
			 " exit=-%u a0=%x a2=1 pid=%u auid=0 uid=%u "
			 "comm=\"c%u\"\n",
			 i, 1000 + i, i, i, i, i, i);
		snprintf(want, sizeof(want),
			 "1795295392.%03u:%u op=process_vm_readv exit=%s%u "
			 "a0=%x a2=1 pid=%u uid=%u auid=0 node= tty= "
			 "comm=\"c%u\" exe= key=",
			 i, 1000 + i, i ? "-" : "", i, i, i, i, i);
		expect_parsed_by(parser, text, want);
	}
	pvm_parser_free(parser);
}

static void same_record_twice_is_parsed_twice(void)
{
	struct pvm_parser *parser = new_parser();

	expect_parsed_by(parser, RECORD "\n", PARSED);
	expect_parsed_by(parser, RECORD "\n", PARSED);
	pvm_parser_free(parser);
}

/* The record must outlive both. */
static void record_does_not_borrow_from_line_or_parser(void)
{
	struct pvm_parser *parser = new_parser();
	char *text = strdup("node=web-1 " RECORD "\n");
	struct pvm_syscall *call;
	char shown[1024];
	const char *why;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	call = parse_with(parser, text, &why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(call);
	memset(text, 'x', strlen(text));
	free(text);
	expect_parsed_by(parser, RECORD "\n", PARSED);
	pvm_parser_free(parser);
	describe(shown, sizeof(shown), call);
	SAME_TEXT(shown, PARSED_NUMBERS "node=web-1" PARSED_REST);
	free(call);
}

static void freeing_no_parser_is_allowed(void)
{
	pvm_parser_free(NULL);
}

CU_TestInfo syscall_record_tests[] = {
	TEST(raw_record_gives_every_field),
	TEST(enriched_record_gives_the_same),
	TEST(node_is_taken_along),
	TEST(type_is_the_lines_own),
	TEST(record_without_a_mandatory_field_says_which),
	TEST(absurd_number_says_which),
	TEST(exit_beyond_the_signed_range_is_refused),
	TEST(exit_is_signed),
	TEST(numbers_are_taken_up_to_their_limits),
	TEST(tokens_are_kept_as_they_stand),
	TEST(several_keys_of_a_rule_are_kept_together),
	TEST(missing_or_null_token_is_empty),
	TEST(token_that_is_none_is_left_out),
	TEST(first_of_two_fields_counts),
	TEST(second_of_two_fields_does_not_mend_the_first),
	TEST(long_tokens_are_taken_whole),
	TEST(parser_goes_on_after_a_bad_line),
	TEST(damaged_lines_take_no_memory),
	TEST(hundred_records_in_a_row_are_each_their_own),
	TEST(same_record_twice_is_parsed_twice),
	TEST(record_does_not_borrow_from_line_or_parser),
	TEST(freeing_no_parser_is_allowed),
	CU_TEST_INFO_NULL,
};
