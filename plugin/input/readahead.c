// SPDX-License-Identifier: GPL-2.0-or-later
/* readahead.c - see readahead.h */
#define _GNU_SOURCE /* memrchr, POLLRDHUP */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "input/feed.h"
#include "input/readahead.h"
#include "process/thread.h"

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
 * There is no room: what came last goes. A line that has only begun stays, as
 * its other half may be read by somebody else. Of one without an end more than
 * any line may have stays, so that it will be known for what it is.
 */
static void drop_lines(struct pvm_intake *intake)
{
	char *from;
	size_t len, whole;

	if (!intake->kept)
		intake->kept =
			whole_lines(intake->bytes, PVM_INTAKE_MAX - SPARE);
	from = intake->bytes + intake->kept;
	len = intake->used - intake->kept;
	whole = whole_lines(from, len);
	if (!whole) {
		intake->used = intake->kept + PVM_LINE_MAX + 1;
		return;
	}
	intake->dropped += count_lines(from, from + whole);
	memmove(from, from + whole, len - whole);
	intake->used -= whole;
}

/* Returns false when nothing more can come. */
static bool gather(struct pvm_intake *intake)
{
	ssize_t n;

	if (intake->used == PVM_INTAKE_MAX)
		drop_lines(intake);
	n = read(intake->fd, intake->bytes + intake->used,
		 PVM_INTAKE_MAX - intake->used);
	if (n > 0)
		intake->used += (size_t)n;
	return n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR));
}

static void *run(void *arg)
{
	struct pvm_intake *intake = arg;
	struct pollfd stop = {intake->stop, POLLIN, 0};
	struct pollfd fds[] = {stop, {intake->fd, POLLIN, 0}};

	do {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			break;
		if (fds[0].revents || !gather(intake))
			break;
	} while (poll(&stop, 1, PAUSE_MS) <= 0);
	return NULL;
}

/* Memory that is not touched is not there. */
static int get_memory(struct pvm_intake *intake)
{
	void *bytes = mmap(NULL, PVM_INTAKE_MAX, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (bytes == MAP_FAILED)
		return -errno;
	intake->bytes = bytes;
	return 0;
}

int pvm_intake_start(struct pvm_intake *intake, int fd)
{
	int err;

	memset(intake, 0, sizeof(*intake));
	intake->fd = fd;
	intake->stop = eventfd(0, EFD_CLOEXEC);
	if (intake->stop < 0)
		return -errno;
	err = get_memory(intake);
	if (!err)
		err = pvm_thread_start(&intake->thread, run, intake);
	intake->running = !err;
	if (!err)
		return 0;
	close(intake->stop);
	pvm_intake_free(intake);
	return err;
}

/* Also where what was written last is still to be read. */
static bool is_hung_up(int fd)
{
	struct pollfd pollfd = {fd, POLLRDHUP, 0};

	return poll(&pollfd, 1, 0) > 0;
}

void pvm_intake_stop(struct pvm_intake *intake)
{
	if (!intake->running)
		return;
	eventfd_write(intake->stop, 1);
	pthread_join(intake->thread, NULL);
	close(intake->stop);
	intake->ended = is_hung_up(intake->fd);
	intake->running = false;
}

void pvm_intake_free(struct pvm_intake *intake)
{
	if (intake->bytes)
		munmap(intake->bytes, PVM_INTAKE_MAX);
	memset(intake, 0, sizeof(*intake));
}
