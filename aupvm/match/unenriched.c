// SPDX-License-Identifier: GPL-2.0-or-later
/* unenriched.c - see unenriched.h */
#include <stdio.h>
#include <stdlib.h>

#include "match/unenriched.h"
#include "util/memory.h"

struct bare {
	const char *op, *abi;
	int64_t exit;
	uint32_t uid, auid, pid;
	int32_t apid; /* pid argument */
	uint32_t comm, exe, key; /* numbers of strings */
};

static uint32_t keep_token(struct strings *names, struct span token)
{
	return strings_put(names, token.at ? token : span_of(""));
}

struct bare *bare_make(struct strings *names, const struct fields *fields,
		       const struct line *line)
{
	struct bare *bare = new_zeroed(1, sizeof(*bare));
	uint64_t a0 = 0;

	bare->op = line->op;
	bare->abi = line->abi;
	span_signed(fields->value[FIELD_EXIT], &bare->exit);
	bare->uid = (uint32_t)field_number(fields, FIELD_UID, 0);
	bare->auid = (uint32_t)field_number(fields, FIELD_SAUID, 0);
	bare->pid = (uint32_t)field_number(fields, FIELD_SPID, 0);
	span_hex(fields->value[FIELD_A0], &a0);
	bare->apid = (int32_t)a0;
	bare->comm = keep_token(names, fields->value[FIELD_COMM]);
	bare->exe = keep_token(names, fields->value[FIELD_EXE]);
	bare->key = keep_token(names, fields->value[FIELD_KEY]);
	return bare;
}

void bare_drop(struct call *call)
{
	free(call->bare);
	call->bare = NULL;
}

/* Numbers of a bare call as the text that fields are. */
struct bare_text {
	char exit[24], uid[12], auid[12], pid[12], apid[12];
};

static struct span show_number(char *text, size_t size, int64_t number)
{
	snprintf(text, size, "%lld", (long long)number);
	return span_of(text);
}

static void set_token(const struct join *join, struct fields *fields,
		      enum field field, uint32_t number)
{
	struct span token = join->names.item[number];

	if (token.len)
		fields->value[field] = token;
}

static void give_out_bare(struct join *join, const struct call *call)
{
	const struct bare *bare = call->bare;
	struct pvm_id id = {call->ms / 1000, (uint32_t)(call->ms % 1000),
			    call->serial};
	struct access access = join_access(join, call->node, &id);
	struct span *value = access.fields.value;
	struct bare_text text;

	access.kind = ACCESS_BARE;
	access.fate = (enum fate)call->fate;
	access.session = call->session;
	access.has_session = true;
	value[FIELD_OP] = span_of(bare->op);
	if (bare->abi)
		value[FIELD_ABI] = span_of(bare->abi);
	value[FIELD_EXIT] =
		show_number(text.exit, sizeof(text.exit), bare->exit);
	value[FIELD_UID] = show_number(text.uid, sizeof(text.uid), bare->uid);
	value[FIELD_SAUID] =
		show_number(text.auid, sizeof(text.auid), bare->auid);
	value[FIELD_SPID] = show_number(text.pid, sizeof(text.pid), bare->pid);
	value[FIELD_APID] =
		show_number(text.apid, sizeof(text.apid), bare->apid);
	set_token(join, &access.fields, FIELD_COMM, bare->comm);
	set_token(join, &access.fields, FIELD_EXE, bare->exe);
	set_token(join, &access.fields, FIELD_KEY, bare->key);
	join_give_out(join, &access);
}

void bare_give_out(struct join *join)
{
	for (uint32_t i = 0; i < join->calls.nr; i++)
		if (join->calls.call[i].bare)
			give_out_bare(join, &join->calls.call[i]);
}
