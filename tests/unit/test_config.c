// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_config.c - pvm.conf: what it says, or what is wrong with it
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "process/config.h"
#include "unit.h"

/*
 * "type queue_depth join_depth join_timeout ring_size source vectors
 * fold_after fold_window"
 */
static void describe(char *text, size_t size, const struct pvm_config *config)
{
	snprintf(text, size, "%u %u %u %u %u %u %u %u %u", config->record_type,
		 config->queue_depth, config->join_depth, config->join_timeout,
		 config->ring_size, config->source, config->vectors,
		 config->fold_after, config->fold_window);
}

/* Something that no parser would come to by itself. */
static const struct pvm_config untouched = {
	.record_type = 1,
	.queue_depth = 2,
	.join_depth = 3,
	.join_timeout = 4,
	.ring_size = 5,
	.source = 6,
	.vectors = 7,
	.fold_after = 8,
	.fold_window = 9,
};

/* @size bytes of @text give @want, or fail with the reason @want. */
static void expect_bytes(const char *text, size_t size, const char *want)
{
	struct pvm_config config = untouched;
	char *copy = malloc(size ? size : 1), got[64], why[600] = "";
	int err;

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	memcpy(copy, text, size); /* nothing readable behind it */
	err = pvm_config_parse(&config, "pvm.conf", copy, size, why,
			       sizeof(why));
	free(copy);
	describe(got, sizeof(got), &config);
	SAME_TEXT(err ? why : got, want);
	if (err) {
		SAME_NUMBER(err, -EINVAL);
		SAME_TEXT(got, "1 2 3 4 5 6 7 8 9");
	}
}

static void expect_parsed(const char *text, const char *want)
{
	expect_bytes(text, strlen(text), want);
}

#define DEFAULTS "1005 4096 12288 20 1024 2 1024 10 2"

static void defaults_are_as_documented(void)
{
	struct pvm_config config = untouched;
	char got[64];

	pvm_config_defaults(&config);
	describe(got, sizeof(got), &config);
	SAME_TEXT(got, DEFAULTS);
}

static void empty_file_gives_the_defaults(void)
{
	expect_parsed("", DEFAULTS);
	expect_parsed("\n\n", DEFAULTS);
}

static void option_is_good_up_to_both_limits(void)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"record_type = USER\n", "1005 4096 12288 20 1024 2 1024 10 2"},
		{"record_type = TRUSTED_APP\n",
		 "1121 4096 12288 20 1024 2 1024 10 2"},
		{"vectors = 1\n", "1005 4096 12288 20 1024 2 1 10 2"},
		{"vectors = 1024\n", "1005 4096 12288 20 1024 2 1024 10 2"},
		{"source = kernel\n", "1005 4096 12288 20 1024 2 1024 10 2"},
		{"source = user\n", "1005 4096 12288 20 1024 1 1024 10 2"},
		{"source = none\n", "1005 4096 12288 20 1024 0 1024 10 2"},
		{"queue_depth = 64\n", "1005 64 12288 20 1024 2 1024 10 2"},
		{"queue_depth = 65536\n",
		 "1005 65536 12288 20 1024 2 1024 10 2"},
		{"join_depth = 64\n", "1005 4096 64 20 1024 2 1024 10 2"},
		{"join_depth = 65536\n", "1005 4096 65536 20 1024 2 1024 10 2"},
		{"join_timeout = 1\n", "1005 4096 12288 1 1024 2 1024 10 2"},
		{"join_timeout = 600\n",
		 "1005 4096 12288 600 1024 2 1024 10 2"},
		{"ring_size = 64\n", "1005 4096 12288 20 64 2 1024 10 2"},
		{"ring_size = 128\n", "1005 4096 12288 20 128 2 1024 10 2"},
		{"ring_size = 65536\n", "1005 4096 12288 20 65536 2 1024 10 2"},
		{"fold_after = 0\n", "1005 4096 12288 20 1024 2 1024 0 2"},
		{"fold_after = 65536\n",
		 "1005 4096 12288 20 1024 2 1024 65536 2"},
		{"fold_window = 1\n", "1005 4096 12288 20 1024 2 1024 10 1"},
		{"fold_window = 3600\n",
		 "1005 4096 12288 20 1024 2 1024 10 3600"},
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		expect_parsed(cases[i].text, cases[i].want);
}

