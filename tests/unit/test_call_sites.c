// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_call_sites.c - calls are found in recorded text, and in nothing else
 */
#include <stdlib.h>
#include <string.h>

#include "kernel/call_sites.h"
#include "unit.h"

/*
 * process_vm_rw+0x1f0 of Linux 6.12 as clang 14 -O2 compiles it: both calls,
 * with what is around them. Offsets: import_iovec 0x1d, iovec_from_user 0x66.
 */
#define X86_ADDRESS 0xffffffff812002b0
#define X86_IMPORT_IOVEC 0xffffffff81487d20
#define X86_IOVEC_FROM_USER 0xffffffff81487b40
static const uint8_t x86[] = {
	0x31, 0xff, 0x83, 0x7d, 0x10, 0x00, 0x40, 0x0f, 0x95, 0xc7, 0x4c, 0x8d,
	0x44, 0x24, 0x70, 0x4c, 0x8d, 0x4c, 0x24, 0x48, 0x89, 0x7c, 0x24, 0x34,
	0xb9, 0x08, 0x00, 0x00, 0x00, 0xe8, 0x4e, 0x7a, 0x28, 0x00, 0x48, 0x89,
	0xc3, 0x48, 0x85, 0xc0, 0x0f, 0x88, 0x08, 0x05, 0x00, 0x00, 0x48, 0x83,
	0x7c, 0x24, 0x60, 0x00, 0x0f, 0x84, 0xf2, 0x04, 0x00, 0x00, 0x65, 0x48,
	0x8b, 0x05, 0x0e, 0xfd, 0xdf, 0x7e, 0x44, 0x8b, 0x40, 0x10, 0x41, 0x83,
	0xe0, 0x02, 0x41, 0xd1, 0xe8, 0x48, 0x8d, 0x84, 0x24, 0xb0, 0x00, 0x00,
	0x00, 0xba, 0x08, 0x00, 0x00, 0x00, 0x4c, 0x89, 0xe7, 0x49, 0x89, 0xc4,
	0x4c, 0x89, 0xfe, 0x48, 0x89, 0xc1, 0xe8, 0x25, 0x78, 0x28, 0x00, 0x48,
	0x3d, 0x01, 0xf0, 0xff, 0xff, 0x72, 0x08, 0x48, 0x89, 0xc3, 0xe9, 0xb1,
	0x04, 0x00, 0x00, 0x48, 0xc7, 0x84, 0x24, 0xa8, 0x01,
};

/*
 * The same lines of C, by clang 14 -O2 for arm64, the one function ahead of it
 * and the other behind it. Offsets: import_iovec 0x28, iovec_from_user 0x54.
 */
#define ARM_ADDRESS 0xffff800008200030
#define ARM_IMPORT_IOVEC 0xffff800008487d20
#define ARM_IOVEC_FROM_USER 0xffff80000813fb40
static const uint8_t arm[] = {
	0xdf, 0x00, 0x00, 0x71, 0xf4, 0x03, 0x04, 0xaa, 0xf6, 0x03, 0x03, 0xaa,
	0xf5, 0x03, 0x00, 0x2a, 0xe0, 0x07, 0x9f, 0x1a, 0xa4, 0x63, 0x00, 0x91,
	0xe5, 0x23, 0x00, 0x91, 0x03, 0x01, 0x80, 0x52, 0xf8, 0x03, 0x07, 0x2a,
	0xf3, 0x03, 0x06, 0x2a, 0x32, 0x1f, 0x0a, 0x94, 0xf7, 0x03, 0x00, 0xaa,
	0xa0, 0x03, 0xf8, 0xb7, 0xe8, 0x13, 0x40, 0xf9, 0x28, 0x03, 0x00, 0xb4,
	0x04, 0x03, 0x00, 0x12, 0xe3, 0xc3, 0x00, 0x91, 0xe0, 0x03, 0x16, 0xaa,
	0xe1, 0x03, 0x14, 0xaa, 0x02, 0x01, 0x80, 0x52, 0xf8, 0xc3, 0x00, 0x91,
	0xaf, 0xfe, 0xfc, 0x97, 0xf6, 0x03, 0x00, 0xaa, 0x1f, 0xfc, 0x3f, 0xb1,
};

static const struct pvm_text x86_text = {x86, sizeof(x86), X86_ADDRESS};
static const struct pvm_text arm_text = {arm, sizeof(arm), ARM_ADDRESS};

/* The offsets of all calls of @target, " 1d 66". */
static const char *calls_of(enum pvm_machine machine,
			    const struct pvm_text *text, uint64_t target)
{
	static char found[256];
	size_t len = 0;

	found[0] = 0;
	for (uint32_t at = 0; pvm_next_call(machine, text, target, &at); at++)
		len += (size_t)snprintf(found + len, sizeof(found) - len, " %x",
					at);
	return found;
}

static void calls_of_x86_are_found(void)
{
	SAME_TEXT(calls_of(PVM_MACHINE_X86_64, &x86_text, X86_IMPORT_IOVEC),
		  " 1d");
	SAME_TEXT(calls_of(PVM_MACHINE_X86_64, &x86_text, X86_IOVEC_FROM_USER),
		  " 66");
	SAME_NUMBER(pvm_call_length(PVM_MACHINE_X86_64), 5);
}

static void calls_of_arm64_are_found_both_ways(void)
{
	SAME_TEXT(calls_of(PVM_MACHINE_ARM64, &arm_text, ARM_IMPORT_IOVEC),
		  " 28");
	SAME_TEXT(calls_of(PVM_MACHINE_ARM64, &arm_text, ARM_IOVEC_FROM_USER),
		  " 54");
	SAME_NUMBER(pvm_call_length(PVM_MACHINE_ARM64), 4);
}

