/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fentry.h - the target and its mappings as fentry programs see them
 *
 * A program of the type that libbpf calls fentry gets its arguments as what
 * they are: the verifier lets it load from them, and from what they point to,
 * where a kprobe has to call a helper that copies. And bpf_find_vma() shows it
 * a mapping under the lock, so that nothing has to be asked twice. For a third
 * of the cost, but only where no task can be preempted: see probes.c.
 */
#ifndef PVM_FENTRY_H
#define PVM_FENTRY_H

#include "mappings.h"
#include "task.h"

#define ENOENT 2

/* What the look-ups of one call share. */
struct lookup {
	struct task_struct *task;
	struct slot *slot;
	struct mappings *mappings;
	struct path_walk *walk;
};

static __always_inline void take_known_path(struct mappings *mappings,
					    struct path_walk *walk,
					    struct file *file)
{
	if (use_name_again(mappings))
		return;
	walk_known_path(walk, file);
	take_path(mappings, walk);
}

static __always_inline enum pvm_map_kind known_kind(struct mappings *mappings,
						    struct vm_area_struct *vma)
{
	const struct vm_operations_struct *ops = vma->vm_ops;
	struct mm_struct *mm = vma->vm_mm;

	if (ops && ops->name &&
	    take_special_name(mappings, vma->vm_private_data))
		return PVM_MAP_SPECIAL;
	return anonymous_kind(&mappings->search, mm->start_brk, mm->brk,
			      mm->start_stack);
}

/* Called by bpf_find_vma(), which holds the lock of the target's mappings. */
static long take_vma(struct task_struct *task, struct vm_area_struct *vma,
		     struct lookup *lookup)
{
	struct mappings *mappings = lookup->mappings;
	struct vma_search *search = &mappings->search;
	struct file *file = vma->vm_file;

	/* unless it has become another program's meanwhile */
	if (vma->vm_mm != search->mm)
		return 0;
	search->result = VMA_FOUND;
	search->start = vma->vm_start;
	search->end = vma->vm_end;
	search->flags = vma->vm_flags;
	search->pages_before = vma->vm_pgoff;
	search->file = file;
	begin_description(mappings);
	if (file)
		take_known_path(mappings, lookup->walk, file);
	else
		mappings->last.kind = known_kind(mappings, vma);
	return 0;
}

/* The vector at hand; a long list is not in the slot. */
static __always_inline void take_vector(struct lookup *lookup)
{
	struct mappings *mappings = lookup->mappings;
	const struct pvm_wire_iovec *kept = (void *)lookup->slot->tail;
	__u32 i = mappings->vector;

	if (i < PVM_VECTORS_INLINE) {
		mappings->vec.base = kept[i & (PVM_VECTORS_INLINE - 1)].base;
		mappings->vec.len = kept[i & (PVM_VECTORS_INLINE - 1)].len;
	} else {
		bpf_probe_read_kernel(&mappings->vec, sizeof(mappings->vec),
				      &mappings->vectors[i]);
	}
	mappings->vec.base &= ~mappings->tag_bits;
}

/* look_up_vector() as a function of its own, see keep_list(). */
__noinline int look_up_by_hand(void)
{
	struct mappings *mappings = this_cpu_mappings();
	struct path_walk *walk = this_cpu_walk();

	if (mappings && walk)
		look_up_vector(mappings, walk);
	return 0;
}

/*
 * Called by bpf_loop(): look up the next vector, if need be. Whoever changes
 * the mappings holds their lock: then it is done by hand, again if need be.
 */
static long look_up(__u32 turn, struct lookup *lookup)
{
	struct mappings *mappings = lookup->mappings;
	struct vma_search *search = &mappings->search;
	__u32 i = mappings->done & (PVM_MAPS_MAX - 1);
	long err;

	take_vector(lookup);
	if (needs_none(mappings)) {
		mappings->vector++;
		return is_over(mappings);
	}
	if (mappings->full)
		return 1;
	search->result = VMA_UNKNOWN;
	search->addr = mappings->vec.base;
	err = bpf_find_vma(lookup->task, search->addr, take_vma, lookup, 0);
	if (err == -ENOENT) {
		search->result = VMA_NONE;
		begin_description(mappings);
	}
	if (search->result == VMA_UNKNOWN)
		look_up_by_hand();
	else
		note_map(mappings, i);
	go_on(mappings);
	return is_over(mappings);
}

static __always_inline void look_up_all(struct task_struct *task,
					struct slot *slot,
					struct mappings *mappings,
					struct path_walk *walk)
{
	struct lookup lookup = {task, slot, mappings, walk};

	bpf_loop(PVM_VECTORS_MAX + RETRIES_MAX, look_up, &lookup, 0);
	keep_maps(slot, mappings, false);
}

#endif
