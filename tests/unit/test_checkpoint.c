// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_checkpoint.c - what a process leaves, the newest one takes over, each
 * once, and nothing else
 *
 * Each open checkpoint stands for a process: the locks belong to the open file,
 * and closing it is that process's end.
 */
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
#include "unit.h"

/* The file: a head, then slots of a line and 8192 serials of nine bytes. */
#define HEAD_LEN 128
#define LINE_LEN 24576
#define SLOT_LEN (LINE_LEN + 262144 / 64 * 26)
#define SLOTS 16

struct bench {
	char folder[sizeof(UNIT_FOLDER)];
	char path[sizeof(UNIT_FOLDER) + 16];
	char boot[64];
	/* what the last to enter has read */
	struct pvm_checkpoint_others others;
	char early[512]; /* the first ones */
	size_t early_used;
	unsigned int early_nr;
	struct pvm_checkpoint_entry entry; /* taken last */
};

static void start_bench(struct bench *bench)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");

	memset(bench, 0, sizeof(*bench));
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	CU_ASSERT_PTR_NOT_NULL(fgets(bench->boot, sizeof(bench->boot), file));
	fclose(file);
	bench->boot[strcspn(bench->boot, "\n")] = '\0';
	SAME_NUMBER(strlen(bench->boot), 36);
	unit_make_folder(bench->folder);
	snprintf(bench->path, sizeof(bench->path), "%s/checkpoint",
		 bench->folder);
}

static void stop_bench(struct bench *bench)
{
	unit_remove_folder(bench->folder, "checkpoint");
}

static void note_serial(struct bench *bench, uint32_t serial)
{
	size_t room = sizeof(bench->early) - bench->early_used;
	int n = snprintf(bench->early + bench->early_used, room, "%" PRIu32 " ",
			 serial);

	if (n > 0 && (size_t)n < room)
		bench->early_used += (size_t)n;
	bench->early_nr++;
}

static void note_early(void *arg, const struct pvm_serials_block *block)
{
	for (uint32_t i = 0; i < 64; i++)
		if (block->bits >> i & 1)
			note_serial(arg, block->number * 64 + i);
}

/* Returns 0 or -errno. */
static int try_enter(struct bench *bench, struct pvm_checkpoint **checkpoint)
{
	*checkpoint = pvm_checkpoint_open(bench->path);
	CU_ASSERT_PTR_NOT_NULL_FATAL(*checkpoint);
	bench->early[0] = '\0';
	bench->early_used = bench->early_nr = 0;
	bench->others.early = note_early;
	bench->others.arg = bench;
	return pvm_checkpoint_enter(*checkpoint, &bench->others);
}

static struct pvm_checkpoint *enter(struct bench *bench)
{
	struct pvm_checkpoint *checkpoint;

	SAME_NUMBER(try_enter(bench, &checkpoint), 0);
	return checkpoint;
}

static void write_entry(struct pvm_checkpoint *checkpoint,
			const struct pvm_checkpoint_entry *entry)
{
	SAME_NUMBER(pvm_checkpoint_write(checkpoint, entry), 0);
}

/* With nothing pending. */
static void write_seen(struct pvm_checkpoint *checkpoint, uint32_t pid,
		       uint64_t serial)
{
	write_entry(checkpoint,
		    &(struct pvm_checkpoint_entry){
			    .pid = pid, .seen = unit_id(serial), .node = "a"});
}

/* A process that has written @entry has come and gone. */
static void leave(struct bench *bench, const struct pvm_checkpoint_entry *entry)
{
	struct pvm_checkpoint *checkpoint = enter(bench);

	while (pvm_checkpoint_take(checkpoint, &bench->entry))
		pvm_checkpoint_taken(checkpoint);
	write_entry(checkpoint, entry);
	pvm_checkpoint_close(checkpoint);
}

/* The pid of what @checkpoint can take, and takes; 0 without. */
static uint32_t take(struct bench *bench, struct pvm_checkpoint *checkpoint)
{
	if (!pvm_checkpoint_take(checkpoint, &bench->entry))
		return 0;
	pvm_checkpoint_taken(checkpoint);
	return bench->entry.pid;
}

/* Does a process that starts now find something to take? */
static bool find(struct bench *bench)
{
	struct pvm_checkpoint *checkpoint = enter(bench);
	bool found = pvm_checkpoint_take(checkpoint, &bench->entry);

	if (found)
		pvm_checkpoint_taken(checkpoint);
	pvm_checkpoint_close(checkpoint);
	return found;
}

