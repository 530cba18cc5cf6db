// SPDX-License-Identifier: GPL-2.0-or-later
/* filter.c - see filter.h */
#define _GNU_SOURCE /* memrchr */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "match/filter.h"
#include "match/shares.h"
#include "lib/strides.h"
#include "lib/token.h"

bool filter_wants_node(const struct conditions *conditions, struct slice node)
{
	for (size_t i = 0; i < conditions->nodes; i++)
		if (slice_is(node, conditions->node[i]))
			return true;
	return !conditions->nodes;
}

/* A folded record is of interest when any of its calls may be. */
static bool is_in_time(const struct conditions *conditions,
		       const struct access *access)
{
	uint64_t a = id_ms(&access->first), b = id_ms(&access->last);

	return (a < b ? b : a) >= conditions->from_ms &&
	       (a < b ? a : b) <= conditions->to_ms;
}

static bool has_number(const struct access *access, enum field field,
		       uint32_t number)
{
	return field_is_there(&access->fields, field) &&
	       field_number(&access->fields, field, 0) == number;
}

static bool has_word(const struct access *access, enum field field,
		     const char *word)
{
	return !word || slice_is(access->fields.value[field], word);
}

static bool is_like(struct slice bytes, const char *wanted, bool whole)
{
	return whole ? slice_is(bytes, wanted)
		     : slice_find(bytes, wanted) != NULL;
}

/* What folded calls do not share, any of them may have. */
static bool may_have(const struct access *access, const char *name)
{
	return access->kind == ACCESS_FOLD &&
	       field_has_word(&access->fields, FIELD_VARY, name);
}

static bool has_terminal(const struct conditions *conditions,
			 const struct access *access)
{
	struct slice terminal = access->fields.value[FIELD_TTY];

	if (!conditions->terminal)
		return true;
	return terminal.at ? is_like(terminal, conditions->terminal,
				     conditions->whole_words)
			   : may_have(access, "tty");
}

/* Names that a fold has several of are in comms=, as part of a longer text. */
static bool has_comm(const struct conditions *conditions,
		     const struct access *access)
{
	char bytes[PATH_MAX];
	struct slice name = {bytes, 0};
	struct slice token = access->fields.value[FIELD_COMM];

	if (!conditions->comm)
		return true;
	if (!token.at)
		return may_have(access, "comm");
	name.len = token_decode(token, bytes, sizeof(bytes));
	return is_like(name, conditions->comm, conditions->whole_words);
}

static bool has_serial(const struct conditions *conditions,
		       const struct access *access)
{
	struct slice list = access->fields.value[FIELD_SERIALS];
	struct pvm_stride serials;

	if (!conditions->by_event)
		return true;
	if (access->kind == ACCESS_LOST)
		return false;
	if (access->kind != ACCESS_FOLD)
		return access->first.serial == conditions->serial;
	while (serials_next(&list, &serials))
		if (pvm_strides_have(&serials, 1, conditions->serial))
			return true;
	return false;
}

/* A fold that says no exit= has calls that succeeded alone. */
static bool has_exit(const struct conditions *conditions,
		     const struct access *access)
{
	if (!conditions->by_exit)
		return true;
	if (access->kind == ACCESS_LOST)
		return false;
	if (access->kind == ACCESS_FOLD &&
	    !field_is_there(&access->fields, FIELD_EXIT))
		return conditions->exit >= 0;
	return access->exit == conditions->exit;
}

/* Several keys of one rule have the byte 01 between them. */
static bool has_key(const struct conditions *conditions,
		    const struct access *access)
{
	char bytes[PATH_MAX];
	struct slice rest = {bytes, 0}, key;
	struct slice token = access->fields.value[FIELD_KEY];

	if (!conditions->key)
		return true;
	if (!token.at)
		return false;
	rest.len = token_decode(token, bytes, sizeof(bytes));
	while (slice_next(&rest, '\1', &key))
		if (is_like(key, conditions->key, conditions->whole_words))
			return true;
	return false;
}

static bool has_program(const struct conditions *conditions,
			const struct access *access)
{
	char bytes[PATH_MAX];
	struct slice path = {bytes, 0};
	struct slice token = access->fields.value[FIELD_EXE];

	if (!conditions->program)
		return true;
	if (!token.at)
		return false;
	path.len = token_decode(token, bytes, sizeof(bytes));
	return is_like(path, conditions->program, conditions->whole_words);
}

/* The whole of it, or of a path what stands behind its last slash. */
static bool is_named(struct slice token, const char *name)
{
	char bytes[PATH_MAX];
	struct slice path = {bytes, 0};
	const char *slash;

	if (!token.at)
		return false;
	path.len = token_decode(token, bytes, sizeof(bytes));
	if (slice_is(path, name))
		return true;
	slash = memrchr(path.at, '/', path.len);
	if (!slash)
		return false;
	path.len -= (size_t)(slash + 1 - path.at);
	path.at = slash + 1;
	return slice_is(path, name);
}

static bool has_target(const struct conditions *conditions,
		       const struct access *access)
{
	if (!conditions->target)
		return true;
	if (conditions->by_target_pid &&
	    (has_number(access, FIELD_OPID, conditions->target_pid) ||
	     has_number(access, FIELD_OTID, conditions->target_pid)))
		return true;
	return is_named(access->fields.value[FIELD_OCOMM],
			conditions->target) ||
	       is_named(access->fields.value[FIELD_OEXE], conditions->target);
}

