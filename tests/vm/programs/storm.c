// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * storm.c - many calls, of a few kinds, for as long as it is told
 *
 * Each thread goes round its kinds: reads of a child's memory, writes to it,
 * reads of this process, and reads of a process that there is not. At the end
 * it prints how many calls were made, and how many microseconds that took.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define THREADS_MAX 256
#define NOBODY 4194303 /* PID_MAX_LIMIT - 1 */

enum kind { READ_CHILD, WRITE_CHILD, READ_SELF, READ_NOBODY, KINDS };

static struct {
	unsigned long calls; /* in all; 0 for no end */
	unsigned long seconds;
	unsigned long rate; /* calls a second and thread; 0 for no limit */
	unsigned long threads;
	unsigned long kinds;
} options = {.threads = 1, .kinds = KINDS};

static char memory[256];
static pid_t child;
static atomic_ulong made;
static atomic_bool over;

static void call(enum kind kind)
{
	char buffer[64];
	struct iovec local = {buffer, sizeof(buffer)};
	struct iovec remote = {memory, sizeof(buffer)};

	memset(buffer, 'x', sizeof(buffer));
	switch (kind) {
	case READ_CHILD:
		process_vm_readv(child, &local, 1, &remote, 1, 0);
		break;
	case WRITE_CHILD:
		process_vm_writev(child, &local, 1, &remote, 1, 0);
		break;
	case READ_SELF:
		process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
		break;
	default:
		process_vm_readv(NOBODY, &local, 1, &remote, 1, 0);
		break;
	}
}

/* Counted before it is made: what is printed are the calls made. */
static bool next_call(void)
{
	if (over)
		return false;
	if (atomic_fetch_add(&made, 1) < options.calls || !options.calls)
		return true;
	atomic_fetch_sub(&made, 1);
	return false;
}

static void *run(void *arg)
{
	unsigned long kind = (unsigned long)(uintptr_t)arg;

	while (next_call()) {
		call(kind++ % options.kinds);
		if (options.rate)
			usleep((useconds_t)(1000000 / options.rate));
	}
	return NULL;
}

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static void start_child(void)
{
	child = fork();
	if (child < 0) {
		perror("storm: fork");
		exit(EXIT_FAILURE);
	}
	if (child)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

static void handle_signal(int signal)
{
	(void)signal;
	over = true;
}

static unsigned long number(const char *text, unsigned long most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || end == text || value > most) {
		fprintf(stderr, "storm: '%s': expected a number up to %lu\n",
			text, most);
		exit(2);
	}
	return value;
}

static void read_options(int argc, char **argv)
{
	static const struct option known[] = {
		{"calls", required_argument, NULL, 'c'},
		{"seconds", required_argument, NULL, 's'},
		{"rate", required_argument, NULL, 'r'},
		{"threads", required_argument, NULL, 't'},
		{"kinds", required_argument, NULL, 'k'},
		{0},
	};
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (option) {
		case 'c':
			options.calls = number(optarg, UINT32_MAX);
			break;
		case 's':
			options.seconds = number(optarg, 86400);
			break;
		case 'r':
			options.rate = number(optarg, 1000000);
			break;
		case 't':
			options.threads = number(optarg, THREADS_MAX);
			break;
		case 'k':
			options.kinds = number(optarg, KINDS);
			break;
		default:
			exit(2);
		}
	}
	if (optind < argc || !options.threads || !options.kinds) {
		fputs("usage: storm [--calls N] [--seconds N] [--rate N] "
		      "[--threads N] [--kinds 1..4]\n",
		      stderr);
		exit(2);
	}
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS_MAX];
	uint64_t start;

	read_options(argc, argv);
	start_child();
	signal(SIGTERM, handle_signal);
	signal(SIGALRM, handle_signal);
	if (options.seconds)
		alarm((unsigned int)options.seconds);
	start = now_us();
	for (unsigned long i = 0; i < options.threads; i++)
		if (pthread_create(&threads[i], NULL, run,
				   (void *)(uintptr_t)i)) {
			perror("storm: pthread_create");
			return EXIT_FAILURE;
		}
	for (unsigned long i = 0; i < options.threads; i++)
		pthread_join(threads[i], NULL);
	printf("calls %lu us %llu\n", (unsigned long)made,
	       (unsigned long long)(now_us() - start));
	kill(child, SIGKILL);
	return EXIT_SUCCESS;
}