static void write_bytes(const struct bench *bench, off_t at, const char *bytes,
			size_t len)
{
	int fd = open(bench->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

	CU_ASSERT_FATAL(fd >= 0);
	SAME_NUMBER(pwrite(fd, bytes, len, at), len);
	close(fd);
}

/* As many as there are, and a byte more to end them; returns how many. */
static size_t read_bytes(const char *path, off_t at, char *bytes, size_t len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	CU_ASSERT_FATAL(fd >= 0);
	n = pread(fd, bytes, len, at);
	CU_ASSERT_FATAL(n >= 0);
	bytes[n] = '\0';
	close(fd);
	return (size_t)n;
}

static const struct pvm_checkpoint_entry entries[] = {
	{4242,
	 {1795288457, 412, 43},
	 {{9, {1795288457, 7, 41}, {1795288457, 412, 42}},
	  4,
	  {{4242, PVM_LOSSES, {1, {0, 0, 41}, {0, 0, 41}}, 0},
	   {4241, PVM_LOSSES, {3, {0, 0, 40}, {0, 0, 42}}, 0},
	   {4242, PVM_LOSS_NOT_RUNNING, {2, {9, 8, 41}, {9, 9, 42}}, 17},
	   {4242, PVM_LOSS_BACKLOG, {1, {1000, 7, 0}, {1001, 412, 0}}, 18}}},
	 {.range = {{7, 9}, {30, 4294967295}},
	  .nr = 2,
	  .bounds = {3, {9, 1, 7}, {10, 2, 4294967295}}},
	 "web-1.example.org",
	 false,
	 false,
	 {0}},
	{.pid = 7, .seen = {9, 0, 4294967295}},
};

#define REST                                                   \
	" pid=4242 seen=1795288457.412:43 pending=9 "          \
	"first=1795288457.007:41 last=1795288457.412:42 "      \
	"in_flight=4242:call:1:41-41,4241:call:3:40-42,"       \
	"4242:not-running:2:9.008:41-9.009:42:17,"             \
	"4242:backlog:1:1000.007:0-1001.412:0:18 "             \
	"missing=9.001:7-10.002:4294967295:7-9,30-4294967295 " \
	"end=- node=web-1.example.org"

/* ---- what one leaves to the next */

static void new_checkpoint_has_nothing_to_take(void)
{
	struct pvm_checkpoint *checkpoint;
	struct bench bench;

	start_bench(&bench);
	checkpoint = enter(&bench);
	SAME_NUMBER(bench.others.seen.serial, 0);
	SAME_NUMBER(bench.others.pids[0], 0);
	SAME_NUMBER(bench.early_nr, 0);
	CU_ASSERT_FALSE(pvm_checkpoint_has_others(checkpoint));
	SAME_NUMBER(take(&bench, checkpoint), 0);
	CU_ASSERT_FALSE(pvm_checkpoint_succeeded(checkpoint));
	pvm_checkpoint_close(checkpoint);
	/* who has written nothing leaves nothing */
	CU_ASSERT_FALSE(find(&bench));
	stop_bench(&bench);
}

static void expect_key(const struct pvm_record_key *key, uint32_t pid,
		       enum pvm_loss why, uint64_t count, uint64_t first,
		       uint64_t last)
{
	SAME_NUMBER(key->pid, pid);
	SAME_NUMBER(key->why, why);
	SAME_NUMBER(key->span.count, count);
	SAME_NUMBER(key->span.first.serial, first);
	SAME_NUMBER(key->span.last.serial, last);
}

static void next_process_takes_what_was_written_last(void)
{
	const struct pvm_pending *pending;
	struct bench bench;

	start_bench(&bench);
	leave(&bench, &entries[1]);
	leave(&bench, &entries[0]);
	CU_ASSERT_TRUE_FATAL(find(&bench));
	SAME_NUMBER(bench.others.pids[0], 4242);
	SAME_NUMBER(bench.others.pids[1], 0);
	SAME_NUMBER(bench.others.seen.serial, 43);
	SAME_TEXT(bench.others.node, "web-1.example.org");
	SAME_NUMBER(bench.entry.pid, 4242);
	SAME_NUMBER(bench.entry.seen.sec, 1795288457);
	SAME_NUMBER(bench.entry.seen.msec, 412);
	SAME_NUMBER(bench.entry.seen.serial, 43);
	SAME_TEXT(bench.entry.node, "web-1.example.org");
	pending = &bench.entry.pending;
	SAME_SPAN(&pending->span, "9 1795288457.007:41-1795288457.412:42");
	SAME_NUMBER(pending->records_nr, 4);
	expect_key(&pending->records[0], 4242, PVM_LOSSES, 1, 41, 41);
	expect_key(&pending->records[1], 4241, PVM_LOSSES, 3, 40, 42);
	expect_key(&pending->records[2], 4242, PVM_LOSS_NOT_RUNNING, 2, 41, 42);
	expect_key(&pending->records[3], 4242, PVM_LOSS_BACKLOG, 1, 0, 0);
	SAME_NUMBER(pending->records[3].span.first.msec, 7);
	SAME_NUMBER(pending->records[3].span.last.sec, 1001);
	CU_ASSERT_FALSE(find(&bench));
	leave(&bench, &entries[1]);
	CU_ASSERT_TRUE_FATAL(find(&bench));
	SAME_NUMBER(bench.entry.seen.serial, 4294967295);
	SAME_NUMBER(bench.entry.pending.span.count, 0);
	SAME_NUMBER(bench.entry.pending.records_nr, 0);
	SAME_TEXT(bench.entry.node, "");
	stop_bench(&bench);
}

static void longest_entry_fits(void)
{
	struct pvm_id id = {253402300799, 999, UINT32_MAX};
	static struct pvm_checkpoint_entry entry;
	struct bench bench;

	start_bench(&bench);
	entry = (struct pvm_checkpoint_entry){
		.pid = UINT32_MAX,
		.seen = id,
		.pending = {.span = {UINT64_MAX, id, id}}};
	memset(entry.node, 'n', 255);
	entry.pending.records_nr = PVM_CHECKPOINT_RECORDS;
	for (size_t i = 0; i < PVM_CHECKPOINT_RECORDS; i++)
		entry.pending.records[i] = (struct pvm_record_key){
			UINT32_MAX, PVM_LOSSES, {(uint64_t)1 << 55, id, id}, 0};
	leave(&bench, &entry);
	CU_ASSERT_TRUE_FATAL(find(&bench));
	SAME_NUMBER(bench.entry.pending.records_nr, 256);
	expect_key(&bench.entry.pending.records[255], UINT32_MAX, PVM_LOSSES,
		   (uint64_t)1 << 55, UINT32_MAX, UINT32_MAX);
	SAME_SPAN(&bench.entry.pending.span, "18446744073709551615 "
					     "253402300799.999:4294967295-"
					     "253402300799.999:4294967295");
	SAME_NUMBER(strlen(bench.entry.node), 255);
	SAME_NUMBER(strspn(bench.entry.node, "n"), 255);
	stop_bench(&bench);
}

/* Losses' are longer; what has no room stays pending. */
static void of_longest_records_the_oldest_have_room(void)
{
	struct pvm_id id = {253402300799, 999, UINT32_MAX};
	static struct pvm_checkpoint_entry entry;
	struct bench bench;

	start_bench(&bench);
	entry = (struct pvm_checkpoint_entry){
		.pid = 5, .pending = {.span = {UINT64_MAX, id, id}}};
	entry.pending.records_nr = PVM_CHECKPOINT_RECORDS;
	for (size_t i = 0; i < PVM_CHECKPOINT_RECORDS; i++)
		entry.pending.records[i] = (struct pvm_record_key){
			UINT32_MAX,
			PVM_LOSS_NOT_CONFIRMED,
			{((uint64_t)1 << 55) + i, id, id},
			UINT64_MAX};
	leave(&bench, &entry);
	CU_ASSERT_TRUE_FATAL(find(&bench));
	CU_ASSERT(bench.entry.pending.records_nr > 140);
	SAME_NUMBER(bench.entry.pending.records[0].start, UINT64_MAX);
	SAME_NUMBER(bench.entry.pending.records[0].span.count,
		    (uint64_t)1 << 55);
	SAME_NUMBER(bench.entry.pending.span.count, UINT64_MAX);
	stop_bench(&bench);
}

/* Any byte but a space may stand in a node's name. */
static void odd_name_comes_back_whole(void)
{
	static const struct pvm_checkpoint_entry entry = {
		.seen = {1, 0, 1}, .node = "\ta\v%s\xff\"b"};
	struct bench bench;

	start_bench(&bench);
	leave(&bench, &entry);
	CU_ASSERT_TRUE_FATAL(find(&bench));
	SAME_TEXT(bench.entry.node, "\ta\v%s\xff\"b");
	stop_bench(&bench);
}

/* ---- the file */

static void file_has_a_line_of_one_length_a_process(void)
{
	static char line[LINE_LEN + 1], want[LINE_LEN];
	struct pvm_checkpoint *checkpoint;
	struct bench bench;
	size_t len;

	start_bench(&bench);
	checkpoint = enter(&bench);
	write_entry(checkpoint, &entries[1]);
	write_entry(checkpoint, &entries[0]);
	SAME_NUMBER(read_bytes(bench.path, 0, line, HEAD_LEN), HEAD_LEN);
	snprintf(want, sizeof(want), "pvm-checkpoint 6 %s generation=1 ",
		 bench.boot);
	CU_ASSERT_NSTRING_EQUAL(line, want, strlen(want));
	SAME_TEXT(line + HEAD_LEN - 1, "\n");
	SAME_NUMBER(read_bytes(bench.path, HEAD_LEN, line, LINE_LEN), LINE_LEN);
	len = (size_t)snprintf(want, sizeof(want), "pvm-checkpoint 6 %s" REST,
			       bench.boot);
	SAME_NUMBER(strspn(line + len, " "), LINE_LEN - len - 1);
	SAME_TEXT(line + LINE_LEN - 1, "\n");
	line[len] = '\0';
	SAME_TEXT(line, want);
	CU_ASSERT_TRUE(pvm_checkpoint_record_early(checkpoint, 0xabcdef));
	/* the place of its block, and there all of its serials */
	CU_ASSERT_TRUE(pvm_checkpoint_record_early(checkpoint, 0xabcdec));
	SAME_NUMBER(
		read_bytes(bench.path,
			   HEAD_LEN + LINE_LEN + 26 * (0xabcdef / 64 % 4096),
			   line, 26),
		26);
	SAME_TEXT(line, "0002af37 0000900000000000\n");
	pvm_checkpoint_close(checkpoint);
	stop_bench(&bench);
}

static void entry_is_written_only_when_it_changes(void)
{
	struct pvm_checkpoint *checkpoint;
	struct bench bench;
	char byte[2];

	start_bench(&bench);
	checkpoint = enter(&bench);
	write_entry(checkpoint, &entries[0]);
	write_bytes(&bench, HEAD_LEN, "x", 1);
	write_entry(checkpoint, &entries[0]);
	read_bytes(bench.path, HEAD_LEN, byte, 1);
	SAME_TEXT(byte, "x");
	write_entry(checkpoint, &entries[1]);
	read_bytes(bench.path, HEAD_LEN, byte, 1);
	SAME_TEXT(byte, "p");
	pvm_checkpoint_close(checkpoint);
	stop_bench(&bench);
}

/* The file as the boot @boot may leave it, with one line. */
static void write_file(struct bench *bench, const char *boot, const char *rest)
{
	static char text[HEAD_LEN + LINE_LEN + 512];
	int n = snprintf(text, HEAD_LEN, "pvm-checkpoint 6 %s generation=41",
			 boot);

	memset(text + n, ' ', sizeof(text) - (size_t)n);
	text[HEAD_LEN - 1] = '\n';
	n = snprintf(text + HEAD_LEN, LINE_LEN, "pvm-checkpoint 6 %s%s", boot,
		     rest);
	text[HEAD_LEN + n] = ' ';
	text[HEAD_LEN + LINE_LEN - 1] = '\n';
	unlink(bench->path);
	write_bytes(bench, 0, text, HEAD_LEN + LINE_LEN);
}

static bool find_text(struct bench *bench, const char *boot, const char *rest)
{
	write_file(bench, boot, rest);
	return find(bench);
}

#define SEEN " pid=1 seen=1.002:3"
#define NOTHING " pending=0 first=0.000:0 last=0.000:0"
#define THREE " pending=3 first=0.000:1 last=0.000:9"
#define NO_RECORDS " in_flight=- missing=- end=- node="

#define OTHER_BOOT "01234567-89ab-4cde-8f01-23456789abcd"

/* Nothing but what it has left, and that once: its numbers mean other things.
 */
static void what_another_boot_left_is_taken_as_such(void)
{
	struct pvm_checkpoint *checkpoint;
	struct bench bench;

	start_bench(&bench);
	CU_ASSERT_TRUE(find_text(&bench, bench.boot, REST));
	CU_ASSERT_FALSE(bench.entry.other_boot);
	SAME_NUMBER(bench.others.pids[0], 4242);
	write_file(&bench, OTHER_BOOT, REST);
	write_bytes(&bench, HEAD_LEN + LINE_LEN, "00000000 0000000000000400\n",
		    26);
	checkpoint = enter(&bench);
	SAME_NUMBER(bench.early_nr, 0);
	SAME_NUMBER(bench.others.pids[0], 0);
	SAME_NUMBER(bench.others.seen.serial, 0);
	SAME_TEXT(bench.others.node, "");
	CU_ASSERT_TRUE(pvm_checkpoint_has_others(checkpoint));
	SAME_NUMBER(take(&bench, checkpoint), 4242);
	CU_ASSERT_TRUE(bench.entry.other_boot);
	SAME_NUMBER(bench.entry.seen.serial, 43);
	SAME_NUMBER(bench.entry.pending.span.count, 9);
	SAME_NUMBER(bench.entry.missing.nr, 2);
	SAME_NUMBER(take(&bench, checkpoint), 0);
	pvm_checkpoint_close(checkpoint);
	CU_ASSERT_FALSE(find(&bench));
	stop_bench(&bench);
}

/* The first of this boot is the newest from then on. */
static void generation_begins_anew_with_each_boot(void)
{
	struct pvm_checkpoint *one, *two;
	struct bench bench;

	start_bench(&bench);
	write_file(&bench, OTHER_BOOT, REST);
	one = enter(&bench);
	CU_ASSERT_FALSE(pvm_checkpoint_succeeded(one));
	two = enter(&bench);
	CU_ASSERT_TRUE(pvm_checkpoint_succeeded(one));
	CU_ASSERT_FALSE(pvm_checkpoint_succeeded(two));
	pvm_checkpoint_close(one);
	pvm_checkpoint_close(two);
	stop_bench(&bench);
}

static void other_boots_line_has_a_boot(void)
{
	struct bench bench;

	start_bench(&bench);
	CU_ASSERT_FALSE(find_text(&bench, "", REST));
	CU_ASSERT_FALSE(find_text(&bench, "01234567", REST));
	CU_ASSERT_FALSE(find_text(&bench, OTHER_BOOT "0", REST));
	stop_bench(&bench);
}

/* Of a power cut, which can leave some of the line's pages as they were. */
static void torn_line_of_another_boot_is_taken_as_far_as_it_goes(void)
{
	static const char torn[] = SEEN THREE
		" in_flight=1:call:1:1-1,7,1:call missing=- end=- node=";
	struct bench bench;

	start_bench(&bench);
	CU_ASSERT_FALSE(find_text(&bench, bench.boot, torn));
	CU_ASSERT_TRUE(find_text(&bench, OTHER_BOOT, torn));
	SAME_NUMBER(bench.entry.seen.serial, 3);
	SAME_SPAN(&bench.entry.pending.span, "3 0.000:1-0.000:9");
	SAME_NUMBER(bench.entry.pending.records_nr, 0);
	SAME_NUMBER(bench.entry.missing.nr, 0);
	CU_ASSERT_FALSE(bench.entry.ended);
	CU_ASSERT_FALSE(find_text(&bench, OTHER_BOOT, SEEN " pending=x"));
	stop_bench(&bench);
}

/* Whether a process has seen auditd's end is in what it leaves. */
static void end_is_left_with_what_is_beyond(void)
{
	struct pvm_checkpoint_entry ended = entries[1];
	struct bench bench;

	start_bench(&bench);
	leave(&bench, &ended);
	CU_ASSERT_TRUE(find(&bench));
	CU_ASSERT_FALSE(bench.entry.ended);
	ended.ended = true;
	leave(&bench, &ended);
	CU_ASSERT_TRUE(find(&bench));
	CU_ASSERT_TRUE(bench.entry.ended);
	SAME_NUMBER(bench.entry.beyond.count, 0);
	ended.beyond = (struct pvm_span){3, {9, 1, 7}, {10, 2, 4294967295}};
	leave(&bench, &ended);
	CU_ASSERT_TRUE(find(&bench));
	SAME_SPAN(&bench.entry.beyond, "3 9.001:7-10.002:4294967295");
	stop_bench(&bench);
}

static void shortened_file_is_not_taken(void)
{
	static const off_t lens[] = {0,
				     1,
				     HEAD_LEN - 1,
				     HEAD_LEN,
				     HEAD_LEN + 200,
				     HEAD_LEN + LINE_LEN - 1};
	struct bench bench;

	start_bench(&bench);
	for (size_t i = 0; i < COUNT(lens); i++) {
		leave(&bench, &entries[0]);
		CU_ASSERT_TRUE(find(&bench));
		leave(&bench, &entries[0]);
		SAME_NUMBER(truncate(bench.path, lens[i]), 0);
		CU_ASSERT_FALSE(find(&bench));
	}
	leave(&bench, &entries[0]);
	SAME_NUMBER(truncate(bench.path, HEAD_LEN + LINE_LEN), 0);
	CU_ASSERT_TRUE(find(&bench));
	stop_bench(&bench);
}

/* What stands behind version and boot of a line that is not taken. */
static const char *const garbage[] = {
	"",
	" pid=1 seen=",
	" pid=1 seen=1.2",
	SEEN,
	SEEN " pending=0 first=0.000:0 last=0.000",
	SEEN " pending= first=0.000:0 last=0.000:0" NO_RECORDS,
	SEEN " pending=0 first=0.000:0 node=web-1",
	SEEN NOTHING " node=",
	SEEN NOTHING " in_flight=-",
	/* no such numbers */
	" pid=1 seen=x.002:3" NOTHING NO_RECORDS,
	" pid=1 seen=253402300800.002:3" NOTHING NO_RECORDS,
	" pid=1 seen=+1.002:3" NOTHING NO_RECORDS,
	SEEN " pending= 0 first=0.000:0 last=0.000:0" NO_RECORDS,
	/* no such ids */
	" pid=1 seen=1.1000:3" NOTHING NO_RECORDS,
	" pid=1 seen=1.002:4294967296" NOTHING NO_RECORDS,
	" pid=1 seen=1.002:-3" NOTHING NO_RECORDS,
	SEEN " pending=1 first=0.1000:0 last=0.000:0" NO_RECORDS,
	SEEN " pending=1 first=0.000:4294967296 last=0.000:0" NO_RECORDS,
	SEEN " pending=1 first=0.000:0 last=0.-1:0" NO_RECORDS,
	SEEN " pending=1 first=0.000:0 last=0.000:4294967296" NO_RECORDS,
	/* no such process */
	" seen=1.002:3" NOTHING NO_RECORDS,
	" pid= seen=1.002:3" NOTHING NO_RECORDS,
	" pid=4294967296 seen=1.002:3" NOTHING NO_RECORDS,
	/* no such records */
	SEEN THREE " in_flight= missing=- end=- node=",
	SEEN THREE " in_flight=1 missing=- end=- node=",
	SEEN THREE " in_flight=1:call missing=- end=- node=",
	SEEN THREE " in_flight=1:1:1-1 missing=- end=- node=",
	SEEN THREE " in_flight=1:call:1 missing=- end=- node=",
	SEEN THREE " in_flight=1:call:1:1 missing=- end=- node=",
	SEEN THREE " in_flight=1:call:1:1- missing=- end=- node=",
	SEEN THREE " in_flight=1:call:1:1-1, missing=- end=- node=",
	SEEN THREE " in_flight=x:call:1:1-1 missing=- end=- node=",
	SEEN THREE " in_flight=1:calls:1:1-1 missing=- end=- node=",
	SEEN THREE " in_flight=1:fed:1:1-1 missing=- end=- node=",
	SEEN THREE " in_flight=1::1:1-1 missing=- end=- node=",
	SEEN THREE " in_flight=1:call:1:1-4294967296 missing=- end=- node=",
	SEEN THREE " in_flight=1:call:1:4294967296-1 missing=- end=- node=",
	SEEN THREE " in_flight=1:call:1:1.-1.0 missing=- end=- node=",
	SEEN THREE " in_flight=4294967296:call:1:1-1 missing=- end=- node=",
	SEEN THREE " in_flight=1:feed:1:1-1:5 missing=- end=- node=",
	SEEN THREE " in_flight=1:feed:1:1.000:1-1.000:1 missing=- end=- node=",
	SEEN THREE " in_flight=1:feed:1:1.000:1-1.000:1: missing=- end=- node=",
	SEEN THREE " in_flight=1:call:1:1-1:5 missing=- end=- node=",
	/* no such rows */
	SEEN THREE " in_flight=- node=",
	SEEN THREE " in_flight=- missing=- node=",
	SEEN THREE " in_flight=- missing=- end= node=",
	SEEN THREE " in_flight=- missing=- end=1 node=",
	SEEN THREE " in_flight=- missing=- end=1:1.0:7 node=",
	SEEN THREE " in_flight=- missing=- end=x:1.0:7-1.0:9 node=",
	SEEN THREE " in_flight=- missing=- end=1:1.0:7-1.0:9node=",
	SEEN THREE " in_flight=- missing= end=- node=",
	SEEN THREE " in_flight=- missing=7-9 end=- node=",
	SEEN THREE " in_flight=- missing=1.0:7-1.0:9 end=- node=",
	SEEN THREE " in_flight=- missing=1.0:7-1.0:9: end=- node=",
	SEEN THREE " in_flight=- missing=1.0:7-1.0:9:7 end=- node=",
	SEEN THREE " in_flight=- missing=1.0:7-1.0:9:9-7 end=- node=",
	SEEN THREE " in_flight=- missing=1.0:7-1.0:9:7-9, end=- node=",
	SEEN THREE " in_flight=- missing=1.0:7-1.0:9:7-8,8-9 end=- node=",
	SEEN THREE " in_flight=- missing=1.0:7-1.0:9:8-9,6-7 end=- node=",
	SEEN THREE " in_flight=- missing=1.0:7-1.0:9:7-4294967296 end=- node=",
	/* of more events than are pending */
	SEEN THREE " in_flight=1:call:4:1-9 missing=- end=- node=",
	SEEN THREE
	" in_flight=1:call:2:1-9,1:feed:2:1.0:1-1.0:9:5 missing=- end=- node=",
	SEEN THREE " in_flight=1:call:18446744073709551615:1-9,1:call:3:1-9 "
		   "missing=- end=- node=",
};

static void garbage_is_not_taken(void)
{
	static char line[HEAD_LEN + LINE_LEN];
	struct bench bench;

	start_bench(&bench);
	CU_ASSERT_TRUE(find_text(&bench, bench.boot, SEEN NOTHING NO_RECORDS));
	CU_ASSERT_TRUE(find_text(
		&bench, bench.boot,
		SEEN THREE " in_flight=1:call:2:1-9,1:feed:1:1.002:1-1.002:1:5 "
			   "missing=- end=- node="));
	for (size_t i = 0; i < COUNT(garbage); i++)
		if (find_text(&bench, bench.boot, garbage[i]))
			SAME_TEXT(garbage[i], "a line that is not taken");
	memset(line, 0, sizeof(line));
	write_bytes(&bench, 0, line, sizeof(line));
	CU_ASSERT_FALSE(find(&bench));
	memset(line, 'x', sizeof(line));
	write_bytes(&bench, 0, line, sizeof(line));
	CU_ASSERT_FALSE(find(&bench));
	stop_bench(&bench);
}

static void more_records_than_fit_are_not_taken(void)
{
	static char rest[LINE_LEN];
	struct bench bench;
	size_t used;

	start_bench(&bench);
	for (unsigned int nr = 256; nr <= 257; nr++) {
		used = (size_t)snprintf(
			rest, sizeof(rest),
			" pid=1 seen=1.002:3 pending=999 "
			"first=0.000:1 last=0.000:9 in_flight=");
		for (unsigned int i = 0; i < nr; i++)
			used += (size_t)snprintf(rest + used,
						 sizeof(rest) - used,
						 "%s1:call:1:1-1",
						 i ? "," : "");
		snprintf(rest + used, sizeof(rest) - used,
			 " missing=- end=- node=");
		SAME_NUMBER(find_text(&bench, bench.boot, rest), nr == 256);
	}
	stop_bench(&bench);
}

static void other_versions_are_not_taken(void)
{
	struct bench bench;

	start_bench(&bench);
	leave(&bench, &entries[0]);
	write_bytes(&bench, HEAD_LEN + (off_t)strlen("pvm-checkpoint "), "4",
		    1);
	CU_ASSERT_FALSE(find(&bench));
	stop_bench(&bench);
}

static void name_that_is_too_long_is_cut(void)
{
	char rest[400] = SEEN NOTHING NO_RECORDS;
	struct bench bench;
	size_t len = strlen(rest);

	start_bench(&bench);
	memset(rest + len, 'n', 300);
	rest[len + 300] = '\0';
	CU_ASSERT_TRUE_FATAL(find_text(&bench, bench.boot, rest));
	SAME_NUMBER(strlen(bench.entry.node), 255);
	stop_bench(&bench);
}

static void file_is_its_owners_only(void)
{
	mode_t before = umask(0);
	struct bench bench;
	struct stat file;

	start_bench(&bench);
	CU_ASSERT_FALSE(find(&bench));
	umask(before);
	SAME_NUMBER(stat(bench.path, &file), 0);
	SAME_NUMBER(file.st_mode, S_IFREG | 0600);
	stop_bench(&bench);
}

static void folder_is_made(void)
{
	mode_t before = umask(022);
	struct bench bench;
	struct stat folder;

	start_bench(&bench);
	SAME_NUMBER(rmdir(bench.folder), 0);
	CU_ASSERT_FALSE(find(&bench));
	umask(before);
	SAME_NUMBER(stat(bench.folder, &folder), 0);
	SAME_NUMBER(folder.st_mode, S_IFDIR | 0700);
	stop_bench(&bench);
}

static void expect_no_checkpoint(const char *path, int err)
{
	errno = 0;
	CU_ASSERT_PTR_NULL(pvm_checkpoint_open(path));
	SAME_NUMBER(errno, err);
}

static void link_in_its_place_is_refused(void)
{
	char target[sizeof(UNIT_FOLDER) + 16], bytes[8];
	struct bench bench;
	FILE *file;

	start_bench(&bench);
	snprintf(target, sizeof(target), "%s/target", bench.folder);
	file = fopen(target, "w");
	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	fputs("kept", file);
	fclose(file);
	SAME_NUMBER(symlink(target, bench.path), 0);
	expect_no_checkpoint(bench.path, ELOOP);
	SAME_NUMBER(read_bytes(target, 0, bytes, 7), 4);
	SAME_TEXT(bytes, "kept");
	SAME_NUMBER(unlink(target), 0);
	/* nor is one followed that leads nowhere */
	expect_no_checkpoint(bench.path, ELOOP);
	SAME_NUMBER(access(target, F_OK), -1);
	stop_bench(&bench);
}

static void file_that_cannot_be_opened_is_an_error(void)
{
	char path[sizeof(UNIT_FOLDER) + 32];
	struct bench bench;

	start_bench(&bench);
	expect_no_checkpoint(bench.folder, EISDIR);
	snprintf(path, sizeof(path), "%s/no/folder/checkpoint", bench.folder);
	expect_no_checkpoint(path, ENOENT);
	expect_no_checkpoint("/dev/null/checkpoint", ENOTDIR);
	SAME_NUMBER(rmdir(bench.folder), 0);
	pvm_checkpoint_close(NULL);
}

static void file_that_cannot_be_written_is_an_error(void)
{
	struct pvm_checkpoint_others others = {.early = note_early};
	struct pvm_checkpoint *checkpoint = pvm_checkpoint_open("/dev/full");

	CU_ASSERT_PTR_NOT_NULL_FATAL(checkpoint);
	SAME_NUMBER(pvm_checkpoint_enter(checkpoint, &others), -ENOSPC);
	pvm_checkpoint_close(checkpoint);
}

/* ---- processes that overlap */

static void entry_of_a_living_process_is_not_taken(void)
{
	struct pvm_checkpoint *one, *two;
	struct bench bench;

	start_bench(&bench);
	one = enter(&bench);
	write_seen(one, 1, 10);
	two = enter(&bench);
	/* but read */
	SAME_NUMBER(bench.others.pids[0], 1);
	SAME_NUMBER(bench.others.seen.serial, 10);
	SAME_TEXT(bench.others.node, "a");
	CU_ASSERT_TRUE(pvm_checkpoint_has_others(two));
	SAME_NUMBER(take(&bench, two), 0);
	CU_ASSERT_TRUE(pvm_checkpoint_has_others(two));
	write_seen(one, 1, 20);
	pvm_checkpoint_close(one);
	SAME_NUMBER(take(&bench, two), 1);
	SAME_NUMBER(bench.entry.seen.serial, 20);
	SAME_NUMBER(take(&bench, two), 0);
	CU_ASSERT_FALSE(pvm_checkpoint_has_others(two));
	pvm_checkpoint_close(two);
	stop_bench(&bench);
}

static void only_the_newest_takes_over_and_each_entry_once(void)
{
	struct pvm_checkpoint *one, *two, *three;
	struct bench bench;

	start_bench(&bench);
	one = enter(&bench);
	write_seen(one, 1, 10);
	two = enter(&bench);
	write_seen(two, 2, 20);
	CU_ASSERT_TRUE(pvm_checkpoint_succeeded(one));
	CU_ASSERT_FALSE(pvm_checkpoint_succeeded(two));
	three = enter(&bench);
	SAME_NUMBER(bench.others.pids[0] + bench.others.pids[1], 3);
	SAME_NUMBER(bench.others.pids[2], 0);
	SAME_NUMBER(bench.others.seen.serial, 20);
	CU_ASSERT_TRUE(pvm_checkpoint_succeeded(two));
	CU_ASSERT_FALSE(pvm_checkpoint_succeeded(three));
	write_seen(three, 3, 30);
	/* late, and when two successors have entered */
	write_seen(one, 1, 11);
	pvm_checkpoint_close(one);
	SAME_NUMBER(take(&bench, two), 0);
	SAME_NUMBER(take(&bench, three), 1);
	SAME_NUMBER(bench.entry.seen.serial, 11);
	SAME_NUMBER(take(&bench, two), 0);
	SAME_NUMBER(take(&bench, three), 0);
	CU_ASSERT_TRUE(pvm_checkpoint_has_others(three));
	write_seen(two, 2, 21);
	pvm_checkpoint_close(two);
	SAME_NUMBER(take(&bench, three), 2);
	SAME_NUMBER(bench.entry.seen.serial, 21);
	SAME_NUMBER(take(&bench, three), 0);
	CU_ASSERT_FALSE(pvm_checkpoint_has_others(three));
	pvm_checkpoint_close(three);
	stop_bench(&bench);
}

/* Held up between its entering and its first entry. */
static void process_that_has_not_written_yet_is_waited_for(void)
{
	struct pvm_checkpoint *one, *two;
	struct bench bench;

	start_bench(&bench);
	one = enter(&bench);
	two = enter(&bench);
	CU_ASSERT_TRUE(pvm_checkpoint_has_others(two));
	SAME_NUMBER(take(&bench, two), 0);
	CU_ASSERT_TRUE(pvm_checkpoint_has_others(two));
	write_seen(one, 1, 10);
	pvm_checkpoint_close(one);
	SAME_NUMBER(take(&bench, two), 1);
	SAME_NUMBER(take(&bench, two), 0);
	CU_ASSERT_FALSE(pvm_checkpoint_has_others(two));
	pvm_checkpoint_close(two);
	stop_bench(&bench);
}

/* Its entry has it already, and the other's as well. */
static void entry_being_taken_is_lost_to_no_kill(void)
{
	struct pvm_checkpoint *two, *three;
	struct bench bench;

	start_bench(&bench);
	leave(&bench, &entries[0]);
	two = enter(&bench);
	CU_ASSERT_TRUE(pvm_checkpoint_take(two, &bench.entry));
	/* nobody else can take it meanwhile */
	three = enter(&bench);
	SAME_NUMBER(take(&bench, three), 0);
	CU_ASSERT_TRUE(pvm_checkpoint_has_others(three));
	write_seen(two, 2, 50);
	pvm_checkpoint_close(two);
	SAME_NUMBER(take(&bench, three) + take(&bench, three), 4242 + 2);
	SAME_NUMBER(take(&bench, three), 0);
	pvm_checkpoint_close(three);
	stop_bench(&bench);
}

static void waiting_ends_when_the_others_have(void)
{
	struct pvm_checkpoint *one, *two;
	struct bench bench;

	start_bench(&bench);
	one = enter(&bench);
	CU_ASSERT_TRUE(pvm_checkpoint_wait(one, 0));
	two = pvm_checkpoint_open(bench.path);
	CU_ASSERT_PTR_NOT_NULL_FATAL(two);
	CU_ASSERT_FALSE(pvm_checkpoint_wait(two, 0));
	CU_ASSERT_FALSE(pvm_checkpoint_wait(two, 200));
	pvm_checkpoint_close(one);
	CU_ASSERT_TRUE(pvm_checkpoint_wait(two, 200));
	pvm_checkpoint_close(two);
	stop_bench(&bench);
}

static void sixteen_processes_can_overlap(void)
{
	struct pvm_checkpoint *processes[SLOTS], *last;
	struct bench bench;

	start_bench(&bench);
	for (uint32_t i = 0; i < SLOTS; i++) {
		processes[i] = enter(&bench);
		write_seen(processes[i], 100 + i, 10 + i);
	}
	for (uint32_t i = 0; i < SLOTS - 1; i++)
		SAME_NUMBER(bench.others.pids[i], 100 + i);
	SAME_NUMBER(try_enter(&bench, &last), -EBUSY);
	pvm_checkpoint_close(last);
	/* it has succeeded nobody */
	CU_ASSERT_FALSE(pvm_checkpoint_succeeded(processes[SLOTS - 1]));
	/* what one has left is not overwritten */
	pvm_checkpoint_close(processes[3]);
	SAME_NUMBER(try_enter(&bench, &last), -EBUSY);
	pvm_checkpoint_close(last);
	SAME_NUMBER(take(&bench, processes[SLOTS - 1]), 103);
	last = enter(&bench);
	write_seen(last, 200, 40);
	for (uint32_t i = 0; i < SLOTS; i++)
		if (i != 3)
			pvm_checkpoint_close(processes[i]);
	for (uint32_t i = 0; i < SLOTS; i++)
		if (i != 3)
			SAME_NUMBER(take(&bench, last), 100 + i);
	SAME_NUMBER(take(&bench, last), 0);
	pvm_checkpoint_close(last);
	stop_bench(&bench);
}

/* ---- calls recorded early */

static void serials_recorded_early_are_the_successors_to_know(void)
{
	struct pvm_checkpoint *one, *two, *three;
	struct bench bench;

	start_bench(&bench);
	one = enter(&bench);
	write_seen(one, 1, 10);
	CU_ASSERT_TRUE(pvm_checkpoint_record_early(one, 7));
	CU_ASSERT_TRUE(pvm_checkpoint_record_early(one, 4294967295));
	CU_ASSERT_TRUE(pvm_checkpoint_record_early(one, 0));
	two = enter(&bench);
	SAME_TEXT(bench.early, "0 7 4294967295 ");
	write_seen(two, 2, 20);
	CU_ASSERT_FALSE(pvm_checkpoint_record_early(one, 8));
	CU_ASSERT_TRUE(pvm_checkpoint_record_early(two, 9));
	pvm_checkpoint_close(one);
	SAME_NUMBER(take(&bench, two), 1);
	pvm_checkpoint_close(two);
	/* what the first has handed on, the third has by the second */
	three = enter(&bench);
	SAME_TEXT(bench.early, "0 7 9 4294967295 ");
	SAME_NUMBER(take(&bench, three), 2);
	pvm_checkpoint_close(three);
	stop_bench(&bench);
}

static void slot_in_use_again_has_no_old_serials(void)
{
	struct pvm_checkpoint *one;
	struct bench bench;

	start_bench(&bench);
	one = enter(&bench);
	CU_ASSERT_TRUE(pvm_checkpoint_record_early(one, 7));
	pvm_checkpoint_close(one);
	one = enter(&bench);
	write_seen(one, 1, 10);
	pvm_checkpoint_close(one);
	one = enter(&bench);
	SAME_TEXT(bench.early, "");
	pvm_checkpoint_close(one);
	stop_bench(&bench);
}

/* Whoever has the lock is about to enter. */
static void nothing_is_recorded_early_while_another_enters(void)
{
	struct flock lock = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1};
	struct pvm_checkpoint *one;
	struct bench bench;
	int fd;

	start_bench(&bench);
	leave(&bench, &entries[0]);
	one = enter(&bench);
	fd = open(bench.path, O_RDWR | O_CLOEXEC);
	CU_ASSERT_FATAL(fd >= 0);
	SAME_NUMBER(fcntl(fd, F_OFD_SETLK, &lock), 0);
	CU_ASSERT_FALSE(pvm_checkpoint_record_early(one, 7));
	SAME_NUMBER(take(&bench, one), 0);
	CU_ASSERT_FALSE(pvm_checkpoint_succeeded(one));
	close(fd);
	CU_ASSERT_TRUE(pvm_checkpoint_record_early(one, 7));
	SAME_NUMBER(take(&bench, one), 4242);
	pvm_checkpoint_close(one);
	stop_bench(&bench);
}

