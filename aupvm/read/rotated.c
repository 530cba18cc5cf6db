// SPDX-License-Identifier: GPL-2.0-or-later
/* rotated.c - see rotated.h */
#define _GNU_SOURCE /* strndup */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "lib/slice.h"
#include "read/rotated.h"
#include "util/memory.h"

/* auditd's num_logs goes to 999. */
#define NUMBER_DIGITS 3

/* A date has at least so many: 261127. */
#define DATE_DIGITS 6

/* Where the first record of a log is looked for. */
#define HEAD_SIZE 65536

enum suffix {
	SUFFIX_NONE, /* the log that is being written */
	SUFFIX_NUMBER, /* .1, the higher the older */
	SUFFIX_DATE, /* -20261127 */
	SUFFIX_OTHER,
	SUFFIX_PACKED, /* compressed as we cannot read it */
};

struct file {
	char *name;
	size_t suffix_len; /* without .gz */
	enum suffix suffix;
	unsigned int number;
	bool gz;
};

struct files {
	struct file *file;
	size_t nr;
	size_t base_len;
};

static bool cut_end(const char *text, size_t *len, const char *end)
{
	size_t end_len = strlen(end);

	if (*len < end_len || memcmp(text + *len - end_len, end, end_len) != 0)
		return false;
	*len -= end_len;
	return true;
}

static bool is_packed(const char *suffix, size_t len)
{
	return cut_end(suffix, &len, ".xz") || cut_end(suffix, &len, ".bz2") ||
	       cut_end(suffix, &len, ".zst") || cut_end(suffix, &len, ".lz4") ||
	       cut_end(suffix, &len, ".Z");
}

/* What stands behind the log's own name, from its dot or dash on. */
static enum suffix read_suffix(const char *suffix, size_t len,
			       unsigned int *number)
{
	size_t digits = 0;

	if (!len)
		return SUFFIX_NONE;
	if (is_packed(suffix, len))
		return SUFFIX_PACKED;
	if (len < 2 || !strchr(".-", suffix[0]))
		return SUFFIX_OTHER;
	*number = 0;
	for (size_t i = 1; i < len; i++) {
		bool digit = suffix[i] >= '0' && suffix[i] <= '9';

		if (!digit && !strchr("-_.T", suffix[i]))
			return SUFFIX_OTHER;
		if (digit && ++digits <= NUMBER_DIGITS)
			*number =
				*number * 10 + (unsigned int)(suffix[i] - '0');
	}
	if (suffix[0] == '.' && digits == len - 1 && digits <= NUMBER_DIGITS)
		return SUFFIX_NUMBER;
	return digits >= DATE_DIGITS ? SUFFIX_DATE : SUFFIX_OTHER;
}

static void add_file(struct files *files, const char *base, const char *suffix)
{
	struct file file = {.suffix_len = strlen(suffix)};
	size_t size = files->base_len + file.suffix_len + 1;

	file.name = new_zeroed(1, size);
	memcpy(file.name, base, files->base_len);
	memcpy(file.name + files->base_len, suffix, file.suffix_len);
	file.gz = cut_end(suffix, &file.suffix_len, ".gz");
	file.suffix = read_suffix(suffix, file.suffix_len, &file.number);
	files->file = grow_array(files->file, files->nr, sizeof(file));
	files->file[files->nr++] = file;
}

/* audit.log.bak, but not audit.logic. */
static bool is_alike(const char *name, const char *leaf)
{
	size_t len = strlen(leaf);

	return !strncmp(name, leaf, len) &&
	       (!name[len] || strchr(".-_~,+", name[len]));
}

static bool scan(struct files *files, const char *base)
{
	const char *slash = strrchr(base, '/');
	const char *leaf = slash ? slash + 1 : base;
	char folder[PATH_MAX] = ".";
	const struct dirent *entry;
	DIR *dir;

	if (slash)
		snprintf(folder, sizeof(folder), "%.*s",
			 (int)(slash == base ? 1 : slash - base), base);
	dir = opendir(folder);
	if (!dir)
		return false;
	while ((entry = readdir(dir)))
		if (is_alike(entry->d_name, leaf))
			add_file(files, base, entry->d_name + strlen(leaf));
	closedir(dir);
	return true;
}

/* ---- in order */

/* Numbers from high to low, then dates from early to late, then the rest. */
static int compare_files(const void *a, const void *b)
{
	const struct file *left = a, *right = b;
	int order;

	if (left->suffix != right->suffix)
		return left->suffix < right->suffix ? -1 : 1;
	if (left->suffix == SUFFIX_NUMBER && left->number != right->number)
		return left->number > right->number ? -1 : 1;
	order = strncmp(left->name, right->name,
			strlen(left->name) - (left->gz ? 3 : 0));
	/* the one that is not compressed first */
	return order ? order : left->gz - right->gz;
}

