// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Calls whose vectors another thread changes all the time. What the kernel
 * has used of them nobody can read from the vectors; the data tells: the two
 * versions of the remote vector are of different lengths and point to pages
 * of the target with different marks, and of the first local vector, there
 * are two places and two lengths where data can have arrived. So the account
 * has, for each of the four numbers, which one it was, mixed as they may be.
 *
 * The versions differ in one byte of the address and in one byte of the
 * length: however the kernel's copy and the change fall together, the number
 * is one or the other.
 */
#define _GNU_SOURCE
#include "account.h"

#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096UL
#define REMOTE 0x30000000UL
#define LOCAL 0x31000000UL
#define SPILL (LOCAL + 3 * PAGE)
#define MAX_CALLS 10000000

enum { VERSIONS = 2, LOCALS = 2 };

static const struct iovec remote_version[VERSIONS] = {
	{(void *)(REMOTE + PAGE), 40},
	{(void *)(REMOTE + 2 * PAGE), 56},
};

/* Shorter than what is asked for: the rest goes into the second one. */
static const struct iovec local_version[VERSIONS] = {
	{(void *)(LOCAL + PAGE), 8},
	{(void *)(LOCAL + 2 * PAGE), 24},
};

static const struct iovec spill = {(void *)SPILL, 64};

static const char mark[VERSIONS] = {'A', 'B'};

/* The vectors of one call, which are no other call's */
struct vectors {
	struct iovec remote;
	struct iovec local[LOCALS];
};

struct race {
	unsigned long calls;
	const char *account;
	pid_t target;
	struct vectors *all;
	_Atomic(struct vectors *) now;
	atomic_bool over;
	unsigned long changed; /* between the look and the call */
	unsigned long mixed; /* of parts of both versions */
};

