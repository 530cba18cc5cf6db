// SPDX-License-Identifier: GPL-2.0-or-later
/* readahead.c - see readahead.h */
#define _GNU_SOURCE /* memrchr, POLLRDHUP */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "input/readahead.h"
#include "process/thread.h"
#include "pvm/line.h"

/* Room behind what is kept, to find the ends of what is dropped. */
#define SPARE ((size_t)2 * PVM_LINE_MAX)

/* Between two reads, so that not every record wakes the thread. */
#define PAUSE_MS 1

static uint64_t count_lines(const char *at, const char *end)
{
	uint64_t lines = 0;

	while (at < end) {
		at = (const char *)memchr(at, '\n', (size_t)(end - at)) + 1;
		lines++;
	}
	return lines;
}

/* Behind the last newline of the @len bytes at @text; 0 without one. */
static size_t whole_lines(const char *text, size_t len)
{
	const char *newline = memrchr(text, '\n', len);

	return newline ? (size_t)(newline + 1 - text) : 0;
}

/*
 * There is no room: drop the lines that came last. A line that has only begun
 * stays, since the feed reads its other half. Of a line that has no end yet,
 * one byte more stays than any line may have, so that the feed finds it
 * overlong.
 */
static void drop_lines(struct pvm_readahead *readahead)
{
	char *from;
	size_t len, whole;

	if (!readahead->kept)
		readahead->kept = whole_lines(readahead->bytes,
					      PVM_READAHEAD_MAX - SPARE);
	from = readahead->bytes + readahead->kept;
	len = readahead->used - readahead->kept;
	whole = whole_lines(from, len);
	if (!whole) {
		readahead->used = readahead->kept + PVM_LINE_MAX + 1;
		return;
	}
	readahead->dropped += count_lines(from, from + whole);
	memmove(from, from + whole, len - whole);
	readahead->used -= whole;
}

/* Returns false when nothing more can come. */
static bool gather(struct pvm_readahead *readahead)
{
	ssize_t n;

	if (readahead->used == PVM_READAHEAD_MAX)
		drop_lines(readahead);
	n = read(readahead->fd, readahead->bytes + readahead->used,
		 PVM_READAHEAD_MAX - readahead->used);
	if (n > 0)
		readahead->used += (size_t)n;
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static void *run(void *arg)
{
	struct pvm_readahead *readahead = arg;
	struct pollfd stop = {readahead->stop, POLLIN, 0};
	struct pollfd fds[] = {stop, {readahead->fd, POLLIN, 0}};

	do {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		if (fds[0].revents || !gather(readahead))
			break;
	} while (poll(&stop, 1, PAUSE_MS) <= 0);
	return NULL;
}

/* Memory that is not touched is not there. */
static int get_memory(struct pvm_readahead *readahead)
{
	void *bytes = mmap(NULL, PVM_READAHEAD_MAX, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (bytes == MAP_FAILED)
		return -errno;
	readahead->bytes = bytes;
	return 0;
}

int pvm_readahead_start(struct pvm_readahead *readahead, int fd)
{
	int err;

	memset(readahead, 0, sizeof(*readahead));
	readahead->fd = fd;
	readahead->stop = eventfd(0, EFD_CLOEXEC);
	if (readahead->stop < 0)
		return -errno;
	err = get_memory(readahead);
	if (!err)
		err = pvm_thread_start(&readahead->thread, run, readahead);
	readahead->running = !err;
	if (!err)
		return 0;
	close(readahead->stop);
	pvm_readahead_free(readahead);
	return err;
}

bool pvm_readahead_has_ended(int fd)
{
	struct pollfd pollfd = {fd, POLLRDHUP, 0};

	return poll(&pollfd, 1, 0) > 0;
}

void pvm_readahead_stop(struct pvm_readahead *readahead)
{
	if (!readahead->running)
		return;
	eventfd_write(readahead->stop, 1);
	pthread_join(readahead->thread, NULL);
	close(readahead->stop);
	readahead->ended = pvm_readahead_has_ended(readahead->fd);
	readahead->running = false;
}

void pvm_readahead_release(const struct pvm_readahead *readahead, size_t len)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	/* what it cannot give back now it gives back when it is freed */
	madvise(readahead->bytes, len / page * page, MADV_DONTNEED);
}

void pvm_readahead_free(struct pvm_readahead *readahead)
{
	if (readahead->bytes)
		munmap(readahead->bytes, PVM_READAHEAD_MAX);
	memset(readahead, 0, sizeof(*readahead));
}