static void record_early(struct pvm_checkpoint *checkpoint, uint32_t first,
			 uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		CU_ASSERT_TRUE(
			pvm_checkpoint_record_early(checkpoint, first + i));
}

/* However many there are of those. */
static void serials_of_the_newest_262144_events_are_kept(void)
{
	struct pvm_checkpoint *one, *two;
	struct bench bench;

	start_bench(&bench);
	one = enter(&bench);
	write_seen(one, 1, 10);
	record_early(one, 64, 20000);
	record_early(one, 64 + 262144, 64);
	two = enter(&bench);
	SAME_NUMBER(bench.early_nr, 20000);
	pvm_checkpoint_close(one);
	pvm_checkpoint_close(two);
	stop_bench(&bench);
}

/* Through slots of others that are taken over meanwhile. */
static void serials_of_several_processes_are_handed_on(void)
{
	struct pvm_checkpoint *one, *two, *three, *four;
	struct bench bench;

	start_bench(&bench);
	leave(&bench, &entries[0]);
	one = enter(&bench);
	write_seen(one, 1, 10);
	SAME_NUMBER(take(&bench, one), 4242);
	record_early(one, 100000, 100);
	two = enter(&bench);
	write_seen(two, 2, 20);
	SAME_NUMBER(bench.early_nr, 100);
	record_early(two, 200000, 8191);
	three = enter(&bench);
	write_seen(three, 3, 30);
	/* of one by its own slot, and by two's */
	SAME_NUMBER(bench.early_nr, 100 + 100 + 8191);
	pvm_checkpoint_close(one);
	pvm_checkpoint_close(two);
	SAME_NUMBER(take(&bench, three) + take(&bench, three), 3);
	pvm_checkpoint_close(three);
	four = enter(&bench);
	SAME_NUMBER(bench.early_nr, 100 + 8191);
	pvm_checkpoint_close(four);
	stop_bench(&bench);
}

