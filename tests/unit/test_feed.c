// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_feed.c - the stream's bytes become lines, each of the right class
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "unit.h"

#define ID "msg=audit(1795288457.412:43): "

/* What a feed has told, one "class length[ node][ op]" a line. */
struct heard {
	struct pvm_feed feed;
	char told[4096];
	size_t used;
};

static const char *const class_names[] = {
	[PVM_LINE_OTHER] = "other", [PVM_LINE_CALL] = "call",
	[PVM_LINE_USER] = "user",   [PVM_LINE_GARBAGE] = "garbage",
	[PVM_LINE_NUL] = "nul",	    [PVM_LINE_OVERLONG] = "overlong",
	[PVM_LINE_CUT] = "cut",
};

static void hear(void *arg, const struct pvm_line *line)
{
	struct heard *heard = arg;
	size_t room = sizeof(heard->told) - heard->used;
	int n;

	if (line->class == PVM_LINE_OVERLONG) {
		n = snprintf(heard->told + heard->used, room, "overlong\n");
	} else {
		n = snprintf(heard->told + heard->used, room,
			     "%s %zu%s%.*s%s%s\n", class_names[line->class],
			     line->len, line->node_len ? " " : "",
			     (int)line->node_len,
			     line->node_len ? line->node : "",
			     line->type ? " " : "",
			     line->type ? line->type->op : "");
	}
	if (n > 0 && (size_t)n < room)
		heard->used += (size_t)n;
	if (line->class != PVM_LINE_CUT)
		CU_ASSERT_EQUAL(line->text[line->len - 1], '\n');
	CU_ASSERT_PTR_NOT_NULL(line->node);
}

static struct heard *start_hearing(void)
{
	struct heard *heard = calloc(1, sizeof(*heard));

	CU_ASSERT_PTR_NOT_NULL_FATAL(heard);
	pvm_feed_init(&heard->feed, hear, heard);
	return heard;
}

/* Feed @len bytes of @text in pieces of @chunk (at most a pipe's room). */
static void feed_chunks(struct heard *heard, const char *text, size_t len,
			size_t chunk)
{
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	while (len) {
		size_t n = len < chunk ? len : chunk;

		SAME_NUMBER(write(fds[1], text, n), n);
		SAME_NUMBER(pvm_feed_read(&heard->feed, fds[0]), n);
		pvm_feed_lines(&heard->feed);
		text += n;
		len -= n;
	}
	close(fds[0]);
	close(fds[1]);
}

/* Feed it from a file, as much at a time as the feed itself takes. */
static void feed_whole(struct heard *heard, const char *text, size_t len)
{
	FILE *file = tmpfile();

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	SAME_NUMBER(fwrite(text, 1, len, file), len);
	rewind(file);
	while (pvm_feed_read(&heard->feed, fileno(file)) > 0)
		pvm_feed_lines(&heard->feed);
	fclose(file);
}

/* All that is told of @text, in pieces of @chunk; 0: as much as there is. */
static void expect_told(const char *text, size_t len, size_t chunk,
			const char *want)
{
	struct heard *heard = start_hearing();

	if (chunk)
		feed_chunks(heard, text, len, chunk);
	else
		feed_whole(heard, text, len);
	pvm_feed_end(&heard->feed);
	SAME_TEXT(heard->told, want);
	free(heard);
}

static void expect_told_in_any_pieces(const char *text, size_t len,
				      const char *want)
{
	static const size_t chunks[] = {1, 2, 3, 7, 4096, 0};

	for (size_t i = 0; i < COUNT(chunks); i++)
		expect_told(text, len, chunks[i], want);
}

static const char mixed[] =
	"type=SYSCALL " ID READV " success=yes exit=24\n"
	"node=web-1 type=SYSCALL " ID WRITEV " success=no exit=-1\n"
	"type=PROCTITLE " ID "proctitle=\"gdb\"\n"
	"\n"
	"type=USER " ID "pid=99 uid=0 msg='op=process_vm_readv'\n"
	"node=web-1 type=EOE " ID "\n"
	"hello\n"
	"type=SYSCALL " ID READV " a\0b\n"
	"type=SYSCALL " ID READV " key=\"k\"\x1d"
	"ARCH=x86_64\n"
	"type=SYSCALL " ID READV;

