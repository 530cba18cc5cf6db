// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_calibrate.c - what the trials prove, and when audit owes one of the
 * stamp
 */
#include <libaudit.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kernel/audit_status.h"
#include "kernel/calibrate.h"
#include "unit.h"

#define NOW 1795288457

/*
 * Probes that see @seen of the self-test's four calls, by their bits in the
 * order of the calls: reads of one remote vector and of nine, then writes.
 */
struct fake_probes {
	unsigned int seen;
	unsigned int call; /* the one at hand */
	unsigned int tries; /* of it */
};

static void drain_fake(void *arg, struct pvm_wire_trial *trial)
{
	struct fake_probes *fake = arg;
	bool many = fake->call & 1;

	memset(trial, 0, sizeof(*trial));
	if (fake->seen >> fake->call & 1) {
		trial->call.head.kind = PVM_WIRE_TRIAL;
		trial->call.pid = getpid();
		trial->call.riovcnt = many ? 9 : 1;
		trial->call.liovcnt = many ? 1 : 9;
	} else if (++fake->tries < 10) {
		return; /* the same call comes again */
	}
	fake->call++;
	fake->tries = 0;
}

static struct pvm_calibration calibrate_seeing(unsigned int seen)
{
	struct fake_probes fake = {.seen = seen};
	struct pvm_calibration result;

	pvm_calibrate(&result, drain_fake, &fake);
	SAME_NUMBER(fake.call, 4);
	return result;
}

static void reads_and_writes_have_to_come(void)
{
	struct pvm_calibration result = calibrate_seeing(0xf);

	CU_ASSERT_TRUE(result.came);
	CU_ASSERT_TRUE(result.arguments);
	CU_ASSERT_FALSE(result.vectors); /* none were shown */
	CU_ASSERT_FALSE(result.target);
	result = calibrate_seeing(0x3);
	CU_ASSERT_FALSE(result.came);
	CU_ASSERT_TRUE(result.some);
	CU_ASSERT_TRUE(result.write);
	result = calibrate_seeing(0xc);
	CU_ASSERT_FALSE(result.came);
	CU_ASSERT_TRUE(result.some);
	CU_ASSERT_FALSE(result.write);
}

static void calls_of_nine_vectors_have_to_come(void)
{
	CU_ASSERT_FALSE(calibrate_seeing(0xd).came);
	CU_ASSERT_FALSE(calibrate_seeing(0x7).came);
	CU_ASSERT_TRUE(calibrate_seeing(0x7).write);
}

static void nothing_that_comes_is_nothing(void)
{
	struct pvm_calibration result = calibrate_seeing(0);

	CU_ASSERT_FALSE(result.came);
	CU_ASSERT_FALSE(result.some);
}

/* As the probe sends it when all is well. */
static struct pvm_wire_stamp good_stamp(void)
{
	return (struct pvm_wire_stamp){
		.head = {7, PVM_WIRE_STAMP, 4243, 5000},
		.sec = NOW,
		.nsec = 412999999,
		.serial = 43,
		.nr = SYS_bpf,
		.seen = PVM_SEEN_AUDIT,
	};
}

static void stamp_with_an_event_s_id_is_right(void)
{
	struct pvm_wire_stamp stamp = good_stamp();

	SAME_NUMBER(pvm_judge_stamp(&stamp, false, NOW), PVM_STAMP_RIGHT);
	SAME_NUMBER(pvm_judge_stamp(&stamp, true, NOW), PVM_STAMP_RIGHT);
	stamp.sec = NOW + 10;
	SAME_NUMBER(pvm_judge_stamp(&stamp, false, NOW), PVM_STAMP_RIGHT);
	stamp.sec = NOW - 10;
	SAME_NUMBER(pvm_judge_stamp(&stamp, false, NOW), PVM_STAMP_RIGHT);
}

static void stamp_without_a_serial_is_wrong(void)
{
	struct pvm_wire_stamp stamp = good_stamp();

	stamp.serial = 0;
	SAME_NUMBER(pvm_judge_stamp(&stamp, false, NOW), PVM_STAMP_WRONG);
}

