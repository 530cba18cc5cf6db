// SPDX-License-Identifier: GPL-2.0-or-later
/* logs.c - see logs.h */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "read/logs.h"
#include "read/rotated.h"
#include "util/memory.h"

#define AUDITD_CONFIG "/etc/audit/auditd.conf"
#define DEFAULT_LOG "/var/log/audit/audit.log"
#define LOG_NAME "audit.log"

/* How often the logs may rotate while they are being opened. */
#define OPEN_TRIES 5

#define BUFFER_SIZE ((size_t)1024 * 1024)

/* What is read at once; there is always room for so much in the buffer. */
#define CHUNK_SIZE (BUFFER_SIZE / 2)

static void say_error(const char *name, const char *what, int err)
{
	fprintf(stderr, "aupvm: %s: %s: %s\n", name, what, strerror(err));
}

/* By what it begins with: zlib would hand it on as it is. */
static const char *packer_of(int fd)
{
	static const struct {
		const char *magic, *name;
	} packers[] = {
		{"\xfd"
		 "7zXZ",
		 "xz"},
		{"\x28\xb5\x2f\xfd", "zstd"},
		{"BZh", "bzip2"},
	};
	char head[8] = "";

	if (pread(fd, head, sizeof(head) - 1, 0) < 0)
		return NULL; /* a pipe, or reading will say what is wrong */
	for (size_t i = 0; i < sizeof(packers) / sizeof(packers[0]); i++)
		if (!strncmp(head, packers[i].magic, strlen(packers[i].magic)))
			return packers[i].name;
	return NULL;
}

static bool is_readable(const char *name, int fd, struct stat *st)
{
	const char *packer;

	if (fstat(fd, st)) {
		say_error(name, "cannot read", errno);
		return false;
	}
	packer = packer_of(fd);
	if (packer)
		fprintf(stderr,
			"aupvm: %s: compressed by %s; try: %s -dc %s | aupvm\n",
			name, packer, packer, name);
	return !packer;
}

static bool add_file(struct log *log, const char *name, int fd)
{
	struct log_file *file;
	size_t len = strlen(name);
	struct stat st;
	gzFile gz;

	if (!is_readable(name, fd, &st)) {
		close(fd);
		return false;
	}
	gz = gzdopen(fd, "rb");
	if (!gz) {
		say_error(name, "cannot read", ENOMEM);
		close(fd);
		return false;
	}
	log->file = grow_array(log->file, log->nr, sizeof(*log->file));
	file = &log->file[log->nr++];
	file->name = memcpy(new_zeroed(1, len + 1), name, len);
	file->fd = fd;
	file->gz = gz;
	file->size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	log->size += file->size;
	return true;
}

static bool open_file(struct log *log, const char *name)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		return add_file(log, name, fd);
	say_error(name, "cannot open", errno);
	return false;
}

/* Those from number @from on. */
static void close_files(struct log *log, size_t from)
{
	for (size_t i = from; i < log->nr; i++) {
		gzclose(log->file[i].gz);
		free(log->file[i].name);
		log->size -= log->file[i].size;
	}
	log->nr = from;
}

/* ---- the set of rotated logs */

/* Is each name still that of the file which was opened by it? */
static bool is_as_opened(const struct log *log, size_t from)
{
	for (size_t i = from; i < log->nr; i++) {
		struct stat by_name, by_fd;

		if (stat(log->file[i].name, &by_name) ||
		    fstat(log->file[i].fd, &by_fd) ||
		    by_name.st_ino != by_fd.st_ino ||
		    by_name.st_dev != by_fd.st_dev)
			return false;
	}
	return true;
}

static bool open_all(struct log *log, const struct rotated *rotated)
{
	for (size_t i = 0; i < rotated->nr; i++)
		if (!open_file(log, rotated->name[i]))
			return false;
	log->wanting |= rotated->wanting;
	return true;
}

/* The one that is written, when the folder cannot be listed. */
static bool open_newest(struct log *log, const char *base, int err)
{
	if (!open_file(log, base))
		return false;
	if (err) {
		say_error(base, "cannot look for rotated ones beside it", err);
		log->wanting = true;
	}
	return true;
}

static bool open_rotated(struct log *log, const char *base)
{
	struct rotated rotated;
	size_t from = log->nr;
	bool opened;

	for (int try = 1; try <= OPEN_TRIES; try++) {
		int err = rotated_find(&rotated, base, try > 1) ? 0 : errno;

		opened = rotated.nr ? open_all(log, &rotated)
				    : open_newest(log, base, err);
		rotated_free(&rotated);
		if (!opened || is_as_opened(log, from))
			return opened;
		close_files(log, from);
	}
	fprintf(stderr,
		"aupvm: %s: rotated again and again while it was being "
		"opened\n",
		base);
	return false;
}

/* ---- auditd.conf */

/* The value of the line when it is "@name = value", else NULL. */
static char *value_of(char *line, const char *name)
{
	char *at = line + strspn(line, " \t");
	size_t len = strlen(name);

	/* as auditd does */
	if (strncasecmp(at, name, len) != 0)
		return NULL;
	at += len;
	at += strspn(at, " \t");
	if (*at++ != '=')
		return NULL;
	at += strspn(at, " \t");
	at[strcspn(at, " \t\r\n")] = '\0';
	return *at ? at : NULL;
}

/* Where auditd writes: as it says, or where it does by itself. */
static void find_log(char base[static PATH_MAX])
{
	FILE *file = fopen(AUDITD_CONFIG, "re");
	char *line = NULL, *value;
	size_t size = 0;

	snprintf(base, PATH_MAX, "%s", DEFAULT_LOG);
	if (!file)
		return;
	while (getline(&line, &size, file) > 0) {
		value = value_of(line, "log_file");
		if (value)
			snprintf(base, PATH_MAX, "%s", value);
	}
	free(line);
	fclose(file);
}