static bool is_by(const struct conditions *conditions,
		  const struct access *access)
{
	if (conditions->by_uid &&
	    !has_number(access, FIELD_UID, conditions->uid))
		return false;
	if (conditions->by_auid &&
	    !has_number(access, FIELD_SAUID, conditions->auid))
		return false;
	if (conditions->by_pid &&
	    !has_number(access, FIELD_SPID, conditions->pid) &&
	    !has_number(access, FIELD_STID, conditions->pid))
		return false;
	if (conditions->by_ppid &&
	    !has_number(access, FIELD_PPID, conditions->ppid) &&
	    !may_have(access, "ppid"))
		return false;
	return !conditions->by_session ||
	       (access->has_session &&
		(access->sessions_vary ||
		 access->session == conditions->session));
}

/* Is it certain that the call has not come to any memory? */
static bool has_no_place(const struct access *access)
{
	return access->kind == ACCESS_UNENRICHED ||
	       access->kind == ACCESS_LOST || access->exit == -ESRCH ||
	       field_has_word(&access->fields, FIELD_WHY, "not-copied") ||
	       !field_number(&access->fields, FIELD_RIOVCNT, 1) ||
	       !field_number(&access->fields, FIELD_RLEN, 1);
}

/* Does rmap= say of each vector, or of each mapping, where it is? */
static bool is_whole(const struct access *access)
{
	struct slice rest = access->fields.value[FIELD_RMAP], entry;

	if (!rest.at || field_has_word(&access->fields, FIELD_CUT, "rmap"))
		return false;
	while (slice_next(&rest, ',', &entry))
		if (slice_is(entry, "?"))
			return false;
	return true;
}

static bool is_such(const struct conditions *conditions,
		    const struct region *region)
{
	return (!conditions->by_exec || region->exec) &&
	       (!conditions->by_region || region->kind == conditions->region);
}

static enum wanted is_into(const struct conditions *conditions,
			   const struct access *access)
{
	struct slice rest = access->fields.value[FIELD_RMAP], entry;
	struct region region;

	if (!conditions->by_exec && !conditions->by_region)
		return WANTED;
	while (slice_next(&rest, ',', &entry)) {
		region_read(&region, entry);
		if (is_such(conditions, &region))
			return WANTED;
	}
	return is_whole(access) || has_no_place(access) ? WANTED_NOT
							: WANTED_PERHAPS;
}

enum wanted filter_wants(const struct conditions *conditions,
			 const struct access *access)
{
	bool failed = access_failed(access);

	if (filter_wants_node(conditions, access->node) &&
	    is_in_time(conditions, access) && has_key(conditions, access) &&
	    has_program(conditions, access) && is_by(conditions, access) &&
	    has_comm(conditions, access) && has_terminal(conditions, access) &&
	    has_serial(conditions, access) && has_exit(conditions, access) &&
	    (!conditions->by_result ||
	     (access->kind != ACCESS_LOST && failed == conditions->failed)) &&
	    has_target(conditions, access) &&
	    has_word(access, FIELD_OP, conditions->op) &&
	    has_word(access, FIELD_REL, conditions->rel))
		return is_into(conditions, access);
	return WANTED_NOT;
}

static void add_item(struct strbuf *list, struct slice item)
{
	if (list->len)
		strbuf_put_char(list, ',');
	strbuf_put_slice(list, item);
}

/* Those of @shares that meet --into; the others are left out. */
static struct access choose_shares(const struct conditions *conditions,
				   const struct access *access,
				   const struct shares *shares,
				   struct narrowed *narrowed)
{
	struct access part = shares_part(access, 0, 0);

	strbuf_clear(&narrowed->rmap);
	strbuf_clear(&narrowed->rshare);
	for (unsigned int i = 0; i < shares->nr; i++) {
		const struct share *share = &shares->share[i];

		if (!is_such(conditions, &share->region))
			continue;
		part.count += share->calls;
		part.bytes += share->bytes;
		add_item(&narrowed->rmap, share->entry);
		add_item(&narrowed->rshare, share->item);
	}
	part.whole_count = access->count;
	part.whole_bytes = access->bytes;
	part.fields.value[FIELD_RMAP] = strbuf_slice(&narrowed->rmap);
	part.fields.value[FIELD_RSHARE] = strbuf_slice(&narrowed->rshare);
	return part;
}

void filter_narrow(const struct conditions *conditions, struct access *access,
		   struct narrowed *narrowed)
{
	struct shares shares;
	struct access part;

	if (access->kind != ACCESS_FOLD ||
	    (!conditions->by_exec && !conditions->by_region))
		return;
	shares_read(&shares, access);
	/* calls in several mappings, or in one that is not known */
	if (!shares.apart || !is_whole(access))
		return;
	part = choose_shares(conditions, access, &shares, narrowed);
	if (part.count && part.count < access->count)
		*access = part;
}

void narrowed_free(struct narrowed *narrowed)
{
	strbuf_free(&narrowed->rmap);
	strbuf_free(&narrowed->rshare);
}
