// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A program that knows the truth. A test of an enriched audit log needs
 * something to hold the log against that was not made by the code under test.
 * This program makes process_vm_readv and process_vm_writev calls of many
 * kinds, good and failing, from several threads at once, and writes down of
 * each what it asked for, whom it addressed and what came back.
 *
 * All calls are laid out before the first one is made, together with the
 * outcome that the kernel's order of checks demands; an outcome other than
 * that makes the run fail, so that a finished account can be relied upon.
 *
 * No array of vectors is used twice, and none is freed before the end: (pid,
 * a1, a3) of a SYSCALL record tells one call from all others.
 */
#define _GNU_SOURCE
#include "account.h"

#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The kernel's bound of pids on 64-bit machines: no process is ever above. */
#define PID_BOUND 4194304
#define MAX_VECTORS 1024
#define MAX_THREADS 256
#define MAX_CALLS 10000000
#define MAX_COMPLAINTS 20
/* What the remote vectors of one call hold together, about */
#define CALL_BYTES 65536

struct options {
	unsigned long calls;
	unsigned long threads;
	unsigned long seed;
	unsigned long vectors;
	const char *account;
	const char *user;
};

/*
 * The memory that is addressed, at the same place in this program and in its
 * children. Pages of the remote part, in this order: read-write, hole,
 * read-write, read-only, hole. In the children the holes are really unmapped;
 * here they stay reserved without access, so that nothing can move in.
 */
enum page_area { AREA_LOW, AREA_HOLE, AREA_HIGH, AREA_RO, AREA_END, AREAS };

static const unsigned int area_pages[AREAS] = {32, 4, 16, 4, 4};

struct layout {
	size_t page;
	char *area[AREAS + 1];
	char *local;
	size_t local_len;
};

struct target {
	pid_t apid;
	pid_t tgid;
	pid_t tid;
	struct account_file file;
};

enum {
	LIVE_PLAIN,
	LIVE_THREADED,
	LIVE_THREAD,
	LIVE_LEADERLESS,
	LIVE_SELF,
	LIVE
};

enum { DEAD_ZOMBIE, DEAD_LEADER, DEAD };

enum { CHILD_PLAIN, CHILD_THREADED, CHILD_LEADERLESS, CHILD_ZOMBIE, CHILDREN };

struct crew {
	pid_t child[CHILDREN];
	struct target live[LIVE];
	struct target dead[DEAD];
	pid_t reaped;
};

struct call {
	struct account_call is;
	struct iovec *remote;
	struct iovec *local;
	unsigned int kind;
	bool write;
	long expect;
};

struct plan {
	const struct options *opt;
	const struct layout *at;
	const struct crew *crew;
	uint64_t random;
};

struct run {
	struct call *calls;
	unsigned long count;
	unsigned long threads;
	pthread_barrier_t start;
};

struct caller {
	struct run *run;
	unsigned long first;
	pthread_t thread;
};

struct kind {
	const char *name;
	unsigned int weight;
	void (*shape)(struct plan *p, struct call *c);
};

