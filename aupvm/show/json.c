// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * json.c - one JSON object a line; aupvm(8) has the schema
 *
 * Strings are escaped as in every output and then quoted for JSON, so they are
 * ASCII; numbers are as the record has them, which can need 64 bits.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "match/shares.h"
#include "show/columns.h"
#include "show/members.h"
#include "util/memory.h"
#include "show/names.h"
#include "show/output.h"
#include "read/regions.h"
#include "lib/token.h"
#include "pvm/line.h"

struct json {
	struct output output;
	struct names *names;
	struct strbuf text, string;
	bool first; /* nothing stands in the innermost object yet */
};

static void open_with(struct json *json, char bracket)
{
	strbuf_put_char(&json->text, bracket);
	json->first = true;
}

static void close_with(struct json *json, char bracket)
{
	strbuf_put_char(&json->text, bracket);
	json->first = false;
}

static void separate(struct json *json)
{
	if (!json->first)
		strbuf_put_char(&json->text, ',');
	json->first = false;
}

static void put_name(struct json *json, const char *name)
{
	separate(json);
	strbuf_put_char(&json->text, '"');
	strbuf_put_text(&json->text, name);
	strbuf_put_text(&json->text, "\":");
}

/* What is in json->string: escaped already, but for JSON's own two. */
static void put_string(struct json *json)
{
	strbuf_put_char(&json->text, '"');
	strbuf_put_quoted(&json->text, strbuf_slice(&json->string), '"', '\\');
	strbuf_put_char(&json->text, '"');
	strbuf_clear(&json->string);
}

static void put_word(struct json *json, const char *name, struct slice word)
{
	if (!word.at)
		return;
	put_name(json, name);
	strbuf_put_escaped(&json->string, word);
	put_string(json);
}

static void put_token(struct json *json, const char *name, struct slice token)
{
	put_name(json, name);
	strbuf_put_token(&json->string, token);
	put_string(json);
}

/* The record's own digits, without what JSON would not take: leading zeros. */
static void put_number(struct json *json, const char *name,
		       const struct access *access, enum field field)
{
	int64_t with_sign;

	put_name(json, name);
	if (slice_signed(access->fields.value[field], &with_sign) &&
	    with_sign < 0)
		strbuf_put(&json->text, "%" PRId64, with_sign);
	else
		strbuf_put_number(&json->text,
				  field_number(&access->fields, field, 0));
}

/* What stands between @separator in @list. */
static void put_parts(struct json *json, const char *name, struct slice list,
		      char separator)
{
	struct slice part;

	put_name(json, name);
	open_with(json, '[');
	while (slice_next(&list, separator, &part)) {
		separate(json);
		strbuf_put_escaped(&json->string, part);
		put_string(json);
	}
	close_with(json, ']');
}

/* Several keys of one rule are one string. */
static void put_keys(struct json *json, const char *name, struct slice token)
{
	static char bytes[PVM_LINE_MAX];
	struct slice keys = {bytes, 0};

	keys.len = token_decode(token, bytes, sizeof(bytes));
	put_parts(json, name, keys, '\1');
}

static void put_vectors(struct json *json, const char *name, struct slice list)
{
	struct slice item, address;
	uint64_t len;

	put_name(json, name);
	open_with(json, '[');
	while (slice_next(&list, ',', &item)) {
		slice_next(&item, ':', &address);
		len = 0;
		slice_unsigned(item, &len);
		separate(json);
		strbuf_put(&json->text,
			   "{\"address\":\"%.*s\",\"bytes\":%" PRIu64 "}",
			   (int)address.len, address.at, len);
	}
	close_with(json, ']');
}

static void put_true(struct json *json, const char *name)
{
	put_name(json, name);
	strbuf_put_text(&json->text, "true");
}

/* The kernel cuts it there, and whether there was more nobody knows. */
static void put_command(struct json *json, const char *name, struct slice token)
{
	put_name(json, name);
	strbuf_put_command(&json->string, token);
	put_string(json);
	if (access_command_is_cut(token))
		put_true(json, "command_cut");
}

