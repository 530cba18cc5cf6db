/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of cases share: memory that lies at the same place in every
 * process, targets and what is true of them, calls and how they must end.
 *
 * A case runs in a process of its own, as root, and ends with it. What goes
 * wrong in its set-up ends it by die(), and counts as the case's failure.
 */
#ifndef CASE_H
#define CASE_H

#include "account.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdint.h>
#include <unistd.h>

/* "nobody": whom calls that must be refused are made as */
#define NOBODY 65534

/* The kernel's bound of the bytes that one call moves */
#define MAX_RW_COUNT (INT_MAX & ~(PAGE - 1))

/*
 * Memory of this program, its children and all that it executes: below 4 GB
 * also for 32-bit callers, and not where anything else is put. The second page
 * from the end of the remote half is a hole, never accessible.
 */
#define PAGE ((unsigned long)sysconf(_SC_PAGESIZE))
#define REMOTE 0x30000000UL
#define REMOTE_PAGES 64
#define HOLE (REMOTE + (REMOTE_PAGES - 2) * PAGE)
#define LOCAL 0x31000000UL
#define LOCAL_PAGES 64

/* Of the program, for all its processes; in shared memory where it changes */
struct program {
	FILE *account;
	const char *path; /* its own file */
	const char *path_compat32;
	struct account_file file; /* of path */
	pid_t plugin;
	atomic_ulong *calls;
	atomic_ulong *wrong;
	const char *name; /* of the case under way */
};

extern struct program program;

/* Whom a call addresses; apid is in the caller's pid namespace. */
struct target {
	pid_t apid;
	pid_t tgid;
	pid_t tid;
	struct account_target is;
	struct account_file file;
};

/* Starts out as a good read of 64 bytes by one vector on either side. */
struct call {
	struct account_call is;
	struct iovec *remote;
	struct iovec *local;
	bool write;
	long expect;
};

struct named_case {
	const char *name;
	void (*run)(void);
};

/* Each ends with a case without a name. */
extern const struct named_case vector_cases[];
extern const struct named_case failure_cases[];
extern const struct named_case target_cases[];
extern const struct named_case relation_cases[];
extern const struct named_case namespace_cases[];
extern const struct named_case program_cases[];
extern const struct named_case compat_cases[];

/* ---- case_base.c ----------------------------------------------------- */

__attribute__((format(printf, 1, 2), noreturn)) void die(const char *format,
							 ...);
void *need(void *memory);

/* Makes the common memory, or ends the program. */
void map_memory(void);

/* Memory that processes share, zeroed */
void *shared(size_t size);

/* A number that processes wait for; die() after some seconds */
void wait_for(const atomic_int *step, int value);

/* Waits likewise until it is not 0 any more, and returns it. */
int wait_set(const atomic_int *number);

/* Dies with its parent; returns twice, like fork(), and never fails. */
pid_t fork_child(void);

/* The ids of this process and thread in the first pid namespace */
pid_t first_pid(void);
pid_t first_tid(void);

/* Waits until the process has this state in /proc/PID/stat. */
void wait_state(pid_t pid, char state);

void end_child(pid_t pid);

/* Stops the plugin, so that it reads nothing, and lets it go on. */
void stop_plugin(void);
void continue_plugin(void);

/* ---- case_target.c --------------------------------------------------- */

/* What /proc knows of this task, which has to be in sight from here */
void know(struct target *t, pid_t tgid, pid_t tid, const char *rel);

/* A child that waits, after @before(@arg) if given */
void start_target(struct target *t, void (*before)(const void *),
		  const void *arg);

/* A child with a second thread, which *thread is about */
void start_threaded(struct target *leader, struct target *thread);

/*
 * Executes @path as a child that waits, after @before(@arg) in that child.
 * With no path it is *fd that is executed.
 */
void start_program(struct target *t, const char *path, const int *fd,
		   void (*before)(const void *), const void *arg);

/* What an executed program does: have the memory, say so, wait */
__attribute__((noreturn)) void be_a_target(int report);

/* Waits for ever, as a child that gave its parent its word */
__attribute__((noreturn)) void stay(void);

/* ---- case_call.c ----------------------------------------------------- */

struct iovec *new_vectors(unsigned long count);

/* Give the call this target, which has to last until it is accounted for. */
void aim(struct call *c, const struct target *t);

/* A good call on this target, or on nobody (NULL) */
void lay_out(struct call *c, const struct target *t);

void set_write(struct call *c);
void set_remote(struct call *c, struct iovec *v, unsigned long count);
void set_local(struct call *c, struct iovec *v, unsigned long count);

/* The kernel ends it before it holds both lists and looks for a target. */
void ends_early(struct call *c, long expect);

/* It holds the lists, but does not look for a target or finds none. */
void finds_nobody(struct call *c, long expect);

/* The bare call, by this thread */
long do_call(const struct call *c);

/* Makes the call from here, or from a child after @before, and accounts. */
void make(struct call *c);
void make_by_child(struct call *c, void (*before)(const void *),
		   const void *arg);

/* Accounts for a call that was made in another way. */
void made(struct call *c, pid_t spid, pid_t stid, long result);

/*
 * A call by one child on another, which have first done @caller and @target;
 * the caller is an ordinary user then. @err refuses the call, unless it is 0.
 */
void make_by_sibling(void (*caller)(const void *), void (*target)(const void *),
		     long err);

/* As child's first act: be an ordinary user that may be looked at */
void become_nobody(const void *unused);

#endif