__attribute__((format(printf, 1, 2), noreturn)) static void die(
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("truth: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(2);
}

static void *need(void *memory)
{
	if (!memory)
		die("out of memory");
	return memory;
}

/* splitmix64: the same run from the same seed on every machine */
static uint64_t draw(struct plan *p)
{
	uint64_t z = p->random += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static unsigned long below(struct plan *p, unsigned long bound)
{
	return draw(p) % bound;
}

static unsigned long within(struct plan *p, unsigned long low,
			    unsigned long high)
{
	return low + below(p, high - low + 1);
}

/* ---- memory ---------------------------------------------------------- */

static char *map(size_t len)
{
	char *memory = mmap(NULL, len, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	return memory;
}

static size_t area_len(const struct layout *at, enum page_area area)
{
	return at->area[area + 1] - at->area[area];
}

static void protect(const struct layout *at, enum page_area area, int prot)
{
	if (mprotect(at->area[area], area_len(at, area), prot))
		die("mprotect: %s", strerror(errno));
}

static void lay_out(struct layout *at)
{
	size_t pages = 0;

	at->page = sysconf(_SC_PAGESIZE);
	for (int i = 0; i < AREAS; i++)
		pages += area_pages[i];
	at->area[0] = map(pages * at->page);
	memset(at->area[0], 'r', pages * at->page);
	for (int i = 0; i < AREAS; i++)
		at->area[i + 1] = at->area[i] + area_pages[i] * at->page;
	protect(at, AREA_HOLE, PROT_NONE);
	protect(at, AREA_RO, PROT_READ);
	protect(at, AREA_END, PROT_NONE);
	/* longer than any call's good remote bytes, see stretch_local() */
	at->local_len = 4 * CALL_BYTES + 64 * at->page;
	at->local = map(at->local_len);
	memset(at->local, 'l', at->local_len);
}

/* Can the kernel move bytes to or from this page of the target? */
static bool page_is_good(const struct layout *at, const char *where, bool write)
{
	if (where >= at->area[AREA_RO] && where < at->area[AREA_END])
		return !write;
	return (where >= at->area[AREA_LOW] && where < at->area[AREA_HOLE]) ||
	       (where >= at->area[AREA_HIGH] && where < at->area[AREA_RO]);
}

/* How much of this one vector comes before the first page that fails */
static size_t good_bytes(const struct layout *at, const struct iovec *v,
			 bool write)
{
	const char *from = v->iov_base;
	const char *end = from + v->iov_len;
	const char *pos = from;

	while (pos < end && page_is_good(at, pos, write))
		pos += at->page - (uintptr_t)pos % at->page;
	return (pos < end ? pos : end) - from;
}

/* ---- children -------------------------------------------------------- */

/* No child outlives this program, whatever ends it. */
static void be_a_target(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_DUMPABLE, 1);
}

static void *child_thread(void *tid)
{
	be_a_target();
	atomic_store((atomic_int *)tid, (int)syscall(SYS_gettid));
	for (;;)
		pause();
	return NULL;
}

static pid_t start_child_thread(void)
{
	/* static, because the thread may look at it after this returns */
	static atomic_int tid;
	pthread_t thread;

	if (pthread_create(&thread, NULL, child_thread, &tid))
		_exit(1);
	while (!atomic_load(&tid))
		usleep(1000);
	return atomic_load(&tid);
}

__attribute__((noreturn)) static void child(const struct layout *at, int role,
					    int report, pid_t parent)
{
	pid_t tid = getpid();

	be_a_target();
	if (getppid() != parent || role == CHILD_ZOMBIE)
		_exit(0);
	if (role != CHILD_PLAIN)
		tid = start_child_thread();
	/* last, so that nothing is mapped into the holes any more */
	munmap(at->area[AREA_HOLE], area_len(at, AREA_HOLE));
	munmap(at->area[AREA_END], area_len(at, AREA_END));
	if (write(report, &tid, sizeof(tid)) != sizeof(tid))
		_exit(1);
	/* the bare call ends this thread alone: the process goes on */
	if (role == CHILD_LEADERLESS)
		syscall(SYS_exit, 0);
	for (;;)
		pause();
}

static pid_t start_child(const struct layout *at, int role, int report)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid)
		child(at, role, report, parent);
	return pid;
}

/* The id of the child's second thread, or its own if it has none */
static pid_t recruit(const struct layout *at, struct crew *crew, int role)
{
	int report[2];
	pid_t tid;

	if (pipe(report))
		die("pipe: %s", strerror(errno));
	crew->child[role] = start_child(at, role, report[1]);
	close(report[1]);
	if (read(report[0], &tid, sizeof(tid)) != sizeof(tid))
		die("a child failed to start");
	close(report[0]);
	return tid;
}

static char process_state(pid_t pid)
{
	char path[64], line[512] = "", *after;
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	stat = fopen(path, "r");
	if (!stat || !fgets(line, sizeof(line), stat))
		die("%s: %s", path, strerror(errno));
	fclose(stat);
	after = strrchr(line, ')');
	return after && after[1] ? after[2] : '?';
}

static struct target target_of(pid_t apid, pid_t tgid, pid_t tid)
{
	return (struct target){.apid = apid, .tgid = tgid, .tid = tid};
}

static void make_zombie(const struct layout *at, struct crew *crew)
{
	siginfo_t info;
	pid_t pid = start_child(at, CHILD_ZOMBIE, -1);

	if (waitid(P_PID, pid, &info, WEXITED | WNOWAIT))
		die("waitid: %s", strerror(errno));
	crew->child[CHILD_ZOMBIE] = pid;
	crew->dead[DEAD_ZOMBIE] = target_of(pid, pid, pid);
}

