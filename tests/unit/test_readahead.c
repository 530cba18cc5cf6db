// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_readahead.c - what comes while nobody reads is kept in order, up to a
 * bound
 */
#define _GNU_SOURCE /* mincore */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "input/feed.h"
#include "input/readahead.h"
#include "unit.h"

#define LINE_LEN 100

/* An ahead, and both ends of the socket that it reads. */
static struct pvm_readahead ahead;
static int writer, reader;

static void begin(void)
{
	int fds[2];

	CU_ASSERT_EQUAL_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
	reader = fds[0];
	writer = fds[1];
	SAME_NUMBER(fcntl(reader, F_SETFL, O_NONBLOCK), 0);
	CU_ASSERT_EQUAL_FATAL(pvm_readahead_start(&ahead, reader), 0);
}

static void end(void)
{
	pvm_readahead_free(&ahead);
	close(reader);
	close(writer);
}

/* Waits for who reads; a test hangs where nobody does. */
static void put(const char *text, size_t len)
{
	while (len) {
		ssize_t n = write(writer, text, len);

		CU_ASSERT_FATAL(n > 0);
		text += n;
		len -= (size_t)n;
	}
}

/* Until what is put next has room in the socket, though nobody reads it. */
static void wait_for_room(void)
{
	int unread = 0;

	do
		usleep(1000);
	while (!ioctl(reader, FIONREAD, &unread) && unread > 32768);
}

static void make_line(char line[static LINE_LEN + 1], unsigned int serial)
{
	snprintf(line, LINE_LEN + 1,
		 "type=PATH msg=audit(1795288457.412:%u): ", serial);
	memset(line + strlen(line), 'x', LINE_LEN - strlen(line));
	line[LINE_LEN - 1] = '\n';
	line[LINE_LEN] = '\0';
}

/* Lines with the serials from @first to @last, some at a time. */
static void put_lines(unsigned int first, unsigned int last)
{
	char lines[200 * LINE_LEN + 1];
	size_t used = 0;

	for (; first <= last; first++) {
		make_line(lines + used, first);
		used += LINE_LEN;
		if (first == last || used == sizeof(lines) - 1) {
			put(lines, used);
			used = 0;
		}
	}
}

/* Once it has read all that was written. */
static void stop(void)
{
	int unread = 1;

	while (!ioctl(reader, FIONREAD, &unread) && unread)
		usleep(1000);
	pvm_readahead_stop(&ahead);
}

/* What a feed makes of the bytes, and of what is read from the socket then. */
struct heard {
	struct pvm_feed feed;
	size_t lines;
	size_t faults; /* of lines that are not what was written */
	size_t overlong;
	uint64_t first_missing, missing, last;
};

static void hear(void *arg, const struct pvm_line *line)
{
	struct heard *heard = arg;

	if (line->class == PVM_LINE_OVERLONG) {
		heard->overlong++;
		return;
	}
	heard->lines++;
	heard->faults += line->class != PVM_LINE_OTHER ||
			 line->text.len != LINE_LEN - 1 ||
			 line->id.serial <= heard->last;
	if (line->id.serial != heard->last + 1 && !heard->missing)
		heard->first_missing = heard->last + 1;
	heard->missing += line->id.serial - heard->last - 1;
	heard->last = line->id.serial;
}

static struct heard *hear_all(void)
{
	struct heard *heard = calloc(1, sizeof(*heard));
	size_t at = 0;

	CU_ASSERT_PTR_NOT_NULL_FATAL(heard);
	pvm_feed_init(&heard->feed, hear, heard);
	while (at < ahead.used) {
		at += pvm_feed_put(&heard->feed, ahead.bytes + at,
				   ahead.used - at);
		pvm_feed_lines(&heard->feed);
	}
	while (pvm_feed_read(&heard->feed, reader) > 0)
		pvm_feed_lines(&heard->feed);
	return heard;
}

static void nothing_is_lost_while_there_is_room(void)
{
	struct heard *heard;

	begin();
	put_lines(1, 30000);
	wait_for_room();
	pvm_readahead_stop(&ahead);
	/* wherever the readahead has ended, the rest is still to be read */
	put_lines(30001, 30100);
	heard = hear_all();
	SAME_NUMBER(heard->lines, 30100);
	SAME_NUMBER(heard->missing, 0);
	SAME_NUMBER(heard->faults, 0);
	SAME_NUMBER(ahead.dropped, 0);
	free(heard);
	end();
}

static void it_can_stop_within_a_line(void)
{
	struct heard *heard;
	char line[LINE_LEN + 1];

	begin();
	put_lines(1, 3);
	make_line(line, 4);
	put(line, 50);
	stop();
	SAME_NUMBER(ahead.used, 350);
	put(line + 50, LINE_LEN - 50);
	heard = hear_all();
	SAME_NUMBER(heard->lines, 4);
	SAME_NUMBER(heard->faults, 0);
	free(heard);
	end();
}