static void all_options_together_are_taken(void)
{
	expect_parsed("record_type = TRUSTED_APP\n"
		      "queue_depth = 100\n"
		      "join_depth = 200\n"
		      "join_timeout = 30\n"
		      "ring_size = 4096\n"
		      "fold_after = 5\n"
		      "fold_window = 60\n",
		      "1121 100 200 30 4096 2 1024 5 60");
}

#define WANT_TYPE "expected USER or TRUSTED_APP"
#define WANT_QUEUE "expected a whole number of records from 64 to 65536"
#define WANT_JOIN "expected a whole number of calls from 64 to 65536"
#define WANT_TIMEOUT "expected a whole number of seconds from 1 to 600"
#define WANT_RING "expected a power of two of KiB from 64 to 65536"
#define WANT_AFTER "expected a whole number of calls from 0 to 65536"
#define WANT_WINDOW "expected a whole number of seconds from 1 to 3600"

static const struct {
	const char *text, *want;
} bad_values[] = {
	{"record_type = user\n",
	 "pvm.conf:1: record_type = 'user': " WANT_TYPE},
	{"record_type = 1005\n",
	 "pvm.conf:1: record_type = '1005': " WANT_TYPE},
	{"record_type = USER,TRUSTED_APP\n",
	 "pvm.conf:1: record_type = 'USER,TRUSTED_APP': " WANT_TYPE},
	{"record_type =\n", "pvm.conf:1: record_type = '': " WANT_TYPE},
	{"vectors = 0\n",
	 "pvm.conf:1: vectors = '0': expected a whole number of vectors "
	 "from 1 to 1024"},
	{"vectors = 1025\n",
	 "pvm.conf:1: vectors = '1025': expected a whole number of "
	 "vectors from 1 to 1024"},
	{"queue_depth = 63\n", "pvm.conf:1: queue_depth = '63': " WANT_QUEUE},
	{"queue_depth = 65537\n",
	 "pvm.conf:1: queue_depth = '65537': " WANT_QUEUE},
	{"queue_depth =\n", "pvm.conf:1: queue_depth = '': " WANT_QUEUE},
	{"queue_depth=", "pvm.conf:1: queue_depth = '': " WANT_QUEUE},
	{"queue_depth = -64\n", "pvm.conf:1: queue_depth = '-64': " WANT_QUEUE},
	{"queue_depth = +64\n", "pvm.conf:1: queue_depth = '+64': " WANT_QUEUE},
	{"queue_depth = 64k\n", "pvm.conf:1: queue_depth = '64k': " WANT_QUEUE},
	{"queue_depth = 64 # many\n",
	 "pvm.conf:1: queue_depth = '64 # many': " WANT_QUEUE},
	{"queue_depth = 6 4\n", "pvm.conf:1: queue_depth = '6 4': " WANT_QUEUE},
	{"queue_depth = 0x80\n",
	 "pvm.conf:1: queue_depth = '0x80': " WANT_QUEUE},
	/* 64 with 2^32, and 2^64, added */
	{"queue_depth = 4294967360\n",
	 "pvm.conf:1: queue_depth = '4294967360': " WANT_QUEUE},
	{"queue_depth = 18446744073709551680\n",
	 "pvm.conf:1: queue_depth = "
	 "'18446744073709551680': " WANT_QUEUE},
	{"queue_depth = 64 = 65\n",
	 "pvm.conf:1: queue_depth = '64 = 65': " WANT_QUEUE},
	{"queue_depth == 64\n",
	 "pvm.conf:1: queue_depth = '= 64': " WANT_QUEUE},
	{"join_depth = 63\n", "pvm.conf:1: join_depth = '63': " WANT_JOIN},
	{"join_depth = 65537\n",
	 "pvm.conf:1: join_depth = '65537': " WANT_JOIN},
	{"join_timeout = 0\n", "pvm.conf:1: join_timeout = '0': " WANT_TIMEOUT},
	{"join_timeout = 601\n",
	 "pvm.conf:1: join_timeout = '601': " WANT_TIMEOUT},
	{"join_timeout = 1.5\n",
	 "pvm.conf:1: join_timeout = '1.5': " WANT_TIMEOUT},
	{"ring_size = 32\n", "pvm.conf:1: ring_size = '32': " WANT_RING},
	{"ring_size = 63\n", "pvm.conf:1: ring_size = '63': " WANT_RING},
	{"ring_size = 65\n", "pvm.conf:1: ring_size = '65': " WANT_RING},
	{"ring_size = 65537\n", "pvm.conf:1: ring_size = '65537': " WANT_RING},
	{"ring_size = 131072\n",
	 "pvm.conf:1: ring_size = '131072': " WANT_RING},
	{"ring_size = 96\n", "pvm.conf:1: ring_size = '96': " WANT_RING},
	{"fold_after = -1\n", "pvm.conf:1: fold_after = '-1': " WANT_AFTER},
	{"fold_after = 65537\n",
	 "pvm.conf:1: fold_after = '65537': " WANT_AFTER},
	{"fold_window = 0\n", "pvm.conf:1: fold_window = '0': " WANT_WINDOW},
	{"fold_window = 3601\n",
	 "pvm.conf:1: fold_window = '3601': " WANT_WINDOW},
};