static void make_reaped(const struct layout *at, struct crew *crew)
{
	crew->reaped = start_child(at, CHILD_ZOMBIE, -1);
	if (waitpid(crew->reaped, NULL, 0) != crew->reaped)
		die("waitpid: %s", strerror(errno));
}

static void find_file(struct target *target)
{
	if (account_stat(&target->file, target->tgid, target->tid))
		die("the program of %d: %s", (int)target->tid, strerror(errno));
}

static void gather(const struct layout *at, struct crew *crew)
{
	pid_t self = getpid();
	pid_t tid = recruit(at, crew, CHILD_PLAIN);
	pid_t pid;

	crew->live[LIVE_PLAIN] = target_of(tid, tid, tid);
	tid = recruit(at, crew, CHILD_THREADED);
	pid = crew->child[CHILD_THREADED];
	crew->live[LIVE_THREADED] = target_of(pid, pid, pid);
	crew->live[LIVE_THREAD] = target_of(tid, pid, tid);
	tid = recruit(at, crew, CHILD_LEADERLESS);
	pid = crew->child[CHILD_LEADERLESS];
	crew->live[LIVE_LEADERLESS] = target_of(tid, pid, tid);
	crew->dead[DEAD_LEADER] = target_of(pid, pid, pid);
	while (process_state(pid) != 'Z')
		usleep(1000);
	crew->live[LIVE_SELF] = target_of(self, self, self);
	make_zombie(at, crew);
	make_reaped(at, crew);
	for (int i = 0; i < LIVE; i++)
		find_file(&crew->live[i]);
	for (int i = 0; i < DEAD; i++)
		find_file(&crew->dead[i]);
}

static void dismiss(const struct crew *crew)
{
	for (int i = 0; i < CHILDREN; i++) {
		kill(crew->child[i], SIGKILL);
		waitpid(crew->child[i], NULL, 0);
	}
}

/* ---- the plan: building blocks --------------------------------------- */

static void aim(struct call *c, const struct target *target)
{
	c->is.apid = target->apid;
	c->is.target_tgid = target->tgid;
	c->is.target_tid = target->tid;
	c->is.target_file = target->file;
}

/* The kernel never gets as far as looking for the target. */
static void no_target(struct call *c)
{
	c->is.target_tgid = 0;
	c->is.target_tid = 0;
}

/* The call ends before the kernel holds both lists of vectors. */
static void ends_early(struct call *c, long expect)
{
	no_target(c);
	c->is.copied = false;
	c->expect = expect;
}

static void set_op(struct call *c, bool write)
{
	c->write = write;
	c->is.op = write ? "process_vm_writev" : "process_vm_readv";
}

static unsigned long some_count(struct plan *p)
{
	unsigned long max = p->opt->vectors;

	/* mostly few, as in life, but the longest must come too */
	switch (below(p, 8)) {
	case 0:
		return max;
	case 1:
		return within(p, 1, max);
	default:
		return within(p, 1, max < 16 ? max : 16);
	}
}

static void new_remote(struct call *c, unsigned long count)
{
	/* at least two: shape_partial_between() may need the second */
	c->remote = need(calloc(count < 2 ? 2 : count, sizeof(*c->remote)));
	c->is.riov = c->remote;
	c->is.riovcnt = count;
}

static void new_local(struct call *c, unsigned long count)
{
	c->local = need(calloc(count, sizeof(*c->local)));
	c->is.liov = c->local;
	c->is.liovcnt = count;
}

static void piece(struct plan *p, struct iovec *v, char *area, size_t len,
		  size_t longest)
{
	size_t offset = below(p, len);
	size_t room = len - offset;

	v->iov_base = area + offset;
	v->iov_len = within(p, 1, room < longest ? room : longest);
}

static size_t longest_of(unsigned long count)
{
	size_t each = CALL_BYTES / count;

	return each < 12288 ? each : 12288;
}

