// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_returns.c - what comes round has arrived, what does not is lost
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/in_flight.h"
#include "unit.h"

struct bench {
	struct pvm_in_flight *returns;
	struct pvm_losses losses;
	struct unit_told told;
};

static bool tell(void *arg, enum pvm_loss why, const struct pvm_span *span)
{
	unit_tell(arg, why, span);
	return true;
}

static void start_bench(struct bench *bench)
{
	memset(bench, 0, sizeof(*bench));
	bench->returns = pvm_in_flight_new();
	CU_ASSERT_PTR_NOT_NULL_FATAL(bench->returns);
}

static void expect_text(struct bench *bench, const char *text, uint64_t serial,
			uint64_t now_ms)
{
	struct pvm_id id = unit_id(serial);
	struct pvm_span span = {1, id, id};

	CU_ASSERT_TRUE(pvm_in_flight_expect(bench->returns, text, strlen(text),
					    PVM_LOSS_NOT_CONFIRMED, &span,
					    now_ms));
}

static bool take_text(struct bench *bench, const char *text, uint64_t now_ms)
{
	return pvm_in_flight_confirm(bench->returns, text, strlen(text),
				     now_ms);
}

#define RECORD                                                   \
	"op=process_vm_readv event=1795288457.412:%u auid=1000 " \
	"uid=1000 comm=\"gdb\" exe=\"/usr/bin/gdb\" pid=4242"

/* The record of the event @serial is sent. */
static void expect(struct bench *bench, unsigned int serial, uint64_t now_ms)
{
	char text[256];

	snprintf(text, sizeof(text), RECORD, serial);
	expect_text(bench, text, serial, now_ms);
}

/* It comes round, with what the C library puts behind it. */
static bool take(struct bench *bench, unsigned int serial, uint64_t now_ms)
{
	char text[256];

	snprintf(text, sizeof(text),
		 RECORD " exe=\"/usr/sbin/audisp-pvm\" res=success'\n", serial);
	return take_text(bench, text, now_ms);
}

static void expect_waiting(const struct bench *bench, unsigned int want)
{
	SAME_NUMBER(pvm_in_flight_waiting(bench->returns), want);
}

/* What is lost at @now_ms and was not before, while events are @missing. */
static void expect_lost_while(struct bench *bench, bool missing,
			      uint64_t now_ms, const char *want)
{
	pvm_in_flight_expire(bench->returns, now_ms, missing, &bench->losses);
	pvm_losses_declare(&bench->losses, UINT64_MAX, tell, &bench->told);
	SAME_TOLD(&bench->told, want);
}

static void expect_lost(struct bench *bench, uint64_t now_ms, const char *want)
{
	expect_lost_while(bench, false, now_ms, want);
}

static void stop_bench(struct bench *bench, const char *want)
{
	expect_lost(bench, UINT64_MAX, want);
	expect_waiting(bench, 0);
	pvm_in_flight_free(bench->returns);
}

static void what_comes_round_in_order_is_not_lost(void)
{
	struct bench bench;

	start_bench(&bench);
	for (unsigned int i = 1; i <= 3; i++)
		expect(&bench, i, 0);
	expect_waiting(&bench, 3);
	for (unsigned int i = 1; i <= 3; i++)
		CU_ASSERT_TRUE(take(&bench, i, 0));
	expect_waiting(&bench, 0);
	stop_bench(&bench, "");
}

static void what_was_not_sent_is_not_taken(void)
{
	struct bench bench;

	start_bench(&bench);
	CU_ASSERT_FALSE(take(&bench, 1, 0));
	expect(&bench, 2, 0);
	CU_ASSERT_FALSE(take(&bench, 1, 0));
	CU_ASSERT_TRUE(take(&bench, 2, 0));
	CU_ASSERT_FALSE(take(&bench, 2, 0));
	stop_bench(&bench, "");
}

static void overtaken_is_lost_after_exactly_three_seconds(void)
{
	struct bench bench;

	start_bench(&bench);
	expect(&bench, 1, 0);
	expect(&bench, 2, 0);
	CU_ASSERT_TRUE(take(&bench, 2, 1000));
	expect_lost(&bench, 3999, "");
	expect_waiting(&bench, 1);
	expect_lost(&bench, 4000, "not-confirmed 1 1000.001:1-1000.001:1\n");
	expect_waiting(&bench, 0);
	CU_ASSERT_FALSE(take(&bench, 1, 4001));
	stop_bench(&bench, "");
}

