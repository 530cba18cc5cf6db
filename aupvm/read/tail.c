// SPDX-License-Identifier: GPL-2.0-or-later
/* tail.c - see tail.h */
#define _GNU_SOURCE /* ppoll */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "read/rotated.h"
#include "read/tail.h"
#include "util/memory.h"
#include "util/progress.h"

#define CHUNK_SIZE ((size_t)512 * 1024)

/* How often the logs may rotate while they are looked at. */
#define LOOK_TRIES 5

struct tail {
	struct log *log;
	tail_tick *tick;
	struct log_reader *reader;
	void *arg;
	const char *path; /* of the log that is written */
	char *name; /* of the one that is read; owned */
	char *chunk;
	int fd; /* of the one that is read */
	struct stat st; /* of it, when it was opened */
	uint64_t offset;
	char first[1024]; /* the bytes with which it begins */
	size_t first_len;
	int inotify; /* or -1: looked at every TAIL_TICK_MS */
	bool whole; /* everything could be read */
};

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	(void)number;
	stopped = 1;
}

/* Signals are blocked but while it waits, so that no output is cut. */
static bool is_stopped(void)
{
	sigset_t set;

	sigpending(&set);
	return stopped || sigismember(&set, SIGINT) ||
	       sigismember(&set, SIGTERM);
}

