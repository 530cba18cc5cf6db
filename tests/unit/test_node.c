// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_node.c - which lines are this host's, and what waits for the proof
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/node.h"
#include "unit.h"

struct bench {
	struct pvm_node node;
	/* handed on, each serial with a space behind it, reported ones with r
	 */
	char events[16384];
	size_t used;
	struct pvm_id last; /* the last of them */
};

static void start_bench(struct bench *bench)
{
	memset(bench, 0, sizeof(*bench));
	pvm_node_init(&bench->node);
}

static void stop_bench(struct bench *bench)
{
	SAME_TEXT(bench->events, "");
	pvm_node_free(&bench->node);
}

static void take_event(void *arg, const struct pvm_id *id, bool reported)
{
	struct bench *bench = arg;
	size_t room = sizeof(bench->events) - bench->used;
	int n = snprintf(bench->events + bench->used, room, "%s%u ",
			 reported ? "r" : "", (unsigned int)id->serial);

	if (n > 0 && (size_t)n < room)
		bench->used += (size_t)n;
	bench->last = *id;
}

#define EXPECT_EVENTS(bench, want) expect_events(__LINE__, bench, want)

/* What has been handed on since this was last asked. */
static void expect_events(unsigned int line, struct bench *bench,
			  const char *want)
{
	unit_same_text(__FILE__, line, bench->events, want);
	bench->events[0] = '\0';
	bench->used = 0;
}

static enum pvm_whose whose(struct bench *bench, const char *name)
{
	return pvm_node_whose(&bench->node, name, strlen(name));
}

static void remember_at(struct bench *bench, const char *name, uint64_t serial,
			uint64_t now_ms)
{
	struct pvm_id id = unit_id(serial);

	SAME_NUMBER(whose(bench, name), PVM_UNSURE);
	pvm_node_remember(&bench->node, name, strlen(name), &id, now_ms);
}

static void remember(struct bench *bench, const char *name, uint64_t serial)
{
	remember_at(bench, name, serial, 5000);
}

static void prove(struct bench *bench, const char *name)
{
	pvm_node_prove(&bench->node, name, strlen(name), take_event, bench);
	SAME_NUMBER(whose(bench, name), PVM_OURS);
}

static void expire(struct bench *bench, uint64_t now_ms)
{
	pvm_node_expire(&bench->node, now_ms, take_event, bench);
}

static void suspect(struct bench *bench, const char *name)
{
	pvm_node_suspect(&bench->node, name, strlen(name));
}

static void before_the_first_proof_every_name_is_unsure(void)
{
	struct bench bench;

	start_bench(&bench);
	SAME_NUMBER(whose(&bench, "a"), PVM_UNSURE);
	SAME_NUMBER(whose(&bench, "b"), PVM_UNSURE);
	SAME_NUMBER(whose(&bench, ""), PVM_UNSURE);
	prove(&bench, "a");
	SAME_NUMBER(whose(&bench, "b"), PVM_FOREIGN);
	SAME_NUMBER(whose(&bench, ""), PVM_FOREIGN);
	SAME_NUMBER(whose(&bench, "aa"), PVM_FOREIGN);
	stop_bench(&bench);
}

static void host_without_a_name_is_one_of_that_name(void)
{
	struct bench bench;

	start_bench(&bench);
	remember(&bench, "", 7);
	remember(&bench, "b", 8);
	prove(&bench, "");
	EXPECT_EVENTS(&bench, "7 ");
	SAME_NUMBER(whose(&bench, "b"), PVM_FOREIGN);
	stop_bench(&bench);
}

static void remembered_events_are_handed_on_in_ascending_order(void)
{
	struct bench bench;

	start_bench(&bench);
	remember(&bench, "a", 12);
	remember(&bench, "b", 11);
	remember(&bench, "a", 10);
	remember(&bench, "a", 12);
	remember(&bench, "a", 15);
	remember(&bench, "a", 11);
	EXPECT_EVENTS(&bench, "");
	prove(&bench, "a");
	EXPECT_EVENTS(&bench, "10 11 12 15 ");
	SAME_NUMBER(bench.last.sec, 1000);
	SAME_NUMBER(bench.last.msec, 15);
	/* each once */
	prove(&bench, "a");
	stop_bench(&bench);
}

/* By the records of a predecessor, whose call's own event may never come. */
static void reported_events_are_handed_on_behind_those_that_came(void)
{
	struct pvm_id id = unit_id(5), other = unit_id(4), third = unit_id(6);
	struct bench bench;

	start_bench(&bench);
	remember(&bench, "b", 9);
	remember(&bench, "a", 10);
	pvm_node_remember_reported(&bench.node, "a", 1, &id);
	pvm_node_remember_reported(&bench.node, "a", 1, &other);
	pvm_node_remember_reported(&bench.node, "b", 1, &third);
	CU_ASSERT_TRUE(pvm_node_waits(&bench.node));
	prove(&bench, "a");
	CU_ASSERT_FALSE(pvm_node_waits(&bench.node));
	EXPECT_EVENTS(&bench, "10 r4 r5 ");
	stop_bench(&bench);
}