CU_TestInfo checkpoint_tests[] = {
	TEST(new_checkpoint_has_nothing_to_take),
	TEST(next_process_takes_what_was_written_last),
	TEST(longest_entry_fits),
	TEST(of_longest_records_the_oldest_have_room),
	TEST(odd_name_comes_back_whole),
	TEST(file_has_a_line_of_one_length_a_process),
	TEST(entry_is_written_only_when_it_changes),
	TEST(what_another_boot_left_is_taken_as_such),
	TEST(generation_begins_anew_with_each_boot),
	TEST(other_boots_line_has_a_boot),
	TEST(torn_line_of_another_boot_is_taken_as_far_as_it_goes),
	TEST(end_is_left_with_what_is_beyond),
	TEST(shortened_file_is_not_taken),
	TEST(garbage_is_not_taken),
	TEST(more_records_than_fit_are_not_taken),
	TEST(other_versions_are_not_taken),
	TEST(name_that_is_too_long_is_cut),
	TEST(file_is_its_owners_only),
	TEST(folder_is_made),
	TEST(link_in_its_place_is_refused),
	TEST(file_that_cannot_be_opened_is_an_error),
	TEST(file_that_cannot_be_written_is_an_error),
	TEST(entry_of_a_living_process_is_not_taken),
	TEST(only_the_newest_takes_over_and_each_entry_once),
	TEST(process_that_has_not_written_yet_is_waited_for),
	TEST(entry_being_taken_is_lost_to_no_kill),
	TEST(waiting_ends_when_the_others_have),
	TEST(sixteen_processes_can_overlap),
	TEST(serials_recorded_early_are_the_successors_to_know),
	TEST(slot_in_use_again_has_no_old_serials),
	TEST(nothing_is_recorded_early_while_another_enters),
	TEST(serials_of_the_newest_262144_events_are_kept),
	TEST(serials_of_several_processes_are_handed_on),
	CU_TEST_INFO_NULL,
};
