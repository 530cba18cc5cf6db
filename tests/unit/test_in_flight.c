// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_in_flight.c - what comes back is confirmed, what does not is lost
 *
 * Where nothing else is said, the record of event N has the ticket N.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/in_flight.h"
#include "unit.h"

#define PID 4242 /* this process */
#define BEFORE 4000 /* the one before it */
#define EARLIER 3900 /* and the one before that */

#define NOTHING "0 0.000:0-0.000:0"

struct bench {
	struct pvm_in_flight *in_flight;
	struct pvm_losses losses;
	struct unit_declared declared;
	bool full; /* no loss can be declared again */
	unsigned int again; /* losses that were */
	uint64_t again_start; /* of the last */
};

static bool declare(void *arg, enum pvm_loss why, const struct pvm_span *span)
{
	unit_declare(arg, why, span);
	return true;
}

/* As "again REASON SPAN START". */
static bool declare_again(void *arg, const struct pvm_record_key *key)
{
	struct bench *bench = arg;

	if (bench->full)
		return false;
	bench->again_start = key->start;
	bench->again++;
	unit_declare(&bench->declared, key->why, &key->span);
	return true;
}

static void start_bench(struct bench *bench)
{
	memset(bench, 0, sizeof(*bench));
	bench->in_flight = pvm_in_flight_new(&bench->losses);
	CU_ASSERT_PTR_NOT_NULL_FATAL(bench->in_flight);
}

/* The key of @pid's record of the call @serial. */
static struct pvm_record_key call_of(uint32_t pid, uint64_t serial)
{
	struct pvm_id id = unit_id(serial);

	return (struct pvm_record_key){pid, PVM_LOSSES, {1, id, id}, 0};
}

static void queue_key(struct bench *bench, uint64_t ticket,
		      const struct pvm_record_key *key)
{
	CU_ASSERT_TRUE(pvm_in_flight_expect(bench->in_flight, ticket, key));
}

/* The record of the call @serial is queued. */
static void queue(struct bench *bench, uint64_t serial)
{
	struct pvm_record_key key = call_of(PID, serial);

	queue_key(bench, serial, &key);
}

/* The kernel has taken it. */
static void answer(struct bench *bench, uint64_t ticket, uint64_t now_ms)
{
	pvm_in_flight_sent(bench->in_flight, ticket, now_ms);
}

static void send_record(struct bench *bench, uint64_t serial, uint64_t now_ms)
{
	queue(bench, serial);
	answer(bench, serial, now_ms);
}

static void send_all(struct bench *bench, uint64_t first, uint64_t last)
{
	for (uint64_t serial = first; serial <= last; serial++)
		send_record(bench, serial, 0);
}

static bool confirm_key(struct bench *bench, const struct pvm_record_key *key,
			uint64_t now_ms)
{
	return pvm_in_flight_confirm(bench->in_flight, key, key->pid == PID,
				     now_ms);
}

/* The record of the call @serial comes back. Was it in flight? */
static bool confirm(struct bench *bench, uint64_t serial, uint64_t now_ms)
{
	struct pvm_record_key key = call_of(PID, serial);

	return confirm_key(bench, &key, now_ms);
}

static void adopt(struct bench *bench, uint32_t pid, uint64_t serial,
		  uint64_t now_ms)
{
	struct pvm_record_key key = call_of(pid, serial);

	pvm_in_flight_adopt(bench->in_flight, &key, now_ms);
}

/* The predecessor @pid's comes back. */
static bool confirm_of(struct bench *bench, uint32_t pid, uint64_t serial,
		       uint64_t now_ms)
{
	struct pvm_record_key key = call_of(pid, serial);

	return confirm_key(bench, &key, now_ms);
}

/* Was the record with @ticket in flight? */
static bool withdraw(struct bench *bench, uint64_t ticket)
{
	unsigned int before = pvm_in_flight_count(bench->in_flight);

	pvm_in_flight_withdraw(bench->in_flight, ticket);
	return pvm_in_flight_count(bench->in_flight) < before;
}

static void expect_count(const struct bench *bench, unsigned int want)
{
	SAME_NUMBER(pvm_in_flight_count(bench->in_flight), want);
}

/* What is given up at @now_ms and was not before, while events are @missing. */
static void expect_lost_while(struct bench *bench, bool missing,
			      uint64_t now_ms, const char *want)
{
	pvm_in_flight_expire(bench->in_flight, now_ms, missing, 0);
	pvm_losses_declare(&bench->losses, UINT64_MAX, declare,
			   &bench->declared);
	pvm_in_flight_declare_again(bench->in_flight, declare_again, bench);
	SAME_DECLARED(&bench->declared, want);
}

static void expect_lost(struct bench *bench, uint64_t now_ms, const char *want)
{
	expect_lost_while(bench, false, now_ms, want);
}

static void expect_pending(const struct bench *bench, const char *want)
{
	struct pvm_pending pending = {0};

	pvm_in_flight_pending(bench->in_flight, &pending);
	SAME_SPAN(&pending.span, want);
}

static void free_bench(struct bench *bench)
{
	pvm_in_flight_free(bench->in_flight);
}

/* All that is still in flight at the end is @want. */
static void stop_bench(struct bench *bench, const char *want)
{
	expect_lost(bench, UINT64_MAX, want);
	expect_count(bench, 0);
	expect_pending(bench, NOTHING);
	free_bench(bench);
}

/* ---- a record and its confirmation */

