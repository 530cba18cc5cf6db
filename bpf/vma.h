/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vma.h - find the mapping at an address of another process, by hand
 *
 * The kernel's own find_vma() takes the target's mmap lock, which a probe
 * cannot: no sleeping there. bpf_find_vma() tries the lock, but came after
 * 5.10. So the tree is walked as the memory that it is: a maple tree since
 * 6.1, a red-black tree before. Every read is one that cannot fault, every
 * loop has an end, and the result counts only when the mapping itself says,
 * after everything was read, that it is this process's and holds the address.
 *
 * Nodes of a maple tree are freed by RCU, under which BPF programs run; one
 * that was replaced meanwhile says so. A red-black tree that is turned around
 * under the walk can hide a mapping: where nothing is found while somebody
 * holds the lock for writing, or has changed something meanwhile, the answer
 * is that it is not known.
 *
 * What the walk needs to remember is in a map, not in variables: the verifier
 * then takes each value for unknown, and one turn of a loop for all.
 *
 * Rejected: /proc/PID/maps, read by the plugin when the record is written: by
 * then the target may have changed its mappings, or be gone.
 */
#ifndef PVM_VMA_H
#define PVM_VMA_H

#include "copy.h"
#include "kernel.h"

/* Flags of a mapping, the same on every kernel. */
#define VM_READ 0x1
#define VM_WRITE 0x2
#define VM_EXEC 0x4
#define VM_MAYSHARE 0x80 /* "s" in /proc/PID/maps */

#define RWSEM_WRITER_LOCKED 1

/* Turns of the loops: no tree that fits into an address space is higher. */
#define MAPLE_DEPTH_MAX 16
#define RB_DEPTH_MAX 48

/* A maple tree's nodes are aligned to their size. */
#define MAPLE_NODE_SIZE 256
#define MAPLE_WORDS (MAPLE_NODE_SIZE / 8)

/* The most pivots that a type of node has. */
#define MAPLE_PIVOTS_MAX 15

enum vma_result {
	VMA_UNKNOWN = 0, /* not consistent */
	VMA_NONE,
	VMA_FOUND,
};

struct vma_search {
	/* given */
	struct mm_struct *mm;
	__u64 addr;
	/* on the way */
	__u64 node; /* where the walk stands */
	__u64 max; /* the highest address under that node */
	__u64 slot; /* index of the one to follow */
	__u64 words[MAPLE_WORDS]; /* the node's content */
	__u64 changes; /* when the walk began */
	/* found */
	struct vm_area_struct *vma;
	enum vma_result result;
	__u64 start, end, flags;
	__u64 pages_before; /* vm_pgoff */
	struct file *file;
	__u64 vma_copy[22]; /* from vm_start on */
	__u64 mm_copy[4]; /* from map_count on */
};

#define OF_VMA(search, field)                                            \
	COPIED((search)->vma_copy, (search)->vma, struct vm_area_struct, \
	       vm_start, field)

#define OF_MM(search, field)                                                 \
	COPIED((search)->mm_copy, (search)->mm, struct mm_struct, map_count, \
	       field)

static __always_inline void copy_vma(struct vma_search *search)
{
	COPY(search->vma_copy, search->vma, struct vm_area_struct, vm_start);
}

/* ---- maple tree -------------------------------------------------------- */

/* In words of a node, as the running kernel has it. */
struct maple_layout {
	__u32 pivot, pivots, slot;
	__u32 meta_byte; /* with the index of the last slot in use */
};

static __always_inline struct maple_layout maple_layout(__u32 type)
{
	if (type == bpf_core_enum_value(enum maple_type, maple_arange_64))
		return (struct maple_layout){
			bpf_core_field_offset(struct maple_arange_64, pivot) /
				8,
			bpf_core_field_size(struct maple_arange_64, pivot) / 8,
			bpf_core_field_offset(struct maple_arange_64, slot) / 8,
			bpf_core_field_offset(struct maple_arange_64, meta.end),
		};
	return (struct maple_layout){
		bpf_core_field_offset(struct maple_range_64, pivot) / 8,
		bpf_core_field_size(struct maple_range_64, pivot) / 8,
		bpf_core_field_offset(struct maple_range_64, slot) / 8,
		bpf_core_field_offset(struct maple_range_64, meta.end),
	};
}

