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

/* Bytes of *@from, beginning with its field @first, to the array @copy. */
#define COPY(copy, from, type, first)                \
	bpf_probe_read_kernel(copy, sizeof(copy),    \
			      (const void *)(from) + \
				      bpf_core_field_offset(type, first))

/* A field of *@from, by that copy. */
#define COPIED(copy, from, type, first, field)                              \
	({                                                                  \
		typeof(((type *)0)->field) value_;                          \
		__u32 at_ = bpf_core_field_offset(type, field) -            \
			    bpf_core_field_offset(type, first);             \
		if (at_ <= sizeof(copy) - sizeof(value_))                   \
			value_ = *(typeof(value_) *)((char *)(copy) + at_); \
		else                                                        \
			bpf_core_read(&value_, sizeof(value_),              \
				      &((type *)(from))->field);            \
		value_;                                                     \
	})

#endif