/* Audit's serials have 32 bits, and start over. */
static void serials_that_start_over_ascend(void)
{
	struct bench bench;

	start_bench(&bench);
	remember(&bench, "a", 4294967294);
	remember(&bench, "a", 4294967295);
	remember(&bench, "a", 0);
	remember(&bench, "a", 2);
	prove(&bench, "a");
	EXPECT_EVENTS(&bench, "4294967294 4294967295 0 2 ");
	stop_bench(&bench);
}

static void inherited_name_is_ours_until_another_is_proven(void)
{
	struct bench bench;

	start_bench(&bench);
	pvm_node_inherit(&bench.node, "a");
	SAME_NUMBER(whose(&bench, "a"), PVM_OURS);
	remember(&bench, "b", 10);
	prove(&bench, "b");
	EXPECT_EVENTS(&bench, "10 ");
	SAME_NUMBER(whose(&bench, "a"), PVM_FOREIGN);
	stop_bench(&bench);
}

/* A queued line has the name that auditd had when it came. */
static void after_a_reload_lines_under_either_name_may_be_ours(void)
{
	struct bench bench;

	start_bench(&bench);
	prove(&bench, "a");
	SAME_NUMBER(whose(&bench, "other"), PVM_FOREIGN);
	pvm_node_doubt(&bench.node);
	SAME_NUMBER(whose(&bench, "a"), PVM_OURS);
	remember(&bench, "b", 10);
	SAME_NUMBER(whose(&bench, "a"), PVM_OURS);
	SAME_NUMBER(whose(&bench, "other"), PVM_FOREIGN);
	remember(&bench, "b", 11);
	prove(&bench, "b");
	EXPECT_EVENTS(&bench, "10 11 ");
	SAME_NUMBER(whose(&bench, "a"), PVM_FOREIGN);
	SAME_NUMBER(whose(&bench, "other"), PVM_FOREIGN);
	stop_bench(&bench);
}

static void name_can_change_and_change_back(void)
{
	struct bench bench;

	start_bench(&bench);
	prove(&bench, "a");
	for (unsigned int i = 0; i < 12; i++) {
		pvm_node_doubt(&bench.node);
		remember(&bench, "b", 10);
		prove(&bench, "b");
		EXPECT_EVENTS(&bench, "10 ");
		SAME_NUMBER(whose(&bench, "a"), PVM_FOREIGN);
		pvm_node_doubt(&bench.node);
		SAME_NUMBER(whose(&bench, "b"), PVM_OURS);
		remember(&bench, "a", 20);
		prove(&bench, "a");
		EXPECT_EVENTS(&bench, "20 ");
		SAME_NUMBER(whose(&bench, "b"), PVM_FOREIGN);
	}
	stop_bench(&bench);
}

static void name_as_it_was_makes_new_ones_foreign(void)
{
	struct bench bench;

	start_bench(&bench);
	prove(&bench, "a");
	pvm_node_doubt(&bench.node);
	remember(&bench, "b", 10);
	prove(&bench, "a");
	SAME_NUMBER(whose(&bench, "b"), PVM_FOREIGN);
	pvm_node_doubt(&bench.node);
	SAME_NUMBER(whose(&bench, "b"), PVM_FOREIGN);
	SAME_NUMBER(whose(&bench, "a"), PVM_OURS);
	stop_bench(&bench);
}

/* The two hosts may have changed names. */
static void another_hosts_name_can_become_ours(void)
{
	struct bench bench;

	start_bench(&bench);
	prove(&bench, "a");
	SAME_NUMBER(whose(&bench, "b"), PVM_FOREIGN);
	pvm_node_doubt(&bench.node);
	SAME_NUMBER(whose(&bench, "b"), PVM_FOREIGN);
	prove(&bench, "b");
	SAME_NUMBER(whose(&bench, "a"), PVM_FOREIGN);
	pvm_node_doubt(&bench.node);
	SAME_NUMBER(whose(&bench, "b"), PVM_OURS);
	SAME_NUMBER(whose(&bench, "a"), PVM_UNSURE);
	prove(&bench, "a");
	/* it was this host's, too */
	pvm_node_doubt(&bench.node);
	remember(&bench, "b", 10);
	prove(&bench, "b");
	EXPECT_EVENTS(&bench, "10 ");
	stop_bench(&bench);
}

