// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_inject.c - the queue and its thread, printing or with a kernel of ours
 *
 * Where the queue must fill up, stdout is a pipe that is full: the thread
 * cannot get rid of the first record until somebody reads. Where it matters
 * what becomes of a record that was sent, libaudit's part is played here.
 */
#include <errno.h>
#include <fcntl.h>
#include <libaudit.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "send/inject.h"
#include "unit.h"

#define USER 1005
#define A_MINUTE 60000

/* stdout, led elsewhere; a common buffer stands between, as in real life. */
struct redirect {
	int saved;
	char buffer[4096];
};

static void redirect_stdout(struct redirect *redirect, int fd)
{
	fflush(stdout);
	redirect->saved = dup(STDOUT_FILENO);
	CU_ASSERT_FATAL(redirect->saved >= 0);
	CU_ASSERT_FATAL(dup2(fd, STDOUT_FILENO) == STDOUT_FILENO);
	setvbuf(stdout, redirect->buffer, _IOFBF, sizeof(redirect->buffer));
}

/* What has not been flushed by now is lost, as it would be at an exit(). */
static void restore_stdout(struct redirect *redirect)
{
	__fpurge(stdout);
	setvbuf(stdout, NULL, _IONBF, 0);
	dup2(redirect->saved, STDOUT_FILENO);
	close(redirect->saved);
}

/* An injector that prints to a file. */
struct bench {
	struct pvm_inject *inject;
	FILE *file;
	struct redirect redirect;
};

static void start_bench(struct bench *bench, unsigned int depth)
{
	char why[256] = "";

	bench->file = tmpfile();
	CU_ASSERT_PTR_NOT_NULL_FATAL(bench->file);
	redirect_stdout(&bench->redirect, fileno(bench->file));
	bench->inject = pvm_inject_start(depth, true, why, sizeof(why));
	CU_ASSERT_PTR_NOT_NULL_FATAL(bench->inject);
	SAME_TEXT(why, "");
}

