// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_join.c - the halves of a call find each other, once, or time out
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/join.h"
#include "unit.h"

#define TIMEOUT 1000
#define DEPTH 64

/* What the join handed over: "serial:s+c ", "serial:s " or "serial:c " each. */
struct bench {
	struct pvm_join *join;
	uint64_t passed; /* serial that the stream has come to */
	uint64_t moved_ms;
	unsigned int room; /* for captures without their SYSCALL records */
	char recorded[2048];
	size_t used;
};

static void record(void *arg, struct pvm_syscall *syscall,
		   struct pvm_capture *capture)
{
	struct bench *bench = arg;
	size_t room = sizeof(bench->recorded) - bench->used;
	unsigned long long serial = 0;
	int n;

	CU_ASSERT(syscall || capture);
	if (capture)
		serial = capture->id.serial;
	if (syscall)
		serial = syscall->id.serial;
	if (syscall && capture)
		CU_ASSERT(pvm_id_equal(&syscall->id, &capture->id));
	n = snprintf(bench->recorded + bench->used, room, "%llu:%s%s%s ",
		     serial, syscall ? "s" : "", syscall && capture ? "+" : "",
		     capture ? "c" : "");
	if (n > 0 && (size_t)n < room)
		bench->used += (size_t)n;
	free(syscall);
	free(capture);
}

static struct bench *new_bench(unsigned int depth)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	CU_ASSERT_PTR_NOT_NULL_FATAL(bench);
	bench->passed = UINT64_MAX;
	bench->room = UINT_MAX;
	bench->join = pvm_join_new(depth, TIMEOUT, record, bench);
	CU_ASSERT_PTR_NOT_NULL_FATAL(bench->join);
	return bench;
}

static void free_bench(struct bench *bench)
{
	pvm_join_free(bench->join);
	free(bench);
}

static void syscall_at(struct bench *bench, uint64_t serial, uint64_t now_ms)
{
	pvm_join_syscall(bench->join, unit_syscall(serial), true, now_ms);
}

static void capture_at(struct bench *bench, uint64_t serial, uint64_t now_ms)
{
	pvm_join_capture(bench->join, unit_capture(serial, 1, 1), now_ms);
}

static bool has_passed(void *arg, const struct pvm_id *id)
{
	const struct bench *bench = arg;

	return id->serial <= bench->passed;
}

/* Asked once for each that is handed over. */
static bool has_room(void *arg)
{
	struct bench *bench = arg;

	return bench->room && bench->room--;
}

/* Where a test says nothing of the stream, it has passed everything. */
static void expire(struct bench *bench, uint64_t now_ms)
{
	struct pvm_join_stream stream = {has_passed, bench, bench->moved_ms,
					 has_room};

	pvm_join_expire(bench->join, &stream, now_ms);
}

/* The stream comes to the event @serial. */
static void move_stream(struct bench *bench, uint64_t serial, uint64_t now_ms)
{
	bench->passed = serial;
	bench->moved_ms = now_ms;
	expire(bench, now_ms);
}

/* Another record of the event @serial comes. */
static void see_at(struct bench *bench, uint64_t serial, uint64_t now_ms)
{
	struct pvm_syscall *syscall = unit_syscall(serial);

	pvm_join_see(bench->join, &syscall->id, now_ms);
	free(syscall);
}

/* Captures that are missing their records count as well. */
static void add_pending(struct bench *bench, struct pvm_span *span)
{
	struct pvm_join_stream stream = {has_passed, bench, 0, NULL};
	struct pvm_missing missing = {0};

	pvm_join_missing(bench->join, &stream, &missing);
	missing.bounds.count = pvm_missing_count(&missing);
	pvm_join_pending(bench->join, span);
	pvm_span_add(span, &missing.bounds);
}

/* What has been recorded since the last such check. */
static void expect_recorded(struct bench *bench, const char *want)
{
	SAME_TEXT(bench->recorded, want);
	bench->used = 0;
	bench->recorded[0] = '\0';
}

static void expect_waiting(const struct bench *bench, unsigned int want)
{
	SAME_NUMBER(pvm_join_waiting(bench->join), want);
}