static void say(const struct tail *tail, const char *what)
{
	progress_clear();
	fprintf(stderr, "aupvm: %s: %s\n", tail->path, what);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

static void restart(struct tail *tail)
{
	tail->offset = 0;
	tail->first_len = 0;
}

/* How the file begins, to know it again by: an id stands there. */
static void keep_first(struct tail *tail, const char *bytes, size_t len)
{
	size_t room = sizeof(tail->first) - tail->first_len;

	if (tail->offset != tail->first_len)
		return;
	if (len > room)
		len = room;
	memcpy(tail->first + tail->first_len, bytes, len);
	tail->first_len += len;
}

/* Returns false when no more is wanted. */
static bool read_on(struct tail *tail)
{
	ssize_t n;

	while ((n = pread(tail->fd, tail->chunk, CHUNK_SIZE,
			  (off_t)tail->offset)) > 0) {
		keep_first(tail, tail->chunk, (size_t)n);
		tail->offset += (uint64_t)n;
		if (!log_reader_put(tail->reader, tail->chunk, (size_t)n) ||
		    is_stopped())
			return false;
		if ((size_t)n == CHUNK_SIZE && !tail->tick(tail->arg, false))
			return false;
	}
	if (n < 0) {
		say(tail, strerror(errno));
		tail->whole = false;
	}
	return n == 0;
}

/* Does it still begin as it did? */
static bool is_as_read(const struct tail *tail)
{
	char bytes[sizeof(tail->first)];
	ssize_t n = pread(tail->fd, bytes, tail->first_len, 0);

	return n == (ssize_t)tail->first_len &&
	       !memcmp(bytes, tail->first, tail->first_len);
}

/* ---- rotation */

static bool later(const struct stat *a, const struct stat *b)
{
	if (a->st_mtim.tv_sec != b->st_mtim.tv_sec)
		return a->st_mtim.tv_sec > b->st_mtim.tv_sec;
	return a->st_mtim.tv_nsec > b->st_mtim.tv_nsec;
}

/*
 * The number of the file among @rotated that follows the one being read; when
 * that is not among them, the first that was written after it. Sets @lost then.
 */
static size_t find_next(struct tail *tail, const struct rotated *rotated,
			bool *lost)
{
	size_t after = rotated->nr;
	struct stat st, ours = tail->st;

	fstat(tail->fd, &ours);
	*lost = false;
	for (size_t i = 0; i < rotated->nr; i++) {
		if (stat(rotated->name[i], &st))
			continue;
		if (is_same(&st, &tail->st))
			return i + 1;
		if (after == rotated->nr && later(&st, &ours))
			after = i;
	}
	*lost = after == 0;
	return after;
}

/* Logs that are compressed are whole: all at once. */
static bool is_packed(int fd)
{
	unsigned char magic[2] = {0};

	return pread(fd, magic, sizeof(magic), 0) == sizeof(magic) &&
	       magic[0] == 0x1f && magic[1] == 0x8b;
}

static void read_packed(struct tail *tail, const char *name)
{
	struct log log = {0};

	if (!log_open(&log, name, false) ||
	    !log_read(&log, tail->reader->fn, tail->reader->arg))
		tail->whole = false;
	log_close(&log);
}

static void switch_to(struct tail *tail, const char *name, int fd)
{
	bool packed = is_packed(fd);
	char *old = tail->name;

	tail->name = strdup(name);
	log_reader_end(tail->reader, tail->name);
	free(old);
	close(tail->fd);
	tail->fd = fd;
	fstat(fd, &tail->st);
	restart(tail);
	if (!packed)
		return;
	read_packed(tail, name);
	tail->offset = (uint64_t)tail->st.st_size;
}

/* Do the names stand for the same files as before? */
static bool is_steady(const struct rotated *rotated, size_t i, int fd)
{
	struct stat by_name, by_fd;

	return !stat(rotated->name[i], &by_name) && !fstat(fd, &by_fd) &&
	       is_same(&by_name, &by_fd);
}

/* Go on with the next file. Returns false when there is none yet. */
static bool take_next(struct tail *tail)
{
	struct rotated rotated;
	bool lost, taken = false;

	for (int try = 0; try < LOOK_TRIES && !taken; try++) {
		size_t next;
		int fd;

		if (!rotated_find(&rotated, tail->path, true))
			break;
		next = find_next(tail, &rotated, &lost);
		fd = next < rotated.nr
			     ? open(rotated.name[next], O_RDONLY | O_CLOEXEC)
			     : -1;
		taken = fd >= 0 && is_steady(&rotated, next, fd);
		if (taken && lost) {
			say(tail, "rotated away: logs between may be missing");
			tail->whole = false;
		}
		if (taken)
			switch_to(tail, rotated.name[next], fd);
		else if (fd >= 0)
			close(fd);
		rotated_free(&rotated);
	}
	return taken;
}

/* All has been read: is it still the log? Returns true when there is more. */
static bool look(struct tail *tail)
{
	struct stat st;

	if (fstat(tail->fd, &st))
		return false;
	if ((uint64_t)st.st_size < tail->offset || !is_as_read(tail)) {
		say(tail, "was cut or written anew; read from its start");
		log_reader_end(tail->reader, tail->reader->line.file);
		restart(tail);
		return st.st_size > 0;
	}
	if ((uint64_t)st.st_size > tail->offset)
		return true;
	return !stat(tail->path, &st) && !is_same(&st, &tail->st) &&
	       take_next(tail);
}

/* ---- waiting */

static void watch(struct tail *tail)
{
	char *folder = strdup(tail->path);

	tail->inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (tail->inotify >= 0 && folder &&
	    inotify_add_watch(tail->inotify, dirname(folder),
			      IN_MODIFY | IN_CREATE | IN_MOVED_TO) < 0) {
		close(tail->inotify);
		tail->inotify = -1;
	}
	free(folder);
}

static void wait_for(int fd)
{
	const struct timespec tick = {0, TAIL_TICK_MS * 1000000L};
	struct pollfd poll = {.fd = fd, .events = POLLIN};
	sigset_t none;

	sigemptyset(&none);
	ppoll(&poll, 1, &tick, &none);
}

static void drain(int inotify)
{
	char events[4096];

	while (inotify >= 0 && read(inotify, events, sizeof(events)) > 0)
		;
}

static void follow_file(struct tail *tail)
{
	for (;;) {
		if (!read_on(tail))
			return;
		if (look(tail))
			continue;
		if (is_stopped() || !tail->tick(tail->arg, true))
			return;
		wait_for(tail->inotify);
		drain(tail->inotify);
	}
}

/* A pipe: until it ends. */
static void follow_stream(struct tail *tail)
{
	ssize_t n = -1;

	while (!is_stopped() && tail->tick(tail->arg, true)) {
		struct pollfd poll_fd = {.fd = tail->fd, .events = POLLIN};

		wait_for(tail->fd);
		if (poll(&poll_fd, 1, 0) <= 0)
			continue;
		n = read(tail->fd, tail->chunk, CHUNK_SIZE);
		if (n <= 0 ||
		    !log_reader_put(tail->reader, tail->chunk, (size_t)n))
			return;
	}
}

static void catch_signals(void)
{
	struct sigaction action = {.sa_handler = on_signal};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigprocmask(SIG_BLOCK, &set, NULL);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static void on_progress(void *arg, const struct log *log)
{
	struct tail *tail = arg;

	(void)log;
	if (is_stopped())
		stopped = 1;
	tail->tick(tail->arg, false);
}

static void start(struct tail *tail, struct log_file *newest)
{
	tail->fd = dup(newest->fd);
	tail->path = newest->name;
	fstat(tail->fd, &tail->st);
	if (S_ISREG(tail->st.st_mode)) {
		watch(tail);
		follow_file(tail);
	} else {
		follow_stream(tail);
	}
	if (tail->inotify >= 0)
		close(tail->inotify);
	close(tail->fd);
	free(tail->name);
}

bool tail_read(struct log *log, log_fn *fn, tail_tick *tick, void *arg)
{
	struct tail tail = {
		.log = log,
		.tick = tick,
		.arg = arg,
		.inotify = -1,
		.whole = true,
	};
	struct log older = *log;

	catch_signals();
	/* the older ones to their end, as without following */
	older.nr = log->nr - 1;
	older.progress = on_progress;
	older.progress_arg = &tail;
	if (!log_read(&older, fn, arg))
		tail.whole = false;
	tail.chunk = new_zeroed(1, CHUNK_SIZE);
	tail.reader = log_reader_new(log->file[log->nr - 1].name, fn, arg);
	if (!is_stopped())
		start(&tail, &log->file[log->nr - 1]);
	log_reader_free(tail.reader);
	free(tail.chunk);
	return tail.whole;
}
