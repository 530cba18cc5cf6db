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
	if (slice_signed(access->fields.value[field], &with_sign))
		strbuf_put(&json->text, "%" PRId64, with_sign);
	else
		strbuf_put(&json->text, "%" PRIu64,
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

static void put_regions(struct json *json, const char *name, struct slice list)
{
	struct slice entry;
	struct region region;

	put_name(json, name);
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

/* clang-format off */

/*
 * The members that are fields, in their order: MEMBER(group, constant of the
 * field, name in JSON). Those of the group ELSEWHERE are made of the access:
 * see put_ids(), put_call(), and json_access(); suid is uid again.
 */
#define MEMBERS(MEMBER) \
	MEMBER(ELSEWHERE, EVENT, NULL) \
	MEMBER(ELSEWHERE, FIRST, NULL) \
	MEMBER(ELSEWHERE, LAST, NULL) \
	MEMBER(ELSEWHERE, COUNT, NULL) \
	MEMBER(ELSEWHERE, BYTES, NULL) \
	MEMBER(ELSEWHERE, SUID, NULL) \
	MEMBER(ELSEWHERE, PART, NULL) \
	MEMBER(START, OP, "op") \
	MEMBER(START, KEY, "keys") \
	MEMBER(CALLER_IDS, SPID, "pid") \
	MEMBER(CALLER_IDS, STID, "tid") \
	MEMBER(CALLER_IDS, UID, "uid") \
	MEMBER(CALLER_IDS, SAUID, "auid") \
	MEMBER(CALLER_PROGRAM, COMM, "comm") \
	MEMBER(CALLER_PROGRAM, COMMS, "comms") \
	MEMBER(CALLER_PROGRAM, EXE, "exe") \
	MEMBER(CALLER_PROGRAM, SDEV, "dev") \
	MEMBER(CALLER_PROGRAM, SINO, "inode") \
	MEMBER(CALLER_PROGRAM, ABI, "abi") \
	MEMBER(ARGUMENT, APID, "apid") \
	MEMBER(TARGET, OPID, "pid") \
	MEMBER(TARGET, OTID, "tid") \
	MEMBER(TARGET, OUID, "uid") \
	MEMBER(TARGET, OAUID, "auid") \
	MEMBER(TARGET, OSES, "ses") \
	MEMBER(TARGET, OCOMM, "comm") \
	MEMBER(TARGET, OEXE, "exe") \
	MEMBER(TARGET, ODELETED, "deleted") \
	MEMBER(TARGET, ODEV, "dev") \
	MEMBER(TARGET, OINO, "inode") \
	MEMBER(TARGET, OSTART, "start") \
	MEMBER(TARGET, REL, "rel") \
	MEMBER(RESULT, EXIT, "exit") \
	MEMBER(REST, RLEN, "rlen") \
	MEMBER(REST, RIOVCNT, "riovcnt") \
	MEMBER(REST, RIOV, "riov") \
	MEMBER(REST, RSPAN, "rspan") \
	MEMBER(REST, RMAP, "rmap") \
	MEMBER(REST, RSHARE, "rshare") \
	MEMBER(REST, LLEN, "llen") \
	MEMBER(REST, LIOVCNT, "liovcnt") \
	MEMBER(REST, LIOV, "liov") \
	MEMBER(REST, VMFLAGS, "vmflags") \
	MEMBER(REST, VARY, "vary") \
	MEMBER(REST, SRC, "src") \
	MEMBER(REST, WHY, "why") \
	MEMBER(REST, CUT, "cut") \
	MEMBER(REST, SERIALS, "serials")

/* clang-format on */

enum group {
	ELSEWHERE,
	START,
	CALLER_IDS,
	CALLER_PROGRAM,
	ARGUMENT,
	TARGET,
	RESULT,
	REST
};

static const struct member {
	enum group group;
	enum field field;
	const char *name;
} members[] = {
#define MEMBER(group, id, name) {group, FIELD_##id, name},
	MEMBERS(MEMBER)
#undef MEMBER
};

/* A field of which the list above does not know does not build. */
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
		else
			put_token(json, member->name, value);
		break;
	case PVM_FORM_VECTORS:
		put_vectors(json, member->name, value);
		break;
	case PVM_FORM_MAPPINGS:
		put_regions(json, member->name, value);
		break;
	case PVM_FORM_SHARES:
		put_shares(json, member->name, value);
		break;
	case PVM_FORM_WORDS:
	case PVM_FORM_NAMES:
	case PVM_FORM_RANGES:
		put_parts(json, member->name, value, ',');
		break;
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
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (members[i].group == group &&
		    field_is_there(&access->fields, members[i].field))
			put_member(json, access, &members[i]);
}

static void put_id(struct json *json, const char *name, const struct pvm_id *id)
{
	put_name(json, name);
	strbuf_put(&json->text, "\"");
	strbuf_put_id(&json->text, id);
	strbuf_put(&json->text, "\"");
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
	if (access->has_session) {
		put_name(json, "ses");
		strbuf_put(&json->text, "%" PRIu32, access->session);
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
	put_group(json, access, RESULT);
	if (access_failed(access)) {
		put_name(json, "error");
		column_error(&json->string, access->exit);
		put_string(json);
	}
	put_name(json, "bytes");
	strbuf_put(&json->text, "%" PRIu64, access->bytes);
	put_group(json, access, REST);
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
	if (access->whole_count) {
		put_name(json, "of");
		strbuf_put(&json->text, "%" PRIu64, access->whole_count);
	}
	if (access->kind == ACCESS_UNENRICHED)
		put_word(json, "fate", slice_of(fate_name(access->fate)));
	if (access->incomplete)
		put_word(json, "fate", slice_of("parts missing"));
	if (access->perhaps) {
		put_name(json, "perhaps");
		strbuf_put(&json->text, "true");
	}
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
