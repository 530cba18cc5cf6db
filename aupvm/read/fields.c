// SPDX-License-Identifier: GPL-2.0-or-later
/* fields.c - see fields.h */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "read/fields.h"
#include "lib/strides.h"
#include "lib/token.h"

static const struct known {
	const char *name;
	enum pvm_form form;
} known[FIELDS] = {
#define KNOWN(id, name, form, ...) [FIELD_##id] = {#name, PVM_FORM_##form},
	PVM_RECORD_FIELDS(KNOWN) PVM_NOTE_FIELDS(KNOWN) SYSCALL_FIELDS(KNOWN)
#undef KNOWN
};

const char *field_name(enum field field)
{
	return known[field].name;
}

enum pvm_form field_form(enum field field)
{
	return known[field].form;
}

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
 * be the larger.
 */
static bool is_pair(struct slice item, char separator,
		    bool (*read)(struct slice, uint64_t *),
		    bool (*read_high)(struct slice, uint64_t *), bool ordered)
{
	struct slice first;
	uint64_t low, high;

	return slice_next(&item, separator, &first) && read(first, &low) &&
	       item.at && read_high(item, &high) && (!ordered || low <= high);
}

bool serials_next(struct slice *list, struct pvm_stride *serials)
{
	struct slice rest = *list, item;

	if (!slice_next(&rest, ',', &item) ||
	    !pvm_stride_take(&item, UINT64_MAX, serials) || item.len)
		return false;
	*list = rest;
	return true;
}

static bool is_serials(struct slice list)
{
	struct pvm_stride serials;

	while (serials_next(&list, &serials))
		;
	return !list.at;
}

static bool is_list(struct slice value, enum pvm_form form)
{
	struct slice item;

	while (slice_next(&value, ',', &item)) {
		bool fine;

		if (form == PVM_FORM_VECTORS)
			fine = is_pair(item, ':', slice_address, slice_unsigned,
				       false);
		else if (form == PVM_FORM_SHARES)
			fine = is_pair(item, ':', slice_unsigned,
				       slice_unsigned, false);
		else
			fine = is_pair(item, '-', slice_address, slice_address,
				       true);
		if (!fine)
			return false;
	}
	return true;
}

