/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event.h - the vocabulary of user space: an audit event, its two halves
 *
 * A call that audit records reaches the plugin twice: as the text of its
 * SYSCALL record (struct pvm_syscall) and as what the probes took inside the
 * kernel (struct pvm_capture). Joined they are a struct pvm_access, from
 * which the enriched record is written.
 */
#ifndef PVM_EVENT_H
#define PVM_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pvm/wire.h"

/* An audit event's id: seconds.milliseconds:serial. */
struct pvm_id {
	uint64_t sec; /* since 1970 */
	uint32_t msec;
	uint64_t serial;
};

static inline bool pvm_id_equal(const struct pvm_id *a, const struct pvm_id *b)
{
	return a->serial == b->serial && a->sec == b->sec && a->msec == b->msec;
}

/*
 * Is @a older than @b? Audit numbers events by 32 bits, and starts over.
 * Without serials, 0, the time decides.
 */
bool pvm_id_before(const struct pvm_id *a, const struct pvm_id *b);

/*
 * Some events, all of them between two ids. Ids whose serial is 0 have
 * nothing but the time.
 */
struct pvm_span {
	uint64_t count;
	struct pvm_id first;
	struct pvm_id last;
};

/* @count events between two moments, whichever came first: clocks are set. */
struct pvm_span pvm_span_between(uint64_t count, const struct pvm_id *one,
				 const struct pvm_id *other);

/* Make @span hold @other's events as well. */
void pvm_span_add(struct pvm_span *span, const struct pvm_span *other);

/* One of the two calls as one architecture's system call table has it. */
struct pvm_call_type {
	uint32_t arch; /* AUDIT_ARCH_* */
	uint32_t nr; /* number there; means nothing without arch */
	const char *op; /* process_vm_readv or process_vm_writev */
	const char *abi; /* of a 32-bit one, else NULL */
};

/*
 * One SYSCALL record of one of the two calls.
 *
 * Strings are tokens, as they stand in the record: quoted, or in hex where
 * audit encodes them. Those that the record lacks are "". They lie in the
 * same block of memory as the struct, which whoever holds it frees with
 * free().
 */
struct pvm_syscall {
	struct pvm_id id;
	const struct pvm_call_type *type;
	int64_t exit; /* bytes, or a negative errno */
	uint64_t a0; /* pid argument, as passed */
	uint64_t a2; /* liovcnt, as passed */
	uint32_t pid; /* caller's process, first pid namespace */
	uint32_t uid; /* caller's real uid */
	uint32_t auid; /* caller's login uid, (uint32_t)-1 when unset */
	const char *node; /* of the line; "" without one */
	bool unsure; /* whether that is this host's was in doubt then */
	const char *tty;
	const char *comm;
	const char *exe;
	const char *key;
	char text[];
};

/*
 * What the probes took of one audited call. One block of memory, freed with
 * free() by whoever holds it.
 */
struct pvm_capture {
	struct pvm_id id;
	struct pvm_wire_call call;
	/*
	 * A bit for each list, by enum pvm_list, of which the rest is lost:
	 * call.held[] says how much is there.
	 */
	uint32_t part;
	/* A side's call.held[] vectors, or NULL when not taken. */
	const struct pvm_wire_iovec *vec[PVM_SIDES];
	/*
	 * The target's program, call.held[PVM_PATH] bytes without a NUL, from
	 * the root of its mount namespace, of a part the end; NULL when not
	 * taken.
	 */
	const char *path;
	/*
	 * The call.held[PVM_MAPS] mappings in which the remote vectors start,
	 * unless call.seen has PVM_SEEN_MAPS_CUT not all of them, and their
	 * names; NULL when not taken.
	 */
	const struct pvm_wire_map *maps;
	const char *names;
	struct pvm_wire_iovec storage[];
};

/* Where vectors come from, the better the higher. */
enum pvm_source {
	PVM_SOURCE_NONE, /* no probes: only what audit says */
	PVM_SOURCE_USER, /* the caller's memory, where they can change */
	PVM_SOURCE_KERNEL, /* the kernel's own copy */
};

/* As src= says it. */
const char *pvm_source_name(enum pvm_source source);

/* The numbers from first to last, both included. */
struct pvm_range {
	uint64_t first;
	uint64_t last;
};

/* The numbers from first to last, both included, that are step apart. */
struct pvm_stride {
	uint64_t first;
	uint64_t last;
	uint64_t step; /* 1 of a single number */
};

/* Most ranges of addresses in a record of folded calls. */
#define PVM_SPANS_MAX 16

/* Most names of their callers that a record of folded calls has. */
#define PVM_COMMS_MAX 16

/* What folded calls did at one mapping. */
struct pvm_share {
	uint64_t calls; /* that have a vector which starts there */
	uint64_t bytes; /* moved at such vectors; UINT64_MAX also for more */
};

/*
 * What the calls of a group that share one record have together, besides what
 * is the same in all of them. Ranges and strides are in ascending order, no
 * range touching the next.
 */
struct pvm_folded {
	uint64_t count; /* calls, at least 2 */
	struct pvm_id first, last; /* by serial */
	const struct pvm_stride *serials;
	size_t serials_nr;
	bool one_thread; /* made them all */
	uint64_t vary; /* a bit for each enum pvm_field that differs */
	/* the callers' names, without a NUL where they take all of it */
	const char (*comms)[PVM_COMM_LEN];
	unsigned int comms_nr;
	bool comms_cut; /* there are more, or longer ones */
	uint64_t bytes; /* moved in all; UINT64_MAX also for more */
	uint64_t rlen; /* bytes of all remote vectors */
	bool rlen_known;
	uint64_t llen; /* bytes of all local vectors */
	bool llen_known;
	/* Addresses of the remote vectors, and room for adding one more. */
	struct pvm_range spans[PVM_SPANS_MAX + 1];
	size_t spans_nr;
	bool spans_joined; /* over addresses that no call asked for */
	/*
	 * Mappings of which the calls reached those with a bit in reached, the
	 * lowest bit for the first. Offsets are void; a map's name is what the
	 * map says of names, and always in it.
	 */
	const struct pvm_wire_map *maps;
	const char *names;
	const struct pvm_share *shares; /* of each mapping */
	uint32_t reached;
	bool maps_cut; /* the calls reached more, or not all are known */
};

/*
 * An audited call, joined from what came of it; at least one half is there.
 * Of folded calls, the halves are those of the first.
 */
struct pvm_access {
	const struct pvm_syscall *syscall; /* NULL: its record never came */
	const struct pvm_capture *capture; /* NULL: the probes gave nothing */
	const struct pvm_folded *folded; /* NULL: one call */
	uint32_t vectors; /* most that are listed of a side, 0 for all */
	bool probes; /* the probes were at work */
};

static inline const struct pvm_id *pvm_access_id(
	const struct pvm_access *access)
{
	return access->syscall ? &access->syscall->id : &access->capture->id;
}

/* Bytes, or a negative errno. */
static inline int64_t pvm_access_exit(const struct pvm_access *access)
{
	return access->syscall ? access->syscall->exit
			       : access->capture->call.exit;
}

#endif
