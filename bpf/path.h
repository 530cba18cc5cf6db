/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * path.h - the path of a file, from the root of its mount namespace
 */
#ifndef PVM_PATH_H
#define PVM_PATH_H

#include "copy.h"
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
	struct dentry *leaf; /* where it began; NULL: nowhere yet */
	struct vfsmount *leaf_mnt;
	struct dentry *dentry; /* where it is */
	struct mount *mount;
	__u32 start; /* of the text so far */
	__u32 cut;
	__u64 named; /* has not been removed */
	__u64 dentry_copy[5]; /* from d_hash on; the last to be named */
	__u64 mount_copy[3]; /* from mnt_parent on */
	char text[PVM_PATH_LEN_MAX + 256];
};

/* One a CPU: no probe can be preempted. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct climb);
} climbs SEC(".maps");

static __always_inline struct climb *this_climb(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&climbs, &zero);
}

static __always_inline struct mount *mount_of(struct vfsmount *mnt)
{
	return (void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

#define OF_DENTRY(climb, field)                                              \
	COPIED((climb)->dentry_copy, (climb)->dentry, struct dentry, d_hash, \
	       field)

#define OF_MOUNT(climb, field)                                                \
	COPIED((climb)->mount_copy, (climb)->mount, struct mount, mnt_parent, \
	       field)

static __always_inline void go_to_mount(struct climb *climb,
					struct mount *mount)
{
	climb->mount = mount;
	COPY(climb->mount_copy, mount, struct mount, mnt_parent);
}

/* Put "/name" ahead of the text; false when there is no room. */
static __always_inline bool prepend_name(struct climb *climb,
					 const unsigned char *name, __u32 len)
{
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
	struct dentry *dentry = climb->dentry;
	struct mount *mount = climb->mount;
	struct dentry *parent;
	struct mount *above;

	if (dentry == OF_MOUNT(climb, mnt.mnt_root)) {
		above = OF_MOUNT(climb, mnt_parent);
		if (above == mount)
			return false;
		climb->dentry = OF_MOUNT(climb, mnt_mountpoint);
		go_to_mount(climb, above);
		return true;
	}
	COPY(climb->dentry_copy, dentry, struct dentry, d_hash);
	parent = OF_DENTRY(climb, d_parent);
	if (!prepend_name(climb, OF_DENTRY(climb, d_name.name),
			  OF_DENTRY(climb, d_name.len)))
		return false;
	if (parent == dentry)
		return false; /* a file of its own: a memfd */
	climb->dentry = parent;
	return true;
}

/* Go on up to the root of the mount namespace. */
static __always_inline void climb_on(struct climb *climb)
{
	for (int i = 0; i < PATH_DEPTH_MAX; i++) {
		/* else loads move to where the verifier sees a back-edge */
		barrier();
		if (!climb_one(climb))
			return;
	}
	climb->cut = 1;
}

/*
 * Begin at a file, unless its path is there already: what is mapped is often
 * the target's program itself. Then false.
 */
static __always_inline bool begin_climb(struct climb *climb,
					struct dentry *leaf,
					struct vfsmount *mnt)
{
	if (leaf && leaf == climb->leaf && mnt == climb->leaf_mnt)
		return false;
	climb->leaf = leaf;
	climb->leaf_mnt = mnt;
	climb->start = PVM_PATH_LEN_MAX;
	climb->cut = 0;
	return true;
}

/* The path of @file from the root of the mount namespace, into @climb. */
static __always_inline void climb_path(struct climb *climb, struct file *file)
{
	__u64 path[2];
	struct dentry *leaf;
	struct vfsmount *mnt;

	COPY(path, file, struct file, f_path);
	leaf = COPIED(path, file, struct file, f_path, f_path.dentry);
	mnt = COPIED(path, file, struct file, f_path, f_path.mnt);
	if (!begin_climb(climb, leaf, mnt))
		return;
	climb->named = BPF_CORE_READ(leaf, d_hash.pprev) != NULL;
	climb->dentry = leaf;
	go_to_mount(climb, mount_of(mnt));
	climb_on(climb);
}

/*
 * Likewise, of a file that the verifier knows for one, by loads of its own
 * (see tracing.h): up to the root of the file's mount, which mostly is all.
 */
static __always_inline void climb_known(struct climb *climb, struct file *file)
{
	struct dentry *dentry = file->f_path.dentry;
	struct vfsmount *mnt = file->f_path.mnt;
	struct dentry *root = mnt->mnt_root;
	struct dentry *parent;

	if (!begin_climb(climb, dentry, mnt))
		return;
	climb->named = dentry->d_hash.pprev != NULL;
	for (int i = 0; dentry != root; i++) {
		barrier();
		if (i == PATH_DEPTH_MAX) {
			climb->cut = 1;
			return;
		}
		parent = dentry->d_parent;
		if (!prepend_name(climb, dentry->d_name.name,
				  dentry->d_name.len) ||
		    parent == dentry)
			return;
		dentry = parent;
	}
	climb->dentry = dentry;
	go_to_mount(climb, mount_of(mnt));
	climb_on(climb);
}

/* Keep the path in @climb as that of the target's program. */
static __always_inline void keep_path(struct slot *slot, struct climb *climb)
{
	const char *text;
	__u32 len, at;

	if (!climb->named)
		slot->call.seen |= PVM_SEEN_PATH_DELETED;
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
