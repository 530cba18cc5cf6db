// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_symbols.c - which of the kernel's symbols are the functions to hook
 */
#include <string.h>

#include "kernel/symbols.h"
#include "unit.h"

static struct pvm_symbols read_symbols(const char *text)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
	struct pvm_symbols symbols;

	pvm_symbols_read(&symbols, file);
	fclose(file);
	return symbols;
}

/* The symbols that a hook has, " NAME NAME=part". */
static const char *symbols_of(const struct pvm_symbols *symbols,
			      enum pvm_hook hook)
{
	static char text[PVM_CLONES_MAX * (PVM_SYMBOL_MAX + 8)];
	const struct pvm_function *function = &symbols->of[hook];
	size_t len = 0;

	text[0] = 0;
	for (unsigned int i = 0; i < function->nr; i++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, " %s%s",
					function->clones[i].symbol,
					function->clones[i].part ? "=part"
								 : "");
	return text;
}

static void functions_have_their_own_names(void)
{
	struct pvm_symbols symbols =
		read_symbols("ffffffff81000010 t process_vm_rw\n"
			     "ffffffff81000020 T mm_access\n"
			     "ffffffff81000030 T audit_log_end\n");

	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_ENTER), " process_vm_rw");
	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_CORE), "");
	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_TARGET), " mm_access");
	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_LOST), "");
	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_STAMP), " audit_log_end");
}

static void clone_is_the_function(void)
{
	struct pvm_symbols symbols = read_symbols(
		"ffffffff81000010 t process_vm_rw_core.constprop.0\n"
		"ffffffff81000020 t process_vm_rw.isra.0\n");

	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_CORE),
		  " process_vm_rw_core.constprop.0");
	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_ENTER),
		  " process_vm_rw.isra.0");
}

/* As gcc 12 -O3 leaves them of Linux 6.12: one for reads, one for writes. */
static void each_clone_is_the_function(void)
{
	struct pvm_symbols symbols = read_symbols(
		"ffffffff81000000 t process_vm_rw_core.constprop.1\n"
		"ffffffff810004a0 t process_vm_rw.constprop.1\n"
		"ffffffff810005d0 t process_vm_rw_core.constprop.0\n"
		"ffffffff81000a70 t process_vm_rw.constprop.0\n");

	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_ENTER),
		  " process_vm_rw.constprop.1 process_vm_rw.constprop.0");
	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_CORE),
		  " process_vm_rw_core.constprop.1 "
		  "process_vm_rw_core.constprop.0");
}

static void clones_of_clones_are_the_function(void)
{
	struct pvm_symbols symbols = read_symbols(
		"ffffffff81000010 t process_vm_rw.llvm.8120469315\n"
		"ffffffff81000020 t process_vm_rw.isra.0.constprop.12\n"
		"ffffffff81000030 t process_vm_rw.lto_priv.0\n"
		"ffffffff81000040 t process_vm_rw.__uniq.77.llvm.3\n");

	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_ENTER),
		  " process_vm_rw.llvm.8120469315"
		  " process_vm_rw.isra.0.constprop.12"
		  " process_vm_rw.lto_priv.0"
		  " process_vm_rw.__uniq.77.llvm.3");
}

static void symbol_is_kept_once(void)
{
	struct pvm_symbols symbols =
		read_symbols("ffffffff81000010 t process_vm_rw\n"
			     "ffffffff81000020 t process_vm_rw\n");

	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_ENTER), " process_vm_rw");
}

static void more_clones_than_have_room_do_no_harm(void)
{
	char text[4096];
	size_t len = 0;
	struct pvm_symbols symbols;

	for (int i = 0; i < 40; i++)
		len += (size_t)snprintf(
			text + len, sizeof(text) - len,
			"ffffffff81000010 t process_vm_rw.constprop.%d\n", i);
	symbols = read_symbols(text);
	SAME_NUMBER(symbols.of[PVM_HOOK_ENTER].nr, 8);
	SAME_NUMBER(symbols.of[PVM_HOOK_CORE].nr, 0);
}

static void cold_and_other_functions_are_not(void)
{
	struct pvm_symbols symbols = read_symbols(
		"ffffffff81000010 t process_vm_rw_core.constprop.0.cold\n"
		"ffffffff81000020 t process_vm_rw.part.0.cold\n"
		"ffffffff81000030 t mm_access.cold\n"
		"ffffffff81000040 t process_vm_rw_core_too\n"
		"ffffffff81000050 t process_vm_rw.constprop\n"
		"ffffffff81000060 t process_vm_rw.constprop.x\n"
		"ffffffff81000070 t process_vm_rw.\n"
		"ffffffff81000080 t process_vm_rw..0\n"
		"ffffffff81000090 t audit_log_end.isra.0.\n");

	for (enum pvm_hook hook = 0; hook < PVM_HOOKS; hook++)
		SAME_TEXT(symbols_of(&symbols, hook), "");
}

