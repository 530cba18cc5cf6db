// SPDX-License-Identifier: GPL-2.0-or-later
/* symbols.c - see symbols.h */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/symbols.h"

const char *pvm_hook_function(enum pvm_hook hook)
{
	static const char *const functions[PVM_HOOKS] = {
		[PVM_HOOK_ENTER] = "process_vm_rw",
		[PVM_HOOK_CORE] = "process_vm_rw_core",
		[PVM_HOOK_TARGET] = "mm_access",
		[PVM_HOOK_LOST] = "audit_log_lost",
		[PVM_HOOK_STAMP] = "audit_log_end",
	};

	return functions[hook];
}

/*
 * Is @symbol the function @name, or the clone of it that the compiler has
 * kept (.constprop.0, .isra.0)? Not the part of it moved away as cold, or
 * one that the compiler has split off.
 */
static bool is_clone_of(const char *symbol, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(symbol, name, len))
		return false;
	symbol += len;
	return !*symbol ||
	       ((!strncmp(symbol, ".constprop.", 11) ||
		 !strncmp(symbol, ".isra.", 6)) &&
		!strstr(symbol, ".cold") && !strstr(symbol, ".part"));
}

static void note_function(struct pvm_symbols *symbols, const char *symbol)
{
	if (!strcmp(symbol, "preempt_schedule"))
		symbols->preempts = true;
	for (enum pvm_hook hook = 0; hook < PVM_HOOKS; hook++)
		if (is_clone_of(symbol, pvm_hook_function(hook)))
			snprintf(symbols->name[hook], PVM_SYMBOL_MAX, "%s",
				 symbol);
}

void pvm_symbols_read(struct pvm_symbols *symbols, FILE *file)
{
	char symbol[PVM_SYMBOL_MAX];
	char *line = NULL, *rest;
	size_t size = 0;
	uint64_t address;
	char type;

	memset(symbols, 0, sizeof(*symbols));
	while (getline(&line, &size, file) > 0) {
		address = strtoull(line, &rest, 16);
		if (sscanf(rest, " %c %127s", &type, symbol) != 2)
			continue;
		symbols->any = true;
		if (type == 't' || type == 'T')
			note_function(symbols, symbol);
		else if (!strcmp(symbol, "preempt_dynamic_mode"))
			symbols->preempt_mode = address;
	}
	free(line);
}

int pvm_symbols_find(struct pvm_symbols *symbols)
{
	FILE *file = fopen(PVM_KALLSYMS, "re");

	if (!file)
		return -errno;
	pvm_symbols_read(symbols, file);
	fclose(file);
	return 0;
}