/* ---- which to read */

/* Nobody types a log; and cron gives /dev/null, from which nothing comes. */
static bool stdin_has_log(void)
{
	struct stat st;

	return !fstat(STDIN_FILENO, &st) && !S_ISCHR(st.st_mode);
}

static bool open_input(struct log *log, const char *input)
{
	char base[PATH_MAX];
	struct stat st;

	if (stat(input, &st) || !S_ISDIR(st.st_mode))
		return open_file(log, input);
	if (snprintf(base, sizeof(base), "%s/" LOG_NAME, input) >= PATH_MAX) {
		say_error(input, "cannot open", ENAMETOOLONG);
		return false;
	}
	return open_rotated(log, base);
}

bool log_open(struct log *log, const char *input, bool logs)
{
	char base[PATH_MAX];

	if (input)
		return open_input(log, input);
	if (!logs && stdin_has_log())
		return add_file(log, "standard input", dup(STDIN_FILENO));
	find_log(base);
	return open_rotated(log, base);
}

void log_close(struct log *log)
{
	close_files(log, 0);
	free(log->file);
}

/* ---- reading */

/* Nothing, or what ausearch puts between events when it prints them. */
static bool is_separator(struct slice text)
{
	while (text.len && strchr(" \r", text.at[text.len - 1]) &&
	       text.at[text.len - 1])
		text.len--;
	return !text.len || slice_is(text, "----") ||
	       slice_skip(&text, "time->");
}

static bool hand_on(struct log_reader *reader, struct slice text,
		    const char *why)
{
	reader->line.number++;
	if (is_separator(text) && !why)
		return true;
	reader->line.text = text;
	reader->line.why = why;
	return reader->fn(reader->arg, &reader->line);
}

/* Whole lines among the bytes held. */
static bool hand_on_lines(struct log_reader *reader)
{
	struct slice text;
	bool overlong;

	while (pvm_lines_next(&reader->lines, &text, &overlong))
		if (!hand_on(reader, text,
			     overlong ? "longer than any audit record" : NULL))
			return false;
	return true;
}

struct log_reader *log_reader_new(const char *name, log_fn *fn, void *arg)
{
	struct log_reader *reader = new_zeroed(1, sizeof(*reader));

	reader->fn = fn;
	reader->arg = arg;
	reader->line.file = name;
	reader->lines.buffer = new_zeroed(1, BUFFER_SIZE);
	reader->lines.size = BUFFER_SIZE;
	return reader;
}

void log_reader_free(struct log_reader *reader)
{
	free(reader->lines.buffer);
	free(reader);
}

bool log_reader_put(struct log_reader *reader, const char *bytes, size_t len)
{
	bool more = true;

	for (size_t taken = 0; more && taken < len;) {
		taken += pvm_lines_put(&reader->lines, bytes + taken,
				       len - taken);
		more = hand_on_lines(reader);
	}
	return more;
}

bool log_reader_end(struct log_reader *reader, const char *name)
{
	struct slice text;
	bool more = true;

	if (pvm_lines_rest(&reader->lines, &text))
		more = hand_on(reader, text,
			       "the log ends in the middle of it");
	reader->line = (struct log_line){.file = name};
	return more;
}

/* What was wrong with the last read, or NULL. */
static const char *error_of(gzFile gz)
{
	int err, system_err = errno;
	const char *what = gzerror(gz, &err);

	if (err == Z_ERRNO)
		return strerror(system_err);
	return err == Z_OK || err == Z_STREAM_END ? NULL : what;
}

/* Returns false when no more is wanted; an error sets @failed. */
static bool read_file(struct log *log, struct log_reader *reader, char *chunk,
		      const struct log_file *file, bool *failed)
{
	uint64_t before = log->read;
	const char *error;
	bool more = true;
	int n;

	while (more && (n = gzread(file->gz, chunk, CHUNK_SIZE)) > 0) {
		more = log_reader_put(reader, chunk, (size_t)n);
		log->read = before + (uint64_t)gzoffset(file->gz);
		if (log->progress)
			log->progress(log->progress_arg, log);
	}
	if (!more)
		return false;
	error = error_of(file->gz);
	if (error) {
		fprintf(stderr,
			"aupvm: %s: cannot be read beyond line %llu: "
			"%s\n",
			file->name, (unsigned long long)reader->line.number,
			error);
		*failed = true;
	}
	return true;
}

bool log_read(struct log *log, log_fn *fn, void *arg)
{
	struct log_reader *reader = log_reader_new("", fn, arg);
	char *chunk = new_zeroed(1, CHUNK_SIZE);
	bool failed = false;

	for (size_t i = 0; i < log->nr; i++) {
		reader->line = (struct log_line){.file = log->file[i].name};
		if (!read_file(log, reader, chunk, &log->file[i], &failed) ||
		    !log_reader_end(reader, NULL))
			break;
	}
	log_reader_free(reader);
	free(chunk);
	return !failed;
}

bool log_any_begins(const struct log *log,
		    bool (*fn)(void *arg, struct slice line), void *arg)
{
	char *bytes = new_zeroed(1, PVM_LINE_MAX);
	bool found = false;

	for (size_t i = 0; i < log->nr && !found; i++) {
		gzFile gz = log->file[i].gz;
		int n = log->file[i].size ? gzread(gz, bytes, PVM_LINE_MAX) : 0;
		struct slice rest = {bytes, n > 0 ? (size_t)n : 0}, line;

		found = slice_until(&rest, '\n', &line) && fn(arg, line);
		if (log->file[i].size)
			gzrewind(gz);
	}
	free(bytes);
	return found;
}
