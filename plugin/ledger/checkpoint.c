// SPDX-License-Identifier: GPL-2.0-or-later
/* checkpoint.c - see checkpoint.h */
#define _GNU_SOURCE /* F_OFD_SETLK */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/checkpoint.h"
#include "lib/slice.h"

#define BOOT_ID_LEN 36

/* The generation, with the boot in which it counts. */
#define HEAD_LEN ((off_t)128)
#define HEAD "pvm-checkpoint 6 "

/*
 * The line has one length, so that a single write replaces it whole: a kill
 * comes before it or after it.
 */
#define LINE_LEN 24576

/* A block of serials: its number and its bits, as hexadecimal digits. */
#define EARLY_LEN (8 + 1 + 16 + 1)
#define EARLY_PLACES (PVM_CHECKPOINT_EARLY / PVM_SERIALS_BLOCK)

#define SLOT_LEN (LINE_LEN + (off_t)EARLY_PLACES * EARLY_LEN)

/*
 * Longest text of a record in flight, which is a loss:
 * ",PID:WHY:COUNT:FROM-TO:START".
 */
#define ID_LEN ((size_t)20 + 1 + 3 + 1 + 20)
#define RECORD_LEN (1 + 10 + 1 + 13 + 1 + 20 + 1 + 2 * ID_LEN + 1 + 1 + 20)

/* Between two looks whether others are gone. */
#define WAIT_PAUSE_US 50000

#define ID "%" PRIu64 ".%03" PRIu32 ":%" PRIu64
#define ID_OF(id) (id).sec, (id).msec, (id).serial

#define NO_SLOT (-1)

struct pvm_checkpoint {
	int fd;
	int slot; /* NO_SLOT before having entered */
	int taking; /* the slot that is being taken over, or NO_SLOT */
	bool has_others;
	bool succeeded;
	bool unsynced; /* something was written since the last sync */
	uint64_t generation;
	struct pvm_serials *early; /* as they are in the slot */
	char boot[BOOT_ID_LEN + 1];
	char line[LINE_LEN + 1]; /* the last that was written; "" at first */
};

static off_t slot_at(int slot)
{
	return HEAD_LEN + slot * SLOT_LEN;
}

