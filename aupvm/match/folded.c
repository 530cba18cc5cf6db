// SPDX-License-Identifier: GPL-2.0-or-later
/* folded.c - see folded.h */
#include <stdlib.h>
#include <string.h>

#include "match/folded.h"
#include "match/facts.h"
#include "lib/strides.h"
#include "lib/token.h"
#include "util/memory.h"
#include "util/strbuf.h"

/* One less than there are serials. */
static uint64_t steps_of(const struct pvm_stride *serials)
{
	return (serials->last - serials->first) / serials->step;
}

/* UINT64_MAX also for more than that. */
static uint64_t count_serials(struct slice list)
{
	struct pvm_stride serials;
	uint64_t sum = 0;

	while (serials_next(&list, &serials))
		if (__builtin_add_overflow(sum, steps_of(&serials), &sum) ||
		    __builtin_add_overflow(sum, 1, &sum))
			return UINT64_MAX;
	return sum;
}

/*
 * How far, in ms, the time of a call may be from its fold's when its SYSCALL
 * record comes behind it: it was on its way then. As for a boot, but none is
 * over as soon as that.
 */
#define LATE_SLACK_MS 10000

/* A fold while its calls are looked up. */
struct fold {
	struct access *access;
	uint32_t old_node; /* the host's name before; the same when it has none
			    */
	struct facts record;
	uint32_t from; /* calls ahead of that number are accounted for */
	uint64_t slack; /* ms that a call may be away from the fold */
	struct call *first; /* of those seen */
	uint64_t seen; /* calls in the log */
	uint64_t compared; /* of them, with the fold's record */
	uint64_t bytes; /* of these */
	/* of the calls that are seen, where these do not differ; or NULL */
	struct details *details;
	const char *differ[DETAILS_NAMES]; /* the names of others */
	size_t differ_nr;
	struct strbuf vary;
};

/* Times of first and last are not in order when calls overlap. */
static struct call *find_call(const struct store *store,
			      const struct fold *fold, uint64_t serial)
{
	const struct access *access = fold->access;
	uint64_t a = id_ms(&access->first), b = id_ms(&access->last);
	uint64_t from = a < b ? a : b, to = a < b ? b : a;
	struct call *call = calls_find_near(&store->calls, access->node_number,
					    serial, from, to, fold->slack);

	if (call || fold->old_node == access->node_number)
		return call;
	return calls_find_near(&store->calls, fold->old_node, serial, from, to,
			       0);
}

/*
 * A host can change its name under way: the first call is then under another
 * one, by its id and by what both records say; see renamed.h.
 */
static uint32_t find_old_node(const struct store *store,
			      const struct fold *fold)
{
	const struct access *access = fold->access;
	uint64_t ms = id_ms(&access->first);

	if (find_call(store, fold, access->first.serial))
		return access->node_number;
	for (uint32_t node = 0; node < store->nodes.nr; node++) {
		const struct call *call = calls_find_near(
			&store->calls, node, access->first.serial, ms, ms, 0);

		if (call && call->audited && call->facts &&
		    !facts_compare(call->facts, &fold->record))
			return node;
	}
	return access->node_number;
}

/* Is @name, as comms= has it, what @token stands for? */
static bool is_name_of(struct slice name, struct slice token)
{
	char bytes[64], byte;
	size_t len = token_decode(token, bytes, sizeof(bytes)), i = 0;
	uint64_t value;

	for (; name.len && i < len; i++) {
		struct slice hex = {name.at + 1, 2};

		byte = *name.at;
		name = slice_from(name, name.at + 1);
		if (byte == '%' && name.len >= 2 && slice_hex(hex, &value)) {
			byte = (char)value;
			name = slice_from(name, name.at + 2);
		}
		if (byte != bytes[i])
			return false;
	}
	return !name.len && i == len;
}

