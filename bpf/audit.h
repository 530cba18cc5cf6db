/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * audit.h - what audit has noted of the current thread's system call
 *
 * Since 5.11 the verifier knows the current task for what it is, and lets a
 * program load from it, and from what it points to, as if it were its own:
 * some instructions where the helper that copies takes a hundred. LOAD() does
 * so where that is to be had, with pointers that come from current_task()
 * alone; the branch not taken is not in the loaded program.
 */
#ifndef PVM_BPF_AUDIT_H
#define PVM_BPF_AUDIT_H

#include "kernel.h"

#define HAS_CURRENT_BTF                              \
	bpf_core_enum_value_exists(enum bpf_func_id, \
				   BPF_FUNC_get_current_task_btf)

#define LOAD(from, field) \
	(HAS_CURRENT_BTF ? (from)->field : BPF_CORE_READ(from, field))

static __always_inline struct task_struct *current_task(void)
{
	if (HAS_CURRENT_BTF)
		return (struct task_struct *)bpf_get_current_task_btf();
	return (struct task_struct *)bpf_get_current_task();
}

/* The current task's audit context, or NULL. */
static __always_inline struct audit_context *audit_context(void)
{
	struct task_struct *task = current_task();

	return LOAD(task, audit_context);
}

/* Likewise, but NULL when audit will record nothing of the call. */
static __always_inline struct audit_context *current_audit(void)
{
	struct audit_context *audit = audit_context();

	if (!audit || LOAD(audit, dummy) ||
	    LOAD(audit, state) == AUDIT_STATE_DISABLED)
		return NULL;
	return audit;
}

/* The event's time is that of the system call's entry; the serial comes late.
 */
static __always_inline void read_time(struct audit_context *audit, __u64 *sec,
				      __u32 *nsec)
{
	struct audit_context___stamp *nested = (void *)audit;

	if (bpf_core_field_exists(nested->stamp)) {
		*sec = LOAD(nested, stamp.ctime.tv_sec);
		*nsec = LOAD(nested, stamp.ctime.tv_nsec);
	} else {
		*sec = LOAD(audit, ctime.tv_sec);
		*nsec = LOAD(audit, ctime.tv_nsec);
	}
}

static __always_inline __u32 read_serial(struct audit_context *audit)
{
	struct audit_context___stamp *nested = (void *)audit;

	if (bpf_core_field_exists(nested->stamp))
		return LOAD(nested, stamp.serial);
	return LOAD(audit, serial);
}

#endif
