// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * record.c - see pvm/record.h
 *
 * A call's vectors can take more room than a record has, and go on in further
 * ones, in which all else is the same.
 */
#include <string.h>

#include "record/fields.h"
#include "record/mappings.h"
#include "pvm/record.h"
#include "record/folded.h"

/* Vectors get what the other fields leave of a part; at worst that is this. */
#define LISTS_LEAST       \
	(PVM_RECORD_MAX - \
	 (2 * PVM_PATH_MAX + 2 * PVM_WORD_MAX + PVM_FIELDS_MOST))

/* The first part has the mappings as well. */
_Static_assert(LISTS_LEAST > PVM_MAPS_TEXT_MAX + 200, "room for all of them");

/* One vector in a list at its longest: 0x, 16 digits, a colon, 20, a comma. */
#define VECTOR_TEXT_MAX 40

_Static_assert((PVM_PARTS_MAX - 1) * (LISTS_LEAST / VECTOR_TEXT_MAX) >=
		       PVM_SIDES * PVM_VECTORS_MAX,
	       "every vector finds room in some part");

static uint32_t vectors_of(const struct pvm_access *access, enum pvm_list side)
{
	return pvm_has_vectors(access, side) ? access->capture->call.held[side]
					     : 0;
}

/* How many of a side are to be listed. */
static uint32_t listed_of(const struct pvm_access *access, enum pvm_list side)
{
	uint32_t nr = vectors_of(access, side);

	return access->vectors && nr > access->vectors ? access->vectors : nr;
}

/* The names of one side's fields. */
static const struct {
	const char *len, *count, *list;
} side_names[PVM_SIDES] = {
	[PVM_REMOTE] = {"rlen", "riovcnt", "riov"},
	[PVM_LOCAL] = {"llen", "liovcnt", "liov"},
};

/* Bytes of a whole list in all; left out when no 64-bit number says it. */
static void put_len(struct pvm_text *text, const struct pvm_access *access,
		    enum pvm_list side)
{
	uint64_t total = 0;

	for (uint32_t i = 0; i < vectors_of(access, side); i++)
		if (__builtin_add_overflow(
			    total, access->capture->vec[side][i].len, &total))
			return;
	pvm_put_unsigned(text, side_names[side].len, total);
}

/* Audit's own record has the local count only. */
static void put_count(struct pvm_text *text, const struct pvm_access *access,
		      enum pvm_list side)
{
	const struct pvm_wire_call *call =
		access->capture ? &access->capture->call : NULL;

	if (call)
		pvm_put_unsigned(text, side_names[side].count,
				 side == PVM_REMOTE ? call->riovcnt
						    : call->liovcnt);
	else if (side == PVM_LOCAL)
		pvm_put_unsigned(text, side_names[side].count,
				 access->syscall->a2);
}

static void put_vector(struct pvm_text *text, const struct pvm_wire_iovec *vec)
{
	pvm_put_hex(text, vec->base);
	pvm_put(text, ":");
	pvm_put_decimal(text, vec->len);
}

static void put_list(struct pvm_text *text, const char *name,
		     const struct pvm_wire_iovec *vec, size_t begin, size_t end)
{
	if (begin == end)
		return;
	pvm_put_name(text, name);
	for (size_t i = begin; i < end; i++) {
		if (i > begin)
			pvm_put(text, ",");
		put_vector(text, &vec[i]);
	}
}

static void put_side(struct pvm_text *text, const struct pvm_record *record,
		     enum pvm_list side, struct pvm_text *cut)
{
	const struct pvm_access *access = record->access;

	if (pvm_has_vectors(access, side))
		put_len(text, access, side);
	put_count(text, access, side);
	if (!pvm_has_vectors(access, side))
		return;
	put_list(text, side_names[side].list, access->capture->vec[side],
		 record->begin[record->part][side],
		 record->begin[record->part + 1][side]);
	if (listed_of(access, side) < vectors_of(access, side))
		pvm_note_cut(cut, side_names[side].list);
}

/*
 * Where the remote vectors start, in the first part only; but every part says
 * if that is cut.
 */
static void put_maps(struct pvm_text *text, const struct pvm_record *record,
		     struct pvm_text *cut)
{
	const struct pvm_access *access = record->access;
	char maps[PVM_MAPS_TEXT_MAX + 1];

