// SPDX-License-Identifier: GPL-2.0-or-later
/* checkpoint.c - see checkpoint.h */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/checkpoint.h"
#include "lib/scan.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"
#define BOOT_ID_LEN 36

/*
 * The line has one length, so that a single write replaces it whole: a kill
 * comes before it or after it.
 */
#define LINE_LEN 16384

/* Longest text of the ranges: two numbers of ten digits each, and two marks. */
#define TOLD_LEN ((size_t)PVM_CHECKPOINT_EARLY * 22)

/* Likewise of the records under way: three numbers, and one of 20 digits. */
#define AWAITED_LEN ((size_t)PVM_CHECKPOINT_RECORDS * 54)

/* How long another process is waited for. */
#define LOCK_TRIES 40
#define LOCK_PAUSE_US 50000

#define ID "%" PRIu64 ".%" PRIu32 ":%" PRIu64
#define ID_OF(id) (id).sec, (id).msec, (id).serial

struct pvm_checkpoint {
	int fd;
	char boot[BOOT_ID_LEN + 1];
	char line[LINE_LEN + 1]; /* the last that was written; "" at first */
};

static int read_boot_id(char boot[static BOOT_ID_LEN + 1])
{
	int fd = open(BOOT_ID, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, boot, BOOT_ID_LEN);
	close(fd);
	boot[BOOT_ID_LEN] = '\0';
	return n == BOOT_ID_LEN ? 0 : -EIO;
}

static bool read_range(const char **at, const char *end,
		       struct pvm_range *range)
{
	return pvm_read_decimal(at, end, UINT32_MAX, &range->first) &&
	       pvm_skip_word(at, end, "-") &&
	       pvm_read_decimal(at, end, UINT32_MAX, &range->last) &&
	       range->first <= range->last;
}

/* "1-3,7-7", which ascends, or "-" without any. */
static bool read_told(const char **at, const char *end,
		      struct pvm_checkpoint_entry *entry)
{
	struct pvm_range *range;

	if (pvm_skip_word(at, end, "-"))
		return true;
	do {
		range = &entry->told[entry->told_nr];
		if (entry->told_nr == PVM_CHECKPOINT_EARLY ||
		    !read_range(at, end, range) ||
		    (entry->told_nr && range->first <= range[-1].last))
			return false;
		entry->told_nr++;
	} while (pvm_skip_word(at, end, ","));
	return true;
}

/* "PID:COUNT:FIRST-LAST,...", or "-" without any. */
static bool read_awaited(const char **at, const char *end,
			 struct pvm_pending *pending)
{
	if (pvm_skip_word(at, end, "-"))
		return true;
	do {
		struct pvm_in_flight_record awaited;
		uint64_t pid, first, last;

		if (pending->records_nr == PVM_CHECKPOINT_RECORDS ||
		    !pvm_read_decimal(at, end, UINT32_MAX, &pid) ||
		    !pvm_skip_word(at, end, ":") ||
		    !pvm_read_decimal(at, end, UINT64_MAX, &awaited.count) ||
		    !pvm_skip_word(at, end, ":") ||
		    !pvm_read_decimal(at, end, UINT32_MAX, &first) ||
		    !pvm_skip_word(at, end, "-") ||
		    !pvm_read_decimal(at, end, UINT32_MAX, &last))
			return false;
		awaited.pid = (uint32_t)pid;
		awaited.first = (uint32_t)first;
		awaited.last = (uint32_t)last;
		pvm_pending_note(pending, &awaited);
	} while (pvm_skip_word(at, end, ","));
	return true;
}

/* No more can be struck out than there is. */
static bool is_sound(const struct pvm_pending *pending)
{
	uint64_t left = pending->span.count;

	for (size_t i = 0; i < pending->records_nr; i++)
		if (__builtin_sub_overflow(left, pending->awaited[i].count,
					   &left))
			return false;
	return true;
}

/* All that is left up to a space, as far as there is room. */
static void read_node(const char *at, char node[static PVM_NODE_MAX])
{
	size_t len = strcspn(at, " \n");

	if (len >= PVM_NODE_MAX)
		len = PVM_NODE_MAX - 1;
	memcpy(node, at, len);
	node[len] = '\0';
}

static void write_told(char text[static TOLD_LEN + 1],
		       const struct pvm_checkpoint_entry *entry)
{
	char *at = text;

	memcpy(text, "-", 2);
	for (size_t i = 0; i < entry->told_nr; i++)
		at += snprintf(at, (size_t)(text + TOLD_LEN + 1 - at),
			       "%s%" PRIu32 "-%" PRIu32, i ? "," : "",
			       (uint32_t)entry->told[i].first,
			       (uint32_t)entry->told[i].last);
}

static void write_awaited(char text[static AWAITED_LEN + 1],
			  const struct pvm_pending *pending)
{
	char *at = text;

	memcpy(text, "-", 2);
	for (size_t i = 0; i < pending->records_nr; i++) {
		const struct pvm_in_flight_record *awaited =
			&pending->awaited[i];

		at += snprintf(at, (size_t)(text + AWAITED_LEN + 1 - at),
			       "%s%" PRIu32 ":%" PRIu64 ":%" PRIu32 "-%" PRIu32,
			       i ? "," : "", awaited->pid, awaited->count,
			       awaited->first, awaited->last);
	}
}

