// SPDX-License-Identifier: GPL-2.0-or-later
/* fields.c - see fields.h */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/fields.h"
#include "lib/token.h"

/* What a value must look like. */
enum form {
	FORM_NUMBER, /* decimal, 64 bits */
	FORM_ID, /* decimal, 32 bits: of a user, a session, a process */
	FORM_SIGNED,
	FORM_ADDRESS, /* 0x and hex */
	FORM_HEX, /* without 0x */
	FORM_TOKEN, /* quoted, or in hex */
	FORM_WORD, /* printable, nothing that any output would have to escape */
	FORM_EVENT, /* SEC.MSEC:SERIAL */
	FORM_TIME, /* SEC.MSEC */
	FORM_VECTORS, /* 0x7f..:8,0x7f..:16 */
	FORM_RANGES, /* 0x7f..-0x7f..,... */
	FORM_SERIALS, /* 43-1043,1045 */
};

static const struct known {
	const char *name;
	enum form form;
} known[FIELDS] = {
	[FIELD_OP] = {"op", FORM_WORD},
	[FIELD_EVENT] = {"event", FORM_EVENT},
	[FIELD_COUNT] = {"count", FORM_NUMBER},
	[FIELD_FIRST] = {"first", FORM_EVENT},
	[FIELD_LAST] = {"last", FORM_EVENT},
	[FIELD_SERIALS] = {"serials", FORM_SERIALS},
	[FIELD_KEY] = {"key", FORM_TOKEN},
	[FIELD_UID] = {"uid", FORM_ID},
	[FIELD_SPID] = {"spid", FORM_ID},
	[FIELD_STID] = {"stid", FORM_ID},
	[FIELD_SAUID] = {"sauid", FORM_ID},
	[FIELD_SES] = {"ses", FORM_ID},
	[FIELD_A0] = {"a0", FORM_HEX},
	[FIELD_COMM] = {"comm", FORM_TOKEN},
	[FIELD_EXE] = {"exe", FORM_TOKEN},
	[FIELD_ABI] = {"abi", FORM_WORD},
	[FIELD_OPID] = {"opid", FORM_ID},
	[FIELD_OTID] = {"otid", FORM_ID},
	[FIELD_APID] = {"apid", FORM_SIGNED},
	[FIELD_OCOMM] = {"ocomm", FORM_TOKEN},
	[FIELD_OEXE] = {"oexe", FORM_TOKEN},
	[FIELD_ODELETED] = {"odeleted", FORM_NUMBER},
	[FIELD_OUID] = {"ouid", FORM_ID},
	[FIELD_OAUID] = {"oauid", FORM_ID},
	[FIELD_OSES] = {"oses", FORM_ID},
	[FIELD_OSTART] = {"ostart", FORM_NUMBER},
	[FIELD_REL] = {"rel", FORM_WORD},
	[FIELD_EXIT] = {"exit", FORM_SIGNED},
	[FIELD_BYTES] = {"bytes", FORM_NUMBER},
	[FIELD_RLEN] = {"rlen", FORM_NUMBER},
	[FIELD_RIOVCNT] = {"riovcnt", FORM_NUMBER},
	[FIELD_RIOV] = {"riov", FORM_VECTORS},
	[FIELD_RSPAN] = {"rspan", FORM_RANGES},
	[FIELD_RMAP] = {"rmap", FORM_WORD},
	[FIELD_LLEN] = {"llen", FORM_NUMBER},
	[FIELD_LIOVCNT] = {"liovcnt", FORM_NUMBER},
	[FIELD_LIOV] = {"liov", FORM_VECTORS},
	[FIELD_VMFLAGS] = {"vmflags", FORM_ADDRESS},
	[FIELD_SRC] = {"src", FORM_WORD},
	[FIELD_WHY] = {"why", FORM_WORD},
	[FIELD_CUT] = {"cut", FORM_WORD},
	[FIELD_PART] = {"part", FORM_WORD},
	[FIELD_FROM] = {"from", FORM_TIME},
	[FIELD_TO] = {"to", FORM_TIME},
	[FIELD_START] = {"start", FORM_NUMBER},
};

static bool is_word(struct slice value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.at[i] <= ' ' || value.at[i] > '~' ||
		    strchr("\"'\\<>&", value.at[i]))
			return false;
	return value.len > 0;
}

/*
 * Two numbers, each as its function reads it, @ordered when the first must not
 * be the larger. A serial can stand alone.
 */
static bool is_pair(struct slice item, char separator,
		    bool (*read)(struct slice, uint64_t *),
		    bool (*read_high)(struct slice, uint64_t *), bool ordered)
{
	struct slice first;
	uint64_t low, high;

	if (!slice_next(&item, separator, &first) || !read(first, &low))
		return false;
	if (!item.at)
		return read == slice_unsigned; /* a single serial */
	return read_high(item, &high) && (!ordered || low <= high);
}