static void put_shares(struct json *json, const char *name, struct slice list)
{
	struct slice item, calls;
	uint64_t nr, bytes;

	put_name(json, name);
	open_with(json, '[');
	while (slice_next(&list, ',', &item)) {
		slice_next(&item, ':', &calls);
		nr = bytes = 0;
		slice_unsigned(calls, &nr);
		slice_unsigned(item, &bytes);
		separate(json);
		strbuf_put(&json->text,
			   "{\"calls\":%" PRIu64 ",\"bytes\":%" PRIu64 "}", nr,
			   bytes);
	}
	close_with(json, ']');
}

static void put_count(struct json *json, const char *name, uint64_t count)
{
	put_name(json, name);
	strbuf_put_number(&json->text, count);
}

static void put_region(struct json *json, const struct region *region)
{
	put_word(json, "name", region->name);
	if (region->offset.len)
		put_word(json, "offset", region->offset);
	if (region->perms.len)
		put_word(json, "perms", region->perms);
}

/* Where it is known, with what was done there. */
static void put_regions(struct json *json, const char *name,
			const struct access *access)
{
	struct slice list = access->fields.value[FIELD_RMAP], entry;
	struct shares shares;
	struct region region;

	shares_read(&shares, access);
	put_name(json, name);
	open_with(json, '[');
	for (unsigned int i = 0; slice_next(&list, ',', &entry); i++) {
		region_read(&region, entry);
		separate(json);
		open_with(json, '{');
		put_region(json, &region);
		if (i < shares.nr) {
			put_count(json, "calls", shares.share[i].calls);
			put_count(json, "bytes", shares.share[i].bytes);
		}
		close_with(json, '}');
	}
	close_with(json, ']');
}

/* A field of which the list of members does not know does not build. */
enum {
#define PLACE(group, id, name) HAS_PLACE_##id,
	MEMBERS(PLACE)
#undef PLACE
#define NEEDS_PLACE(id, ...) NEEDS_PLACE_##id = HAS_PLACE_##id,
		PVM_RECORD_FIELDS(NEEDS_PLACE)
#undef NEEDS_PLACE
};

/* The name of the user whose id @field has follows the id. */
static void put_user(struct json *json, const struct access *access,
		     enum field field)
{
	if (field == FIELD_UID || field == FIELD_OUID)
		put_word(json, "user", names_user(json->names, access, field));
	else if (field == FIELD_EUID)
		put_word(json, "euser", names_user(json->names, access, field));
	else if (field == FIELD_SAUID || field == FIELD_OAUID)
		put_word(json, "login", names_user(json->names, access, field));
}

static void put_member(struct json *json, const struct access *access,
		       const struct member *member)
{
	struct slice value = access->fields.value[member->field];

	switch (field_form(member->field)) {
	case PVM_FORM_NUMBER:
	case PVM_FORM_ID:
	case PVM_FORM_SIGNED:
		put_number(json, member->name, access, member->field);
		put_user(json, access, member->field);
		break;
	case PVM_FORM_STRING:
		if (member->field == FIELD_KEY)
			put_keys(json, member->name, value);
		else if (member->field == FIELD_PROCTITLE)
			put_command(json, member->name, value);
		else
			put_token(json, member->name, value);
		break;
	case PVM_FORM_VECTORS:
		put_vectors(json, member->name, value);
		break;
	case PVM_FORM_MAPPINGS:
		put_regions(json, member->name, access);
		break;
	case PVM_FORM_SHARES:
		put_shares(json, member->name, value);
		break;
	case PVM_FORM_WORDS:
	case PVM_FORM_NAMES:
	case PVM_FORM_RANGES:
		put_parts(json, member->name, value, ',');
		break;
	case PVM_FORM_TEXT:
	case PVM_FORM_HEX:
	case PVM_FORM_BARE_HEX:
	case PVM_FORM_DEVICE:
	case PVM_FORM_WORD:
	case PVM_FORM_EVENT:
	case PVM_FORM_TIME:
	case PVM_FORM_SERIALS:
	case PVM_FORM_PART:
		put_word(json, member->name, value);
		break;
	}
}

/* The group's members of which the record has the field. */
static void put_group(struct json *json, const struct access *access,
		      enum group group)
{
	for (size_t i = 0; i < MEMBERS_NR; i++)
		if (members[i].group == group &&
		    field_is_there(&access->fields, members[i].field))
			put_member(json, access, &members[i]);
}

