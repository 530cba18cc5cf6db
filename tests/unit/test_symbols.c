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

static void functions_have_their_own_names(void)
{
	struct pvm_symbols symbols =
		read_symbols("ffffffff81000010 t process_vm_rw\n"
			     "ffffffff81000020 T mm_access\n"
			     "ffffffff81000030 T audit_log_end\n");

	SAME_TEXT(symbols.name[PVM_HOOK_ENTER], "process_vm_rw");
	SAME_TEXT(symbols.name[PVM_HOOK_CORE], "");
	SAME_TEXT(symbols.name[PVM_HOOK_TARGET], "mm_access");
	SAME_TEXT(symbols.name[PVM_HOOK_LOST], "");
	SAME_TEXT(symbols.name[PVM_HOOK_STAMP], "audit_log_end");
}

static void clone_is_the_function(void)
{
	struct pvm_symbols symbols = read_symbols(
		"ffffffff81000010 t process_vm_rw_core.constprop.0\n"
		"ffffffff81000020 t process_vm_rw.isra.0\n");

	SAME_TEXT(symbols.name[PVM_HOOK_CORE],
		  "process_vm_rw_core.constprop.0");
	SAME_TEXT(symbols.name[PVM_HOOK_ENTER], "process_vm_rw.isra.0");
}

static void cold_and_split_parts_are_not(void)
{
	struct pvm_symbols symbols = read_symbols(
		"ffffffff81000010 t process_vm_rw_core.constprop.0.cold\n"
		"ffffffff81000020 t process_vm_rw.part.0\n"
		"ffffffff81000030 t mm_access.cold\n"
		"ffffffff81000040 t audit_log_end.isra.0.part.0\n");

	for (enum pvm_hook hook = 0; hook < PVM_HOOKS; hook++)
		SAME_TEXT(symbols.name[hook], "");
}

static void data_is_no_function(void)
{
	struct pvm_symbols symbols =
		read_symbols("ffffffff81000010 d mm_access\n"
			     "ffffffff81000020 r __ksymtab_audit_log_end\n");

	SAME_TEXT(symbols.name[PVM_HOOK_TARGET], "");
	SAME_TEXT(symbols.name[PVM_HOOK_STAMP], "");
}

static void modules_and_broken_lines_do_no_harm(void)
{
	struct pvm_symbols symbols =
		read_symbols("ffffffffc0000010 t mm_access\t[module]\n"
			     "\n"
			     "garbage\n"
			     "ffffffff81000020 T\n"
			     "ffffffff81000030 T audit_log_lost");

	SAME_TEXT(symbols.name[PVM_HOOK_TARGET], "mm_access");
	SAME_TEXT(symbols.name[PVM_HOOK_LOST], "audit_log_lost");
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
	TEST(cold_and_split_parts_are_not),
	TEST(data_is_no_function),
	TEST(modules_and_broken_lines_do_no_harm),
	TEST(preemption_is_noted),
	TEST(empty_list_is_noted),
	CU_TEST_INFO_NULL,
};
