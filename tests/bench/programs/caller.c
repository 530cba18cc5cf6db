// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * caller.c - one system call again and again, at a rate or as fast as it goes
 *
 * usage: caller [--rate N] [--vectors N] CALL COUNT
 *
 * CALL is process_vm_readv (8 bytes a vector of its own memory), or one that
 * no probe of ours is for: getppid, readv, recvmsg. It prints the processor
 * time that each took of this thread, the kernel's work for it included, and
 * how long all took. In a machine that counts instructions, a nanosecond is
 * one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define VECTORS_MAX 1024
#define LENGTH 8
#define SECOND_NS 1000000000ULL

/* The first calls find nothing in its place yet: they are not counted. */
#define WARM_UP 200

static char from[VECTORS_MAX * LENGTH], to[VECTORS_MAX * LENGTH];
static struct iovec local = {to, LENGTH};
static struct iovec remote[VECTORS_MAX];
static unsigned long vectors = 1;
static int zero, sockets[2];

static bool call_process_vm_readv(void)
{
	return process_vm_readv(getpid(), &local, 1, remote, vectors, 0) ==
	       (ssize_t)local.iov_len;
}

static bool call_getppid(void)
{
	return syscall(SYS_getppid) > 0;
}

static bool call_readv(void)
{
	return readv(zero, &local, 1) == (ssize_t)local.iov_len;
}

/* Of a socket in which nothing is. */
static bool call_recvmsg(void)
{
	struct msghdr message = {.msg_iov = &local, .msg_iovlen = 1};

	return recvmsg(sockets[0], &message, MSG_DONTWAIT) < 0 &&
	       errno == EAGAIN;
}

static const struct {
	const char *name;
	bool (*call)(void);
} calls[] = {
	{"process_vm_readv", call_process_vm_readv},
	{"getppid", call_getppid},
	{"readv", call_readv},
	{"recvmsg", call_recvmsg},
};

static void prepare(void)
{
	local.iov_len = vectors * LENGTH;
	for (unsigned long i = 0; i < vectors; i++)
		remote[i] = (struct iovec){from + i * LENGTH, LENGTH};
	zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	if (zero < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets)) {
		perror("caller");
		exit(EXIT_FAILURE);
	}
}

static uint64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

static void sleep_until(uint64_t ns)
{
	struct timespec until = {(time_t)(ns / SECOND_NS),
				 (long)(ns % SECOND_NS)};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
}

/* Each at its own time, so that a late one does not delay those after it. */
static unsigned long make_calls(bool (*call)(void), unsigned long count,
				unsigned long rate)
{
	uint64_t start = now_ns(CLOCK_MONOTONIC);
	unsigned long failed = 0;

	for (unsigned long i = 0; i < count; i++) {
		if (rate)
			sleep_until(start + i * SECOND_NS / rate);
		failed += !call();
	}
	return failed;
}

static int measure(bool (*call)(void), unsigned long count, unsigned long rate)
{
	unsigned long failed = make_calls(call, rate ? 0 : WARM_UP, 0);
	uint64_t start = now_ns(CLOCK_MONOTONIC);
	uint64_t used = now_ns(CLOCK_THREAD_CPUTIME_ID);

	failed += make_calls(call, count, rate);
	used = now_ns(CLOCK_THREAD_CPUTIME_ID) - used;
	printf("used_ns %lu elapsed_ns %lu\n", (unsigned long)(used / count),
	       (unsigned long)(now_ns(CLOCK_MONOTONIC) - start));
	if (failed)
		fprintf(stderr, "caller: %lu calls failed\n", failed);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

static void usage(void)
{
	fputs("usage: caller [--rate N] [--vectors N] CALL COUNT\n", stderr);
	exit(2);
}

/* A number from 1 to @most. */
static unsigned long number(const char *text, unsigned long most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (*end || !value || value > most)
		usage();
	return value;
}

int main(int argc, char **argv)
{
	static const struct option known[] = {
		{"rate", required_argument, NULL, 'r'},
		{"vectors", required_argument, NULL, 'v'},
		{0},
	};
	unsigned long rate = 0;
	int option;

	while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (option == 'r')
			rate = number(optarg, 1000000);
		else if (option == 'v')
			vectors = number(optarg, VECTORS_MAX);
		else
			usage();
	}
	if (argc - optind != 2)
		usage();
	prepare();
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (!strcmp(argv[optind], calls[i].name))
			return measure(calls[i].call,
				       number(argv[optind + 1], UINT32_MAX),
				       rate);
	usage();
}