/* Milliseconds of the first record, 0 when there is none. */
static uint64_t first_ms(const char *name)
{
	static const char start[] = "msg=audit(";
	char *head = new_zeroed(1, HEAD_SIZE);
	gzFile file = gzopen(name, "rbe");
	struct slice text = {head, 0};
	struct pvm_id id = {0};
	const char *found;
	int n = file ? gzread(file, head, HEAD_SIZE) : 0;

	text.len = n > 0 ? (size_t)n : 0;
	found = slice_find(text, start);
	if (found) {
		text = slice_from(text, found + sizeof(start) - 1);
		slice_take_id(&text, &id);
	}
	if (file)
		gzclose(file);
	free(head);
	return id_ms(&id);
}

static void take(struct rotated *rotated, struct file *file)
{
	rotated->name =
		grow_array(rotated->name, rotated->nr, sizeof(*rotated->name));
	rotated->name[rotated->nr++] = file->name;
	file->name = NULL;
}

/* The numbered and the dated ones, each in order; where both are there, merged
 * by the time at which they begin. */
static void merge(struct rotated *rotated, struct file *number, size_t numbers,
		  struct file *date, size_t dates)
{
	while (numbers || dates) {
		bool dated = !numbers ||
			     (dates &&
			      first_ms(date->name) <= first_ms(number->name));

		take(rotated, dated ? date : number);
		if (dated) {
			date++;
			dates--;
		} else {
			number++;
			numbers--;
		}
	}
}

/* ---- what is wanting */

static void leave_out(const struct file *file, const char *why, bool quiet)
{
	if (!quiet)
		fprintf(stderr, "aupvm: %s: left out: %s\n", file->name, why);
}

/* Compressed under way, or by hand: the same log twice. */
static size_t drop_doubles(struct file *file, size_t nr, size_t base_len,
			   bool quiet)
{
	size_t kept = 0;

	for (size_t i = 0; i < nr; i++) {
		const struct file *last = kept ? &file[kept - 1] : NULL;

		if (last && last->suffix_len == file[i].suffix_len &&
		    !memcmp(last->name + base_len, file[i].name + base_len,
			    last->suffix_len)) {
			leave_out(&file[i], "it is there uncompressed as well",
				  quiet);
			free(file[i].name);
			continue;
		}
		file[kept++] = file[i];
	}
	return kept;
}

/* Numbers begin at 1, or at 0, and have no gap. */
static void find_gaps(struct rotated *rotated, const char *base,
		      const struct file *file, size_t nr, bool quiet)
{
	unsigned int next = 1;

	for (size_t i = nr; i-- > 0; next = file[i].number + 1) {
		if (file[i].number <= next)
			continue;
		rotated->wanting = true;
		if (!quiet)
			fprintf(stderr,
				"aupvm: %s.%u: missing, while %s is there\n",
				base, next, file[i].name);
	}
}

static void name_others(struct rotated *rotated, const struct files *files,
			bool quiet)
{
	for (size_t i = 0; i < files->nr; i++) {
		const struct file *file = &files->file[i];

		if (file->suffix == SUFFIX_OTHER)
			leave_out(file,
				  "it is not called like a rotated log; "
				  "-if reads it",
				  quiet);
		if (file->suffix != SUFFIX_PACKED)
			continue;
		leave_out(file,
			  "it is compressed, and not by gzip; uncompress it",
			  quiet);
		rotated->wanting = true;
	}
}

/* The range of files with this suffix, which are sorted. */
static struct file *range_of(const struct files *files, enum suffix suffix,
			     size_t *nr)
{
	size_t from = 0, to;

	while (from < files->nr && files->file[from].suffix < suffix)
		from++;
	for (to = from; to < files->nr && files->file[to].suffix == suffix;)
		to++;
	*nr = to - from;
	return files->file + from;
}

bool rotated_find(struct rotated *rotated, const char *base, bool quiet)
{
	struct files files = {.base_len = strlen(base)};
	struct file *newest, *number, *date;
	size_t newests, numbers, dates;
	bool found = scan(&files, base);

	*rotated = (struct rotated){0};
	if (files.nr)
		qsort(files.file, files.nr, sizeof(*files.file), compare_files);
	newest = range_of(&files, SUFFIX_NONE, &newests);
	number = range_of(&files, SUFFIX_NUMBER, &numbers);
	date = range_of(&files, SUFFIX_DATE, &dates);
	name_others(rotated, &files, quiet);
	numbers = drop_doubles(number, numbers, files.base_len, quiet);
	dates = drop_doubles(date, dates, files.base_len, quiet);
	newests = drop_doubles(newest, newests, files.base_len, quiet);
	find_gaps(rotated, base, number, numbers, quiet);
	merge(rotated, number, numbers, date, dates);
	if (newests)
		take(rotated, newest);
	for (size_t i = 0; i < files.nr; i++)
		if (files.file[i].suffix >= SUFFIX_OTHER)
			free(files.file[i].name);
	free(files.file);
	return found;
}

void rotated_free(struct rotated *rotated)
{
	for (size_t i = 0; i < rotated->nr; i++)
		free(rotated->name[i]);
	free(rotated->name);
}
