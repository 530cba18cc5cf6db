// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * csv.c - comma-separated values as RFC 4180 has them, a heading first
 *
 * Spreadsheets take a cell that begins with = + - or @ for a formula, and the
 * names of programs are their owners' choice: such a first byte of a string is
 * escaped like those that cannot be printed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "show/columns.h"
#include "util/memory.h"
#include "show/names.h"
#include "show/output.h"

struct csv {
	struct output output;
	struct names *names;
	struct strbuf text, value;
	bool started;
};

/* Add the value in csv->value to the line. */
static void end_value(struct csv *csv)
{
	struct slice rest = strbuf_slice(&csv->value);
	bool quoted = rest.len && (memchr(rest.at, '"', rest.len) ||
				   memchr(rest.at, ',', rest.len));

	if (csv->text.len)
		strbuf_put_char(&csv->text, ',');
	if (quoted)
		strbuf_put_char(&csv->text, '"');
	strbuf_put_quoted(&csv->text, rest, '"', '"');
	if (quoted)
		strbuf_put_char(&csv->text, '"');
	strbuf_clear(&csv->value);
}

/* A string from outside; it is escaped already, but for its first byte. */
static void end_string(struct csv *csv)
{
	struct strbuf escaped = {0};

	if (csv->value.len && strchr("=+-@", csv->value.at[0])) {
		strbuf_put(&escaped, "\\x%02X%s", csv->value.at[0],
			   csv->value.at + 1);
		strbuf_clear(&csv->value);
		strbuf_put_slice(&csv->value, strbuf_slice(&escaped));
		strbuf_free(&escaped);
	}
	end_value(csv);
}

static void put_field(struct csv *csv, const struct access *access,
		      enum field field)
{
	strbuf_put_slice(&csv->value, access->fields.value[field]);
	end_value(csv);
}

/* Escaped in the record, but for a first byte that makes a formula. */
static void put_names(struct csv *csv, const struct access *access,
		      enum field field)
{
	strbuf_put_slice(&csv->value, access->fields.value[field]);
	end_string(csv);
}

static void put_token(struct csv *csv, const struct access *access,
		      enum field field)
{
	strbuf_put_token(&csv->value, access->fields.value[field]);
	end_string(csv);
}

/* The name of the user whose id @field has. */
static void put_user(struct csv *csv, const struct access *access,
		     enum field field)
{
	if (field_is_there(&access->fields, field))
		strbuf_put_escaped(&csv->value,
				   names_user(csv->names, access, field));
	end_string(csv);
}

static void put_kind(struct csv *csv, const struct access *access,
		     enum field field)
{
	(void)field;
	strbuf_put_text(&csv->value, access_kind_name(access->kind));
	end_value(csv);
}

static void put_node(struct csv *csv, const struct access *access,
		     enum field field)
{
	(void)field;
	strbuf_put_escaped(&csv->value, access->node);
	end_string(csv);
}

/* The first or the last event: of one call, both are event=. */
static void put_id(struct csv *csv, const struct access *access,
		   enum field field)
{
	const struct pvm_id *id =
		field == FIELD_FIRST ? &access->first : &access->last;

	strbuf_put_id(&csv->value, id);
	end_value(csv);
}

static void put_time(struct csv *csv, const struct access *access,
		     enum field field)
{
	strbuf_put_iso_time(&csv->value,
			    id_ms(field == FIELD_FIRST ? &access->first
						       : &access->last));
	end_value(csv);
}

/* Of the SYSCALL record: any bytes. */
static void put_text(struct csv *csv, const struct access *access,
		     enum field field)
{
	if (field_is_there(&access->fields, field))
		strbuf_put_escaped(&csv->value, access->fields.value[field]);
	end_string(csv);
}

static void put_command(struct csv *csv, const struct access *access,
			enum field field)
{
	if (field_is_there(&access->fields, field))
		strbuf_put_command(&csv->value, access->fields.value[field]);
	end_string(csv);
}

static void put_whole_record(struct csv *csv, const struct access *access,
			     enum field field)
{
	(void)field;
	if (access->kind != ACCESS_LOST)
		strbuf_put_text(&csv->value,
				access_is_whole(access) ? "yes" : "no");
	end_value(csv);
}

/* The event that has another file under the program's name. */
static void put_other(struct csv *csv, const struct access *access,
		      enum field field)
{
	const struct pvm_id *other = field == FIELD_EXE ? &access->caller_other
							: &access->target_other;

	if (access_has_other(other))
		strbuf_put_id(&csv->value, other);
	end_value(csv);
}

/* Of each access, also where the record of one call has no such field. */
static void put_total(struct csv *csv, const struct access *access,
		      enum field field)
{
	strbuf_put_number(&csv->value,
			  field == FIELD_COUNT ? access->count : access->bytes);
	end_value(csv);
}

static void put_whole(struct csv *csv, const struct access *access,
		      enum field field)
{
	(void)field;
	if (access->whole_count)
		strbuf_put_number(&csv->value, access->whole_count);
	end_value(csv);
}

static void put_session(struct csv *csv, const struct access *access,
			enum field field)
{
	(void)field;
	if (access->has_session && !access->sessions_vary)
		strbuf_put_number(&csv->value, access->session);
	end_value(csv);
}

static void put_result(struct csv *csv, const struct access *access,
		       enum field field)
{
	(void)field;
	if (access->kind != ACCESS_LOST)
		column_result(&csv->value, access);
	if (access->perhaps)
		strbuf_put(&csv->value, " (perhaps)");
	end_value(csv);
}

