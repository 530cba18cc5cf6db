/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * path.h - the path of a file, from the root of its mount namespace
 */
#ifndef PVM_PATH_H
#define PVM_PATH_H

#include "slot.h"

/*
 * Names and mounts that are gone up; a path with more is told as cut. The
 * verifier would allow for all that PATH_MAX has room for, but preemption is
 * off meanwhile, and how deep the path is can be up to an attacker.
 */
#define PATH_DEPTH_MAX 256

/*
 * On the way from a file up to the root of its mount namespace. The path is
 * put together from its end, so it stands at the end of PVM_PATH_LEN_MAX;
 * what is behind is for the verifier, which does not see that an offset and a
 * length together stay below it. In a map also because the verifier then
 * takes each value for unknown, and one turn of the loop for all.
 */
struct climb {
	struct dentry *dentry;
	struct mount *mount;
	__u32 start; /* of the text so far */
	__u32 cut;
	char text[PVM_PATH_LEN_MAX + 256];
};

/* One a CPU: kprobes run with preemption off. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct climb);
} climbs SEC(".maps");

static __always_inline struct mount *mount_of(struct vfsmount *mnt)
{
	return (void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

/* Put "/name" ahead of the text; false when there is no room. */
static __always_inline bool prepend_name(struct climb *climb)
{
	struct dentry *dentry = climb->dentry;
	__u32 len = BPF_CORE_READ(dentry, d_name.len);
	const unsigned char *name = BPF_CORE_READ(dentry, d_name.name);
	__u32 at;

	if (len > 255 || len + 1 > climb->start) {
		climb->cut = 1;
		return false;
	}
	at = climb->start - len;
	bpf_probe_read_kernel(&climb->text[at & (PVM_PATH_LEN_MAX - 1)],
			      len & 255, name);
	at--;
	climb->text[at & (PVM_PATH_LEN_MAX - 1)] = '/';
	climb->start = at;
	return true;
}

/* One step up; false at the top. */
static __always_inline bool climb_one(struct climb *climb)
{
	/* locals: CO-RE takes a struct of ours for the kernel's */
	struct dentry *dentry = climb->dentry;
	struct mount *mount = climb->mount;
	struct dentry *parent;
	struct mount *above;

	if (dentry == BPF_CORE_READ(mount, mnt.mnt_root)) {
		above = BPF_CORE_READ(mount, mnt_parent);
		climb->dentry = BPF_CORE_READ(mount, mnt_mountpoint);
		climb->mount = above;
		return above != mount;
	}
	parent = BPF_CORE_READ(dentry, d_parent);
	if (!prepend_name(climb))
		return false;
	climb->dentry = parent;
	return parent != dentry; /* a file of its own: a memfd */
}

/* The path of @file from the root of the mount namespace, into @climb. */
static __always_inline void climb_path(struct climb *climb, struct file *file)
{
	struct vfsmount *mnt = BPF_CORE_READ(file, f_path.mnt);

	climb->dentry = BPF_CORE_READ(file, f_path.dentry);
	climb->mount = mount_of(mnt);
	climb->start = PVM_PATH_LEN_MAX;
	climb->cut = 0;
	for (int i = 0; i < PATH_DEPTH_MAX; i++) {
		/* else loads move to where the verifier sees a back-edge */
		barrier();
		if (!climb_one(climb))
			return;
	}
	climb->cut = 1;
}

static __always_inline void keep_path(struct slot *slot, struct file *file)
{
	__u32 zero = 0, len, at;
	struct climb *climb = bpf_map_lookup_elem(&climbs, &zero);
	const char *text;

	if (!climb)
		return;
	if (!BPF_CORE_READ(file, f_path.dentry, d_hash.pprev))
		slot->call.seen |= PVM_SEEN_PATH_DELETED;
	climb_path(climb, file);
	slot->call.seen |= PVM_SEEN_PATH;
	if (climb->cut)
		slot->call.seen |= PVM_SEEN_PATH_CUT;
	len = PVM_PATH_LEN_MAX - climb->start;
	text = &climb->text[climb->start & (PVM_PATH_LEN_MAX - 1)];
	slot->call.held[PVM_PATH] = len;
	at = tail_size(slot, PVM_REMOTE) + tail_size(slot, PVM_LOCAL);
	if (len <= PVM_PATH_INLINE)
		keep_short(slot, at, text, len, PVM_PATH_INLINE, false);
	else if (len <= 1024)
		send_list(slot, PVM_PATH, text, len, len, 1024, false);
	else
		send_list(slot, PVM_PATH, text, len, len, PVM_PATH_LEN_MAX,
			  false);
}

#endif
