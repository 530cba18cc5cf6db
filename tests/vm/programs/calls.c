// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * calls.c - the same call over and over, and how long each took
 *
 * usage: calls COUNT [VECTORS]
 *
 * COUNT reads of 8 bytes a vector from the process's own memory. What it
 * prints is processor time of its own, the kernel's work for it included; in a
 * machine that counts instructions, a nanosecond is one.
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define VECTORS_MAX 1024
#define LENGTH 8

static uint64_t used_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* One local vector for all, as most programs do. Returns how many failed. */
static unsigned long make_calls(unsigned long count, unsigned long vectors)
{
	static char from[VECTORS_MAX * LENGTH], to[VECTORS_MAX * LENGTH];
	struct iovec local = {to, vectors * LENGTH};
	struct iovec remote[VECTORS_MAX];
	unsigned long failed = 0;
	pid_t self = getpid();

	for (unsigned long i = 0; i < vectors; i++)
		remote[i] = (struct iovec){from + i * LENGTH, LENGTH};
	for (unsigned long i = 0; i < count; i++)
		if (process_vm_readv(self, &local, 1, remote, vectors, 0) !=
		    (ssize_t)(vectors * LENGTH))
			failed++;
	return failed;
}

/* 0 when @text is no number from 1 to @most. */
static unsigned long number(const char *text, unsigned long most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	return *end || value > most ? 0 : value;
}

int main(int argc, char **argv)
{
	unsigned long count = argc > 1 ? number(argv[1], 100000000) : 0;
	unsigned long vectors = argc > 2 ? number(argv[2], VECTORS_MAX) : 1;
	unsigned long failed;
	uint64_t start, end;

	if (!count || !vectors || argc > 3) {
		fputs("usage: calls COUNT [VECTORS]\n", stderr);
		return 2;
	}
	start = used_ns();
	failed = make_calls(count, vectors);
	end = used_ns();
	printf("%lu calls, %lu ns each, %lu failed\n", count,
	       (unsigned long)((end - start) / count), failed);
	return failed ? 1 : 0;
}
