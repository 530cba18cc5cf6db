// SPDX-License-Identifier: GPL-2.0-or-later
/* line.c - see line.h */
#define _GNU_SOURCE /* memrchr */
#include <linux/audit.h>
#include <string.h>

#include "read/line.h"

/* Behind this byte stand the names that auditd has looked up. */
#define NAMES_MARK '\x1d'

/*
 * All architectures', not only this machine's: logs are read elsewhere than
 * where they were written. Source: the kernel's system call tables.
 */
static const struct call_number {
	uint32_t arch, readv, writev;
	const char *abi;
} call_numbers[] = {
	{AUDIT_ARCH_X86_64, 310, 311, NULL},
	{AUDIT_ARCH_I386, 347, 348, "i386"},
	{AUDIT_ARCH_AARCH64, 270, 271, NULL},
	{AUDIT_ARCH_ARM, 376, 377, "arm"},
};

/* Take the field @name=VALUE and the space behind it off @rest. */
static bool take_field(struct slice *rest, const char *name,
		       struct slice *value)
{
	return slice_skip(rest, name) && slice_next(rest, ' ', value);
}

static void find_call(struct line *line)
{
	struct slice rest = line->head, arch, nr;
	uint64_t arch_number, call_number;

	if (!take_field(&rest, "arch=", &arch) ||
	    !take_field(&rest, "syscall=", &nr) ||
	    !slice_hex(arch, &arch_number) || !slice_unsigned(nr, &call_number))
		return;
	for (size_t i = 0; i < sizeof(call_numbers) / sizeof(*call_numbers);
	     i++) {
		if (call_numbers[i].arch != arch_number)
			continue;
		line->abi = call_numbers[i].abi;
		if (call_numbers[i].readv == call_number)
			line->op = "process_vm_readv";
		else if (call_numbers[i].writev == call_number)
			line->op = "process_vm_writev";
	}
}

/*
 * Ours begins with one of two kinds of op=; whether it is ours at all is for
 * record.h to say.
 */
static bool find_body(struct line *line)
{
	static const char quote[] = " msg='";
	const char *start = slice_find(line->head, quote), *end;

	if (!start)
		return false;
	line->body.at = start + sizeof(quote) - 1;
	line->body.len =
		(size_t)(line->head.at + line->head.len - line->body.at);
	line->head.len = (size_t)(start - line->head.at);
	if (line->body.len < 10 || (memcmp(line->body.at, "op=pvm-", 7) &&
				    memcmp(line->body.at, "op=process", 10)))
		return false;
	end = memrchr(line->body.at, '\'', line->body.len);
	line->body.len = end ? (size_t)(end - line->body.at) : 0;
	return true;
}

static void damaged(struct line *line, const char *why)
{
	line->kind = LINE_DAMAGED;
	line->why = why;
}

/* Behind type=: the id, the fields, and what of them tells the kind. */
static void read_record(struct line *line, struct slice rest, bool is_call)
{
	struct slice id = {NULL, 0};
	const char *names;
	bool has_id = slice_skip(&rest, "msg=audit(") &&
		      slice_next(&rest, ')', &id) && slice_skip(&rest, ": ");

	if (!has_id) {
		damaged(line, "no id in msg=audit()");
		return;
	}
	names = memchr(rest.at, NAMES_MARK, rest.len);
	line->head = rest;
	if (names)
		line->head.len = (size_t)(names - rest.at);
	if (is_call) {
		find_call(line);
		line->kind = line->op ? LINE_CALL : LINE_OTHER;
	} else {
		line->kind = find_body(line) ? LINE_RECORD : LINE_OTHER;
	}
	if (line->kind == LINE_OTHER)
		return;
	if (!slice_id(id, &line->id))
		damaged(line, "its id is none");
	else if (memchr(line->text.at, '\0', line->text.len))
		damaged(line, "a NUL byte is in it");
	else if (line->kind == LINE_RECORD && !line->body.len)
		damaged(line, "its end is missing");
}

/* What ausearch puts between events when it prints them. */
static bool is_separator(struct slice text)
{
	return !text.len || slice_is(text, "----") ||
	       slice_skip(&text, "time->");
}

void line_read(struct line *line, struct slice text)
{
	struct slice rest = text;

	*line = (struct line){.text = text, .node = {"", 0}};
	if (slice_skip(&rest, "node=") &&
	    (!slice_next(&rest, ' ', &line->node) || !rest.at)) {
		damaged(line, "nothing behind node=");
		return;
	}
	if (!slice_skip(&rest, "type=")) {
		if (!is_separator(text))
			damaged(line, "not an audit record");
		return;
	}
	if (slice_skip(&rest, "SYSCALL "))
		read_record(line, rest, true);
	else if (slice_skip(&rest, "USER ") ||
		 slice_skip(&rest, "TRUSTED_APP "))
		read_record(line, rest, false);
}
