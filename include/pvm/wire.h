/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wire.h - what the probes and the plugin say to each other
 *
 * The one header that BPF and user space share: the records of the ring
 * buffer, the counters kept in the kernel and the limits of both.  Fixed
 * widths only, and no include but the one for those.  Whoever changes a
 * layout changes PVM_WIRE_VERSION.
 */
#ifndef PVM_WIRE_H
#define PVM_WIRE_H

#include <linux/types.h>

#define PVM_WIRE_VERSION 9

#define PVM_COMM_LEN 16 /* TASK_COMM_LEN */
#define PVM_VECTORS_MAX 1024 /* UIO_MAXIOV: more makes the call fail */

/*
 * A call has up to five lists: the vectors of both sides, the bytes of the
 * path of the target's program, the mappings in which the first remote vectors
 * start, and the bytes of the names of those. The call's own record has the
 * start of each, of the path the end: so much is never lost. What is longer
 * comes whole besides, ahead of its call, in records of PVM_WIRE_LIST.
 */
#define PVM_VECTORS_INLINE 16
#define PVM_PATH_INLINE 256
#define PVM_PATH_LEN_MAX 4096 /* PATH_MAX */
#define PVM_MAPS_MAX 16 /* mappings that are looked up */
#define PVM_MAPS_INLINE PVM_MAPS_MAX
#define PVM_NAMES_INLINE 512
#define PVM_NAME_MAX 512 /* of one mapping; what is longer has its end here */
#define PVM_NAMES_MAX (PVM_MAPS_MAX * PVM_NAME_MAX)

enum pvm_wire_kind {
	PVM_WIRE_CALL = 1, /* struct pvm_wire_call, one per audited call */
	PVM_WIRE_LIST = 2, /* struct pvm_wire_list, a piece of a long list */
	PVM_WIRE_TRIAL = 3, /* struct pvm_wire_trial, see calibrate.h */
	PVM_WIRE_STAMP = 4, /* struct pvm_wire_stamp, see calibrate.h */
};

enum pvm_list {
	PVM_REMOTE = 0,
	PVM_LOCAL = 1,
	PVM_SIDES = 2, /* lists of vectors */
	PVM_PATH = 2,
	PVM_MAPS = 3,
	PVM_NAMES = 4,
	PVM_LISTS = 5,
};

/* struct iovec as the kernel holds it, 32-bit callers' already widened. */
struct pvm_wire_iovec {
	__u64 base;
	__u64 len; /* bytes */
};

/*
 * Every record starts with this.  A thread makes one call at a time, so its
 * id and the time of entry name the call among all that are in flight.
 */
struct pvm_wire_head {
	__u16 version;
	__u16 kind;
	__u32 tid; /* caller's thread, first pid namespace */
	__u64 entry_ns; /* CLOCK_MONOTONIC */
};

enum pvm_map_kind {
	PVM_MAP_UNKNOWN = 0, /* it changed under the look-up */
	PVM_MAP_NONE = 1, /* nothing is mapped there */
	PVM_MAP_ANON = 2,
	PVM_MAP_HEAP = 3,
	PVM_MAP_STACK = 4, /* the process's first one */
	PVM_MAP_SPECIAL = 5, /* the kernel's; its name is like [vdso] */
	PVM_MAP_FILE = 6,
};

enum pvm_map_flags {
	PVM_MAP_READ = 1 << 0,
	PVM_MAP_WRITE = 1 << 1,
	PVM_MAP_EXEC = 1 << 2,
	PVM_MAP_SHARED = 1 << 3,
	PVM_MAP_PERMISSIONS = (1 << 4) - 1, /* of these */
	PVM_MAP_DELETED = 1 << 4, /* the file's name has been removed */
	PVM_MAP_CUT = 1 << 5, /* the start of the path is missing */
	PVM_MAP_CROSSED = 1 << 6, /* a vector goes on behind its end */
};

/*
 * A mapping in which a remote vector starts that is not empty. Each is there
 * once, in the order in which vectors come to it.
 */
struct pvm_wire_map {
	__u64 offset; /* of the first vector, in the file */
	__u16 name; /* where in the list of names */
	__u16 name_len; /* bytes, without a NUL */
	__u8 kind; /* enum pvm_map_kind */
	__u8 flags; /* enum pvm_map_flags, or'ed */
	__u16 pad;
	__u64 start; /* of the mapping; with the end 0 where none was found */
	__u64 end; /* the first byte behind it */
};

