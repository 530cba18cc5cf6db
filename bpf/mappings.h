/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mappings.h - the mappings in which the remote vectors start
 *
 * Vectors of no length are passed over, and so are those that start in a
 * mapping that another one has led to: else a few of these would use up the
 * look-ups, and hide what the others reach.
 */
#ifndef PVM_MAPPINGS_H
#define PVM_MAPPINGS_H

#include "path.h"
#include "vma.h"

/* log2 of the page size */
const volatile __u32 page_shift = 12;

/* How often a look-up is made again that met a change. */
#define TRIES_MAX 3 /* more of one vector */
#define RETRIES_MAX 12 /* of all: the kernel allows for 32 runs */

/*
 * The look-up of the remote vectors, one after the other. In a map for
 * the verifier's sake, like struct path_walk; a vector a run of pvm_map, so
 * that it need not follow the loops of all.
 */
struct mappings {
	struct vma_search search;
	struct task_struct *task;
	const struct pvm_wire_iovec *vectors; /* the kernel's */
	__u32 nr; /* of vectors */
	__u32 vector; /* at hand */
	__u64 tag_bits; /* none of them is in vec.base */
	struct pvm_wire_iovec vec; /* the one at hand */
	__u32 done; /* look-ups */
	__u32 full; /* one more would have been needed */
	__u32 names; /* bytes of text so far */
	__u32 tries; /* for this vector */
	__u32 retries; /* for all */
	struct pvm_wire_map last; /* the latest look-up's, without offset */
	struct pvm_wire_map maps[PVM_MAPS_MAX];
	struct file *files[PVM_MAPS_MAX];
	char text[PVM_NAMES_MAX + PVM_NAME_MAX];
};

/* One a CPU: no probe can be preempted. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct mappings);
} cpu_mappings SEC(".maps");

static __always_inline struct mappings *this_cpu_mappings(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&cpu_mappings, &zero);
}

/* To pvm_map, put there by the plugin where it is loaded. */
struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} steps SEC(".maps");

/*
 * The bits of an address that the kernel takes off before it looks it up, see
 * its untagged_addr_remote(): on arm64 the top byte of any, by the processor's
 * own rule; on x86 those that the target has asked for (LAM). Without that, one
 * bit up there would pass for an address at which nothing is mapped.
 */
static __always_inline __u64 tag_bits(struct mm_struct *mm)
{
#if defined(bpf_target_arm64)
	return 0xffull << 56;
#else
	struct mm_struct___lam *lam = (void *)mm;

	if (bpf_core_field_exists(lam->context.untag_mask))
		return ~BPF_CORE_READ(lam, context.untag_mask);
	return 0;
#endif
}

/* Prepare for the look-ups; false when there is nothing to look up. */
static __always_inline bool begin_mappings(struct mappings *mappings,
					   struct slot *slot,
					   struct task_struct *task,
					   struct mm_struct *mm)
{
	__u32 nr = slot->call.held[PVM_REMOTE];
	__u64 vectors = slot->vectors;

	if (!mm || !nr)
		return false;
	mappings->full = 0;
	/* where they are the caller's, only the slot has some, the first */
	if (!vectors) {
		vectors = (__u64)slot->tail;
		if (nr > PVM_VECTORS_INLINE) {
			nr = PVM_VECTORS_INLINE;
			mappings->full = 1;
		}
	}
	mappings->tag_bits = tag_bits(mm);
	slot->call.tag_bits = mappings->tag_bits >> 32;
	mappings->search.mm = mm;
	mappings->search.result = VMA_UNKNOWN;
	mappings->task = task;
	mappings->vectors = (void *)vectors;
	mappings->nr = nr;
	mappings->vector = 0;
	mappings->done = 0;
	mappings->names = 0;
	mappings->tries = 0;
	mappings->retries = 0;
	return true;
}

/* Is nothing left to be looked up? */
static __always_inline bool is_over(const struct mappings *mappings)
{
	return mappings->vector >= mappings->nr || mappings->full;
}

/*
 * Is the vector at hand in a mapping that has been found? Then it is noted
 * there, should it go on behind its end.
 */
static __always_inline bool is_found(struct mappings *mappings)
{
	__u64 base = mappings->vec.base, len = mappings->vec.len;
	struct pvm_wire_map *map;

	for (__u32 i = 0; i < PVM_MAPS_MAX; i++) {
		barrier();
		if (i >= mappings->done)
			break;
		map = &mappings->maps[i];
		if (base < map->start || base >= map->end)
			continue;
		if (len > map->end - base)
			map->flags |= PVM_MAP_CROSSED;
		return true;
	}
	return false;
}

/* Is there nothing to be looked up for the vector at hand? */
static __always_inline bool needs_none(struct mappings *mappings)
{
	if (!mappings->vec.len || is_found(mappings))
		return true;
	if (mappings->done >= PVM_MAPS_MAX)
		mappings->full = 1;
	return false;
}

