// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_serials.c - a set of serials: what it has, and what it has forgotten
 */
#include "lib/serials.h"
#include "unit.h"

#define WINDOW 1024

static void add(struct pvm_serials *serials, uint32_t serial)
{
	size_t place;

	CU_ASSERT_PTR_NOT_NULL(pvm_serials_add(serials, serial, &place));
}

static struct pvm_serials *new_set(void)
{
	struct pvm_serials *serials = pvm_serials_new(WINDOW);

	CU_ASSERT_PTR_NOT_NULL_FATAL(serials);
	return serials;
}

static void has_what_was_added_and_nothing_else(void)
{
	struct pvm_serials *serials = new_set();

	for (uint32_t serial = 0; serial < WINDOW; serial++)
		CU_ASSERT_FALSE(pvm_serials_has(serials, serial));
	add(serials, 0);
	add(serials, 63);
	add(serials, 64);
	add(serials, 64);
	add(serials, 1000);
	for (uint32_t serial = 0; serial < 3 * WINDOW; serial++)
		SAME_NUMBER(pvm_serials_has(serials, serial),
			    serial == 0 || serial == 63 || serial == 64 ||
				    serial == 1000);
	pvm_serials_free(serials);
}

/* However many there are. */
static void has_all_of_the_newest(void)
{
	struct pvm_serials *serials = new_set();

	for (uint32_t serial = 5; serial < 5 + 4 * WINDOW; serial++)
		add(serials, serial);
	/* in blocks of 64, of which the newest one is begun */
	for (uint32_t serial = 5 + 3 * WINDOW + 64; serial < 5 + 4 * WINDOW;
	     serial++)
		CU_ASSERT_TRUE(pvm_serials_has(serials, serial));
	for (uint32_t serial = 0; serial < 5 + 3 * WINDOW - 64; serial++)
		CU_ASSERT_FALSE(pvm_serials_has(serials, serial));
	pvm_serials_free(serials);
}

static void goes_on_from_0(void)
{
	struct pvm_serials *serials = new_set();

	for (uint32_t i = 0; i < 300; i++)
		add(serials, UINT32_MAX - 149 + i);
	for (uint32_t i = 0; i < 300; i++)
		CU_ASSERT_TRUE(pvm_serials_has(serials, UINT32_MAX - 149 + i));
	/* a whole window further, the first ones are forgotten */
	add(serials, UINT32_MAX - 149 + WINDOW);
	CU_ASSERT_FALSE(pvm_serials_has(serials, UINT32_MAX - 149));
	CU_ASSERT_TRUE(pvm_serials_has(serials, 149));
	pvm_serials_free(serials);
}

static void does_not_forget_a_newer_one_for_an_older(void)
{
	struct pvm_serials *serials = new_set();
	size_t place;

	add(serials, 5 * WINDOW);
	CU_ASSERT_PTR_NULL(pvm_serials_add(serials, WINDOW, &place));
	CU_ASSERT_TRUE(pvm_serials_has(serials, 5 * WINDOW));
	CU_ASSERT_FALSE(pvm_serials_has(serials, WINDOW));
	/* older than the newest, but within the window */
	add(serials, 4 * WINDOW + 100);
	CU_ASSERT_TRUE(pvm_serials_has(serials, 4 * WINDOW + 100));
	pvm_serials_free(serials);
}

static void says_which_block_has_changed(void)
{
	struct pvm_serials *serials = new_set();
	const struct pvm_serials_block *block;
	size_t place;

	add(serials, 64 * 17 + 3);
	block = pvm_serials_add(serials, 64 * 17 + 5, &place);
	CU_ASSERT_PTR_NOT_NULL_FATAL(block);
	SAME_NUMBER(block->number, 17);
	SAME_NUMBER(block->bits, 8 + 32);
	SAME_NUMBER(place, 1);
	pvm_serials_free(serials);
}

CU_TestInfo serials_tests[] = {
	TEST(has_what_was_added_and_nothing_else),
	TEST(has_all_of_the_newest),
	TEST(goes_on_from_0),
	TEST(does_not_forget_a_newer_one_for_an_older),
	TEST(says_which_block_has_changed),
	CU_TEST_INFO_NULL,
};
