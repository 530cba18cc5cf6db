/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * columns.h - the columns that several outputs print of an access alike
 */
#ifndef AUPVM_COLUMNS_H
#define AUPVM_COLUMNS_H

#include "match/access.h"
#include "util/strbuf.h"

/*
 * The caller's or target's program without its folders, else its name; with
 * "another" ahead where another file has had the path.
 */
void column_caller(struct strbuf *text, const struct access *access);
void column_target(struct strbuf *text, const struct access *access);

/*
 * The whole path of the program, else its name; "?" without either. Where
 * another file has had it, with the event that says so.
 */
void column_caller_path(struct strbuf *text, const struct access *access);
void column_target_path(struct strbuf *text, const struct access *access);

/* How much of where folded calls and long lists of vectors have been. */
enum where {
	WHERE_BRIEF, /* the first mapping; no address where that is known */
	WHERE_FIRST, /* the first, and how many more there are */
	WHERE_ALL, /* of folded calls each mapping, with what they did there */
};

/* Where the remote vectors start. */
void column_where(struct strbuf *text, const struct access *access,
		  enum where where);

/* ok, partial, EPERM; of folded calls "ok?" where some may be partial. */
void column_outcome(struct strbuf *text, const struct access *access);

/* Likewise; of a call without a record, why it has none as well. */
void column_result(struct strbuf *text, const struct access *access);

/* EPERM, or the number when it is none that audit knows. */
void column_error(struct strbuf *text, int64_t exit);

/* Fewer bytes than were asked for. */
bool access_is_partial(const struct access *access);

/* Has its record all there is to say: no part, list or reason missing? */
bool access_is_whole(const struct access *access);

/* May the kernel have cut the command line? */
bool access_command_is_cut(struct slice token);

/* What fates and kinds are called. */
const char *fate_name(enum fate fate);
const char *access_kind_name(enum access_kind kind);

#endif