/* Has an earlier vector met the same file? Then it has its name. */
static __always_inline bool use_name_again(struct mappings *mappings)
{
	struct file *file = mappings->search.file;
	__u32 done = mappings->done;

	for (__u32 i = 0; i < PVM_MAPS_MAX; i++) {
		barrier();
		if (i >= done)
			break;
		if (mappings->files[i] == file) {
			mappings->last.name = mappings->maps[i].name;
			mappings->last.name_len = mappings->maps[i].name_len;
			mappings->last.flags |= mappings->maps[i].flags &
						(PVM_MAP_DELETED | PVM_MAP_CUT);
			return true;
		}
	}
	return false;
}

/* The path in @walk is the name. */
static __always_inline void take_path(struct mappings *mappings,
				      const struct path_walk *walk)
{
	__u32 at = mappings->names & (PVM_NAMES_MAX - 1);
	__u32 len;

	if (!walk->named)
		mappings->last.flags |= PVM_MAP_DELETED;
	len = PVM_PATH_LEN_MAX - walk->start;
	if (walk->cut || len > PVM_NAME_MAX)
		mappings->last.flags |= PVM_MAP_CUT;
	if (len > PVM_NAME_MAX)
		len = PVM_NAME_MAX;
	mappings->last.name = at;
	mappings->last.name_len = len;
	mappings->names += len;
	barrier_var(len);
	if (len > PVM_NAME_MAX)
		return;
	bpf_probe_read_kernel(
		&mappings->text[at], len,
		&walk->text[(PVM_PATH_LEN_MAX - len) & (PVM_PATH_LEN_MAX - 1)]);
}

/* Has the kernel mapped this itself, and given it a name? Then take that. */
static __always_inline bool take_special_name(
	struct mappings *mappings, const struct vm_special_mapping *special)
{
	__u32 at = mappings->names & (PVM_NAMES_MAX - 1);
	long len;

	len = bpf_probe_read_kernel_str(&mappings->text[at], 32,
					BPF_CORE_READ(special, name));
	if (len < 3 || mappings->text[at] != '[')
		return false;
	mappings->last.name = at;
	mappings->last.name_len = len - 1;
	mappings->names += len - 1;
	return true;
}

/* What no file is behind, by the rules of /proc/PID/maps. */
static __always_inline enum pvm_map_kind anonymous_kind(
	const struct vma_search *search, __u64 start_brk, __u64 brk,
	__u64 stack)
{
	if (search->start < brk && search->end > start_brk)
		return PVM_MAP_HEAP;
	if (search->start <= stack && search->end >= stack)
		return PVM_MAP_STACK;
	return PVM_MAP_ANON;
}

static __always_inline __u8 map_flags(__u64 flags)
{
	return (flags & VM_READ ? PVM_MAP_READ : 0) |
	       (flags & VM_WRITE ? PVM_MAP_WRITE : 0) |
	       (flags & VM_EXEC ? PVM_MAP_EXEC : 0) |
	       (flags & VM_MAYSHARE ? PVM_MAP_SHARED : 0);
}

/* Begin to describe in mappings->last; false when nothing was found. */
static __always_inline bool begin_description(struct mappings *mappings)
{
	enum vma_result result = mappings->search.result;
	struct pvm_wire_map *map = &mappings->last;

	map->name = 0;
	map->name_len = 0;
	map->flags = 0;
	map->kind = result == VMA_NONE ? PVM_MAP_NONE : PVM_MAP_UNKNOWN;
	if (result != VMA_FOUND)
		return false;
	map->flags = map_flags(mappings->search.flags);
	map->kind = mappings->search.file ? PVM_MAP_FILE : PVM_MAP_ANON;
	return true;
}

static __always_inline void describe_file(struct mappings *mappings,
					  struct path_walk *walk)
{
	if (use_name_again(mappings))
		return;
	walk_path(walk, mappings->search.file);
	take_path(mappings, walk);
}

static __always_inline enum pvm_map_kind describe_no_file(
	struct mappings *mappings)
{
	struct vma_search *search = &mappings->search;
	const struct vm_operations_struct *ops = OF_VMA(search, vm_ops);
	__u64 copy[3];

	if (ops && BPF_CORE_READ(ops, name) &&
	    take_special_name(mappings, OF_VMA(search, vm_private_data)))
		return PVM_MAP_SPECIAL;
	COPY(copy, search->mm, struct mm_struct, start_brk);
	return anonymous_kind(search,
			      COPIED(copy, search->mm, struct mm_struct,
				     start_brk, start_brk),
			      COPIED(copy, search->mm, struct mm_struct,
				     start_brk, brk),
			      COPIED(copy, search->mm, struct mm_struct,
				     start_brk, start_stack));
}

/* Describe in mappings->last what was found. */
static __always_inline void describe(struct mappings *mappings,
				     struct path_walk *walk)
{
	if (!begin_description(mappings))
		return;
	if (mappings->last.kind == PVM_MAP_FILE)
		describe_file(mappings, walk);
	else
		mappings->last.kind = describe_no_file(mappings);
}