static void part_is_noted_beside_the_whole(void)
{
	struct pvm_symbols symbols =
		read_symbols("ffffffff81000010 t process_vm_rw.part.0\n"
			     "ffffffff81000020 t process_vm_rw\n"
			     "ffffffff81000030 T mm_access\n");

	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_ENTER),
		  " process_vm_rw.part.0=part process_vm_rw");
	CU_ASSERT_TRUE(pvm_symbols_have_parts(&symbols));
}

static void part_stands_for_a_whole_that_is_inlined(void)
{
	struct pvm_symbols symbols =
		read_symbols("ffffffff81000010 t process_vm_rw.part.0\n"
			     "ffffffff81000020 t audit_log_end.part.0.isra.0\n"
			     "ffffffff81000030 T mm_access\n");

	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_ENTER),
		  " process_vm_rw.part.0");
	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_STAMP),
		  " audit_log_end.part.0.isra.0");
	CU_ASSERT_FALSE(pvm_symbols_have_parts(&symbols));
}

/* Where another symbol has the same address, the function is not over there. */
static void function_ends_where_the_next_begins(void)
{
	struct pvm_symbols symbols =
		read_symbols("ffffffff81000010 t process_vm_rw.constprop.0\n"
			     "ffffffff81000010 t __pfx_other\n"
			     "ffffffff81000200 T process_vm_rw.constprop.1\n"
			     "ffffffff81000210 D some_data\n"
			     "ffffffff81000230 T iovec_from_user\n");
	const struct pvm_clone *clones = symbols.of[PVM_HOOK_ENTER].clones;

	SAME_NUMBER(clones[0].address, 0xffffffff81000010);
	SAME_NUMBER(clones[0].size, 0x1f0);
	SAME_NUMBER(clones[1].size, 0x30);
	SAME_NUMBER(symbols.of[PVM_HOOK_COPIED].clones[0].address,
		    0xffffffff81000230);
}

/* Without CAP_SYSLOG all are 0, and the last one has no end. */
static void address_that_is_not_shown_has_no_size(void)
{
	struct pvm_symbols symbols =
		read_symbols("0000000000000000 t process_vm_rw\n"
			     "0000000000000000 T iovec_from_user\n");

	SAME_NUMBER(symbols.of[PVM_HOOK_ENTER].clones[0].address, 0);
	SAME_NUMBER(symbols.of[PVM_HOOK_ENTER].clones[0].size, 0);
}

static void data_is_no_function(void)
{
	struct pvm_symbols symbols =
		read_symbols("ffffffff81000010 d mm_access\n"
			     "ffffffff81000020 r __ksymtab_audit_log_end\n");

	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_TARGET), "");
	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_STAMP), "");
}

static void modules_and_broken_lines_do_no_harm(void)
{
	struct pvm_symbols symbols =
		read_symbols("ffffffffc0000010 t mm_access\t[module]\n"
			     "\n"
			     "garbage\n"
			     "ffffffff81000020 T\n"
			     "ffffffff81000030 T audit_log_lost");

	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_TARGET), " mm_access");
	SAME_TEXT(symbols_of(&symbols, PVM_HOOK_LOST), " audit_log_lost");
}

static void preemption_is_noted(void)
{
	struct pvm_symbols symbols =
		read_symbols("ffffffff81000010 T mm_access\n");

	CU_ASSERT_FALSE(symbols.preempts);
	SAME_NUMBER(symbols.preempt_mode, 0);
	symbols = read_symbols("ffffffff81000010 T preempt_schedule\n"
			       "ffffffff82000020 D preempt_dynamic_mode\n");
	CU_ASSERT_TRUE(symbols.preempts);
	SAME_NUMBER(symbols.preempt_mode, 0xffffffff82000020);
}

static void empty_list_is_noted(void)
{
	CU_ASSERT_FALSE(read_symbols("\n").any);
	CU_ASSERT_TRUE(read_symbols("ffffffff81000010 D some_data\n").any);
}

CU_TestInfo symbols_tests[] = {
	TEST(functions_have_their_own_names),
	TEST(clone_is_the_function),
	TEST(each_clone_is_the_function),
	TEST(clones_of_clones_are_the_function),
	TEST(symbol_is_kept_once),
	TEST(more_clones_than_have_room_do_no_harm),
	TEST(cold_and_other_functions_are_not),
	TEST(part_is_noted_beside_the_whole),
	TEST(part_stands_for_a_whole_that_is_inlined),
	TEST(function_ends_where_the_next_begins),
	TEST(address_that_is_not_shown_has_no_size),
	TEST(data_is_no_function),
	TEST(modules_and_broken_lines_do_no_harm),
	TEST(preemption_is_noted),
	TEST(empty_list_is_noted),
	CU_TEST_INFO_NULL,
};
