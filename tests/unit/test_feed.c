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

#include "input/feed.h"
#include "unit.h"

#define ID "msg=audit(1795288457.412:43): "

/* What a feed has handed on, one "class length[ node][ op]" a line. */
struct heard {
	struct pvm_feed feed;
	char lines[4096];
	size_t used;
};

static const char *const class_names[] = {
	[PVM_LINE_OTHER] = "other",
	[PVM_LINE_CALL] = "call",
	[PVM_LINE_MESSAGE] = "message",
	[PVM_LINE_BAD_MESSAGE] = "bad message",
	[PVM_LINE_GARBAGE] = "garbage",
	[PVM_LINE_NUL] = "nul",
	[PVM_LINE_OVERLONG] = "overlong",
	[PVM_LINE_CUT] = "cut",
};

static void hear(void *arg, const struct pvm_line *line)
{
	struct heard *heard = arg;
	size_t room = sizeof(heard->lines) - heard->used;
	int n;

	if (line->class == PVM_LINE_OVERLONG) {
		n = snprintf(heard->lines + heard->used, room, "overlong\n");
	} else {
		n = snprintf(heard->lines + heard->used, room,
			     "%s %zu%s%.*s%s%s\n", class_names[line->class],
			     line->text.len, line->node.len ? " " : "",
			     (int)line->node.len, line->node.at,
			     line->type ? " " : "",
			     line->type ? line->type->op : "");
	}
	if (n > 0 && (size_t)n < room)
		heard->used += (size_t)n;
	CU_ASSERT_PTR_NULL(memchr(line->text.at, '\n', line->text.len));
	CU_ASSERT_PTR_NOT_NULL(line->node.at);
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

/* All lines of @text, in pieces of @chunk; 0: as much as there is. */
static void expect_lines(const char *text, size_t len, size_t chunk,
			 const char *want)
{
	struct heard *heard = start_hearing();

	if (chunk)
		feed_chunks(heard, text, len, chunk);
	else
		feed_whole(heard, text, len);
	pvm_feed_end(&heard->feed);
	SAME_TEXT(heard->lines, want);
	free(heard);
}

static void expect_lines_in_any_pieces(const char *text, size_t len,
				       const char *want)
{
	static const size_t chunks[] = {1, 2, 3, 7, 4096, 0};

	for (size_t i = 0; i < COUNT(chunks); i++)
		expect_lines(text, len, chunks[i], want);
}

static const char mixed[] =
	"type=SYSCALL " ID READV " success=yes exit=24\n"
	"node=web-1 type=SYSCALL " ID WRITEV " success=no exit=-1\n"
	"type=PROCTITLE " ID "proctitle=\"gdb\"\n"
	"\n"
	"\r\n"
	"type=USER " ID "pid=99 uid=0 msg='op=process_vm_readv'\n"
	"node=web-1 type=EOE " ID "\n"
	"hello\n"
	"type=SYSCALL " ID READV " a\0b\n"
	"type=SYSCALL " ID READV " key=\"k\"\x1d"
	"ARCH=x86_64\n"
	"type=SYSCALL " ID READV;

static const char mixed_lines[] = "call 88 process_vm_readv\n"
				  "call 98 web-1 process_vm_writev\n"
				  "other 60\n"
				  "other 0\n"
				  "other 1\n"
				  "message 78\n"
				  "other 50 web-1\n"
				  "garbage 5\n"
				  "nul 72 process_vm_readv\n"
				  "call 88 process_vm_readv\n"
				  "cut 68\n";

static void stream_cut_into_any_pieces_gives_the_same_lines(void)
{
	expect_lines_in_any_pieces(mixed, sizeof(mixed) - 1, mixed_lines);
}

static void lines_wait_until_asked_for(void)
{
	struct heard *heard = start_hearing();
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
	SAME_NUMBER(write(fds[1], "a\nb\nc", 5), 5);
	SAME_NUMBER(pvm_feed_read(&heard->feed, fds[0]), 5);
	SAME_TEXT(heard->lines, "");
	pvm_feed_lines(&heard->feed);
	SAME_TEXT(heard->lines, "garbage 1\ngarbage 1\n");
	pvm_feed_lines(&heard->feed);
	SAME_TEXT(heard->lines, "garbage 1\ngarbage 1\n");
	close(fds[0]);
	close(fds[1]);
	free(heard);
}

static void read_reports_end_and_errors(void)
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

/* strtoul() steps over white space, and a newline is some. */
static void number_is_never_read_from_the_next_line(void)
{
	static const char text[] = "type=SYSCALL " ID "arch=\n"
				   "c000003e syscall=310 a0=1\n"
				   "type=SYSCALL " ID "arch=c000003e syscall=\n"
				   "310 a0=1\n";

	expect_lines(text, sizeof(text) - 1, 0,
		     "garbage 48\n"
		     "garbage 25\n"
		     "garbage 65\n"
		     "garbage 8\n");
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

	expect_lines_in_any_pieces(text, sizeof(text) - 1,
				   "nul 72 process_vm_readv\n"
				   "other 46\n"
				   "other 46\n"
				   "other 68\n"
				   "garbage 1\n"
				   "call 70 process_vm_readv\n");
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
#define GOOD_LINE "call 73 process_vm_readv\n"

/* A line of @len bytes, then a good one. */
static void expect_lines_of_length(size_t len, const char *want)
{
	static const size_t chunks[] = {1, 7, 4096, 0};
	char *text = padded_line("type=SYSCALL " ID READV " ",
				 len + sizeof(GOOD) - 1);

	text[len - 1] = '\n';
	memcpy(text + len, GOOD, sizeof(GOOD));
	for (size_t i = 0; i < COUNT(chunks); i++)
		expect_lines(text, strlen(text), chunks[i], want);
	free(text);
}

static void longest_line_is_taken_and_next_too(void)
{
	SAME_NUMBER(PVM_LINE_MAX, 32768);
	expect_lines_of_length(PVM_LINE_MAX,
			       "call 32767 process_vm_readv\n" GOOD_LINE);
}

static void overlong_line_is_reported_and_next_is_handled(void)
{
	static const size_t lens[] = {
		PVM_LINE_MAX + 1,     PVM_LINE_MAX + 2,	    65535,
		2 * PVM_LINE_MAX,     2 * PVM_LINE_MAX + 1, 3 * PVM_LINE_MAX,
		3 * PVM_LINE_MAX + 1, 200 * 1024,
	};

	for (size_t i = 0; i < COUNT(lens); i++)
		expect_lines_of_length(lens[i], "overlong\n" GOOD_LINE);
}

static void overlong_lines_in_a_row_are_reported_one_by_one(void)
{
	char *text = padded_line("type=", 200 * 1024);

	text[40000] = '\n';
	text[80000] = '\n';
	text[80010] = '\n';
	expect_lines(text, strlen(text), 4096,
		     "overlong\noverlong\ngarbage 9\noverlong\n");
	free(text);
}

static void end_of_stream_behind_a_line_is_no_cut(void)
{
	expect_lines_in_any_pieces(GOOD, sizeof(GOOD) - 1, GOOD_LINE);
	expect_lines("", 0, 0, "");
}

static void end_of_stream_in_a_line_is_reported(void)
{
	expect_lines_in_any_pieces(GOOD "type=SYS", sizeof(GOOD) - 1 + 8,
				   GOOD_LINE "cut 8\n");
	expect_lines_in_any_pieces("x", 1, "cut 1\n");
}

static void cut_is_reported_once(void)
{
	struct heard *heard = start_hearing();

	feed_chunks(heard, "type", 4, 4);
	pvm_feed_end(&heard->feed);
	pvm_feed_end(&heard->feed);
	SAME_TEXT(heard->lines, "cut 4\n");
	free(heard);
}

/* The stream ends within an overlong line; how much of it is handed on is free.
 */
static void end_of_stream_in_an_overlong_line_is_reported(void)
{
	/* as many bytes as fill the buffer, one more, and many */
	static const size_t lens[] = {PVM_LINE_MAX + 1, 2 * PVM_LINE_MAX,
				      2 * PVM_LINE_MAX + 1, 200 * 1024};

	for (size_t i = 0; i < COUNT(lens); i++) {
		char *text = padded_line("type=", lens[i] + 1);
		struct heard *heard = start_hearing();

		feed_chunks(heard, text, lens[i], 4096);
		pvm_feed_end(&heard->feed);
		CU_ASSERT_NSTRING_EQUAL(heard->lines, "cut ", 4);
		CU_ASSERT_PTR_EQUAL(strchr(heard->lines, '\n'),
				    heard->lines + heard->used - 1);
		free(heard);
		free(text);
	}
}

CU_TestInfo feed_tests[] = {
	TEST(stream_cut_into_any_pieces_gives_the_same_lines),
	TEST(lines_wait_until_asked_for),
	TEST(read_reports_end_and_errors),
	TEST(number_is_never_read_from_the_next_line),
	TEST(nul_matters_only_in_lines_of_concern),
	TEST(longest_line_is_taken_and_next_too),
	TEST(overlong_line_is_reported_and_next_is_handled),
	TEST(overlong_lines_in_a_row_are_reported_one_by_one),
	TEST(end_of_stream_behind_a_line_is_no_cut),
	TEST(end_of_stream_in_a_line_is_reported),
	TEST(cut_is_reported_once),
	TEST(end_of_stream_in_an_overlong_line_is_reported),
	CU_TEST_INFO_NULL,
};
