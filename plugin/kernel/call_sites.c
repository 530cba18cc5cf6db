// SPDX-License-Identifier: GPL-2.0-or-later
/* call_sites.c - see call_sites.h */
#include "kernel/call_sites.h"

#define X86_CALL 0xe8 /* and the distance, from behind it, in 32 bits */
#define X86_CALL_LENGTH 5

#define ARM_CALL 0x94000000 /* bl: the distance in words, in 26 bits */
#define ARM_CALL_MASK 0xfc000000
#define ARM_WORD 4

uint32_t pvm_call_length(enum pvm_machine machine)
{
	return machine == PVM_MACHINE_ARM64 ? ARM_WORD : X86_CALL_LENGTH;
}

/* Both have the lowest byte first. */
static uint32_t read_word(const uint8_t *bytes)
{
	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

/* The number whose sign is its bit @bit, in 64 bits. */
static uint64_t extend_sign(uint64_t number, unsigned int bit)
{
	uint64_t sign = 1ull << bit;

	return (number ^ sign) - sign;
}

/* Instructions begin at any byte. */
static bool is_x86_call(const struct pvm_text *text, uint32_t at,
			uint64_t target)
{
	const uint8_t *bytes = text->bytes + at;

	return bytes[0] == X86_CALL &&
	       text->address + at + X86_CALL_LENGTH +
			       extend_sign(read_word(bytes + 1), 31) ==
		       target;
}

static bool is_arm_call(const struct pvm_text *text, uint32_t at,
			uint64_t target)
{
	uint32_t word = read_word(text->bytes + at);

	return (word & ARM_CALL_MASK) == ARM_CALL &&
	       text->address + at +
			       ARM_WORD *
				       extend_sign(word & ~ARM_CALL_MASK, 25) ==
		       target;
}

bool pvm_next_call(enum pvm_machine machine, const struct pvm_text *text,
		   uint64_t target, uint32_t *at)
{
	bool arm = machine == PVM_MACHINE_ARM64;
	uint32_t step = arm ? ARM_WORD : 1;
	uint64_t from = ((uint64_t)*at + step - 1) / step * step;

	if (machine == PVM_MACHINE_OTHER || text->size > PVM_TEXT_MAX)
		return false;
	for (; from + pvm_call_length(machine) <= text->size; from += step) {
		uint32_t here = (uint32_t)from;

		if (arm ? is_arm_call(text, here, target)
			: is_x86_call(text, here, target)) {
			*at = here;
			return true;
		}
	}
	return false;
}