static void overtaken_again_waits_no_longer(void)
{
	struct bench bench;

	start_bench(&bench);
	for (unsigned int i = 1; i <= 3; i++)
		expect(&bench, i, 0);
	CU_ASSERT_TRUE(take(&bench, 2, 1000));
	CU_ASSERT_TRUE(take(&bench, 3, 3000));
	expect_lost(&bench, 4000, "not-confirmed 1 1000.001:1-1000.001:1\n");
	stop_bench(&bench, "");
}

static void overtaken_waits_while_events_are_missing(void)
{
	struct bench bench;

	start_bench(&bench);
	for (unsigned int i = 1; i <= 4; i++)
		expect(&bench, i, 500);
	CU_ASSERT_TRUE(take(&bench, 4, 1000));
	expect_lost_while(&bench, true, 4000, "");
	CU_ASSERT_TRUE(take(&bench, 2, 5000));
	expect_lost_while(&bench, true, 120499, "");
	expect_lost_while(&bench, true, 120500,
			  "not-confirmed 2 1000.001:1-1000.003:3\n");
	stop_bench(&bench, "");
}

static void overtaken_is_lost_as_soon_as_no_event_is_missing(void)
{
	struct bench bench;

	start_bench(&bench);
	expect(&bench, 1, 0);
	expect(&bench, 2, 0);
	CU_ASSERT_TRUE(take(&bench, 2, 1000));
	expect_lost_while(&bench, true, 9000, "");
	expect_lost(&bench, 9001, "not-confirmed 1 1000.001:1-1000.001:1\n");
	stop_bench(&bench, "");
}

static void overtaken_may_come_late(void)
{
	struct bench bench;

	start_bench(&bench);
	for (unsigned int i = 1; i <= 4; i++)
		expect(&bench, i, 0);
	CU_ASSERT_TRUE(take(&bench, 4, 1000));
	CU_ASSERT_TRUE(take(&bench, 2, 3999));
	CU_ASSERT_TRUE(take(&bench, 3, 3999));
	CU_ASSERT_TRUE(take(&bench, 1, 3999));
	stop_bench(&bench, "");
}

static void any_is_lost_after_exactly_two_minutes(void)
{
	struct bench bench;

	start_bench(&bench);
	expect(&bench, 1, 500);
	expect(&bench, 2, 600);
	expect_lost(&bench, 120499, "");
	expect_lost(&bench, 120500, "not-confirmed 1 1000.001:1-1000.001:1\n");
	expect_lost(&bench, 120599, "");
	expect_lost(&bench, 120600, "not-confirmed 1 1000.002:2-1000.002:2\n");
	stop_bench(&bench, "");
}

/* The parts of a call are alike for longer than is compared. */
static void each_part_has_to_come(void)
{
	static const char part[] =
		"op=process_vm_readv event=1795288457.412:4294967295 "
		"auid=1000 uid=1000 comm=\"gdb\" part=%d/3";
	struct bench bench;
	char text[256];

	start_bench(&bench);
	for (int i = 1; i <= 3; i++) {
		snprintf(text, sizeof(text), part, i);
		expect_text(&bench, text, 7, 0);
	}
	for (int i = 1; i <= 2; i++) {
		snprintf(text, sizeof(text), part, i);
		CU_ASSERT_TRUE(take_text(&bench, text, 0));
	}
	expect_waiting(&bench, 1);
	CU_ASSERT_TRUE(take_text(&bench, text, 0));
	CU_ASSERT_FALSE(take_text(&bench, text, 0));
	stop_bench(&bench, "");
}