static void fill_remote(struct plan *p, struct call *c, size_t longest)
{
	static const enum page_area readable[] = {AREA_LOW, AREA_HIGH, AREA_RO};

	for (unsigned long i = 0; i < c->is.riovcnt; i++) {
		enum page_area area = readable[below(p, c->write ? 2 : 3)];

		piece(p, &c->remote[i], p->at->area[area],
		      area_len(p->at, area), longest);
		/* empty vectors are allowed anywhere */
		if (i && !below(p, 16))
			c->remote[i].iov_len = 0;
	}
}

static void fill_local(struct plan *p, struct call *c, size_t longest)
{
	for (unsigned long i = 0; i < c->is.liovcnt; i++) {
		piece(p, &c->local[i], p->at->local, p->at->local_len, longest);
		if (i && !below(p, 16))
			c->local[i].iov_len = 0;
	}
}

/* Room for all that the target can give: the remote side sets the end. */
static void stretch_local(struct plan *p, struct call *c)
{
	struct iovec *last = &c->local[c->is.liovcnt - 1];

	last->iov_base = p->at->local;
	last->iov_len = p->at->local_len;
}

/*
 * What the kernel answers once it has found its target: it goes through the
 * remote vectors until one fails or the local ones are used up, and a failure
 * counts only when nothing has moved before.
 */
static long outcome(const struct layout *at, const struct call *c)
{
	size_t good = 0, room = 0;

	for (unsigned long i = 0; i < c->is.liovcnt; i++)
		room += c->local[i].iov_len;
	for (unsigned long i = 0; i < c->is.riovcnt; i++) {
		size_t bytes = good_bytes(at, &c->remote[i], c->write);

		good += bytes;
		if (bytes < c->remote[i].iov_len)
			break;
	}
	if (good > room)
		good = room;
	return good ? (long)good : -EFAULT;
}

/* ---- the plan: kinds of calls ---------------------------------------- */

/* Every call starts as a good one; most kinds spoil it in one respect. */
static void shape_good(struct plan *p, struct call *c)
{
	set_op(c, below(p, 2));
	aim(c, &p->crew->live[below(p, LIVE)]);
	new_remote(c, some_count(p));
	new_local(c, some_count(p));
	fill_remote(p, c, longest_of(c->is.riovcnt));
	/* half of them with equal room on both sides, about */
	fill_local(p, c, longest_of(below(p, 2) ? 1 : c->is.liovcnt));
	c->is.copied = true;
	c->expect = outcome(p->at, c);
}

/* A vector that runs from good pages into bad ones stops at the border. */
static void shape_partial_inside(struct plan *p, struct call *c)
{
	struct iovec *v = &c->remote[below(p, c->is.riovcnt)];
	enum page_area bad[] = {AREA_HOLE, c->write ? AREA_RO : AREA_END};
	char *border = p->at->area[bad[below(p, 2)]];
	size_t before = within(p, 1, 3 * p->at->page);

	v->iov_base = border - before;
	v->iov_len = before + within(p, 1, 2 * p->at->page);
	stretch_local(p, c);
	c->expect = outcome(p->at, c);
}

/* Some vectors are good, then comes one with not one good byte. */
static void shape_partial_between(struct plan *p, struct call *c)
{
	unsigned long bad;

	if (c->is.riovcnt < 2) {
		c->is.riovcnt = 2;
		fill_remote(p, c, longest_of(2));
	}
	bad = within(p, 1, c->is.riovcnt - 1);
	piece(p, &c->remote[bad], p->at->area[AREA_HOLE],
	      area_len(p->at, AREA_HOLE), p->at->page);
	stretch_local(p, c);
	c->expect = outcome(p->at, c);
}

static void shape_efault_remote(struct plan *p, struct call *c)
{
	enum page_area area = below(p, 2) ? AREA_HOLE : AREA_END;

	piece(p, &c->remote[0], p->at->area[area], area_len(p->at, area),
	      2 * p->at->page);
	c->expect = -EFAULT;
}

static void shape_efault_readonly(struct plan *p, struct call *c)
{
	set_op(c, true);
	piece(p, &c->remote[0], p->at->area[AREA_RO], area_len(p->at, AREA_RO),
	      2 * p->at->page);
	c->expect = -EFAULT;
}

static void shape_efault_local(struct plan *p, struct call *c)
{
	piece(p, &c->local[0], p->at->area[AREA_HOLE],
	      area_len(p->at, AREA_HOLE), p->at->page);
	c->expect = -EFAULT;
}

