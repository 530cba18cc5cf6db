/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * logs.h - the logs: which files, in which order, and their lines
 */
#ifndef AUPVM_LOGS_H
#define AUPVM_LOGS_H

#include <zlib.h>

#include "lib/lines.h"
#include "lib/slice.h"

/* A line, without its newline, and where it stands; borrowed. */
struct log_line {
	struct slice text;
	const char *file; /* its name, as to be shown */
	uint64_t number; /* in that file, from 1 on */
	const char *why; /* NULL, or why text is not a whole line */
};

/* Returns false when no more lines are wanted. */
typedef bool log_fn(void *arg, const struct log_line *line);

struct log_file {
	char *name; /* owned */
	int fd; /* of gz */
	gzFile gz; /* owned; zlib also reads what is not compressed */
	uint64_t size; /* 0 when it is no regular file */
};

struct log {
	struct log_file *file; /* the oldest first */
	size_t nr;
	bool wanting; /* a file is missing, or was left out, after a message */
	uint64_t size, read; /* bytes of all the files, compressed or not */
	/* called after every MiB or so that was read; or NULL */
	void (*progress)(void *arg, const struct log *log);
	void *progress_arg;
};

/*
 * Open what there is to read: @input, a file or a folder with logs; or, when
 * it is NULL, standard input if that is no terminal and @logs is not set, or
 * the logs that auditd.conf names. Files that gzip has compressed are read,
 * too, and all files are opened before any is read, so that logs rotated
 * meanwhile are neither missed nor read twice. What @log has already is read
 * ahead of them. Returns false after a message.
 */
bool log_open(struct log *log, const char *input, bool logs);

/*
 * Hand every line to @fn, but for what ausearch prints between events. Returns
 * false when a file could not be read to its end, after a message.
 */
bool log_read(struct log *log, log_fn *fn, void *arg);

/* Bytes that come in pieces, to lines: as log_read() hands them on. */
struct log_reader {
	log_fn *fn;
	void *arg;
	struct log_line line;
	struct pvm_lines lines;
};

struct log_reader *log_reader_new(const char *name, log_fn *fn, void *arg);
void log_reader_free(struct log_reader *reader);

/* Hand on the lines that end in @bytes. Returns false when no more is wanted.
 */
bool log_reader_put(struct log_reader *reader, const char *bytes, size_t len);

/*
 * The file has ended: hand on what is left as the middle of a line. What comes
 * next is of the file @name, which the caller keeps until then.
 */
bool log_reader_end(struct log_reader *reader, const char *name);

/* Is @fn true of the first line of any file? Each is read from its start then.
 */
bool log_any_begins(const struct log *log,
		    bool (*fn)(void *arg, struct slice line), void *arg);

void log_close(struct log *log);

#endif
