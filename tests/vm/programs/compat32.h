/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A 32-bit call as 64- and 32-bit programs make it, and what cases and its
 * 32-bit helper tell each other: fixed sizes, the same in both.
 */
#ifndef I386_H
#define I386_H

#include <stdint.h>

#define I386_READV 347
#define I386_WRITEV 348
#define I386_VECTORS 4

struct i386_iovec {
	uint32_t base;
	uint32_t len;
};

struct i386_order {
	uint32_t number;
	int32_t pid;
	uint32_t local_count;
	uint32_t remote_count;
	struct i386_iovec local[I386_VECTORS];
	struct i386_iovec remote[I386_VECTORS];
};

/* The first one says where memory is to be had, the others what came out. */
struct i386_answer {
	int32_t result;
	uint32_t memory;
	uint32_t local;
	uint32_t remote;
};

/* The sixth argument's register is one that compilers keep for themselves. */
static inline int32_t i386_call(uint32_t number, uint32_t a0, uint32_t a1,
				uint32_t a2, uint32_t a3, uint32_t a4,
				uint32_t a5)
{
	const uint32_t last[2] = {a4, a5};
	const uint32_t *at = last;
	int32_t result;

#ifdef __x86_64__
	/* not on the stack, below which the compiler may keep things */
	__asm__ volatile("mov %%rbp, %%r12\n\t"
			 "movl 4(%%rdi), %%ebp\n\t"
			 "movl (%%rdi), %%edi\n\t"
			 "int $0x80\n\t"
			 "mov %%r12, %%rbp"
			 : "=a"(result), "+D"(at)
			 : "a"(number), "b"(a0), "c"(a1), "d"(a2), "S"(a3)
			 : "memory", "cc", "r8", "r9", "r10", "r11", "r12");
#else
	__asm__ volatile("push %%ebp\n\t"
			 "movl 4(%%edi), %%ebp\n\t"
			 "movl (%%edi), %%edi\n\t"
			 "int $0x80\n\t"
			 "pop %%ebp"
			 : "=a"(result), "+D"(at)
			 : "a"(number), "b"(a0), "c"(a1), "d"(a2), "S"(a3)
			 : "memory", "cc");
#endif
	return result;
}

#endif