/* joined, no_capture, no_syscall, late, evicted */
static void expect_counters(const struct bench *bench, const char *want)
{
	const struct pvm_join_counters *counters =
		pvm_join_counters(bench->join);
	char recorded[128];

	snprintf(recorded, sizeof(recorded), "%llu %llu %llu %llu %llu",
		 (unsigned long long)counters->joined,
		 (unsigned long long)counters->no_capture,
		 (unsigned long long)counters->no_syscall,
		 (unsigned long long)counters->late,
		 (unsigned long long)counters->evicted);
	SAME_TEXT(recorded, want);
}

static void capture_first_waits_for_its_syscall(void)
{
	struct bench *bench = new_bench(DEPTH);

	capture_at(bench, 7, 100);
	expect_recorded(bench, "");
	expect_waiting(bench, 1);
	syscall_at(bench, 7, 100);
	expect_recorded(bench, "7:s+c ");
	expect_waiting(bench, 0);
	expect_counters(bench, "1 0 0 0 0");
	free_bench(bench);
}

static void syscall_first_waits_for_its_capture(void)
{
	struct bench *bench = new_bench(DEPTH);

	syscall_at(bench, 7, 100);
	expect_recorded(bench, "");
	expect_waiting(bench, 1);
	capture_at(bench, 7, 1099);
	expect_recorded(bench, "7:s+c ");
	expect_waiting(bench, 0);
	expire(bench, 100000);
	expect_recorded(bench, "");
	expect_counters(bench, "1 0 0 0 0");
	free_bench(bench);
}

static void syscall_that_must_not_wait_is_recorded_at_once(void)
{
	struct bench *bench = new_bench(DEPTH);

	pvm_join_syscall(bench->join, unit_syscall(7), false, 100);
	expect_recorded(bench, "7:s ");
	expect_waiting(bench, 0);
	expect_counters(bench, "0 1 0 0 0");
	free_bench(bench);
}

static void syscall_that_must_not_wait_still_finds_its_capture(void)
{
	struct bench *bench = new_bench(DEPTH);

	capture_at(bench, 7, 100);
	pvm_join_syscall(bench->join, unit_syscall(7), false, 100);
	expect_recorded(bench, "7:s+c ");
	expect_counters(bench, "1 0 0 0 0");
	free_bench(bench);
}

static void only_a_capture_that_waits_is_held(void)
{
	struct bench *bench = new_bench(DEPTH);

	syscall_at(bench, 8, 100);
	CU_ASSERT_PTR_NULL(pvm_join_oldest(bench->join));
	capture_at(bench, 7, 100);
	capture_at(bench, 6, 100);
	CU_ASSERT_PTR_NOT_NULL_FATAL(pvm_join_oldest(bench->join));
	SAME_NUMBER(pvm_join_oldest(bench->join)->serial, 7);
	CU_ASSERT_TRUE(pvm_join_holds(bench->join, 7));
	CU_ASSERT_FALSE(pvm_join_holds(bench->join, 8));
	CU_ASSERT_FALSE(pvm_join_holds(bench->join, 9));
	CU_ASSERT_FALSE(pvm_join_holds(bench->join, 7 + 128));
	syscall_at(bench, 7, 100);
	CU_ASSERT_FALSE(pvm_join_holds(bench->join, 7));
	expect_recorded(bench, "7:s+c ");
	SAME_NUMBER(pvm_join_oldest(bench->join)->serial, 6);
	free_bench(bench);
}

static void halves_join_in_any_order(void)
{
	struct bench *bench = new_bench(DEPTH);

	capture_at(bench, 1, 0);
	capture_at(bench, 2, 0);
	syscall_at(bench, 3, 0);
	capture_at(bench, 4, 0);
	expect_waiting(bench, 4);
	syscall_at(bench, 4, 1);
	syscall_at(bench, 2, 1);
	capture_at(bench, 3, 1);
	syscall_at(bench, 1, 1);
	expect_recorded(bench, "4:s+c 2:s+c 3:s+c 1:s+c ");
	expect_waiting(bench, 0);
	expect_counters(bench, "4 0 0 0 0");
	free_bench(bench);
}