/* Stop; returns what was printed, to be freed. */
static char *stop_bench(struct bench *bench)
{
	struct pvm_pending pending = {0};
	unsigned int left = pvm_inject_stop(bench->inject, A_MINUTE, &pending);
	char *text;
	long size;

	restore_stdout(&bench->redirect);
	SAME_NUMBER(left, 0);
	size = (fseek(bench->file, 0, SEEK_END), ftell(bench->file));
	text = calloc(1, (size_t)size + 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	rewind(bench->file);
	SAME_NUMBER(fread(text, 1, (size_t)size, bench->file), size);
	fclose(bench->file);
	return text;
}

/* A record of one call; nothing about it matters but what is given. */
static int queue_bytes(struct pvm_inject *inject, const char *text, size_t len,
		       const char *tty, bool success)
{
	struct pvm_message message = {
		.type = USER,
		.text = text,
		.len = len,
		.tty = tty,
		.success = success,
		.span = {1, {1, 0, 1}, {1, 0, 1}},
		.why = PVM_LOSSES,
	};

	return pvm_inject_put(inject, &message);
}

/* Likewise, and let it be sent. */
static int put_bytes(struct pvm_inject *inject, const char *text, size_t len,
		     const char *tty, bool success)
{
	int err = queue_bytes(inject, text, len, tty, success);

	pvm_inject_wake(inject);
	return err;
}

static int put(struct pvm_inject *inject, const char *text, bool success)
{
	return put_bytes(inject, text, strlen(text), "pts0", success);
}

static void records_are_printed_a_line_each_in_order(void)
{
	struct bench bench;
	char *text;

	start_bench(&bench, 64);
	SAME_NUMBER(put(bench.inject, "op=a", true), 0);
	SAME_NUMBER(put(bench.inject, "op=b x=%s%n", false), 0);
	SAME_NUMBER(put(bench.inject, "op=c", true), 0);
	text = stop_bench(&bench);
	SAME_TEXT(text, "op=a res=success\n"
			"op=b x=%s%n res=failed\n"
			"op=c res=success\n");
	free(text);
}

static void nothing_put_is_nothing_printed(void)
{
	struct bench bench;
	char *text;

	start_bench(&bench, 64);
	text = stop_bench(&bench);
	SAME_TEXT(text, "");
	free(text);
}

static void only_len_bytes_of_the_text_are_taken(void)
{
	struct bench bench;
	char *text;

	start_bench(&bench, 64);
	SAME_NUMBER(put_bytes(bench.inject, "op=abc", 4, "", true), 0);
	text = stop_bench(&bench);
	SAME_TEXT(text, "op=a res=success\n");
	free(text);
}

static void text_is_copied(void)
{
	struct bench bench;
	char passed[] = "op=a", tty[] = "pts0", *text;

	start_bench(&bench, 64);
	SAME_NUMBER(put_bytes(bench.inject, passed, 4, tty, true), 0);
	memset(passed, 'x', 4);
	memset(tty, 'x', 4);
	text = stop_bench(&bench);
	SAME_TEXT(text, "op=a res=success\n");
	free(text);
}

static void overlong_terminal_name_does_no_harm(void)
{
	struct bench bench;
	char tty[4 * PVM_TTY_MAX], *text;

	memset(tty, 't', sizeof(tty));
	tty[sizeof(tty) - 1] = '\0';
	start_bench(&bench, 64);
	SAME_NUMBER(put_bytes(bench.inject, "op=a", 4, tty, true), 0);
	text = stop_bench(&bench);
	SAME_TEXT(text, "op=a res=success\n");
	free(text);
}

static void thousand_records_keep_their_order(void)
{
	struct bench bench;
	char *text, *at, *want = calloc(1, 32 * 1000);

	CU_ASSERT_PTR_NOT_NULL_FATAL(want);
	at = want;
	start_bench(&bench, 1000);
	for (int i = 0; i < 1000; i++) {
		char record[16];

		snprintf(record, sizeof(record), "op=%d", i);
		SAME_NUMBER(put(bench.inject, record, true), 0);
		at += sprintf(at, "op=%d res=success\n", i);
	}
	text = stop_bench(&bench);
	SAME_TEXT(text, want);
	SAME_NUMBER(strlen(text), strlen(want));
	free(want);
	free(text);
}

/* An injector whose thread can print nothing for the time being. */
struct blocked {
	struct pvm_inject *inject;
	int pipe[2];
	size_t filling; /* bytes that stand in the pipe already */
	struct redirect redirect;
	pthread_t reader;
	char *printed; /* behind the filling */
	size_t printed_len;
};

static size_t fill_pipe(int fd)
{
	size_t filled = 0;
	char byte = 'x';

	fcntl(fd, F_SETFL, O_NONBLOCK);
	while (write(fd, &byte, 1) == 1)
		filled++;
	SAME_NUMBER(errno, EAGAIN);
	fcntl(fd, F_SETFL, 0);
	return filled;
}

static struct blocked *start_blocked(unsigned int depth)
{
	struct blocked *blocked = calloc(1, sizeof(*blocked));
	char why[256];

	CU_ASSERT_PTR_NOT_NULL_FATAL(blocked);
	CU_ASSERT_EQUAL_FATAL(pipe(blocked->pipe), 0);
	blocked->filling = fill_pipe(blocked->pipe[1]);
	redirect_stdout(&blocked->redirect, blocked->pipe[1]);
	close(blocked->pipe[1]);
	blocked->inject = pvm_inject_start(depth, true, why, sizeof(why));
	CU_ASSERT_PTR_NOT_NULL_FATAL(blocked->inject);
	return blocked;
}

/* Read all that comes until the last writer has gone. */
static void *read_pipe(void *arg)
{
	struct blocked *blocked = arg;
	size_t size = 4u << 20, used = 0;
	char *text = calloc(1, size);
	ssize_t n;

	while (text &&
	       (n = read(blocked->pipe[0], text + used, size - used - 1)) > 0)
		used += (size_t)n;
	if (text) {
		blocked->printed_len = used - blocked->filling;
		memmove(text, text + blocked->filling, blocked->printed_len);
		text[blocked->printed_len] = '\0';
	}
	blocked->printed = text;
	return NULL;
}

static void start_reading(struct blocked *blocked)
{
	CU_ASSERT_EQUAL_FATAL(
		pthread_create(&blocked->reader, NULL, read_pipe, blocked), 0);
}

/* Stop; what was printed is in blocked->printed. */
static void stop_reading(struct blocked *blocked)
{
	struct pvm_pending pending = {0};
	unsigned int left =
		pvm_inject_stop(blocked->inject, A_MINUTE, &pending);

	restore_stdout(&blocked->redirect);
	pthread_join(blocked->reader, NULL);
	SAME_NUMBER(left, 0);
}

static void free_blocked(struct blocked *blocked)
{
	close(blocked->pipe[0]);
	free(blocked->printed);
	free(blocked);
}

/* Queue @len bytes of @byte, more than stdout's buffer takes. */
static int put_long(struct blocked *blocked, char byte, size_t len)
{
	char *text = malloc(len);
	int err;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	memset(text, byte, len);
	err = put_bytes(blocked->inject, text, len, "", true);
	free(text);
	return err;
}

/* queued, full, sent, failed, depth, depth_most */
static void expect_counters(struct blocked *blocked, const char *want)
{
	struct pvm_inject_counters counters;
	char told[128];

	pvm_inject_read_counters(blocked->inject, &counters);
	snprintf(told, sizeof(told), "%llu %llu %llu %llu %llu %llu",
		 (unsigned long long)counters.queued,
		 (unsigned long long)counters.full,
		 (unsigned long long)counters.sent,
		 (unsigned long long)counters.failed,
		 (unsigned long long)counters.depth,
		 (unsigned long long)counters.depth_most);
	SAME_TEXT(told, want);
}

#define LONG 8000

/* @text starts with @len bytes of @byte and the result; step over both. */
static const char *expect_printed(const char *text, char byte, size_t len)
{
	char bytes[2] = {byte, '\0'};

	SAME_NUMBER(strspn(text, bytes), len);
	text += strspn(text, bytes);
	CU_ASSERT_NSTRING_EQUAL(text, " res=success\n", 13);
	return strchr(text, '\n') ? strchr(text, '\n') + 1 : text;
}

static void full_queue_refuses_and_counts(void)
{
	struct blocked *blocked = start_blocked(2);
	const char *at;

	expect_counters(blocked, "0 0 0 0 0 0");
	SAME_NUMBER(put_long(blocked, 'a', LONG), 0);
	expect_counters(blocked, "1 0 0 0 1 1");
	SAME_NUMBER(put_long(blocked, 'b', LONG), 0);
	SAME_NUMBER(put_long(blocked, 'c', LONG), -ENOBUFS);
	SAME_NUMBER(put_long(blocked, 'd', 1), -ENOBUFS);
	expect_counters(blocked, "2 2 0 0 2 2");
	start_reading(blocked);
	stop_reading(blocked);
	CU_ASSERT_PTR_NOT_NULL_FATAL(blocked->printed);
	at = expect_printed(blocked->printed, 'a', LONG);
	at = expect_printed(at, 'b', LONG);
	SAME_TEXT(at, "");
	free_blocked(blocked);
}

static void queued_bytes_are_bounded_exactly(void)
{
	struct blocked *blocked = start_blocked(64);
	const char *at;

	SAME_NUMBER(PVM_QUEUE_BYTES, 2097152);
	SAME_NUMBER(put_long(blocked, 'a', 2097153), -ENOBUFS);
	SAME_NUMBER(put_long(blocked, 'b', 1048576), 0);
	SAME_NUMBER(put_long(blocked, 'c', 1048577), -ENOBUFS);
	SAME_NUMBER(put_long(blocked, 'd', 1048576), 0);
	SAME_NUMBER(put_long(blocked, 'e', 1), -ENOBUFS);
	expect_counters(blocked, "2 3 0 0 2 2");
	start_reading(blocked);
	stop_reading(blocked);
	CU_ASSERT_PTR_NOT_NULL_FATAL(blocked->printed);
	at = expect_printed(blocked->printed, 'b', 1048576);
	at = expect_printed(at, 'd', 1048576);
	SAME_TEXT(at, "");
	free_blocked(blocked);
}

/* Stopping gives up in time; the records are still there, in order. */
static void stop_says_how_many_were_not_sent(void)
{
	struct blocked *blocked = start_blocked(64);
	struct pvm_pending pending = {0};
	const char *at;

	put_long(blocked, 'a', LONG);
	put_long(blocked, 'b', LONG);
	put_long(blocked, 'c', LONG);
	SAME_NUMBER(pvm_inject_stop(blocked->inject, 0, &pending), 3);
	SAME_NUMBER(pvm_inject_stop(blocked->inject, 1, &pending), 3);
	expect_counters(blocked, "3 0 0 0 3 3");
	start_reading(blocked);
	stop_reading(blocked);
	CU_ASSERT_PTR_NOT_NULL_FATAL(blocked->printed);
	at = expect_printed(blocked->printed, 'a', LONG);
	at = expect_printed(at, 'b', LONG);
	at = expect_printed(at, 'c', LONG);
	SAME_TEXT(at, "");
	free_blocked(blocked);
}

/* Wait until the thread has got rid of everything. */
static void wait_until_empty(struct pvm_inject *inject,
			     struct pvm_inject_counters *counters)
{
	do {
		usleep(100);
		pvm_inject_read_counters(inject, counters);
	} while (counters->depth);
}

static void most_that_ever_waited_is_remembered(void)
{
	struct blocked *blocked = start_blocked(64);
	struct pvm_inject_counters counters;

	for (int i = 0; i < 3; i++)
		SAME_NUMBER(put_long(blocked, 'a', LONG), 0);
	start_reading(blocked);
	wait_until_empty(blocked->inject, &counters);
	SAME_NUMBER(put_long(blocked, 'a', LONG), 0);
	wait_until_empty(blocked->inject, &counters);
	expect_counters(blocked, "4 0 4 0 0 3");
	stop_reading(blocked);
	free_blocked(blocked);
}

static void room_is_given_back(void)
{
	struct pvm_inject_counters counters;
	struct bench bench;
	char *megabyte = calloc(1, 1048577), *text;

	CU_ASSERT_PTR_NOT_NULL_FATAL(megabyte);
	memset(megabyte, 'a', 1048576);
	start_bench(&bench, 1);
	for (int i = 0; i < 5; i++) {
		SAME_NUMBER(put(bench.inject, megabyte, true), 0);
		wait_until_empty(bench.inject, &counters);
		SAME_NUMBER(counters.sent, i + 1);
	}
	SAME_NUMBER(counters.queued, 5);
	SAME_NUMBER(counters.full, 0);
	SAME_NUMBER(counters.failed, 0);
	SAME_NUMBER(counters.depth_most, 1);
	text = stop_bench(&bench);
	SAME_NUMBER(strlen(text), 5 * (1048576 + 13));
	free(text);
	free(megabyte);
}

/* Several threads may count or put; none of the records is lost. */
static void *put_hundred(void *arg)
{
	for (int i = 0; i < 100; i++)
		if (put(arg, "op=a", true))
			return arg;
	return NULL;
}

static void threads_may_put_at_the_same_time(void)
{
	struct bench bench;
	pthread_t threads[4];
	char *text;

	start_bench(&bench, 400);
	for (size_t i = 0; i < COUNT(threads); i++)
		SAME_NUMBER(pthread_create(&threads[i], NULL, put_hundred,
					   bench.inject),
			    0);
	for (size_t i = 0; i < COUNT(threads); i++) {
		void *failed;

		pthread_join(threads[i], &failed);
		CU_ASSERT_PTR_NULL(failed);
	}
	text = stop_bench(&bench);
	SAME_NUMBER(strlen(text), 400 * 17);
	free(text);
}

/* Queue a record about the plugin itself, of @len bytes. */
static int put_note(struct pvm_inject *inject, size_t len)
{
	char *text = malloc(len);
	struct pvm_message message = {
		.type = USER,
		.text = text,
		.len = len,
		.tty = "",
		.success = true,
		.reserve = true,
		.why = PVM_LOSSES,
	};
	int err;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	memset(text, 'n', len);
	err = pvm_inject_put(inject, &message);
	free(text);
	return err;
}

/* Nobody wakes the thread for them. */
static void many_records_are_sent_unasked(void)
{
	struct pvm_inject_counters counters;
	struct bench bench;
	char *text;

	start_bench(&bench, 64);
	put(bench.inject, "op=a", true);
	wait_until_empty(bench.inject, &counters);
	for (int i = 0; i < 32; i++)
		queue_bytes(bench.inject, "op=b", 4, "", true);
	wait_until_empty(bench.inject, &counters);
	SAME_NUMBER(counters.sent, 33);
	text = stop_bench(&bench);
	SAME_NUMBER(strlen(text), 33 * 17);
	free(text);
}

static void note_is_sent_unasked(void)
{
	struct pvm_inject_counters counters;
	struct bench bench;
	char *text;

	start_bench(&bench, 64);
	put(bench.inject, "op=a", true);
	wait_until_empty(bench.inject, &counters);
	put_note(bench.inject, 4);
	wait_until_empty(bench.inject, &counters);
	SAME_NUMBER(counters.sent, 2);
	text = stop_bench(&bench);
	SAME_TEXT(text, "op=a res=success\nnnnn res=success\n");
	free(text);
}

static void full_queue_has_a_reserve_for_notes(void)
{
	struct blocked *blocked = start_blocked(2);

	SAME_NUMBER(PVM_QUEUE_RESERVE, 32);
	SAME_NUMBER(put_long(blocked, 'a', LONG), 0);
	SAME_NUMBER(put_note(blocked->inject, 1), 0);
	SAME_NUMBER(put_long(blocked, 'b', 1), -ENOBUFS);
	for (int i = 0; i < 32; i++)
		SAME_NUMBER(put_note(blocked->inject, 1), 0);
	SAME_NUMBER(put_note(blocked->inject, 1), -ENOBUFS);
	expect_counters(blocked, "34 2 0 0 34 34");
	start_reading(blocked);
	stop_reading(blocked);
	free_blocked(blocked);
}

static void reserve_has_bytes_of_its_own(void)
{
	struct blocked *blocked = start_blocked(64);

	SAME_NUMBER(put_long(blocked, 'a', 2097152), 0);
	SAME_NUMBER(put_long(blocked, 'b', 1), -ENOBUFS);
	SAME_NUMBER(put_note(blocked->inject, 8193), -ENOBUFS);
	SAME_NUMBER(put_note(blocked->inject, 8000), 0);
	SAME_NUMBER(put_note(blocked->inject, 192), 0);
	SAME_NUMBER(put_note(blocked->inject, 1), -ENOBUFS);
	start_reading(blocked);
	stop_reading(blocked);
	free_blocked(blocked);
}

/* What is printed comes round nowhere. */
static void printed_records_are_not_waited_for(void)
{
	struct pvm_inject_counters counters;
	struct pvm_losses losses = {0};
	struct pvm_pending pending = {0};
	struct bench bench;

	start_bench(&bench, 64);
	SAME_NUMBER(put(bench.inject, "op=a", true), 0);
	wait_until_empty(bench.inject, &counters);
	SAME_NUMBER(counters.in_flight, 0);
	CU_ASSERT_FALSE(pvm_inject_confirm(bench.inject, "op=a", 4));
	pvm_inject_pending(bench.inject, &pending);
	SAME_NUMBER(pending.span.count, 0);
	pvm_inject_settle(bench.inject, false, &losses);
	pvm_losses_pending(&losses, &pending.span);
	SAME_NUMBER(pending.span.count, 0);
	free(stop_bench(&bench));
}

/* The kernel: it takes a record when a test lets it, and answers as told. */
static struct {
	sem_t asked; /* a record is there */
	sem_t answers;
	int answer; /* what the next ones get */
	bool wrong; /* it was asked what it should not be */
} kernel;

int audit_open(void)
{
	return open("/dev/null", O_WRONLY | O_CLOEXEC);
}

void audit_close(int fd)
{
	close(fd);
}

int audit_log_user_message(int fd, int type, const char *message,
			   const char *hostname, const char *addr,
			   const char *tty, int result)
{
	if (fd < 0 || type != USER || strncmp(message, "op=", 3) || hostname ||
	    addr || strcmp(tty, "pts0") || result != 1)
		kernel.wrong = true;
	sem_post(&kernel.asked);
	sem_wait(&kernel.answers);
	return kernel.answer;
}

static struct pvm_inject *start_sending(void)
{
	struct pvm_inject *inject;
	char why[256] = "";

	sem_init(&kernel.asked, 0, 0);
	sem_init(&kernel.answers, 0, 0);
	kernel.answer = 1;
	kernel.wrong = false;
	inject = pvm_inject_start(64, false, why, sizeof(why));
	CU_ASSERT_PTR_NOT_NULL_FATAL(inject);
	SAME_TEXT(why, "");
	return inject;
}

/* Stop; what has not arrived by then is @pending. */
static void stop_sending(struct pvm_inject *inject, const char *pending)
{
	struct pvm_pending left = {0};

	unit_set_clocks(0, 0);
	SAME_NUMBER(pvm_inject_stop(inject, A_MINUTE, &left), 0);
	SAME_SPAN(&left.span, pending);
	CU_ASSERT_FALSE(kernel.wrong);
	sem_destroy(&kernel.asked);
	sem_destroy(&kernel.answers);
}

/* Queue the record of event @serial, which is lost for @why if it is. */
static void put_event(struct pvm_inject *inject, const char *text,
		      uint64_t serial, enum pvm_loss why)
{
	struct pvm_id id = unit_id(serial);
	struct pvm_message message = {
		.type = USER,
		.text = text,
		.len = strlen(text),
		.tty = "pts0",
		.success = true,
		.span = {1, id, id},
		.why = why,
	};

	SAME_NUMBER(pvm_inject_put(inject, &message), 0);
	pvm_inject_wake(inject);
}

/* The kernel gives the same @answer to the next @nr records. */
static void answer(struct pvm_inject *inject, unsigned int nr, int answer)
{
	struct pvm_inject_counters counters;
	uint64_t done;

	pvm_inject_read_counters(inject, &counters);
	done = counters.sent + counters.failed + nr;
	kernel.answer = answer;
	for (unsigned int i = 0; i < nr; i++)
		sem_post(&kernel.answers);
	do {
		usleep(100);
		pvm_inject_read_counters(inject, &counters);
	} while (counters.sent + counters.failed < done);
}

static void expect_unseen(struct pvm_inject *inject, unsigned int want)
{
	struct pvm_inject_counters counters;

	pvm_inject_read_counters(inject, &counters);
	SAME_NUMBER(counters.in_flight, want);
}

static void expect_pending(struct pvm_inject *inject, const char *want)
{
	struct pvm_pending pending = {0};

	pvm_inject_pending(inject, &pending);
	SAME_SPAN(&pending.span, want);
}

static bool tell(void *arg, enum pvm_loss why, const struct pvm_span *span)
{
	unit_tell(arg, why, span);
	return true;
}

static void expect_lost(struct pvm_inject *inject, struct pvm_losses *losses,
			const char *want)
{
	struct unit_told told = {0};

	pvm_inject_settle(inject, false, losses);
	pvm_losses_declare(losses, UINT64_MAX, tell, &told);
	SAME_TOLD(&told, want);
}

#define NOTHING "0 0.000:0-0.000:0"

static void record_is_waited_for_until_it_comes_round(void)
{
	struct pvm_inject *inject = start_sending();
	struct pvm_losses losses = {0};

	put_event(inject, "op=a", 7, PVM_LOSSES);
	put_event(inject, "op=b", 8, PVM_LOSSES);
	answer(inject, 2, 1);
	expect_unseen(inject, 2);
	CU_ASSERT_TRUE(pvm_inject_confirm(inject, "op=a res=success'", 17));
	CU_ASSERT_FALSE(pvm_inject_confirm(inject, "op=a res=success'", 17));
	expect_unseen(inject, 1);
	expect_lost(inject, &losses, "");
	stop_sending(inject, "1 1000.008:8-1000.008:8");
}

/* It can be back before the kernel has answered its sender. */
static void record_may_come_round_while_it_is_sent(void)
{
	struct pvm_inject *inject = start_sending();

	put_event(inject, "op=a", 7, PVM_LOSSES);
	sem_wait(&kernel.asked);
	CU_ASSERT_TRUE(pvm_inject_confirm(inject, "op=a", 4));
	expect_pending(inject, NOTHING);
	answer(inject, 1, 1);
	expect_unseen(inject, 0);
	stop_sending(inject, NOTHING);
}

static void record_that_never_comes_is_lost(void)
{
	struct pvm_inject *inject = start_sending();
	struct pvm_losses losses = {0};

	unit_set_clocks(500, 0);
	put_event(inject, "op=a", 7, PVM_LOSSES);
	put_event(inject, "op=pvm-lost", 5, PVM_LOSS_FEED);
	answer(inject, 2, 1);
	unit_set_clocks(120499, 0);
	expect_lost(inject, &losses, "");
	unit_set_clocks(120500, 0);
	expect_lost(inject, &losses,
		    "feed 1 1000.005:5-1000.005:5\n"
		    "not-confirmed 1 1000.007:7-1000.007:7\n");
	SAME_NUMBER(losses.by[PVM_LOSS_NOT_CONFIRMED].total, 1);
	SAME_NUMBER(losses.by[PVM_LOSS_FEED].total, 0);
	stop_sending(inject, NOTHING);
}

static void refused_record_is_lost_at_once(void)
{
	struct pvm_inject *inject = start_sending();
	struct pvm_inject_counters counters;
	struct pvm_losses losses = {0};

	put_event(inject, "op=a", 7, PVM_LOSSES);
	put_event(inject, "op=pvm-lost", 5, PVM_LOSS_FEED);
	answer(inject, 2, -EPERM);
	pvm_inject_read_counters(inject, &counters);
	SAME_NUMBER(counters.failed, 2);
	SAME_NUMBER(counters.sent, 0);
	SAME_NUMBER(counters.in_flight, 0);
	expect_lost(inject, &losses,
		    "feed 1 1000.005:5-1000.005:5\n"
		    "send-failed 1 1000.007:7-1000.007:7\n");
	SAME_LOG("audit takes no record (Operation not permitted): the plugin "
		 "needs CAP_AUDIT_WRITE and a kernel with audit; these are "
		 "counted as send_failed");
	SAME_NUMBER(losses.by[PVM_LOSS_SEND_FAILED].total, 1);
	SAME_NUMBER(losses.by[PVM_LOSS_FEED].total, 0);
	expect_lost(inject, &losses, "");
	stop_sending(inject, NOTHING);
}

/* Queued, being sent, not back yet: each counts once. */
static void pending_are_all_that_have_not_arrived(void)
{
	struct pvm_inject *inject = start_sending();

	expect_pending(inject, NOTHING);
	put_event(inject, "op=a", 7, PVM_LOSSES);
	put_event(inject, "op=b", 8, PVM_LOSSES);
	put_event(inject, "op=c", 9, PVM_LOSSES);
	sem_wait(&kernel.asked);
	expect_pending(inject, "3 1000.007:7-1000.009:9");
	answer(inject, 1, 1);
	sem_wait(&kernel.asked);
	expect_pending(inject, "3 1000.007:7-1000.009:9");
	CU_ASSERT_TRUE(pvm_inject_confirm(inject, "op=a", 4));
	expect_pending(inject, "2 1000.008:8-1000.009:9");
	answer(inject, 2, 1);
	expect_pending(inject, "2 1000.008:8-1000.009:9");
	stop_sending(inject, "2 1000.008:8-1000.009:9");
}

/* Nobody settles any more once it stops. */
static void refused_record_is_pending_until_settled(void)
{
	struct pvm_inject *inject = start_sending();

	put_event(inject, "op=a", 7, PVM_LOSSES);
	put_event(inject, "op=b", 8, PVM_LOSS_FEED);
	answer(inject, 2, -EPERM);
	expect_pending(inject, "2 1000.007:7-1000.008:8");
	stop_sending(inject, "2 1000.007:7-1000.008:8");
	SAME_LOG("audit takes no record (Operation not permitted): the plugin "
		 "needs CAP_AUDIT_WRITE and a kernel with audit; these are "
		 "counted as send_failed");
}

static void what_is_not_sent_in_time_is_pending(void)
{
	struct pvm_inject *inject = start_sending();
	struct pvm_pending pending = {.pid = 77};

	put_event(inject, "op=a", 7, PVM_LOSSES);
	put_event(inject, "op=b", 8, PVM_LOSSES);
	sem_wait(&kernel.asked);
	SAME_NUMBER(pvm_inject_stop(inject, 1, &pending), 2);
	SAME_SPAN(&pending.span, "2 1000.007:7-1000.008:8");
	SAME_NUMBER(pending.records_nr, 2);
	SAME_NUMBER(pending.awaited[0].pid, 77);
	SAME_NUMBER(pending.awaited[0].first, 7);
	SAME_NUMBER(pending.awaited[1].last, 8);
	sem_post(&kernel.answers);
	sem_post(&kernel.answers);
	stop_sending(inject, "2 1000.007:7-1000.008:8");
}

CU_TestInfo inject_tests[] = {
	TEST(records_are_printed_a_line_each_in_order),
	TEST(nothing_put_is_nothing_printed),
	TEST(only_len_bytes_of_the_text_are_taken),
	TEST(text_is_copied),
	TEST(overlong_terminal_name_does_no_harm),
	TEST(thousand_records_keep_their_order),
	TEST(full_queue_refuses_and_counts),
	TEST(queued_bytes_are_bounded_exactly),
	TEST(stop_says_how_many_were_not_sent),
	TEST(most_that_ever_waited_is_remembered),
	TEST(room_is_given_back),
	TEST(threads_may_put_at_the_same_time),
	TEST(many_records_are_sent_unasked),
	TEST(note_is_sent_unasked),
	TEST(full_queue_has_a_reserve_for_notes),
	TEST(reserve_has_bytes_of_its_own),
	TEST(printed_records_are_not_waited_for),
	TEST(record_is_waited_for_until_it_comes_round),
	TEST(record_may_come_round_while_it_is_sent),
	TEST(record_that_never_comes_is_lost),
	TEST(refused_record_is_lost_at_once),
	TEST(pending_are_all_that_have_not_arrived),
	TEST(refused_record_is_pending_until_settled),
	TEST(what_is_not_sent_in_time_is_pending),
	CU_TEST_INFO_NULL,
};