/* How far the kernel got with the call, and what the probes saw of it. */
enum pvm_wire_seen {
	PVM_SEEN_CORE = 1 << 0, /* both vectors copied by the kernel */
	PVM_SEEN_TARGET = 1 << 1, /* mm_access() had a target task */
	PVM_SEEN_OTHER_REGS = 1 << 2, /* the core's arguments not in place */
	PVM_SEEN_READ_FAULT = 1 << 3, /* the kernel's copy not readable */
	PVM_SEEN_PATH = 1 << 4, /* the target had a program */
	PVM_SEEN_PATH_DELETED = 1 << 5, /* its name has been removed */
	PVM_SEEN_PATH_CUT = 1 << 6, /* its start is missing */
	PVM_SEEN_USER = 1 << 7, /* vectors read from the caller's memory */
	PVM_SEEN_MAPS = 1 << 8, /* the target's mappings were looked at */
	PVM_SEEN_AUDIT = 1 << 9, /* time, arch and nr are audit's */
	PVM_SEEN_CHANGED = 1 << 10, /* the target may be another program */
	PVM_SEEN_MAPS_CUT = 1 << 11, /* not all of its mappings are there */
};

/* Of pvm_wire_task.dev, which is not coded as user space has it. */
#define PVM_WIRE_MAJOR(dev) ((dev) >> 20)
#define PVM_WIRE_MINOR(dev) ((dev) % (1u << 20))

struct pvm_wire_task {
	__u32 tgid; /* first pid namespace */
	__u32 tid; /* first pid namespace */
	__u32 uid; /* real, first user namespace */
	__u32 auid; /* login uid, -1 when unset */
	__u32 ses; /* audit session, -1 when unset */
	__u32 parent; /* tgid of the real parent, first pid namespace */
	__u32 tracer; /* tgid of the ptracer, 0 without one */
	__u32 dev; /* of its program's file, as the kernel has it; 0: none */
	char comm[PVM_COMM_LEN];
	__u64 start_ns; /* of the process, CLOCK_BOOTTIME */
	__u64 ino; /* of its program's file */
};

struct pvm_wire_call {
	struct pvm_wire_head head;

	/* The audit event's own id. */
	__u64 sec;
	__u32 nsec;
	__u32 serial;

	/* Which call, as audit names it. */
	__u32 arch; /* AUDIT_ARCH_* */
	__u32 nr;

	/* The arguments as process_vm_rw() got them. */
	__s32 pid;
	__u32 seen; /* enum pvm_wire_seen, or'ed */
	__u64 liovcnt;
	__u64 riovcnt;
	__u64 flags;

	__s64 exit; /* bytes, or a negative errno */

	struct pvm_wire_task caller;
	struct pvm_wire_task target; /* with PVM_SEEN_TARGET */

	/*
	 * What the lists hold: vectors of either side with PVM_SEEN_CORE,
	 * bytes of the path with PVM_SEEN_PATH, mappings and bytes of names
	 * with PVM_SEEN_MAPS. Of each, as much as PVM_*_INLINE says follows
	 * this struct, in the order of enum pvm_list.
	 */
	__u32 held[PVM_LISTS];

	/*
	 * High half of the bits that the kernel takes off the target's
	 * addresses, with PVM_SEEN_MAPS; the vectors have them still.
	 */
	__u32 tag_bits;
};

/* Where the target's memory has the byte that a vector calls @base. */
#define PVM_WIRE_UNTAGGED(call, base) \
	((base) & ~((__u64)(call)->tag_bits << 32))

/* A piece of a list, which follows. Pieces come in their order. */
#define PVM_PIECE_MAX 4096 /* bytes */

struct pvm_wire_list {
	struct pvm_wire_head head;
	__u32 list; /* enum pvm_list */
	__u32 held; /* by the whole list, as in the call */
	__u32 at; /* bytes of the list ahead of this piece */
	__u32 size; /* bytes of this piece */
};

/* Vectors of both sides of a call by which the plugin tries the probes. */
#define PVM_TRIAL_VECTORS 10

