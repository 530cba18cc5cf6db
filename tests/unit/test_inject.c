// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_inject.c - the sending thread, printing or with a kernel of ours
 *
 * Where records must wait, stdout is a pipe that is full: the thread cannot get
 * rid of the first record until somebody reads. Where the kernel's answers
 * matter, libaudit's part is played here.
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

/* Answers, one "TICKET ERROR TIME" a line. */
struct answers {
	char text[1024];
	size_t used;
};

static void take_answer(void *arg, uint64_t ticket, int error, uint64_t now_ms)
{
	struct answers *answers = arg;
	size_t room = sizeof(answers->text) - answers->used;
	int n = snprintf(answers->text + answers->used, room, "%llu %d %llu\n",
			 (unsigned long long)ticket, error,
			 (unsigned long long)now_ms);

	if (n > 0 && (size_t)n < room)
		answers->used += (size_t)n;
}

/* The answers since the last such check. */
static void expect_answers(struct pvm_inject *inject, const char *want)
{
	struct answers answers = {0};

	pvm_inject_finished(inject, take_answer, &answers);
	SAME_TEXT(answers.text, want);
}

/* Stop, and get these last answers. */
static void expect_stop(struct pvm_inject *inject, unsigned int timeout_ms,
			unsigned int unsent, const char *want)
{
	struct answers answers = {0};

	SAME_NUMBER(pvm_inject_stop(inject, timeout_ms, take_answer, &answers),
		    unsent);
	SAME_TEXT(answers.text, want);
}

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
	char *text;
	long size;

	expect_stop(bench->inject, A_MINUTE, 0, "");
	restore_stdout(&bench->redirect);
	size = (fseek(bench->file, 0, SEEK_END), ftell(bench->file));
	text = calloc(1, (size_t)size + 1);
	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	rewind(bench->file);
	SAME_NUMBER(fread(text, 1, (size_t)size, bench->file), size);
	fclose(bench->file);
	return text;
}

/* Queue a record; nothing about it matters but what is given. */
static int queue(struct pvm_inject *inject, const char *text, bool success)
{
	struct pvm_message message = {
		.type = USER,
		.text = text,
		.len = strlen(text),
		.tty = "pts0",
		.success = success,
	};

	return pvm_inject_put(inject, &message);
}

/* Likewise, and let it be sent. */
static int put(struct pvm_inject *inject, const char *text, bool success)
{
	int err = queue(inject, text, success);

	pvm_inject_wake(inject);
	return err;
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
	expect_stop(blocked->inject, A_MINUTE, 0, "");
	restore_stdout(&blocked->redirect);
	pthread_join(blocked->reader, NULL);
}

static void free_blocked(struct blocked *blocked)
{
	close(blocked->pipe[0]);
	free(blocked->printed);
	free(blocked);
}

#define LONG 8000

/* Queue a record of @byte that is more than stdout's buffer takes. */
static void put_long(struct blocked *blocked, char byte)
{
	char text[LONG + 1];

	memset(text, byte, LONG);
	text[LONG] = '\0';
	SAME_NUMBER(put(blocked->inject, text, true), 0);
}

/* @text starts with such a record and its result; step over both. */
static const char *expect_printed(const char *text, char byte)
{
	char bytes[2] = {byte, '\0'};

	SAME_NUMBER(strspn(text, bytes), LONG);
	text += strspn(text, bytes);
	CU_ASSERT_NSTRING_EQUAL(text, " res=success\n", 13);
	return strchr(text, '\n') ? strchr(text, '\n') + 1 : text;
}

/* Stopping gives up in time; the records are still there, in order. */
static void stop_says_how_many_were_not_sent(void)
{
	struct blocked *blocked = start_blocked(64);
	const char *at;

	put_long(blocked, 'a');
	put_long(blocked, 'b');
	put_long(blocked, 'c');
	expect_stop(blocked->inject, 0, 3, "");
	expect_stop(blocked->inject, 1, 3, "");
	start_reading(blocked);
	stop_reading(blocked);
	CU_ASSERT_PTR_NOT_NULL_FATAL(blocked->printed);
	at = expect_printed(blocked->printed, 'a');
	at = expect_printed(at, 'b');
	at = expect_printed(at, 'c');
	SAME_TEXT(at, "");
	free_blocked(blocked);
}

