// SPDX-License-Identifier: GPL-2.0-or-later
/* names.c - see names.h */
#include <auparse.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/line.h"
#include "util/memory.h"
#include "show/names.h"
#include "util/strings.h"

#define SLOTS_FIRST 64

struct user {
	uint32_t node, uid;
	uint32_t name; /* number in strings */
	bool used;
};

struct names {
	auparse_state_t *auparse;
	struct strings strings;
	struct user *user; /* a power of two of slots */
	uint32_t nr, slots;
	/* what libauparse is to look up, and what it has found */
	const char *wanted;
	struct slice found;
};

/* As ausearch calls a field that the SYSCALL record has under another name. */
static const char *native_name(enum field field, bool native)
{
	switch (field) {
	case FIELD_UID:
		return native ? "uid" : "suid";
	case FIELD_SAUID:
		return native ? "auid" : "sauid";
	case FIELD_EUID:
		return "euid";
	case FIELD_OUID:
		return "ouid";
	default:
		return "oauid";
	}
}

/* libauparse has an event of one record ready. */
static void take_event(auparse_state_t *auparse, auparse_cb_event_t event,
		       void *arg)
{
	struct names *names = arg;
	const char *found;
	uint32_t number;

	if (event != AUPARSE_CB_EVENT_READY ||
	    auparse_first_record(auparse) <= 0 ||
	    !auparse_find_field(auparse, names->wanted))
		return;
	found = auparse_interpret_field(auparse);
	if (!found)
		return;
	number = strings_put(&names->strings, slice_of(found));
	names->found = names->strings.item[number];
}

struct names *names_new(void)
{
	struct names *names = new_zeroed(1, sizeof(*names));

	names->auparse = auparse_init(AUSOURCE_FEED, NULL);
	if (names->auparse)
		auparse_add_callback(names->auparse, take_event, names, NULL);
	return names;
}

void names_free(struct names *names)
{
	if (!names)
		return;
	if (names->auparse)
		auparse_destroy(names->auparse);
	strings_free(&names->strings);
	free(names->user);
	free(names);
}

/*
 * Hand libauparse the line @text with the mark ahead of the names that auditd
 * has looked up, where syslog has changed or dropped it.
 */
static void feed(struct names *names, struct slice text)
{
	struct pvm_line line;
	const char *end = text.at + text.len, *behind = end;

	pvm_line_read(&line, text);
	if (line.class == PVM_LINE_CALL)
		behind = line.fields.at + line.fields.len;
	else if (line.class == PVM_LINE_MESSAGE)
		behind = line.message.at + line.message.len + 1;
	auparse_feed(names->auparse, line.record.at,
		     (size_t)(behind - line.record.at));
	while (behind < end && (*behind < 'A' || *behind > 'Z'))
		behind++;
	auparse_feed(names->auparse, "\x1d", 1);
	auparse_feed(names->auparse, behind, (size_t)(end - behind));
	auparse_feed(names->auparse, "\n", 1);
	auparse_flush_feed(names->auparse);
}

/* @wanted of the record in @text, as libauparse interprets it. */
static struct slice interpret(struct names *names, struct slice text,
			      const char *wanted)
{
	names->found = (struct slice){"", 0};
	names->wanted = wanted;
	if (names->auparse && text.len)
		feed(names, text);
	return names->found;
}

static struct user *find_user(struct names *names, uint32_t node, uint32_t uid)
{
	uint32_t i = (uid * 2654435761u ^ node * 40503u) & (names->slots - 1);

	while (names->user[i].used &&
	       (names->user[i].node != node || names->user[i].uid != uid))
		i = (i + 1) & (names->slots - 1);
	return &names->user[i];
}

static void add_slots(struct names *names)
{
	struct user *old = names->user;
	uint32_t slots = names->slots;

	names->slots = slots ? 2 * slots : SLOTS_FIRST;
	names->user = new_zeroed(names->slots, sizeof(*names->user));
	for (uint32_t i = 0; i < slots; i++)
		if (old[i].used)
			*find_user(names, old[i].node, old[i].uid) = old[i];
	free(old);
}

/* A record that names no user: libauparse asks this host. */
static struct slice ask_here(struct names *names, uint32_t uid)
{
	char record[64];

	snprintf(record, sizeof(record),
		 "type=USER msg=audit(1.000:1): uid=%" PRIu32, uid);
	return interpret(names, slice_of(record), "uid");
}

static struct slice look_up(struct names *names, const struct access *access,
			    enum field field, bool native)
{
	uint32_t uid = (uint32_t)field_number(&access->fields, field, 0);
	struct user *user;
	struct slice name;

	if (2 * names->nr >= names->slots)
		add_slots(names);
	user = find_user(names, access->node_number, uid);
	if (user->used)
		return names->strings.item[user->name];
	name = interpret(names, access->text, native_name(field, native));
	if (!name.len)
		name = ask_here(names, uid);
	*user = (struct user){
		.node = access->node_number,
		.uid = uid,
		.name = strings_put(&names->strings, name),
		.used = true,
	};
	names->nr++;
	return name;
}

void names_see(struct names *names, const struct access *access)
{
	look_up(names, access, FIELD_UID, true);
	if (field_is_there(&access->fields, FIELD_EUID))
		look_up(names, access, FIELD_EUID, true);
	look_up(names, access, FIELD_SAUID, true);
}

struct slice names_user(struct names *names, const struct access *access,
			enum field field)
{
	if (!field_is_there(&access->fields, field))
		return slice_of("?");
	return look_up(names, access, field, false);
}

void names_keep(struct names *names, const struct access *access)
{
	static const enum field fields[] = {FIELD_UID, FIELD_SAUID, FIELD_EUID,
					    FIELD_OUID, FIELD_OAUID};

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		names_user(names, access, fields[i]);
}
