/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kernel.h - the few kernel types that the probes look into
 *
 * Only the fields used, in no particular order: CO-RE finds each by name on
 * the kernel that the plugin runs on.  Where kernels differ, both forms stand
 * here and the probe asks which one exists; never the version.
 */
#ifndef PVM_KERNEL_H
#define PVM_KERNEL_H

#pragma clang attribute push(__attribute__((preserve_access_index)), \
			     apply_to = record)

typedef struct {
	unsigned int val;
} kuid_t;

struct cred {
	kuid_t uid;
};

struct timespec64 {
	long long tv_sec;
	long tv_nsec;
};

enum audit_state {
	AUDIT_STATE_DISABLED = 0, /* this task's calls are never recorded */
};

struct audit_stamp {
	struct timespec64 ctime;
	unsigned int serial;
};

struct audit_context {
	int dummy; /* no rules were loaded when the call began */
	enum audit_state state;
	int major;
	int arch;
	long return_code;
	int return_valid; /* 0 until the call has ended */
	struct timespec64 ctime;
	unsigned int serial;
};

/* 6.18, and some vendors' kernels long before: ctime and serial moved. */
struct audit_context___stamp {
	struct audit_stamp stamp;
};

struct qstr {
	unsigned int len;
	const unsigned char *name;
};

struct hlist_bl_node {
	struct hlist_bl_node **pprev; /* NULL: not hashed */
};

struct dentry {
	struct hlist_bl_node d_hash;
	struct dentry *d_parent;
	struct qstr d_name;
};

struct vfsmount {
	struct dentry *mnt_root;
};

struct mount {
	struct mount *mnt_parent;
	struct dentry *mnt_mountpoint;
	struct vfsmount mnt;
};

struct path {
	struct vfsmount *mnt;
	struct dentry *dentry;
};

struct super_block {
	unsigned int s_dev;
};

struct inode {
	struct super_block *i_sb;
	unsigned long i_ino;
};

struct file {
	struct path f_path;
	struct inode *f_inode;
};

struct rb_node {
	struct rb_node *rb_right;
	struct rb_node *rb_left;
};

struct rb_root {
	struct rb_node *rb_node;
};

struct vm_area_struct;

struct vm_operations_struct {
	const char *(*name)(struct vm_area_struct *vma);
};

/* What vm_private_data is where vm_ops->name is set: [vdso] and its like. */
struct vm_special_mapping {
	const char *name;
};

struct vm_area_struct {
	unsigned long vm_start;
	unsigned long vm_end;
	struct mm_struct *vm_mm;
	struct rb_node vm_rb; /* until 6.0 */
	unsigned long vm_flags;
	unsigned long vm_pgoff;
	const struct vm_operations_struct *vm_ops;
	struct file *vm_file;
	void *vm_private_data;
};

struct maple_tree {
	void *ma_root;
};

struct maple_metadata {
	unsigned char end;
};

struct maple_range_64 {
	unsigned long pivot[15];
	void *slot[16];
	struct maple_metadata meta;
};

struct maple_arange_64 {
	unsigned long pivot[9];
	void *slot[10];
	struct maple_metadata meta;
};

enum maple_type {
	maple_leaf_64 = 1, /* the values are the running kernel's */
	maple_range_64 = 2,
	maple_arange_64 = 3,
};

typedef struct {
	long counter;
} atomic_long_t;

struct rw_semaphore {
	atomic_long_t count;
};

struct mm_struct {
	struct file *exe_file;
	struct maple_tree mm_mt; /* since 6.1 */
	struct rb_root mm_rb; /* until 6.0 */
	struct rw_semaphore mmap_lock;
	int map_count;
	unsigned long long vmacache_seqnum; /* until 6.1; counts unmappings */
	unsigned long start_brk;
	unsigned long brk;
	unsigned long start_stack;
};

/* x86 with CONFIG_ADDRESS_MASKING, since 6.4. */
struct mm_context___lam {
	unsigned long untag_mask;
};

struct mm_struct___lam {
	struct mm_context___lam context;
};

struct task_struct {
	int pid;
	int tgid;
	struct mm_struct *mm;
	struct task_struct *real_parent;
	struct task_struct *parent; /* the ptracer, with ptrace */
	struct task_struct *group_leader;
	unsigned int ptrace;
	char comm[16];
	unsigned long long start_boottime;
	unsigned long long self_exec_id; /* counts calls of execve() */
	const struct cred *real_cred;
	kuid_t loginuid;
	unsigned int sessionid;
	struct audit_context *audit_context;
};

struct iovec {
	void *iov_base;
	unsigned long iov_len;
};

struct iov_iter {
	const struct iovec *__iov; /* since 6.4 */
	unsigned long nr_segs;
};

struct iov_iter___old {
	const struct iovec *iov;
};

enum iter_type___ubuf {
	ITER_UBUF = 0, /* the value is the running kernel's */
};

/* Since 6.0; what a single local vector becomes since 6.4. */
struct iov_iter___ubuf {
	unsigned char iter_type;
	void *ubuf;
	unsigned long count;
};

#pragma clang attribute pop

#endif