static void second_reload_forgets_nothing(void)
{
	struct bench bench;

	start_bench(&bench);
	prove(&bench, "a");
	pvm_node_doubt(&bench.node);
	remember(&bench, "b", 10);
	pvm_node_doubt(&bench.node);
	remember(&bench, "b", 11);
	prove(&bench, "b");
	EXPECT_EVENTS(&bench, "10 11 ");
	/* of what is over, nothing is left */
	pvm_node_doubt(&bench.node);
	prove(&bench, "b");
	stop_bench(&bench);
}

static void of_foreign_names_64_are_kept(void)
{
	struct bench bench;
	char name[32];

	start_bench(&bench);
	prove(&bench, "a");
	for (int i = 0; i < 65; i++) {
		snprintf(name, sizeof(name), "host-%d", i);
		SAME_NUMBER(whose(&bench, name), PVM_FOREIGN);
	}
	pvm_node_doubt(&bench.node);
	SAME_NUMBER(whose(&bench, "host-0"), PVM_FOREIGN);
	SAME_NUMBER(whose(&bench, "host-63"), PVM_FOREIGN);
	SAME_NUMBER(whose(&bench, "host-64"), PVM_UNSURE);
	prove(&bench, "a");
	SAME_NUMBER(whose(&bench, "host-64"), PVM_FOREIGN);
	stop_bench(&bench);
}

static void of_new_names_four_are_remembered(void)
{
	struct bench bench;

	start_bench(&bench);
	remember(&bench, "b", 10);
	remember(&bench, "c", 11);
	remember(&bench, "d", 12);
	remember(&bench, "e", 13);
	remember(&bench, "f", 14);
	remember(&bench, "e", 15);
	prove(&bench, "e");
	EXPECT_EVENTS(&bench, "13 15 ");
	SAME_NUMBER(whose(&bench, "f"), PVM_FOREIGN);
	pvm_node_doubt(&bench.node);
	remember(&bench, "g", 16);
	prove(&bench, "g");
	EXPECT_EVENTS(&bench, "16 ");
	stop_bench(&bench);
	start_bench(&bench);
	for (uint64_t i = 0; i < 5; i++)
		remember(&bench, (const char *[]){"b", "c", "d", "e", "f"}[i],
			 10 + i);
	prove(&bench, "f");
	stop_bench(&bench);
}

static void of_more_ranges_the_lowest_are_forgotten(void)
{
	struct bench bench;

	start_bench(&bench);
	for (uint64_t i = 0; i < 258; i++)
		remember(&bench, "a", 1000 + 2 * i);
	/* between two, which makes room */
	remember(&bench, "a", 1513);
	prove(&bench, "a");
	CU_ASSERT_NSTRING_EQUAL(bench.events, "1004 1006 1008 ", 15);
	SAME_TEXT(bench.events + bench.used - 15, "1512 1513 1514 ");
	SAME_NUMBER(bench.used, 257 * 5);
	bench.events[0] = '\0';
	stop_bench(&bench);
}

static void name_too_long_is_known_by_its_start(void)
{
	struct bench bench;
	char name[301];

	start_bench(&bench);
	memset(name, 'n', 300);
	name[300] = '\0';
	remember(&bench, name, 10);
	name[280] = 'm';
	remember(&bench, name, 11);
	prove(&bench, name);
	EXPECT_EVENTS(&bench, "10 11 ");
	name[255] = 'm';
	SAME_NUMBER(whose(&bench, name), PVM_OURS);
	name[254] = 'm';
	SAME_NUMBER(whose(&bench, name), PVM_FOREIGN);
	name[254] = '\0';
	SAME_NUMBER(whose(&bench, name), PVM_FOREIGN);
	stop_bench(&bench);
}

static void long_foreign_name_is_kept(void)
{
	struct bench bench;
	char name[301];

	start_bench(&bench);
	memset(name, 'n', 300);
	name[300] = '\0';
	prove(&bench, "a");
	SAME_NUMBER(whose(&bench, name), PVM_FOREIGN);
	pvm_node_doubt(&bench.node);
	SAME_NUMBER(whose(&bench, name), PVM_FOREIGN);
	suspect(&bench, name);
	stop_bench(&bench);
}

/* Half a minute after the first line that depends on it. */
static void overdue_proof_takes_the_name_of_joined_calls(void)
{
	struct bench bench;

	start_bench(&bench);
	pvm_node_inherit(&bench.node, "a");
	expire(&bench, 999000);
	remember_at(&bench, "other", 70, 1000000);
	remember_at(&bench, "b", 10, 1020000);
	suspect(&bench, "a");
	suspect(&bench, "b");
	expire(&bench, 1029999);
	SAME_NUMBER(whose(&bench, "b"), PVM_UNSURE);
	expire(&bench, 1030000);
	EXPECT_EVENTS(&bench, "10 ");
	SAME_NUMBER(whose(&bench, "b"), PVM_OURS);
	SAME_NUMBER(whose(&bench, "a"), PVM_FOREIGN);
	SAME_NUMBER(whose(&bench, "other"), PVM_FOREIGN);
	expire(&bench, 2000000);
	stop_bench(&bench);
}