static void half_times_out_exactly_at_its_time(void)
{
	struct bench *bench = new_bench(DEPTH);

	capture_at(bench, 7, 90);
	see_at(bench, 7, 100);
	see_at(bench, 7, 500);
	syscall_at(bench, 8, 101);
	expire(bench, 1099);
	expect_recorded(bench, "");
	expect_waiting(bench, 2);
	expire(bench, 1100);
	expect_recorded(bench, "7:c ");
	expect_waiting(bench, 1);
	expire(bench, 1101);
	expect_recorded(bench, "8:s ");
	expect_waiting(bench, 0);
	expire(bench, 9999);
	expect_recorded(bench, "");
	expect_counters(bench, "0 1 1 0 0");
	free_bench(bench);
}

/* However long join_timeout is: a stream that lags is not a missing half. */
static void capture_waits_until_the_stream_has_passed_it(void)
{
	struct bench *bench = new_bench(DEPTH);

	capture_at(bench, 7, 100);
	for (uint64_t now_ms = 1000; now_ms <= 600000; now_ms += 1000)
		move_stream(bench, 6, now_ms);
	expect_recorded(bench, "");
	expect_waiting(bench, 1);
	SAME_NUMBER(PVM_JOIN_LATE_MS, 120000);
	move_stream(bench, 7, 600500);
	expire(bench, 720499);
	expect_recorded(bench, "");
	expire(bench, 720500);
	expect_recorded(bench, "7:c ");
	expect_counters(bench, "0 0 1 0 0");
	free_bench(bench);
}

static void capture_waits_for_a_stream_that_lags(void)
{
	struct bench *bench = new_bench(DEPTH);

	capture_at(bench, 7, 100);
	move_stream(bench, 6, 50000);
	move_stream(bench, 6, 100000);
	syscall_at(bench, 7, 150000);
	expect_recorded(bench, "7:s+c ");
	expect_waiting(bench, 0);
	free_bench(bench);
}

/* The kernel has held its SYSCALL record back. */
static void capture_passed_waits_while_nothing_of_its_event_has_come(void)
{
	struct bench *bench = new_bench(DEPTH);

	capture_at(bench, 7, 100);
	capture_at(bench, 8, 100);
	capture_at(bench, 9, 100);
	move_stream(bench, 9, 200);
	see_at(bench, 8, 300);
	expire(bench, 1299);
	expect_recorded(bench, "");
	expire(bench, 1300);
	expect_recorded(bench, "8:c ");
	SAME_NUMBER(pvm_join_oldest(bench->join)->serial, 7);
	syscall_at(bench, 7, 120199);
	expect_recorded(bench, "7:s+c ");
	expire(bench, 120199);
	expect_recorded(bench, "");
	expire(bench, 120200);
	expect_recorded(bench, "9:c ");
	expect_counters(bench, "1 0 2 0 0");
	free_bench(bench);
}

/* It is what has been dropped, and not waited for like what is missing. */
static void capture_seen_is_pending_and_held_but_not_the_oldest(void)
{
	struct bench *bench = new_bench(2);
	struct pvm_span span = {0};

	capture_at(bench, 7, 100);
	see_at(bench, 7, 100);
	CU_ASSERT_PTR_NULL(pvm_join_oldest(bench->join));
	CU_ASSERT_TRUE(pvm_join_holds(bench->join, 7));
	add_pending(bench, &span);
	SAME_NUMBER(span.count, 1);
	capture_at(bench, 8, 101);
	capture_at(bench, 9, 102);
	expect_recorded(bench, "7:c ");
	see_at(bench, 8, 103);
	syscall_at(bench, 8, 104);
	expect_recorded(bench, "8:s+c ");
	see_at(bench, 9, 105);
	pvm_join_flush(bench->join);
	expect_recorded(bench, "9:c ");
	expect_waiting(bench, 0);
	free_bench(bench);
}

/* Nothing waits for what has come whole, or for what is not ours. */
static void records_of_other_events_move_nothing(void)
{
	struct bench *bench = new_bench(DEPTH);

	see_at(bench, 7, 50);
	syscall_at(bench, 7, 100);
	see_at(bench, 7, 900);
	expire(bench, 1099);
	expect_recorded(bench, "");
	expire(bench, 1100);
	expect_recorded(bench, "7:s ");
	free_bench(bench);
}