/* What is being printed counts as waiting. */
static void full_queue_refuses(void)
{
	struct blocked *blocked = start_blocked(2);
	struct pvm_queue_counters counters;

	put_long(blocked, 'a');
	put_long(blocked, 'b');
	SAME_NUMBER(put(blocked->inject, "op=c", true), -ENOBUFS);
	pvm_inject_read_counters(blocked->inject, &counters);
	SAME_NUMBER(counters.queued, 2);
	SAME_NUMBER(counters.full, 1);
	SAME_NUMBER(counters.depth, 2);
	start_reading(blocked);
	stop_reading(blocked);
	free_blocked(blocked);
}

/* Wait until the thread has got rid of everything. */
static void wait_until_empty(struct pvm_inject *inject,
			     struct pvm_queue_counters *counters)
{
	do {
		usleep(100);
		pvm_inject_read_counters(inject, counters);
	} while (counters->depth);
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

/* Nobody wakes the thread for them. */
static void many_records_are_sent_unasked(void)
{
	struct pvm_queue_counters counters;
	struct bench bench;
	char *text;

	start_bench(&bench, 64);
	put(bench.inject, "op=a", true);
	wait_until_empty(bench.inject, &counters);
	for (int i = 0; i < 32; i++)
		queue(bench.inject, "op=b", true);
	wait_until_empty(bench.inject, &counters);
	SAME_NUMBER(counters.sent, 33);
	text = stop_bench(&bench);
	SAME_NUMBER(strlen(text), 33 * 17);
	free(text);
}

static void note_is_sent_unasked(void)
{
	struct pvm_message note = {
		.type = USER,
		.text = "op=pvm-start",
		.len = 12,
		.tty = "",
		.success = true,
		.reserve = true,
	};
	struct pvm_queue_counters counters;
	struct bench bench;
	char *text;

	start_bench(&bench, 64);
	put(bench.inject, "op=a", true);
	wait_until_empty(bench.inject, &counters);
	SAME_NUMBER(pvm_inject_put(bench.inject, &note), 0);
	wait_until_empty(bench.inject, &counters);
	SAME_NUMBER(counters.sent, 2);
	text = stop_bench(&bench);
	SAME_TEXT(text, "op=a res=success\nop=pvm-start res=success\n");
	free(text);
}

/* The kernel: it answers a record when a test lets it. */
static struct {
	sem_t asked; /* a record is there */
	sem_t answers;
	int answer; /* what libaudit returns for the next ones */
	int error; /* and leaves in errno */
	bool wrong; /* it was asked what it should not be */
	bool absent; /* a kernel without audit */
} kernel;

int audit_open(void)
{
	if (!kernel.absent)
		return open("/dev/null", O_WRONLY | O_CLOEXEC);
	errno = EPROTONOSUPPORT;
	return -1;
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
	errno = kernel.error;
	return kernel.answer;
}

static struct pvm_inject *start_sending(void)
{
	struct pvm_inject *inject;
	char why[256] = "";