static int read_boot_id(char boot[static BOOT_ID_LEN + 1])
{
	int fd = open(PVM_BOOT_ID, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	n = read(fd, boot, BOOT_ID_LEN);
	close(fd);
	boot[BOOT_ID_LEN] = '\0';
	return n == BOOT_ID_LEN ? 0 : -EIO;
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
		if (mkdir(folder, 0700) && errno != EEXIST)
			return -1;
	}
	return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

struct pvm_checkpoint *pvm_checkpoint_open(const char *path)
{
	struct pvm_checkpoint *checkpoint = calloc(1, sizeof(*checkpoint));
	int err;

	if (!checkpoint)
		return NULL;
	checkpoint->slot = checkpoint->taking = NO_SLOT;
	checkpoint->fd = -1;
	checkpoint->early = pvm_serials_new(PVM_CHECKPOINT_EARLY);
	err = checkpoint->early ? read_boot_id(checkpoint->boot) : -ENOMEM;
	if (!err) {
		checkpoint->fd = open_file(path);
		err = checkpoint->fd < 0 ? -errno : 0;
	}
	if (!err)
		return checkpoint;
	pvm_checkpoint_close(checkpoint);
	errno = -err;
	return NULL;
}

void pvm_checkpoint_close(struct pvm_checkpoint *checkpoint)
{
	if (!checkpoint)
		return;
	if (checkpoint->fd >= 0)
		close(checkpoint->fd);
	pvm_serials_free(checkpoint->early);
	free(checkpoint);
}

/* ---- locks: of a byte each, the generation's first one, or a slot's */

static bool set_lock(const struct pvm_checkpoint *checkpoint, off_t at,
		     short type, bool wait)
{
	struct flock lock = {
		.l_type = type,
		.l_whence = SEEK_SET,
		.l_start = at,
		.l_len = 1,
	};

	return !fcntl(checkpoint->fd, wait ? F_OFD_SETLKW : F_OFD_SETLK, &lock);
}

static bool lock_head(const struct pvm_checkpoint *checkpoint, bool wait)
{
	return set_lock(checkpoint, 0, F_WRLCK, wait);
}

static void unlock_head(const struct pvm_checkpoint *checkpoint)
{
	set_lock(checkpoint, 0, F_UNLCK, false);
}

static bool lock_slot(const struct pvm_checkpoint *checkpoint, int slot)
{
	return set_lock(checkpoint, slot_at(slot), F_WRLCK, false);
}

static void unlock_slot(const struct pvm_checkpoint *checkpoint, int slot)
{
	set_lock(checkpoint, slot_at(slot), F_UNLCK, false);
}

static bool is_alive(const struct pvm_checkpoint *checkpoint, int slot)
{
	if (slot == checkpoint->slot)
		return false;
	if (!lock_slot(checkpoint, slot))
		return true;
	unlock_slot(checkpoint, slot);
	return false;
}

/* ---- the generation */

/* False where the file is new, or another boot's. */
static bool read_generation(const struct pvm_checkpoint *checkpoint,
			    uint64_t *generation)
{
	char head[HEAD_LEN];
	struct slice rest = {head, sizeof(head)};
	ssize_t n = pread(checkpoint->fd, head, sizeof(head), 0);

	return n == (ssize_t)sizeof(head) && slice_skip(&rest, HEAD) &&
	       slice_skip(&rest, checkpoint->boot) &&
	       slice_skip(&rest, " generation=") &&
	       slice_take_decimal(&rest, UINT64_MAX, generation);
}

/* Returns 0 or -errno. */
static int write_at(struct pvm_checkpoint *checkpoint, const void *bytes,
		    size_t len, off_t at)
{
	ssize_t n = pwrite(checkpoint->fd, bytes, len, at);

	checkpoint->unsynced = true;
	if (n < 0)
		return -errno;
	return (size_t)n == len ? 0 : -ENOSPC;
}

static int write_generation(struct pvm_checkpoint *checkpoint)
{
	char head[HEAD_LEN];
	int n = snprintf(head, sizeof(head), HEAD "%s generation=%" PRIu64,
			 checkpoint->boot, checkpoint->generation);

	memset(head + n, ' ', sizeof(head) - (size_t)n);
	head[sizeof(head) - 1] = '\n';
	return write_at(checkpoint, head, sizeof(head), 0);
}

/* The lock is only tried for: whoever has it is about to enter. */
static bool is_newest(struct pvm_checkpoint *checkpoint)
{
	uint64_t generation;

	if (!checkpoint->succeeded &&
	    (!read_generation(checkpoint, &generation) ||
	     generation != checkpoint->generation))
		checkpoint->succeeded = true;
	return !checkpoint->succeeded;
}

bool pvm_checkpoint_succeeded(struct pvm_checkpoint *checkpoint)
{
	return !is_newest(checkpoint);
}

/* ---- a slot's line */

static bool read_moment(struct slice *rest, struct pvm_id *id)
{
	uint64_t number, msec;

	if (!slice_take_decimal(rest, UINT64_MAX, &number))
		return false;
	*id = (struct pvm_id){.serial = number};
	if (!slice_skip(rest, "."))
		return number <= UINT32_MAX;
	if (!slice_take_decimal(rest, UINT32_MAX, &msec))
		return false;
	*id = (struct pvm_id){.sec = number, .msec = (uint32_t)msec};
	return true;
}

static bool read_why(struct slice *rest, enum pvm_loss *why)
{
	if (slice_skip(rest, "call:")) {
		*why = PVM_LOSSES;
		return true;
	}
	for (int i = 0; i < PVM_LOSSES; i++)
		if (slice_skip(rest, pvm_loss_name(i))) {
			*why = i;
			return slice_skip(rest, ":");
		}
	return false;
}

/* "FIRST-LAST" of calls, serials or times. */
static bool read_calls(struct slice *rest, struct pvm_span *span)
{
	return read_moment(rest, &span->first) && slice_skip(rest, "-") &&
	       read_moment(rest, &span->last);
}

/* "FIRST-LAST:START" of a loss, to be declared again in the same words. */
static bool read_loss(struct slice *rest, struct pvm_record_key *key)
{
	return slice_take_id(rest, &key->span.first) && slice_skip(rest, "-") &&
	       slice_take_id(rest, &key->span.last) && slice_skip(rest, ":") &&
	       slice_take_decimal(rest, UINT64_MAX, &key->start);
}

/* "PID:WHY:COUNT:", and what depends on WHY. */
static bool read_record(struct slice *rest, struct pvm_record_key *key)
{
	uint64_t pid;

	if (!slice_take_decimal(rest, UINT32_MAX, &pid) ||
	    !slice_skip(rest, ":") || !read_why(rest, &key->why) ||
	    !slice_take_decimal(rest, UINT64_MAX, &key->span.count) ||
	    !slice_skip(rest, ":"))
		return false;
	key->pid = (uint32_t)pid;
	return key->why == PVM_LOSSES ? read_calls(rest, &key->span)
				      : read_loss(rest, key);
}

/* Their events lie between those of all that is pending. */
static void set_times(const struct pvm_span *all, struct pvm_span *span)
{
	if (!span->first.serial || !span->last.serial)
		return;
	span->first.sec = all->first.sec;
	span->first.msec = all->first.msec;
	span->last.sec = all->last.sec;
	span->last.msec = all->last.msec;
}

/* Several, with commas between them, or "-". */
static bool read_records(struct slice *rest, struct pvm_pending *pending)
{
	if (slice_skip(rest, "-"))
		return true;
	do {
		struct pvm_record_key *key =
			&pending->records[pending->records_nr];

		if (pending->records_nr == PVM_CHECKPOINT_RECORDS ||
		    !read_record(rest, key))
			return false;
		if (key->why == PVM_LOSSES)
			set_times(&pending->span, &key->span);
		pending->records_nr++;
	} while (slice_skip(rest, ","));
	return true;
}

/* "-", or "FIRST-LAST:" of all, and rows with commas between them. */
static bool read_missing(struct slice *rest, struct pvm_missing *missing)
{
	struct pvm_span *bounds = &missing->bounds;

	if (slice_skip(rest, "-"))
		return true;
	bounds->count = 1;
	if (!slice_take_id(rest, &bounds->first) || !slice_skip(rest, "-") ||
	    !slice_take_id(rest, &bounds->last) || !slice_skip(rest, ":"))
		return false;
	do {
		struct pvm_range *range = &missing->range[missing->nr];

		if (missing->nr == PVM_MISSING_MAX ||
		    !slice_take_decimal(rest, UINT32_MAX, &range->first) ||
		    !slice_skip(rest, "-") ||
		    !slice_take_decimal(rest, UINT32_MAX, &range->last) ||
		    range->last < range->first ||
		    (missing->nr && range->first <= range[-1].last))
			return false;
		missing->nr++;
	} while (slice_skip(rest, ","));
	return true;
}

/* No more can be confirmed than there is. */
static bool is_sound(const struct pvm_pending *pending)
{
	uint64_t left = pending->span.count;

	for (size_t i = 0; i < pending->records_nr; i++)
		if (pvm_is_of_this_boot(&pending->records[i]) &&
		    __builtin_sub_overflow(left, pending->records[i].span.count,
					   &left))
			return false;
	return true;
}

/* "-", or "COUNT:FIRST-LAST" of those beyond. */
static bool read_end(struct slice *rest, struct pvm_checkpoint_entry *entry)
{
	struct pvm_span *beyond = &entry->beyond;

	entry->ended = !slice_skip(rest, "-");
	return !entry->ended ||
	       (slice_take_decimal(rest, UINT64_MAX, &beyond->count) &&
		slice_skip(rest, ":") && slice_take_id(rest, &beyond->first) &&
		slice_skip(rest, "-") && slice_take_id(rest, &beyond->last));
}

/* Another boot's has the same form. */
static bool read_boot(struct slice *rest, const char *boot,
		      struct pvm_checkpoint_entry *entry)
{
	if (rest->len < BOOT_ID_LEN || memchr(rest->at, ' ', BOOT_ID_LEN))
		return false;
	entry->other_boot = memcmp(rest->at, boot, BOOT_ID_LEN);
	rest->at += BOOT_ID_LEN;
	rest->len -= BOOT_ID_LEN;
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

/* What follows the numbers, which can be longer than a page of the disk. */
static bool parse_lists(struct slice *rest, struct pvm_checkpoint_entry *entry)
{
	if (!slice_skip(rest, " in_flight=") ||
	    !read_records(rest, &entry->pending) ||
	    !is_sound(&entry->pending) || !slice_skip(rest, " missing=") ||
	    !read_missing(rest, &entry->missing) ||
	    !slice_skip(rest, " end=") || !read_end(rest, entry) ||
	    !slice_skip(rest, " node="))
		return false;
	read_node(rest->at, entry->node);
	return true;
}

/*
 * A power cut can leave the pages of two lines. All that is in flight is
 * pending as well.
 */
static void forget_lists(struct pvm_checkpoint_entry *entry)
{
	entry->pending.records_nr = 0;
	memset(&entry->missing, 0, sizeof(entry->missing));
	entry->ended = false;
}

static bool parse_line(const char *boot, const char line[static LINE_LEN + 1],
		       struct pvm_checkpoint_entry *entry)
{
	struct slice rest = {line, LINE_LEN};
	struct pvm_span *pending = &entry->pending.span;
	uint64_t pid;

	memset(entry, 0, sizeof(*entry));
	if (!slice_skip(&rest, HEAD) || !read_boot(&rest, boot, entry) ||
	    !slice_skip(&rest, " pid=") ||
	    !slice_take_decimal(&rest, UINT32_MAX, &pid) ||
	    !slice_skip(&rest, " seen=") ||
	    !slice_take_id(&rest, &entry->seen) ||
	    !slice_skip(&rest, " pending=") ||
	    !slice_take_decimal(&rest, UINT64_MAX, &pending->count) ||
	    !slice_skip(&rest, " first=") ||
	    !slice_take_id(&rest, &pending->first) ||
	    !slice_skip(&rest, " last=") ||
	    !slice_take_id(&rest, &pending->last))
		return false;
	entry->pid = (uint32_t)pid;
	if (parse_lists(&rest, entry))
		return true;
	forget_lists(entry);
	return entry->other_boot;
}

static bool read_entry(const struct pvm_checkpoint *checkpoint, int slot,
		       struct pvm_checkpoint_entry *entry)
{
	char line[LINE_LEN + 1];
	ssize_t n = pread(checkpoint->fd, line, LINE_LEN, slot_at(slot));

	if (n != LINE_LEN)
		return false;
	line[n] = '\0';
	return parse_line(checkpoint->boot, line, entry);
}

static int put_moment(char *at, size_t size, const struct pvm_id *id,
		      bool by_serial)
{
	if (by_serial)
		return snprintf(at, size, "%" PRIu32, (uint32_t)id->serial);
	return snprintf(at, size, "%" PRIu64 ".%03" PRIu32, id->sec, id->msec);
}

static int put_calls(char *at, size_t size, const struct pvm_span *span)
{
	bool by_serial = span->first.serial && span->last.serial;
	int n = put_moment(at, size, &span->first, by_serial);

	at[n++] = '-';
	return n + put_moment(at + n, size - (size_t)n, &span->last, by_serial);
}

static char *put_record(char *at, const char *end,
			const struct pvm_record_key *key, bool first)
{
	const struct pvm_span *span = &key->span;
	bool is_call = key->why == PVM_LOSSES;

	at += snprintf(at, (size_t)(end - at), "%s%" PRIu32 ":%s:%" PRIu64 ":",
		       first ? "" : ",", key->pid,
		       is_call ? "call" : pvm_loss_name(key->why), span->count);
	if (is_call)
		at += put_calls(at, (size_t)(end - at), span);
	else
		at += snprintf(at, (size_t)(end - at), ID "-" ID ":%" PRIu64,
			       ID_OF(span->first), ID_OF(span->last),
			       key->start);
	return at;
}

/*
 * As many as have room, oldest first; the events of the others are pending all
 * the same.
 */
static void put_records(char *text, size_t size,
			const struct pvm_pending *pending)
{
	char *at = text, *end = text + size;

	snprintf(text, size, "-");
	for (size_t i = 0; i < pending->records_nr; i++) {
		if ((size_t)(end - at) <= RECORD_LEN)
			return;
		at = put_record(at, end, &pending->records[i], !i);
	}
}

/* Room for this, and for what else has a bounded length in a line. */
#define MISSING_LEN \
	((size_t)2 * (20 + 1 + 3 + 1 + 10 + 1) + (size_t)PVM_MISSING_MAX * 22)
#define OTHERS_LEN 1024

static void put_missing(char text[static MISSING_LEN],
			const struct pvm_missing *missing)
{
	const struct pvm_span *bounds = &missing->bounds;
	size_t n;

	snprintf(text, MISSING_LEN, "-");
	if (!missing->nr)
		return;
	n = (size_t)snprintf(text, MISSING_LEN, ID "-" ID ":",
			     ID_OF(bounds->first), ID_OF(bounds->last));
	for (size_t i = 0; i < missing->nr; i++)
		n += (size_t)snprintf(text + n, MISSING_LEN - n,
				      "%s%" PRIu64 "-%" PRIu64, i ? "," : "",
				      missing->range[i].first,
				      missing->range[i].last);
}

#define END_LEN (20 + 1 + 2 * ID_LEN + 1 + 1)

static void put_end(char text[static END_LEN],
		    const struct pvm_checkpoint_entry *entry)
{
	const struct pvm_span *beyond = &entry->beyond;

	if (entry->ended)
		snprintf(text, END_LEN, "%" PRIu64 ":" ID "-" ID, beyond->count,
			 ID_OF(beyond->first), ID_OF(beyond->last));
	else
		snprintf(text, END_LEN, "-");
}

static bool make_line(const struct pvm_checkpoint *checkpoint,
		      const struct pvm_checkpoint_entry *entry,
		      char line[static LINE_LEN + 1])
{
	const struct pvm_span *pending = &entry->pending.span;
	char records[LINE_LEN - MISSING_LEN - OTHERS_LEN];
	char missing[MISSING_LEN], end[END_LEN];
	int n;

	put_end(end, entry);
	put_records(records, sizeof(records), &entry->pending);
	put_missing(missing, &entry->missing);
	n = snprintf(line, LINE_LEN + 1,
		     HEAD "%s pid=%" PRIu32 " seen=" ID " pending=%" PRIu64
			  " first=" ID " last=" ID
			  " in_flight=%s missing=%s end=%s node=%s",
		     checkpoint->boot, entry->pid, ID_OF(entry->seen),
		     pending->count, ID_OF(pending->first),
		     ID_OF(pending->last), records, missing, end, entry->node);
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
	int err;

	if (!make_line(checkpoint, entry, line))
		return -EMSGSIZE;
	if (!strcmp(line, checkpoint->line))
		return 0;
	err = write_at(checkpoint, line, LINE_LEN, slot_at(checkpoint->slot));
	if (!err)
		memcpy(checkpoint->line, line, sizeof(line));
	return err;
}

/* The file's length, where that has changed, and so its name are there, too. */
int pvm_checkpoint_sync(struct pvm_checkpoint *checkpoint)
{
	if (!checkpoint->unsynced)
		return 0;
	checkpoint->unsynced = false;
	return fdatasync(checkpoint->fd) ? -errno : 0;
}

static void clear_line(struct pvm_checkpoint *checkpoint, int slot)
{
	static const char blank[sizeof(HEAD) - 1];

	write_at(checkpoint, blank, sizeof(blank), slot_at(slot));
}

/* ---- serials recorded early */

/* @block: NULL where the serials are too old to be kept. */
static void put_early(struct pvm_checkpoint *checkpoint,
		      const struct pvm_serials_block *block, size_t place)
{
	char text[EARLY_LEN + 1];

	if (!block)
		return;
	snprintf(text, sizeof(text), "%08" PRIx32 " %016" PRIx64 "\n",
		 block->number, block->bits);
	write_at(checkpoint, text, EARLY_LEN,
		 slot_at(checkpoint->slot) + LINE_LEN +
			 (off_t)place * EARLY_LEN);
}

/* False where nothing was put. */
static bool parse_early(const char text[static EARLY_LEN],
			struct pvm_serials_block *block)
{
	struct slice number = {text, 8}, bits = {text + 9, 16};
	uint64_t value;

	if (!slice_hex(number, &value) || !slice_hex(bits, &block->bits))
		return false;
	block->number = (uint32_t)value;
	return block->number <= UINT32_MAX / PVM_SERIALS_BLOCK;
}

/*
 * They go into our own slot, too, which may be the only one that the successor
 * finds.
 */
static void hand_on_early(struct pvm_checkpoint *checkpoint,
			  const struct pvm_serials_block *block,
			  const struct pvm_checkpoint_others *others)
{
	size_t place;
	const struct pvm_serials_block *all =
		pvm_serials_add_block(checkpoint->early, block, &place);

	put_early(checkpoint, all, place);
	others->early(others->arg, block);
}

static void read_early(struct pvm_checkpoint *checkpoint, int slot,
		       const struct pvm_checkpoint_others *others)
{
	char text[EARLY_LEN * 64];
	off_t at = slot_at(slot) + LINE_LEN, end = slot_at(slot) + SLOT_LEN;

	for (; at < end; at += (off_t)sizeof(text)) {
		ssize_t n = pread(checkpoint->fd, text, sizeof(text), at);

		for (ssize_t i = 0; i + EARLY_LEN <= n; i += EARLY_LEN) {
			struct pvm_serials_block block;

			if (parse_early(text + i, &block))
				hand_on_early(checkpoint, &block, others);
		}
	}
}

bool pvm_checkpoint_record_early(struct pvm_checkpoint *checkpoint,
				 uint32_t serial)
{
	const struct pvm_serials_block *block;
	size_t place;
	bool may;

	if (!lock_head(checkpoint, false))
		return false;
	may = is_newest(checkpoint);
	if (may) {
		block = pvm_serials_add(checkpoint->early, serial, &place);
		put_early(checkpoint, block, place);
	}
	unlock_head(checkpoint);
	return may;
}

/* ---- entering and taking over */

bool pvm_checkpoint_wait(struct pvm_checkpoint *checkpoint,
			 unsigned int timeout_ms)
{
	unsigned int tries = timeout_ms * 1000 / WAIT_PAUSE_US;

	for (;;) {
		int slot = 0;

		while (slot < PVM_CHECKPOINT_SLOTS &&
		       !is_alive(checkpoint, slot))
			slot++;
		if (slot == PVM_CHECKPOINT_SLOTS)
			return true;
		if (!tries--)
			return false;
		usleep(WAIT_PAUSE_US);
	}
}

/* One that nobody has, and nobody has left anything in. */
static int find_slot(struct pvm_checkpoint *checkpoint,
		     struct pvm_checkpoint_entry *unused)
{
	for (int slot = 0; slot < PVM_CHECKPOINT_SLOTS; slot++) {
		if (!lock_slot(checkpoint, slot))
			continue;
		if (!read_entry(checkpoint, slot, unused))
			return slot;
		unlock_slot(checkpoint, slot);
	}
	return NO_SLOT;
}

/* What an earlier process had in the slot is not this one's. */
static int clear_slot(struct pvm_checkpoint *checkpoint)
{
	static const char blank[4096];
	off_t at = slot_at(checkpoint->slot), end = at + SLOT_LEN;
	int err = 0;

	for (; !err && at < end; at += (off_t)sizeof(blank))
		err = write_at(checkpoint, blank,
			       end - at < (off_t)sizeof(blank)
				       ? (size_t)(end - at)
				       : sizeof(blank),
			       at);
	return err;
}

static void note_other(struct pvm_checkpoint_others *others,
		       const struct pvm_checkpoint_entry *entry)
{
	int i = 0;

	while (others->pids[i])
		i++;
	others->pids[i] = entry->pid;
	if (!entry->seen.serial ||
	    (others->seen.serial &&
	     !pvm_id_before(&others->seen, &entry->seen)))
		return;
	others->seen = entry->seen;
	memcpy(others->node, entry->node, sizeof(others->node));
}

static void read_others(struct pvm_checkpoint *checkpoint,
			struct pvm_checkpoint_others *others,
			struct pvm_checkpoint_entry *entry)
{
	for (int slot = 0; slot < PVM_CHECKPOINT_SLOTS; slot++) {
		if (slot == checkpoint->slot)
			continue;
		if (!read_entry(checkpoint, slot, entry)) {
			/* it may have entered, and not written yet */
			checkpoint->has_others |= is_alive(checkpoint, slot);
			continue;
		}
		checkpoint->has_others = true;
		if (entry->other_boot)
			continue;
		note_other(others, entry);
		read_early(checkpoint, slot, others);
	}
}

/* With the generation's lock. */
static int enter(struct pvm_checkpoint *checkpoint,
		 struct pvm_checkpoint_others *others,
		 struct pvm_checkpoint_entry *entry)
{
	int err;

	/* where no process of this boot has had it open */
	if (!read_generation(checkpoint, &checkpoint->generation))
		checkpoint->generation = 0;
	checkpoint->slot = find_slot(checkpoint, entry);
	if (checkpoint->slot == NO_SLOT)
		return -EBUSY;
	checkpoint->generation++;
	err = clear_slot(checkpoint);
	if (!err)
		err = write_generation(checkpoint);
	if (!err)
		read_others(checkpoint, others, entry);
	return err;
}

int pvm_checkpoint_enter(struct pvm_checkpoint *checkpoint,
			 struct pvm_checkpoint_others *others)
{
	struct pvm_checkpoint_entry *entry = calloc(1, sizeof(*entry));
	int err;

	if (!entry)
		return -ENOMEM;
	memset(&others->seen, 0, sizeof(others->seen));
	memset(others->node, 0, sizeof(others->node));
	memset(others->pids, 0, sizeof(others->pids));
	if (lock_head(checkpoint, true)) {
		err = enter(checkpoint, others, entry);
		unlock_head(checkpoint);
	} else {
		err = -errno;
	}
	free(entry);
	return err;
}

/* With the generation's lock. */
static bool take_first(struct pvm_checkpoint *checkpoint,
		       struct pvm_checkpoint_entry *entry)
{
	checkpoint->has_others = false;
	for (int slot = 0; slot < PVM_CHECKPOINT_SLOTS; slot++) {
		if (slot == checkpoint->slot)
			continue;
		if (!lock_slot(checkpoint, slot)) {
			checkpoint->has_others = true;
			continue;
		}
		if (read_entry(checkpoint, slot, entry)) {
			checkpoint->has_others = true;
			checkpoint->taking = slot;
			return true;
		}
		unlock_slot(checkpoint, slot);
	}
	return false;
}

bool pvm_checkpoint_take(struct pvm_checkpoint *checkpoint,
			 struct pvm_checkpoint_entry *entry)
{
	bool found;

	/* who cannot take must not keep the newest from the lock either */
	if (!checkpoint->has_others || !is_newest(checkpoint) ||
	    !lock_head(checkpoint, false))
		return false;
	found = is_newest(checkpoint) && take_first(checkpoint, entry);
	unlock_head(checkpoint);
	return found;
}

void pvm_checkpoint_taken(struct pvm_checkpoint *checkpoint)
{
	clear_line(checkpoint, checkpoint->taking);
	unlock_slot(checkpoint, checkpoint->taking);
	checkpoint->taking = NO_SLOT;
}

bool pvm_checkpoint_has_others(const struct pvm_checkpoint *checkpoint)
{
	return checkpoint->has_others;
}