/* It has nothing to do with how far the stream is. */
static void syscall_does_not_wait_for_the_stream(void)
{
	struct bench *bench = new_bench(DEPTH);

	bench->passed = 0;
	syscall_at(bench, 7, 100);
	expire(bench, 1099);
	expect_recorded(bench, "");
	expire(bench, 1100);
	expect_recorded(bench, "7:s ");
	free_bench(bench);
}

/* The half that needs none does not wait for it. */
static void captures_that_time_out_wait_for_room(void)
{
	struct bench *bench = new_bench(DEPTH);

	for (uint64_t serial = 1; serial <= 5; serial++)
		capture_at(bench, serial, 1);
	for (uint64_t serial = 3; serial <= 5; serial++)
		see_at(bench, serial, 1);
	syscall_at(bench, 6, 1);
	bench->room = 2;
	expire(bench, 1 + TIMEOUT);
	expect_recorded(bench, "3:c 4:c 6:s ");
	expire(bench, 1 + PVM_JOIN_LATE_MS);
	expect_recorded(bench, "");
	syscall_at(bench, 5, 1 + PVM_JOIN_LATE_MS);
	expect_recorded(bench, "5:s+c ");
	bench->room = 1;
	expire(bench, 1 + PVM_JOIN_LATE_MS + TIMEOUT);
	expect_recorded(bench, "1:c ");
	bench->room = 1;
	expire(bench, 1 + PVM_JOIN_LATE_MS + TIMEOUT);
	expect_recorded(bench, "2:c ");
	free_bench(bench);
}

/* One that stands still in which no event comes at all. */
static void capture_gives_up_on_a_stream_that_stands_still(void)
{
	struct bench *bench = new_bench(DEPTH);

	SAME_NUMBER(PVM_JOIN_STILL_MS, 60000);
	move_stream(bench, 6, 50);
	capture_at(bench, 7, 100);
	expire(bench, 61099);
	expect_recorded(bench, "");
	expire(bench, 61100);
	expect_recorded(bench, "7:c ");
	capture_at(bench, 8, 70000);
	capture_at(bench, 9, 70001);
	move_stream(bench, 6, 80000);
	expire(bench, 140999);
	expect_recorded(bench, "");
	expire(bench, 141000);
	expect_recorded(bench, "8:c 9:c ");
	expect_counters(bench, "0 0 3 0 0");
	free_bench(bench);
}

/* None waits for the one before it to have waited. */
static void captures_passed_at_once_time_out_at_once(void)
{
	struct bench *bench = new_bench(DEPTH);

	bench->passed = 0;
	for (uint64_t serial = 1; serial <= 5; serial++)
		capture_at(bench, serial, 100 * serial);
	move_stream(bench, 3, 5000);
	move_stream(bench, 5, 5500);
	expire(bench, 124999);
	expect_recorded(bench, "");
	expire(bench, 125000);
	expect_recorded(bench, "1:c 2:c 3:c ");
	expire(bench, 125499);
	expect_recorded(bench, "");
	expire(bench, 125500);
	expect_recorded(bench, "4:c 5:c ");
	free_bench(bench);
}

/* The first that the stream has not passed may go before it does. */
static void captures_behind_one_that_has_gone_are_passed(void)
{
	struct bench *bench = new_bench(3);

	bench->passed = 0;
	for (uint64_t serial = 1; serial <= 4; serial++)
		capture_at(bench, serial, 100);
	expect_recorded(bench, "1:c ");
	syscall_at(bench, 2, 200);
	expect_recorded(bench, "2:s+c ");
	move_stream(bench, 3, 300);
	syscall_at(bench, 4, 400);
	expect_recorded(bench, "4:s+c ");
	capture_at(bench, 5, 500);
	move_stream(bench, 5, 600);
	expire(bench, 120299);
	expect_recorded(bench, "");
	expire(bench, 120300);
	expect_recorded(bench, "3:c ");
	expire(bench, 120599);
	expect_recorded(bench, "");
	expire(bench, 120600);
	expect_recorded(bench, "5:c ");
	expect_waiting(bench, 0);
	free_bench(bench);
}

