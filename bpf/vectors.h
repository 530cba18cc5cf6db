/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vectors.h - both lists of vectors: the kernel's copies, or the caller's own
 */
#ifndef PVM_VECTORS_H
#define PVM_VECTORS_H

#include "copy.h"
#include "chunks.h"

/*
 * Take one side's vectors; @at is where in the tail the first ones go. With
 * @user they are in the caller's memory.
 */
static __always_inline void keep_vectors(struct slot *slot, enum pvm_list side,
					 const void *from, __u64 nr, __u32 at,
					 const bool user)
{
	slot->call.held[side] = nr;
	keep_short(slot, at, from, tail_size(slot, side), VECTORS_ROOM, user);
	if (nr > PVM_VECTORS_INLINE)
		keep_long(slot, side, from, nr * VECTOR_SIZE,
			  PVM_VECTORS_MAX * VECTOR_SIZE, user, false);
}

#define OF_ITER(type, field) COPIED_FROM(copy, iter, 0, type, field)

static __always_inline void keep_local(struct slot *slot, struct iov_iter *iter,
				       __u32 at)
{
	struct iov_iter___ubuf *ubuf = (void *)iter;
	struct iov_iter___old *old = (void *)iter;
	struct pvm_wire_iovec single;
	const struct iovec *vec;
	__u64 copy[5];

	copy_part(copy, sizeof(copy), iter, 0,
		  bpf_core_type_size(struct iov_iter));
	if (bpf_core_enum_value_exists(enum iter_type___ubuf, ITER_UBUF) &&
	    bpf_core_field_exists(ubuf->iter_type) &&
	    OF_ITER(struct iov_iter___ubuf, iter_type) ==
		    bpf_core_enum_value(enum iter_type___ubuf, ITER_UBUF)) {
		single.base = (__u64)OF_ITER(struct iov_iter___ubuf, ubuf);
		single.len = OF_ITER(struct iov_iter___ubuf, count);
		keep_vectors(slot, PVM_LOCAL, &single, 1, at, false);
		return;
	}
	if (bpf_core_field_exists(old->iov))
		vec = OF_ITER(struct iov_iter___old, iov);
	else
		vec = OF_ITER(struct iov_iter, __iov);
	keep_vectors(slot, PVM_LOCAL, vec, OF_ITER(struct iov_iter, nr_segs),
		     at, false);
}

/* A 32-bit caller's struct iovec. */
struct iovec_32 {
	__u32 base;
	__u32 len;
};

/* Where the next entry of the tail is, for an offset the verifier knows. */
static __always_inline void widen(struct slot *slot, __u32 at,
				  const struct iovec_32 *from)
{
	struct pvm_wire_iovec vec = {from->base, from->len};

	keep_short(slot, at, &vec, sizeof(vec), sizeof(vec), false);
}

/* Take a 32-bit caller's vectors from his memory; only short lists. */
static __always_inline bool take_user_32(struct slot *slot, const void *from,
					 __u64 nr, __u32 at)
{
	struct iovec_32 vec[PVM_VECTORS_INLINE];
	__u32 size = nr * sizeof(vec[0]);

	if (nr > PVM_VECTORS_INLINE)
		return false;
	barrier_var(size);
	if (size > sizeof(vec) || bpf_probe_read_user(vec, size, from))
		return false;
#pragma unroll
	for (__u32 i = 0; i < PVM_VECTORS_INLINE; i++)
		if (i < nr)
			widen(slot, at + i * VECTOR_SIZE, &vec[i]);
	return true;
}

#define ARCH_64BIT 0x80000000 /* __AUDIT_ARCH_64BIT */

static __always_inline void take_user(struct slot *slot, enum pvm_list side,
				      const void *from, __u64 nr, __u32 at)
{
	struct pvm_wire_call *call = &slot->call;

	/* without audit it is a trial of the plugin's own */
	if (!(call->seen & PVM_SEEN_AUDIT) || (call->arch & ARCH_64BIT)) {
		keep_vectors(slot, side, from, nr, at, true);
		return;
	}
	call->held[side] = nr;
	if (!take_user_32(slot, from, nr, at))
		note_fault(slot);
}

#endif