static void put_id(struct json *json, const char *name, const struct pvm_id *id)
{
	put_name(json, name);
	strbuf_put_char(&json->text, '"');
	strbuf_put_id(&json->text, id);
	strbuf_put_char(&json->text, '"');
}

/* The event that has another file under the program's name. */
static void put_other(struct json *json, const struct pvm_id *other)
{
	if (access_has_other(other))
		put_id(json, "another_than", other);
}

static void put_caller(struct json *json, const struct access *access)
{
	put_name(json, "caller");
	open_with(json, '{');
	put_group(json, access, CALLER_IDS);
	if (access->has_session && !access->sessions_vary) {
		put_count(json, "ses", access->session);
	}
	put_group(json, access, CALLER_PROGRAM);
	put_other(json, &access->caller_other);
	close_with(json, '}');
}

static void put_target(struct json *json, const struct access *access)
{
	put_group(json, access, ARGUMENT);
	if (!field_is_there(&access->fields, FIELD_OPID))
		return;
	put_name(json, "target");
	open_with(json, '{');
	put_group(json, access, TARGET);
	put_other(json, &access->target_other);
	close_with(json, '}');
}

static void put_call(struct json *json, const struct access *access)
{
	put_group(json, access, START);
	put_caller(json, access);
	put_target(json, access);
	put_name(json, "result");
	column_outcome(&json->string, access);
	put_string(json);
	put_group(json, access, RESULT);
	if (access_failed(access)) {
		put_name(json, "error");
		column_error(&json->string, access->exit);
		put_string(json);
	}
	put_count(json, "bytes", access->bytes);
	put_name(json, "whole");
	strbuf_put_text(&json->text,
			access_is_whole(access) ? "true" : "false");
	put_group(json, access, REST);
}

static void put_time(struct json *json, const char *name, const char *name_ms,
		     const struct pvm_id *id)
{
	put_name(json, name);
	strbuf_put_char(&json->text, '"');
	strbuf_put_iso_time(&json->text, id_ms(id));
	strbuf_put_char(&json->text, '"');
	put_count(json, name_ms, id_ms(id));
}

static void put_times(struct json *json, const struct access *access)
{
	put_time(json, "time", "time_ms", &access->first);
	if (access->kind == ACCESS_FOLD || access->kind == ACCESS_LOST)
		put_time(json, "end_time", "end_time_ms", &access->last);
}

static void put_ids(struct json *json, const struct access *access)
{
	if (access->kind == ACCESS_CALL || access->kind == ACCESS_UNENRICHED) {
		put_id(json, "event", &access->first);
		return;
	}
	put_id(json, "first", &access->first);
	put_id(json, "last", &access->last);
}

static void json_access(struct output *output, const struct access *access)
{
	struct json *json = (struct json *)output;

	strbuf_clear(&json->text);
	open_with(json, '{');
	put_word(json, "kind", slice_of(access_kind_name(access->kind)));
	if (access->node.len)
		put_word(json, "node", access->node);
	put_times(json, access);
	put_ids(json, access);
	put_count(json, "count", access->count);
	if (access->whole_count)
		put_count(json, "of", access->whole_count);
	if (access->kind == ACCESS_UNENRICHED)
		put_word(json, "fate", slice_of(fate_name(access->fate)));
	if (access->incomplete)
		put_word(json, "fate", slice_of("parts missing"));
	if (access->perhaps)
		put_true(json, "perhaps");
	if (access->kind == ACCESS_LOST)
		put_word(json, "why", access->fields.value[FIELD_WHY]);
	else
		put_call(json, access);
	close_with(json, '}');
	puts(json->text.at);
}

static void json_free(struct output *output)
{
	struct json *json = (struct json *)output;

	strbuf_free(&json->text);
	strbuf_free(&json->string);
	free(json);
}

struct output *json_new(struct names *names)
{
	struct json *json = new_zeroed(1, sizeof(*json));

	json->output.access = json_access;
	json->output.free = json_free;
	json->names = names;
	return &json->output;
}