static void capture_passed_still_finds_its_syscall(void)
{
	struct bench *bench = new_bench(DEPTH);

	capture_at(bench, 7, 100);
	move_stream(bench, 8, 200);
	syscall_at(bench, 7, 1199);
	expect_recorded(bench, "7:s+c ");
	expect_waiting(bench, 0);
	free_bench(bench);
}

static void expired_captures_are_recorded_oldest_first(void)
{
	struct bench *bench = new_bench(DEPTH);

	capture_at(bench, 9, 1);
	capture_at(bench, 5, 2);
	move_stream(bench, 9, 2000);
	capture_at(bench, 6, 2500);
	expire(bench, 122000);
	expect_recorded(bench, "9:c 5:c ");
	expect_waiting(bench, 1);
	free_bench(bench);
}

static void expired_syscalls_are_recorded_oldest_first(void)
{
	struct bench *bench = new_bench(DEPTH);

	syscall_at(bench, 9, 1);
	syscall_at(bench, 5, 2);
	syscall_at(bench, 6, 2500);
	expire(bench, 3000);
	expect_recorded(bench, "9:s 5:s ");
	expect_waiting(bench, 1);
	free_bench(bench);
}

static void timeout_can_be_changed_while_halves_wait(void)
{
	struct bench *bench = new_bench(DEPTH);

	capture_at(bench, 7, 50);
	see_at(bench, 7, 100);
	syscall_at(bench, 8, 101);
	pvm_join_set_timeout(bench->join, 50);
	expire(bench, 149);
	expect_recorded(bench, "");
	expire(bench, 150);
	expect_recorded(bench, "7:c ");
	expire(bench, 151);
	expect_recorded(bench, "8:s ");
	free_bench(bench);
}

/* Whoever gives SYSCALL records remembers those, as does the next process. */
static void capture_recorded_alone_is_not_remembered(void)
{
	struct bench *bench = new_bench(DEPTH);

	capture_at(bench, 7, 50);
	capture_at(bench, 8, 50);
	see_at(bench, 7, 100);
	see_at(bench, 8, 100);
	expire(bench, 1100);
	expect_recorded(bench, "7:c 8:c ");
	pvm_join_syscall(bench->join, unit_syscall(7), false, 1101);
	expect_recorded(bench, "7:s ");
	syscall_at(bench, 8, 1101);
	expect_waiting(bench, 1);
	pvm_join_flush(bench->join);
	expect_recorded(bench, "8:s ");
	expect_counters(bench, "0 2 2 0 0");
	free_bench(bench);
}

/* However late, as long as no more than 8192 others were recorded since. */
static void recorded_id_is_remembered_by_number_not_by_time(void)
{
	struct bench *bench = new_bench(1);

	syscall_at(bench, 7, 0);
	expire(bench, 1000);
	expect_recorded(bench, "7:s ");
	for (uint64_t serial = 1000; serial < 1000 + 8191; serial++) {
		syscall_at(bench, serial, 1000);
		pvm_join_flush(bench->join);
		bench->used = 0;
		bench->recorded[0] = '\0';
	}
	capture_at(bench, 7, 1u << 30);
	expect_waiting(bench, 0);
	syscall_at(bench, 8, 1u << 30);
	pvm_join_flush(bench->join);
	expect_recorded(bench, "8:s ");
	capture_at(bench, 7, 1u << 30);
	pvm_join_flush(bench->join);
	expect_recorded(bench, "7:c ");
	free_bench(bench);
}

/* 600,000 bytes may wait, 600 for each of 1000: 14 halves of 41 KB. */
static void long_halves_are_evicted_by_their_bytes(void)
{
	struct bench *bench = new_bench(1000);

	for (uint64_t serial = 1; serial <= 14; serial++)
		pvm_join_capture(bench->join, unit_capture(serial, 1024, 1550),
				 0);
	expect_recorded(bench, "");
	for (uint64_t serial = 15; serial <= 17; serial++)
		pvm_join_capture(bench->join, unit_capture(serial, 1024, 1550),
				 0);
	expect_recorded(bench, "1:c 2:c 3:c ");
	expect_waiting(bench, 14);
	free_bench(bench);
}

