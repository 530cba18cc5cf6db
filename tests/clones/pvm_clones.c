// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * pvm_clones.c - a kernel module that has both calls run code of another
 * compiler's
 *
 * process_vm_rw() and its core as gcc -O3 makes them: a clone of each for reads
 * and one for writes. Linux's own process_vm_access.c is compiled anew as a
 * part of this module, and both calls of 64-bit programs are led there. The
 * kernel's own functions stay where they are, and no call comes to them any
 * more. So a kernel that would take many minutes to build is had in seconds.
 */
#include <linux/compat.h>
#include <linux/ftrace.h>
#include <linux/highmem.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/ptrace.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/syscalls.h>
#include <linux/uio.h>

/* What the kernel keeps from modules. */
static typeof(iovec_from_user) *p_iovec_from_user;
static typeof(mm_access) *p_mm_access;
static typeof(find_get_task_by_vpid) *p_find_get_task_by_vpid;
#define iovec_from_user p_iovec_from_user
#define mm_access p_mm_access
#define find_get_task_by_vpid p_find_get_task_by_vpid

#undef SYSCALL_DEFINE6
#define SYSCALL_DEFINE6(name, ...) \
	static noinline long name(__MAP(6, __SC_DECL, __VA_ARGS__))

#include "process_vm_access.c"

static asmlinkage long read_call(const struct pt_regs *regs)
{
	return process_vm_readv(regs->di, (void *)regs->si, regs->dx,
				(void *)regs->r10, regs->r8, regs->r9);
}

static asmlinkage long write_call(const struct pt_regs *regs)
{
	return process_vm_writev(regs->di, (void *)regs->si, regs->dx,
				 (void *)regs->r10, regs->r8, regs->r9);
}

struct lead {
	const char *from;
	asmlinkage long (*to)(const struct pt_regs *regs);
	struct ftrace_ops ops;
};

static void notrace lead_away(unsigned long ip, unsigned long parent,
			      struct ftrace_ops *ops, struct ftrace_regs *regs)
{
	struct lead *lead = container_of(ops, struct lead, ops);

	ftrace_get_regs(regs)->ip = (unsigned long)lead->to;
}

#define LEAD_FLAGS                                          \
	(FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY | \
	 FTRACE_OPS_FL_RECURSION)

static struct lead leads[] = {
	{"__x64_sys_process_vm_readv",
	 read_call,
	 {.func = lead_away, .flags = LEAD_FLAGS}},
	{"__x64_sys_process_vm_writev",
	 write_call,
	 {.func = lead_away, .flags = LEAD_FLAGS}},
};

/* The address of a function, which a probe on it shows. */
static void *find(const char *name)
{
	struct kprobe probe = {.symbol_name = name};
	void *address;

	if (register_kprobe(&probe))
		return NULL;
	address = probe.addr;
	unregister_kprobe(&probe);
	return address;
}

static int __init pvm_clones_init(void)
{
	int err = 0;

	p_iovec_from_user = find("iovec_from_user");
	p_mm_access = find("mm_access");
	p_find_get_task_by_vpid = find("find_get_task_by_vpid");
	if (!p_iovec_from_user || !p_mm_access || !p_find_get_task_by_vpid)
		return -ENOENT;
	for (int i = 0; i < ARRAY_SIZE(leads) && !err; i++) {
		err = ftrace_set_filter(&leads[i].ops, (u8 *)leads[i].from,
					strlen(leads[i].from), 1);
		if (!err)
			err = register_ftrace_function(&leads[i].ops);
	}
	return err;
}

module_init(pvm_clones_init);
MODULE_LICENSE("GPL");
