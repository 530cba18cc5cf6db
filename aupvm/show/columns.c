// SPDX-License-Identifier: GPL-2.0-or-later
/* columns.c - see columns.h */
#define _GNU_SOURCE /* memrchr */
#include <inttypes.h>
#include <libaudit.h>
#include <limits.h>
#include <string.h>

#include "match/shares.h"
#include "show/columns.h"
#include "read/regions.h"
#include "lib/token.h"

/* Bytes of a command line that the kernel puts into a PROCTITLE record. */
#define COMMAND_MAX 128

const char *fate_name(enum fate fate)
{
	static const char *const names[FATES] = {
		[FATE_ENRICHED] = "enriched",
		[FATE_FOLDED] = "folded",
		[FATE_LOST] = "lost",
		[FATE_PENDING] = "pending",
		[FATE_IDLE] = "no plugin",
		[FATE_UNACCOUNTED] = "unaccounted",
	};

	return names[fate];
}

const char *access_kind_name(enum access_kind kind)
{
	static const char *const names[] = {
		[ACCESS_CALL] = "call",
		[ACCESS_FOLD] = "folded",
		[ACCESS_UNENRICHED] = "unenriched",
		[ACCESS_LOST] = "lost",
	};

	return names[kind];
}

static void put_name(struct strbuf *text, struct slice path, struct slice name)
{
	char bytes[PATH_MAX];
	struct slice shown = {bytes, 0};
	const char *slash;

	if (!path.at && !name.at) {
		strbuf_put_text(text, "?");
		return;
	}
	shown.len = token_decode(path.at ? path : name, bytes, sizeof(bytes));
	slash = shown.len ? memrchr(bytes, '/', shown.len) : NULL;
	if (path.at && slash) {
		shown.at = slash + 1;
		shown.len -= (size_t)(shown.at - bytes);
	}
	strbuf_put_escaped(text, shown);
}

/* Ahead of a name that another file has had. */
static void put_mark(struct strbuf *text, const struct pvm_id *other)
{
	strbuf_put(text, access_has_other(other) ? "another " : "");
}

void column_caller(struct strbuf *text, const struct access *access)
{
	put_mark(text, &access->caller_other);
	put_name(text, access->fields.value[FIELD_EXE],
		 access->fields.value[FIELD_COMM]);
}

void column_target(struct strbuf *text, const struct access *access)
{
	put_mark(text, &access->target_other);
	put_name(text, access->fields.value[FIELD_OEXE],
		 access->fields.value[FIELD_OCOMM]);
}

static void put_path(struct strbuf *text, struct slice path, struct slice name,
		     const struct pvm_id *other)
{
	if (path.at)
		strbuf_put_token(text, path);
	else if (name.at)
		strbuf_put_token(text, name);
	else
		strbuf_put_text(text, "?");
	if (!access_has_other(other))
		return;
	strbuf_put_text(text, " (another file under this name than at ");
	strbuf_put_id(text, other);
	strbuf_put_text(text, ")");
}

void column_caller_path(struct strbuf *text, const struct access *access)
{
	put_path(text, access->fields.value[FIELD_EXE],
		 access->fields.value[FIELD_COMM], &access->caller_other);
}

void column_target_path(struct strbuf *text, const struct access *access)
{
	put_path(text, access->fields.value[FIELD_OEXE],
		 access->fields.value[FIELD_OCOMM], &access->target_other);
}

static void put_region(struct strbuf *text, struct region region)
{
	const char *slash =
		region.kind == REGION_FILE
			? memrchr(region.name.at, '/', region.name.len)
			: NULL;

	if (slash) {
		region.name.len -= (size_t)(slash + 1 - region.name.at);
		region.name.at = slash + 1;
	}
	strbuf_put_slice(text, region.name);
	if (region.offset.len) {
		strbuf_put_text(text, "+");
		strbuf_put_slice(text, region.offset);
	}
	if (region.perms.len) {
		strbuf_put_text(text, " ");
		strbuf_put_slice(text, region.perms);
	}
}

static void put_entry(struct strbuf *text, struct slice entry)
{
	struct region region;

	region_read(&region, entry);
	put_region(text, region);
}

static uint64_t count_items(struct slice list)
{
	struct slice item;
	uint64_t nr = 0;

	while (slice_next(&list, ',', &item))
		nr++;
	return nr;
}

/* Each mapping, and what the folded calls did there; false if not known. */
static bool put_shares(struct strbuf *text, const struct access *access)
{
	struct shares shares;

	shares_read(&shares, access);
	if (shares.nr < 2)
		return false;
	for (unsigned int i = 0; i < shares.nr; i++) {
		const struct share *share = &shares.share[i];

		strbuf_put(text, i ? ", " : "");
		put_region(text, share->region);
		strbuf_put(text, " (%" PRIu64 " call%s, ", share->calls,
			   share->calls == 1 ? "" : "s");
		strbuf_put_size(text, share->bytes);
		strbuf_put_text(text, "B)");
	}
	if (field_has_word(&access->fields, FIELD_CUT, "rmap"))
		strbuf_put_text(text, " and more");
	return true;
}

