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
		[PVM_HOOK_IMPORT] = "import_iovec",
		[PVM_HOOK_COPIED] = "iovec_from_user",
		[PVM_HOOK_TARGET] = "mm_access",
		[PVM_HOOK_LOST] = "audit_log_lost",
		[PVM_HOOK_STAMP] = "audit_log_end",
	};

	return functions[hook];
}

#define PART "part"

/* What compilers and linkers call clones; a number follows each. */
static bool is_mark(const char *word, size_t len)
{
	static const char *const marks[] = {
		"constprop", "isra", PART, "lto_priv", "llvm", "__uniq",
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (len == strlen(marks[i]) && !strncmp(word, marks[i], len))
			return true;
	return false;
}

/* The length of ".MARK.NUMBER" at the start of @text, or 0. */
static size_t mark_length(const char *text)
{
	size_t len = *text == '.' ? strcspn(text + 1, ".") + 1 : 0;
	size_t digits;

	if (!len || !is_mark(text + 1, len - 1) || text[len] != '.')
		return 0;
	digits = strspn(text + len + 1, "0123456789");
	return digits ? len + 1 + digits : 0;
}

/*
 * Is @symbol the function @name, or a clone of it that the compiler has kept
 * (process_vm_rw.isra.0.constprop.1)? Not what of it was moved away as cold.
 */
static bool is_clone_of(const char *symbol, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(symbol, name, len))
		return false;
	for (symbol += len; *symbol; symbol += len) {
		len = mark_length(symbol);
		if (!len)
			return false;
	}
	return true;
}

static void add_clone(struct pvm_function *function, const char *symbol,
		      uint64_t address)
{
	struct pvm_clone *clone = &function->clones[function->nr];

	for (unsigned int i = 0; i < function->nr; i++)
		if (!strcmp(function->clones[i].symbol, symbol))
			return;
	if (function->nr == PVM_CLONES_MAX)
		return;
	snprintf(clone->symbol, PVM_SYMBOL_MAX, "%s", symbol);
	clone->address = address;
	clone->size = 0;
	clone->part = strstr(symbol, "." PART ".");
	function->nr++;
}

/* A function ends where the next one begins; they come in this order. */
static void note_end(struct pvm_function *function, uint64_t address)
{
	for (unsigned int i = 0; i < function->nr; i++) {
		struct pvm_clone *clone = &function->clones[i];

		if (!clone->size && address > clone->address)
			clone->size = address - clone->address;
	}
}

static void note_function(struct pvm_symbols *symbols, const char *symbol,
			  uint64_t address)
{
	note_end(&symbols->of[PVM_HOOK_ENTER], address);
	if (!strcmp(symbol, "preempt_schedule"))
		symbols->preempts = true;
	for (enum pvm_hook hook = 0; hook < PVM_HOOKS; hook++)
		if (is_clone_of(symbol, pvm_hook_function(hook)))
			add_clone(&symbols->of[hook], symbol, address);
}

/* Where all of it that is not a part was inlined, the parts are what runs. */
static void settle_parts(struct pvm_function *function)
{
	for (unsigned int i = 0; i < function->nr; i++)
		if (!function->clones[i].part)
			return;
	for (unsigned int i = 0; i < function->nr; i++)
		function->clones[i].part = false;
}

static bool has_part(const struct pvm_function *function)
{
	for (unsigned int i = 0; i < function->nr; i++)
		if (function->clones[i].part)
			return true;
	return false;
}

bool pvm_symbols_have_parts(const struct pvm_symbols *symbols)
{
	return has_part(&symbols->of[PVM_HOOK_ENTER]) ||
	       has_part(&symbols->of[PVM_HOOK_CORE]);
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
			note_function(symbols, symbol, address);
		else if (!strcmp(symbol, "preempt_dynamic_mode"))
			symbols->preempt_mode = address;
	}
	for (enum pvm_hook hook = 0; hook < PVM_HOOKS; hook++)
		settle_parts(&symbols->of[hook]);
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
