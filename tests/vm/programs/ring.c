// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ring.c - calls that no rule matches, made to take all that is kept of calls,
 * and calls beside them that one does
 *
 * What no rule matches: process_vm_readv of a process that does not exist, with
 * as many and as long lists as are wanted. What one does: process_vm_writev of
 * a child, a thread each, named "chosenN".
 *
 * usage: ring fill TIMES          fill, then one chosen call, TIMES times
 *        ring flood TIMES THREADS THREADS fill without a pause meanwhile
 *        ring burst MS THREADS VECTORS
 *                                 calls that a rule does match, named "burst",
 *                                 as many as THREADS make; prints their number
 *        ring strip               a chosen call of 17 vectors that lasts; 65
 *                                 threads with long lists beside it
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <unistd.h>

#define NO_PID 4194303 /* the kernel gives none so high */
#define VECTORS_MAX 1024
#define BIG (64UL << 20)

static char *code; /* writable and executable, in the child as well */
static pid_t child;
static atomic_bool done;

static void die(const char *what)
{
	fprintf(stderr, "ring: %s: %s\n", what, strerror(errno));
	exit(2);
}

static char *map(size_t size, int protection, int flags)
{
	char *at = mmap(NULL, size, protection, flags | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		die("mmap");
	memset(at, 1, size);
	return at;
}

static void unmatched(unsigned long local, unsigned long remote)
{
	static char bytes[8];
	struct iovec vec[VECTORS_MAX];

	for (int i = 0; i < VECTORS_MAX; i++)
		vec[i] = (struct iovec){bytes, 1};
	if (process_vm_readv(NO_PID, vec, local, vec, remote, 0) != -1 ||
	    errno != ESRCH)
		die("process_vm_readv of no process");
}

/* What filled 1 MiB to the last 64 bytes when lists went there at once. */
static void fill(void)
{
	for (int i = 0; i < 61; i++)
		unmatched(1, 1024);
	for (int i = 0; i < 4; i++)
		unmatched(1, 256);
	for (int i = 0; i < 29; i++)
		unmatched(1, 64);
	unmatched(1024, 1024);
}

static void *keep_filling(void *arg)
{
	(void)arg;
	while (!done)
		fill();
	return NULL;
}

static void chosen(unsigned int i)
{
	char name[16], bytes[4] = {1, 2, 3, 4};
	struct iovec local = {bytes, sizeof(bytes)};
	struct iovec remote = {code + i % 4096, sizeof(bytes)};

	snprintf(name, sizeof(name), "chosen%u", i % 10000);
	prctl(PR_SET_NAME, name);
	if (process_vm_writev(child, &local, 1, &remote, 1, 0) != sizeof(bytes))
		die("process_vm_writev");
}

static void start_child(void)
{
	pid_t parent = getpid();

	code = map(8192, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE);
	child = fork();
	if (child < 0)
		die("fork");
	if (child)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (getppid() == parent)
		pause();
	_exit(0);
}

static void make_chosen(int times, int threads)
{
	pthread_t thread[64];

	for (int i = 0; i < threads; i++)
		if (pthread_create(&thread[i], NULL, keep_filling, NULL))
			die("pthread_create");
	for (int i = 0; i < times; i++) {
		fill();
		chosen((unsigned int)i);
	}
	done = true;
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
}

/* ---- calls that a rule matches, and no others */

static unsigned long burst_vectors;
static atomic_ulong burst_calls;

static void *keep_writing(void *arg)
{
	static char bytes[VECTORS_MAX];
	struct iovec local = {bytes, burst_vectors};
	struct iovec remote[VECTORS_MAX];

	(void)arg;
	for (unsigned long i = 0; i < burst_vectors; i++)
		remote[i] = (struct iovec){code + 2 * i, 1};
	prctl(PR_SET_NAME, "burst");
	while (!done) {
		if (process_vm_writev(child, &local, 1, remote, burst_vectors,
				      0) != (ssize_t)burst_vectors)
			die("process_vm_writev");
		burst_calls++;
	}
	return NULL;
}

static void burst(int ms, int threads, int vectors)
{
	pthread_t thread[64];

	burst_vectors = (unsigned long)vectors;
	for (int i = 0; i < threads; i++)
		if (pthread_create(&thread[i], NULL, keep_writing, NULL))
			die("pthread_create");
	usleep((useconds_t)ms * 1000);
	done = true;
	for (int i = 0; i < threads; i++)
		pthread_join(thread[i], NULL);
	printf("%lu\n", burst_calls);
}

/* ---- a call that lasts */

static void *last_long(void *arg)
{
	char *memory = arg;
	struct iovec local[17], remote[17];

	for (int i = 0; i < 17; i++) {
		local[i] = (struct iovec){memory, BIG};
		remote[i] = (struct iovec){memory + BIG, BIG - (size_t)i};
	}
	prctl(PR_SET_NAME, "chosen0");
	if (process_vm_writev(getpid(), local, 17, remote, 17, 0) < 0)
		die("process_vm_writev");
	done = true;
	return NULL;
}

static void *beside(void *arg)
{
	(void)arg;
	unmatched(1024, 1024);
	while (!done)
		usleep(1000);
	return NULL;
}

static void strip(void)
{
	char *memory = map(2 * BIG, PROT_READ | PROT_WRITE, MAP_SHARED);
	pthread_t thread[66];

	if (pthread_create(&thread[65], NULL, last_long, memory))
		die("pthread_create");
	usleep(200000);
	for (int i = 0; i < 65; i++)
		if (pthread_create(&thread[i], NULL, beside, NULL))
			die("pthread_create");
	for (int i = 0; i < 10 && !done; i++)
		unmatched(1024, 1024);
	printf("the call %s\n", done ? "was over too soon" : "lasts");
	for (int i = 0; i < 66; i++)
		pthread_join(thread[i], NULL);
}

int main(int argc, char **argv)
{
	start_child();
	if (argc == 3 && !strcmp(argv[1], "fill"))
		make_chosen(atoi(argv[2]), 0);
	else if (argc == 4 && !strcmp(argv[1], "flood"))
		make_chosen(atoi(argv[2]), atoi(argv[3]));
	else if (argc == 5 && !strcmp(argv[1], "burst"))
		burst(atoi(argv[2]), atoi(argv[3]), atoi(argv[4]));
	else if (argc == 2 && !strcmp(argv[1], "strip"))
		strip();
	else
		return 2;
	kill(child, SIGKILL);
	return 0;
}
