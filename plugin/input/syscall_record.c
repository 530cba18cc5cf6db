// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * syscall_record.c - see syscall_record.h
 *
 * The fields are walked once, in the record's own order; the first of a name
 * counts, usable or not. A number without which nothing can be said of the call
 * makes the record unusable; a string that is no token is left out. Neither is
 * ever guessed.
 */
#include <auparse.h>
#include <stdlib.h>
#include <string.h>

#include "input/syscall_record.h"
#include "lib/slice.h"
#include "lib/token.h"

enum token_name { TOKEN_TTY, TOKEN_COMM, TOKEN_EXE, TOKEN_KEY, TOKENS };

/* Those that libauparse finds; it takes a key= of several keys apart. */
static const char *const token_names[] = {
	[TOKEN_TTY] = "tty",
	[TOKEN_COMM] = "comm",
	[TOKEN_EXE] = "exe",
};

enum number {
	NUMBER_EXIT,
	NUMBER_A0,
	NUMBER_A2,
	NUMBER_PID,
	NUMBER_AUID,
	NUMBER_UID,
	NUMBERS
};

/* As the kernel prints it: %ld, %u and %lx */
enum form { SIGNED, UNSIGNED, HEX };

static const struct {
	const char *name;
	enum form form;
	const char *missing; /* the reason when there is no usable one */
} numbers[NUMBERS] = {
	[NUMBER_EXIT] = {"exit", SIGNED, "no usable exit="},
	[NUMBER_A0] = {"a0", HEX, "no usable a0="},
	[NUMBER_A2] = {"a2", HEX, "no usable a2="},
	[NUMBER_PID] = {"pid", UNSIGNED, "no usable pid="},
	[NUMBER_AUID] = {"auid", UNSIGNED, "no usable auid="},
	[NUMBER_UID] = {"uid", UNSIGNED, "no usable uid="},
};

/* The fields of one record. */
struct fields {
	bool seen[NUMBERS];
	bool usable[NUMBERS];
	uint64_t number[NUMBERS]; /* exit's two's complement */
	bool token_seen[TOKENS];
	struct slice token[TOKENS]; /* empty without a usable one */
};

struct pvm_parser {
	auparse_state_t *au;
	const struct pvm_line *line;
	struct pvm_syscall *result;
	const char *why;
	char record[PVM_LINE_MAX + 1]; /* with the newline */
};

static void take_token(struct fields *fields, enum token_name which,
		       struct slice token)
{
	bool good = which == TOKEN_TTY
			    ? token_is_bare(token)
			    : token_is_quoted(token) || token_is_hex(token);

	if (good && !fields->token_seen[which])
		fields->token[which] = token;
	fields->token_seen[which] = true;
}

/*
 * Taken from the line itself: where a rule has several keys, libauparse takes
 * them apart.
 */
static void take_key(struct fields *fields, const struct pvm_line *line)
{
	static const char name[] = " key=";
	const char *start = slice_find(line->fields, name);
	struct slice rest, key;

	if (!start)
		return;
	rest = slice_from(line->fields, start + sizeof(name) - 1);
	slice_next(&rest, ' ', &key);
	take_token(fields, TOKEN_KEY, key);
}

static bool read_number(struct slice text, enum form form, uint64_t *value)
{
	int64_t with_sign;

	if (form == HEX)
		return slice_hex(text, value);
	if (form == UNSIGNED)
		return slice_unsigned(text, value);
	if (!slice_signed(text, &with_sign))
		return false;
	*value = (uint64_t)with_sign;
	return true;
}

static void take_number(struct fields *fields, enum number which,
			const char *text)
{
	if (fields->seen[which] || !text)
		return;
	fields->seen[which] = true;
	fields->usable[which] = read_number(slice_of(text), numbers[which].form,
					    &fields->number[which]);
}

/* Take the value at which @au stands if @name says that it is @which. */
static void try_number(struct fields *fields, enum number which,
		       const char *name, auparse_state_t *au)
{
	if (!strcmp(name, numbers[which].name))
		take_number(fields, which, auparse_get_field_str(au));
}

static void try_token(struct fields *fields, enum token_name which,
		      const char *name, auparse_state_t *au)
{
	const char *text;

	if (strcmp(name, token_names[which]))
		return;
	text = auparse_get_field_str(au);
	if (text)
		take_token(fields, which, slice_of(text));
}

/* By the first letter: of the thirty fields of a record most end here. */
static void take_field(struct fields *fields, const char *name,
		       auparse_state_t *au)
{
	switch (*name) {
	case 'a':
		try_number(fields, NUMBER_A0, name, au);
		try_number(fields, NUMBER_A2, name, au);
		try_number(fields, NUMBER_AUID, name, au);
		break;
	case 'c':
		try_token(fields, TOKEN_COMM, name, au);
		break;
	case 'e':
		try_number(fields, NUMBER_EXIT, name, au);
		try_token(fields, TOKEN_EXE, name, au);
		break;
	case 'p':
		try_number(fields, NUMBER_PID, name, au);
		break;
	case 't':
		try_token(fields, TOKEN_TTY, name, au);
		break;
	case 'u':
		try_number(fields, NUMBER_UID, name, au);
		break;
	}
}

