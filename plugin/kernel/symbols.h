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
	PVM_HOOK_IMPORT, /* these two where PVM_HOOK_ENTER calls them */
	PVM_HOOK_COPIED,
	PVM_HOOK_TARGET,
	PVM_HOOK_LOST,
	PVM_HOOK_STAMP,
	PVM_HOOKS
};

/* Room for a symbol with what the compiler has put behind it. */
#define PVM_SYMBOL_MAX 128

/* Clones of a function that get a probe; the self-test shows if more run. */
#define PVM_CLONES_MAX 8

/* One of the symbols that the compiler has left of a function. */
struct pvm_clone {
	char symbol[PVM_SYMBOL_MAX];
	uint64_t address; /* 0 when the kernel does not show it */
	uint64_t size; /* of process_vm_rw() alone; 0 when not known */
	bool part; /* split off one that is whole, which is there as well */
};

struct pvm_function {
	struct pvm_clone clones[PVM_CLONES_MAX]; /* in the kernel's order */
	unsigned int nr; /* 0 when the kernel has none */
};

struct pvm_symbols {
	struct pvm_function of[PVM_HOOKS];
	bool any; /* there are symbols at all, of any kind */
	bool preempts; /* built so that a task can be preempted in it */
	uint64_t preempt_mode; /* address of preempt_dynamic_mode, or 0 */
};

/* The function's name in the kernel's source. */
const char *pvm_hook_function(enum pvm_hook hook);

/* Is there a part of process_vm_rw() or of its core beside a whole one? */
bool pvm_symbols_have_parts(const struct pvm_symbols *symbols);

/* Find them in PVM_KALLSYMS; addresses need CAP_SYSLOG. Returns 0 or -errno. */
int pvm_symbols_find(struct pvm_symbols *symbols);

/* Likewise, in @file, whose lines are like those of PVM_KALLSYMS. */
void pvm_symbols_read(struct pvm_symbols *symbols, FILE *file);

#endif
