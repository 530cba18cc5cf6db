/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * resume.h - --checkpoint: going on where the last run stopped
 *
 * The file has the place in the log up to which lines were taken, and which of
 * what these are about was not shown by then. The next run reads all logs
 * again, as a call may need what stands far ahead of it, and shows what the
 * lines up to that place decide only where the file names it.
 *
 * A log is known again by its first line, which it keeps when it is rotated,
 * compressed or copied; the place in it is the number of a line.
 */
#ifndef AUPVM_RESUME_H
#define AUPVM_RESUME_H

#include "match/held.h"
#include "match/live.h"
#include "read/logs.h"
#include "util/strbuf.h"

struct resume_place {
	uint64_t log; /* a hash of its first line; 0: none */
	uint64_t number; /* of the last line that was taken */
};

/* A zeroed one is that of a run without a checkpoint. */
struct resume {
	const char *file; /* NULL without one */
	bool behind; /* not yet at the place where the last run stopped */
	bool passing; /* the line before was in the log of the place */
	struct resume_place last, now;
	struct strings open; /* what the last run had not shown */
	struct strbuf text;
};

void resume_free(struct resume *resume);

/*
 * Read @file, and look for its place in @log. Without a file, or where its
 * place is gone, which is said, all of the log is new. Returns false when the
 * file cannot be read, after a message.
 */
bool resume_open(struct resume *resume, const char *file,
		 const struct log *log);

/* Each line, before it is taken: see whether it is behind the place. */
void resume_line(struct resume *resume, const struct log_line *line,
		 struct live *live);

/* All lines are taken: the place cannot be further on. */
void resume_end(struct resume *resume, struct live *live);

/* Was @access shown by the last run? */
bool resume_was_shown(struct resume *resume, const struct access *access);

/*
 * Everything that @held does not hold is shown: keep that. Returns false when
 * it cannot be written, after a message.
 */
bool resume_save(struct resume *resume, const struct live *live,
		 const struct held *held);

#endif
