/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * copy.h - several fields of a kernel object by one copy
 *
 * A call of the helper that copies costs more than the copying of what lies
 * between fields that stand close together. How close is another matter on
 * each kernel: a field that is not in the copy is read by itself.
 */
#ifndef PVM_COPY_H
#define PVM_COPY_H

#include "kernel.h"

/*
 * Bytes of *@from, beginning with its field @first, to the array @copy; none
 * of what lies behind it, which may not be there to be read.
 */
#define COPY(copy, from, type, first)                 \
	copy_part(copy, sizeof(copy), from,           \
		  bpf_core_field_offset(type, first), \
		  bpf_core_type_size(type))

static __always_inline void copy_part(void *copy, __u32 room, const void *from,
				      __u32 start, __u32 end)
{
	__u32 size = end - start;

	bpf_probe_read_kernel(copy, size < room ? size : room, from + start);
}

/* A field of *@from, by that copy. */
#define COPIED(copy, from, type, first, field) \
	COPIED_FROM(copy, from, bpf_core_field_offset(type, first), type, field)

/* Likewise, by a copy that begins @start bytes behind @from. */
#define COPIED_FROM(copy, from, start, type, field)                         \
	({                                                                  \
		typeof(((type *)0)->field) value_;                          \
		__u32 at_ = bpf_core_field_offset(type, field) - (start);   \
		if (at_ <= sizeof(copy) - sizeof(value_))                   \
			value_ = *(typeof(value_) *)((char *)(copy) + at_); \
		else                                                        \
			bpf_core_read(&value_, sizeof(value_),              \
				      &((type *)(from))->field);            \
		value_;                                                     \
	})

#endif