static void records_that_come_back_in_order_are_not_lost(void)
{
	struct bench bench;

	start_bench(&bench);
	send_all(&bench, 1, 3);
	expect_count(&bench, 3);
	for (uint64_t serial = 1; serial <= 3; serial++)
		CU_ASSERT_TRUE(confirm(&bench, serial, 0));
	stop_bench(&bench, "");
}

static void record_that_was_not_sent_is_not_confirmed(void)
{
	struct bench bench;

	start_bench(&bench);
	CU_ASSERT_FALSE(confirm(&bench, 1, 0));
	send_record(&bench, 2, 0);
	CU_ASSERT_FALSE(confirm(&bench, 1, 0));
	CU_ASSERT_TRUE(confirm(&bench, 2, 0));
	CU_ASSERT_FALSE(confirm(&bench, 2, 0));
	stop_bench(&bench, "");
}

static void passed_is_lost_after_exactly_three_seconds(void)
{
	struct bench bench;

	start_bench(&bench);
	send_all(&bench, 1, 2);
	CU_ASSERT_TRUE(confirm(&bench, 2, 1000));
	expect_lost(&bench, 3999, "");
	expect_count(&bench, 1);
	expect_lost(&bench, 4000, "not-confirmed 1 1000.001:1-1000.001:1\n");
	expect_count(&bench, 0);
	CU_ASSERT_FALSE(confirm(&bench, 1, 4001));
	stop_bench(&bench, "");
}

static void passed_again_waits_no_longer(void)
{
	struct bench bench;

	start_bench(&bench);
	send_all(&bench, 1, 3);
	CU_ASSERT_TRUE(confirm(&bench, 2, 1000));
	CU_ASSERT_TRUE(confirm(&bench, 3, 3000));
	expect_lost(&bench, 4000, "not-confirmed 1 1000.001:1-1000.001:1\n");
	stop_bench(&bench, "");
}

/* What comes back after it was passed passes nothing itself. */
static void record_passed_itself_passes_none(void)
{
	struct bench bench;

	start_bench(&bench);
	send_all(&bench, 1, 3);
	CU_ASSERT_TRUE(confirm(&bench, 3, 1000));
	send_record(&bench, 4, 1000);
	CU_ASSERT_TRUE(confirm(&bench, 2, 2000));
	expect_lost(&bench, 4000, "not-confirmed 1 1000.001:1-1000.001:1\n");
	expect_lost(&bench, 120999, "");
	stop_bench(&bench, "not-confirmed 1 1000.004:4-1000.004:4\n");
}

static void passed_waits_while_events_are_missing(void)
{
	struct bench bench;

	start_bench(&bench);
	for (uint64_t serial = 1; serial <= 4; serial++)
		send_record(&bench, serial, 500);
	CU_ASSERT_TRUE(confirm(&bench, 4, 1000));
	expect_lost_while(&bench, true, 4000, "");
	CU_ASSERT_TRUE(confirm(&bench, 2, 5000));
	expect_lost_while(&bench, true, 120499, "");
	expect_lost_while(&bench, true, 120500,
			  "not-confirmed 2 1000.001:1-1000.003:3\n");
	stop_bench(&bench, "");
}

static void passed_is_lost_as_soon_as_no_event_is_missing(void)
{
	struct bench bench;

	start_bench(&bench);
	send_all(&bench, 1, 2);
	CU_ASSERT_TRUE(confirm(&bench, 2, 1000));
	expect_lost_while(&bench, true, 9000, "");
	expect_lost(&bench, 9001, "not-confirmed 1 1000.001:1-1000.001:1\n");
	stop_bench(&bench, "");
}

static void passed_may_come_late(void)
{
	struct bench bench;

	start_bench(&bench);
	send_all(&bench, 1, 4);
	CU_ASSERT_TRUE(confirm(&bench, 4, 1000));
	CU_ASSERT_TRUE(confirm(&bench, 2, 3999));
	CU_ASSERT_TRUE(confirm(&bench, 3, 3999));
	CU_ASSERT_TRUE(confirm(&bench, 1, 3999));
	stop_bench(&bench, "");
}

/* The parts of a call are alike: none is known from the others. */
static void each_part_has_to_come(void)
{
	struct pvm_record_key key = call_of(PID, 7);
	struct bench bench;

	start_bench(&bench);
	for (uint64_t ticket = 1; ticket <= 3; ticket++) {
		queue_key(&bench, ticket, &key);
		answer(&bench, ticket, 0);
	}
	CU_ASSERT_TRUE(confirm(&bench, 7, 0));
	CU_ASSERT_TRUE(confirm(&bench, 7, 0));
	expect_count(&bench, 1);
	expect_pending(&bench, "1 1000.007:7-1000.007:7");
	CU_ASSERT_TRUE(confirm(&bench, 7, 0));
	CU_ASSERT_FALSE(confirm(&bench, 7, 0));
	stop_bench(&bench, "");
}

/* ---- the kernel's answer */

static void any_is_lost_two_minutes_after_the_answer(void)
{
	struct bench bench;

	SAME_NUMBER(PVM_IN_FLIGHT_LATE_MS, 120000);
	start_bench(&bench);
	queue(&bench, 1);
	queue(&bench, 2);
	answer(&bench, 1, 70500);
	answer(&bench, 2, 70600);
	expect_lost(&bench, 190499, "");
	expect_lost(&bench, 190500, "not-confirmed 1 1000.001:1-1000.001:1\n");
	expect_lost(&bench, 190599, "");
	expect_lost(&bench, 190600, "not-confirmed 1 1000.002:2-1000.002:2\n");
	stop_bench(&bench, "");
}

