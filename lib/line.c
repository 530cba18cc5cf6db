// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * line.c - see line.h
 *
 * Almost no line concerns us, so lines are classified by a few bytes at fixed
 * positions, in the order in which auditd and the kernel write them:
 *
 *   [node=NAME ]type=SYSCALL msg=audit(ID): arch=HEX syscall=N ...
 *   [node=NAME ]type=USER msg=audit(ID): pid=N ... msg='op=pvm-...'
 *
 * A record that has its parts in another order, or lacks one, is damaged. If
 * it may have been one of the calls, it counts as such a call, lost; somebody
 * else's record may be as damaged as it likes.
 *
 * Rejected: handing every record to libauparse, which assembles events and
 * manages some thousands a second.
 */
#include <string.h>

#include "lib/line.h"
#include "lib/slice.h"
#include "lib/syscalls.h"

/* Behind this byte stand the names that auditd has looked up. */
#define NAMES_MARK '\x1d'

static void damaged(struct pvm_line *line, enum pvm_line_class class,
		    const char *why)
{
	line->class = class;
	line->why = why;
}

static bool has_nul(const struct pvm_line *line)
{
	return memchr(line->text.at, '\0', line->text.len);
}

static struct slice without_names(struct slice rest)
{
	const char *mark = memchr(rest.at, NAMES_MARK, rest.len);

	if (mark)
		rest.len = (size_t)(mark - rest.at);
	return rest;
}

/* Step over "msg=audit(ID):". */
static bool take_id(struct slice *rest, struct pvm_id *id)
{
	return slice_skip(rest, "msg=audit(") && slice_take_id(rest, id) &&
	       slice_skip(rest, "):");
}

/*
 * Step over what stands in place of an id, so that a record of another call is
 * known as such even then.
 */
static bool skip_bad_id(struct slice *rest)
{
	struct slice id;

	return slice_skip(rest, "msg=audit(") && slice_until(rest, ')', &id) &&
	       slice_skip(rest, ":");
}

/*
 * Of one of the two calls, or of another: @type is NULL then. Returns false
 * when neither can be said; the kernel writes a space behind the number, so
 * without one it may have been longer.
 */
static bool read_type(struct slice rest, const struct pvm_call_type **type)
{
	uint64_t arch, nr;
	bool negative;

	if (!slice_skip(&rest, "arch=") ||
	    !slice_take_hex(&rest, UINT32_MAX, &arch) ||
	    !slice_skip(&rest, " syscall="))
		return false;
	/* a debugger can set any number */
	negative = slice_skip(&rest, "-");
	if (!slice_take_decimal(&rest, UINT32_MAX, &nr) ||
	    !slice_skip(&rest, " "))
		return false;
	*type = negative ? NULL : pvm_call_type((uint32_t)arch, (uint32_t)nr);
	return true;
}

static void read_call(struct pvm_line *line, struct slice rest, bool has_id)
{
	if (!has_id && !skip_bad_id(&rest))
		damaged(line, PVM_LINE_GARBAGE, "no id in msg=audit()");
	else if (!slice_skip(&rest, " ") || !read_type(rest, &line->type))
		damaged(line, PVM_LINE_GARBAGE, "no usable arch= and syscall=");
	else if (!line->type)
		line->class = PVM_LINE_OTHER;
	else if (!has_id)
		damaged(line, PVM_LINE_GARBAGE, "its id is none");
	else if (has_nul(line))
		damaged(line, PVM_LINE_NUL, "a NUL byte is in it");
	else
		line->class = PVM_LINE_CALL;
	if (line->class == PVM_LINE_CALL)
		line->fields = without_names(rest);
}

/*
 * What the plugin sends begins with one of two groups of op=. Whether the
 * plugin has sent it is not for the line to say: anybody who may send messages
 * can write that.
 */
static bool is_plugins(struct slice message)
{
	return slice_skip(&message, "op=pvm-") ||
	       slice_skip(&message, "op=process_vm");
}

/* The kernel closes the quote at the very end; what has none was cut. */
static bool close_quote(struct slice *message)
{
	if (!message->len || message->at[message->len - 1] != '\'')
		return false;
	message->len--;
	return true;
}

static void read_message(struct pvm_line *line, struct slice rest, bool has_id)
{
	static const char quote[] = " msg='";
	struct slice message;
	const char *start;

	line->class = PVM_LINE_OTHER;
	has_id = slice_skip(&rest, " ") && has_id;
	rest = without_names(rest);
	start = slice_find(rest, quote);
	if (!start)
		return;
	message = slice_from(rest, start + sizeof(quote) - 1);
	if (!is_plugins(message))
		return;
	if (!has_id)
		damaged(line, PVM_LINE_BAD_MESSAGE, "its id is none");
	else if (has_nul(line))
		damaged(line, PVM_LINE_BAD_MESSAGE, "a NUL byte is in it");
	else if (!close_quote(&message))
		damaged(line, PVM_LINE_BAD_MESSAGE, "its end is missing");
	else
		line->class = PVM_LINE_MESSAGE;
	if (line->class != PVM_LINE_MESSAGE)
		return;
	line->fields = (struct slice){rest.at, (size_t)(start - rest.at)};
	line->message = message;
}

/* By the type alone; auditd's own events have numbers of auditd's own. */
static void read_record(struct pvm_line *line, struct slice type,
			struct slice rest)
{
	struct slice behind = rest, prefix = type;
	bool has_id = take_id(&behind, &line->id);

	if (has_id)
		rest = behind;
	line->numbered = has_id && !slice_skip(&prefix, "DAEMON_");
	if (slice_is(type, "SYSCALL")) {
		read_call(line, rest, has_id);
	} else if (slice_is(type, "USER") || slice_is(type, "TRUSTED_APP")) {
		read_message(line, rest, has_id);
	} else if (slice_is(type, "DAEMON_RESUME")) {
		line->class = PVM_LINE_RESUME;
	} else {
		line->class = PVM_LINE_OTHER;
		line->trailing =
			slice_is(type, "PROCTITLE") || slice_is(type, "EOE");
	}
}

/* One by one: gcc fills a struct of this size with a slow rep stos. */
static void clear(struct pvm_line *line, struct slice text)
{
	line->why = NULL;
	line->text = text;
	line->node = (struct slice){"", 0};
	line->record = text;
	line->numbered = false;
	line->trailing = false;
	line->id.sec = 0;
	line->id.msec = 0;
	line->id.serial = 0;
	line->type = NULL;
	line->fields = (struct slice){NULL, 0};
	line->message = (struct slice){NULL, 0};
}

void pvm_line_read(struct pvm_line *line, struct slice text)
{
	struct slice rest = text, type;

	clear(line, text);
	if (slice_skip(&rest, "node=") &&
	    !slice_until(&rest, ' ', &line->node)) {
		damaged(line, PVM_LINE_GARBAGE, "nothing behind node=");
		return;
	}
	line->record = rest;
	if (!slice_skip(&rest, "type=") || !slice_until(&rest, ' ', &type))
		damaged(line, PVM_LINE_GARBAGE, "not an audit record");
	else
		read_record(line, type, rest);
}