	if (!access->capture)
		return;
	if (!pvm_maps_write(access->capture, access->vectors, maps))
		pvm_note_cut(cut, "rmap");
	if (*maps && record->part == 0) {
		pvm_put(text, " rmap=");
		pvm_put(text, maps);
	}
}

/* With the comma next to it. */
static size_t vector_text_len(const struct pvm_wire_iovec *vec)
{
	char buffer[VECTOR_TEXT_MAX + 1];
	struct pvm_text text = pvm_text_in(buffer, sizeof(buffer));

	put_vector(&text, vec);
	return (size_t)(text.at - text.start) + 1;
}

/* The record's next part into @buffer, without part=. Returns its end. */
static struct pvm_text write_part(const struct pvm_record *record,
				  char buffer[static PVM_RECORD_MAX + 1])
{
	const struct pvm_access *access = record->access;
	struct pvm_text text = pvm_text_in(buffer, PVM_RECORD_MAX + 1);
	char cut_names[48];
	struct pvm_text cut = pvm_text_in(cut_names, sizeof(cut_names));

	pvm_put_op(&text, access);
	pvm_put_id(&text, "event", pvm_access_id(access));
	pvm_put_caller(&text, access, &cut);
	pvm_put_target(&text, access, &cut);
	pvm_put_signed(&text, "exit", pvm_access_exit(access));
	put_side(&text, record, PVM_REMOTE, &cut);
	put_maps(&text, record, &cut);
	put_side(&text, record, PVM_LOCAL, &cut);
	pvm_put_rest(&text, access, &cut);
	return text;
}

/* What the fields of the part leave for vectors, in bytes. */
static size_t room_for_lists(struct pvm_record *record)
{
	/* the names of both lists and the longest part= come on top */
	static const char rest[] = " riov= liov= part=64/64";
	char buffer[PVM_RECORD_MAX + 1];
	struct pvm_text text = write_part(record, buffer);

	return (size_t)(text.end - text.at) - sizeof(rest);
}

static void next_part(struct pvm_record *record)
{
	size_t *next = record->begin[++record->parts];

	memcpy(next, record->begin[record->parts - 1],
	       sizeof(record->begin[0]));
}

/* Fill parts with vectors, remote ones first, each part as far as it goes. */
static void plan_parts(struct pvm_record *record)
{
	const struct pvm_access *access = record->access;
	size_t used = 0, room, later_room;

	record->part = 1;
	later_room = room_for_lists(record);
	record->part = 0;
	room = room_for_lists(record);
	for (int side = 0; side < PVM_SIDES; side++) {
		for (uint32_t i = 0; i < listed_of(access, side); i++) {
			size_t len =
				vector_text_len(&access->capture->vec[side][i]);

			if (used + len > room) {
				next_part(record);
				room = later_room;
				used = 0;
			}
			used += len;
			record->begin[record->parts][side] = i + 1;
		}
	}
}

/* Surely so; the common case, in which nothing needs to be measured. */
static bool lists_fit(const struct pvm_access *access)
{
	size_t vectors = (size_t)listed_of(access, PVM_REMOTE) +
			 listed_of(access, PVM_LOCAL);

	return pvm_fields_most(access) + PVM_MAPS_TEXT_MAX +
		       vectors * VECTOR_TEXT_MAX <=
	       PVM_RECORD_MAX;
}

void pvm_record_begin(struct pvm_record *record,
		      const struct pvm_access *access)
{
	record->access = access;
	record->parts = 1;
	record->part = 0;
	memset(record->begin, 0, sizeof(record->begin));
	if (access->folded)
		return;
	if (!lists_fit(access)) {
		plan_parts(record);
		return;
	}
	for (int side = 0; side < PVM_SIDES; side++)
		record->begin[1][side] = listed_of(access, side);
}

size_t pvm_record_next(struct pvm_record *record,
		       char buffer[static PVM_RECORD_MAX + 1])
{
	struct pvm_text text;

	if (record->part == record->parts)
		return 0;
	if (record->access->folded)
		text = pvm_record_folded(record->access, buffer);
	else
		text = write_part(record, buffer);
	record->part++;
	if (record->parts > 1) {
		pvm_put_unsigned(&text, "part", record->part);
		pvm_put(&text, "/");
		pvm_put_decimal(&text, record->parts);
	}
	return (size_t)(text.at - text.start);
}
