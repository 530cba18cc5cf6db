/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * task.h - who calls, and who is called
 */
#ifndef PVM_TASK_H
#define PVM_TASK_H

#include "audit.h"
#include "copy.h"
#include "pvm/wire.h"

/* No uid, as user space has it. */
#define NO_ID ((__u32)-1)

/*
 * A task that the verifier knows for one: the calling thread, say. Where the
 * kernel's BTF says that RCU guards a pointer, which clang's does, the verifier
 * wants to see that it is not NULL.
 */
static __always_inline void read_known(struct pvm_wire_task *to,
				       struct task_struct *task)
{
	struct task_struct *parent = LOAD(task, real_parent);
	struct task_struct *tracer = LOAD(task, parent);
	struct task_struct *leader = LOAD(task, group_leader);
	const struct cred *cred = LOAD(task, real_cred);

	to->tgid = LOAD(task, tgid);
	to->tid = LOAD(task, pid);
	to->uid = cred ? LOAD(cred, uid.val) : NO_ID;
	to->auid = LOAD(task, loginuid.val);
	to->ses = LOAD(task, sessionid);
	to->parent = parent ? LOAD(parent, tgid) : 0;
	to->tracer = LOAD(task, ptrace) && tracer ? LOAD(tracer, tgid) : 0;
	to->start_ns = LOAD(leader, start_boottime);
	bpf_probe_read_kernel(to->comm, sizeof(to->comm), &task->comm);
	to->comm[PVM_COMM_LEN - 1] = 0; /* it may just be changing */
}

/*
 * Which file the program of the calling thread is, by the numbers that audit
 * gives of a file; a name holds in one mount namespace alone.
 */
static __always_inline void read_own_program(struct pvm_wire_task *to)
{
	struct task_struct *task = current_task();
	struct mm_struct *mm = LOAD(task, mm);
	struct super_block *super;
	struct inode *inode;
	struct file *file;

	to->dev = 0;
	to->ino = 0;
	if (!mm)
		return;
	file = LOAD(mm, exe_file);
	if (!file)
		return;
	inode = LOAD(file, f_inode);
	super = LOAD(inode, i_sb);
	to->dev = LOAD(super, s_dev);
	to->ino = LOAD(inode, i_ino);
}

/* Likewise of the target, whose program is @file, which the verifier knows. */
static __always_inline void read_known_program(struct pvm_wire_task *to,
					       struct file *file)
{
	struct inode *inode = file->f_inode;
	struct super_block *super = inode->i_sb;

	to->dev = super->s_dev;
	to->ino = inode->i_ino;
}

/* And of one that it does not know. */
static __always_inline void read_program(struct pvm_wire_task *to,
					 struct file *file)
{
	struct inode *inode = BPF_CORE_READ(file, f_inode);
	struct super_block *super;
	__u64 copy[4];

	COPY(copy, inode, struct inode, i_sb);
	super = COPIED(copy, inode, struct inode, i_sb, i_sb);
	to->ino = COPIED(copy, inode, struct inode, i_sb, i_ino);
	to->dev = BPF_CORE_READ(super, s_dev);
}

/* It has its NUL, unless it is just being changed. */
static __always_inline void take_comm(char *to, const void *from)
{
	__builtin_memcpy(to, __builtin_assume_aligned(from, 8), PVM_COMM_LEN);
	to[PVM_COMM_LEN - 1] = 0;
}

/* A field of the target, by the copy that begins with its field @first. */
#define OF_TASK(copy, first, field) \
	COPIED(copy, task, struct task_struct, first, field)

static __always_inline void read_target(struct pvm_wire_task *to,
					struct task_struct *task)
{
	__u64 ids[9], creds[6], audit[3];
	struct task_struct *parent, *tracer, *leader;
	const struct cred *cred;
	__u32 at;

	COPY(ids, task, struct task_struct, pid);
	COPY(creds, task, struct task_struct, real_cred);
	COPY(audit, task, struct task_struct, audit_context);
	cred = OF_TASK(creds, real_cred, real_cred);
	parent = OF_TASK(ids, pid, real_parent);
	to->tgid = OF_TASK(ids, pid, tgid);
	to->tid = OF_TASK(ids, pid, pid);
	to->uid = BPF_CORE_READ(cred, uid.val);
	to->auid = OF_TASK(audit, audit_context, loginuid.val);
	to->ses = OF_TASK(audit, audit_context, sessionid);
	to->parent = BPF_CORE_READ(parent, tgid);
	to->tracer = 0;
	if (BPF_CORE_READ(task, ptrace)) {
		tracer = OF_TASK(ids, pid, parent);
		to->tracer = BPF_CORE_READ(tracer, tgid);
	}
	leader = OF_TASK(ids, pid, group_leader);
	to->start_ns = BPF_CORE_READ(leader, start_boottime);
	at = bpf_core_field_offset(struct task_struct, comm) -
	     bpf_core_field_offset(struct task_struct, real_cred);
	if (at <= sizeof(creds) - sizeof(to->comm) && !(at & 7))
		take_comm(to->comm, (char *)creds + at);
	else
		BPF_CORE_READ_STR_INTO(&to->comm, task, comm);
}

#endif
