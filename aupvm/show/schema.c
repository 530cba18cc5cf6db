// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * schema.c - --schema: what the objects of --format json are like
 *
 * Fields come from the list of members, with what their form is in JSON; the
 * rest, which json.c makes of the access, is written here.
 */
#include <stdio.h>

#include "show/members.h"
#include "show/schema.h"

static const char head[] =
	"{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\n"
	"\"title\":\"aupvm --format json\",\n"
	"\"type\":\"object\",\n"
	"\"required\":[\"kind\",\"time\",\"time_ms\",\"count\"],\n"
	"\"additionalProperties\":false,\n"
	"\"$defs\":{\n"
	"\"count\":{\"type\":\"integer\",\"minimum\":0,"
	"\"maximum\":18446744073709551615},\n"
	"\"text\":{\"type\":\"string\",\"pattern\":\"^[ -~]*$\"},\n"
	"\"words\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/"
	"text\"}},\n"
	"\"hex\":{\"type\":\"string\",\"pattern\":\"^0x[0-9a-fA-F]{1,16}$\"},\n"
	"\"id\":{\"type\":\"string\","
	"\"pattern\":\"^[0-9]+\\\\.[0-9]{3}(:[0-9]+)?$\"},\n"
	"\"time\":{\"type\":\"string\",\"pattern\":\"^[0-9]{4}-[0-9]{2}-[0-9]{"
	"2}"
	"T[0-9]{2}:[0-9]{2}:[0-9]{2}\\\\.[0-9]{3}[-+][0-9]{2}:[0-9]{2}$\"},\n"
	"\"vectors\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
	"\"required\":[\"address\",\"bytes\"],\"additionalProperties\":false,\n"
	" \"properties\":{\"address\":{\"$ref\":\"#/$defs/hex\"},"
	"\"bytes\":{\"$ref\":\"#/$defs/count\"}}}},\n"
	"\"shares\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
	"\"required\":[\"calls\",\"bytes\"],\"additionalProperties\":false,\n"
	" \"properties\":{\"calls\":{\"$ref\":\"#/$defs/count\"},"
	"\"bytes\":{\"$ref\":\"#/$defs/count\"}}}},\n"
	"\"mappings\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
	"\"required\":[\"name\"],\"additionalProperties\":false,\n"
	" \"properties\":{\"name\":{\"$ref\":\"#/$defs/text\"},"
	"\"offset\":{\"$ref\":\"#/$defs/hex\"},"
	"\"perms\":{\"$ref\":\"#/$defs/text\"},\n"
	" \"calls\":{\"$ref\":\"#/$defs/count\"},"
	"\"bytes\":{\"$ref\":\"#/$defs/count\"}}}}},\n"
	"\"properties\":{\n"
	"\"kind\":{\"enum\":[\"call\",\"folded\",\"unenriched\",\"lost\"]},\n"
	"\"node\":{\"$ref\":\"#/$defs/text\"},\n"
	"\"time\":{\"$ref\":\"#/$defs/time\"},\n"
	"\"time_ms\":{\"$ref\":\"#/$defs/count\"},\n"
	"\"end_time\":{\"$ref\":\"#/$defs/time\"},\n"
	"\"end_time_ms\":{\"$ref\":\"#/$defs/count\"},\n"
	"\"event\":{\"$ref\":\"#/$defs/id\"},\n"
	"\"first\":{\"$ref\":\"#/$defs/id\"},\n"
	"\"last\":{\"$ref\":\"#/$defs/id\"},\n"
	"\"count\":{\"$ref\":\"#/$defs/count\"},\n"
	"\"of\":{\"$ref\":\"#/$defs/count\"},\n"
	"\"fate\":{\"enum\":[\"lost\",\"pending\",\"no "
	"plugin\",\"unaccounted\","
	"\"parts missing\"]},\n"
	"\"perhaps\":{\"const\":true},\n"
	"\"result\":{\"$ref\":\"#/$defs/text\"},\n"
	"\"error\":{\"$ref\":\"#/$defs/text\"},\n"
	"\"bytes\":{\"$ref\":\"#/$defs/count\"},\n"
	"\"whole\":{\"type\":\"boolean\"},\n";

