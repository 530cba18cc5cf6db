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

static bool cut_at_mark(struct slice *rest)
{
	const char *mark = memchr(rest->at, NAMES_MARK, rest->len);

	if (mark)
		rest->len = (size_t)(mark - rest->at);
	return mark;
}

/*
 * Where a token that the kernel has written ends: in quotes, in hex, or
 * "(null)".
 */
static const char *end_of_token(struct slice token)
{
	const char *quote;
	size_t n = 0;

	if (token.len && *token.at == '"') {
		quote = memchr(token.at + 1, '"', token.len - 1);
		return quote ? quote + 1 : token.at + token.len;
	}
	while (n < token.len && memchr("0123456789ABCDEF(null)", token.at[n],
				       sizeof("0123456789ABCDEF(null)") - 1))
		n++;
	return token.at + n;
}

/*
 * Syslog may have dropped the mark, or written it as #035. What stands behind
 * it in a SYSCALL record begins with ARCH=, and the last field ahead of it is
 * key=. Neither can stand in a value: one with a space is in hex, which has no
 * R.
 */
static struct slice without_names(struct slice fields)
{
	static const char key[] = " key=", names[] = "ARCH=";
	struct slice rest = fields;
	const char *start, *found, *end;

	if (cut_at_mark(&fields))
		return fields;
	start = slice_find(rest, key);
	if (!start)
		return fields;
	rest = slice_from(rest, start + sizeof(key) - 1);
	end = end_of_token(rest);
	found = slice_find(slice_from(rest, end == rest.at ? end : end - 1),
			   names);
	if (!found)
		return fields;
	fields.len = (size_t)((found < end ? found : end) - fields.at);
	return fields;
}

/* Step over "msg=audit(ID):". */
static bool take_id(struct slice *rest, struct pvm_id *id)
{
	return slice_skip(rest, "msg=audit(") && slice_take_id(rest, id) &&
	       slice_skip(rest, "):");
}

/* What ausearch -i makes of an id: msg=audit(11/14/23 22:13:20.100:1001) : */
static bool is_interpreted(struct slice rest)
{
	struct slice id;

	return slice_skip(&rest, "msg=audit(") &&
	       slice_until(&rest, ')', &id) && slice_skip(&rest, " :");
}

/* Why @rest has no id. */
static const char *why_no_id(struct slice rest, const char *why)
{
	return is_interpreted(rest)
		       ? "ausearch -i has printed it: take the log "
			 "itself, or ausearch --raw"
		       : why;
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
 * Of one of the two calls, or of another: its type is NULL then. Returns false
 * when neither can be said; the kernel writes a space behind the number, so
 * without one it may have been longer.
 */
static bool read_type(struct slice rest, struct pvm_line *line)
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
	line->arch = (uint32_t)arch;
	line->type = negative ? NULL : pvm_call_type(line->arch, (uint32_t)nr);
	line->x32 = !negative && pvm_call_is_x32(line->arch, (uint32_t)nr);
	return true;
}

static void read_call(struct pvm_line *line, struct slice rest, bool has_id)
{
	const char *no_id = why_no_id(rest, "no id in msg=audit()");

	if (!has_id && !skip_bad_id(&rest))
		damaged(line, PVM_LINE_GARBAGE, no_id);
	else if (!slice_skip(&rest, " ") || !read_type(rest, line))
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

static bool ends_in(struct slice text, const char *end)
{
	size_t len = strlen(end);

	return text.len >= len && !memcmp(text.at + text.len - len, end, len);
}

/*
 * The kernel closes the quote at the very end; what has none was cut. Without
 * the mark, names may follow: then libaudit's res= shows which quote it is.
 */
static bool close_quote(struct slice *message, bool marked)
{
	struct slice rest = *message;

	if (ends_in(rest, "'")) {
		message->len--;
		return true;
	}
	while (!marked && rest.len--) {
		if (rest.at[rest.len] != '\'' ||
		    (!ends_in(rest, " res=success") &&
		     !ends_in(rest, " res=failed")))
			continue;
		*message = rest;
		return true;
	}
	return false;
}

static void read_message(struct pvm_line *line, struct slice rest, bool has_id)
{
	static const char quote[] = " msg='";
	const char *start, *no_id = why_no_id(rest, "its id is none");
	struct slice message;
	bool marked;

	line->class = PVM_LINE_OTHER;
	has_id = slice_skip(&rest, " ") && has_id;
	marked = cut_at_mark(&rest);
	start = slice_find(rest, quote);
	if (!start)
		return;
	message = slice_from(rest, start + sizeof(quote) - 1);
	if (!is_plugins(message))
		return;
	if (!has_id)
		damaged(line, PVM_LINE_BAD_MESSAGE, no_id);
	else if (has_nul(line))
		damaged(line, PVM_LINE_BAD_MESSAGE, "a NUL byte is in it");
	else if (!close_quote(&message, marked))
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
	line->arch = 0;
	line->x32 = false;
	line->type = NULL;
	line->fields = (struct slice){NULL, 0};
	line->message = (struct slice){NULL, 0};
}

/* Syslog can put a space ahead of a line, and a CR is what CR LF leaves. */
void pvm_line_read(struct pvm_line *line, struct slice text)
{
	struct slice rest, type;

	if (ends_in(text, "\r"))
		text.len--;
	rest = text;
	while (slice_skip(&rest, " "))
		;
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