/*
 * Of folded calls: the mappings and the ranges of addresses, each in an order
 * of its own. Only where there is one mapping are the addresses in it; not
 * where the calls that have others are left out.
 */
static void put_places(struct strbuf *text, const struct access *access,
		       bool brief)
{
	struct slice rmap = access->fields.value[FIELD_RMAP], entry;
	struct slice spans = access->fields.value[FIELD_RSPAN], span;
	uint64_t maps = count_items(rmap), ranges = count_items(spans);
	bool cut = field_has_word(&access->fields, FIELD_CUT, "rmap");

	if (slice_next(&rmap, ',', &entry))
		put_entry(text, entry);
	if (maps > 1)
		strbuf_put(text, " +%" PRIu64 " mappings", maps - 1);
	if (maps && cut)
		strbuf_put(text, "%s", maps > 1 ? " or more" : " and more");
	if (maps > 1 || (maps && (cut || brief)) || access->whole_count ||
	    !slice_next(&spans, ',', &span))
		return;
	strbuf_put(text, maps ? " " : "");
	strbuf_put_slice(text, span);
	if (ranges > 1)
		strbuf_put(text, " +%" PRIu64 " ranges", ranges - 1);
}

void column_where(struct strbuf *text, const struct access *access,
		  enum where where)
{
	struct slice rmap = access->fields.value[FIELD_RMAP], entry;
	struct slice riov = access->fields.value[FIELD_RIOV], vector, address;
	uint64_t nr = field_number(&access->fields, FIELD_RIOVCNT, 1);
	size_t before = text->len;

	if (access->kind == ACCESS_FOLD) {
		if (where != WHERE_ALL || !put_shares(text, access))
			put_places(text, access, where == WHERE_BRIEF);
		return;
	}
	if (slice_next(&rmap, ',', &entry)) {
		put_entry(text, entry);
		if (where == WHERE_BRIEF)
			return;
		strbuf_put(text, riov.at ? " " : "");
	}
	if (slice_next(&riov, ',', &vector)) {
		slice_next(&vector, ':', &address);
		strbuf_put_slice(text, address);
	}
	if (access->kind == ACCESS_CALL && text->len == before && nr > 1)
		strbuf_put(text, "%" PRIu64 " places", nr);
	else if (access->kind == ACCESS_CALL && nr > 1)
		strbuf_put(text, " +%" PRIu64, nr - 1);
}

bool access_is_partial(const struct access *access)
{
	uint64_t wanted = field_number(&access->fields, FIELD_RLEN, 0);
	uint64_t own = field_number(&access->fields, FIELD_LLEN, wanted);

	if (own < wanted)
		wanted = own;
	return access->kind != ACCESS_FOLD && !access_failed(access) &&
	       access->bytes < wanted;
}

bool access_is_whole(const struct access *access)
{
	return (access->kind == ACCESS_CALL || access->kind == ACCESS_FOLD) &&
	       !access->incomplete &&
	       !field_is_there(&access->fields, FIELD_CUT) &&
	       !field_is_there(&access->fields, FIELD_WHY);
}

bool access_command_is_cut(struct slice token)
{
	char bytes[COMMAND_MAX];

	return token.at &&
	       token_decode(token, bytes, sizeof(bytes)) == COMMAND_MAX;
}

/*
 * Folded calls have all moved what they asked for when they have moved, in all,
 * as much as the vectors of one side have. Where some are shorter on one side
 * and some on the other, nobody knows.
 */
static bool is_uncertain(const struct access *access)
{
	uint64_t remote = field_number(&access->fields, FIELD_RLEN, UINT64_MAX);
	uint64_t local = field_number(&access->fields, FIELD_LLEN, UINT64_MAX);
	uint64_t bytes =
		access->whole_count ? access->whole_bytes : access->bytes;

	return access->kind == ACCESS_FOLD && !access_failed(access) &&
	       bytes < remote && bytes < local;
}

void column_error(struct strbuf *text, int64_t exit)
{
	const char *name = exit < 0 && exit > -4096
				   ? audit_errno_to_name((int)-exit)
				   : NULL;

	if (name)
		strbuf_put(text, "%s", name);
	else
		strbuf_put(text, "%" PRId64, exit);
}

void column_outcome(struct strbuf *text, const struct access *access)
{
	if (access_failed(access))
		column_error(text, access->exit);
	else
		strbuf_put_text(text, access_is_partial(access) ? "partial"
				      : is_uncertain(access)	? "ok?"
								: "ok");
}

void column_result(struct strbuf *text, const struct access *access)
{
	column_outcome(text, access);
	if (access->kind == ACCESS_UNENRICHED)
		strbuf_put(text, " (%s)", fate_name(access->fate));
	else if (access->incomplete)
		strbuf_put_text(text, " (parts missing)");
}
