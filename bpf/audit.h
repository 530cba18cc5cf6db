/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * audit.h - what audit has noted of the current thread's system call
 */
#ifndef PVM_BPF_AUDIT_H
#define PVM_BPF_AUDIT_H

#include "kernel.h"

static __always_inline struct task_struct *current_task(void)
{
	return (struct task_struct *)bpf_get_current_task();
}

/* The current task's audit context, or NULL when audit will record nothing. */
static __always_inline struct audit_context *current_audit(void)
{
	struct audit_context *audit =
		BPF_CORE_READ(current_task(), audit_context);

	if (!audit || BPF_CORE_READ(audit, dummy) ||
	    BPF_CORE_READ(audit, state) == AUDIT_STATE_DISABLED)
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
		*sec = BPF_CORE_READ(nested, stamp.ctime.tv_sec);
		*nsec = BPF_CORE_READ(nested, stamp.ctime.tv_nsec);
	} else {
		*sec = BPF_CORE_READ(audit, ctime.tv_sec);
		*nsec = BPF_CORE_READ(audit, ctime.tv_nsec);
	}
}

static __always_inline __u32 read_serial(struct audit_context *audit)
{
	struct audit_context___stamp *nested = (void *)audit;

	if (bpf_core_field_exists(nested->stamp))
		return BPF_CORE_READ(nested, stamp.serial);
	return BPF_CORE_READ(audit, serial);
}

#endif
