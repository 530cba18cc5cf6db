// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * execrace.c - whose memory is it? Reads of a target that is in execve()
 *
 * The target shares its memory with a process that keeps that memory's lock
 * busy, so that its execve() lasts; process_vm_readv() waits for the end of it
 * and reads the next program. Both programs have a mark at one address, which
 * says what was read: the second one is a copy of this, with another mark.
 *
 * For each read a line "NAME MARK", NAME being the caller's.
 *
 * usage: execrace TRIES COPY     COPY: where the second program is to be put
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define MARK_LEN 12
#define MEMORY (64UL << 20) /* takes long to be freed, and to be protected */

/* A page of its own; not constant, for the compiler would know it. */
__attribute__((section(".mark"), aligned(4096), used)) static char mark[4096] =
	"OLD-PROGRAM";

static struct shared {
	volatile bool begin, end;
	volatile pid_t target, holder;
} * shared;

static const char *copy_path;
static char *memory;
static char stacks[2][65536];

__attribute__((noreturn)) static void die(const char *what)
{
	fprintf(stderr, "execrace: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* This program, with NEW for OLD in its mark. */
static void make_copy(void)
{
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to = open(copy_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	struct stat st;
	char *bytes, *at;

	if (from < 0 || to < 0 || fstat(from, &st) || ftruncate(to, st.st_size))
		die(copy_path);
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE,
		     MAP_SHARED, to, 0);
	if (bytes == MAP_FAILED ||
	    read(from, bytes, (size_t)st.st_size) != st.st_size)
		die(copy_path);
	for (at = bytes; (at = memmem(at, (size_t)(bytes + st.st_size - at),
				      mark, MARK_LEN));
	     at++)
		memcpy(at, "NEW", 3);
	munmap(bytes, (size_t)st.st_size);
	close(from);
	close(to);
}

static int hold(void *arg)
{
	(void)arg;
	while (!shared->end) {
		mprotect(memory, MEMORY, PROT_READ);
		mprotect(memory, MEMORY, PROT_READ | PROT_WRITE);
	}
	_exit(0);
}

static int execute(void *arg)
{
	(void)arg;
	while (!shared->begin)
		;
	execl(copy_path, "execrace-new", "sleep", NULL);
	_exit(1);
}

/* A process with a large memory; two more that share it. */
static pid_t start_group(void)
{
	pid_t pid = fork();
	int holder;

	if (pid < 0)
		die("fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	memory = mmap(NULL, MEMORY, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		die("mmap");
	madvise(memory, MEMORY, MADV_NOHUGEPAGE);
	memset(memory, 1, MEMORY);
	holder = clone(hold, stacks[0] + sizeof(stacks[0]), CLONE_VM | SIGCHLD,
		       NULL);
	shared->holder = holder;
	shared->target = clone(execute, stacks[1] + sizeof(stacks[1]),
			       CLONE_VM | SIGCHLD, NULL);
	sleep(60);
	_exit(0);
}

static void try_once(unsigned int try)
{
	char got[MARK_LEN] = "", name[16];
	struct iovec local = {got, sizeof(got)};
	struct iovec remote = {mark, sizeof(got)};
	pid_t group;

	memset(shared, 0, sizeof(*shared));
	group = start_group();
	while (!shared->target)
		usleep(1000);
	usleep(100000);
	snprintf(name, sizeof(name), "try%u", try % 10000);
	prctl(PR_SET_NAME, name);
	shared->begin = true;
	usleep(try % 20 * 500);
	if (process_vm_readv(shared->target, &local, 1, &remote, 1, 0) ==
	    sizeof(got))
		printf("%s %.*s\n", name, MARK_LEN - 1, got);
	shared->end = true;
	kill(shared->target, SIGKILL);
	kill(shared->holder, SIGKILL);
	kill(group, SIGKILL);
	waitpid(group, NULL, 0);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "sleep")) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		sleep(60);
		return 0;
	}
	if (argc != 3)
		return 2;
	copy_path = argv[2];
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		die("mmap");
	make_copy();
	for (int i = 0; i < atoi(argv[1]); i++)
		try_once((unsigned int)i);
	return 0;
}
