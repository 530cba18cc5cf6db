// SPDX-License-Identifier: GPL-2.0-or-later
/* phrases.c - --format text: each access in words, one a line */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "show/columns.h"
#include "util/memory.h"
#include "show/names.h"
#include "show/output.h"

struct phrases {
	struct output output;
	struct names *names;
	struct strbuf text;
};

static void put_time(struct strbuf *text, const struct access *access)
{
	if (access->kind == ACCESS_CALL || access->kind == ACCESS_UNENRICHED) {
		strbuf_put_text(text, "At ");
		strbuf_put_time(text, id_ms(&access->first));
	} else {
		strbuf_put_text(text, "From ");
		strbuf_put_time(text, id_ms(&access->first));
		strbuf_put_text(text, " to ");
		strbuf_put_time(text, id_ms(&access->last));
	}
	if (access->node.len) {
		strbuf_put_text(text, " on ");
		strbuf_put_escaped(text, access->node);
	}
	strbuf_put_text(text, " ");
}

/* " (" ahead of the first, ", " ahead of others. */
static void open_remark(struct strbuf *text, bool *first)
{
	strbuf_put_text(text, *first ? " (" : ", ");
	*first = false;
}

static void put_number(struct strbuf *text, const struct access *access,
		       enum field field, const char *name, bool *first)
{
	if (!field_is_there(&access->fields, field))
		return;
	open_remark(text, first);
	strbuf_put_text(text, name);
	strbuf_put_char(text, ' ');
	strbuf_put_number(text, field_number(&access->fields, field, 0));
}

static void put_text(struct strbuf *text, const struct access *access,
		     enum field field, const char *name, bool *first)
{
	if (!field_is_there(&access->fields, field))
		return;
	open_remark(text, first);
	strbuf_put_text(text, name);
	strbuf_put_char(text, ' ');
	strbuf_put_escaped(text, access->fields.value[field]);
}

/* What else is known of the calling process. */
static void put_process(struct strbuf *text, const struct access *access)
{
	bool first = true;

	put_number(text, access, FIELD_STID, "thread", &first);
	put_number(text, access, FIELD_PPID, "parent", &first);
	if (access->has_session && !access->sessions_vary &&
	    access->session != UINT32_MAX) {
		open_remark(text, &first);
		strbuf_put(text, "session %" PRIu32, access->session);
	}
	if (!slice_is(access->fields.value[FIELD_TTY], "(none)"))
		put_text(text, access, FIELD_TTY, "on", &first);
	put_text(text, access, FIELD_SUBJ, "label", &first);
	strbuf_put_text(text, first ? "" : ")");
}

static void put_other_user(struct phrases *phrases, const struct access *access,
			   enum field field, const char *how)
{
	struct strbuf *text = &phrases->text;

	strbuf_put(text, " (%s ", how);
	strbuf_put_escaped(text, names_user(phrases->names, access, field));
	strbuf_put_text(text, ")");
}

static void put_caller(struct phrases *phrases, const struct access *access)
{
	struct strbuf *text = &phrases->text;
	const struct fields *fields = &access->fields;

	strbuf_put_escaped(text, names_user(phrases->names, access, FIELD_UID));
	if (field_is_there(fields, FIELD_EUID) &&
	    field_number(fields, FIELD_EUID, 0) !=
		    field_number(fields, FIELD_UID, 0))
		put_other_user(phrases, access, FIELD_EUID, "acting as");
	if (field_number(fields, FIELD_SAUID, UINT32_MAX) != UINT32_MAX)
		put_other_user(phrases, access, FIELD_SAUID, "logged in as");
	strbuf_put_text(text, ", running ");
	column_caller_path(text, access);
	strbuf_put(text, " as process %" PRIu64,
		   field_number(fields, FIELD_SPID, 0));
	put_process(text, access);
	strbuf_put_text(text, ", ");
}