/* Does the fold name its callers, all of them, and not the one of @call? */
static bool is_comm_missing(const struct store *store, const struct fold *fold,
			    const struct call *call)
{
	const struct fields *fields = &fold->access->fields;
	struct slice rest = fields->value[FIELD_COMMS], name;
	struct slice token = store->names.item[call->facts->comm];

	if (!rest.at || !token.len ||
	    field_has_word(fields, FIELD_CUT, "comms") ||
	    field_has_word(fields, FIELD_WHY, "no-syscall"))
		return false;
	while (slice_next(&rest, ',', &name))
		if (is_name_of(name, token))
			return false;
	return true;
}

/* The first call's are the fold's, unless another's differ. */
static void take_details(struct fold *fold, struct facts *facts)
{
	if (!facts->details)
		return;
	if (fold->details) {
		details_merge(fold->details, facts->details, fold->differ,
			      &fold->differ_nr);
		return;
	}
	fold->details = facts->details;
	facts->details = NULL;
}

static void fold_call(struct store *store, struct fold *fold, struct call *call)
{
	struct access *access = fold->access;

	if (call < store->calls.call + fold->from)
		return;
	if (call->audited && call->facts) {
		call->differs |= facts_compare(call->facts, &fold->record);
		if (is_comm_missing(store, fold, call))
			call->differs |= 1u << FACT_COMM;
		fold->compared++;
		if (call->facts->exit > 0)
			fold->bytes += (uint64_t)call->facts->exit;
		else if (call->facts->exit &&
			 !field_is_there(&access->fields, FIELD_EXIT))
			call->differs |= 1u << FACT_EXIT;
		take_details(fold, call->facts);
		call_drop_facts(call);
	}
	call_add_one(&call->folded);
	store->node[call->node].renamed += call->node != access->node_number;
	if (call->audited && !access->has_session) {
		access->session = call->session;
		access->has_session = true;
	} else if (call->audited && access->session != call->session) {
		access->sessions_vary = true;
	}
	fold->seen++;
	if (!fold->first)
		fold->first = call;
}

/* For more serials than the log has: look at each call of the log instead. */
static void fold_among_all(struct store *store, struct fold *fold,
			   const struct pvm_stride *serials)
{
	for (uint32_t i = 0; i < store->calls.nr; i++) {
		struct call *call = &store->calls.call[i];

		if (pvm_strides_have(serials, 1, call->serial) &&
		    call == find_call(store, fold, call->serial))
			fold_call(store, fold, call);
	}
}

static void fold_serials(struct store *store, struct fold *fold,
			 const struct pvm_stride *serials)
{
	uint64_t steps = steps_of(serials);

	if (steps >= store->calls.nr) {
		fold_among_all(store, fold, serials);
		return;
	}
	for (uint64_t i = 0; i <= steps; i++) {
		struct call *call = find_call(
			store, fold, serials->first + i * serials->step);

		if (call)
			fold_call(store, fold, call);
	}
}

/* With all its calls at hand, does a fold say what they have moved? */
static void compare_bytes(const struct fold *fold)
{
	const struct access *access = fold->access;

	if (fold->first && fold->compared == access->count &&
	    fold->bytes != field_number(&access->fields, FIELD_BYTES, 0))
		fold->first->differs |= 1u << FACT_BYTES;
}

/* Those of its calls that the log has from fold->from on. */
static void fold_calls(struct store *store, struct fold *fold)
{
	struct access *access = fold->access;
	struct slice list = access->fields.value[FIELD_SERIALS];
	struct pvm_stride serials;

	fold->old_node = access->node_number;
	fold->record = facts_of_record(&store->names, &access->fields);
	fold->old_node = find_old_node(store, fold);
	while (serials_next(&list, &serials))
		fold_serials(store, fold, &serials);
	compare_bytes(fold);
}

