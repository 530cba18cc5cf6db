// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_early.c - captures wait in their order, up to a bound, and are found
 */
#include <stdlib.h>

#include "call/early.h"
#include "unit.h"

static struct pvm_capture *capture(uint64_t serial, size_t more)
{
	struct pvm_capture *made = calloc(1, sizeof(*made) + more);

	CU_ASSERT_PTR_NOT_NULL_FATAL(made);
	made->id = unit_id(serial);
	return made;
}

static struct pvm_early *begin(void)
{
	struct pvm_early *early = pvm_early_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(early);
	return early;
}

static void same_ids(const struct pvm_early *early, size_t max, size_t nr,
		     uint64_t first, uint64_t last)
{
	static struct pvm_id ids[PVM_EARLY_MAX];

	SAME_NUMBER(pvm_early_ids(early, ids, max), nr);
	SAME_NUMBER(ids[0].serial, first);
	SAME_NUMBER(ids[nr - 1].serial, last);
}

static void captures_are_listed_oldest_first(void)
{
	struct pvm_early *early = begin();

	CU_ASSERT(pvm_early_put(early, capture(9, 0)));
	CU_ASSERT(pvm_early_put(early, capture(7, 0)));
	CU_ASSERT(pvm_early_put(early, capture(8, 0)));
	SAME_NUMBER(pvm_early_waiting(early), 3);
	same_ids(early, 3, 3, 9, 8);
	same_ids(early, 2, 2, 9, 7);
	pvm_early_free(early);
}

static void a_capture_is_taken_once(void)
{
	struct pvm_early *early = begin();
	struct pvm_capture *seven = capture(7, 0);
	struct pvm_id id = unit_id(7), other = unit_id(7 + 1024);

	CU_ASSERT(pvm_early_put(early, seven));
	CU_ASSERT(pvm_early_holds(early, 7));
	CU_ASSERT(!pvm_early_holds(early, 7 + 1024));
	CU_ASSERT_PTR_NULL(pvm_early_take(early, &other));
	CU_ASSERT_PTR_EQUAL(pvm_early_take(early, &id), seven);
	CU_ASSERT_PTR_NULL(pvm_early_take(early, &id));
	CU_ASSERT(!pvm_early_holds(early, 7));
	free(seven);
	pvm_early_free(early);
}

static void those_that_wait_are_pending(void)
{
	struct pvm_early *early = begin();
	struct pvm_span span = {0};

	pvm_early_pending(early, &span);
	SAME_NUMBER(span.count, 0);
	CU_ASSERT(pvm_early_put(early, capture(9, 0)));
	CU_ASSERT(pvm_early_put(early, capture(7, 0)));
	pvm_early_pending(early, &span);
	SAME_SPAN(&span, "2 1000.007:7-1000.009:9");
	pvm_early_free(early);
}

static void no_more_wait_than_have_room(void)
{
	struct pvm_early *early = begin();
	struct pvm_capture *more = capture(5000, 0);
	struct pvm_id id = unit_id(1);

	for (uint64_t serial = 1; serial <= 2048; serial++)
		CU_ASSERT(pvm_early_put(early, capture(serial, 0)));
	CU_ASSERT(!pvm_early_put(early, more));
	free(pvm_early_take(early, &id));
	CU_ASSERT(pvm_early_put(early, more));
	pvm_early_free(early);
}

static void nor_do_long_ones_take_more_memory(void)
{
	struct pvm_early *early = begin();
	struct pvm_capture *more = capture(5000, 40000);
	struct pvm_capture *next;
	size_t nr = 0;

	while ((next = capture(nr, 40000), pvm_early_put(early, next)))
		nr++;
	free(next);
	CU_ASSERT(nr >= 20 && nr <= 26);
	CU_ASSERT(!pvm_early_put(early, more));
	free(more);
	pvm_early_free(early);
}

/* Asked for once, and then taken in the order in which they were allowed. */
static void what_the_checkpoint_has_is_taken_in_its_order(void)
{
	struct pvm_early *early = begin();
	struct pvm_id seven = unit_id(7), eight = unit_id(8), six = unit_id(6);
	struct pvm_capture *taken;
	struct pvm_span span = {0};

	for (uint64_t serial = 7; serial <= 9; serial++)
		CU_ASSERT(pvm_early_put(early, capture(serial, 0)));
	CU_ASSERT_PTR_NULL(pvm_early_next(early));
	pvm_early_allow(early, &six);
	pvm_early_allow(early, &eight);
	pvm_early_allow(early, &seven);
	pvm_early_allow(early, &eight);
	same_ids(early, 3, 1, 9, 9);
	SAME_NUMBER(pvm_early_waiting(early), 3);
	CU_ASSERT(pvm_early_holds(early, 8));
	pvm_early_pending(early, &span);
	SAME_SPAN(&span, "3 1000.007:7-1000.009:9");
	taken = pvm_early_next(early);
	SAME_NUMBER(taken->id.serial, 8);
	free(taken);
	free(pvm_early_take(early, &seven));
	CU_ASSERT_PTR_NULL(pvm_early_next(early));
	SAME_NUMBER(pvm_early_waiting(early), 1);
	pvm_early_free(early);
}

CU_TestInfo early_tests[] = {
	TEST(captures_are_listed_oldest_first),
	TEST(a_capture_is_taken_once),
	TEST(those_that_wait_are_pending),
	TEST(what_the_checkpoint_has_is_taken_in_its_order),
	TEST(no_more_wait_than_have_room),
	TEST(nor_do_long_ones_take_more_memory),
	CU_TEST_INFO_NULL,
};