/* What is in mappings->last is where the vector at hand starts. */
static __always_inline void note_map(struct mappings *mappings, __u32 i)
{
	struct vma_search *search = &mappings->search;
	struct pvm_wire_map *map = &mappings->maps[i];

	*map = mappings->last;
	mappings->files[i] = map->kind == PVM_MAP_FILE ? search->file : NULL;
	map->start = 0;
	map->end = 0;
	map->offset = 0;
	if (search->result == VMA_FOUND) {
		map->start = search->start;
		map->end = search->end;
	}
	if (map->kind == PVM_MAP_FILE)
		map->offset = (search->pages_before << page_shift) +
			      (search->addr - search->start);
	if (search->result == VMA_FOUND &&
	    mappings->vec.len > search->end - search->addr)
		map->flags |= PVM_MAP_CROSSED;
}

/* Look up one vector. */
static __always_inline void look_up_vector(struct mappings *mappings,
					   struct path_walk *walk)
{
	struct vma_search *search = &mappings->search;
	struct task_struct *task = mappings->task;
	__u32 i = mappings->done & (PVM_MAPS_MAX - 1);
	__u32 names = mappings->names;
	struct pvm_wire_map *map = &mappings->maps[i];

	search->addr = mappings->vec.base;
	find_vma(search);
	describe(mappings, walk);
	note_map(mappings, i);
	/* the memory is the task's as long as the task says so */
	if (BPF_CORE_READ(task, mm) != search->mm ||
	    (search->result == VMA_FOUND && !vma_holds(search))) {
		search->result = VMA_UNKNOWN;
		map->kind = PVM_MAP_UNKNOWN;
		map->start = 0;
		map->end = 0;
		mappings->files[i] = NULL;
		mappings->names = names;
		walk->leaf = NULL; /* nor is its path to be trusted */
	}
}

/* Go on to the next vector, unless this one is worth another try. */
static __always_inline void go_on(struct mappings *mappings)
{
	__u32 i = mappings->done & (PVM_MAPS_MAX - 1);

	if (mappings->maps[i].kind == PVM_MAP_UNKNOWN &&
	    mappings->tries < TRIES_MAX && mappings->retries < RETRIES_MAX) {
		mappings->tries++;
		mappings->retries++;
		return;
	}
	mappings->tries = 0;
	mappings->done++;
	mappings->vector++;
}

/* Vectors that one run passes over. */
#define PASSED_MAX 64

/* Read the next vector to be looked up; false when this run finds none. */
static __always_inline bool read_vector(struct mappings *mappings)
{
	for (int i = 0; i < PASSED_MAX; i++) {
		barrier();
		if (mappings->vector >= mappings->nr)
			return false;
		bpf_probe_read_kernel(&mappings->vec, sizeof(mappings->vec),
				      &mappings->vectors[mappings->vector]);
		mappings->vec.base &= ~mappings->tag_bits;
		if (!needs_none(mappings))
			return !mappings->full;
		mappings->vector++;
	}
	return false;
}

/* A list of one: less work than the helper that copies makes. */
static __always_inline void keep_one_map(struct slot *slot, __u32 at,
					 const struct pvm_wire_map *map)
{
	const __u64 *from = (const void *)map;
	__u64 *to;

	barrier_var(at);
	if (at > TAIL_MAX - MAP_SIZE)
		return;
	to = (void *)&slot->tail[at];
	to[0] = from[0];
	to[1] = from[1];
	to[2] = from[2];
	to[3] = from[3];
}

/* See keep_long(). */
static __always_inline void keep_maps(struct slot *slot,
				      const struct mappings *mappings,
				      const bool tail_calls)
{
	__u32 names = mappings->names, done = mappings->done;
	__u32 at = tail_size(slot, PVM_REMOTE) + tail_size(slot, PVM_LOCAL) +
		   tail_size(slot, PVM_PATH);

	slot->call.seen |= PVM_SEEN_MAPS;
	if (mappings->full || mappings->vector < mappings->nr)
		slot->call.seen |= PVM_SEEN_MAPS_CUT;
	slot->call.held[PVM_MAPS] = done;
	slot->call.held[PVM_NAMES] = names;
	if (done == 1)
		keep_one_map(slot, at, mappings->maps);
	else
		keep_short(slot, at, mappings->maps, done * MAP_SIZE, MAPS_ROOM,
			   false);
	if (!names)
		return;
	at += tail_size(slot, PVM_MAPS);
	keep_short(slot, at, mappings->text, tail_size(slot, PVM_NAMES),
		   PVM_NAMES_INLINE, false);
	if (names > PVM_NAMES_INLINE)
		keep_long(slot, PVM_NAMES, mappings->text, names, PVM_NAMES_MAX,
			  false, tail_calls);
}

#endif
