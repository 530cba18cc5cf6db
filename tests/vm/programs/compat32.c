// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A 32-bit caller. Without a C library, so that building it takes nothing but
 * the compiler. Reads orders from its standard input, answers on its output;
 * every call has arrays of vectors of its own, and the program ends with its
 * input.
 */
#include "compat32.h"

enum { SYS_exit = 1, SYS_read = 3, SYS_write = 4 };

#define CALLS_MAX 64

static char memory[4096];
static struct compat_order orders[CALLS_MAX];

static uint32_t address(const void *p)
{
	return (uint32_t)(uintptr_t)p;
}

static int32_t call3(uint32_t number, uint32_t a0, uint32_t a1, uint32_t a2)
{
	return compat_call(number, a0, a1, a2, 0, 0, 0);
}

static void obey(const struct compat_order *order)
{
	struct compat_answer answer = {
		.local = address(order->local),
		.remote = address(order->remote),
	};

	answer.result = compat_call(order->number, order->pid, answer.local,
				    order->local_count, answer.remote,
				    order->remote_count, 0);
	call3(SYS_write, 1, address(&answer), sizeof(answer));
}

__attribute__((noreturn)) void _start(void);

void _start(void)
{
	struct compat_answer hello = {.memory = address(memory)};

	call3(SYS_write, 1, address(&hello), sizeof(hello));
	for (int i = 0; i < CALLS_MAX; i++) {
		if (call3(SYS_read, 0, address(&orders[i]),
			  sizeof(orders[i])) != sizeof(orders[i]))
			break;
		obey(&orders[i]);
	}
	for (;;)
		call3(SYS_exit, 0, 0, 0);
}