	sem_init(&kernel.asked, 0, 0);
	sem_init(&kernel.answers, 0, 0);
	kernel.wrong = false;
	inject = pvm_inject_start(64, false, why, sizeof(why));
	CU_ASSERT_PTR_NOT_NULL_FATAL(inject);
	SAME_TEXT(why, "");
	return inject;
}

static void end_sending(void)
{
	unit_set_clocks(0, 0);
	CU_ASSERT_FALSE(kernel.wrong);
	sem_destroy(&kernel.asked);
	sem_destroy(&kernel.answers);
}

/* Stop, with these last answers. */
static void stop_sending(struct pvm_inject *inject, const char *answers)
{
	expect_stop(inject, A_MINUTE, 0, answers);
	end_sending();
}

static void queue_ticket(struct pvm_inject *inject, uint64_t ticket)
{
	struct pvm_message message = {
		.ticket = ticket,
		.type = USER,
		.text = "op=a",
		.len = 4,
		.tty = "pts0",
		.success = true,
	};

	SAME_NUMBER(pvm_inject_put(inject, &message), 0);
}

static void put_ticket(struct pvm_inject *inject, uint64_t ticket)
{
	queue_ticket(inject, ticket);
	pvm_inject_wake(inject);
}

/* For the next @nr records libaudit returns @answer, at @now_ms. */
static void answer(struct pvm_inject *inject, unsigned int nr, int answer,
		   uint64_t now_ms)
{
	struct pvm_queue_counters counters;
	uint64_t done;

	pvm_inject_read_counters(inject, &counters);
	done = counters.sent + counters.failed + nr;
	unit_set_clocks(now_ms, 0);
	kernel.answer = answer;
	for (unsigned int i = 0; i < nr; i++)
		sem_post(&kernel.answers);
	do {
		usleep(100);
		pvm_inject_read_counters(inject, &counters);
	} while (counters.sent + counters.failed < done);
}

#define REFUSED                                                        \
	"audit takes no record (Operation not permitted): the plugin " \
	"needs CAP_AUDIT_WRITE and a kernel with audit; these are "    \
	"counted as send_failed"

static void kernel_without_audit_is_no_start(void)
{
	char why[256] = "";

	kernel.absent = true;
	CU_ASSERT_PTR_NULL(pvm_inject_start(64, false, why, sizeof(why)));
	kernel.absent = false;
	SAME_TEXT(why, "cannot reach the kernel's audit (Protocol not "
		       "supported); run a kernel with CONFIG_AUDIT=y, outside "
		       "a container");
}

static void answers_come_in_order_with_error_and_time(void)
{
	struct pvm_inject *inject = start_sending();
	struct pvm_queue_counters counters;

	for (uint64_t ticket = 7; ticket <= 9; ticket++)
		put_ticket(inject, ticket);
	expect_answers(inject, "");
	answer(inject, 1, 41, 500);
	answer(inject, 1, -EPERM, 600);
	expect_answers(inject, "7 0 500\n8 1 600\n");
	expect_answers(inject, "");
	answer(inject, 1, 42, 700);
	expect_answers(inject, "9 0 700\n");
	pvm_inject_read_counters(inject, &counters);
	SAME_NUMBER(counters.sent, 2);
	SAME_NUMBER(counters.failed, 1);
	SAME_LOG(REFUSED);
	stop_sending(inject, "");
}

static void ticket_0_wants_no_answer(void)
{
	struct pvm_inject *inject = start_sending();

	put_ticket(inject, 0);
	put_ticket(inject, 7);
	put_ticket(inject, 0);
	answer(inject, 3, 1, 500);
	expect_answers(inject, "7 0 500\n");
	stop_sending(inject, "");
}

/* Queued or being sent: the kernel has not answered yet. */
static void record_being_sent_counts_as_waiting(void)
{
	struct pvm_inject *inject = start_sending();
	struct pvm_queue_counters counters;

	put_ticket(inject, 7);
	put_ticket(inject, 8);
	sem_wait(&kernel.asked);
	pvm_inject_read_counters(inject, &counters);
	SAME_NUMBER(counters.depth, 2);
	expect_answers(inject, "");
	answer(inject, 1, 1, 500);
	sem_wait(&kernel.asked);
	pvm_inject_read_counters(inject, &counters);
	SAME_NUMBER(counters.depth, 1);
	expect_answers(inject, "7 0 500\n");
	answer(inject, 1, 1, 600);
	stop_sending(inject, "8 0 600\n");
}

static void first_refusal_is_logged_once(void)
{
	struct pvm_inject *inject = start_sending();

	for (uint64_t ticket = 1; ticket <= 4; ticket++)
		put_ticket(inject, ticket);
	answer(inject, 1, 1, 500);
	answer(inject, 2, -EPERM, 500);
	SAME_LOG("");
	expect_answers(inject, "1 0 500\n2 1 500\n3 1 500\n");
	SAME_LOG(REFUSED);
	answer(inject, 1, -ENOBUFS, 500);
	expect_answers(inject, "4 105 500\n");
	SAME_LOG("");
	stop_sending(inject, "");
}

/*
 * libaudit returns 0 where there is no audit, with ECONNREFUSED; and likewise,
 * with nothing in errno, to users other than root that may not send.
 */
static void refusal_that_libaudit_hides_is_one(void)
{
	struct pvm_inject *inject = start_sending();

	put_ticket(inject, 7);
	put_ticket(inject, 8);
	kernel.error = ECONNREFUSED;
	answer(inject, 1, 0, 500);
	kernel.error = 0;
	answer(inject, 1, 0, 500);
	expect_answers(inject, "7 111 500\n8 1 500\n");
	SAME_LOG("audit takes no record (Connection refused): the plugin "
		 "needs CAP_AUDIT_WRITE and a kernel with audit; these are "
		 "counted as send_failed");
	stop_sending(inject, "");
}

static void answers_survive_when_nobody_asks_for_long(void)
{
	struct pvm_inject *inject = start_sending();

	for (uint64_t ticket = 1; ticket <= 5; ticket++) {
		put_ticket(inject, ticket);
		answer(inject, 1, 1, ticket * 60000);
	}
	expect_answers(inject, "1 0 60000\n2 0 120000\n3 0 180000\n"
			       "4 0 240000\n5 0 300000\n");
	stop_sending(inject, "");
}

static void stop_hands_out_answers_nobody_asked_for(void)
{
	struct pvm_inject *inject = start_sending();

	put_ticket(inject, 7);
	put_ticket(inject, 8);
	answer(inject, 1, 1, 500);
	answer(inject, 1, -EPERM, 600);
	stop_sending(inject, "7 0 500\n8 1 600\n");
	SAME_LOG(REFUSED);
}

/* Nothing has woken the thread before: all is sent while it stops. */
static void stop_hands_out_the_last_answers(void)
{
	struct pvm_inject *inject = start_sending();

	queue_ticket(inject, 7);
	queue_ticket(inject, 8);
	kernel.answer = 1;
	sem_post(&kernel.answers);
	sem_post(&kernel.answers);
	unit_set_clocks(500, 0);
	expect_stop(inject, A_MINUTE, 0, "7 0 500\n8 0 500\n");
	end_sending();
}

/* What was not sent in time has no answer; what was has its own. */
static void stop_in_mid_send_hands_out_the_answers_so_far(void)
{
	struct pvm_inject *inject = start_sending();

	for (uint64_t ticket = 7; ticket <= 9; ticket++)
		put_ticket(inject, ticket);
	answer(inject, 1, 1, 500);
	sem_wait(&kernel.asked);
	sem_wait(&kernel.asked);
	expect_stop(inject, 1, 2, "7 0 500\n");
	answer(inject, 2, 1, 600);
	stop_sending(inject, "8 0 600\n9 0 600\n");
}

CU_TestInfo inject_tests[] = {
	TEST(records_are_printed_a_line_each_in_order),
	TEST(nothing_put_is_nothing_printed),
	TEST(thousand_records_keep_their_order),
	TEST(stop_says_how_many_were_not_sent),
	TEST(full_queue_refuses),
	TEST(threads_may_put_at_the_same_time),
	TEST(many_records_are_sent_unasked),
	TEST(note_is_sent_unasked),
	TEST(kernel_without_audit_is_no_start),
	TEST(answers_come_in_order_with_error_and_time),
	TEST(ticket_0_wants_no_answer),
	TEST(record_being_sent_counts_as_waiting),
	TEST(first_refusal_is_logged_once),
	TEST(refusal_that_libaudit_hides_is_one),
	TEST(answers_survive_when_nobody_asks_for_long),
	TEST(stop_hands_out_answers_nobody_asked_for),
	TEST(stop_hands_out_the_last_answers),
	TEST(stop_in_mid_send_hands_out_the_answers_so_far),
	CU_TEST_INFO_NULL,
};
