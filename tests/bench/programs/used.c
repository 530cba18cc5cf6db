// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * used.c - what a command and its children have used of the machine
 *
 * usage: used FILE COMMAND [ARG...]
 *
 * To FILE go the processor time in microseconds (user, then system), how long
 * it took, and the most memory that was resident, in KiB. The exit status is
 * the command's.
 */
#define _GNU_SOURCE /* wait4 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

static unsigned long microseconds(const struct timeval *time)
{
	return (unsigned long)time->tv_sec * 1000000 +
	       (unsigned long)time->tv_usec;
}

/* Its exit status, or 125 when a signal ended it. */
static int run(char **command, struct rusage *usage)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		execvp(*command, command);
		perror(*command);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, usage) != pid) {
		perror("used");
		exit(125);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 125;
}

int main(int argc, char **argv)
{
	uint64_t start = now_us();
	struct rusage usage;
	int status;
	FILE *file;

	if (argc < 3) {
		fputs("usage: used FILE COMMAND [ARG...]\n", stderr);
		return 125;
	}
	status = run(argv + 2, &usage);
	file = fopen(argv[1], "we");
	if (!file) {
		perror(argv[1]);
		return 125;
	}
	fprintf(file, "%lu %lu %lu %ld\n", microseconds(&usage.ru_utime),
		microseconds(&usage.ru_stime),
		(unsigned long)(now_us() - start), usage.ru_maxrss);
	return fclose(file) ? 125 : status;
}