static bool is_list(struct slice value, enum form form)
{
	struct slice item;

	while (slice_next(&value, ',', &item)) {
		bool fine;

		if (form == FORM_VECTORS)
			fine = is_pair(item, ':', slice_address, slice_unsigned,
				       false);
		else if (form == FORM_RANGES)
			fine = is_pair(item, '-', slice_address, slice_address,
				       true);
		else
			fine = is_pair(item, '-', slice_unsigned,
				       slice_unsigned, true);
		if (!fine)
			return false;
	}
	return true;
}

static bool has_form(struct slice value, enum form form)
{
	struct pvm_id id;
	uint64_t number;
	int64_t with_sign;

	switch (form) {
	case FORM_NUMBER:
		return slice_unsigned(value, &number);
	case FORM_ID:
		return slice_unsigned(value, &number) && number <= UINT32_MAX;
	case FORM_SIGNED:
		return slice_signed(value, &with_sign);
	case FORM_ADDRESS:
		return slice_address(value, &number);
	case FORM_HEX:
		return slice_hex(value, &number);
	case FORM_TOKEN:
		return token_is_one(value);
	case FORM_WORD:
		return is_word(value);
	case FORM_EVENT:
		return slice_id(value, &id);
	case FORM_TIME:
		return slice_time(value, &id);
	case FORM_VECTORS:
	case FORM_RANGES:
	case FORM_SERIALS:
		return is_list(value, form);
	}
	return false;
}

/* The names, sorted once for looking up. */
static unsigned char by_name[FIELDS];

static int compare_names(const void *a, const void *b)
{
	const unsigned char *left = a, *right = b;

	return strcmp(known[*left].name, known[*right].name);
}

static enum field find_field(struct slice name)
{
	size_t low = 0, high = FIELDS;

	if (!by_name[0] && !by_name[1]) {
		for (size_t i = 0; i < FIELDS; i++)
			by_name[i] = (unsigned char)i;
		qsort(by_name, FIELDS, 1, compare_names);
	}
	while (low < high) {
		size_t middle = (low + high) / 2;
		const char *other = known[by_name[middle]].name;
		int order = strncmp(name.at, other, name.len);

		if (!order && other[name.len])
			order = -1;
		if (!order)
			return by_name[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return FIELDS;
}

/* Until the next call. */
static const char *wrong(const char *name)
{
	static char why[64];

	snprintf(why, sizeof(why), "no usable %s=", name);
	return why;
}

const char *fields_read(struct fields *fields, struct slice body)
{
	struct slice item, name;

	*fields = (struct fields){0};
	while (slice_next(&body, ' ', &item)) {
		enum field field;

		if (!slice_next(&item, '=', &name) || !item.at)
			continue;
		field = find_field(name);
		if (field == FIELDS || fields->value[field].at)
			continue;
		if (!has_form(item, known[field].form))
			return wrong(known[field].name);
		fields->value[field] = item;
	}
	return NULL;
}

/* Fields of a SYSCALL record, and the ones of ours that say the same. */
static const struct {
	const char *name;
	enum field field;
	bool required;
} native[] = {
	{"exit", FIELD_EXIT, true},  {"pid", FIELD_SPID, true},
	{"auid", FIELD_SAUID, true}, {"uid", FIELD_UID, true},
	{"ses", FIELD_SES, false},   {"a0", FIELD_A0, false},
	{"comm", FIELD_COMM, false}, {"exe", FIELD_EXE, false},
	{"key", FIELD_KEY, false},
};

const char *fields_read_syscall(struct fields *fields, const struct line *line)
{
	struct slice rest = line->head, item, name;
	const size_t natives = sizeof(native) / sizeof(*native);

	*fields = (struct fields){0};
	while (slice_next(&rest, ' ', &item)) {
		if (!slice_next(&item, '=', &name) || !item.at)
			continue;
		for (size_t i = 0; i < natives; i++) {
			enum field field = native[i].field;

			if (!slice_is(name, native[i].name) ||
			    fields->value[field].at || slice_is(item, "(null)"))
				continue;
			if (!has_form(item, known[field].form))
				return wrong(native[i].name);
			fields->value[field] = item;
		}
	}
	for (size_t i = 0; i < natives; i++)
		if (native[i].required && !fields->value[native[i].field].at)
			return wrong(native[i].name);
	fields->value[FIELD_OP] = slice_of(line->op);
	if (line->abi)
		fields->value[FIELD_ABI] = slice_of(line->abi);
	return NULL;
}

uint64_t field_number(const struct fields *fields, enum field field,
		      uint64_t missing)
{
	slice_unsigned(fields->value[field], &missing);
	return missing;
}
