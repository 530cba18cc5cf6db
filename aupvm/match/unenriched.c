// SPDX-License-Identifier: GPL-2.0-or-later
/* unenriched.c - see unenriched.h */
#include <stdio.h>
#include <stdlib.h>

#include "match/unenriched.h"
#include "util/memory.h"

struct unenriched {
	const char *op, *abi;
	int64_t exit;
	uint32_t uid, auid, pid;
	int32_t apid; /* pid argument */
	uint32_t comm, exe, key; /* numbers of strings */
};

static uint32_t keep_token(struct strings *names, struct slice token)
{
	return strings_put(names, token.at ? token : slice_of(""));
}

struct unenriched *unenriched_make(struct strings *names,
				   const struct fields *fields,
				   const struct pvm_line *line)
{
	struct unenriched *unenriched = new_zeroed(1, sizeof(*unenriched));
	uint64_t a0 = 0;

	unenriched->op = line->type->op;
	unenriched->abi = line->type->abi;
	slice_signed(fields->value[FIELD_EXIT], &unenriched->exit);
	unenriched->uid = (uint32_t)field_number(fields, FIELD_UID, 0);
	unenriched->auid = (uint32_t)field_number(fields, FIELD_SAUID, 0);
	unenriched->pid = (uint32_t)field_number(fields, FIELD_SPID, 0);
	slice_hex(fields->value[FIELD_A0], &a0);
	unenriched->apid = (int32_t)a0;
	unenriched->comm = keep_token(names, fields->value[FIELD_COMM]);
	unenriched->exe = keep_token(names, fields->value[FIELD_EXE]);
	unenriched->key = keep_token(names, fields->value[FIELD_KEY]);
	return unenriched;
}

void unenriched_drop(struct call *call)
{
	free(call->unenriched);
	call->unenriched = NULL;
}

/* Numbers of an unenriched call as text, which fields are. */
struct unenriched_text {
	char exit[24], uid[12], auid[12], pid[12], apid[12];
};

static struct slice show_number(char *text, size_t size, int64_t number)
{
	snprintf(text, size, "%lld", (long long)number);
	return slice_of(text);
}

static void set_token(const struct store *store, struct fields *fields,
		      enum field field, uint32_t number)
{
	struct slice token = store->names.item[number];

	if (token.len)
		fields->value[field] = token;
}

static void emit(const struct store *store, const struct call *call)
{
	const struct unenriched *unenriched = call->unenriched;
	struct pvm_id id = {call->ms / 1000, (uint32_t)(call->ms % 1000),
			    call->serial};
	struct access access = store_access(store, call->node, &id);
	struct slice *value = access.fields.value;
	struct unenriched_text text;

	access.kind = ACCESS_UNENRICHED;
	access.fate = (enum fate)call->fate;
	access.session = call->session;
	access.has_session = true;
	value[FIELD_OP] = slice_of(unenriched->op);
	if (unenriched->abi)
		value[FIELD_ABI] = slice_of(unenriched->abi);
	value[FIELD_EXIT] =
		show_number(text.exit, sizeof(text.exit), unenriched->exit);
	value[FIELD_UID] =
		show_number(text.uid, sizeof(text.uid), unenriched->uid);
	value[FIELD_SAUID] =
		show_number(text.auid, sizeof(text.auid), unenriched->auid);
	value[FIELD_SPID] =
		show_number(text.pid, sizeof(text.pid), unenriched->pid);
	value[FIELD_APID] =
		show_number(text.apid, sizeof(text.apid), unenriched->apid);
	set_token(store, &access.fields, FIELD_COMM, unenriched->comm);
	set_token(store, &access.fields, FIELD_EXE, unenriched->exe);
	set_token(store, &access.fields, FIELD_KEY, unenriched->key);
	store_emit(store, &access);
}

void unenriched_emit(const struct store *store)
{
	for (uint32_t i = 0; i < store->calls.nr; i++)
		if (store->calls.call[i].unenriched)
			emit(store, &store->calls.call[i]);
}