static bool has_form(struct slice value, enum pvm_form form)
{
	struct pvm_id id;
	uint64_t number;
	int64_t with_sign;

	switch (form) {
	case PVM_FORM_NUMBER:
		return slice_unsigned(value, &number);
	case PVM_FORM_ID:
		return slice_unsigned(value, &number) && number <= UINT32_MAX;
	case PVM_FORM_SIGNED:
		return slice_signed(value, &with_sign);
	case PVM_FORM_HEX:
		return slice_address(value, &number);
	case PVM_FORM_BARE_HEX:
		return slice_hex(value, &number);
	case PVM_FORM_DEVICE:
		return is_pair(value, ':', slice_hex, slice_hex, false);
	case PVM_FORM_STRING:
		return token_is_one(value);
	case PVM_FORM_WORD:
	case PVM_FORM_WORDS:
	case PVM_FORM_MAPPINGS:
	case PVM_FORM_NAMES:
	case PVM_FORM_PART:
		return is_word(value);
	case PVM_FORM_EVENT:
		return slice_id(value, &id);
	case PVM_FORM_TIME:
		return slice_time(value, &id);
	case PVM_FORM_VECTORS:
	case PVM_FORM_RANGES:
	case PVM_FORM_SHARES:
		return is_list(value, form);
	case PVM_FORM_SERIALS:
		return is_serials(value);
	case PVM_FORM_TEXT:
		return value.len > 0;
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

/* Without these a record says nothing of which calls it is about, and how. */
static bool is_needed(enum field field)
{
	switch (field) {
	case FIELD_OP:
	case FIELD_EVENT:
	case FIELD_COUNT:
	case FIELD_FIRST:
	case FIELD_LAST:
	case FIELD_SERIALS:
	case FIELD_EXIT:
	case FIELD_BYTES:
	case FIELD_PART:
	case FIELD_FROM:
	case FIELD_TO:
		return true;
	default:
		return false;
	}
}

const char *fields_read(struct fields *fields, struct slice body,
			const char **left_out)
{
	bool seen[FIELDS] = {false};
	struct slice item, name;

	*fields = (struct fields){0};
	*left_out = NULL;
	while (slice_next(&body, ' ', &item)) {
		enum field field;

		if (!slice_next(&item, '=', &name) || !item.at)
			continue;
		field = find_field(name);
		/* those of audit's own records begin with ses= */
		if (field >= FIELD_SES || seen[field])
			continue;
		seen[field] = true;
		if (has_form(item, known[field].form))
			fields->value[field] = item;
		else if (is_needed(field))
			return wrong(known[field].name);
		else if (!*left_out)
			*left_out = known[field].name;
	}
	/* what stands for a program that is not known */
	if (fields->value[FIELD_EXE].at &&
	    slice_is(fields->value[FIELD_EXE], "\"?\""))
		fields->value[FIELD_EXE] = (struct slice){NULL, 0};
	/* or for several names */
	if (field_has_word(fields, FIELD_VARY, "comm"))
		fields->value[FIELD_COMM] = (struct slice){NULL, 0};
	return NULL;
}

/*
 * Fields of a SYSCALL record, and the ones of ours that say the same. A record
 * without a usable one of those required is no audited call: neither here nor
 * to the plugin, see plugin/input/syscall_record.c.
 */
static const struct {
	struct slice name;
	enum field field;
	bool required;
} native[] = {
#define NATIVE(name, id, required)                             \
	{                                                      \
		{name, sizeof(name) - 1}, FIELD_##id, required \
	}
	NATIVE("exit", EXIT, true),  NATIVE("a0", A0, true),
	NATIVE("a2", A2, true),	     NATIVE("ppid", PPID, false),
	NATIVE("pid", SPID, true),   NATIVE("auid", SAUID, true),
	NATIVE("uid", UID, true),    NATIVE("euid", EUID, false),
	NATIVE("tty", TTY, false),   NATIVE("ses", SES, false),
	NATIVE("comm", COMM, false), NATIVE("exe", EXE, false),
	NATIVE("subj", SUBJ, false), NATIVE("key", KEY, false),
#undef NATIVE
};

#define NATIVES (sizeof(native) / sizeof(*native))

/* The first of a name counts, usable or not. */
static void take_native(struct fields *fields, size_t i, struct slice value,
			bool usable[NATIVES])
{
	enum field field = native[i].field;

	usable[i] = has_form(value, known[field].form);
	if (usable[i])
		fields->value[field] = value;
}

/* AppArmor's labels have a space: up to key=, which the kernel puts behind. */
static void extend_label(struct slice *label, struct slice fields)
{
	struct slice rest;
	const char *key;

	if (!label->at)
		return;
	rest = slice_from(fields, label->at);
	key = slice_find(rest, " key=");
	if (key)
		label->len = (size_t)(key - label->at);
}

const char *fields_read_syscall(struct fields *fields,
				const struct pvm_line *line)
{
	bool seen[NATIVES] = {false}, usable[NATIVES] = {false};
	struct slice rest = line->fields, item, name;

	*fields = (struct fields){0};
	while (slice_next(&rest, ' ', &item)) {
		if (!slice_next(&item, '=', &name) || !item.at)
			continue;
		for (size_t i = 0; i < NATIVES; i++) {
			if (seen[i] || !slice_equal(name, native[i].name))
				continue;
			seen[i] = true;
			take_native(fields, i, item, usable);
		}
	}
	for (size_t i = 0; i < NATIVES; i++)
		if (native[i].required && !usable[i])
			return wrong(native[i].name.at);
	extend_label(&fields->value[FIELD_SUBJ], line->fields);
	fields->value[FIELD_OP] = slice_of(line->type->op);
	if (line->type->abi)
		fields->value[FIELD_ABI] = slice_of(line->type->abi);
	return NULL;
}

struct slice fields_read_proctitle(const struct pvm_line *line)
{
	static const struct slice none = {NULL, 0};
	struct slice rest = line->record, token;

	if (!slice_skip(&rest, "type=PROCTITLE ") ||
	    !slice_until(&rest, ' ', &token) ||
	    !slice_skip(&rest, "proctitle="))
		return none;
	slice_next(&rest, ' ', &token);
	return token_is_one(token) ? token : none;
}

uint64_t field_number(const struct fields *fields, enum field field,
		      uint64_t missing)
{
	slice_unsigned(fields->value[field], &missing);
	return missing;
}

bool field_has_word(const struct fields *fields, enum field field,
		    const char *word)
{
	struct slice rest = fields->value[field], item;

	while (slice_next(&rest, ',', &item))
		if (slice_is(item, word))
			return true;
	return false;
}