/* The kernel's ma_data_end(): the index of the last slot in use. */
static __always_inline __u32 maple_end(const struct vma_search *search,
				       struct maple_layout at, __u32 type)
{
	const __u8 *bytes = (const __u8 *)search->words;
	__u64 last =
		search->words[(at.pivot + at.pivots - 1) & (MAPLE_WORDS - 1)];

	if (type != bpf_core_enum_value(enum maple_type, maple_arange_64)) {
		if (last == search->max)
			return at.pivots - 1;
		if (last)
			return at.pivots;
	}
	return bytes[at.meta_byte & (MAPLE_NODE_SIZE - 1)];
}

/* Choose the slot whose range holds the address. */
static __always_inline void maple_choose(struct vma_search *search,
					 struct maple_layout at, __u32 type)
{
	__u32 end = maple_end(search, at, type);

	search->slot = end;
	for (__u32 i = 0; i < MAPLE_PIVOTS_MAX; i++) {
		__u64 pivot = search->words[(at.pivot + i) & (MAPLE_WORDS - 1)];

		barrier();
		if (i >= end || i >= at.pivots)
			return;
		if (pivot >= search->addr) {
			search->slot = i;
			search->max = pivot;
			return;
		}
	}
}

/* A tree of one entry has that, not a node, for its root. */
static __always_inline bool is_maple_root(__u64 entry)
{
	return (entry & 3) == 2 && entry > 4096;
}

static __always_inline bool is_known(__u32 type)
{
	return type == bpf_core_enum_value(enum maple_type, maple_leaf_64) ||
	       type == bpf_core_enum_value(enum maple_type, maple_range_64) ||
	       type == bpf_core_enum_value(enum maple_type, maple_arange_64);
}

/* One level down; false at the end, with the result set. */
static __always_inline bool maple_step(struct vma_search *search)
{
	__u64 node = search->node & ~(__u64)(MAPLE_NODE_SIZE - 1);
	__u32 type = (search->node >> 3) & 0xf;
	struct maple_layout at = maple_layout(type);
	__u64 parent, entry;

	if (!is_known(type) ||
	    bpf_probe_read_kernel(search->words, MAPLE_NODE_SIZE, (void *)node))
		return false;
	maple_choose(search, at, type);
	entry = search->words[(at.slot + search->slot) & (MAPLE_WORDS - 1)];
	search->node = entry;
	if (type != bpf_core_enum_value(enum maple_type, maple_leaf_64))
		return true;
	/*
	 * A node that has been replaced is its own parent. Where one above has
	 * been, but not the leaf, the leaf still holds what it did.
	 */
	if (bpf_probe_read_kernel(&parent, sizeof(parent), (void *)node) ||
	    (parent & ~(__u64)(MAPLE_NODE_SIZE - 1)) == node || (entry & 3))
		return false;
	search->vma = (void *)entry;
	search->result = entry ? VMA_FOUND : VMA_NONE;
	if (entry)
		copy_vma(search);
	return false;
}

static __always_inline void maple_walk(struct vma_search *search)
{
	struct mm_struct *mm = search->mm;

	search->node = (__u64)BPF_CORE_READ(mm, mm_mt.ma_root);
	search->max = ~0ull;
	if (!is_maple_root(search->node))
		return;
	for (int i = 0; i < MAPLE_DEPTH_MAX; i++) {
		barrier();
		if (!maple_step(search))
			return;
	}
}

/* ---- red-black tree ---------------------------------------------------- */