static const char caller[] =
	"\"caller\":{\"type\":\"object\",\"additionalProperties\":false,\n"
	" \"properties\":{\n"
	" \"user\":{\"$ref\":\"#/$defs/text\"},\n"
	" \"euser\":{\"$ref\":\"#/$defs/text\"},\n"
	" \"login\":{\"$ref\":\"#/$defs/text\"},\n"
	" \"ses\":{\"$ref\":\"#/$defs/count\"},\n"
	" \"command_cut\":{\"const\":true},\n";

static const char target[] =
	"\"target\":{\"type\":\"object\",\"required\":[\"pid\"],"
	"\"additionalProperties\":false,\n"
	" \"properties\":{\n"
	" \"user\":{\"$ref\":\"#/$defs/text\"},\n"
	" \"login\":{\"$ref\":\"#/$defs/text\"},\n";

static const char end_of_process[] =
	" \"another_than\":{\"$ref\":\"#/$defs/id\"}}},\n";

/* Of a loss, why= is one word. */
static const char tail[] =
	"\"why\":{\"anyOf\":[{\"$ref\":\"#/$defs/words\"},"
	"{\"$ref\":\"#/$defs/text\"}]}},\n"
	"\"allOf\":[\n"
	"{\"if\":{\"properties\":{\"kind\":{\"const\":\"lost\"}}},\n"
	" \"then\":{\"required\":[\"first\",\"last\",\"end_time\","
	"\"end_time_ms\",\"why\"],\n"
	"  \"properties\":{\"why\":{\"type\":\"string\"},\"caller\":false,"
	"\"event\":false}},\n"
	" \"else\":{\"required\":[\"op\",\"caller\",\"result\",\"bytes\","
	"\"whole\"],\n"
	"  \"properties\":{\"why\":{\"type\":\"array\"}}}},\n"
	"{\"if\":{\"properties\":{\"kind\":{\"const\":\"folded\"}}},\n"
	" \"then\":{\"required\":[\"first\",\"last\",\"end_time\","
	"\"end_time_ms\",\"serials\"],\n"
	"  \"properties\":{\"event\":false}}},\n"
	"{\"if\":{\"properties\":{\"kind\":{\"enum\":[\"call\","
	"\"unenriched\"]}}},\n"
	" \"then\":{\"required\":[\"event\",\"exit\"],\n"
	"  \"properties\":{\"count\":{\"const\":1},\"first\":false,"
	"\"end_time\":false}}},\n"
	"{\"if\":{\"properties\":{\"kind\":{\"const\":\"unenriched\"}}},\n"
	" \"then\":{\"required\":[\"fate\"],"
	"\"properties\":{\"whole\":{\"const\":false}}}}\n"
	"]}\n";

static const char *type_of(const struct member *member)
{
	switch (field_form(member->field)) {
	case PVM_FORM_SIGNED:
		return "\"type\":\"integer\"";
	case PVM_FORM_NUMBER:
	case PVM_FORM_ID:
		return "\"$ref\":\"#/$defs/count\"";
	case PVM_FORM_HEX:
		return "\"$ref\":\"#/$defs/hex\"";
	case PVM_FORM_VECTORS:
		return "\"$ref\":\"#/$defs/vectors\"";
	case PVM_FORM_SHARES:
		return "\"$ref\":\"#/$defs/shares\"";
	case PVM_FORM_MAPPINGS:
		return "\"$ref\":\"#/$defs/mappings\"";
	case PVM_FORM_WORDS:
	case PVM_FORM_NAMES:
	case PVM_FORM_RANGES:
		return "\"$ref\":\"#/$defs/words\"";
	default:
		return member->field == FIELD_KEY ? "\"$ref\":\"#/$defs/words\""
						  : "\"$ref\":\"#/$defs/text\"";
	}
}

/* The members of the groups from @first to @last. */
static void print_groups(enum group first, enum group last)
{
	for (size_t i = 0; i < MEMBERS_NR; i++) {
		const struct member *member = &members[i];

		if (member->group >= first && member->group <= last &&
		    member->field != FIELD_WHY)
			printf("\"%s\":{%s},\n", member->name, type_of(member));
	}
}

void schema_print(void)
{
	fputs(head, stdout);
	print_groups(START, START);
	fputs(caller, stdout);
	print_groups(CALLER_IDS, CALLER_PROGRAM);
	fputs(end_of_process, stdout);
	print_groups(ARGUMENT, ARGUMENT);
	fputs(target, stdout);
	print_groups(TARGET, TARGET);
	fputs(end_of_process, stdout);
	print_groups(RESULT, REST);
	fputs(tail, stdout);
}