static void shape_null_remote(struct plan *p, struct call *c)
{
	(void)p;
	c->is.riov = NULL;
	ends_early(c, -EFAULT);
}

static void shape_null_local(struct plan *p, struct call *c)
{
	(void)p;
	c->is.liov = NULL;
	ends_early(c, -EFAULT);
}

static void shape_esrch_none(struct plan *p, struct call *c)
{
	const pid_t nobody[] = {p->crew->reaped, 0, -1,
				PID_BOUND + (pid_t)below(p, 1000000)};

	c->is.apid = nobody[below(p, 4)];
	no_target(c);
	c->expect = -ESRCH;
}

/* The kernel finds the task, but it has no memory any more. */
static void shape_esrch_dead(struct plan *p, struct call *c)
{
	aim(c, &p->crew->dead[below(p, DEAD)]);
	c->expect = -ESRCH;
}

static void shape_eperm(struct plan *p, struct call *c)
{
	static const struct target init = {.apid = 1, .tgid = 1, .tid = 1};

	(void)p;
	aim(c, &init);
	c->expect = -EPERM;
}

static void shape_einval_flags(struct plan *p, struct call *c)
{
	c->is.vmflags = below(p, 2) ? 1 : within(p, 2, 0xffff);
	ends_early(c, -EINVAL);
}

static void shape_einval_riovcnt(struct plan *p, struct call *c)
{
	unsigned long many[] = {MAX_VECTORS + 1, within(p, 1026, 9999), ~0UL};

	/* riovcnt is not cut to 32 bits: this one is not "one vector" */
	if (sizeof(long) > 4)
		many[2] = ((unsigned long)1 << 16 << 16) + 1;
	c->is.riovcnt = many[below(p, 3)];
	ends_early(c, -EINVAL);
}

static void shape_einval_liovcnt(struct plan *p, struct call *c)
{
	c->is.liovcnt = below(p, 2) ? MAX_VECTORS + 1 : within(p, 1026, 9999);
	ends_early(c, -EINVAL);
}

/* No room here: the kernel looks at nothing else and returns 0. */
static void shape_zero_local(struct plan *p, struct call *c)
{
	if (below(p, 2))
		c->is.liovcnt = 0;
	for (unsigned long i = 0; i < c->is.liovcnt; i++)
		c->local[i].iov_len = 0;
	ends_early(c, 0);
}

/* Nothing asked for: both lists are copied, no target is looked up. */
static void shape_zero_remote(struct plan *p, struct call *c)
{
	if (below(p, 2))
		c->is.riovcnt = 0;
	for (unsigned long i = 0; i < c->is.riovcnt; i++)
		c->remote[i].iov_len = 0;
	no_target(c);
	c->expect = 0;
}