/* 20 MB: the writer is never held up, and whole lines are missing. */
static void what_is_too_much_is_read_and_dropped(void)
{
	struct heard *heard;
	char line[LINE_LEN + 1];

	begin();
	put_lines(1, 200000);
	make_line(line, 200001);
	put(line, 50);
	stop();
	CU_ASSERT(ahead.used <= PVM_READAHEAD_MAX);
	/* no more than there was no room for, with the spare's */
	CU_ASSERT(ahead.dropped > 200000 - PVM_READAHEAD_MAX / LINE_LEN);
	CU_ASSERT(ahead.dropped < 200000 - PVM_READAHEAD_MAX / LINE_LEN + 2000);
	/* what had begun is there, and goes on */
	CU_ASSERT_EQUAL_FATAL(ahead.used % LINE_LEN, 50);
	SAME_NUMBER(memcmp(ahead.bytes + ahead.used - 50, line, 50), 0);
	put(line + 50, LINE_LEN - 50);
	put_lines(200002, 200003);
	heard = hear_all();
	SAME_NUMBER(heard->lines + ahead.dropped, 200003);
	SAME_NUMBER(heard->missing, ahead.dropped);
	CU_ASSERT(heard->first_missing > PVM_READAHEAD_MAX / LINE_LEN - 2000);
	SAME_NUMBER(heard->last, 200003);
	SAME_NUMBER(heard->faults, 0);
	free(heard);
	end();
}

/*
 * However it is cut, the feed must see that it was too long: also where all but
 * a few bytes of it fill what room there is.
 */
static void a_line_without_end_is_known_for_one(void)
{
	const size_t len = PVM_READAHEAD_MAX - 2 * LINE_LEN;
	struct heard *heard;
	char *endless = malloc(len);

	CU_ASSERT_PTR_NOT_NULL_FATAL(endless);
	memset(endless, 'x', len);
	begin();
	put_lines(1, 2);
	put(endless, len);
	put("x\n", 2);
	put_lines(3, 4);
	stop();
	SAME_NUMBER(ahead.dropped, 0);
	heard = hear_all();
	SAME_NUMBER(heard->overlong, 1);
	SAME_NUMBER(heard->lines, 4);
	SAME_NUMBER(heard->faults, 0);
	free(heard);
	free(endless);
	end();
}

static void it_takes_memory_for_what_comes_only(void)
{
	unsigned char pages[PVM_READAHEAD_MAX / 4096];
	size_t resident = 0;

	begin();
	put_lines(1, 1000);
	stop();
	CU_ASSERT_EQUAL_FATAL(mincore(ahead.bytes, PVM_READAHEAD_MAX, pages),
			      0);
	for (size_t i = 0; i < COUNT(pages); i++)
		resident += pages[i] & 1;
	CU_ASSERT(UNIT_SANITIZED || resident < 1024);
	end();
	CU_ASSERT_PTR_NULL(ahead.bytes);
}

static void an_end_is_left_to_the_next_reader(void)
{
	char c;

	begin();
	put_lines(1, 2);
	close(writer);
	writer = -1;
	stop();
	SAME_NUMBER(ahead.used, 200);
	SAME_NUMBER(ahead.ended, true);
	SAME_NUMBER(read(reader, &c, 1), 0);
	end();
}

static void an_end_behind_the_last_line_is_seen(void)
{
	begin();
	put_lines(1, 2);
	close(writer);
	writer = -1;
	pvm_readahead_stop(&ahead); /* wherever it is */
	SAME_NUMBER(ahead.ended, true);
	end();
}

static void it_starts_again(void)
{
	begin();
	put_lines(1, 1);
	stop();
	SAME_NUMBER(ahead.ended, false);
	pvm_readahead_free(&ahead);
	SAME_NUMBER(pvm_readahead_start(&ahead, reader), 0);
	put_lines(2, 3);
	stop();
	SAME_NUMBER(ahead.used, 200);
	end();
	/* and need not have been */
	pvm_readahead_stop(&ahead);
	pvm_readahead_free(&ahead);
}

CU_TestInfo readahead_tests[] = {
	TEST(nothing_is_lost_while_there_is_room),
	TEST(it_can_stop_within_a_line),
	TEST(what_is_too_much_is_read_and_dropped),
	TEST(a_line_without_end_is_known_for_one),
	TEST(it_takes_memory_for_what_comes_only),
	TEST(an_end_is_left_to_the_next_reader),
	TEST(an_end_behind_the_last_line_is_seen),
	TEST(it_starts_again),
	CU_TEST_INFO_NULL,
};