/* While the kernel's backlog is full, a sender can wait for very long. */
static void record_without_an_answer_never_expires(void)
{
	struct bench bench;

	start_bench(&bench);
	send_record(&bench, 1, 0);
	queue(&bench, 2);
	expect_lost(&bench, UINT64_MAX - 1,
		    "not-confirmed 1 1000.001:1-1000.001:1\n");
	expect_count(&bench, 1);
	expect_pending(&bench, "1 1000.002:2-1000.002:2");
	answer(&bench, 2, 1000000);
	expect_lost(&bench, 1119999, "");
	expect_lost(&bench, 1120000, "not-confirmed 1 1000.002:2-1000.002:2\n");
	stop_bench(&bench, "");
}

static void record_may_come_back_before_the_answer(void)
{
	struct bench bench;

	start_bench(&bench);
	for (uint64_t serial = 1; serial <= 3; serial++)
		queue(&bench, serial);
	CU_ASSERT_TRUE(confirm(&bench, 1, 1000));
	answer(&bench, 1, 1100);
	expect_count(&bench, 2);
	answer(&bench, 2, 2000);
	answer(&bench, 3, 3000);
	expect_lost(&bench, 121999, "");
	expect_lost(&bench, 122000, "not-confirmed 1 1000.002:2-1000.002:2\n");
	expect_lost(&bench, 122999, "");
	stop_bench(&bench, "not-confirmed 1 1000.003:3-1000.003:3\n");
}

static void record_may_be_passed_before_the_answer(void)
{
	struct bench bench;

	start_bench(&bench);
	for (uint64_t serial = 1; serial <= 4; serial++)
		queue(&bench, serial);
	CU_ASSERT_TRUE(confirm(&bench, 4, 1000));
	answer(&bench, 1, 1500);
	answer(&bench, 2, 1600);
	answer(&bench, 3, 1700);
	answer(&bench, 4, 1800);
	expect_lost_while(&bench, true, 121599,
			  "not-confirmed 1 1000.001:1-1000.001:1\n");
	expect_lost_while(&bench, true, 121600,
			  "not-confirmed 1 1000.002:2-1000.002:2\n");
	expect_lost(&bench, 121601, "not-confirmed 1 1000.003:3-1000.003:3\n");
	stop_bench(&bench, "");
}

static void answer_to_a_record_given_up_changes_nothing(void)
{
	struct bench bench;

	start_bench(&bench);
	for (uint64_t serial = 1; serial <= 3; serial++)
		queue(&bench, serial);
	CU_ASSERT_TRUE(confirm(&bench, 2, 1000));
	expect_lost(&bench, 4000, "not-confirmed 1 1000.001:1-1000.001:1\n");
	answer(&bench, 1, 5000);
	answer(&bench, 2, 5000);
	CU_ASSERT_FALSE(withdraw(&bench, 1));
	CU_ASSERT_FALSE(withdraw(&bench, 2));
	answer(&bench, 3, 6000);
	expect_lost(&bench, 125999, "");
	expect_lost(&bench, 126000, "not-confirmed 1 1000.003:3-1000.003:3\n");
	stop_bench(&bench, "");
}

/* ---- what will not be sent */

static void record_withdrawn_is_not_waited_for(void)
{
	struct bench bench;

	start_bench(&bench);
	send_record(&bench, 1, 0);
	queue(&bench, 2);
	CU_ASSERT_TRUE(withdraw(&bench, 2));
	CU_ASSERT_FALSE(withdraw(&bench, 2));
	CU_ASSERT_FALSE(withdraw(&bench, 3));
	expect_count(&bench, 1);
	CU_ASSERT_FALSE(confirm(&bench, 2, 0));
	stop_bench(&bench, "not-confirmed 1 1000.001:1-1000.001:1\n");
}

/* The kernel has refused it, and a later one is back before that is known. */
static void refused_record_may_have_been_passed(void)
{
	struct bench bench;

	start_bench(&bench);
	for (uint64_t serial = 1; serial <= 4; serial++)
		queue(&bench, serial);
	CU_ASSERT_TRUE(confirm(&bench, 4, 1000));
	answer(&bench, 1, 1100);
	CU_ASSERT_TRUE(withdraw(&bench, 2));
	CU_ASSERT_TRUE(withdraw(&bench, 3));
	CU_ASSERT_FALSE(withdraw(&bench, 3));
	expect_count(&bench, 1);
	stop_bench(&bench, "not-confirmed 1 1000.001:1-1000.001:1\n");
}

/* The queue was full: a ticket of which no answer will come. */
static void answers_skip_tickets_withdrawn(void)
{
	struct bench bench;

	start_bench(&bench);
	queue(&bench, 1);
	queue(&bench, 2);
	CU_ASSERT_TRUE(withdraw(&bench, 2));
	queue(&bench, 3);
	queue(&bench, 4);
	CU_ASSERT_TRUE(withdraw(&bench, 4));
	answer(&bench, 1, 100);
	answer(&bench, 3, 300);
	queue(&bench, 5);
	CU_ASSERT_TRUE(withdraw(&bench, 5));
	queue(&bench, 6);
	answer(&bench, 6, 600);
	expect_count(&bench, 3);
	expect_lost(&bench, 120100, "not-confirmed 1 1000.001:1-1000.001:1\n");
	expect_lost(&bench, 120299, "");
	expect_lost(&bench, 120300, "not-confirmed 1 1000.003:3-1000.003:3\n");
	expect_lost(&bench, 120600, "not-confirmed 1 1000.006:6-1000.006:6\n");
	stop_bench(&bench, "");
}