/* Until the log ends. */
static void keep_late(struct store *store, const struct fold *fold,
		      struct slice message)
{
	struct late_fold late = {
		.access = *fold->access,
		.message = new_zeroed(message.len + 1, 1),
		.calls_nr = store->calls.nr,
		.seen = fold->seen,
		.compared = fold->compared,
		.bytes = fold->bytes,
		.detailed = fold->details != NULL,
	};
	struct slice copy = {late.message, message.len};
	const char *left_out;

	memcpy(late.message, message.at, message.len);
	/* it was read once, and reads the same again */
	fields_read(&late.access.fields, copy, &left_out);
	store->late = grow_array(store->late, store->late_nr, sizeof(late));
	store->late[store->late_nr++] = late;
}

/* The calls that have come since it was looked at. */
static void fold_late(struct store *store, struct late_fold *late)
{
	struct fold fold = {
		.access = &late->access,
		.from = late->calls_nr,
		.slack = LATE_SLACK_MS,
		.seen = late->seen,
		.compared = late->compared,
		.bytes = late->bytes,
	};

	if (store->calls.nr > fold.from)
		fold_calls(store, &fold);
	late->calls_nr = store->calls.nr;
	late->seen = fold.seen;
	late->compared = fold.compared;
	late->bytes = fold.bytes;
	if (!fold.details)
		return;
	if (late->detailed)
		free(fold.details);
	else
		late_put(&store->late_details, late->access.node_number,
			 &late->access.first, fold.details);
	late->detailed = true;
}

static void give_up(struct store *store, const struct late_fold *late)
{
	store->node[late->access.node_number].folded_unseen +=
		late->access.count - late->seen;
}

void folded_again(struct store *store)
{
	size_t kept = 0, nr = store->late_nr;

	for (size_t i = 0; i < nr; i++) {
		struct late_fold *late = &store->late[i];
		uint64_t newest =
			store->node[late->access.node_number].newest_ms;

		fold_late(store, late);
		if (late->seen < late->access.count &&
		    newest < id_ms(&late->access.last) + PENDING_MS &&
		    nr - i <= LATE_FOLDS_MAX) {
			store->late[kept++] = *late;
			continue;
		}
		give_up(store, late);
		free(late->message);
	}
	store->late_nr = kept;
}

void folded_end(struct store *store)
{
	for (size_t i = 0; i < store->late_nr; i++) {
		fold_late(store, &store->late[i]);
		give_up(store, &store->late[i]);
	}
}

static void add_word(struct strbuf *list, struct slice word)
{
	if (list->len)
		strbuf_put_char(list, ',');
	strbuf_put_slice(list, word);
}

/* What all calls share; what differs is named in vary=, behind the record's. */
static void show_details(struct fold *fold)
{
	struct access *access = fold->access;
	struct slice *vary = &access->fields.value[FIELD_VARY];

	if (!fold->details)
		return;
	details_show(fold->details, &access->fields);
	if (access->sessions_vary)
		fold->differ[fold->differ_nr++] = "ses";
	if (!fold->differ_nr)
		return;
	if (vary->at)
		strbuf_put_slice(&fold->vary, *vary);
	for (size_t i = 0; i < fold->differ_nr; i++)
		add_word(&fold->vary, slice_of(fold->differ[i]));
	*vary = strbuf_slice(&fold->vary);
}

const char *folded_take(struct store *store, struct access *access,
			struct slice message)
{
	struct slice list = access->fields.value[FIELD_SERIALS];
	struct fold fold = {.access = access, .slack = BOOT_SLACK_MS};

	access->kind = ACCESS_FOLD;
	access->count = field_number(&access->fields, FIELD_COUNT, 0);
	if (!access_read_span(&access->fields, &access->first, &access->last))
		return "no usable first= and last=";
	if (!access->count || count_serials(list) != access->count)
		return "count= is not what serials= has";
	fold_calls(store, &fold);
	if (fold.seen < access->count)
		keep_late(store, &fold, message);
	show_details(&fold);
	store_emit(store, access);
	free(fold.details);
	strbuf_free(&fold.vary);
	return NULL;
}