/* clang-format off */

/*
 * The columns in their order: FIELD(constant, function) has the name of its
 * field; MADE(name, function, constant) is made of it, or of the whole access.
 */
#define COLUMNS(FIELD, MADE) \
	MADE("kind", put_kind, OP) \
	MADE("node", put_node, OP) \
	MADE("time", put_time, FIRST) \
	MADE("end_time", put_time, LAST) \
	FIELD(FIRST, put_id) \
	FIELD(LAST, put_id) \
	FIELD(COUNT, put_total) \
	MADE("of", put_whole, COUNT) \
	FIELD(OP, put_field) \
	FIELD(KEY, put_token) \
	FIELD(SPID, put_field) \
	FIELD(STID, put_field) \
	FIELD(PPID, put_field) \
	FIELD(UID, put_field) \
	MADE("user", put_user, UID) \
	FIELD(EUID, put_field) \
	MADE("euser", put_user, EUID) \
	FIELD(SAUID, put_field) \
	MADE("login", put_user, SAUID) \
	FIELD(SES, put_session) \
	FIELD(TTY, put_text) \
	FIELD(SUBJ, put_text) \
	FIELD(COMM, put_token) \
	FIELD(COMMS, put_names) \
	FIELD(EXE, put_token) \
	FIELD(SDEV, put_field) \
	FIELD(SINO, put_field) \
	MADE("exe_another_than", put_other, EXE) \
	FIELD(ABI, put_field) \
	FIELD(OPID, put_field) \
	FIELD(OTID, put_field) \
	FIELD(APID, put_field) \
	FIELD(OUID, put_field) \
	MADE("target_user", put_user, OUID) \
	FIELD(OAUID, put_field) \
	MADE("target_login", put_user, OAUID) \
	FIELD(OSES, put_field) \
	FIELD(OCOMM, put_token) \
	FIELD(OEXE, put_token) \
	FIELD(ODELETED, put_field) \
	FIELD(ODEV, put_field) \
	FIELD(OINO, put_field) \
	MADE("oexe_another_than", put_other, OEXE) \
	FIELD(OSTART, put_field) \
	FIELD(REL, put_field) \
	FIELD(EXIT, put_field) \
	MADE("result", put_result, EXIT) \
	FIELD(BYTES, put_total) \
	FIELD(RLEN, put_field) \
	FIELD(RIOVCNT, put_field) \
	FIELD(RIOV, put_field) \
	FIELD(RSPAN, put_field) \
	FIELD(RMAP, put_field) \
	FIELD(RSHARE, put_field) \
	FIELD(LLEN, put_field) \
	FIELD(LIOVCNT, put_field) \
	FIELD(LIOV, put_field) \
	FIELD(VMFLAGS, put_field) \
	FIELD(VARY, put_field) \
	FIELD(SRC, put_field) \
	FIELD(WHY, put_field) \
	FIELD(CUT, put_field) \
	FIELD(SERIALS, put_field) \
	MADE("whole", put_whole_record, OP) \
	MADE("command", put_command, PROCTITLE)

/* Fields that have no column: first and last, uid and riov say the same. */
#define NO_COLUMNS(FIELD) \
	FIELD(EVENT, ) FIELD(SUID, ) FIELD(PART, )

/* clang-format on */

static const struct column {
	const char *name; /* NULL: its field's */
	void (*put)(struct csv *csv, const struct access *access,
		    enum field field);
	enum field field;
} columns[] = {
#define FIELD(id, function) {NULL, function, FIELD_##id},
#define MADE(name, function, id) {name, function, FIELD_##id},
	COLUMNS(FIELD, MADE)
#undef FIELD
#undef MADE
};

/* A field of which neither list above knows does not build. */
enum {
#define PLACE(id, function) HAS_PLACE_##id,
#define NOTHING(...)
	COLUMNS(PLACE, NOTHING) NO_COLUMNS(PLACE)
#undef PLACE
#undef NOTHING
#define NEEDS_PLACE(id, ...) NEEDS_PLACE_##id = HAS_PLACE_##id,
		PVM_RECORD_FIELDS(NEEDS_PLACE)
#undef NEEDS_PLACE
};

#define COLUMNS_NR (sizeof(columns) / sizeof(columns[0]))

static void put_heading(void)
{
	for (size_t i = 0; i < COLUMNS_NR; i++)
		printf("%s%s", i ? "," : "",
		       columns[i].name ? columns[i].name
				       : field_name(columns[i].field));
	putchar('\n');
}

static void csv_access(struct output *output, const struct access *access)
{
	struct csv *csv = (struct csv *)output;

	if (!csv->started)
		put_heading();
	csv->started = true;
	strbuf_clear(&csv->text);
	for (size_t i = 0; i < COLUMNS_NR; i++)
		columns[i].put(csv, access, columns[i].field);
	puts(csv->text.at);
}

static void csv_free(struct output *output)
{
	struct csv *csv = (struct csv *)output;

	strbuf_free(&csv->text);
	strbuf_free(&csv->value);
	free(csv);
}

struct output *csv_new(struct names *names)
{
	struct csv *csv = new_zeroed(1, sizeof(*csv));

	csv->output.access = csv_access;
	csv->output.free = csv_free;
	csv->names = names;
	return &csv->output;
}