/* What one probe has of such a call. */
struct pvm_wire_trial {
	struct pvm_wire_call call;
	struct pvm_wire_iovec vec[PVM_TRIAL_VECTORS]; /* of the short lists */
};

/* Bytes of the kernel's memory that the plugin reads at a time. */
#define PVM_PEEK_MAX 256

/* What the stamp's probe reads at a record of the plugin's own. */
struct pvm_wire_stamp {
	struct pvm_wire_head head;
	__u64 sec;
	__u32 nsec;
	__u32 serial;
	__u32 nr; /* of the system call, as audit has it */
	__u32 seen; /* PVM_SEEN_AUDIT or 0: none of the above */
};

/*
 * Counters kept by the probes, in rows by CPU, summed by the plugin; with
 * their names in the state report.
 */
#define PVM_KERNEL_COUNTERS(X)                             \
	/* calls seen that audit may record */             \
	X(PVM_K_CALLS, "kernel_calls")                     \
	/* calls sent over the ring */                     \
	X(PVM_K_SENT, "kernel_sent")                       \
	/* calls not sent: ring full */                    \
	X(PVM_K_RING_FULL, "kernel_ring_full")             \
	/* long lists not sent: no room */                 \
	X(PVM_K_LIST_LOST, "kernel_list_lost")             \
	/* calls not followed: no slot in the table */     \
	X(PVM_K_TABLE_FULL, "kernel_table_full")           \
	/* the core's arguments not where expected */      \
	X(PVM_K_OTHER_REGS, "kernel_other_registers")      \
	/* the kernel's own copy could not be read */      \
	X(PVM_K_READ_FAULT, "kernel_read_fault")           \
	/* calls whose records audit has dropped: no id */ \
	X(PVM_K_BACKLOG, "kernel_backlog")                 \
	/* all that audit has dropped, whosever */         \
	X(PVM_K_AUDIT_LOST, "audit_lost")

/* clang-format off */
enum pvm_kernel_counter {
#define X(counter, name) counter,
	PVM_KERNEL_COUNTERS(X)
#undef X
	PVM_K_COUNTERS
};
/* clang-format on */

#define PVM_COUNTER_ROWS 64 /* a power of two */

/* Calls lost in the kernel of which something is kept. */
enum pvm_kernel_loss {
	PVM_K_LOST_RING, /* PVM_K_RING_FULL, with the events' ids */
	PVM_K_LOST_BACKLOG, /* PVM_K_BACKLOG, with the events' times alone */
	PVM_K_LOST
};

/* An event's id. */
struct pvm_wire_moment {
	__u64 ms; /* since 1970 */
	__u32 serial; /* 0: it got none */
	__u32 pad;
};

/* The first and the last of them, by serial or else by time; 0 for none. */
struct pvm_wire_span {
	struct pvm_wire_moment first;
	struct pvm_wire_moment last;
};

/*
 * Written without a lock, by the CPUs that share the row; the plugin may read
 * it at any moment. Where several CPUs lose a call at the same time, or one
 * does while the plugin reads, an end of a span can be the one before, or mix
 * the time of one event with the serial of another.
 */
struct pvm_wire_counters {
	__u64 n[16]; /* by enum pvm_kernel_counter; two cache lines */
	struct pvm_wire_span lost[PVM_K_LOST]; /* one cache line */
};

_Static_assert(sizeof(struct pvm_wire_iovec) == 16, "wire layout");
_Static_assert(sizeof(struct pvm_wire_head) == 16, "wire layout");
_Static_assert(sizeof(struct pvm_wire_task) == 64, "wire layout");
_Static_assert(sizeof(struct pvm_wire_call) == 232, "wire layout");
_Static_assert(sizeof(struct pvm_wire_map) == 32, "wire layout");
_Static_assert(sizeof(struct pvm_wire_list) == 32, "wire layout");
_Static_assert(sizeof(struct pvm_wire_trial) == 392, "wire layout");
_Static_assert(sizeof(struct pvm_wire_stamp) == 40, "wire layout");
_Static_assert(sizeof(struct pvm_wire_counters) == 192, "wire layout");
_Static_assert(PVM_K_COUNTERS <= 16, "a row holds every counter");

#endif