static void put_action(struct strbuf *text, const struct access *access)
{
	if (access_failed(access)) {
		strbuf_put(text, "failed to %s ",
			   access->write ? "write to" : "read from");
		return;
	}
	strbuf_put(text, "%s %" PRIu64 " byte%s %s ",
		   access->write ? "wrote" : "read", access->bytes,
		   access->bytes == 1 ? "" : "s",
		   access->write ? "to" : "from");
}

static void put_target(struct phrases *phrases, const struct access *access)
{
	struct strbuf *text = &phrases->text;
	const struct fields *fields = &access->fields;

	if (!field_is_there(fields, FIELD_OPID)) {
		strbuf_put_text(text, "a process that is not known");
		if (field_is_there(fields, FIELD_APID)) {
			strbuf_put_text(text, " (pid argument ");
			strbuf_put_slice(text, fields->value[FIELD_APID]);
			strbuf_put_text(text, ")");
		}
		return;
	}
	strbuf_put(text, "process %" PRIu64 ", ",
		   field_number(fields, FIELD_OPID, 0));
	column_target_path(text, access);
	strbuf_put_text(text, " of ");
	strbuf_put_escaped(text,
			   names_user(phrases->names, access, FIELD_OUID));
}

static void put_count(struct strbuf *text, const struct access *access)
{
	strbuf_put(text, ", in %" PRIu64, access->count);
	if (access->whole_count)
		strbuf_put(text, " of %" PRIu64, access->whole_count);
	strbuf_put_text(text, " calls");
}

/* The event by its id: ausearch -a finds it by the serial. */
static void put_event(struct strbuf *text, const struct access *access)
{
	strbuf_put(text,
		   access->kind == ACCESS_FOLD ? "; first event " : "; event ");
	strbuf_put_id(text, &access->first);
	if (!field_is_there(&access->fields, FIELD_KEY))
		return;
	strbuf_put_text(text, "; key ");
	strbuf_put_token(text, access->fields.value[FIELD_KEY]);
}

static void put_command(struct strbuf *text, const struct access *access)
{
	struct slice token = access->fields.value[FIELD_PROCTITLE];

	if (!token.at)
		return;
	strbuf_put(text, "; command%s: ",
		   access_command_is_cut(token) ? " (perhaps cut)" : "");
	strbuf_put_command(text, token);
}

static void put_rest(struct strbuf *text, const struct access *access)
{
	size_t before;

	strbuf_put_text(text, ", at ");
	strbuf_put(text, access->perhaps ? "perhaps " : "");
	before = text->len;
	column_where(text, access, WHERE_ALL);
	if (text->len == before)
		strbuf_put_text(text, "an address that is not known");
	strbuf_put_text(text, ": ");
	column_result(text, access);
	if (access->kind == ACCESS_FOLD)
		put_count(text, access);
	put_event(text, access);
	put_command(text, access);
}

static void put_lost(struct strbuf *text, const struct access *access)
{
	strbuf_put(text,
		   "at most %" PRIu64 " calls were lost: ", access->count);
	strbuf_put_slice(text, access->fields.value[FIELD_WHY]);
}

static void phrases_access(struct output *output, const struct access *access)
{
	struct phrases *phrases = (struct phrases *)output;
	struct strbuf *text = &phrases->text;

	strbuf_clear(text);
	put_time(text, access);
	if (access->kind == ACCESS_LOST) {
		put_lost(text, access);
	} else {
		put_caller(phrases, access);
		put_action(text, access);
		put_target(phrases, access);
		put_rest(text, access);
	}
	puts(text->at);
}

static void phrases_free(struct output *output)
{
	struct phrases *phrases = (struct phrases *)output;

	strbuf_free(&phrases->text);
	free(phrases);
}

struct output *phrases_new(struct names *names)
{
	struct phrases *phrases = new_zeroed(1, sizeof(*phrases));

	phrases->output.access = phrases_access;
	phrases->output.free = phrases_free;
	phrases->names = names;
	return &phrases->output;
}
