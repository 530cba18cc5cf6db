// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_pipeline.c - what the steps do together, without probes and auditd
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pipeline.h"
#include "unit.h"

#define NAME "checkpoint"
#define LONG_MS 60000

static char folder[sizeof(UNIT_FOLDER)];
static struct pvm_pipeline pipeline;
static struct unit_declared declared;

/* A job that hangs as long as a disk may: until a byte comes. */
static int disk[2];

static void hang(void *arg)
{
	char byte;

	(void)arg;
	SAME_NUMBER(read(disk[0], &byte, 1), 1);
}

static void be_back(void *arg)
{
	(void)arg;
}

static struct pvm_job hanging = {
	.what = "hanging",
	.run = hang,
	.done = be_back,
};

/* As auditd starts it, and the disk of its checkpoint hangs from now on. */
static void begin(void)
{
	char path[sizeof(folder) + sizeof("/" NAME)];

	memset(&pipeline, 0, sizeof(pipeline));
	pvm_config_defaults(&pipeline.config);
	CU_ASSERT_EQUAL_FATAL(pvm_pipeline_open_steps(&pipeline), 0);
	unit_make_folder(folder);
	snprintf(path, sizeof(path), "%s/" NAME, folder);
	SAME_NUMBER(pvm_ledger_keep_checkpoint(pipeline.ledger, path), 0);
	CU_ASSERT_FATAL(pvm_ledger_has_checkpoint(pipeline.ledger));
	pipeline.files = pvm_files_start();
	CU_ASSERT_PTR_NOT_NULL_FATAL(pipeline.files);
	pvm_ledger_use_files(pipeline.ledger, pipeline.files);
	CU_ASSERT_EQUAL_FATAL(pipe(disk), 0);
	CU_ASSERT(pvm_files_put(pipeline.files, &hanging));
}

static void end(void)
{
	SAME_NUMBER(write(disk[1], "", 1), 1);
	CU_ASSERT(pvm_files_stop(pipeline.files, LONG_MS));
	close(disk[0]);
	close(disk[1]);
	pvm_pipeline_free_steps(&pipeline);
	unit_remove_folder(folder, NAME);
}

/* The stream has nothing of these calls, and is not waited for any longer. */
static void lack_syscall_records(uint64_t first, uint64_t last)
{
	for (uint64_t serial = first; serial <= last; serial++) {
		struct pvm_capture *capture = calloc(1, sizeof(*capture));

		CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
		capture->id = unit_id(serial);
		pvm_join_capture(pipeline.join, capture, 1);
	}
	pvm_join_flush(pipeline.join);
}

static bool declare(void *arg, const struct pvm_report *loss)
{
	(void)arg;
	unit_declare(&declared, loss->why, &loss->span);
	return true;
}

static void a_hung_disk_has_2048_calls_wait_and_the_rest_are_lost(void)
{
	begin();
	lack_syscall_records(1, 2048);
	SAME_NUMBER(pvm_early_waiting(pipeline.early), 2048);
	SAME_NUMBER(pipeline.counters.early_full, 0);
	lack_syscall_records(2049, 2051);
	SAME_NUMBER(pvm_early_waiting(pipeline.early), 2048);
	SAME_NUMBER(pipeline.counters.early_full, 3);
	SAME_NUMBER(pipeline.counters.records, 0);
	pvm_ledger_settle(pipeline.ledger, NULL, true, declare, NULL);
	SAME_DECLARED(&declared, "no-memory 3 1000.049:2049-1000.051:2051\n");
	end();
}

CU_TestInfo pipeline_tests[] = {
	TEST(a_hung_disk_has_2048_calls_wait_and_the_rest_are_lost),
	CU_TEST_INFO_NULL,
};