static void overdue_proof_without_joined_calls_takes_the_known_name(void)
{
	struct bench bench;

	start_bench(&bench);
	prove(&bench, "a");
	suspect(&bench, "b");
	pvm_node_doubt(&bench.node);
	remember_at(&bench, "b", 10, 1000000);
	expire(&bench, 1030000);
	SAME_NUMBER(whose(&bench, "a"), PVM_OURS);
	SAME_NUMBER(whose(&bench, "b"), PVM_FOREIGN);
	stop_bench(&bench);
}

static void overdue_first_proof_takes_the_first_name(void)
{
	struct bench bench;

	start_bench(&bench);
	expire(&bench, 1000000);
	SAME_NUMBER(whose(&bench, "a"), PVM_UNSURE);
	remember_at(&bench, "a", 10, 1000000);
	remember_at(&bench, "b", 10, 1000000);
	expire(&bench, 1030000);
	EXPECT_EVENTS(&bench, "10 ");
	SAME_NUMBER(whose(&bench, "a"), PVM_OURS);
	SAME_NUMBER(whose(&bench, "b"), PVM_FOREIGN);
	stop_bench(&bench);
}

/* A proof that comes after all is right. */
static void late_proof_is_a_proof(void)
{
	struct bench bench;

	start_bench(&bench);
	remember_at(&bench, "a", 10, 1000000);
	expire(&bench, 1030000);
	EXPECT_EVENTS(&bench, "10 ");
	prove(&bench, "b");
	SAME_NUMBER(whose(&bench, "a"), PVM_FOREIGN);
	stop_bench(&bench);
}

static void each_doubt_has_its_own_time(void)
{
	struct bench bench;

	start_bench(&bench);
	remember_at(&bench, "a", 10, 1000000);
	prove(&bench, "a");
	EXPECT_EVENTS(&bench, "10 ");
	pvm_node_doubt(&bench.node);
	expire(&bench, 1100000);
	remember_at(&bench, "b", 11, 1200000);
	suspect(&bench, "b");
	expire(&bench, 1229999);
	SAME_NUMBER(whose(&bench, "b"), PVM_UNSURE);
	expire(&bench, 1230000);
	EXPECT_EVENTS(&bench, "11 ");
	SAME_NUMBER(whose(&bench, "b"), PVM_OURS);
	stop_bench(&bench);
}

static void lenient_takes_what_is_not_proven_foreign_for_ours(void)
{
	struct bench bench;

	start_bench(&bench);
	pvm_node_be_lenient(&bench.node);
	SAME_NUMBER(whose(&bench, "a"), PVM_OURS);
	SAME_NUMBER(whose(&bench, "b"), PVM_OURS);
	SAME_NUMBER(whose(&bench, ""), PVM_OURS);
	prove(&bench, "a");
	SAME_NUMBER(whose(&bench, "b"), PVM_FOREIGN);
	pvm_node_doubt(&bench.node);
	SAME_NUMBER(whose(&bench, "b"), PVM_FOREIGN);
	SAME_NUMBER(whose(&bench, "c"), PVM_OURS);
	stop_bench(&bench);
}

CU_TestInfo node_tests[] = {
	TEST(before_the_first_proof_every_name_is_unsure),
	TEST(host_without_a_name_is_one_of_that_name),
	TEST(remembered_events_are_handed_on_in_ascending_order),
	TEST(reported_events_are_handed_on_behind_those_that_came),
	TEST(serials_that_start_over_ascend),
	TEST(inherited_name_is_ours_until_another_is_proven),
	TEST(after_a_reload_lines_under_either_name_may_be_ours),
	TEST(name_can_change_and_change_back),
	TEST(name_as_it_was_makes_new_ones_foreign),
	TEST(another_hosts_name_can_become_ours),
	TEST(second_reload_forgets_nothing),
	TEST(of_foreign_names_64_are_kept),
	TEST(of_new_names_four_are_remembered),
	TEST(of_more_ranges_the_lowest_are_forgotten),
	TEST(name_too_long_is_known_by_its_start),
	TEST(long_foreign_name_is_kept),
	TEST(overdue_proof_takes_the_name_of_joined_calls),
	TEST(overdue_proof_without_joined_calls_takes_the_known_name),
	TEST(overdue_first_proof_takes_the_first_name),
	TEST(late_proof_is_a_proof),
	TEST(each_doubt_has_its_own_time),
	TEST(lenient_takes_what_is_not_proven_foreign_for_ours),
	CU_TEST_INFO_NULL,
};
