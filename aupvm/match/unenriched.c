// SPDX-License-Identifier: GPL-2.0-or-later
/* unenriched.c - see unenriched.h */
#include <stdio.h>

#include "match/facts.h"
#include "match/unenriched.h"

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

void unenriched_emit_one(const struct store *store, const struct call *call)
{
	const struct facts *facts = call->facts;
	struct pvm_id id = call_id(call);
	struct access access = store_access(store, call->node, &id);
	struct slice *value = access.fields.value;
	struct unenriched_text text;

	access.kind = ACCESS_UNENRICHED;
	access.fate = (enum fate)call->fate;
	access.session = call->session;
	access.has_session = true;
	set_token(store, &access.fields, FIELD_OP, facts->op);
	set_token(store, &access.fields, FIELD_ABI, facts->abi);
	value[FIELD_EXIT] =
		show_number(text.exit, sizeof(text.exit), facts->exit);
	value[FIELD_UID] = show_number(text.uid, sizeof(text.uid), facts->uid);
	value[FIELD_SAUID] =
		show_number(text.auid, sizeof(text.auid), facts->auid);
	value[FIELD_SPID] = show_number(text.pid, sizeof(text.pid), facts->pid);
	value[FIELD_APID] =
		show_number(text.apid, sizeof(text.apid), facts->apid);
	set_token(store, &access.fields, FIELD_COMM, facts->comm);
	set_token(store, &access.fields, FIELD_EXE, facts->exe);
	set_token(store, &access.fields, FIELD_KEY, facts->key);
	if (facts->details)
		details_show(facts->details, &access.fields);
	store_emit(store, &access);
}

void unenriched_emit(const struct store *store)
{
	for (uint32_t i = 0; i < store->calls.nr; i++) {
		const struct call *call = &store->calls.call[i];

		if (call->audited && call->facts)
			unenriched_emit_one(store, call);
	}
}
