/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * path.h - the path of a file, from the root of its mount namespace
 */
#ifndef PVM_PATH_H
#define PVM_PATH_H

#include "copy.h"
#include "chunks.h"

/*
 * Names and mounts that are gone up; a path with more is marked as cut. The
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
struct path_walk {
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
	__type(value, struct path_walk);
} cpu_walks SEC(".maps");

static __always_inline struct path_walk *this_cpu_walk(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&cpu_walks, &zero);
}

static __always_inline struct mount *mount_of(struct vfsmount *mnt)
{
	return (void *)mnt - bpf_core_field_offset(struct mount, mnt);
}

#define OF_DENTRY(walk, field)                                             \
	COPIED((walk)->dentry_copy, (walk)->dentry, struct dentry, d_hash, \
	       field)

#define OF_MOUNT(walk, field)                                               \
	COPIED((walk)->mount_copy, (walk)->mount, struct mount, mnt_parent, \
	       field)

static __always_inline void go_to_mount(struct path_walk *walk,
					struct mount *mount)
{
	walk->mount = mount;
	COPY(walk->mount_copy, mount, struct mount, mnt_parent);
}

/* Put "/name" ahead of the text; false when there is no room. */
static __always_inline bool prepend_name(struct path_walk *walk,
					 const unsigned char *name, __u32 len)
{
	__u32 at;

	if (len > 255 || len + 1 > walk->start) {
		walk->cut = 1;
		return false;
	}
	at = walk->start - len;
	bpf_probe_read_kernel(&walk->text[at & (PVM_PATH_LEN_MAX - 1)],
			      len & 255, name);
	at--;
	walk->text[at & (PVM_PATH_LEN_MAX - 1)] = '/';
	walk->start = at;
	return true;
}

/* One step up; false at the top. */
static __always_inline bool walk_step(struct path_walk *walk)
{
	struct dentry *dentry = walk->dentry;
	struct mount *mount = walk->mount;
	struct dentry *parent;
	struct mount *above;

	if (dentry == OF_MOUNT(walk, mnt.mnt_root)) {
		above = OF_MOUNT(walk, mnt_parent);
		if (above == mount)
			return false;
		walk->dentry = OF_MOUNT(walk, mnt_mountpoint);
		go_to_mount(walk, above);
		return true;
	}
	COPY(walk->dentry_copy, dentry, struct dentry, d_hash);
	parent = OF_DENTRY(walk, d_parent);
	if (!prepend_name(walk, OF_DENTRY(walk, d_name.name),
			  OF_DENTRY(walk, d_name.len)))
		return false;
	if (parent == dentry)
		return false; /* a file of its own: a memfd */
	walk->dentry = parent;
	return true;
}

/* Go on up to the root of the mount namespace. */
static __always_inline void walk_on(struct path_walk *walk)
{
	for (int i = 0; i < PATH_DEPTH_MAX; i++) {
		/* else loads move to where the verifier sees a back-edge */
		barrier();
		if (!walk_step(walk))
			return;
	}
	walk->cut = 1;
}

/* The same, as a function of its own, see keep_list(). */
__noinline int walk_further(void)
{
	struct path_walk *walk = this_cpu_walk();

	if (walk)
		walk_on(walk);
	return 0;
}

/*
 * Begin at a file, unless its path is there already: what is mapped is often
 * the target's program itself. Then false.
 */
static __always_inline bool begin_walk(struct path_walk *walk,
				       struct dentry *leaf,
				       struct vfsmount *mnt)
{
	if (leaf && leaf == walk->leaf && mnt == walk->leaf_mnt)
		return false;
	walk->leaf = leaf;
	walk->leaf_mnt = mnt;
	walk->start = PVM_PATH_LEN_MAX;
	walk->cut = 0;
	return true;
}

/* The path of @file from the root of the mount namespace, into @walk. */
static __always_inline void walk_path(struct path_walk *walk, struct file *file)
{
	__u64 path[2];
	struct dentry *leaf;
	struct vfsmount *mnt;

	COPY(path, file, struct file, f_path);
	leaf = COPIED(path, file, struct file, f_path, f_path.dentry);
	mnt = COPIED(path, file, struct file, f_path, f_path.mnt);
	if (!begin_walk(walk, leaf, mnt))
		return;
	walk->named = BPF_CORE_READ(leaf, d_hash.pprev) != NULL;
	walk->dentry = leaf;
	go_to_mount(walk, mount_of(mnt));
	walk_on(walk);
}

/*
 * Likewise, of a file that the verifier knows for one, by loads of its own
 * (see fentry.h): up to the root of the file's mount, which mostly is all.
 */
static __always_inline void walk_known_path(struct path_walk *walk,
					    struct file *file)
{
	struct dentry *dentry = file->f_path.dentry;
	struct vfsmount *mnt = file->f_path.mnt;
	struct dentry *root = mnt->mnt_root;
	struct dentry *parent;

	if (!begin_walk(walk, dentry, mnt))
		return;
	walk->named = dentry->d_hash.pprev != NULL;
	for (int i = 0; dentry != root; i++) {
		barrier();
		if (i == PATH_DEPTH_MAX) {
			walk->cut = 1;
			return;
		}
		parent = dentry->d_parent;
		if (!prepend_name(walk, dentry->d_name.name,
				  dentry->d_name.len) ||
		    parent == dentry)
			return;
		dentry = parent;
	}
	walk->dentry = dentry;
	go_to_mount(walk, mount_of(mnt));
	walk_further();
}

/* Keep the path in @walk as that of the target's program; see keep_long(). */
static __always_inline void keep_path(struct slot *slot, struct path_walk *walk,
				      const bool tail_calls)
{
	__u32 len, kept, at;

	if (!walk->named)
		slot->call.seen |= PVM_SEEN_PATH_DELETED;
	slot->call.seen |= PVM_SEEN_PATH;
	if (walk->cut)
		slot->call.seen |= PVM_SEEN_PATH_CUT;
	len = PVM_PATH_LEN_MAX - walk->start;
	slot->call.held[PVM_PATH] = len;
	at = tail_size(slot, PVM_REMOTE) + tail_size(slot, PVM_LOCAL);
	kept = tail_size(slot, PVM_PATH);
	keep_short(
		slot, at,
		&walk->text[(PVM_PATH_LEN_MAX - kept) & (PVM_PATH_LEN_MAX - 1)],
		kept, PVM_PATH_INLINE, false);
	if (len > PVM_PATH_INLINE)
		keep_long(slot, PVM_PATH,
			  &walk->text[walk->start & (PVM_PATH_LEN_MAX - 1)],
			  len, PVM_PATH_LEN_MAX, false, tail_calls);
}

#endif