static const char mixed_told[] = "call 89 process_vm_readv\n"
				 "call 99 web-1 process_vm_writev\n"
				 "other 61\n"
				 "garbage 1\n"
				 "user 79\n"
				 "other 51 web-1\n"
				 "garbage 6\n"
				 "nul 73 process_vm_readv\n"
				 "call 89 process_vm_readv\n"
				 "cut 68\n";

static void stream_cut_into_any_pieces_gives_the_same_lines(void)
{
	expect_told_in_any_pieces(mixed, sizeof(mixed) - 1, mixed_told);
}

static void lines_wait_until_asked_for(void)
{
	struct heard *heard = start_hearing();
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	SAME_NUMBER(write(fds[1], "a\nb\nc", 5), 5);
	SAME_NUMBER(pvm_feed_read(&heard->feed, fds[0]), 5);
	SAME_TEXT(heard->told, "");
	pvm_feed_lines(&heard->feed);
	SAME_TEXT(heard->told, "garbage 2\ngarbage 2\n");
	pvm_feed_lines(&heard->feed);
	SAME_TEXT(heard->told, "garbage 2\ngarbage 2\n");
	close(fds[0]);
	close(fds[1]);
	free(heard);
}

static void read_tells_end_and_errors(void)
{
	struct heard *heard = start_hearing();
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	SAME_NUMBER(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
	SAME_NUMBER(pvm_feed_read(&heard->feed, fds[0]), -EAGAIN);
	close(fds[1]);
	SAME_NUMBER(pvm_feed_read(&heard->feed, fds[0]), 0);
	close(fds[0]);
	SAME_NUMBER(pvm_feed_read(&heard->feed, -1), -EBADF);
	free(heard);
}

/* A line's class by its text alone. */
static const struct {
	const char *text;
	enum pvm_line_class class;
} class_cases[] = {
	{"type=SYSCALL " ID READV "\n", PVM_LINE_CALL},
	{"type=SYSCALL " ID WRITEV " a\n", PVM_LINE_CALL},
	{"type=SYSCALL " ID READV_32 " a\n", PVM_LINE_CALL},
	{"type=SYSCALL " ID WRITEV_32 " a\n", PVM_LINE_CALL},
	{"node=a.b type=SYSCALL " ID READV " a\n", PVM_LINE_CALL},

	/* other calls */
	{"type=SYSCALL " ID OTHER_32 " a\n", PVM_LINE_OTHER},
	{"type=SYSCALL " ID READV "0 a\n", PVM_LINE_OTHER},
	{"type=SYSCALL " ID "arch=c000003e syscall=44 a\n", PVM_LINE_OTHER},
	{"type=SYSCALL " ID "arch=c000003e syscall=347 a\n", PVM_LINE_OTHER},
	{"type=SYSCALL " ID "arch=c000003e syscall=348 a\n", PVM_LINE_OTHER},
	{"type=SYSCALL " ID "arch=80000016 syscall=310 a\n", PVM_LINE_OTHER},
	/* x32's 539 and 540, with its bit in the number */
	{"type=SYSCALL " ID "arch=c000003e syscall=1073742363 a\n",
	 PVM_LINE_OTHER},
	{"type=SYSCALL " ID "arch=c000003e syscall=1073742364 a\n",
	 PVM_LINE_OTHER},
	{"type=SYSCALL " ID "arch=c000003e syscall=539 a\n", PVM_LINE_OTHER},

	/* a number without its architecture, and other nonsense */
	{"type=SYSCALL " ID "syscall=310 a\n", PVM_LINE_OTHER},
	{"type=SYSCALL " ID "per=400000 syscall=310 a\n", PVM_LINE_OTHER},
	{"type=SYSCALL " ID "arch=c000003e a\n", PVM_LINE_OTHER},
	{"type=SYSCALL " ID "arch= syscall=310 a\n", PVM_LINE_OTHER},
	{"type=SYSCALL " ID "arch=\n", PVM_LINE_OTHER},
	{"type=SYSCALL " ID "arch=c000003e syscall=\n", PVM_LINE_OTHER},
	{"type=SYSCALL " ID "\n", PVM_LINE_OTHER},
	{"type=SYSCALL " ID "arch=c000003e syscall= 310 a\n", PVM_LINE_OTHER},
	{"type=SYSCALL " ID "arch=c000003e syscall=-310 a\n", PVM_LINE_OTHER},
	{"type=SYSCALL " ID "arch=c000003e syscall=+310 a\n", PVM_LINE_OTHER},
	{"type=SYSCALL " ID READV "x a\n", PVM_LINE_OTHER},
	/* 310 and the architecture, each with 2^32 added */
	{"type=SYSCALL " ID "arch=c000003e syscall=4294967606 a\n",
	 PVM_LINE_OTHER},
	{"type=SYSCALL " ID "arch=1c000003e syscall=310 a\n", PVM_LINE_OTHER},
	{"type=SYSCALL " ID "arch=c000003e syscall=99999999999999999999 a\n",
	 PVM_LINE_OTHER},
	{"type=SYSCALL " ID "arch=c000003e  syscall=310 a\n", PVM_LINE_OTHER},

	/* other records */
	{"type=CWD " ID "cwd=\"/\"\n", PVM_LINE_OTHER},
	{"type=SYSCALLS " ID READV "\n", PVM_LINE_OTHER},
	{"type=USER_AUTH " ID "pid=1\n", PVM_LINE_OTHER},
	{"type=UNKNOWN[1420] " ID "\n", PVM_LINE_OTHER},
	{"type=\n", PVM_LINE_OTHER},

	{"type=USER " ID "pid=1 msg='a'\n", PVM_LINE_USER},
	{"type=TRUSTED_APP " ID "pid=1 msg='a'\n", PVM_LINE_USER},
	{"node=x type=TRUSTED_APP " ID "pid=1\n", PVM_LINE_USER},

	/* not a record */
	{"\n", PVM_LINE_GARBAGE},
	{" \n", PVM_LINE_GARBAGE},
	{"typ\n", PVM_LINE_GARBAGE},
	{"TYPE=SYSCALL " ID READV "\n", PVM_LINE_GARBAGE},
	{" type=SYSCALL " ID READV "\n", PVM_LINE_GARBAGE},
	{"node=x\n", PVM_LINE_GARBAGE},
	{"node=\n", PVM_LINE_GARBAGE},
	{"node=x \n", PVM_LINE_GARBAGE},
	{"node=a node=b type=SYSCALL " ID READV "\n", PVM_LINE_GARBAGE},
	{"type=SYSCALL \n", PVM_LINE_GARBAGE},
	{"type=SYSCALL " READV "\n", PVM_LINE_GARBAGE},
	{"type=SYSCALL msg=audit(1795288457.412:43\n", PVM_LINE_GARBAGE},
	{"type=SYSCALL msg=audit(1795288457.412:43) " READV "\n",
	 PVM_LINE_GARBAGE},
	{"type=USER msg=audit(1795288457.412:43):pid=1\n", PVM_LINE_GARBAGE},
	{"type=USER msg='op=a'\n", PVM_LINE_GARBAGE},
};

/* The class of @text, with nothing readable behind its newline. */
static enum pvm_line_class class_alone(const char *text)
{
	struct pvm_line line = {.len = strlen(text)};
	char *copy = malloc(line.len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	memcpy(copy, text, line.len);
	line.text = copy;
	pvm_line_classify(&line);
	CU_ASSERT_EQUAL(line.type != NULL, line.class == PVM_LINE_CALL);
	free(copy);
	return line.class;
}

static void lines_are_told_apart_by_their_text(void)
{
	for (size_t i = 0; i < COUNT(class_cases); i++)
		if (class_alone(class_cases[i].text) != class_cases[i].class)
			SAME_TEXT(class_cases[i].text,
				  class_names[class_cases[i].class]);
}

static void call_is_known_by_architecture_and_number(void)
{
	static const struct {
		const char *text, *op, *abi;
	} cases[] = {
		{READV, "process_vm_readv", NULL},
		{WRITEV, "process_vm_writev", NULL},
		{READV_32, "process_vm_readv", ABI_32},
		{WRITEV_32, "process_vm_writev", ABI_32},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[128];
		struct pvm_line line;

		snprintf(text, sizeof(text), "type=SYSCALL " ID "%s a0=1\n",
			 cases[i].text);
		line = unit_line(text);
		CU_ASSERT_PTR_NOT_NULL_FATAL(line.type);
		SAME_TEXT(line.type->op, cases[i].op);
		if (cases[i].abi)
			SAME_TEXT(line.type->abi, cases[i].abi);
		else
			CU_ASSERT_PTR_NULL(line.type->abi);
	}
}

static void call_number_without_its_architecture_is_none(void)
{
	CU_ASSERT_PTR_NULL(pvm_call_type(0, READV_NR));
	CU_ASSERT_PTR_NULL(pvm_call_type(ARCH_32, READV_NR));
	CU_ASSERT_PTR_NULL(pvm_call_type(ARCH, WRITEV_32_NR));
	CU_ASSERT_PTR_NULL(pvm_call_type(ARCH, 0x40000000 + 539));
	CU_ASSERT_PTR_NULL(pvm_call_type(ARCH, READV_NR - 1));
	CU_ASSERT_PTR_NULL(pvm_call_type(ARCH, READV_NR + 2));
}

/* strtoul() steps over white space, and a newline is some. */
static void number_is_never_read_from_the_next_line(void)
{
	static const char text[] = "type=SYSCALL " ID "arch=\n"
				   "c000003e syscall=310 a0=1\n"
				   "type=SYSCALL " ID "arch=c000003e syscall=\n"
				   "310 a0=1\n";

	expect_told(text, sizeof(text) - 1, 0,
		    "other 49\n"
		    "garbage 26\n"
		    "other 66\n"
		    "garbage 9\n");
}

static void number_starts_with_a_digit(void)
{
	static const char *const texts[] = {
		"type=SYSCALL " ID "arch=c000003e syscall=\t310 a\n",
		"type=SYSCALL " ID "arch=c000003e syscall=\v310 a\n",
		"type=SYSCALL " ID "arch=\rc000003e syscall=310 a\n",
		"type=SYSCALL " ID "arch=\f" READV " a\n",
		"type=SYSCALL " ID "arch=0xc000003e syscall=310 a\n",
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		SAME_NUMBER(unit_line(texts[i]).class, PVM_LINE_OTHER);
}

static void node_and_body_point_into_the_text(void)
{
	static const struct {
		const char *text, *node, *body;
	} cases[] = {
		{"type=SYSCALL " ID READV " a0=1\n", "", READV " a0=1\n"},
		{"node=web-1 type=SYSCALL " ID READV " a0=1\n", "web-1",
		 READV " a0=1\n"},
		{"node=10.0.0.7 type=USER " ID "pid=1 msg='(b): '\n",
		 "10.0.0.7", "pid=1 msg='(b): '\n"},
		{"type=TRUSTED_APP " ID "\n", "", "\n"},
		{"node= type=USER " ID "pid=1\n", "", "pid=1\n"},
		{"node=n type=CWD " ID "cwd=\"/\"\n", "n", NULL},
		{"node=x\n", "", NULL},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pvm_line line = unit_line(cases[i].text);
		char node[32];

		snprintf(node, sizeof(node), "%.*s", (int)line.node_len,
			 line.node);
		SAME_TEXT(node, cases[i].node);
		CU_ASSERT(line.body >= line.text &&
			  line.body <= line.text + line.len);
		if (cases[i].body)
			SAME_TEXT(line.body, cases[i].body);
	}
}

/* "trailing" or ""; NULL: the number is none of the kernel's. */
static const struct {
	const char *text, *want;
} number_cases[] = {
	{"type=SYSCALL " ID READV " a\n", ""},
	{"type=SYSCALL " ID "arch=c000003e syscall=44 a\n", ""},
	{"node=web-1 type=CWD " ID "cwd=\"/\"\n", ""},
	{"type=USER " ID "pid=1\n", ""},
	{"type=USER_LOGIN " ID "pid=1\n", ""},
	{"type=UNKNOWN[1337] " ID "x\n", ""},
	{"type=DAEMON " ID "x\n", ""},
	{"type=PROCTITLE " ID "proctitle=\"a\"\n", "trailing"},
	{"node=web-1 type=EOE " ID "\n", "trailing"},
	{"type=EOE msg=audit(1795288457.412:43):\n", "trailing"},

	/* auditd counts its own events */
	{"type=DAEMON_START " ID "op=start\n", NULL},
	{"node=web-1 type=DAEMON_END " ID "op=terminate\n", NULL},
	/* no id, or none that can be */
	{"type=CWD cwd=\"/\"\n", NULL},
	{"type=CWD msg=audit(1795288457.412:43)\n", NULL},
	{"type=CWD msg=audit(1795288457.412:): \n", NULL},
	{"type=CWD msg=audit(1795288457.1000:43): \n", NULL},
	{"type=CWD msg=audit(1795288457.:43): \n", NULL},
	{"type=CWD msg=audit(.412:43): \n", NULL},
	{"type=CWD msg=audit(1795288457.412:4294967296): \n", NULL},
	{"type=CWD msg=audit(1795288457.412:-43): \n", NULL},
	{"type=CWD msg=audit(100000000000000000000.412:43): \n", NULL},
	{"type=SYSCALL " ID "\n", ""},
	{"type=SYSCALL msg=audit(1795288457.412:43):\n", NULL},
	{"type=USER msg=audit(1795288457.412:x): pid=1\n", NULL},
	{"hello\n", NULL},
	{"type=CWD\n", NULL},
};

static void kernels_events_are_known_by_their_number(void)
{
	for (size_t i = 0; i < COUNT(number_cases); i++) {
		struct pvm_line line = unit_line(number_cases[i].text);
		const char *want = number_cases[i].want;

		if (line.numbered != (want != NULL))
			SAME_TEXT(number_cases[i].text,
				  line.numbered ? "unnumbered" : "numbered");
		if (!want)
			continue;
		SAME_TEXT(line.trailing ? "trailing" : "", want);
		SAME_NUMBER(line.id.sec, 1795288457);
		SAME_NUMBER(line.id.msec, 412);
		SAME_NUMBER(line.id.serial, 43);
	}
}

static void greatest_number_is_taken(void)
{
	struct pvm_line line = unit_line(
		"type=CWD msg=audit(9999999999999999999.999:4294967295): \n");

	CU_ASSERT_TRUE(line.numbered);
	SAME_NUMBER(line.id.sec, 9999999999999999999u);
	SAME_NUMBER(line.id.msec, 999);
	SAME_NUMBER(line.id.serial, 4294967295);
}

/* A call's record with a NUL byte in it is lost, but known. */
static void number_of_a_line_with_a_nul_is_known(void)
{
	static const char text[] = "type=SYSCALL " ID READV " a\0b\n";
	struct pvm_line line = {.text = text, .len = sizeof(text) - 1};

	pvm_line_classify(&line);
	SAME_NUMBER(line.class, PVM_LINE_NUL);
	CU_ASSERT_TRUE(line.numbered);
	SAME_NUMBER(line.id.serial, 43);
}

static void nul_matters_only_in_lines_of_concern(void)
{
	static const char text[] =
		"type=SYSCALL " ID READV " a\0b\n"
		"type=USER " ID "pid=1\0\n"
		"type=CWD " ID "cwd=\"\0\"\n"
		"type=SYSCALL " ID "arch=c000003e syscall=1 \0\n"
		"\0\n"
		"type=SYSCALL " ID READV " a\n";

	expect_told_in_any_pieces(text, sizeof(text) - 1,
				  "nul 73 process_vm_readv\n"
				  "nul 47\n"
				  "other 47\n"
				  "other 69\n"
				  "garbage 2\n"
				  "call 71 process_vm_readv\n");
}

/* @len bytes, the newline among them: a record of ours, padded. */
static char *padded_line(const char *start, size_t len)
{
	char *text = malloc(len + 1);

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	memset(text, 'x', len);
	memcpy(text, start, strlen(start));
	text[len - 1] = '\n';
	text[len] = '\0';
	return text;
}

#define GOOD "type=SYSCALL " ID READV " a0=1\n"
#define GOOD_TOLD "call 74 process_vm_readv\n"

/* A line of @len bytes, then a good one. */
static void expect_told_of_length(size_t len, const char *want)
{
	static const size_t chunks[] = {1, 7, 4096, 0};
	char *text = padded_line("type=SYSCALL " ID READV " ",
				 len + sizeof(GOOD) - 1);

	text[len - 1] = '\n';
	memcpy(text + len, GOOD, sizeof(GOOD));
	for (size_t i = 0; i < COUNT(chunks); i++)
		expect_told(text, strlen(text), chunks[i], want);
	free(text);
}

static void longest_line_is_taken_and_next_too(void)
{
	SAME_NUMBER(PVM_LINE_MAX, 32768);
	expect_told_of_length(PVM_LINE_MAX,
			      "call 32768 process_vm_readv\n" GOOD_TOLD);
}

static void overlong_line_is_told_and_next_is_handled(void)
{
	static const size_t lens[] = {
		PVM_LINE_MAX + 1,     PVM_LINE_MAX + 2,	    65535,
		2 * PVM_LINE_MAX,     2 * PVM_LINE_MAX + 1, 3 * PVM_LINE_MAX,
		3 * PVM_LINE_MAX + 1, 200 * 1024,
	};

	for (size_t i = 0; i < COUNT(lens); i++)
		expect_told_of_length(lens[i], "overlong\n" GOOD_TOLD);
}

static void overlong_lines_in_a_row_are_told_one_by_one(void)
{
	char *text = padded_line("type=", 200 * 1024);

	text[40000] = '\n';
	text[80000] = '\n';
	text[80010] = '\n';
	expect_told(text, strlen(text), 4096,
		    "overlong\noverlong\ngarbage 10\noverlong\n");
	free(text);
}

static void end_of_stream_behind_a_line_is_no_cut(void)
{
	expect_told_in_any_pieces(GOOD, sizeof(GOOD) - 1, GOOD_TOLD);
	expect_told("", 0, 0, "");
}

static void end_of_stream_in_a_line_is_told(void)
{
	expect_told_in_any_pieces(GOOD "type=SYS", sizeof(GOOD) - 1 + 8,
				  GOOD_TOLD "cut 8\n");
	expect_told_in_any_pieces("x", 1, "cut 1\n");
}

static void cut_is_told_once(void)
{
	struct heard *heard = start_hearing();

	feed_chunks(heard, "type", 4, 4);
	pvm_feed_end(&heard->feed);
	pvm_feed_end(&heard->feed);
	SAME_TEXT(heard->told, "cut 4\n");
	free(heard);
}

/* The stream ends within an overlong line; how much is told is free. */
static void end_of_stream_in_an_overlong_line_is_told(void)
{
	/* as many bytes as fill the buffer, one more, and many */
	static const size_t lens[] = {PVM_LINE_MAX + 1, 2 * PVM_LINE_MAX,
				      2 * PVM_LINE_MAX + 1, 200 * 1024};

	for (size_t i = 0; i < COUNT(lens); i++) {
		char *text = padded_line("type=", lens[i] + 1);
		struct heard *heard = start_hearing();

		feed_chunks(heard, text, lens[i], 4096);
		pvm_feed_end(&heard->feed);
		CU_ASSERT_NSTRING_EQUAL(heard->told, "cut ", 4);
		CU_ASSERT_PTR_EQUAL(strchr(heard->told, '\n'),
				    heard->told + heard->used - 1);
		free(heard);
		free(text);
	}
}

CU_TestInfo feed_tests[] = {
	TEST(stream_cut_into_any_pieces_gives_the_same_lines),
	TEST(lines_wait_until_asked_for),
	TEST(read_tells_end_and_errors),
	TEST(lines_are_told_apart_by_their_text),
	TEST(call_is_known_by_architecture_and_number),
	TEST(call_number_without_its_architecture_is_none),
	TEST(number_is_never_read_from_the_next_line),
	TEST(number_starts_with_a_digit),
	TEST(node_and_body_point_into_the_text),
	TEST(kernels_events_are_known_by_their_number),
	TEST(greatest_number_is_taken),
	TEST(number_of_a_line_with_a_nul_is_known),
	TEST(nul_matters_only_in_lines_of_concern),
	TEST(longest_line_is_taken_and_next_too),
	TEST(overlong_line_is_told_and_next_is_handled),
	TEST(overlong_lines_in_a_row_are_told_one_by_one),
	TEST(end_of_stream_behind_a_line_is_no_cut),
	TEST(end_of_stream_in_a_line_is_told),
	TEST(cut_is_told_once),
	TEST(end_of_stream_in_an_overlong_line_is_told),
	CU_TEST_INFO_NULL,
};