static void bad_value_says_where_it_is_and_what_is_allowed(void)
{
	for (size_t i = 0; i < COUNT(bad_values); i++)
		expect_parsed(bad_values[i].text, bad_values[i].want);
}

static void unknown_option_names_those_that_there_are(void)
{
#define THERE_ARE                                                    \
	": no such option; there are record_type, source, vectors, " \
	"queue_depth, "                                              \
	"join_depth, "                                               \
	"join_timeout, ring_size, fold_after, fold_window"
	expect_parsed("colour = blue\n", "pvm.conf:1: 'colour'" THERE_ARE);
	expect_parsed("queue_dept = 64\n",
		      "pvm.conf:1: 'queue_dept'" THERE_ARE);
	expect_parsed("queue_depths = 64\n",
		      "pvm.conf:1: 'queue_depths'" THERE_ARE);
	expect_parsed("Queue_depth = 64\n",
		      "pvm.conf:1: 'Queue_depth'" THERE_ARE);
	expect_parsed("= 64\n", "pvm.conf:1: ''" THERE_ARE);
	expect_parsed("#a\nqueue depth = 64\n",
		      "pvm.conf:2: 'queue depth'" THERE_ARE);
}

static void line_without_a_value_is_refused(void)
{
	expect_parsed(
		"queue_depth\n",
		"pvm.conf:1: 'queue_depth': expected a line 'name = value'");
	expect_parsed("queue_depth 64", "pvm.conf:1: 'queue_depth 64': "
					"expected a line 'name = value'");
	expect_parsed("[main]\n",
		      "pvm.conf:1: '[main]': expected a line 'name = value'");
}

static void error_counts_lines_from_one(void)
{
	expect_parsed("# one\n"
		      "\n"
		      "queue_depth = 64\n"
		      "join_depth = x\n"
		      "ring_size = y\n",
		      "pvm.conf:4: join_depth = 'x': " WANT_JOIN);
	expect_parsed("\n\n\n\n\n\n\n\n\n\n\nx",
		      "pvm.conf:12: 'x': expected a line 'name = value'");
}