/* One level down; false at the end, with the result set. */
static __always_inline bool rb_step(struct vma_search *search)
{
	struct vm_area_struct *vma;
	struct rb_node *node = (void *)search->node;

	if (!node) {
		search->result = VMA_NONE;
		return false;
	}
	vma = (void *)node -
	      bpf_core_field_offset(struct vm_area_struct, vm_rb);
	search->vma = vma;
	copy_vma(search);
	if (search->addr >= OF_VMA(search, vm_end)) {
		search->node = (__u64)OF_VMA(search, vm_rb.rb_right);
		return true;
	}
	if (search->addr < OF_VMA(search, vm_start)) {
		search->node = (__u64)OF_VMA(search, vm_rb.rb_left);
		return true;
	}
	search->result = VMA_FOUND;
	return false;
}

static __always_inline void rb_walk(struct vma_search *search)
{
	struct mm_struct *mm = search->mm;

	search->node = (__u64)BPF_CORE_READ(mm, mm_rb.rb_node);
	for (int i = 0; i < RB_DEPTH_MAX; i++) {
		barrier();
		if (!rb_step(search))
			return;
	}
}

/* ---- both -------------------------------------------------------------- */

/*
 * Mappings made and unmapped so far, as far as the kernel counts them. When
 * it is the same behind a walk as ahead of it, no whole change came between.
 * *@locked: somebody holds the mmap lock for writing.
 */
static __always_inline __u64 read_changes(struct vma_search *search,
					  bool *locked)
{
	struct mm_struct *mm = search->mm;
	__u64 changes;

	COPY(search->mm_copy, mm, struct mm_struct, map_count);
	changes = (__u32)OF_MM(search, map_count);
	*locked =
		bpf_core_field_exists(mm->mmap_lock.count) &&
		(OF_MM(search, mmap_lock.count.counter) & RWSEM_WRITER_LOCKED);
	if (bpf_core_field_exists(mm->vmacache_seqnum))
		changes += BPF_CORE_READ(mm, vmacache_seqnum) << 32;
	return changes;
}

/* Has nothing been changed since the search began, nor is just now? */
static __always_inline bool is_unchanged(struct vma_search *search)
{
	bool locked;

	return read_changes(search, &locked) == search->changes && !locked;
}

/*
 * Is what was found still so? The kernel uses a mapping's memory anew, under
 * the lock: what was found may have been in the making, which is over when
 * the number of changes is another one.
 */
static __always_inline bool vma_holds(struct vma_search *search)
{
	copy_vma(search);
	return OF_VMA(search, vm_mm) == search->mm &&
	       OF_VMA(search, vm_start) == search->start &&
	       OF_VMA(search, vm_end) == search->end &&
	       OF_VMA(search, vm_flags) == search->flags &&
	       OF_VMA(search, vm_pgoff) == search->pages_before &&
	       OF_VMA(search, vm_file) == search->file &&
	       search->start <= search->addr && search->addr < search->end &&
	       is_unchanged(search);
}

/* Take what was found out of the copy. */
static __always_inline void read_vma(struct vma_search *search)
{
	search->start = OF_VMA(search, vm_start);
	search->end = OF_VMA(search, vm_end);
	search->flags = OF_VMA(search, vm_flags);
	search->pages_before = OF_VMA(search, vm_pgoff);
	search->file = OF_VMA(search, vm_file);
}

/*
 * Look up what is mapped at search->addr in search->mm. What was found is to
 * be asked by vma_holds() when all that is wanted has been read of it.
 */
static __always_inline void find_vma(struct vma_search *search)
{
	struct mm_struct *mm = search->mm;
	bool locked;

	search->changes = read_changes(search, &locked);
	search->result = VMA_UNKNOWN;
	if (bpf_core_field_exists(mm->mm_mt))
		maple_walk(search);
	else if (bpf_core_field_exists(mm->mm_rb))
		rb_walk(search);
	if (search->result == VMA_FOUND)
		read_vma(search);
	else if (search->result == VMA_NONE && !is_unchanged(search))
		search->result = VMA_UNKNOWN;
}

#endif
