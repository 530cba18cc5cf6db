// SPDX-License-Identifier: GPL-2.0-or-later
/* journal.c - see journal.h */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal.h"

#define BOOT_ID "/proc/sys/kernel/random/boot_id"
#define BOOT_ID_LEN 36

/*
 * The line has one length, so that a single write replaces it whole: a kill
 * comes before it or after it.
 */
#define LINE_LEN 2304

/* Longest text of the ranges: two numbers of ten digits each, and two marks. */
#define TOLD_LEN (PVM_JOURNAL_TOLD * 22)

/* How long another process is waited for. */
#define LOCK_TRIES 40
#define LOCK_PAUSE_US 50000

#define ID "%" PRIu64 ".%" PRIu32 ":%" PRIu64
#define ID_IN "%" SCNu64 ".%" SCNu32 ":%" SCNu64
#define ID_OF(id) (id).sec, (id).msec, (id).serial
#define ID_TO(id) &(id).sec, &(id).msec, &(id).serial

struct pvm_journal {
	int fd;
	char boot[BOOT_ID_LEN + 1];
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

static bool is_id(const struct pvm_id *id)
{
	return id->msec <= 999 && id->serial <= UINT32_MAX;
}

/* "1-3,7-7", or "-" without any. Returns false when it is nothing like it. */
static bool read_told(struct pvm_journal_entry *entry, const char *text)
{
	unsigned long long first, last;
	int len;

	if (!strcmp(text, "-"))
		return true;
	while (entry->told_nr < PVM_JOURNAL_TOLD) {
		if (sscanf(text, "%10llu-%10llu%n", &first, &last, &len) != 2 ||
		    first > last || last > UINT32_MAX)
			return false;
		entry->told[entry->told_nr++] = (struct pvm_range){first, last};
		text += len;
		if (!*text)
			return true;
		if (*text++ != ',')
			return false;
	}
	return false;
}

static void write_told(char text[static TOLD_LEN + 1],
		       const struct pvm_journal_entry *entry)
{
	char *at = text;

	strcpy(text, "-");
	for (size_t i = 0; i < entry->told_nr; i++)
		at += snprintf(at, (size_t)(text + TOLD_LEN + 1 - at),
			       "%s%" PRIu32 "-%" PRIu32, i ? "," : "",
			       (uint32_t)entry->told[i].first,
			       (uint32_t)entry->told[i].last);
}

/* Only what one of our processes has written since the boot counts. */
static bool read_entry(const struct pvm_journal *journal,
		       struct pvm_journal_entry *entry)
{
	char line[LINE_LEN + 1], boot[BOOT_ID_LEN + 1], told[TOLD_LEN + 1];
	ssize_t n = pread(journal->fd, line, LINE_LEN, 0);

	if (n != LINE_LEN)
		return false;
	line[n] = '\0';
	memset(entry, 0, sizeof(*entry));
	/* a node that the line lacks stays "" */
	return sscanf(line,
		      "pvm-journal 2 %36s seen=" ID_IN " pending=%" SCNu64
		      " first=" ID_IN " last=" ID_IN
		      " told=%1408s node=%255[^ \n]",
		      boot, ID_TO(entry->seen), &entry->pending.count,
		      ID_TO(entry->pending.first), ID_TO(entry->pending.last),
		      told, entry->node) >= 12 &&
	       read_told(entry, told) && !strcmp(boot, journal->boot) &&
	       is_id(&entry->seen) && is_id(&entry->pending.first) &&
	       is_id(&entry->pending.last);
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
static void lock(const struct pvm_journal *journal)
{
	for (int i = 0; i < LOCK_TRIES; i++) {
		if (!flock(journal->fd, LOCK_EX | LOCK_NB))
			return;
		usleep(LOCK_PAUSE_US);
	}
}

struct pvm_journal *pvm_journal_open(const char *path,
				     struct pvm_journal_entry *before,
				     bool *found)
{
	struct pvm_journal *journal = calloc(1, sizeof(*journal));
	int err;

	*found = false;
	if (!journal)
		return NULL;
	journal->fd = -1;
	err = read_boot_id(journal->boot);
	if (!err) {
		journal->fd = open_file(path);
		err = journal->fd < 0 ? -errno : 0;
	}
	if (err) {
		pvm_journal_close(journal);
		errno = -err;
		return NULL;
	}
	lock(journal);
	*found = read_entry(journal, before);
	return journal;
}

int pvm_journal_write(struct pvm_journal *journal,
		      const struct pvm_journal_entry *entry)
{
	char line[LINE_LEN + 1], told[TOLD_LEN + 1];
	int n;

	write_told(told, entry);
	n = snprintf(line, sizeof(line),
		     "pvm-journal 2 %s seen=" ID " pending=%" PRIu64
		     " first=" ID " last=" ID " told=%s node=%s",
		     journal->boot, ID_OF(entry->seen), entry->pending.count,
		     ID_OF(entry->pending.first), ID_OF(entry->pending.last),
		     told, entry->node);

	if (n < 0 || n >= LINE_LEN)
		return -EMSGSIZE;
	memset(line + n, ' ', (size_t)(LINE_LEN - n));
	line[LINE_LEN - 1] = '\n';
	n = (int)pwrite(journal->fd, line, LINE_LEN, 0);
	if (n < 0)
		return -errno;
	return n == LINE_LEN ? 0 : -ENOSPC;
}

void pvm_journal_close(struct pvm_journal *journal)
{
	if (!journal)
		return;
	if (journal->fd >= 0)
		close(journal->fd);
	free(journal);
}
