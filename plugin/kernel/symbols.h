/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * symbols.h - the kernel functions to hook, under the names this kernel gives
 */
#ifndef PVM_SYMBOLS_H
#define PVM_SYMBOLS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define PVM_KALLSYMS "/proc/kallsyms"

/* Kernel functions that are probed, in the order of their attaching. */
enum pvm_hook {
	PVM_HOOK_ENTER,
	PVM_HOOK_CORE,
	PVM_HOOK_TARGET,
	PVM_HOOK_LOST,
	PVM_HOOK_STAMP,
	PVM_HOOKS
};

/* Room for a symbol with what the compiler has put behind it. */
#define PVM_SYMBOL_MAX 128

struct pvm_symbols {
	char name[PVM_HOOKS][PVM_SYMBOL_MAX]; /* "" when the kernel has none */
	bool any; /* there are symbols at all, of any kind */
	bool preempts; /* built so that a task can be preempted in it */
	uint64_t preempt_mode; /* address of preempt_dynamic_mode, or 0 */
};

/* The function's name in the kernel's source. */
const char *pvm_hook_function(enum pvm_hook hook);

/* Find them in PVM_KALLSYMS; addresses need CAP_SYSLOG. Returns 0 or -errno. */
int pvm_symbols_find(struct pvm_symbols *symbols);

/* Likewise, in @file, whose lines are like those of PVM_KALLSYMS. */
void pvm_symbols_read(struct pvm_symbols *symbols, FILE *file);

#endif
