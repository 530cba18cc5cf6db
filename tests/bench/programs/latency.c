// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * latency.c - how long after a call its records are in the log
 *
 * usage: latency LOG COUNT
 *
 * It makes COUNT calls, one after the other, each with vectors of its own, and
 * waits each time until the log has the SYSCALL record, known by the local
 * vector's address, and the record with what the plugin adds, known by the
 * remote address. inotify wakes it when auditd writes: what it sees is later
 * than the writing by as much as it takes to run and to read.
 *
 * A line a call: nanoseconds from its start to its return, to the SYSCALL
 * record and to the other one. From the start, because on one processor auditd
 * may have written before the caller comes to run again.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define CALLS_MAX 10000
#define PATIENCE_MS 30000
#define SECOND_NS 1000000000ULL

/* Between two calls, for all to come to rest. */
#define PAUSE_NS 20000000

static struct iovec locals[CALLS_MAX];
static char targets[CALLS_MAX][8];

struct log {
	int fd;
	int watch;
	size_t used;
	char text[1 << 16]; /* what was read last, a broken line first */
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

static void die(const char *what)
{
	perror(what);
	exit(EXIT_FAILURE);
}

static void open_log(struct log *log, const char *name)
{
	log->fd = open(name, O_RDONLY | O_CLOEXEC);
	log->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	if (log->fd < 0 || lseek(log->fd, 0, SEEK_END) < 0)
		die(name);
	if (log->watch < 0 ||
	    inotify_add_watch(log->watch, name, IN_MODIFY) < 0)
		die("inotify");
}

/* What has been written since; ends the program when nothing is for long. */
static void read_more(struct log *log)
{
	struct pollfd watched = {log->watch, POLLIN, 0};
	char events[4096];
	ssize_t n;

	while (!(n = read(log->fd, log->text + log->used,
			  sizeof(log->text) - 1 - log->used))) {
		if (poll(&watched, 1, PATIENCE_MS) <= 0) {
			fputs("latency: a record did not come\n", stderr);
			exit(EXIT_FAILURE);
		}
		if (read(log->watch, events, sizeof(events)) < 0)
			die("inotify");
	}
	if (n < 0)
		die("log");
	log->used += (size_t)n;
	log->text[log->used] = '\0';
}

/* Keep what comes after the last newline. */
static void drop_lines(struct log *log)
{
	char *end = strrchr(log->text, '\n');

	if (!end)
		return;
	log->used = (size_t)(log->text + log->used - (end + 1));
	memmove(log->text, end + 1, log->used + 1);
}

static void make_call(unsigned long i)
{
	static char data[sizeof(targets[0])];
	struct iovec remote = {targets[i], sizeof(data)};

	locals[i] = (struct iovec){data, sizeof(data)};
	if (process_vm_readv(getpid(), &locals[i], 1, &remote, 1, 0) !=
	    (ssize_t)sizeof(data))
		die("process_vm_readv");
}

static void measure(struct log *log, unsigned long i)
{
	static const struct timespec pause = {0, PAUSE_NS};
	uint64_t start, returned, seen, native_ns = 0, our_ns = 0;
	char native[64], ours[64];

	snprintf(native, sizeof(native), " a1=%lx ", (unsigned long)&locals[i]);
	snprintf(ours, sizeof(ours), " riov=0x%lx:", (unsigned long)targets[i]);
	start = now_ns();
	make_call(i);
	returned = now_ns() - start;
	while (!native_ns || !our_ns) {
		read_more(log);
		seen = now_ns() - start;
		if (!native_ns && strstr(log->text, native))
			native_ns = seen;
		if (!our_ns && strstr(log->text, ours))
			our_ns = seen;
		drop_lines(log);
	}
	printf("%lu %lu %lu\n", (unsigned long)returned,
	       (unsigned long)native_ns, (unsigned long)our_ns);
	nanosleep(&pause, NULL);
}

int main(int argc, char **argv)
{
	unsigned long count = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	static struct log log;

	if (!count || count > CALLS_MAX) {
		fputs("usage: latency LOG COUNT\n", stderr);
		return 2;
	}
	open_log(&log, argv[1]);
	for (unsigned long i = 0; i < count; i++)
		measure(&log, i);
	return EXIT_SUCCESS;
}