static void stamp_of_another_time_is_wrong(void)
{
	static const uint64_t others[] = {
		0, NOW - 11, NOW + 11, 0xffff888003a51c00, UINT64_MAX,
	};

	for (size_t i = 0; i < COUNT(others); i++) {
		struct pvm_wire_stamp stamp = good_stamp();

		stamp.sec = others[i];
		SAME_NUMBER(pvm_judge_stamp(&stamp, false, NOW),
			    PVM_STAMP_WRONG);
	}
}

static void stamp_with_impossible_nanoseconds_is_wrong(void)
{
	struct pvm_wire_stamp stamp = good_stamp();

	stamp.nsec = 1000000000;
	SAME_NUMBER(pvm_judge_stamp(&stamp, false, NOW), PVM_STAMP_WRONG);
}

/* Audit was switched on after the task began: no id of its own to read. */
static void stamp_outside_the_system_call_proves_nothing(void)
{
	struct pvm_wire_stamp stamp = good_stamp();

	stamp.sec = 0;
	stamp.serial = 0;
	stamp.seen = 0;
	SAME_NUMBER(pvm_judge_stamp(&stamp, true, NOW), PVM_STAMP_UNPROVEN);
	stamp = good_stamp();
	stamp.nr = SYS_close;
	SAME_NUMBER(pvm_judge_stamp(&stamp, true, NOW), PVM_STAMP_UNPROVEN);
}

static void stamp_that_never_came_is_wrong_where_audit_has_written(void)
{
	struct pvm_wire_stamp stamp = {0};

	SAME_NUMBER(pvm_judge_stamp(&stamp, true, NOW), PVM_STAMP_WRONG);
	SAME_NUMBER(pvm_judge_stamp(&stamp, false, NOW), PVM_STAMP_UNPROVEN);
}

/* A rule of one field, as the kernel lists it. */
static struct audit_rule_data make_rule(uint32_t list, uint32_t field,
					uint32_t operator, uint32_t value)
{
	return (struct audit_rule_data){.flags = list,
					.action = AUDIT_ALWAYS,
					.field_count = 1,
					.fields = {field},
					.fieldflags =
						{
							operator},
							.values = {value},
					};
}

static void rule_excludes_its_type_alone(void)
{
	struct audit_rule_data rule = make_rule(
		AUDIT_FILTER_EXCLUDE, AUDIT_MSGTYPE, AUDIT_EQUAL, AUDIT_BPF);

	CU_ASSERT(pvm_audit_may_exclude(&rule, AUDIT_BPF));
	CU_ASSERT(!pvm_audit_may_exclude(&rule, AUDIT_CWD));
}

static void rule_of_a_range_may_exclude(void)
{
	struct audit_rule_data rule =
		make_rule(AUDIT_FILTER_EXCLUDE, AUDIT_MSGTYPE,
			  AUDIT_GREATER_THAN_OR_EQUAL, 1300);

	CU_ASSERT(pvm_audit_may_exclude(&rule, AUDIT_BPF));
}

static void rule_of_another_field_may_exclude(void)
{
	struct audit_rule_data rule =
		make_rule(AUDIT_FILTER_EXCLUDE, AUDIT_UID, AUDIT_EQUAL, 0);

	CU_ASSERT(pvm_audit_may_exclude(&rule, AUDIT_BPF));
}

static void rule_of_another_list_excludes_nothing(void)
{
	struct audit_rule_data rule = make_rule(
		AUDIT_FILTER_EXIT, AUDIT_MSGTYPE, AUDIT_EQUAL, AUDIT_BPF);

	CU_ASSERT(!pvm_audit_may_exclude(&rule, AUDIT_BPF));
}

CU_TestInfo calibrate_tests[] = {
	TEST(reads_and_writes_have_to_come),
	TEST(calls_of_nine_vectors_have_to_come),
	TEST(nothing_that_comes_is_nothing),
	TEST(stamp_with_an_event_s_id_is_right),
	TEST(stamp_without_a_serial_is_wrong),
	TEST(stamp_of_another_time_is_wrong),
	TEST(stamp_with_impossible_nanoseconds_is_wrong),
	TEST(stamp_outside_the_system_call_proves_nothing),
	TEST(stamp_that_never_came_is_wrong_where_audit_has_written),
	TEST(rule_excludes_its_type_alone),
	TEST(rule_of_a_range_may_exclude),
	TEST(rule_of_another_field_may_exclude),
	TEST(rule_of_another_list_excludes_nothing),
	CU_TEST_INFO_NULL,
};