static void blanks_comments_and_line_ends_do_not_matter(void)
{
	static const char *const texts[] = {
		"queue_depth = 64",
		"queue_depth = 64\n",
		"queue_depth=64\n",
		"  \tqueue_depth\t =\t 64 \t\n",
		"queue_depth = 64\r\n",
		"# comment\r\n\r\nqueue_depth = 64\r\n",
		"#queue_depth = 65\n   # join_depth = 1\nqueue_depth = 64\n#",
		"\n \n\t\n\r\nqueue_depth = 64\n\n\n",
		"#\nqueue_depth = 64\n# no newline",
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		expect_parsed(texts[i], "1005 64 12288 20 1024 2 1024 10 2");
}

#define WANT_LINE "expected a line of text under 256 bytes"

static void nul_byte_is_refused(void)
{
	static const char in_value[] = "queue_depth = 64\0\n";
	static const char in_comment[] = "\n# a\0b\nqueue_depth = 64\n";
	static const char alone[] = "\0";

	expect_bytes(in_value, sizeof(in_value) - 1, "pvm.conf:1: " WANT_LINE);
	expect_bytes(in_comment, sizeof(in_comment) - 1,
		     "pvm.conf:2: " WANT_LINE);
	expect_bytes(alone, 1, "pvm.conf:1: " WANT_LINE);
}

/* A good option behind @blanks blanks, as the second line. */
static void expect_indented(size_t blanks, const char *want)
{
	char text[1024];

	snprintf(text, sizeof(text), "\n%*squeue_depth = 64\n", (int)blanks,
		 "");
	expect_parsed(text, want);
	text[strlen(text) - 1] = '\0';
	expect_parsed(text, want);
}

static void line_of_256_bytes_is_refused(void)
{
	/* the option itself takes 16 */
	expect_indented(255 - 16, "1005 64 12288 20 1024 2 1024 10 2");
	expect_indented(256 - 16, "pvm.conf:2: " WANT_LINE);
	expect_indented(900, "pvm.conf:2: " WANT_LINE);
}

/* The longest texts that an error can quote. */
static void longest_line_is_quoted_whole(void)
{
	char text[256], want[600];

	memset(text, 'n', 253);
	memcpy(text + 253, "=1", 3);
	snprintf(want, sizeof(want), "pvm.conf:1: '%.253s'%s", text, THERE_ARE);
	expect_parsed(text, want);
	memcpy(text, "queue_depth=", 12);
	memset(text + 12, 'v', 243);
	snprintf(want, sizeof(want), "pvm.conf:1: queue_depth = '%.243s': %s",
		 text + 12, WANT_QUEUE);
	expect_parsed(text, want);
}

static void control_bytes_are_shown_as_question_marks(void)
{
	expect_parsed("queue_depth = 6\x1b[31m4\x7f\xc3\xa4\n",
		      "pvm.conf:1: queue_depth = '6?[31m4?"
		      "?"
		      "?': " WANT_QUEUE);
	expect_parsed("\x1b[2J = 1\n", "pvm.conf:1: '?[2J'" THERE_ARE);
	expect_parsed("a\tb\rc\n",
		      "pvm.conf:1: 'a?b?c': expected a line 'name = value'");
}

static void short_room_for_the_reason_is_kept_to(void)
{
	struct pvm_config config = untouched;
	char why[9] = "xxxxxxxx";

	SAME_NUMBER(pvm_config_parse(&config, "pvm.conf", "a", 1, why, 8),
		    -EINVAL);
	SAME_TEXT(why, "pvm.con");
}

/* A file of the test's own, in a directory of its own. */
struct place {
	char dir[sizeof(UNIT_FOLDER)];
	char file[64];
};

static void make_place(struct place *place)
{
	unit_make_folder(place->dir);
	snprintf(place->file, sizeof(place->file), "%s/pvm.conf", place->dir);
}

static void write_file(const struct place *place, const char *text, size_t size)
{
	FILE *file = fopen(place->file, "w");

	CU_ASSERT_PTR_NOT_NULL_FATAL(file);
	SAME_NUMBER(fwrite(text, 1, size, file), size);
	fclose(file);
	SAME_NUMBER(chmod(place->file, 0640), 0);
}

static void remove_place(const struct place *place)
{
	unlink(place->file);
	SAME_NUMBER(rmdir(place->dir), 0);
}

/*
 * Loading @name gives @want and returns @err; a reason is checked as its name,
 * a colon and @want.
 */
static void expect_loaded(const char *name, int err, const char *want)
{
	struct pvm_config config = untouched;
	char got[64], why[600] = "";

	SAME_NUMBER(pvm_config_load(&config, name, why, sizeof(why)), err);
	describe(got, sizeof(got), &config);
	if (!err) {
		SAME_TEXT(got, want);
		return;
	}
	SAME_TEXT(got, "1 2 3 4 5 6 7 8 9");
	CU_ASSERT_NSTRING_EQUAL(why, name, strlen(name));
	if (strlen(why) > strlen(name))
		SAME_TEXT(why + strlen(name), want);
}

#define MUST_BE_ROOTS                                                   \
	": must be a regular file of root's that only root may write; " \
	"use chown root and chmod go-w"

static void good_file_is_loaded(void)
{
	static const char text[] = "queue_depth = 64\njoin_timeout = 3";
	struct place place;

	make_place(&place);
	write_file(&place, text, sizeof(text) - 1);
	expect_loaded(place.file, 0, "1005 64 12288 3 1024 2 1024 10 2");
	SAME_NUMBER(chmod(place.file, 0444), 0);
	expect_loaded(place.file, 0, "1005 64 12288 3 1024 2 1024 10 2");
	write_file(&place, "", 0);
	expect_loaded(place.file, 0, DEFAULTS);
	remove_place(&place);
}

static void bad_file_says_which_line(void)
{
	struct place place;

	make_place(&place);
	write_file(&place, "\nqueue_depth = 1\n", 17);
	expect_loaded(place.file, -EINVAL,
		      ":2: queue_depth = '1': " WANT_QUEUE);
	remove_place(&place);
}

static void missing_file_is_logged(void)
{
	struct place place;

	make_place(&place);
	expect_loaded(place.file, -ENOENT,
		      ": cannot open: No such file or directory");
	remove_place(&place);
}

static void file_that_others_may_write_is_refused(void)
{
	static const mode_t modes[] = {0660, 0642, 0666, 0620, 0602};
	struct place place;

	make_place(&place);
	write_file(&place, "queue_depth = 64\n", 17);
	for (size_t i = 0; i < COUNT(modes); i++) {
		SAME_NUMBER(chmod(place.file, modes[i]), 0);
		expect_loaded(place.file, -EPERM, MUST_BE_ROOTS);
	}
	remove_place(&place);
}

static void file_of_another_user_is_refused(void)
{
	struct place place;

	make_place(&place);
	write_file(&place, "queue_depth = 64\n", 17);
	SAME_NUMBER(chown(place.file, 65534, 0), 0);
	expect_loaded(place.file, -EPERM, MUST_BE_ROOTS);
	SAME_NUMBER(chown(place.file, 0, 65534), 0);
	expect_loaded(place.file, 0, "1005 64 12288 20 1024 2 1024 10 2");
	remove_place(&place);
}

/* Neither may keep the plugin waiting. */
static void what_is_no_regular_file_is_refused(void)
{
	struct place place;

	make_place(&place);
	SAME_NUMBER(chmod(place.dir, 0700), 0);
	expect_loaded(place.dir, -EPERM, MUST_BE_ROOTS);
	SAME_NUMBER(mkfifo(place.file, 0600), 0);
	expect_loaded(place.file, -EPERM, MUST_BE_ROOTS);
	remove_place(&place);
}

static void larger_file_than_allowed_is_refused(void)
{
	char *text = malloc(65537);
	struct place place;

	CU_ASSERT_PTR_NOT_NULL_FATAL(text);
	memset(text, '\n', 65537);
	make_place(&place);
	write_file(&place, text, 65536);
	expect_loaded(place.file, 0, DEFAULTS);
	write_file(&place, text, 65537);
	expect_loaded(place.file, -EFBIG, ": larger than 65536 bytes");
	remove_place(&place);
	free(text);
}

static int lowest_free_fd(void)
{
	int fd = open("/dev/null", O_RDONLY);

	close(fd);
	return fd;
}

static void loading_leaves_no_file_open(void)
{
	struct place place;
	int fd = lowest_free_fd();

	make_place(&place);
	expect_loaded(place.dir, -EPERM, MUST_BE_ROOTS);
	SAME_NUMBER(lowest_free_fd(), fd);
	write_file(&place, "", 0);
	expect_loaded(place.file, 0, DEFAULTS);
	SAME_NUMBER(lowest_free_fd(), fd);
	write_file(&place, "x", 1);
	expect_loaded(place.file, -EINVAL,
		      ":1: 'x': expected a line 'name = value'");
	SAME_NUMBER(lowest_free_fd(), fd);
	remove_place(&place);
}

CU_TestInfo config_tests[] = {
	TEST(defaults_are_as_documented),
	TEST(empty_file_gives_the_defaults),
	TEST(option_is_good_up_to_both_limits),
	TEST(all_options_together_are_taken),
	TEST(bad_value_says_where_it_is_and_what_is_allowed),
	TEST(unknown_option_names_those_that_there_are),
	TEST(line_without_a_value_is_refused),
	TEST(error_counts_lines_from_one),
	TEST(blanks_comments_and_line_ends_do_not_matter),
	TEST(nul_byte_is_refused),
	TEST(line_of_256_bytes_is_refused),
	TEST(longest_line_is_quoted_whole),
	TEST(control_bytes_are_shown_as_question_marks),
	TEST(short_room_for_the_reason_is_kept_to),
	TEST(good_file_is_loaded),
	TEST(bad_file_says_which_line),
	TEST(missing_file_is_logged),
	TEST(file_that_others_may_write_is_refused),
	TEST(file_of_another_user_is_refused),
	TEST(what_is_no_regular_file_is_refused),
	TEST(larger_file_than_allowed_is_refused),
	TEST(loading_leaves_no_file_open),
	CU_TEST_INFO_NULL,
};