static void calls_that_wait_are_pending(void)
{
	struct bench *bench = new_bench(DEPTH);
	struct pvm_span span = {0};

	add_pending(bench, &span);
	SAME_NUMBER(span.count, 0);
	capture_at(bench, 9, 0);
	syscall_at(bench, 7, 0);
	syscall_at(bench, 8, 0);
	add_pending(bench, &span);
	SAME_NUMBER(span.count, 3);
	SAME_NUMBER(span.first.serial, 7);
	SAME_NUMBER(span.last.serial, 9);
	free_bench(bench);
}

static void second_capture_of_a_call_is_dropped(void)
{
	struct bench *bench = new_bench(DEPTH);

	capture_at(bench, 7, 0);
	capture_at(bench, 7, 1);
	expect_waiting(bench, 1);
	syscall_at(bench, 7, 2);
	expect_recorded(bench, "7:s+c ");
	expect_waiting(bench, 0);
	expect_counters(bench, "1 0 0 1 0");
	free_bench(bench);
}

static void second_syscall_of_a_call_is_dropped(void)
{
	struct bench *bench = new_bench(DEPTH);

	syscall_at(bench, 7, 0);
	syscall_at(bench, 7, 1);
	expect_waiting(bench, 1);
	capture_at(bench, 7, 2);
	expect_recorded(bench, "7:s+c ");
	expect_waiting(bench, 0);
	expect_counters(bench, "1 0 0 1 0");
	free_bench(bench);
}

static void same_serial_of_another_second_is_another_call(void)
{
	struct bench *bench = new_bench(DEPTH);
	struct pvm_syscall *syscall = unit_syscall(7);
	struct pvm_capture *capture = unit_capture(7, 1, 1);

	syscall->id.sec++;
	capture->id.msec++;
	capture_at(bench, 7, 0);
	pvm_join_syscall(bench->join, syscall, true, 1);
	pvm_join_capture(bench->join, capture, 2);
	expect_recorded(bench, "");
	expect_waiting(bench, 3);
	pvm_join_flush(bench->join);
	expect_recorded(bench, "7:c 7:s 7:c ");
	free_bench(bench);
}

/* As many serials as fall on one chain of the table, and more. */
static void serials_that_collide_are_kept_apart(void)
{
	struct bench *bench = new_bench(DEPTH);

	for (uint64_t i = 0; i < 4; i++)
		capture_at(bench, 5 + i * 65536, 0);
	syscall_at(bench, 5 + 2 * 65536, 0);
	syscall_at(bench, 5, 0);
	syscall_at(bench, 5 + 3 * 65536, 0);
	syscall_at(bench, 5 + 65536, 0);
	expect_recorded(bench, "131077:s+c 5:s+c 196613:s+c 65541:s+c ");
	free_bench(bench);
}

static void serial_is_compared_in_all_its_bits(void)
{
	struct bench *bench = new_bench(DEPTH);

	capture_at(bench, 7, 0);
	syscall_at(bench, 7 + (1ULL << 32), 0);
	expect_recorded(bench, "");
	expect_waiting(bench, 2);
	free_bench(bench);
}

static void oldest_half_is_evicted_when_the_table_is_full(void)
{
	struct bench *bench = new_bench(3);

	capture_at(bench, 1, 0);
	syscall_at(bench, 2, 1);
	capture_at(bench, 3, 2);
	expect_recorded(bench, "");
	capture_at(bench, 4, 3);
	expect_recorded(bench, "1:c ");
	expect_waiting(bench, 3);
	syscall_at(bench, 5, 4);
	expect_recorded(bench, "2:s ");
	expect_counters(bench, "0 1 1 0 2");
	syscall_at(bench, 3, 5);
	expect_recorded(bench, "3:s+c ");
	expect_waiting(bench, 2);
	free_bench(bench);
}

/* Memory is bounded, however far behind the stream is. */
static void capture_not_passed_is_evicted_as_well(void)
{
	struct bench *bench = new_bench(2);

	bench->passed = 0;
	for (uint64_t serial = 1; serial <= 5; serial++)
		capture_at(bench, serial, serial);
	expect_recorded(bench, "1:c 2:c 3:c ");
	expect_waiting(bench, 2);
	expect_counters(bench, "0 0 3 0 3");
	free_bench(bench);
}

