// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_counters.c - rows of counters become sums and spans
 */
#include <string.h>

#include "kernel/counters.h"
#include "unit.h"

static struct pvm_wire_counters rows[PVM_COUNTER_ROWS];

static void lose(int row, uint64_t first_ms, uint32_t first_serial,
		 uint64_t last_ms, uint32_t last_serial)
{
	rows[row].lost[PVM_K_LOST_RING] = (struct pvm_wire_span){
		{first_ms, first_serial, 0},
		{last_ms, last_serial, 0},
	};
}

static void same_span(enum pvm_kernel_loss which, uint64_t first_ms,
		      uint32_t first_serial, uint64_t last_ms,
		      uint32_t last_serial)
{
	struct pvm_wire_span span;

	pvm_counters_span(rows, which, &span);
	SAME_NUMBER(span.first.ms, first_ms);
	SAME_NUMBER(span.first.serial, first_serial);
	SAME_NUMBER(span.last.ms, last_ms);
	SAME_NUMBER(span.last.serial, last_serial);
}

static void sums_are_over_all_rows(void)
{
	uint64_t sums[PVM_K_COUNTERS];

	memset(rows, 0, sizeof(rows));
	rows[0].n[PVM_K_CALLS] = 3;
	rows[PVM_COUNTER_ROWS - 1].n[PVM_K_CALLS] = 4;
	rows[5].n[PVM_K_AUDIT_LOST] = 1;
	pvm_counters_sum(rows, sums);
	SAME_NUMBER(sums[PVM_K_CALLS], 7);
	SAME_NUMBER(sums[PVM_K_AUDIT_LOST], 1);
	SAME_NUMBER(sums[PVM_K_SENT], 0);
}

static void span_of_nothing_is_zero(void)
{
	memset(rows, 0, sizeof(rows));
	same_span(PVM_K_LOST_RING, 0, 0, 0, 0);
}

/* A long call has an early time and a late serial. */
static void span_goes_by_serial_where_there_is_one(void)
{
	memset(rows, 0, sizeof(rows));
	lose(3, 1000, 50, 4000, 60);
	lose(63, 2000, 40, 500, 70);
	lose(0, 3000, 55, 3000, 55);
	same_span(PVM_K_LOST_RING, 2000, 40, 500, 70);
	same_span(PVM_K_LOST_BACKLOG, 0, 0, 0, 0);
}

static void span_goes_by_time_where_there_is_no_serial(void)
{
	memset(rows, 0, sizeof(rows));
	lose(3, 1000, 0, 4000, 0);
	lose(7, 900, 0, 3000, 0);
	same_span(PVM_K_LOST_RING, 900, 0, 4000, 0);
}

/* The kernel is just about to write the other end. */
static void span_that_is_half_written_is_left_out(void)
{
	memset(rows, 0, sizeof(rows));
	lose(3, 1000, 50, 4000, 60);
	lose(4, 900, 40, 0, 0);
	same_span(PVM_K_LOST_RING, 1000, 50, 4000, 60);
}

CU_TestInfo counters_tests[] = {
	TEST(sums_are_over_all_rows),
	TEST(span_of_nothing_is_zero),
	TEST(span_goes_by_serial_where_there_is_one),
	TEST(span_goes_by_time_where_there_is_no_serial),
	TEST(span_that_is_half_written_is_left_out),
	CU_TEST_INFO_NULL,
};