/* No answer to a ticket that is not in flight goes to the one behind. */
static void answer_without_its_record_is_nobodys(void)
{
	struct bench bench;

	start_bench(&bench);
	queue(&bench, 2);
	queue(&bench, 4);
	answer(&bench, 1, 0);
	answer(&bench, 3, 0);
	answer(&bench, 5, 0);
	CU_ASSERT_FALSE(withdraw(&bench, 1));
	CU_ASSERT_FALSE(withdraw(&bench, 3));
	CU_ASSERT_FALSE(withdraw(&bench, 5));
	expect_lost(&bench, 1000000, "");
	expect_count(&bench, 2);
	answer(&bench, 2, 1000);
	answer(&bench, 4, 2000);
	stop_bench(&bench, "not-confirmed 2 1000.002:2-1000.004:4\n");
}

static void part_not_sent_leaves_the_others(void)
{
	struct pvm_record_key key = call_of(PID, 7);
	struct bench bench;

	start_bench(&bench);
	queue_key(&bench, 1, &key);
	queue_key(&bench, 2, &key);
	CU_ASSERT_TRUE(withdraw(&bench, 2));
	answer(&bench, 1, 0);
	expect_count(&bench, 1);
	CU_ASSERT_TRUE(confirm(&bench, 7, 0));
	stop_bench(&bench, "");
}

/* ---- by what a record is known */

static void expect_equal(const struct pvm_record_key *a,
			 const struct pvm_record_key *b, bool want)
{
	CU_ASSERT_EQUAL(pvm_record_key_equal(a, b), want);
	CU_ASSERT_EQUAL(pvm_record_key_equal(b, a), want);
}

static void key_is_compared_in_all_its_members(void)
{
	struct pvm_record_key key = {
		PID, PVM_LOSS_FEED, {3, {5, 1, 7}, {6, 2, 9}}, 17};
	struct pvm_record_key other = key;

	expect_equal(&key, &other, true);
	other.pid++;
	expect_equal(&key, &other, false);
	other = key;
	other.why = PVM_LOSSES;
	expect_equal(&key, &other, false);
	other = key;
	other.span.count++;
	expect_equal(&key, &other, false);
	other = key;
	other.span.first.serial++;
	expect_equal(&key, &other, false);
	other = key;
	other.span.last.serial++;
	expect_equal(&key, &other, false);
	other = key;
	other.start++;
	expect_equal(&key, &other, false);
}

/* Only 32 bits of a serial come back. */
static void serials_decide_where_there_are_any(void)
{
	struct pvm_record_key key = {
		PID, PVM_LOSSES, {3, {5, 1, 7}, {6, 2, 9}}, 0};
	struct pvm_record_key other = {
		PID,
		PVM_LOSSES,
		{3, {0, 0, 7 + (1ull << 32)}, {0, 0, 9 + (2ull << 32)}},
		0};

	expect_equal(&key, &other, true);
	other.span.last.serial = 0;
	expect_equal(&key, &other, false);
}

static void times_decide_where_there_are_no_serials(void)
{
	struct pvm_record_key key = {
		PID, PVM_LOSS_BACKLOG, {3, {5, 1, 0}, {6, 2, 0}}, 17};
	struct pvm_record_key other = key;

	expect_equal(&key, &other, true);
	other.span.first.msec++;
	expect_equal(&key, &other, false);
	other = key;
	other.span.first.sec++;
	expect_equal(&key, &other, false);
	other = key;
	other.span.last.msec++;
	expect_equal(&key, &other, false);
	other = key;
	other.span.last.sec++;
	expect_equal(&key, &other, false);
	other = key;
	other.span.first.serial = 7;
	other.span.last.serial = 9;
	expect_equal(&key, &other, false);
}

static void records_about_the_plugin_are_alike(void)
{
	struct pvm_record_key key = {PID, PVM_LOSSES, {0}, 0};
	struct pvm_record_key other = {
		PID, PVM_LOSSES, {0, {5, 1, 7}, {6, 2, 9}}, 0};

	expect_equal(&key, &other, true);
	other.pid++;
	expect_equal(&key, &other, false);
}

/* A call's record and that of a loss can have the same span. */
static void call_and_loss_are_kept_apart(void)
{
	struct pvm_record_key call = call_of(PID, 7), loss = call;
	struct bench bench;

	loss.why = PVM_LOSS_FEED;
	start_bench(&bench);
	queue_key(&bench, 1, &call);
	queue_key(&bench, 2, &loss);
	answer(&bench, 1, 0);
	answer(&bench, 2, 0);
	CU_ASSERT_TRUE(confirm_key(&bench, &loss, 0));
	CU_ASSERT_FALSE(confirm_key(&bench, &loss, 0));
	stop_bench(&bench, "not-confirmed 1 1000.007:7-1000.007:7\n");
}

static void loss_without_serials_is_confirmed_by_its_times(void)
{
	struct pvm_record_key key = {
		PID, PVM_LOSS_BACKLOG, {3, {5, 1, 0}, {6, 2, 0}}, 17};
	struct pvm_record_key other = key;
	struct bench bench;

	start_bench(&bench);
	queue_key(&bench, 1, &key);
	answer(&bench, 1, 0);
	other.span.last.msec++;
	CU_ASSERT_FALSE(confirm_key(&bench, &other, 0));
	CU_ASSERT_TRUE(confirm_key(&bench, &key, 0));
	stop_bench(&bench, "");
}

/* ---- what is given up */