static void recorded_ids_take_no_room_from_halves(void)
{
	struct bench *bench = new_bench(3);

	syscall_at(bench, 1, 0);
	syscall_at(bench, 2, 0);
	expire(bench, 1000);
	expect_recorded(bench, "1:s 2:s ");
	syscall_at(bench, 3, 1001);
	syscall_at(bench, 4, 1001);
	expect_recorded(bench, "");
	capture_at(bench, 2, 1001);
	expect_counters(bench, "0 2 0 1 0");
	syscall_at(bench, 5, 1001);
	expect_recorded(bench, "");
	expect_waiting(bench, 3);
	expect_counters(bench, "0 2 0 1 0");
	free_bench(bench);
}

static void evicted_syscall_is_not_recorded_again(void)
{
	struct bench *bench = new_bench(3);

	for (uint64_t serial = 1; serial <= 4; serial++)
		syscall_at(bench, serial, 0);
	expect_recorded(bench, "1:s ");
	capture_at(bench, 1, 0);
	expect_recorded(bench, "");
	expect_waiting(bench, 3);
	expect_counters(bench, "0 1 0 1 1");
	free_bench(bench);
}

static void late_capture_is_not_recorded_again(void)
{
	struct bench *bench = new_bench(DEPTH);

	syscall_at(bench, 9, 0);
	expire(bench, TIMEOUT);
	expect_recorded(bench, "9:s ");
	capture_at(bench, 9, TIMEOUT + 1);
	expire(bench, 2 * TIMEOUT + 1);
	expect_recorded(bench, "");
	expect_counters(bench, "0 1 0 1 0");
	free_bench(bench);
}

static void many_calls_pass_through_a_small_table(void)
{
	struct bench *bench = new_bench(2);

	for (uint64_t i = 0; i < 1000; i++) {
		capture_at(bench, i, i);
		syscall_at(bench, i, i);
	}
	expect_waiting(bench, 0);
	expect_counters(bench, "1000 0 0 0 0");
	for (uint64_t i = 0; i < 1000; i++)
		capture_at(bench, 2000 + i, 2000);
	expect_waiting(bench, 2);
	expect_counters(bench, "1000 0 998 0 998");
	free_bench(bench);
}

static void flush_records_everything_once_oldest_first(void)
{
	struct bench *bench = new_bench(DEPTH);

	bench->passed = 0;
	capture_at(bench, 1, 0);
	syscall_at(bench, 2, 1);
	capture_at(bench, 4, 2);
	syscall_at(bench, 3, 3);
	pvm_join_flush(bench->join);
	expect_recorded(bench, "1:c 2:s 4:c 3:s ");
	expect_waiting(bench, 0);
	pvm_join_flush(bench->join);
	expect_recorded(bench, "");
	expect_counters(bench, "0 2 2 0 0");
	free_bench(bench);
}

static void table_is_usable_after_a_flush(void)
{
	struct bench *bench = new_bench(2);

	capture_at(bench, 1, 0);
	capture_at(bench, 2, 0);
	pvm_join_flush(bench->join);
	expect_recorded(bench, "1:c 2:c ");
	capture_at(bench, 3, 1);
	capture_at(bench, 4, 1);
	expect_recorded(bench, "");
	syscall_at(bench, 3, 1);
	expect_recorded(bench, "3:s+c ");
	free_bench(bench);
}

static void pending_are_the_calls_of_which_a_half_waits(void)
{
	struct bench *bench = new_bench(DEPTH);
	struct pvm_span span = {0};

	add_pending(bench, &span);
	SAME_NUMBER(span.count, 0);
	for (uint64_t serial = 5; serial <= 8; serial++)
		capture_at(bench, serial, 1);
	syscall_at(bench, 3, 1);
	syscall_at(bench, 8, 1);
	add_pending(bench, &span);
	SAME_SPAN(&span, "4 1795288457.412:3-1795288457.412:7");
	/* a half recorded is not pending; one that waits widens the span */
	see_at(bench, 5, 1);
	see_at(bench, 6, 1);
	see_at(bench, 7, 1);
	expire(bench, 1 + TIMEOUT);
	capture_at(bench, 9, 1 + TIMEOUT);
	add_pending(bench, &span);
	SAME_SPAN(&span, "5 1795288457.412:3-1795288457.412:9");
	free_bench(bench);
}

