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

#include "show/columns.h"
#include "util/memory.h"
#include "show/names.h"
#include "show/output.h"
#include "read/regions.h"
#include "lib/token.h"

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
		strbuf_put(&json->text, ",");
	json->first = false;
}

static void put_name(struct json *json, const char *name)
{
	separate(json);
	strbuf_put(&json->text, "\"%s\":", name);
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

static void put_token(struct json *json, const char *name,
		      const struct access *access, enum field field)
{
	if (!field_is_there(&access->fields, field))
		return;
	put_name(json, name);
	strbuf_put_token(&json->string, access->fields.value[field]);
	put_string(json);
}

/* The record's own digits, without what JSON would not take: leading zeros. */
static void put_number(struct json *json, const char *name,
		       const struct access *access, enum field field)
{
	int64_t with_sign;

	if (!field_is_there(&access->fields, field))
		return;
	put_name(json, name);
	if (slice_signed(access->fields.value[field], &with_sign))
		strbuf_put(&json->text, "%" PRId64, with_sign);
	else
		strbuf_put(&json->text, "%" PRIu64,
			   field_number(&access->fields, field, 0));
}

static void put_user(struct json *json, const char *id_name, const char *name,
		     const struct access *access, enum field field)
{
	if (!field_is_there(&access->fields, field))
		return;
	put_number(json, id_name, access, field);
	put_word(json, name, names_user(json->names, access, field));
}

/* What stands between @separator in @list. */
static void put_parts(struct json *json, const char *name, struct slice list,
		      char separator)
{
	struct slice part;

	if (!list.at)
		return;
	put_name(json, name);
	open_with(json, '[');
	while (slice_next(&list, separator, &part)) {
		separate(json);
		strbuf_put_escaped(&json->string, part);
		put_string(json);
	}
	close_with(json, ']');
}

static void put_keys(struct json *json, const struct access *access)
{
	static char bytes[LINE_MAX_BYTES];
	struct slice keys = {bytes, 0};
	struct slice token = access->fields.value[FIELD_KEY];

	if (!token.at)
		return;
	keys.len = token_decode(token, bytes, sizeof(bytes));
	put_parts(json, "keys", keys, '\1');
}

static void put_vectors(struct json *json, const char *name, struct slice list)
{
	struct slice item, address;
	uint64_t len;

	if (!list.at)
		return;
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

static void put_regions(struct json *json, struct slice list)
{
	struct slice entry;
	struct region region;

	if (!list.at)
		return;
	put_name(json, "rmap");
	open_with(json, '[');
	while (slice_next(&list, ',', &entry)) {
		region_read(&region, entry);
		separate(json);
		open_with(json, '{');
		put_word(json, "name", region.name);
		if (region.offset.len)
			put_word(json, "offset", region.offset);
		if (region.perms.len)
			put_word(json, "perms", region.perms);
		close_with(json, '}');
	}
	close_with(json, ']');
}

static void put_caller(struct json *json, const struct access *access)
{
	put_name(json, "caller");
	open_with(json, '{');
	put_number(json, "pid", access, FIELD_SPID);
	put_number(json, "tid", access, FIELD_STID);
	put_user(json, "uid", "user", access, FIELD_UID);
	put_user(json, "auid", "login", access, FIELD_SAUID);
	if (access->has_session) {
		put_name(json, "ses");
		strbuf_put(&json->text, "%" PRIu32, access->session);
	}
	put_token(json, "comm", access, FIELD_COMM);
	put_token(json, "exe", access, FIELD_EXE);
	put_word(json, "abi", access->fields.value[FIELD_ABI]);
	close_with(json, '}');
}

static void put_target(struct json *json, const struct access *access)
{
	put_number(json, "apid", access, FIELD_APID);
	if (!field_is_there(&access->fields, FIELD_OPID))
		return;
	put_name(json, "target");
	open_with(json, '{');
	put_number(json, "pid", access, FIELD_OPID);
	put_number(json, "tid", access, FIELD_OTID);
	put_user(json, "uid", "user", access, FIELD_OUID);
	put_user(json, "auid", "login", access, FIELD_OAUID);
	put_number(json, "ses", access, FIELD_OSES);
	put_token(json, "comm", access, FIELD_OCOMM);
	put_token(json, "exe", access, FIELD_OEXE);
	put_number(json, "deleted", access, FIELD_ODELETED);
	put_number(json, "start", access, FIELD_OSTART);
	put_word(json, "rel", access->fields.value[FIELD_REL]);
	close_with(json, '}');
}

static void put_call(struct json *json, const struct access *access)
{
	const struct slice *value = access->fields.value;

	put_word(json, "op", value[FIELD_OP]);
	put_keys(json, access);
	put_caller(json, access);
	put_target(json, access);
	put_number(json, "exit", access, FIELD_EXIT);
	if (access_failed(access)) {
		put_name(json, "error");
		column_error(&json->string, access->exit);
		put_string(json);
	}
	put_name(json, "bytes");
	strbuf_put(&json->text, "%" PRIu64, access->bytes);
	put_number(json, "rlen", access, FIELD_RLEN);
	put_number(json, "riovcnt", access, FIELD_RIOVCNT);
	put_vectors(json, "riov", value[FIELD_RIOV]);
	put_parts(json, "rspan", value[FIELD_RSPAN], ',');
	put_regions(json, value[FIELD_RMAP]);
	put_number(json, "llen", access, FIELD_LLEN);
	put_number(json, "liovcnt", access, FIELD_LIOVCNT);
	put_vectors(json, "liov", value[FIELD_LIOV]);
	put_word(json, "vmflags", value[FIELD_VMFLAGS]);
	put_word(json, "src", value[FIELD_SRC]);
	put_parts(json, "why", value[FIELD_WHY], ',');
	put_parts(json, "cut", value[FIELD_CUT], ',');
	put_word(json, "serials", value[FIELD_SERIALS]);
}

static void put_id(struct json *json, const char *name, const struct pvm_id *id)
{
	put_name(json, name);
	strbuf_put(&json->text, "\"%" PRIu64 ".%03u", id->sec,
		   (unsigned int)id->msec);
	if (id->serial)
		strbuf_put(&json->text, ":%" PRIu64, id->serial);
	strbuf_put(&json->text, "\"");
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
	put_ids(json, access);
	put_name(json, "count");
	strbuf_put(&json->text, "%" PRIu64, access->count);
	if (access->kind == ACCESS_UNENRICHED)
		put_word(json, "fate", slice_of(fate_name(access->fate)));
	if (access->incomplete)
		put_word(json, "fate", slice_of("parts missing"));
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