static void oldest_is_given_up_when_there_are_too_many(void)
{
	struct bench bench;

	SAME_NUMBER(PVM_IN_FLIGHT_MAX, 32768);
	start_bench(&bench);
	send_all(&bench, 1, 32768);
	expect_lost(&bench, 0, "");
	send_record(&bench, 32769, 0);
	send_record(&bench, 32770, 0);
	expect_count(&bench, 32768);
	CU_ASSERT_FALSE(confirm(&bench, 2, 0));
	expect_lost(&bench, 0, "not-confirmed 2 1000.001:1-1000.002:2\n");
	SAME_NUMBER(bench.losses.by[PVM_LOSS_NOT_CONFIRMED].total, 2);
	CU_ASSERT_TRUE(confirm(&bench, 32770, 0));
	stop_bench(&bench, "not-confirmed 32767 1000.003:3-1000.769:32769\n");
}

static void passed_are_given_up_before_others(void)
{
	struct bench bench;

	start_bench(&bench);
	send_all(&bench, 1, 32768);
	CU_ASSERT_TRUE(confirm(&bench, 1, 0));
	CU_ASSERT_TRUE(confirm(&bench, 4, 0));
	send_all(&bench, 32769, 32772);
	expect_count(&bench, 32768);
	expect_lost(&bench, 0, "not-confirmed 2 1000.002:2-1000.003:3\n");
	send_record(&bench, 8197, 0);
	expect_lost(&bench, 0, "not-confirmed 1 1000.005:5-1000.005:5\n");
	free_bench(&bench);
}

/* The sender is held up, and more is queued than may be in flight. */
static void oldest_may_be_given_up_before_its_answer(void)
{
	struct bench bench;

	start_bench(&bench);
	for (uint64_t serial = 1; serial <= 32770; serial++)
		queue(&bench, serial);
	expect_lost(&bench, 0, "not-confirmed 2 1000.001:1-1000.002:2\n");
	for (uint64_t ticket = 1; ticket <= 32770; ticket++)
		answer(&bench, ticket, ticket);
	expect_lost(&bench, 120003, "not-confirmed 1 1000.003:3-1000.003:3\n");
	expect_count(&bench, 32767);
	free_bench(&bench);
}

/* It was counted when it was noticed, and may stand in the log. */
static void record_of_a_loss_is_declared_again_and_not_counted(void)
{
	struct pvm_record_key key = {
		PID, PVM_LOSS_FEED, {3, {5, 0, 7}, {6, 0, 9}}, 17};
	struct bench bench;

	start_bench(&bench);
	send_record(&bench, 1, 0);
	queue_key(&bench, 2, &key);
	answer(&bench, 2, 0);
	bench.full = true;
	expect_lost(&bench, 120000, "not-confirmed 1 1000.001:1-1000.001:1\n");
	bench.full = false;
	stop_bench(&bench, "feed 3 5.000:7-6.000:9\n");
	SAME_NUMBER(bench.again, 1);
	SAME_NUMBER(bench.again_start, 17);
	SAME_NUMBER(bench.losses.by[PVM_LOSS_FEED].total, 0);
	SAME_NUMBER(bench.losses.by[PVM_LOSS_NOT_CONFIRMED].total, 1);
}

static void record_about_the_plugin_is_no_loss(void)
{
	struct pvm_record_key key = {PID, PVM_LOSSES, {0}, 0};
	struct bench bench;

	start_bench(&bench);
	queue_key(&bench, 1, &key);
	answer(&bench, 1, 0);
	expect_count(&bench, 1);
	stop_bench(&bench, "");
	SAME_NUMBER(bench.losses.by[PVM_LOSS_NOT_CONFIRMED].total, 0);
}

/* ---- what a checkpoint says of them */

static void everything_in_flight_is_pending(void)
{
	struct pvm_record_key loss = {
		PID, PVM_LOSS_FEED, {2, {1000, 6, 6}, {1000, 7, 7}}, 17};
	struct pvm_pending pending = {0};
	struct bench bench;

	start_bench(&bench);
	expect_pending(&bench, NOTHING);
	adopt(&bench, BEFORE, 10, 0);
	send_all(&bench, 1, 4);
	queue(&bench, 5);
	queue_key(&bench, 6, &loss);
	CU_ASSERT_TRUE(confirm(&bench, 1, 0));
	CU_ASSERT_TRUE(confirm(&bench, 3, 0));
	pvm_in_flight_pending(bench.in_flight, &pending);
	SAME_SPAN(&pending.span, "6 1000.002:2-1000.010:10");
	SAME_NUMBER(pending.records_nr, 5);
	SAME_NUMBER(pending.records[0].why, PVM_LOSS_FEED);
	SAME_SPAN(&pending.records[0].span, "2 1000.006:6-1000.007:7");
	SAME_NUMBER(pending.records[0].start, 17);
	SAME_NUMBER(pending.records[1].pid, BEFORE);
	SAME_SPAN(&pending.records[1].span, "1 1000.010:10-1000.010:10");
	SAME_NUMBER(pending.records[2].pid, PID);
	SAME_NUMBER(pending.records[2].why, PVM_LOSSES);
	SAME_SPAN(&pending.records[2].span, "1 1000.002:2-1000.002:2");
	SAME_SPAN(&pending.records[3].span, "1 1000.004:4-1000.004:4");
	SAME_SPAN(&pending.records[4].span, "1 1000.005:5-1000.005:5");
	/* one that is to be declared again still is */
	pvm_in_flight_refused(bench.in_flight, 6);
	pending = (struct pvm_pending){0};
	pvm_in_flight_pending(bench.in_flight, &pending);
	SAME_SPAN(&pending.span, "6 1000.002:2-1000.010:10");
	free_bench(&bench);
}

