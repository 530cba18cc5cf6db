// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * flood.c - the same few calls again and again, from several threads: reads
 * and writes of two targets, refused ones, and ones of no process. In their
 * midst one write goes where no other one does.
 *
 * The account has a line for each kind of call, and one for the odd call:
 *
 *   kind OP PID ERRNO CALLS BYTES
 *   odd OP PID ADDRESS BYTES
 *
 * usage: flood ACCOUNT [CALLS]     CALLS of each kind; as root, which it
 *                                  gives up for nobody
 */
#define _GNU_SOURCE
#include <errno.h>
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define DATA 0x30000000UL /* anonymous, in every target */
#define DATA_SIZE 65536UL
#define CODE 0x31000000UL /* this program, writable and executable */
#define CODE_SIZE 4096UL
#define LEN_MAX 64
#define THREADS 3
#define NO_PID 4194303 /* the kernel gives none so high */

enum { TARGETS = 2 };

struct kind {
	bool write;
	pid_t pid;
	int error; /* what each call must come to, 0 for success */
	atomic_ulong calls;
	atomic_ulong bytes;
};

static struct kind kinds[] = {
	{.write = false}, /* of the first target */
	{.write = false}, /* of the second one */
	{.write = true},
	{.write = true},
	{.write = false, .pid = 1, .error = EPERM},
	{.write = true, .pid = NO_PID, .error = ESRCH},
};

#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

static unsigned long calls_each = 800;

__attribute__((format(printf, 1, 2), noreturn)) static void die(
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("flood: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(2);
}

/* ---- targets */

static void map(unsigned long where, size_t size, int protection, int fd)
{
	int flags = MAP_PRIVATE | MAP_FIXED_NOREPLACE;

	if (fd < 0)
		flags |= MAP_ANONYMOUS;
	if (mmap((void *)where, size, protection, flags, fd, 0) !=
	    (void *)where)
		die("mmap: %s", strerror(errno));
}

/* Before the targets are forked, so that they all have it. */
static void lay_out(void)
{
	FILE *self = fopen("/proc/self/exe", "re");

	if (!self)
		die("/proc/self/exe: %s", strerror(errno));
	map(DATA, DATA_SIZE, PROT_READ | PROT_WRITE, -1);
	map(CODE, CODE_SIZE, PROT_READ | PROT_WRITE | PROT_EXEC, fileno(self));
	fclose(self);
}

static pid_t start_target(void)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (getppid() == parent)
		pause();
	_exit(0);
}

/* What a change of ids has made untouchable is to be touched. */
static void become_nobody(void)
{
	const struct passwd *entry = getpwnam("nobody");

	if (!entry || setgroups(0, NULL) ||
	    setresgid(entry->pw_gid, entry->pw_gid, entry->pw_gid) ||
	    setresuid(entry->pw_uid, entry->pw_uid, entry->pw_uid) ||
	    prctl(PR_SET_DUMPABLE, 1))
		die("cannot become nobody: %s", strerror(errno));
}

/* ---- calls */

static long call(bool write, pid_t pid, unsigned long address, size_t len)
{
	char data[LEN_MAX] = "";
	struct iovec local = {data, len};
	struct iovec remote = {(void *)address, len};
	ssize_t n = write ? process_vm_writev(pid, &local, 1, &remote, 1, 0)
			  : process_vm_readv(pid, &local, 1, &remote, 1, 0);

	return n < 0 ? -errno : n;
}

static void call_kind(struct kind *kind, unsigned long i)
{
	size_t len = 1 + i % LEN_MAX;
	unsigned long address = DATA + i * LEN_MAX % (DATA_SIZE - LEN_MAX);
	long result = call(kind->write, kind->pid, address, len);

	if (result != (kind->error ? -kind->error : (long)len))
		die("a call of process %d returned %ld", (int)kind->pid,
		    result);
	atomic_fetch_add(&kind->calls, 1);
	if (result > 0)
		atomic_fetch_add(&kind->bytes, (unsigned long)result);
}

static void *run(void *first)
{
	for (unsigned long i = (uintptr_t)first; i < calls_each; i += THREADS)
		for (size_t k = 0; k < KINDS; k++)
			call_kind(&kinds[k], i);
	return NULL;
}

/* The other threads are in the midst of it by then. */
static void call_odd(void)
{
	while (atomic_load(&kinds[KINDS - 1].calls) < calls_each / 2)
		usleep(1000);
	if (call(true, kinds[0].pid, CODE + 8, 8) != 8)
		die("the odd call failed");
}

static void run_all(void)
{
	pthread_t threads[THREADS];

	for (uintptr_t i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, run, (void *)i))
			die("no thread");
	call_odd();
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

/* ---- the account */

static const char *op_of(bool write)
{
	return write ? "process_vm_writev" : "process_vm_readv";
}

static void write_account(FILE *to)
{
	/* the odd one is of that kind, too */
	kinds[2].calls++;
	kinds[2].bytes += 8;
	for (size_t k = 0; k < KINDS; k++)
		fprintf(to, "kind %s %d %d %lu %lu\n", op_of(kinds[k].write),
			(int)kinds[k].pid, -kinds[k].error,
			atomic_load(&kinds[k].calls),
			atomic_load(&kinds[k].bytes));
	fprintf(to, "odd %s %d 0x%lx 8\n", op_of(true), (int)kinds[0].pid,
		CODE + 8);
	if (fclose(to))
		die("cannot write the account: %s", strerror(errno));
}

int main(int argc, char **argv)
{
	FILE *account;

	if (argc < 2 || argc > 3)
		die("usage: flood ACCOUNT [CALLS]");
	if (argc > 2)
		calls_each = strtoul(argv[2], NULL, 10);
	account = fopen(argv[1], "we");
	if (!account)
		die("%s: %s", argv[1], strerror(errno));
	become_nobody();
	lay_out();
	for (int i = 0; i < TARGETS; i++)
		kinds[i].pid = kinds[TARGETS + i].pid = start_target();
	run_all();
	write_account(account);
	for (int i = 0; i < TARGETS; i++) {
		kill(kinds[i].pid, SIGKILL);
		waitpid(kinds[i].pid, NULL, 0);
	}
	printf("%d\n", (int)getpid());
	return 0;
}
