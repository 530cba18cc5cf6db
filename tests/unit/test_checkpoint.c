// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_checkpoint.c - the next process reads what this one wrote, and nothing
 * else
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ledger/checkpoint.h"
#include "unit.h"

#define LINE_LEN 16384

struct bench {
	char folder[sizeof(UNIT_FOLDER)];
	char path[sizeof(UNIT_FOLDER) + 16];
	char boot[64];
};

static void start_bench(struct bench *bench)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");

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

/* What another process that starts now finds. */
static bool find(struct bench *bench, struct pvm_checkpoint_entry *entry)
{
	struct pvm_checkpoint *checkpoint;
	bool found;

	checkpoint = pvm_checkpoint_open(bench->path, entry, &found);
	CU_ASSERT_PTR_NOT_NULL_FATAL(checkpoint);
	pvm_checkpoint_close(checkpoint);
	return found;
}

static void write_entries(struct bench *bench,
			  const struct pvm_checkpoint_entry *entries, size_t nr)
{
	struct pvm_checkpoint_entry before;
	struct pvm_checkpoint *checkpoint;
	bool found;

	checkpoint = pvm_checkpoint_open(bench->path, &before, &found);
	CU_ASSERT_PTR_NOT_NULL_FATAL(checkpoint);
	for (size_t i = 0; i < nr; i++)
		SAME_NUMBER(pvm_checkpoint_write(checkpoint, &entries[i]), 0);
	pvm_checkpoint_close(checkpoint);
}

