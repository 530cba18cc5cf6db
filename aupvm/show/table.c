// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * table.c - a table to read: who did what to whom, one call a row
 *
 * Rows are printed one by one, so the widths are set beforehand. On a
 * terminal the columns share its width, and longer texts are cut; anywhere
 * else nothing is cut.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "show/columns.h"
#include "util/memory.h"
#include "show/names.h"
#include "show/output.h"

enum column {
	COLUMN_TIME,
	COLUMN_WHO,
	COLUMN_WHAT,
	COLUMN_CALLS,
	COLUMN_WHOM,
	COLUMN_BYTES,
	COLUMN_WHERE,
	COLUMN_RESULT,
	COLUMNS
};

/* Columns of characters: a terminal's at least, and any file's. */
#define WIDTH_LEAST 80
#define WIDTH_FILE 140

/* Narrower terminals get no milliseconds, and none of the rest. */
#define WIDTH_FOR_MS 100
#define WIDTH_FOR_ALL 104 /* addresses, and rel= */

/* Longer names are rare: on a wide terminal WHERE gets the rest. */
#define WIDTH_NAME_MOST 36

#define COLOUR_DENIED "\33[31m"
#define COLOUR_WRITE "\33[33m"
#define COLOUR_UNENRICHED "\33[35m"
#define COLOUR_HEAD "\33[1m"
#define COLOUR_END "\33[0m"

struct table {
	struct output output;
	struct names *names;
	int width[COLUMNS];
	bool cut, colour, brief;
	char date[16]; /* of the row before */
	uint32_t node;
	bool started;
	struct strbuf text[COLUMNS];
};

static const char *const titles[COLUMNS] = {
	"TIME", "WHO", "DOES", "CALLS", "TO WHOM", "BYTES", "WHERE", "RESULT",
};

/* WHO, TO WHOM and WHERE share what the other columns leave. */
static void set_widths(struct table *table, int width)
{
	int rest = width - (COLUMNS - 1), name, more;

	table->width[COLUMN_TIME] = width < WIDTH_FOR_MS ? 8 : 12;
	table->width[COLUMN_WHAT] = 6;
	table->width[COLUMN_CALLS] = 5;
	table->width[COLUMN_BYTES] = 5;
	table->width[COLUMN_RESULT] = 7;
	for (int i = 0; i < COLUMNS; i++)
		rest -= table->width[i];
	name = rest * 35 / 100;
	if (name > WIDTH_NAME_MOST)
		name = WIDTH_NAME_MOST;
	/* WHO may name two users, and a brief WHERE has no address */
	more = table->brief ? 2 : 0;
	table->width[COLUMN_WHO] = name + more;
	table->width[COLUMN_WHOM] = name;
	table->width[COLUMN_WHERE] = rest - 2 * name - more;
}

static void set_terminal(struct table *table)
{
	const char *no_colour = getenv("NO_COLOR"), *term = getenv("TERM");
	struct winsize size = {0};
	int width = WIDTH_FILE;

	if (isatty(STDOUT_FILENO)) {
		table->cut = true;
		table->colour = (!no_colour || !*no_colour) && term &&
				strcmp(term, "dumb") != 0;
		width = WIDTH_LEAST;
		if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) &&
		    size.ws_col > WIDTH_LEAST)
			width = size.ws_col;
		table->brief = width < WIDTH_FOR_ALL;
	}
	set_widths(table, width);
}

static bool is_number(enum column column)
{
	return column == COLUMN_CALLS || column == COLUMN_BYTES;
}

/*
 * Numbers are aligned right and never cut. The result ends the line, so it is
 * not padded.
 */
static void print_column(const struct table *table, enum column column,
			 const char *text)
{
	int width = table->width[column];
	int len = (int)strlen(text);

	if (column == COLUMN_RESULT && (!table->cut || len <= width)) {
		fputs(text, stdout);
		return;
	}
	if (is_number(column))
		printf("%*s ", width, text);
	else if (column == COLUMN_TIME)
		printf("%-*.*s ", width, width, text);
	else if (table->cut && len > width)
		printf("%.*s~ ", width - 1, text);
	else
		printf("%-*s ", width, text);
}

static void print_heading(const struct table *table)
{
	fputs(table->colour ? COLOUR_HEAD : "", stdout);
	for (int i = 0; i < COLUMNS; i++)
		print_column(table, (enum column)i, titles[i]);
	printf("%s\n", table->colour ? COLOUR_END : "");
}

/* Print a line of its own when the date or the host changes. */
static void print_change(struct table *table, const struct access *access,
			 const char *time)
{
	bool same_date = !strncmp(table->date, time, 10);

	if (table->started && same_date && table->node == access->node_number)
		return;
	snprintf(table->date, sizeof(table->date), "%.10s", time);
	table->node = access->node_number;
	if (!table->started)
		print_heading(table);
	table->started = true;
	printf("%s%s", table->colour ? COLOUR_HEAD : "", table->date);
	if (access->node.len) {
		struct strbuf node = {0};

		strbuf_put_escaped(&node, access->node);
		printf(" on %s", node.at);
		strbuf_free(&node);
	}
	printf("%s\n", table->colour ? COLOUR_END : "");
}