static const struct kind kinds[] = {
	{"ok", 29, NULL},
	{"partial_inside", 8, shape_partial_inside},
	{"partial_between", 5, shape_partial_between},
	{"efault_remote", 6, shape_efault_remote},
	{"efault_readonly", 5, shape_efault_readonly},
	{"efault_local", 4, shape_efault_local},
	{"efault_null_remote", 4, shape_null_remote},
	{"efault_null_local", 4, shape_null_local},
	{"esrch_none", 7, shape_esrch_none},
	{"esrch_dead", 4, shape_esrch_dead},
	{"eperm", 6, shape_eperm},
	{"einval_flags", 4, shape_einval_flags},
	{"einval_riovcnt", 3, shape_einval_riovcnt},
	{"einval_liovcnt", 3, shape_einval_liovcnt},
	{"zero_local", 4, shape_zero_local},
	{"zero_remote", 4, shape_zero_remote},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static unsigned int some_kind(struct plan *p)
{
	unsigned long sum = 0, at;
	unsigned int kind = 0;

	for (unsigned int i = 0; i < KINDS; i++)
		sum += kinds[i].weight;
	at = below(p, sum);
	while (at >= kinds[kind].weight)
		at -= kinds[kind++].weight;
	return kind;
}

static void plan_call(struct plan *p, struct call *c, unsigned long number)
{
	c->kind = some_kind(p);
	c->is.number = number;
	c->is.kind = kinds[c->kind].name;
	c->is.uid = getuid();
	c->is.spid = getpid();
	c->is.caller_file = p->crew->live[LIVE_SELF].file;
	shape_good(p, c);
	if (kinds[c->kind].shape)
		kinds[c->kind].shape(p, c);
}

/* ---- the run --------------------------------------------------------- */

static long make_call(const struct account_call *c, bool write)
{
	long number = write ? SYS_process_vm_writev : SYS_process_vm_readv;
	long rc = syscall(number, (long)c->apid, c->liov, c->liovcnt, c->riov,
			  c->riovcnt, c->vmflags);

	return rc < 0 ? -errno : rc;
}

/* Every thread has its share, however the machine schedules them. */
static void *make_share(void *context)
{
	const struct caller *caller = context;
	struct run *run = caller->run;
	pid_t tid = syscall(SYS_gettid);

	pthread_barrier_wait(&run->start);
	for (unsigned long i = caller->first; i < run->count;
	     i += run->threads) {
		struct call *c = &run->calls[i];

		c->is.stid = tid;
		c->is.exit = make_call(&c->is, c->write);
	}
	return NULL;
}

/* The first thread calls too: its records are those without a stid. */
static void call_all(struct run *run)
{
	struct caller *all = need(calloc(run->threads, sizeof(*all)));

	pthread_barrier_init(&run->start, NULL, run->threads);
	for (unsigned long i = 0; i < run->threads; i++)
		all[i] = (struct caller){.run = run, .first = i};
	for (unsigned long i = 1; i < run->threads; i++)
		if (pthread_create(&all[i].thread, NULL, make_share, &all[i]))
			die("cannot start thread %lu", i);
	make_share(&all[0]);
	for (unsigned long i = 1; i < run->threads; i++)
		pthread_join(all[i].thread, NULL);
	pthread_barrier_destroy(&run->start);
	free(all);
}

/* ---- the results ----------------------------------------------------- */

enum {
	OUT_BYTES,
	OUT_ZERO,
	OUT_EFAULT,
	OUT_ESRCH,
	OUT_EPERM,
	OUT_EINVAL,
	OUT_OTHER,
	OUTS
};

static int outcome_class(long result)
{
	switch (result) {
	case 0:
		return OUT_ZERO;
	case -EFAULT:
		return OUT_EFAULT;
	case -ESRCH:
		return OUT_ESRCH;
	case -EPERM:
		return OUT_EPERM;
	case -EINVAL:
		return OUT_EINVAL;
	default:
		return result > 0 ? OUT_BYTES : OUT_OTHER;
	}
}

static void print_kind(const char *name, const unsigned long *outs)
{
	static const char *const out_names[OUTS] = {
		"bytes", "0", "EFAULT", "ESRCH", "EPERM", "EINVAL", "other",
	};

	fprintf(stderr, "truth: %-18s", name);
	for (int i = 0; i < OUTS; i++)
		if (outs[i])
			fprintf(stderr, " %s=%lu", out_names[i], outs[i]);
	fputc('\n', stderr);
}

static unsigned long count_wrong(const struct run *run)
{
	unsigned long wrong = 0;

	for (unsigned long i = 0; i < run->count; i++) {
		const struct call *c = &run->calls[i];

		if (c->is.exit == c->expect || wrong++ >= MAX_COMPLAINTS)
			continue;
		fprintf(stderr,
			"truth: call %lu (%s) returned %ld instead of %ld\n",
			c->is.number, c->is.kind, c->is.exit, c->expect);
	}
	return wrong;
}

/* How many calls did not end as they had to */
static unsigned long sum_up(const struct run *run, unsigned long seed)
{
	unsigned long outs[KINDS][OUTS] = {0};
	unsigned long wrong = count_wrong(run);

	for (unsigned long i = 0; i < run->count; i++) {
		const struct call *c = &run->calls[i];

		outs[c->kind][outcome_class(c->is.exit)]++;
	}
	for (unsigned int i = 0; i < KINDS; i++)
		print_kind(kinds[i].name, outs[i]);
	fprintf(stderr,
		"truth: %lu calls, %lu threads, seed %lu: %lu as expected, "
		"%lu not\n",
		run->count, run->threads, seed, run->count - wrong, wrong);
	return wrong;
}

static void write_account(const struct run *run, FILE *account)
{
	int rc = 0;

	for (unsigned long i = 0; !rc && i < run->count; i++)
		rc = account_write(account, &run->calls[i].is);
	if (fclose(account) || rc)
		die("cannot write the account: %s", strerror(errno));
}

static void forget(struct run *run)
{
	for (unsigned long i = 0; i < run->count; i++) {
		free(run->calls[i].remote);
		free(run->calls[i].local);
	}
	free(run->calls);
}

/* ---- start ----------------------------------------------------------- */

static void find_user(const char *name, uid_t *uid, gid_t *gid)
{
	const struct passwd *entry = getpwnam(name);
	unsigned int u, g;
	char rest;
	int got;

	if (entry) {
		*uid = entry->pw_uid;
		*gid = entry->pw_gid;
		return;
	}
	got = sscanf(name, "%u:%u%c", &u, &g, &rest);
	if (got != 2 && sscanf(name, "%u%c", &u, &rest) != 1)
		die("no user %s", name);
	*uid = u;
	*gid = got == 2 ? g : u;
}

static void become(const char *name)
{
	uid_t uid;
	gid_t gid;

	if (name) {
		find_user(name, &uid, &gid);
		if (setgroups(0, NULL) || setresgid(gid, gid, gid) ||
		    setresuid(uid, uid, uid))
			die("cannot become %s: %s", name, strerror(errno));
	}
	if (!geteuid())
		die("root may do everything: give an unprivileged --user");
	/* a change of ids has made this process and its children untouchable */
	if (prctl(PR_SET_DUMPABLE, 1))
		die("prctl: %s", strerror(errno));
}

static unsigned long number(const char *text, unsigned long low,
			    unsigned long high)
{
	char *end;
	unsigned long value;

	errno = 0;
	value = strtoul(text, &end, 10);
	if (errno || end == text || *end || *text == '-' || value < low ||
	    value > high)
		die("%s: not a number from %lu to %lu", text, low, high);
	return value;
}

__attribute__((noreturn)) static void usage(int status)
{
	fputs("usage: truth --account FILE [--user NAME|UID[:GID]]\n"
	      "             [--calls N] [--threads N] [--seed N]\n"
	      "             [--vectors MAX]\n",
	      status ? stderr : stdout);
	exit(status);
}

static void set_option(struct options *opt, int c)
{
	switch (c) {
	case 'c':
		opt->calls = number(optarg, 1, MAX_CALLS);
		break;
	case 't':
		opt->threads = number(optarg, 1, MAX_THREADS);
		break;
	case 's':
		opt->seed = number(optarg, 0, ~0UL);
		break;
	case 'v':
		opt->vectors = number(optarg, 2, MAX_VECTORS);
		break;
	case 'a':
		opt->account = optarg;
		break;
	case 'u':
		opt->user = optarg;
		break;
	default:
		usage(c == 'h' ? 0 : 2);
	}
}

static void get_options(struct options *opt, int argc, char **argv)
{
	static const struct option known[] = {
		{"calls", required_argument, NULL, 'c'},
		{"threads", required_argument, NULL, 't'},
		{"seed", required_argument, NULL, 's'},
		{"vectors", required_argument, NULL, 'v'},
		{"account", required_argument, NULL, 'a'},
		{"user", required_argument, NULL, 'u'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1)
		set_option(opt, c);
	if (optind < argc || !opt->account)
		usage(2);
}

int main(int argc, char **argv)
{
	struct options opt = {
		.calls = 2000, .threads = 8, .seed = 1, .vectors = 16};
	struct layout at = {0};
	struct crew crew = {0};
	struct plan plan = {.opt = &opt, .at = &at, .crew = &crew};
	struct run run = {0};
	FILE *account;
	int rc;

	get_options(&opt, argc, argv);
	/* as who we were started: the user need not be able to write there */
	account = fopen(opt.account, "we");
	if (!account)
		die("%s: %s", opt.account, strerror(errno));
	become(opt.user);
	lay_out(&at);
	gather(&at, &crew);
	plan.random = opt.seed;
	run.count = opt.calls;
	run.threads = opt.threads;
	run.calls = need(calloc(run.count, sizeof(*run.calls)));
	for (unsigned long i = 0; i < run.count; i++)
		plan_call(&plan, &run.calls[i], i + 1);
	call_all(&run);
	dismiss(&crew);
	write_account(&run, account);
	rc = sum_up(&run, opt.seed) ? 1 : 0;
	forget(&run);
	return rc;
}
