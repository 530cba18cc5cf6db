// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_line.c - any line at all, as the plugin and aupvm read it
 *
 * The plugin has libauparse read a call's fields, aupvm reads them itself. Both
 * must find the same SYSCALL records usable, or they count different calls as
 * audited; and read the same in them. That holds as far as the fields have the
 * kernel's form; in others libauparse steps over what it does not like.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "input/syscall_record.h"
#include "lib/line.h"
#include "lib/slice.h"
#include "lib/token.h"
#include "read/fields.h"

/* Other words may end in what libauparse takes off them. */
static bool is_value(struct slice value)
{
	int64_t number;
	uint64_t hex;

	return slice_signed(value, &number) || slice_hex(value, &hex) ||
	       token_is_quoted(value) || token_is_hex(value) ||
	       slice_is(value, "(none)") || slice_is(value, "(null)") ||
	       slice_is(value, "yes") || slice_is(value, "no") ||
	       slice_is(value, "unconfined");
}

static bool is_name(struct slice name)
{
	for (size_t i = 0; i < name.len; i++)
		if (name.at[i] != '_' &&
		    (name.at[i] < '0' || name.at[i] > '9') &&
		    (name.at[i] < 'a' || name.at[i] > 'z'))
			return false;
	return name.len > 0;
}

/* NAME=VALUE and a space, and so on. */
static bool has_kernels_form(struct slice fields)
{
	struct slice item, name;

	while (slice_next(&fields, ' ', &item))
		if (!slice_next(&item, '=', &name) || !is_name(name) ||
		    !item.at || !is_value(item))
			return false;
	return true;
}

static void must_be(const struct fields *fields, enum field field,
		    uint64_t number)
{
	must(field_number(fields, field, ~number) == number);
}

static void check_call(struct pvm_parser *parser, const struct pvm_line *line)
{
	const char *why = NULL;
	struct pvm_syscall *call = pvm_parse_syscall(parser, line, &why);
	struct fields fields;
	int64_t exit;

	must(!call == !!fields_read_syscall(&fields, line));
	if (!call)
		return;
	must(slice_signed(fields.value[FIELD_EXIT], &exit) &&
	     exit == call->exit);
	must_be(&fields, FIELD_SPID, call->pid);
	must_be(&fields, FIELD_UID, call->uid);
	must_be(&fields, FIELD_SAUID, call->auid);
	must(pvm_id_equal(&call->id, &line->id));
	free(call);
}

static void check_line(const struct pvm_line *line)
{
	const char *end = line->text.at + line->text.len;
	bool damaged = line->class == PVM_LINE_BAD_MESSAGE ||
		       line->class == PVM_LINE_GARBAGE ||
		       line->class == PVM_LINE_NUL;

	must(damaged == (line->why != NULL));
	must(line->node.at != NULL);
	must(line->record.at + line->record.len == end);
	must(!line->fields.at || line->fields.at + line->fields.len <= end);
	must(!line->message.at || line->message.at + line->message.len < end);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct pvm_parser *parser;
	struct slice rest = {(const char *)data, size}, text;
	struct pvm_line line;

	if (!parser)
		parser = pvm_parser_new();
	must(parser != NULL);
	while (slice_next(&rest, '\n', &text)) {
		if (text.len >= PVM_LINE_MAX)
			continue;
		pvm_line_read(&line, text);
		check_line(&line);
		if (line.class == PVM_LINE_CALL &&
		    has_kernels_form(line.fields))
			check_call(parser, &line);
	}
	return 0;
}