/* What keeps the record from being used, or NULL. */
static const char *find_fault(const struct fields *fields)
{
	for (int i = 0; i < NUMBERS; i++)
		if (!fields->usable[i])
			return numbers[i].missing;
	for (int i = NUMBER_PID; i <= NUMBER_UID; i++)
		if (fields->number[i] > UINT32_MAX)
			return numbers[i].missing;
	return NULL;
}

/* Copy @token to *@to, NUL-terminate it, and step over it. */
static const char *put_token(char **to, struct slice token)
{
	char *start = *to;

	if (token.len)
		memcpy(start, token.at, token.len);
	start[token.len] = '\0';
	*to += token.len + 1;
	return start;
}

static struct pvm_syscall *make_syscall(const struct pvm_line *line,
					const struct fields *fields)
{
	const struct slice *token = fields->token;
	const uint64_t *number = fields->number;
	size_t size = sizeof(struct pvm_syscall) + line->node.len + 1;
	struct pvm_syscall *call;
	char *text;

	for (int i = 0; i < TOKENS; i++)
		size += token[i].len + 1;
	call = malloc(size);
	if (!call)
		return NULL;
	text = call->text;
	call->node = put_token(&text, line->node);
	call->tty = put_token(&text, token[TOKEN_TTY]);
	call->comm = put_token(&text, token[TOKEN_COMM]);
	call->exe = put_token(&text, token[TOKEN_EXE]);
	call->key = put_token(&text, token[TOKEN_KEY]);
	call->unsure = false;
	call->type = line->type;
	call->exit = (int64_t)number[NUMBER_EXIT];
	call->a0 = number[NUMBER_A0];
	call->a2 = number[NUMBER_A2];
	call->pid = (uint32_t)number[NUMBER_PID];
	call->uid = (uint32_t)number[NUMBER_UID];
	call->auid = (uint32_t)number[NUMBER_AUID];
	return call;
}

/* libauparse has an event of one record ready. */
static void take_event(auparse_state_t *au, auparse_cb_event_t event, void *arg)
{
	struct pvm_parser *parser = arg;
	const au_event_t *stamp = auparse_get_timestamp(au);
	struct fields fields = {0};

	if (event != AUPARSE_CB_EVENT_READY || !stamp || parser->result ||
	    auparse_first_record(au) <= 0 || auparse_first_field(au) <= 0)
		return;
	do {
		const char *name = auparse_get_field_name(au);

		if (name)
			take_field(&fields, name, au);
	} while (auparse_next_field(au) > 0);
	take_key(&fields, parser->line);

	parser->why = find_fault(&fields);
	if (parser->why)
		return;
	parser->result = make_syscall(parser->line, &fields);
	if (!parser->result) {
		parser->why = "out of memory";
		return;
	}
	parser->result->id = (struct pvm_id){
		.sec = (uint64_t)stamp->sec,
		.msec = stamp->milli,
		.serial = stamp->serial,
	};
}

struct pvm_parser *pvm_parser_new(void)
{
	struct pvm_parser *parser = calloc(1, sizeof(*parser));

	if (!parser)
		return NULL;
	parser->au = auparse_init(AUSOURCE_FEED, NULL);
	if (!parser->au) {
		free(parser);
		return NULL;
	}
	auparse_add_callback(parser->au, take_event, parser, NULL);
	return parser;
}

void pvm_parser_free(struct pvm_parser *parser)
{
	if (!parser)
		return;
	auparse_destroy(parser->au);
	free(parser);
}

/*
 * What libauparse need not see, it cannot trip over: a node= and the names
 * that auditd appends. It makes a list of those apart, and loses that list
 * (1152 bytes in 3.0.9, for good) where nothing stands in front. In one piece:
 * each piece makes it look for events in all that it has.
 */
static void feed_record(struct pvm_parser *parser, const struct pvm_line *line)
{
	const char *end = line->fields.at + line->fields.len;
	size_t len = (size_t)(end - line->record.at);

	memcpy(parser->record, line->record.at, len);
	parser->record[len] = '\n';
	auparse_feed(parser->au, parser->record, len + 1);
	auparse_flush_feed(parser->au);
}

struct pvm_syscall *pvm_parse_syscall(struct pvm_parser *parser,
				      const struct pvm_line *line,
				      const char **why)
{
	parser->line = line;
	parser->result = NULL;
	parser->why = "libauparse finds no record in it";
	feed_record(parser, line);
	if (!parser->result)
		*why = parser->why;
	return parser->result;
}