/* Seventy-two bytes are what a record is known by. */
static void start_is_compared_to_its_last_byte(void)
{
	static const char sent[] = "op=process_vm_readv "
				   "event=1795288457.412:4294967295 "
				   "auid=4294967295 uid=1000";
	char other[sizeof(sent)];
	struct bench bench;

	start_bench(&bench);
	expect_text(&bench, sent, 7, 0);
	memcpy(other, sent, sizeof(sent));
	other[71]++;
	CU_ASSERT_FALSE(take_text(&bench, other, 0));
	CU_ASSERT_FALSE(pvm_in_flight_confirm(bench.returns, sent, 71, 0));
	memcpy(other, sent, sizeof(sent));
	other[72]++;
	CU_ASSERT_TRUE(pvm_in_flight_confirm(bench.returns, other, 73, 0));
	stop_bench(&bench, "");
}

static void short_text_is_compared_whole(void)
{
	struct bench bench;

	start_bench(&bench);
	expect_text(&bench, "op=pvm-stop", 7, 0);
	CU_ASSERT_FALSE(take_text(&bench, "op=pvm-sto", 0));
	CU_ASSERT_FALSE(take_text(&bench, "", 0));
	CU_ASSERT_FALSE(take_text(&bench, "op=pvm-start", 0));
	CU_ASSERT_TRUE(take_text(&bench, "op=pvm-stop res=success'", 0));
	stop_bench(&bench, "");
}

static void oldest_is_given_up_when_there_are_too_many(void)
{
	struct bench bench;
	struct pvm_pending pending = {0};

	SAME_NUMBER(PVM_IN_FLIGHT_MAX, 8192);
	start_bench(&bench);
	for (unsigned int i = 1; i <= 8192; i++)
		expect(&bench, i, 0);
	expect_lost(&bench, 0, "");
	expect(&bench, 8193, 0);
	expect(&bench, 8194, 0);
	expect_waiting(&bench, 8192);
	CU_ASSERT_FALSE(take(&bench, 2, 0));
	pvm_in_flight_pending(bench.returns, &pending);
	SAME_SPAN(&pending.span, "8194 1000.001:1-1000.194:8194");
	/* those that come round first, without those given up */
	SAME_NUMBER(PVM_CHECKPOINT_RECORDS, 256);
	SAME_NUMBER(pending.records_nr, 256);
	SAME_NUMBER(pending.awaited[0].first, 3);
	SAME_NUMBER(pending.awaited[255].last, 258);
	expect_lost(&bench, 0, "not-confirmed 2 1000.001:1-1000.002:2\n");
	SAME_NUMBER(bench.losses.by[PVM_LOSS_NOT_CONFIRMED].total, 2);
	CU_ASSERT_TRUE(take(&bench, 8194, 0));
	stop_bench(&bench, "not-confirmed 8191 1000.003:3-1000.193:8193\n");
}

static void overtaken_are_given_up_before_others(void)
{
	struct bench bench;

	start_bench(&bench);
	for (unsigned int i = 1; i <= 8192; i++)
		expect(&bench, i, 0);
	CU_ASSERT_TRUE(take(&bench, 1, 0));
	CU_ASSERT_TRUE(take(&bench, 4, 0));
	for (unsigned int i = 8193; i <= 8196; i++)
		expect(&bench, i, 0);
	expect_waiting(&bench, 8192);
	expect_lost(&bench, 0, "not-confirmed 2 1000.002:2-1000.003:3\n");
	expect(&bench, 8197, 0);
	expect_lost(&bench, 0, "not-confirmed 1 1000.005:5-1000.005:5\n");
	pvm_in_flight_free(bench.returns);
}

static void what_is_not_sent_after_all_is_not_waited_for(void)
{
	struct bench bench;
	char text[256];

	start_bench(&bench);
	expect(&bench, 1, 0);
	expect(&bench, 2, 0);
	snprintf(text, sizeof(text), RECORD, 2u);
	pvm_in_flight_cancel(bench.returns, text, strlen(text));
	pvm_in_flight_cancel(bench.returns, text, strlen(text));
	expect_waiting(&bench, 1);
	CU_ASSERT_FALSE(take(&bench, 2, 0));
	stop_bench(&bench, "not-confirmed 1 1000.001:1-1000.001:1\n");
}

static void part_not_sent_leaves_the_others(void)
{
	struct bench bench;
	char text[256];

	start_bench(&bench);
	expect(&bench, 1, 0);
	expect(&bench, 1, 0);
	snprintf(text, sizeof(text), RECORD, 1u);
	pvm_in_flight_cancel(bench.returns, text, strlen(text));
	expect_waiting(&bench, 1);
	CU_ASSERT_TRUE(take(&bench, 1, 0));
	stop_bench(&bench, "");
}