/* Only what one of our processes has written since the boot counts. */
static bool read_entry(const struct pvm_checkpoint *checkpoint,
		       struct pvm_checkpoint_entry *entry)
{
	char line[LINE_LEN + 1];
	const char *at = line, *end = line + LINE_LEN;
	struct pvm_span *pending = &entry->pending.span;
	uint64_t pid;
	ssize_t n = pread(checkpoint->fd, line, LINE_LEN, 0);

	if (n != LINE_LEN)
		return false;
	line[n] = '\0';
	memset(entry, 0, sizeof(*entry));
	if (!pvm_skip_word(&at, end, "pvm-checkpoint 3 ") ||
	    !pvm_skip_word(&at, end, checkpoint->boot) ||
	    !pvm_skip_word(&at, end, " pid=") ||
	    !pvm_read_decimal(&at, end, UINT32_MAX, &pid) ||
	    !pvm_skip_word(&at, end, " seen=") ||
	    !pvm_read_id(&at, end, &entry->seen) ||
	    !pvm_skip_word(&at, end, " pending=") ||
	    !pvm_read_decimal(&at, end, UINT64_MAX, &pending->count) ||
	    !pvm_skip_word(&at, end, " first=") ||
	    !pvm_read_id(&at, end, &pending->first) ||
	    !pvm_skip_word(&at, end, " last=") ||
	    !pvm_read_id(&at, end, &pending->last) ||
	    !pvm_skip_word(&at, end, " awaited=") ||
	    !read_awaited(&at, end, &entry->pending) ||
	    !is_sound(&entry->pending) || !pvm_skip_word(&at, end, " told=") ||
	    !read_told(&at, end, entry) || !pvm_skip_word(&at, end, " node="))
		return false;
	entry->pending.pid = (uint32_t)pid;
	read_node(at, entry->node);
	return true;
}

/* Nobody but root can have put something else in its place. */
static int open_file(const char *path)
{
	char folder[4096];
	char *slash;

	snprintf(folder, sizeof(folder), "%s", path);
	slash = strrchr(folder, '/');
	if (slash && slash != folder) {
		*slash = '\0';
		if (mkdir(folder, 0755) && errno != EEXIST)
			return -1;
	}
	return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* auditd may start a process while the one before it is still at its end. */
static void lock(const struct pvm_checkpoint *checkpoint)
{
	for (int i = 0; i < LOCK_TRIES; i++) {
		if (!flock(checkpoint->fd, LOCK_EX | LOCK_NB))
			return;
		usleep(LOCK_PAUSE_US);
	}
}

struct pvm_checkpoint *pvm_checkpoint_open(const char *path,
					   struct pvm_checkpoint_entry *before,
					   bool *found)
{
	struct pvm_checkpoint *checkpoint = calloc(1, sizeof(*checkpoint));
	int err;

	*found = false;
	if (!checkpoint)
		return NULL;
	checkpoint->fd = -1;
	err = read_boot_id(checkpoint->boot);
	if (!err) {
		checkpoint->fd = open_file(path);
		err = checkpoint->fd < 0 ? -errno : 0;
	}
	if (err) {
		pvm_checkpoint_close(checkpoint);
		errno = -err;
		return NULL;
	}
	lock(checkpoint);
	*found = read_entry(checkpoint, before);
	return checkpoint;
}

static bool make_line(const struct pvm_checkpoint *checkpoint,
		      const struct pvm_checkpoint_entry *entry,
		      char line[static LINE_LEN + 1])
{
	const struct pvm_span *pending = &entry->pending.span;
	char told[TOLD_LEN + 1], awaited[AWAITED_LEN + 1];
	int n;

	write_told(told, entry);
	write_awaited(awaited, &entry->pending);
	n = snprintf(line, LINE_LEN + 1,
		     "pvm-checkpoint 3 %s pid=%" PRIu32 " seen=" ID
		     " pending=%" PRIu64 " first=" ID " last=" ID
		     " awaited=%s told=%s node=%s",
		     checkpoint->boot, entry->pending.pid, ID_OF(entry->seen),
		     pending->count, ID_OF(pending->first),
		     ID_OF(pending->last), awaited, told, entry->node);
	if (n < 0 || n >= LINE_LEN)
		return false;
	memset(line + n, ' ', (size_t)(LINE_LEN - n));
	line[LINE_LEN - 1] = '\n';
	line[LINE_LEN] = '\0';
	return true;
}

int pvm_checkpoint_write(struct pvm_checkpoint *checkpoint,
			 const struct pvm_checkpoint_entry *entry)
{
	char line[LINE_LEN + 1];
	ssize_t n;

	if (!make_line(checkpoint, entry, line))
		return -EMSGSIZE;
	if (!strcmp(line, checkpoint->line))
		return 0;
	n = pwrite(checkpoint->fd, line, LINE_LEN, 0);
	if (n < 0)
		return -errno;
	if (n != LINE_LEN)
		return -ENOSPC;
	memcpy(checkpoint->line, line, sizeof(line));
	return 0;
}

void pvm_checkpoint_close(struct pvm_checkpoint *checkpoint)
{
	if (!checkpoint)
		return;
	if (checkpoint->fd >= 0)
		close(checkpoint->fd);
	free(checkpoint);
}