static void write_file(const char *path, const char *text, size_t len)
{
	FILE *file = fopen(path, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	SAME_NUMBER(fwrite(text, 1, len, file), len);
	fclose(file);
}

/* The file's line, with one byte more to end it; returns its length. */
static size_t read_file(const char *path, char line[static LINE_LEN + 2])
{
	FILE *file = fopen(path, "r");
	size_t len;

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	len = fread(line, 1, LINE_LEN + 1, file);
	line[len] = '\0';
	fclose(file);
	return len;
}

static const struct pvm_checkpoint_entry entries[] = {
	{{1795288457, 412, 43},
	 {4242,
	  {9, {1795288457, 7, 41}, {1795288457, 412, 42}},
	  2,
	  {{4242, 41, 41, 1}, {4241, 40, 42, 3}}},
	 {{7, 7}, {9, 4294967295}},
	 2,
	 "web-1.example.org"},
	{.seen = {9, 0, 4294967295}},
};

#define REST                                                       \
	" pid=4242 seen=1795288457.412:43 pending=9 "              \
	"first=1795288457.7:41 last=1795288457.412:42 "            \
	"awaited=4242:1:41-41,4241:3:40-42 told=7-7,9-4294967295 " \
	"node=web-1.example.org"

static void new_checkpoint_tells_nothing(void)
{
	struct pvm_checkpoint_entry entry;
	struct bench bench;

	start_bench(&bench);
	CU_ASSERT_FALSE(find(&bench, &entry));
	CU_ASSERT_FALSE(find(&bench, &entry));
	stop_bench(&bench);
}

static void next_process_finds_what_was_written_last(void)
{
	struct pvm_checkpoint_entry entry;
	struct bench bench;

	start_bench(&bench);
	write_entries(&bench, entries, 1);
	CU_ASSERT_TRUE_FATAL(find(&bench, &entry));
	SAME_NUMBER(entry.seen.sec, 1795288457);
	SAME_NUMBER(entry.seen.msec, 412);
	SAME_NUMBER(entry.seen.serial, 43);
	SAME_SPAN(&entry.pending.span, "9 1795288457.007:41-1795288457.412:42");
	SAME_NUMBER(entry.pending.pid, 4242);
	SAME_NUMBER(entry.pending.records_nr, 2);
	SAME_NUMBER(entry.pending.awaited[1].pid, 4241);
	SAME_NUMBER(entry.pending.awaited[1].count, 3);
	SAME_NUMBER(entry.pending.awaited[1].first, 40);
	SAME_NUMBER(entry.pending.awaited[1].last, 42);
	SAME_TEXT(entry.node, "web-1.example.org");
	write_entries(&bench, entries, 2);
	CU_ASSERT_TRUE_FATAL(find(&bench, &entry));
	SAME_NUMBER(entry.seen.serial, 4294967295);
	SAME_NUMBER(entry.pending.span.count, 0);
	SAME_NUMBER(entry.pending.records_nr, 0);
	SAME_TEXT(entry.node, "");
	stop_bench(&bench);
}

static void file_is_one_line_of_one_length(void)
{
	char line[LINE_LEN + 2], want[LINE_LEN];
	struct bench bench;
	size_t len;

	start_bench(&bench);
	write_entries(&bench, &entries[1], 1);
	SAME_NUMBER(read_file(bench.path, line), LINE_LEN);
	write_entries(&bench, entries, 1);
	SAME_NUMBER(read_file(bench.path, line), LINE_LEN);
	len = (size_t)snprintf(want, sizeof(want), "pvm-checkpoint 3 %s" REST,
			       bench.boot);
	SAME_NUMBER(strspn(line + len, " "), LINE_LEN - len - 1);
	SAME_TEXT(line + LINE_LEN - 1, "\n");
	line[len] = '\0';
	SAME_TEXT(line, want);
	stop_bench(&bench);
}

static void longest_entry_fits(void)
{
	struct pvm_id id = {UINT64_MAX, 999, UINT32_MAX};
	struct pvm_checkpoint_entry entry = {
		.seen = id,
		.pending = {.pid = UINT32_MAX, .span = {UINT64_MAX, id, id}}};
	struct bench bench;

	start_bench(&bench);
	memset(entry.node, 'n', 255);
	entry.told_nr = PVM_CHECKPOINT_EARLY;
	for (size_t i = 0; i < PVM_CHECKPOINT_EARLY; i++)
		entry.told[i] = (struct pvm_range){4294967000 + 2 * i,
						   4294967000 + 2 * i};
	entry.pending.records_nr = PVM_CHECKPOINT_RECORDS;
	for (size_t i = 0; i < PVM_CHECKPOINT_RECORDS; i++)
		entry.pending.awaited[i] = (struct pvm_in_flight_record){
			UINT32_MAX, UINT32_MAX, UINT32_MAX, (uint64_t)1 << 55};
	write_entries(&bench, &entry, 1);
	memset(&entry, 0, sizeof(entry));
	CU_ASSERT_TRUE_FATAL(find(&bench, &entry));
	SAME_NUMBER(entry.pending.records_nr, 256);
	SAME_NUMBER(entry.pending.awaited[255].last, 4294967295);
	SAME_SPAN(&entry.pending.span, "18446744073709551615 "
				       "18446744073709551615.999:4294967295-"
				       "18446744073709551615.999:4294967295");
	SAME_NUMBER(strlen(entry.node), 255);
	SAME_NUMBER(strspn(entry.node, "n"), 255);
	SAME_NUMBER(entry.told_nr, 64);
	SAME_NUMBER(entry.told[63].last, 4294967126);
	stop_bench(&bench);
}

/* Any byte but a space may stand in a node's name. */
static void odd_name_comes_back_whole(void)
{
	struct pvm_checkpoint_entry entry = {.seen = {1, 0, 1},
					     .node = "\ta\v%s\xff\"b"};
	struct bench bench;

	start_bench(&bench);
	write_entries(&bench, &entry, 1);
	memset(&entry, 0, sizeof(entry));
	CU_ASSERT_TRUE_FATAL(find(&bench, &entry));
	SAME_TEXT(entry.node, "\ta\v%s\xff\"b");
	stop_bench(&bench);
}

/* What is found when the file holds @format with the boot's id in it. */
static bool find_text(struct bench *bench, const char *boot, const char *rest,
		      struct pvm_checkpoint_entry *entry)
{
	char line[LINE_LEN + 512];
	int n = snprintf(line, sizeof(line), "pvm-checkpoint 3 %s%s", boot,
			 rest);

	memset(line + n, ' ', sizeof(line) - (size_t)n);
	line[LINE_LEN - 1] = '\n';
	write_file(bench->path, line, LINE_LEN);
	return find(bench, entry);
}

static void other_boots_checkpoint_is_not_taken(void)
{
	struct pvm_checkpoint_entry entry;
	struct bench bench;

	start_bench(&bench);
	CU_ASSERT_TRUE(find_text(&bench, bench.boot, REST, &entry));
	CU_ASSERT_FALSE(find_text(
		&bench, "01234567-89ab-4cde-8f01-23456789abcd", REST, &entry));
	bench.boot[35] ^= 1;
	CU_ASSERT_FALSE(find_text(&bench, bench.boot, REST, &entry));
	stop_bench(&bench);
}

static void shortened_file_is_not_taken(void)
{
	static const off_t lens[] = {0, 1, 200, LINE_LEN - 1};
	struct pvm_checkpoint_entry entry;
	struct bench bench;

	start_bench(&bench);
	for (size_t i = 0; i < COUNT(lens); i++) {
		write_entries(&bench, entries, 1);
		CU_ASSERT_TRUE(find(&bench, &entry));
		SAME_NUMBER(truncate(bench.path, lens[i]), 0);
		CU_ASSERT_FALSE(find(&bench, &entry));
	}
	stop_bench(&bench);
}

/* What stands behind version and boot of a line that is not taken. */
static const char *const garbage[] = {
	"",
	" pid=1 seen=",
	" pid=1 seen=1.2",
	" pid=1 seen=1.2:3",
	" pid=1 seen=1.2:3 pending=0 first=0.0:0 last=0.0",
	" pid=1 seen=x.2:3 pending=0 first=0.0:0 last=0.0:0 awaited=- "
	"told=- node=",
	" pid=1 seen=1.2:3 pending= first=0.0:0 last=0.0:0 awaited=- "
	"told=- node=",
	" pid=1 seen=1.2:3 pending=0 first=0.0:0 node=web-1",
	/* no such numbers */
	" pid=1 seen=18446744073709551616.2:3 pending=0 first=0.0:0 "
	"last=0.0:0 awaited=- told=- node=",
	" pid=1 seen=+1.2:3 pending=0 first=0.0:0 last=0.0:0 awaited=- "
	"told=- node=",
	" pid=1 seen=1.2:3 pending= 0 first=0.0:0 last=0.0:0 awaited=- "
	"told=- node=",
	/* no such ids */
	" pid=1 seen=1.1000:3 pending=0 first=0.0:0 last=0.0:0 "
	"awaited=- told=- node=",
	" pid=1 seen=1.2:4294967296 pending=0 first=0.0:0 last=0.0:0 "
	"awaited=- told=- "
	"node=",
	" pid=1 seen=1.2:-3 pending=0 first=0.0:0 last=0.0:0 awaited=- "
	"told=- node=",
	" pid=1 seen=1.2:3 pending=1 first=0.1000:0 last=0.0:0 "
	"awaited=- told=- node=",
	" pid=1 seen=1.2:3 pending=1 first=0.0:4294967296 last=0.0:0 "
	"awaited=- told=- "
	"node=",
	" pid=1 seen=1.2:3 pending=0 first=0.0:0 last=0.0:0 "
	"awaited=- node=",
	" pid=1 seen=1.2:3 pending=0 first=0.0:0 last=0.0:0 awaited=- "
	"told= node=",
	" pid=1 seen=1.2:3 pending=0 first=0.0:0 last=0.0:0 awaited=- "
	"told=1 node=",
	" pid=1 seen=1.2:3 pending=0 first=0.0:0 last=0.0:0 awaited=- "
	"told=2-1 node=",
	" pid=1 seen=1.2:3 pending=0 first=0.0:0 last=0.0:0 awaited=- "
	"told=1-2,2-3 "
	"node=",
	" pid=1 seen=1.2:3 pending=0 first=0.0:0 last=0.0:0 awaited=- "
	"told=5-6,1-2 "
	"node=",
	" pid=1 seen=1.2:3 pending=0 first=0.0:0 last=0.0:0 awaited=- "
	"told=1-2, node=",
	" pid=1 seen=1.2:3 pending=0 first=0.0:0 last=0.0:0 awaited=- "
	"told=1-2x node=",
	" pid=1 seen=1.2:3 pending=0 first=0.0:0 last=0.0:0 "
	"awaited=- told=1-4294967296 node=",
	" pid=1 seen=1.2:3 pending=1 first=0.0:0 last=0.-1:0 awaited=- "
	"told=- node=",
	" pid=1 seen=1.2:3 pending=1 first=0.0:0 last=0.0:4294967296 "
	"awaited=- told=- "
	"node=",
	/* no such process */
	" seen=1.2:3 pending=0 first=0.0:0 last=0.0:0 awaited=- "
	"told=- node=",
	" pid= seen=1.2:3 pending=0 first=0.0:0 last=0.0:0 awaited=- "
	"told=- node=",
	" pid=4294967296 seen=1.2:3 pending=0 first=0.0:0 last=0.0:0 "
	"awaited=- told=- node=",
	/* no such records, or of more calls than are pending */
	" pid=1 seen=1.2:3 pending=3 first=0.0:1 last=0.0:9 told=- "
	"node=",
	" pid=1 seen=1.2:3 pending=3 first=0.0:1 last=0.0:9 "
	"awaited= told=- node=",
	" pid=1 seen=1.2:3 pending=3 first=0.0:1 last=0.0:9 "
	"awaited=1:1 told=- node=",
	" pid=1 seen=1.2:3 pending=3 first=0.0:1 last=0.0:9 "
	"awaited=1:1:1 told=- node=",
	" pid=1 seen=1.2:3 pending=3 first=0.0:1 last=0.0:9 "
	"awaited=1:1:1- told=- node=",
	" pid=1 seen=1.2:3 pending=3 first=0.0:1 last=0.0:9 "
	"awaited=1:1:1-1, told=- node=",
	" pid=1 seen=1.2:3 pending=3 first=0.0:1 last=0.0:9 "
	"awaited=x:1:1-1 told=- node=",
	" pid=1 seen=1.2:3 pending=3 first=0.0:1 last=0.0:9 "
	"awaited=1:1:1-4294967296 told=- node=",
	" pid=1 seen=1.2:3 pending=3 first=0.0:1 last=0.0:9 "
	"awaited=4294967296:1:1-1 told=- node=",
	" pid=1 seen=1.2:3 pending=3 first=0.0:1 last=0.0:9 "
	"awaited=1:4:1-9 told=- node=",
	" pid=1 seen=1.2:3 pending=3 first=0.0:1 last=0.0:9 "
	"awaited=1:2:1-9,1:2:1-9 told=- node=",
	" pid=1 seen=1.2:3 pending=3 first=0.0:1 last=0.0:9 "
	"awaited=1:18446744073709551615:1-9,1:3:1-9 told=- node=",
};

static void garbage_is_not_taken(void)
{
	struct pvm_checkpoint_entry entry;
	char line[LINE_LEN];
	struct bench bench;

	start_bench(&bench);
	CU_ASSERT_TRUE(find_text(&bench, bench.boot,
				 " pid=1 seen=1.2:3 pending=0 first=0.0:0 "
				 "last=0.0:0 awaited=- told=- node=",
				 &entry));
	CU_ASSERT_TRUE(find_text(&bench, bench.boot,
				 " pid=1 seen=1.2:3 pending=3 first=0.0:1 "
				 "last=0.0:9 awaited=1:2:1-9,1:1:1-1 told=- "
				 "node=",
				 &entry));
	for (size_t i = 0; i < COUNT(garbage); i++)
		CU_ASSERT_FALSE(
			find_text(&bench, bench.boot, garbage[i], &entry));
	memset(line, 0, sizeof(line));
	write_file(bench.path, line, sizeof(line));
	CU_ASSERT_FALSE(find(&bench, &entry));
	memset(line, 'x', sizeof(line));
	write_file(bench.path, line, sizeof(line));
	CU_ASSERT_FALSE(find(&bench, &entry));
	stop_bench(&bench);
}

static void later_version_is_not_taken(void)
{
	struct pvm_checkpoint_entry entry;
	char line[LINE_LEN + 2];
	struct bench bench;

	start_bench(&bench);
	write_entries(&bench, entries, 1);
	read_file(bench.path, line);
	line[strlen("pvm-checkpoint ")] = '4';
	write_file(bench.path, line, LINE_LEN);
	CU_ASSERT_FALSE(find(&bench, &entry));
	stop_bench(&bench);
}

static void name_that_is_too_long_is_cut(void)
{
	struct pvm_checkpoint_entry entry;
	struct bench bench;
	char rest[400];
	int n;

	start_bench(&bench);
	n = snprintf(
		rest, sizeof(rest),
		" pid=1 seen=1.2:3 pending=0 first=0.0:0 last=0.0:0 awaited=- "
		"told=- node=");
	memset(rest + n, 'n', 300);
	rest[n + 300] = '\0';
	CU_ASSERT_TRUE_FATAL(find_text(&bench, bench.boot, rest, &entry));
	SAME_NUMBER(strlen(entry.node), 255);
	stop_bench(&bench);
}

static void file_is_its_owners_only(void)
{
	struct pvm_checkpoint_entry entry;
	mode_t before = umask(0);
	struct bench bench;
	struct stat file;

	start_bench(&bench);
	CU_ASSERT_FALSE(find(&bench, &entry));
	umask(before);
	SAME_NUMBER(stat(bench.path, &file), 0);
	SAME_NUMBER(file.st_mode, S_IFREG | 0600);
	stop_bench(&bench);
}

static void folder_is_made(void)
{
	struct pvm_checkpoint_entry entry;
	mode_t before = umask(022);
	struct bench bench;
	struct stat folder;

	start_bench(&bench);
	SAME_NUMBER(rmdir(bench.folder), 0);
	CU_ASSERT_FALSE(find(&bench, &entry));
	umask(before);
	SAME_NUMBER(stat(bench.folder, &folder), 0);
	SAME_NUMBER(folder.st_mode, S_IFDIR | 0755);
	stop_bench(&bench);
}

static void expect_no_checkpoint(const char *path, int err)
{
	struct pvm_checkpoint_entry entry;
	bool found = true;

	errno = 0;
	CU_ASSERT_PTR_NULL(pvm_checkpoint_open(path, &entry, &found));
	SAME_NUMBER(errno, err);
	CU_ASSERT_FALSE(found);
}

static void link_in_its_place_is_refused(void)
{
	char target[sizeof(UNIT_FOLDER) + 16], line[LINE_LEN + 2];
	struct bench bench;

	start_bench(&bench);
	snprintf(target, sizeof(target), "%s/target", bench.folder);
	write_file(target, "kept", 4);
	SAME_NUMBER(symlink(target, bench.path), 0);
	expect_no_checkpoint(bench.path, ELOOP);
	SAME_NUMBER(read_file(target, line), 4);
	SAME_TEXT(line, "kept");
	SAME_NUMBER(unlink(target), 0);
	/* nor is one followed that leads nowhere */
	expect_no_checkpoint(bench.path, ELOOP);
	SAME_NUMBER(access(target, F_OK), -1);
	stop_bench(&bench);
}

static void what_cannot_be_opened_is_told(void)
{
	struct bench bench;
	char path[sizeof(UNIT_FOLDER) + 32];

	start_bench(&bench);
	expect_no_checkpoint(bench.folder, EISDIR);
	snprintf(path, sizeof(path), "%s/no/folder/checkpoint", bench.folder);
	expect_no_checkpoint(path, ENOENT);
	expect_no_checkpoint("/dev/null/checkpoint", ENOTDIR);
	SAME_NUMBER(rmdir(bench.folder), 0);
}

static void failed_write_is_told(void)
{
	struct pvm_checkpoint_entry entry;
	struct pvm_checkpoint *checkpoint;
	bool found = true;

	checkpoint = pvm_checkpoint_open("/dev/full", &entry, &found);
	CU_ASSERT_PTR_NOT_NULL_FATAL(checkpoint);
	CU_ASSERT_FALSE(found);
	SAME_NUMBER(pvm_checkpoint_write(checkpoint, &entries[0]), -ENOSPC);
	pvm_checkpoint_close(checkpoint);
	pvm_checkpoint_close(NULL);
}

CU_TestInfo checkpoint_tests[] = {
	TEST(new_checkpoint_tells_nothing),
	TEST(next_process_finds_what_was_written_last),
	TEST(file_is_one_line_of_one_length),
	TEST(longest_entry_fits),
	TEST(odd_name_comes_back_whole),
	TEST(other_boots_checkpoint_is_not_taken),
	TEST(shortened_file_is_not_taken),
	TEST(garbage_is_not_taken),
	TEST(later_version_is_not_taken),
	TEST(name_that_is_too_long_is_cut),
	TEST(file_is_its_owners_only),
	TEST(folder_is_made),
	TEST(link_in_its_place_is_refused),
	TEST(what_cannot_be_opened_is_told),
	TEST(failed_write_is_told),
	CU_TEST_INFO_NULL,
};