__attribute__((format(printf, 1, 2), noreturn)) static void die(
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("race: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(2);
}

static void *map(unsigned long where, size_t len)
{
	int fixed = where ? MAP_FIXED_NOREPLACE : 0;
	void *memory = mmap((void *)where, len, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | fixed, -1, 0);

	if (memory == MAP_FAILED || (where && memory != (void *)where))
		die("mmap: %s", strerror(errno));
	return memory;
}

/* ---- the other thread ------------------------------------------------ */

/*
 * On one processor the two would take turns, and the vectors of a call change
 * only while another one is made.
 */
static void stay_on(int processor)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(processor, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		die("needs two processors: %s", strerror(errno));
}

static void set(volatile struct iovec *to, const struct iovec *from)
{
	to->iov_base = from->iov_base;
	to->iov_len = from->iov_len;
}

static void set_version(struct vectors *v, int version)
{
	set(&v->remote, &remote_version[version]);
	set(&v->local[0], &local_version[version]);
}

static void *flip(void *context)
{
	struct race *race = context;

	stay_on(1);
	/* ahead of auditd and the plugin, which have enough to do here */
	setpriority(PRIO_PROCESS, 0, -10);
	for (int version = 0; !atomic_load(&race->over); version = !version)
		set_version(atomic_load(&race->now), version);
	return NULL;
}

/* ---- what the kernel has used ---------------------------------------- */

static void clear(void)
{
	for (int i = 0; i < VERSIONS; i++)
		memset(local_version[i].iov_base, 0, spill.iov_len);
	memset(spill.iov_base, 0, spill.iov_len);
}

/* How many bytes of which mark have arrived at a place */
static size_t arrived(const struct iovec *where, char *which)
{
	const char *data = where->iov_base;
	size_t n = 0;

	while (n < spill.iov_len && data[n])
		n++;
	if (n)
		*which = data[0];
	return n;
}

static int remote_of(char which, long result, struct iovec *used)
{
	for (int i = 0; i < VERSIONS; i++)
		if (which == mark[i])
			used->iov_base = remote_version[i].iov_base;
	used->iov_len = result;
	return used->iov_base ? 0 : -1;
}

static int local_of(char *which, struct iovec *used)
{
	for (int i = 0; i < VERSIONS; i++) {
		size_t n = arrived(&local_version[i], which);

		/* in both places at once */
		if (n && used->iov_base)
			return -1;
		if (n) {
			used->iov_base = local_version[i].iov_base;
			used->iov_len = n;
		}
	}
	return used->iov_base ? 0 : -1;
}

static bool same(const struct iovec *a, const struct iovec *b)
{
	return a->iov_base == b->iov_base && a->iov_len == b->iov_len;
}

static bool is_version(const struct iovec *v, const struct iovec *versions)
{
	return same(v, &versions[0]) || same(v, &versions[1]);
}

static void judge(struct race *race, const struct vectors *seen,
		  const struct vectors *used)
{
	if (!same(&seen->remote, &used->remote) ||
	    !same(&seen->local[0], &used->local[0]))
		race->changed++;
	if (!is_version(&used->remote, remote_version) ||
	    !is_version(&used->local[0], local_version))
		race->mixed++;
}

/* What the data says; anything that no version can give is a fault here. */
static void find_used(unsigned long call, long result, struct vectors *used)
{
	char which = 0;

	memset(used, 0, sizeof(*used));
	used->local[1] = spill;
	if (result < 0)
		die("call %lu failed: %s", call, strerror((int)-result));
	if (local_of(&which, &used->local[0]) ||
	    remote_of(which, result, &used->remote))
		die("call %lu: %ld bytes came to no place that was given", call,
		    result);
}

/* ---- calls ----------------------------------------------------------- */

static void look(const volatile struct vectors *v, struct vectors *seen)
{
	seen->remote.iov_base = v->remote.iov_base;
	seen->remote.iov_len = v->remote.iov_len;
	seen->local[0].iov_base = v->local[0].iov_base;
	seen->local[0].iov_len = v->local[0].iov_len;
}

static void account(const struct race *race, FILE *to, unsigned long number,
		    const struct vectors *v, const struct vectors *used,
		    long result)
{
	const struct account_call is = {
		.number = number,
		.op = "process_vm_readv",
		.kind = "race",
		.uid = getuid(),
		.spid = getpid(),
		.stid = getpid(),
		.apid = race->target,
		.target_tgid = race->target,
		.target_tid = race->target,
		.exit = result,
		.riov = &v->remote,
		.riovcnt = 1,
		.liov = v->local,
		.liovcnt = LOCALS,
		.copied = true,
		.used_riov = &used->remote,
		.used_riovcnt = 1,
		.used_liov = used->local,
		.used_liovcnt = LOCALS,
	};

	if (account_write(to, &is))
		die("cannot write the account: %s", strerror(errno));
}

static void call(struct race *race, FILE *to, unsigned long number)
{
	struct vectors *v = &race->all[number - 1];
	struct vectors seen, used;
	long result;

	clear();
	atomic_store(&race->now, v);
	look(v, &seen);
	result = syscall(SYS_process_vm_readv, (long)race->target, v->local,
			 (long)LOCALS, &v->remote, 1L, 0L);
	find_used(number, result < 0 ? -errno : result, &used);
	judge(race, &seen, &used);
	account(race, to, number, v, &used, result);
}

static void run(struct race *race, FILE *to)
{
	pthread_t thread;

	race->all = map(0, race->calls * sizeof(*race->all));
	for (unsigned long i = 0; i < race->calls; i++) {
		set_version(&race->all[i], 0);
		race->all[i].local[1] = spill;
	}
	atomic_store(&race->now, race->all);
	stay_on(0);
	if (pthread_create(&thread, NULL, flip, race))
		die("no second thread");
	for (unsigned long i = 1; i <= race->calls; i++)
		call(race, to, i);
	atomic_store(&race->over, true);
	pthread_join(thread, NULL);
}

/* ---- start ----------------------------------------------------------- */

static void start_target(struct race *race)
{
	pid_t parent = getpid();

	map(REMOTE, 4 * PAGE);
	map(LOCAL, 4 * PAGE);
	for (int i = 0; i < VERSIONS; i++)
		memset(remote_version[i].iov_base, mark[i], PAGE);
	race->target = fork();
	if (race->target < 0)
		die("fork: %s", strerror(errno));
	if (race->target)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (getppid() == parent)
		pause();
	_exit(0);
}

__attribute__((noreturn)) static void usage(int status)
{
	fputs("usage: race --account FILE [--calls N]\n",
	      status ? stderr : stdout);
	exit(status);
}

static unsigned long number(const char *text)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (end == text || *end || value < 1 || value > MAX_CALLS)
		die("%s: not a number from 1 to %d", text, MAX_CALLS);
	return value;
}

static void get_options(struct race *race, int argc, char **argv)
{
	static const struct option known[] = {
		{"account", required_argument, NULL, 'a'},
		{"calls", required_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 'a')
			race->account = optarg;
		else if (c == 'c')
			race->calls = number(optarg);
		else
			usage(c == 'h' ? 0 : 2);
	}
	if (optind < argc || !race->account)
		usage(2);
}

int main(int argc, char **argv)
{
	struct race race = {.calls = 40000};
	FILE *to;

	get_options(&race, argc, argv);
	to = fopen(race.account, "we");
	if (!to)
		die("%s: %s", race.account, strerror(errno));
	start_target(&race);
	run(&race, to);
	if (fclose(to))
		die("cannot write the account: %s", strerror(errno));
	kill(race.target, SIGKILL);
	waitpid(race.target, NULL, 0);
	printf("race: %lu calls; in %lu the vectors had changed since a look "
	       "at them right before, %lu used parts of both versions\n",
	       race.calls, race.changed, race.mixed);
	/* else nothing has been put to the test */
	return race.changed ? 0 : 1;
}