static void pending_are_added_to_what_there_is(void)
{
	struct pvm_pending pending = {
		.span = {2, {1000, 8, 8}, {1000, 9, 9}},
		.records_nr = 1,
		.records = {call_of(EARLIER, 8)},
	};
	struct bench bench;

	start_bench(&bench);
	send_record(&bench, 5, 0);
	pvm_in_flight_pending(bench.in_flight, &pending);
	SAME_SPAN(&pending.span, "3 1000.005:5-1000.009:9");
	SAME_NUMBER(pending.records_nr, 2);
	SAME_NUMBER(pending.records[0].pid, EARLIER);
	SAME_NUMBER(pending.records[1].pid, PID);
	free_bench(&bench);
}

static void oldest_records_are_listed(void)
{
	struct pvm_pending pending = {0};
	struct bench bench;

	SAME_NUMBER(PVM_CHECKPOINT_RECORDS, 256);
	start_bench(&bench);
	send_all(&bench, 1, 300);
	CU_ASSERT_TRUE(confirm(&bench, 1, 0));
	pvm_in_flight_pending(bench.in_flight, &pending);
	SAME_SPAN(&pending.span, "299 1000.002:2-1000.300:300");
	SAME_NUMBER(pending.records_nr, 256);
	SAME_NUMBER(pending.records[0].span.first.serial, 2);
	SAME_NUMBER(pending.records[255].span.first.serial, 257);
	free_bench(&bench);
}

static void record_about_the_plugin_is_not_pending(void)
{
	struct pvm_record_key key = {PID, PVM_LOSSES, {0}, 0};
	struct pvm_pending pending = {0};
	struct bench bench;

	start_bench(&bench);
	queue_key(&bench, 1, &key);
	pvm_in_flight_pending(bench.in_flight, &pending);
	SAME_SPAN(&pending.span, NOTHING);
	SAME_NUMBER(pending.records_nr, 0);
	free_bench(&bench);
}

/* ---- predecessors' records */

static void predecessors_record_is_confirmed_by_its_pid(void)
{
	struct bench bench;

	start_bench(&bench);
	adopt(&bench, BEFORE, 7, 0);
	adopt(&bench, EARLIER, 7, 0);
	expect_count(&bench, 0);
	CU_ASSERT_FALSE(confirm(&bench, 7, 0));
	CU_ASSERT_TRUE(confirm_of(&bench, BEFORE, 7, 0));
	CU_ASSERT_FALSE(confirm_of(&bench, BEFORE, 7, 0));
	expect_pending(&bench, "1 1000.007:7-1000.007:7");
	CU_ASSERT_TRUE(confirm_of(&bench, EARLIER, 7, 0));
	stop_bench(&bench, "");
}

static void predecessor_is_known_while_it_has_records(void)
{
	struct bench bench;

	start_bench(&bench);
	CU_ASSERT_FALSE(pvm_in_flight_knows(bench.in_flight, BEFORE));
	send_record(&bench, 1, 0);
	CU_ASSERT_FALSE(pvm_in_flight_knows(bench.in_flight, PID));
	adopt(&bench, EARLIER, 7, 0);
	adopt(&bench, BEFORE, 8, 0);
	CU_ASSERT_TRUE(pvm_in_flight_knows(bench.in_flight, EARLIER));
	CU_ASSERT_TRUE(pvm_in_flight_knows(bench.in_flight, BEFORE));
	CU_ASSERT_TRUE(confirm_of(&bench, BEFORE, 8, 0));
	CU_ASSERT_FALSE(pvm_in_flight_knows(bench.in_flight, BEFORE));
	CU_ASSERT_TRUE(pvm_in_flight_knows(bench.in_flight, EARLIER));
	free_bench(&bench);
}

static void predecessors_record_is_passed_by_one_of_our_own(void)
{
	struct bench bench;

	start_bench(&bench);
	adopt(&bench, BEFORE, 7, 0);
	send_all(&bench, 1, 2);
	CU_ASSERT_TRUE(confirm(&bench, 1, 1000));
	CU_ASSERT_TRUE(confirm(&bench, 2, 2000));
	expect_lost(&bench, 3999, "");
	expect_lost(&bench, 4000, "ended 1 1000.007:7-1000.007:7\n");
	SAME_NUMBER(bench.losses.by[PVM_LOSS_ENDED].total, 1);
	CU_ASSERT_FALSE(confirm_of(&bench, BEFORE, 7, 4001));
	stop_bench(&bench, "");
}

static void predecessors_record_passed_waits_while_events_are_missing(void)
{
	struct bench bench;

	start_bench(&bench);
	adopt(&bench, BEFORE, 7, 500);
	send_record(&bench, 1, 500);
	CU_ASSERT_TRUE(confirm(&bench, 1, 1000));
	expect_lost_while(&bench, true, 120499, "");
	expect_lost_while(&bench, true, 120500,
			  "ended 1 1000.007:7-1000.007:7\n");
	stop_bench(&bench, "");
}

static void predecessors_record_that_nothing_passes_is_lost_late(void)
{
	struct bench bench;

	start_bench(&bench);
	adopt(&bench, BEFORE, 7, 500);
	adopt(&bench, BEFORE, 8, 600);
	expect_lost(&bench, 120499, "");
	expect_lost(&bench, 120500, "ended 1 1000.007:7-1000.007:7\n");
	expect_lost(&bench, 120599, "");
	expect_lost(&bench, 120600, "ended 1 1000.008:8-1000.008:8\n");
	stop_bench(&bench, "");
}