static void call_of_a_neighbour_is_none(void)
{
	SAME_TEXT(calls_of(PVM_MACHINE_X86_64, &x86_text, X86_IMPORT_IOVEC + 1),
		  "");
	SAME_TEXT(calls_of(PVM_MACHINE_X86_64, &x86_text, X86_IMPORT_IOVEC - 4),
		  "");
	SAME_TEXT(calls_of(PVM_MACHINE_ARM64, &arm_text, ARM_IMPORT_IOVEC + 4),
		  "");
	SAME_TEXT(calls_of(PVM_MACHINE_X86_64, &x86_text, 0), "");
	SAME_TEXT(calls_of(PVM_MACHINE_ARM64, &arm_text, 0), "");
}

/* jmp, as at the end of x86 above, and b have the same kind of distance. */
static void jump_is_no_call(void)
{
	static const uint8_t jump[] = {0xe9, 0x4e, 0x7a, 0x28, 0x00};
	static const uint8_t branch[] = {0x32, 0x1f, 0x0a, 0x14};
	struct pvm_text text = {jump, sizeof(jump), X86_ADDRESS + 0x1d};

	SAME_TEXT(calls_of(PVM_MACHINE_X86_64, &text, X86_IMPORT_IOVEC), "");
	text = (struct pvm_text){branch, sizeof(branch), ARM_ADDRESS + 0x28};
	SAME_TEXT(calls_of(PVM_MACHINE_ARM64, &text, ARM_IMPORT_IOVEC), "");
}

/* One text for the other machine's has none; nor has an unknown machine. */
static void each_machine_has_its_own_calls(void)
{
	SAME_TEXT(calls_of(PVM_MACHINE_ARM64, &x86_text, X86_IMPORT_IOVEC), "");
	SAME_TEXT(calls_of(PVM_MACHINE_X86_64, &arm_text, ARM_IMPORT_IOVEC),
		  "");
	SAME_TEXT(calls_of(PVM_MACHINE_OTHER, &x86_text, X86_IMPORT_IOVEC), "");
}

/* Of memory of that size alone, so that a sanitizer sees what is read beyond.
 */
static const char *calls_in_copy(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);
	struct pvm_text text = {copy, size, X86_ADDRESS};
	const char *found;

	memcpy(copy, bytes, size);
	found = calls_of(PVM_MACHINE_X86_64, &text, X86_IMPORT_IOVEC);
	text.address = ARM_ADDRESS;
	if (!*found)
		found = calls_of(PVM_MACHINE_ARM64, &text, ARM_IMPORT_IOVEC);
	free(copy);
	return found;
}

static void text_that_is_cut_has_whole_calls_only(void)
{
	for (size_t size = 0; size <= sizeof(x86); size++)
		SAME_TEXT(calls_in_copy(x86, size), size < 0x22 ? "" : " 1d");
	for (size_t size = 0; size <= sizeof(arm); size++)
		SAME_TEXT(calls_in_copy(arm, size), size < 0x2c ? "" : " 28");
}

/* A distance that leads over the end of the address space comes out below it.
 */
static void distance_wraps(void)
{
	static const uint8_t far[] = {0xe8, 0xff, 0xff, 0xff, 0x7f,
				      0xe8, 0x00, 0x00, 0x00, 0x80};
	struct pvm_text text = {far, sizeof(far), 0xfffffffffffffff0};

	SAME_TEXT(calls_of(PVM_MACHINE_X86_64, &text, 0x7ffffff4), " 0");
	SAME_TEXT(calls_of(PVM_MACHINE_X86_64, &text, 0xffffffff7ffffffa),
		  " 5");
}

static void each_of_many_calls_is_found(void)
{
	static const uint8_t calls[] = {0xe8, 0xfb, 0x00, 0x00, 0x00, 0xe8,
					0xf6, 0x00, 0x00, 0x00, 0xe8, 0xe8,
					0xf1, 0x00, 0x00, 0x00, 0xe8, 0xeb,
					0x00, 0x00, 0x00};
	struct pvm_text text = {calls, sizeof(calls), 0x1000};

	SAME_TEXT(calls_of(PVM_MACHINE_X86_64, &text, 0x1100), " 0 5 10");
}

static void offset_behind_the_text_finds_nothing(void)
{
	uint32_t at = UINT32_MAX;

	CU_ASSERT_FALSE(pvm_next_call(PVM_MACHINE_X86_64, &x86_text,
				      X86_IMPORT_IOVEC, &at));
	CU_ASSERT_FALSE(pvm_next_call(PVM_MACHINE_ARM64, &arm_text,
				      ARM_IMPORT_IOVEC, &at));
	SAME_NUMBER(at, UINT32_MAX);
}

static void text_without_measure_is_not_read(void)
{
	struct pvm_text text = {x86, SIZE_MAX, X86_ADDRESS};

	SAME_TEXT(calls_of(PVM_MACHINE_X86_64, &text, X86_IMPORT_IOVEC), "");
}

CU_TestInfo call_sites_tests[] = {
	TEST(calls_of_x86_are_found),
	TEST(calls_of_arm64_are_found_both_ways),
	TEST(call_of_a_neighbour_is_none),
	TEST(jump_is_no_call),
	TEST(each_machine_has_its_own_calls),
	TEST(text_that_is_cut_has_whole_calls_only),
	TEST(distance_wraps),
	TEST(each_of_many_calls_is_found),
	TEST(offset_behind_the_text_finds_nothing),
	TEST(text_without_measure_is_not_read),
	CU_TEST_INFO_NULL,
};
