// SPDX-License-Identifier: GPL-2.0-or-later
/* resume.c - see resume.h */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/facts.h"
#include "match/resume.h"
#include "util/memory.h"

#define HEAD "aupvm-checkpoint 1 "

/* Its last line: without it, the file was not written to its end. */
#define END "end"

void resume_free(struct resume *resume)
{
	strings_free(&resume->open);
	strbuf_free(&resume->text);
}

/* FNV-1a, never 0. */
static uint64_t hash_of(struct slice text)
{
	uint64_t hash = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.at[i]) *
		       UINT64_C(1099511628211);
	return hash ? hash : 1;
}

/* A call without a record is c, a row in hand r and its kind. */
static void put_name(struct strbuf *text, char what, unsigned int kind,
		     struct slice node, const struct pvm_id *id)
{
	strbuf_put(text, "%c%u ", what, kind);
	strbuf_put_escaped(text, node);
	strbuf_put_char(text, ' ');
	strbuf_put_id(text, id);
}

static bool is_listed(struct resume *resume, char what, unsigned int kind,
		      struct slice node, const struct pvm_id *id)
{
	if (!resume->open.nr)
		return false;
	strbuf_clear(&resume->text);
	put_name(&resume->text, what, kind, node, id);
	return strings_find(&resume->open, strbuf_slice(&resume->text)) <
	       resume->open.nr;
}

/* ---- the file */

static bool read_head(struct resume *resume, const char *line)
{
	char *end;

	if (strncmp(line, HEAD, strlen(HEAD)))
		return false;
	resume->last.log = strtoull(line + strlen(HEAD), &end, 16);
	if (*end != ' ')
		return false;
	resume->last.number = strtoull(end, &end, 10);
	return *end == '\n';
}

/* Returns false when it is none of ours, or not whole. */
static bool read_lines(struct resume *resume, FILE *file)
{
	char *line = NULL;
	size_t size = 0;
	bool whole = false;

	if (getline(&line, &size, file) <= 0 || !read_head(resume, line)) {
		free(line);
		return false;
	}
	while (!whole && getline(&line, &size, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		whole = !strcmp(line, END);
		if (!whole)
			strings_put(&resume->open, slice_of(line));
	}
	free(line);
	return whole;
}

static bool load(struct resume *resume)
{
	FILE *file = fopen(resume->file, "re");
	bool fine;

	if (!file && errno == ENOENT)
		return true;
	if (!file) {
		fprintf(stderr, "aupvm: %s: cannot open: %s\n", resume->file,
			strerror(errno));
		return false;
	}
	fine = read_lines(resume, file);
	fclose(file);
	if (!fine)
		fprintf(stderr, "aupvm: %s: is no whole checkpoint\n",
			resume->file);
	return fine;
}

static bool is_place(void *arg, struct slice line)
{
	const struct resume *resume = arg;

	return hash_of(line) == resume->last.log;
}

bool resume_open(struct resume *resume, const char *file, const struct log *log)
{
	resume->file = file;
	if (!load(resume))
		return false;
	if (!resume->last.log)
		return true;
	resume->behind = log_any_begins(log, is_place, resume);
	if (!resume->behind)
		fprintf(stderr,
			"aupvm: %s: its place in the log is gone; calls may "
			"be missing, and all that is there is shown\n",
			file);
	return true;
}

/* ---- the place */

/* What is open and not named was shown. */
static void drop_shown(struct resume *resume, struct live *live)
{
	struct store *store = &live->match->store;

	for (uint32_t i = 0; i < store->calls.nr; i++) {
		struct call *call = &store->calls.call[i];
		struct pvm_id id = call_id(call);

		if (live_is_open(call) &&
		    !is_listed(resume, 'c', 0, store->nodes.item[call->node],
			       &id))
			call_drop_facts(call);
	}
}

void resume_end(struct resume *resume, struct live *live)
{
	if (!resume->behind)
		return;
	resume->behind = false;
	drop_shown(resume, live);
}

void resume_line(struct resume *resume, const struct log_line *line,
		 struct live *live)
{
	bool is_log;

	if (!resume->file)
		return;
	if (!resume->now.log || line->number <= resume->now.number)
		resume->now.log = hash_of(line->text);
	resume->now.number = line->number;
	is_log = resume->now.log == resume->last.log;
	if (is_log ? line->number > resume->last.number : resume->passing)
		resume_end(resume, live);
	resume->passing = is_log;
}

bool resume_was_shown(struct resume *resume, const struct access *access)
{
	return resume->behind && !is_listed(resume, 'r', access->kind,
					    access->node, &access->first);
}

/* ---- writing it */

static void put_open(struct resume *resume, const struct live *live)
{
	const struct store *store = &live->match->store;

	for (uint32_t i = live->first_open; i < store->calls.nr; i++) {
		const struct call *call = &store->calls.call[i];
		struct pvm_id id = call_id(call);

		if (!live_is_open(call))
			continue;
		put_name(&resume->text, 'c', 0, store->nodes.item[call->node],
			 &id);
		strbuf_put_char(&resume->text, '\n');
	}
}

static void put_held(struct resume *resume, const struct held *held)
{
	for (size_t i = 0; i < held->nr; i++) {
		const struct access *access = held_at(held, i);

		put_name(&resume->text, 'r', access->kind, access->node,
			 &access->first);
		strbuf_put_char(&resume->text, '\n');
	}
}

/* In place of the old one, which is whole until then. */
static bool write_file(const struct resume *resume)
{
	struct strbuf name = {0};
	FILE *file;
	bool fine;

	strbuf_put(&name, "%s.new", resume->file);
	file = fopen(name.at, "we");
	fine = file && fwrite(resume->text.at, resume->text.len, 1, file);
	if (file && fclose(file))
		fine = false;
	fine = fine && !rename(name.at, resume->file);
	if (!fine)
		fprintf(stderr, "aupvm: %s: %s\n", name.at, strerror(errno));
	strbuf_free(&name);
	return fine;
}

bool resume_save(struct resume *resume, const struct live *live,
		 const struct held *held)
{
	if (!resume->file || resume->behind || !resume->now.log)
		return true;
	strbuf_clear(&resume->text);
	strbuf_put(&resume->text, HEAD "%" PRIx64 " %" PRIu64 "\n",
		   resume->now.log, resume->now.number);
	put_open(resume, live);
	put_held(resume, held);
	strbuf_put(&resume->text, END "\n");
	return write_file(resume);
}