static void predecessors_records_wait_anew_when_one_comes(void)
{
	struct bench bench;

	start_bench(&bench);
	for (uint64_t serial = 7; serial <= 9; serial++)
		adopt(&bench, BEFORE, serial, 0);
	send_record(&bench, 1, 0);
	CU_ASSERT_TRUE(confirm(&bench, 1, 1000));
	CU_ASSERT_TRUE(confirm_of(&bench, BEFORE, 8, 3999));
	expect_lost(&bench, 6998, "");
	expect_lost(&bench, 6999, "ended 2 1000.007:7-1000.009:9\n");
	stop_bench(&bench, "");
}

static void predecessors_records_do_not_wait_anew_for_ever(void)
{
	struct bench bench;

	start_bench(&bench);
	for (uint64_t serial = 1; serial <= 60; serial++)
		adopt(&bench, BEFORE, serial, 0);
	send_record(&bench, 100, 0);
	CU_ASSERT_TRUE(confirm(&bench, 100, 1000));
	for (uint64_t serial = 59; serial > 1; serial--) {
		CU_ASSERT_TRUE(confirm_of(&bench, BEFORE, serial,
					  (60 - serial) * 2000));
		expect_lost(&bench, (60 - serial) * 2000, "");
	}
	CU_ASSERT_TRUE(confirm_of(&bench, BEFORE, 60, 119000));
	expect_lost(&bench, 119999, "");
	expect_lost(&bench, 120000, "ended 1 1000.001:1-1000.001:1\n");
	stop_bench(&bench, "");
}

/* It had ended before that was known. */
static void record_adopted_late_has_not_been_passed(void)
{
	struct bench bench;

	start_bench(&bench);
	send_all(&bench, 1, 2);
	CU_ASSERT_TRUE(confirm(&bench, 1, 1000));
	adopt(&bench, BEFORE, 7, 2000);
	expect_lost(&bench, 9000, "");
	CU_ASSERT_TRUE(confirm(&bench, 2, 9000));
	expect_lost(&bench, 11999, "");
	expect_lost(&bench, 12000, "ended 1 1000.007:7-1000.007:7\n");
	stop_bench(&bench, "");
}

static void predecessors_record_passes_none(void)
{
	struct bench bench;

	start_bench(&bench);
	adopt(&bench, BEFORE, 7, 0);
	adopt(&bench, BEFORE, 8, 0);
	send_record(&bench, 1, 0);
	CU_ASSERT_TRUE(confirm_of(&bench, BEFORE, 8, 1000));
	expect_lost(&bench, 119999, "");
	expect_lost(&bench, 120000,
		    "ended 1 1000.007:7-1000.007:7\n"
		    "not-confirmed 1 1000.001:1-1000.001:1\n");
	stop_bench(&bench, "");
}

/* In the words of whoever declared it first; and not once it is there. */
static void predecessors_record_of_a_loss_is_declared_again(void)
{
	struct pvm_record_key key = {
		BEFORE, PVM_LOSS_FEED, {3, {5, 0, 7}, {6, 0, 9}}, 16};
	struct bench bench;

	start_bench(&bench);
	pvm_in_flight_adopt(bench.in_flight, &key, 0);
	pvm_in_flight_expire(bench.in_flight, 120000, false, 0);
	CU_ASSERT_TRUE(
		pvm_in_flight_confirm(bench.in_flight, &key, false, 120000));
	pvm_in_flight_adopt(bench.in_flight, &key, 120000);
	stop_bench(&bench, "feed 3 5.000:7-6.000:9\n");
	SAME_NUMBER(bench.again, 1);
	SAME_NUMBER(bench.again_start, 16);
	SAME_NUMBER(bench.losses.by[PVM_LOSS_ENDED].total, 0);
	SAME_NUMBER(bench.losses.by[PVM_LOSS_FEED].total, 0);
}

/* By as much as the stream is behind. */
static void record_on_a_stream_that_lags_is_waited_for(void)
{
	struct bench bench;

	start_bench(&bench);
	send_record(&bench, 1, 100000);
	pvm_in_flight_expire(bench.in_flight, 220000, false, 300000);
	pvm_in_flight_expire(bench.in_flight, 519999, false, 300000);
	expect_count(&bench, 1);
	pvm_in_flight_expire(bench.in_flight, 520000, false, 300000);
	expect_count(&bench, 0);
	/* and without an answer as long as it takes */
	queue(&bench, 2);
	pvm_in_flight_expire(bench.in_flight, 1, false, 300000);
	pvm_in_flight_expire(bench.in_flight, UINT64_MAX - 1, false, 1);
	expect_count(&bench, 1);
	free_bench(&bench);
}

/* The reason of each is its own; of too many the oldest share one record. */
static void of_65_losses_to_be_declared_again_the_oldest_is_merged(void)
{
	struct bench bench;

	SAME_NUMBER(PVM_IN_FLIGHT_AGAIN_MAX, 64);
	start_bench(&bench);
	for (uint64_t i = 1; i <= 65; i++) {
		struct pvm_record_key key = {
			PID, PVM_LOSS_FEED, {1, unit_id(i), unit_id(i)}, 17};

		queue_key(&bench, i, &key);
	}
	pvm_in_flight_refused(bench.in_flight, 65);
	for (uint64_t i = 1; i <= 64; i++)
		pvm_in_flight_refused(bench.in_flight, i);
	pvm_losses_declare(&bench.losses, UINT64_MAX, declare, &bench.declared);
	SAME_DECLARED(&bench.declared, "feed 1 1000.065:65-1000.065:65\n");
	pvm_in_flight_declare_again(bench.in_flight, declare_again, &bench);
	SAME_NUMBER(bench.again, 64);
	SAME_NUMBER(bench.losses.by[PVM_LOSS_FEED].total, 0);
	free_bench(&bench);
}