static void put_user(const struct table *table, struct strbuf *text,
		     const struct access *access, enum field field)
{
	strbuf_put_escaped(text, names_user(table->names, access, field));
}

static void fill_who(struct table *table, const struct access *access)
{
	struct strbuf *who = &table->text[COLUMN_WHO];
	const struct fields *fields = &access->fields;

	column_caller(who, access);
	strbuf_put(who, "[%" PRIu64 "] ", field_number(fields, FIELD_SPID, 0));
	put_user(table, who, access, FIELD_UID);
	/* logged in as one user, and now another */
	if (field_number(fields, FIELD_SAUID, UINT32_MAX) != UINT32_MAX &&
	    field_number(fields, FIELD_SAUID, 0) !=
		    field_number(fields, FIELD_UID, 0)) {
		strbuf_put(who, "<");
		put_user(table, who, access, FIELD_SAUID);
	}
}

static void fill_whom(struct table *table, const struct access *access)
{
	struct strbuf *whom = &table->text[COLUMN_WHOM];
	const struct fields *fields = &access->fields;
	struct slice rel = fields->value[FIELD_REL];

	if (!field_is_there(fields, FIELD_OPID)) {
		strbuf_put(whom, "?");
		if (field_is_there(fields, FIELD_APID)) {
			strbuf_put(whom, " pid=");
			strbuf_put_slice(whom, fields->value[FIELD_APID]);
		}
		return;
	}
	column_target(whom, access);
	strbuf_put(whom, "[%" PRIu64 "] ", field_number(fields, FIELD_OPID, 0));
	put_user(table, whom, access, FIELD_OUID);
	if (rel.at && !slice_is(rel, "other") && !table->brief) {
		strbuf_put(whom, " ");
		strbuf_put_slice(whom, rel);
	}
}

/* A call without a record has no known place: WHERE says what became of it. */
static void fill_rest(struct table *table, const struct access *access)
{
	struct strbuf *where = &table->text[COLUMN_WHERE];
	struct strbuf *result = &table->text[COLUMN_RESULT];

	strbuf_put_size(&table->text[COLUMN_BYTES], access->bytes);
	if (access->kind == ACCESS_UNENRICHED) {
		strbuf_put(where, "%s", fate_name(access->fate));
		column_outcome(result, access);
		return;
	}
	strbuf_put(where, access->perhaps ? "perhaps " : "");
	column_where(where, access,
		     table->brief ? WHERE_BRIEF
		     : table->cut ? WHERE_FIRST
				  : WHERE_ALL);
	if (access->whole_count)
		strbuf_put(where, " (of %" PRIu64 " calls)",
			   access->whole_count);
	column_result(result, access);
}

static const char *colour_of(const struct table *table,
			     const struct access *access)
{
	if (!table->colour)
		return "";
	if (access->kind == ACCESS_UNENRICHED || access->kind == ACCESS_LOST)
		return COLOUR_UNENRICHED;
	if (access_failed(access))
		return COLOUR_DENIED;
	return access->write ? COLOUR_WRITE : "";
}

static void print_lost(struct table *table, const struct access *access)
{
	struct slice why = access->fields.value[FIELD_WHY];
	struct strbuf to = {0};

	strbuf_put_time(&to, id_ms(&access->last));
	printf("%s%s at most %" PRIu64 " calls lost up to %s: %.*s%s\n",
	       colour_of(table, access), table->text[COLUMN_TIME].at + 11,
	       access->count, to.at + 11, (int)why.len, why.at,
	       table->colour ? COLOUR_END : "");
	strbuf_free(&to);
}

static void print_row(struct table *table, const struct access *access)
{
	const char *colour = colour_of(table, access);

	fputs(colour, stdout);
	for (int i = 0; i < COLUMNS; i++) {
		const char *text = strbuf_slice(&table->text[i]).at;

		/* the date stands above */
		if (i == COLUMN_TIME)
			text += 11;
		print_column(table, (enum column)i, text);
	}
	printf("%s\n", *colour ? COLOUR_END : "");
}

static void table_access(struct output *output, const struct access *access)
{
	struct table *table = (struct table *)output;

	for (int i = 0; i < COLUMNS; i++)
		strbuf_clear(&table->text[i]);
	strbuf_put_time(&table->text[COLUMN_TIME], id_ms(&access->first));
	print_change(table, access, table->text[COLUMN_TIME].at);
	if (access->kind == ACCESS_LOST) {
		print_lost(table, access);
		return;
	}
	fill_who(table, access);
	strbuf_put(&table->text[COLUMN_WHAT],
		   access->write ? "writes" : "reads");
	strbuf_put(&table->text[COLUMN_CALLS], "%" PRIu64, access->count);
	fill_whom(table, access);
	fill_rest(table, access);
	print_row(table, access);
}

static void table_free(struct output *output)
{
	struct table *table = (struct table *)output;

	for (int i = 0; i < COLUMNS; i++)
		strbuf_free(&table->text[i]);
	free(table);
}

struct output *table_new(struct names *names)
{
	struct table *table = new_zeroed(1, sizeof(*table));

	table->output.access = table_access;
	table->output.free = table_free;
	table->names = names;
	set_terminal(table);
	return &table->output;
}
