// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_files.c - jobs are done elsewhere, in their order, and nobody waits for
 * one that hangs
 */
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "process/files.h"
#include "unit.h"

#define LONG_MS 60000

/* A job that hangs until a byte is written into its pipe. */
struct hanging {
	struct pvm_job job;
	int in, out;
	unsigned int runs, dones;
	bool again; /* hand it over again when it is done */
};

static struct pvm_files *files;
static struct hanging first, second;

static void run(void *arg)
{
	struct hanging *hanging = arg;
	char byte;

	if (read(hanging->out, &byte, 1) == 1)
		hanging->runs++;
}

static void finish(void *arg)
{
	struct hanging *hanging = arg;

	hanging->dones++;
	if (!hanging->again)
		return;
	hanging->again = false;
	CU_ASSERT(pvm_files_put(files, &hanging->job));
}

static void make(struct hanging *hanging)
{
	int ends[2];

	CU_ASSERT_EQUAL_FATAL(pipe(ends), 0);
	*hanging = (struct hanging){
		.job = {.what = "hanging",
			.run = run,
			.done = finish,
			.arg = hanging},
		.out = ends[0],
		.in = ends[1],
	};
}

static void release(const struct hanging *hanging)
{
	SAME_NUMBER(write(hanging->in, "", 1), 1);
}

static void begin(void)
{
	make(&first);
	make(&second);
	files = pvm_files_start();
	CU_ASSERT_PTR_NOT_NULL_FATAL(files);
}

static void end(void)
{
	CU_ASSERT(pvm_files_stop(files, LONG_MS));
	close(first.in);
	close(first.out);
	close(second.in);
	close(second.out);
}

static void a_job_is_done_and_comes_back(void)
{
	struct pollfd ready;

	begin();
	CU_ASSERT(pvm_files_put(files, &first.job));
	ready = (struct pollfd){pvm_files_fd(files), POLLIN, 0};
	SAME_NUMBER(poll(&ready, 1, 0), 0);
	pvm_files_take(files);
	SAME_NUMBER(first.dones, 0);
	release(&first);
	SAME_NUMBER(poll(&ready, 1, LONG_MS), 1);
	pvm_files_take(files);
	SAME_NUMBER(first.runs, 1);
	SAME_NUMBER(first.dones, 1);
	SAME_NUMBER(poll(&ready, 1, 0), 0);
	end();
}

static void a_job_that_is_not_back_is_put_off(void)
{
	begin();
	CU_ASSERT(pvm_files_put(files, &first.job));
	CU_ASSERT(!pvm_files_put(files, &first.job));
	CU_ASSERT(pvm_files_put(files, &second.job));
	SAME_NUMBER(pvm_files_counters(files)->jobs, 2);
	SAME_NUMBER(pvm_files_counters(files)->put_off, 1);
	release(&first);
	release(&second);
	CU_ASSERT(pvm_files_wait(files, &second.job, LONG_MS));
	SAME_NUMBER(first.dones, 1);
	SAME_NUMBER(second.dones, 1);
	end();
}

static void a_job_that_is_back_can_go_again_at_once(void)
{
	begin();
	first.again = true;
	CU_ASSERT(pvm_files_put(files, &first.job));
	release(&first);
	release(&first);
	CU_ASSERT(pvm_files_wait(files, &first.job, LONG_MS));
	SAME_NUMBER(first.dones, 2);
	end();
}

static void the_end_does_what_is_handed_over(void)
{
	begin();
	CU_ASSERT(pvm_files_put(files, &first.job));
	CU_ASSERT(pvm_files_put(files, &second.job));
	release(&first);
	release(&second);
	end();
	SAME_NUMBER(first.dones, 1);
	SAME_NUMBER(second.dones, 1);
}

static void nobody_waits_for_one_that_hangs(void)
{
	begin();
	CU_ASSERT(pvm_files_put(files, &first.job));
	CU_ASSERT(!pvm_files_wait(files, &first.job, 10));
	CU_ASSERT(!pvm_files_stop(files, 10));
	SAME_LOG("hanging has not ended, and is not waited for: see that the "
		 "disk of that file answers");
	release(&first);
	end();
	SAME_NUMBER(first.dones, 1);
}

static void without_a_thread_it_is_done_at_once(void)
{
	make(&first);
	release(&first);
	CU_ASSERT(pvm_files_put(NULL, &first.job));
	SAME_NUMBER(first.runs, 1);
	SAME_NUMBER(first.dones, 1);
	close(first.in);
	close(first.out);
}

CU_TestInfo files_tests[] = {
	TEST(a_job_is_done_and_comes_back),
	TEST(a_job_that_is_not_back_is_put_off),
	TEST(a_job_that_is_back_can_go_again_at_once),
	TEST(the_end_does_what_is_handed_over),
	TEST(nobody_waits_for_one_that_hangs),
	TEST(without_a_thread_it_is_done_at_once),
	CU_TEST_INFO_NULL,
};