static void pending_are_all_that_have_not_come(void)
{
	struct bench bench;
	struct pvm_pending pending = {.pid = 77};

	start_bench(&bench);
	pvm_in_flight_pending(bench.returns, &pending);
	SAME_NUMBER(pending.span.count, 0);
	SAME_NUMBER(pending.records_nr, 0);
	for (unsigned int i = 1; i <= 5; i++)
		expect(&bench, i, 0);
	CU_ASSERT_TRUE(take(&bench, 1, 0));
	CU_ASSERT_TRUE(take(&bench, 3, 0));
	pvm_in_flight_pending(bench.returns, &pending);
	SAME_SPAN(&pending.span, "3 1000.002:2-1000.005:5");
	SAME_NUMBER(pending.records_nr, 3);
	SAME_NUMBER(pending.awaited[2].pid, 77);
	SAME_NUMBER(pending.awaited[2].count, 1);
	SAME_NUMBER(pending.awaited[2].first, 5);
	SAME_NUMBER(pending.awaited[2].last, 5);
	pvm_in_flight_free(bench.returns);
}

/* Such are those about the plugin itself, and losses that times bound. */
static void record_that_no_serials_know_is_not_listed(void)
{
	struct pvm_span times = {2, {5, 1, 0}, {5, 2, 0}};
	struct pvm_pending pending = {0};

	pvm_pending_add(&pending, &(struct pvm_span){0});
	SAME_NUMBER(pending.span.count, 0);
	pvm_pending_add(&pending, &times);
	SAME_SPAN(&pending.span, "2 5.001:0-5.002:0");
	SAME_NUMBER(pending.records_nr, 0);
}

/* Its loss was counted when it was noticed. */
static void record_of_a_loss_is_told_again_and_not_counted(void)
{
	struct bench bench;
	struct pvm_span span = {3, {5, 0, 7}, {6, 0, 9}};

	start_bench(&bench);
	expect(&bench, 1, 0);
	CU_ASSERT_TRUE(pvm_in_flight_expect(bench.returns, "op=pvm-lost", 11,
					    PVM_LOSS_FEED, &span, 0));
	stop_bench(&bench, "feed 3 5.000:7-6.000:9\n"
			   "not-confirmed 1 1000.001:1-1000.001:1\n");
	SAME_NUMBER(bench.losses.by[PVM_LOSS_FEED].total, 0);
	SAME_NUMBER(bench.losses.by[PVM_LOSS_NOT_CONFIRMED].total, 1);
}

/* That nothing leaks here is the sanitizer's to say. */
static void free_tells_of_nothing(void)
{
	struct bench bench;

	start_bench(&bench);
	for (unsigned int i = 1; i <= 3; i++)
		expect(&bench, i, 0);
	CU_ASSERT_TRUE(take(&bench, 2, 0));
	pvm_in_flight_free(bench.returns);
	pvm_in_flight_free(NULL);
}

CU_TestInfo in_flight_tests[] = {
	TEST(what_comes_round_in_order_is_not_lost),
	TEST(what_was_not_sent_is_not_taken),
	TEST(overtaken_is_lost_after_exactly_three_seconds),
	TEST(overtaken_again_waits_no_longer),
	TEST(overtaken_waits_while_events_are_missing),
	TEST(overtaken_is_lost_as_soon_as_no_event_is_missing),
	TEST(overtaken_may_come_late),
	TEST(any_is_lost_after_exactly_two_minutes),
	TEST(each_part_has_to_come),
	TEST(start_is_compared_to_its_last_byte),
	TEST(short_text_is_compared_whole),
	TEST(oldest_is_given_up_when_there_are_too_many),
	TEST(overtaken_are_given_up_before_others),
	TEST(what_is_not_sent_after_all_is_not_waited_for),
	TEST(part_not_sent_leaves_the_others),
	TEST(pending_are_all_that_have_not_come),
	TEST(record_that_no_serials_know_is_not_listed),
	TEST(record_of_a_loss_is_told_again_and_not_counted),
	TEST(free_tells_of_nothing),
	CU_TEST_INFO_NULL,
};
