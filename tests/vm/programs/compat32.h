/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A 32-bit call as 64- and 32-bit programs make it, and what cases and its
 * 32-bit helper tell each other: fixed sizes, the same in both.
 */
#ifndef COMPAT32_H
#define COMPAT32_H

#include <stdint.h>

#if defined(__x86_64__) || defined(__i386__)
#define COMPAT_READV 347
#define COMPAT_WRITEV 348
#define COMPAT_ABI "i386"
#else
#define COMPAT_READV 376
#define COMPAT_WRITEV 377
#define COMPAT_ABI "arm"
#endif
#define COMPAT_VECTORS 4

struct compat_iovec {
	uint32_t base;
	uint32_t len;
};

struct compat_order {
	uint32_t number;
	int32_t pid;
	uint32_t local_count;
	uint32_t remote_count;
	struct compat_iovec local[COMPAT_VECTORS];
	struct compat_iovec remote[COMPAT_VECTORS];
};

/* The first one says where memory is to be had, the others what came out. */
struct compat_answer {
	int32_t result;
	uint32_t memory;
	uint32_t local;
	uint32_t remote;
};

#ifdef __arm__
static inline int32_t compat_call(uint32_t number, uint32_t a0, uint32_t a1,
				  uint32_t a2, uint32_t a3, uint32_t a4,
				  uint32_t a5)
{
	register uint32_t r7 __asm__("r7") = number;
	register uint32_t r0 __asm__("r0") = a0;
	register uint32_t r1 __asm__("r1") = a1;
	register uint32_t r2 __asm__("r2") = a2;
	register uint32_t r3 __asm__("r3") = a3;
	register uint32_t r4 __asm__("r4") = a4;
	register uint32_t r5 __asm__("r5") = a5;

	__asm__ volatile("svc #0"
			 : "+r"(r0)
			 : "r"(r7), "r"(r1), "r"(r2), "r"(r3), "r"(r4), "r"(r5)
			 : "memory");
	return (int32_t)r0;
}
#elif defined(__x86_64__) || defined(__i386__)
/* The sixth argument's register is one that compilers keep for themselves. */
static inline int32_t compat_call(uint32_t number, uint32_t a0, uint32_t a1,
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

#endif
