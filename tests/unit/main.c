// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main.c - run the unit tests
 *
 * Exits 0 only when tests ran and none failed. The last line counts test
 * functions.
 */
#include <CUnit/Basic.h>
#include <stdio.h>
#include <stdlib.h>

#include "unit.h"

/* In the order in which data flows through the plugin. */
static CU_SuiteInfo suites[] = {
	{"symbols", NULL, NULL, NULL, NULL, symbols_tests},
	{"call_sites", NULL, NULL, NULL, NULL, call_sites_tests},
	{"explain", NULL, NULL, NULL, NULL, explain_tests},
	{"calibrate", NULL, NULL, NULL, NULL, calibrate_tests},
	{"counters", NULL, NULL, NULL, NULL, counters_tests},
	{"slice", NULL, NULL, NULL, NULL, slice_tests},
	{"token", NULL, NULL, NULL, NULL, token_tests},
	{"line", NULL, NULL, NULL, NULL, line_tests},
	{"readahead", NULL, NULL, NULL, NULL, readahead_tests},
	{"files", NULL, NULL, NULL, NULL, files_tests},
	{"feed", NULL, NULL, NULL, NULL, feed_tests},
	{"gaps", NULL, NULL, NULL, NULL, gaps_tests},
	{"syscall_record", NULL, NULL, NULL, NULL, syscall_record_tests},
	{"capture", NULL, NULL, NULL, NULL, capture_tests},
	{"join", NULL, NULL, NULL, NULL, join_tests},
	{"early", NULL, NULL, NULL, NULL, early_tests},
	{"pipeline", NULL, NULL, NULL, NULL, pipeline_tests},
	{"serials", NULL, NULL, NULL, NULL, serials_tests},
	{"missing", NULL, NULL, NULL, NULL, missing_tests},
	{"ranges", NULL, NULL, NULL, NULL, ranges_tests},
	{"strides", NULL, NULL, NULL, NULL, strides_tests},
	{"fold", NULL, NULL, NULL, NULL, fold_tests},
	{"text", NULL, NULL, NULL, NULL, text_tests},
	{"record", NULL, NULL, NULL, NULL, record_tests},
	{"notes", NULL, NULL, NULL, NULL, notes_tests},
	{"queue", NULL, NULL, NULL, NULL, queue_tests},
	{"inject", NULL, NULL, NULL, NULL, inject_tests},
	{"in_flight", NULL, NULL, NULL, NULL, in_flight_tests},
	{"losses", NULL, NULL, NULL, NULL, losses_tests},
	{"node", NULL, NULL, NULL, NULL, node_tests},
	{"reported", NULL, NULL, NULL, NULL, reported_tests},
	{"checkpoint", NULL, NULL, NULL, NULL, checkpoint_tests},
	{"ledger", NULL, NULL, NULL, NULL, ledger_tests},
	{"config", NULL, NULL, NULL, NULL, config_tests},
	{"log_socket", NULL, NULL, NULL, NULL, log_socket_tests},
	{"report", NULL, NULL, NULL, NULL, report_tests},
	{"selinux", NULL, NULL, NULL, NULL, selinux_tests},
	{"confinement", NULL, NULL, NULL, NULL, confinement_tests},
	CU_SUITE_INFO_NULL,
};

static CU_ErrorCode run_all(void)
{
	CU_ErrorCode err = CU_initialize_registry();

	if (!err)
		err = CU_register_suites(suites);
	CU_basic_set_mode(CU_BRM_NORMAL);
	if (!err)
		err = CU_basic_run_tests();
	return err;
}

int main(void)
{
	CU_ErrorCode err = run_all();
	unsigned int run = CU_get_number_of_tests_run();
	unsigned int failed = CU_get_number_of_tests_failed();

	if (err)
		printf("%s\n", CU_get_error_msg());
	CU_cleanup_registry();
	printf("\n%u passed, %u failed\n", run - failed, failed);
	return err || failed || !run ? EXIT_FAILURE : EXIT_SUCCESS;
}
