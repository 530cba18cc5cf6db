/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * call_sites.h - where a kernel function calls another, found in its text
 *
 * What a compiler has inlined has no symbol to put a probe on, but it still
 * calls functions of other files, and by their addresses. An instruction is
 * taken for such a call only if it comes to the very address; whether a probe
 * fits there is for the kernel to say, and whether it sees what it should for
 * the self-test.
 */
#ifndef PVM_CALL_SITES_H
#define PVM_CALL_SITES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum pvm_machine {
	PVM_MACHINE_X86_64,
	PVM_MACHINE_ARM64,
	PVM_MACHINE_OTHER, /* whose calls are not known here */
};

#if defined(__x86_64__)
#define PVM_MACHINE PVM_MACHINE_X86_64
#elif defined(__aarch64__)
#define PVM_MACHINE PVM_MACHINE_ARM64
#else
#define PVM_MACHINE PVM_MACHINE_OTHER
#endif

/* The text of a function that is longer is not looked at. */
#define PVM_TEXT_MAX 16384

/* A function's text, which the kernel has at @address. */
struct pvm_text {
	const uint8_t *bytes;
	size_t size;
	uint64_t address;
};

/* Bytes of a call's instruction. */
uint32_t pvm_call_length(enum pvm_machine machine);

/*
 * The next call of the function at @target, at the offset *@at or behind it.
 * Returns whether there is one; then *@at is its offset.
 */
bool pvm_next_call(enum pvm_machine machine, const struct pvm_text *text,
		   uint64_t target, uint32_t *at);

#endif