/* A call's is lost, a loss is declared again. */
static void record_that_is_refused_is_given_up(void)
{
	struct pvm_record_key loss = {
		PID, PVM_LOSS_FEED, {3, {5, 0, 7}, {6, 0, 9}}, 17};
	struct bench bench;

	start_bench(&bench);
	queue(&bench, 1);
	queue_key(&bench, 2, &loss);
	pvm_in_flight_refused(bench.in_flight, 1);
	pvm_in_flight_refused(bench.in_flight, 1);
	pvm_in_flight_refused(bench.in_flight, 2);
	expect_count(&bench, 0);
	expect_lost(&bench, 0,
		    "send-failed 1 1000.001:1-1000.001:1\n"
		    "feed 3 5.000:7-6.000:9\n");
	SAME_NUMBER(bench.losses.by[PVM_LOSS_SEND_FAILED].total, 1);
	free_bench(&bench);
}

static void predecessors_records_are_bounded_and_take_no_room(void)
{
	struct bench bench;

	start_bench(&bench);
	for (uint64_t serial = 1; serial <= 32768; serial++)
		adopt(&bench, BEFORE, serial, 0);
	send_all(&bench, 1, 32768);
	expect_lost(&bench, 0, "");
	adopt(&bench, BEFORE, 32769, 0);
	expect_lost(&bench, 0, "ended 1 1000.001:1-1000.001:1\n");
	expect_count(&bench, 32768);
	stop_bench(&bench, "ended 32768 1000.002:2-1000.769:32769\n"
			   "not-confirmed 32768 1000.001:1-1000.768:32768\n");
}

/* That nothing leaks here is the sanitizer's to say. */
static void free_declares_nothing(void)
{
	struct bench bench;

	start_bench(&bench);
	send_all(&bench, 1, 3);
	adopt(&bench, BEFORE, 7, 0);
	CU_ASSERT_TRUE(confirm(&bench, 2, 0));
	free_bench(&bench);
	pvm_losses_declare(&bench.losses, UINT64_MAX, declare, &bench.declared);
	SAME_DECLARED(&bench.declared, "");
	pvm_in_flight_free(NULL);
}

CU_TestInfo in_flight_tests[] = {
	TEST(records_that_come_back_in_order_are_not_lost),
	TEST(record_that_was_not_sent_is_not_confirmed),
	TEST(passed_is_lost_after_exactly_three_seconds),
	TEST(passed_again_waits_no_longer),
	TEST(record_passed_itself_passes_none),
	TEST(passed_waits_while_events_are_missing),
	TEST(passed_is_lost_as_soon_as_no_event_is_missing),
	TEST(passed_may_come_late),
	TEST(each_part_has_to_come),
	TEST(any_is_lost_two_minutes_after_the_answer),
	TEST(record_without_an_answer_never_expires),
	TEST(record_may_come_back_before_the_answer),
	TEST(record_may_be_passed_before_the_answer),
	TEST(answer_to_a_record_given_up_changes_nothing),
	TEST(record_withdrawn_is_not_waited_for),
	TEST(refused_record_may_have_been_passed),
	TEST(answers_skip_tickets_withdrawn),
	TEST(answer_without_its_record_is_nobodys),
	TEST(part_not_sent_leaves_the_others),
	TEST(key_is_compared_in_all_its_members),
	TEST(serials_decide_where_there_are_any),
	TEST(times_decide_where_there_are_no_serials),
	TEST(records_about_the_plugin_are_alike),
	TEST(call_and_loss_are_kept_apart),
	TEST(loss_without_serials_is_confirmed_by_its_times),
	TEST(oldest_is_given_up_when_there_are_too_many),
	TEST(passed_are_given_up_before_others),
	TEST(oldest_may_be_given_up_before_its_answer),
	TEST(record_of_a_loss_is_declared_again_and_not_counted),
	TEST(record_about_the_plugin_is_no_loss),
	TEST(everything_in_flight_is_pending),
	TEST(pending_are_added_to_what_there_is),
	TEST(oldest_records_are_listed),
	TEST(record_about_the_plugin_is_not_pending),
	TEST(predecessors_record_is_confirmed_by_its_pid),
	TEST(predecessor_is_known_while_it_has_records),
	TEST(predecessors_record_is_passed_by_one_of_our_own),
	TEST(predecessors_record_passed_waits_while_events_are_missing),
	TEST(predecessors_record_that_nothing_passes_is_lost_late),
	TEST(predecessors_records_wait_anew_when_one_comes),
	TEST(predecessors_records_do_not_wait_anew_for_ever),
	TEST(record_adopted_late_has_not_been_passed),
	TEST(predecessors_record_passes_none),
	TEST(predecessors_record_of_a_loss_is_declared_again),
	TEST(record_on_a_stream_that_lags_is_waited_for),
	TEST(of_65_losses_to_be_declared_again_the_oldest_is_merged),
	TEST(record_that_is_refused_is_given_up),
	TEST(predecessors_records_are_bounded_and_take_no_room),
	TEST(free_declares_nothing),
	CU_TEST_INFO_NULL,
};