/* Its SYSCALL record goes to the next process, which finds it, or misses it. */
static void capture_that_the_stream_has_not_come_to_is_not_pending(void)
{
	struct bench *bench = new_bench(DEPTH);
	struct pvm_join_stream stream = {has_passed, bench, 0, NULL};
	struct pvm_missing missing = {0};
	struct pvm_span span = {0};

	bench->passed = 6;
	for (uint64_t serial = 5; serial <= 8; serial++)
		capture_at(bench, serial, 1);
	see_at(bench, 8, 2);
	pvm_join_pending(bench->join, &span);
	SAME_SPAN(&span, "1 1795288457.412:8-1795288457.412:8");
	pvm_join_missing(bench->join, &stream, &missing);
	SAME_NUMBER(missing.nr, 1);
	SAME_NUMBER(missing.range[0].first, 5);
	SAME_NUMBER(missing.range[0].last, 6);
	free_bench(bench);
}

/* That nothing leaks here is the sanitizer's to say. */
static void free_records_nothing(void)
{
	struct bench *bench = new_bench(DEPTH);

	capture_at(bench, 1, 0);
	see_at(bench, 1, 1000);
	syscall_at(bench, 2, 1000);
	expire(bench, 2000);
	expect_recorded(bench, "1:c 2:s ");
	capture_at(bench, 3, 2000);
	see_at(bench, 3, 2000);
	capture_at(bench, 4, 2000);
	syscall_at(bench, 5, 2000);
	pvm_join_free(bench->join);
	expect_recorded(bench, "");
	free(bench);
	pvm_join_free(NULL);
}

CU_TestInfo join_tests[] = {
	TEST(capture_first_waits_for_its_syscall),
	TEST(syscall_first_waits_for_its_capture),
	TEST(syscall_that_must_not_wait_is_recorded_at_once),
	TEST(syscall_that_must_not_wait_still_finds_its_capture),
	TEST(only_a_capture_that_waits_is_held),
	TEST(halves_join_in_any_order),
	TEST(half_times_out_exactly_at_its_time),
	TEST(capture_waits_until_the_stream_has_passed_it),
	TEST(capture_waits_for_a_stream_that_lags),
	TEST(capture_passed_waits_while_nothing_of_its_event_has_come),
	TEST(capture_seen_is_pending_and_held_but_not_the_oldest),
	TEST(records_of_other_events_move_nothing),
	TEST(syscall_does_not_wait_for_the_stream),
	TEST(captures_that_time_out_wait_for_room),
	TEST(capture_gives_up_on_a_stream_that_stands_still),
	TEST(captures_passed_at_once_time_out_at_once),
	TEST(captures_behind_one_that_has_gone_are_passed),
	TEST(capture_passed_still_finds_its_syscall),
	TEST(expired_captures_are_recorded_oldest_first),
	TEST(expired_syscalls_are_recorded_oldest_first),
	TEST(timeout_can_be_changed_while_halves_wait),
	TEST(capture_recorded_alone_is_not_remembered),
	TEST(recorded_id_is_remembered_by_number_not_by_time),
	TEST(long_halves_are_evicted_by_their_bytes),
	TEST(calls_that_wait_are_pending),
	TEST(second_capture_of_a_call_is_dropped),
	TEST(second_syscall_of_a_call_is_dropped),
	TEST(same_serial_of_another_second_is_another_call),
	TEST(serials_that_collide_are_kept_apart),
	TEST(serial_is_compared_in_all_its_bits),
	TEST(oldest_half_is_evicted_when_the_table_is_full),
	TEST(capture_not_passed_is_evicted_as_well),
	TEST(recorded_ids_take_no_room_from_halves),
	TEST(evicted_syscall_is_not_recorded_again),
	TEST(late_capture_is_not_recorded_again),
	TEST(many_calls_pass_through_a_small_table),
	TEST(flush_records_everything_once_oldest_first),
	TEST(table_is_usable_after_a_flush),
	TEST(pending_are_the_calls_of_which_a_half_waits),
	TEST(capture_that_the_stream_has_not_come_to_is_not_pending),
	TEST(free_records_nothing),
	CU_TEST_INFO_NULL,
};
