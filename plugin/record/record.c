// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * record.c - see pvm/record.h; the fields of the vectors are here as well
 *
 * A call's vectors can take more room than a record has. They go on in further
 * records, the parts, in which everything else is the same.
 */
#include <string.h>

#include "pvm/record.h"
#include "record/fields.h"
#include "record/folded.h"
#include "record/mappings.h"

/* Vectors get what the other fields leave of a part; at worst that is this. */
#define LISTS_LEAST       \
	(PVM_RECORD_MAX - \
	 (2 * PVM_PATH_MAX + 2 * PVM_WORD_MAX + PVM_FIELDS_MOST))

/* The first part has the mappings as well. */
_Static_assert(LISTS_LEAST > PVM_MAPS_TEXT_MAX + 200, "room for all of them");

/* One vector in a list at its longest: 0x, 16 digits, a colon, 20, a comma. */
#define VECTOR_TEXT_MAX 40

/* What is not written yet when room is measured: " riov=", " liov=" and the
 * longest part=. */
#define NAMES_AND_PART (6 + 6 + 12)

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

/* Bytes of a whole list in all; left out when no 64-bit number says it. */
static void put_len(struct pvm_draft *draft, enum pvm_list side,
		    enum pvm_field field)
{
	const struct pvm_access *access = draft->access;
	uint64_t total = 0;

	if (!pvm_has_all_vectors(access, side))
		return;
	for (uint32_t i = 0; i < vectors_of(access, side); i++)
		if (__builtin_add_overflow(
			    total, access->capture->vec[side][i].len, &total))
			return;
	pvm_put_unsigned(&draft->text, field, total);
}

void pvm_write_rlen(struct pvm_draft *draft)
{
	const struct pvm_folded *folded = draft->access->folded;

	if (!folded)
		put_len(draft, PVM_REMOTE, PVM_FIELD_RLEN);
	else if (folded->rlen_known)
		pvm_put_unsigned(&draft->text, PVM_FIELD_RLEN, folded->rlen);
}

void pvm_write_llen(struct pvm_draft *draft)
{
	const struct pvm_folded *folded = draft->access->folded;

	if (!folded)
		put_len(draft, PVM_LOCAL, PVM_FIELD_LLEN);
	else if (folded->llen_known)
		pvm_put_unsigned(&draft->text, PVM_FIELD_LLEN, folded->llen);
}

void pvm_write_riovcnt(struct pvm_draft *draft)
{
	const struct pvm_capture *capture = draft->access->capture;

	if (!draft->access->folded && capture)
		pvm_put_unsigned(&draft->text, PVM_FIELD_RIOVCNT,
				 capture->call.riovcnt);
}

/* The one count that audit's own record has. */
void pvm_write_liovcnt(struct pvm_draft *draft)
{
	const struct pvm_access *access = draft->access;

	if (!access->folded)
		pvm_put_unsigned(&draft->text, PVM_FIELD_LIOVCNT,
				 access->capture ? access->capture->call.liovcnt
						 : access->syscall->a2);
}

static void put_vector(struct pvm_text *text, const struct pvm_wire_iovec *vec)
{
	pvm_put_hex(text, vec->base);
	pvm_put(text, ":");
	pvm_put_decimal(text, vec->len);
}

/* The vectors that this part has of @side. */
static void put_list(struct pvm_draft *draft, enum pvm_list side,
		     enum pvm_field field)
{
	const struct pvm_access *access = draft->access;
	const struct pvm_record *record = draft->record;
	size_t begin = record->begin[record->part][side];
	size_t end = record->begin[record->part + 1][side];

	if (access->folded || !pvm_has_vectors(access, side))
		return;
	if (begin < end)
		pvm_put_name(&draft->text, field);
	for (size_t i = begin; i < end; i++) {
		if (i > begin)
			pvm_put(&draft->text, ",");
		put_vector(&draft->text, &access->capture->vec[side][i]);
	}
	if (listed_of(access, side) < vectors_of(access, side) ||
	    pvm_is_part(access, side))
		pvm_note_cut(&draft->cut, field);
}

void pvm_write_riov(struct pvm_draft *draft)
{
	put_list(draft, PVM_REMOTE, PVM_FIELD_RIOV);
}

void pvm_write_liov(struct pvm_draft *draft)
{
	put_list(draft, PVM_LOCAL, PVM_FIELD_LIOV);
}

/*
 * Where the remote vectors start, in the first part only; but every part says
 * if that is cut.
 */
void pvm_write_rmap(struct pvm_draft *draft)
{
	const struct pvm_access *access = draft->access;
	char maps[PVM_MAPS_TEXT_MAX + 1];

	if (access->folded) {
		pvm_folded_write_rmap(draft);
		return;
	}
	if (!access->capture)
		return;
	if (!pvm_maps_write(access->capture, access->vectors, maps))
		pvm_note_cut(&draft->cut, PVM_FIELD_RMAP);
	if (*maps && draft->record->part == 0)
		pvm_put_word(&draft->text, PVM_FIELD_RMAP, maps);
}

/* With the comma next to it. */
static size_t vector_text_len(const struct pvm_wire_iovec *vec)
{
	char buffer[VECTOR_TEXT_MAX + 1];
	struct pvm_text text = pvm_text_in(buffer, sizeof(buffer));

	put_vector(&text, vec);
	return (size_t)(text.at - text.start) + 1;
}

/* A field that folded calls do not share; comm= says so itself. */
static bool is_varied(const struct pvm_access *access, enum pvm_field field)
{
	return access->folded && access->folded->vary >> field & 1 &&
	       field != PVM_FIELD_COMM;
}

/* Write the record's next part into @buffer. Returns its text. */
static struct pvm_text write_part(const struct pvm_record *record,
				  char buffer[static PVM_RECORD_MAX + 1])
{
	struct pvm_draft draft = {
		.record = record,
		.access = record->access,
		.text = pvm_text_in(buffer, PVM_RECORD_MAX + 1),
	};

	draft.cut = pvm_text_in(draft.cut_names, sizeof(draft.cut_names));
#define WRITE(id, name, ...)                            \
	if (!is_varied(record->access, PVM_FIELD_##id)) \
		pvm_write_##name(&draft);
	PVM_RECORD_FIELDS(WRITE)
#undef WRITE
	return draft.text;
}

/* What the fields of the part leave for vectors, in bytes. */
static size_t room_for_lists(struct pvm_record *record)
{
	char buffer[PVM_RECORD_MAX + 1];
	struct pvm_text text = write_part(record, buffer);

	return (size_t)(text.end - text.at) - NAMES_AND_PART;
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
	text = write_part(record, buffer);
	record->part++;
	return (size_t)(text.at - text.start);
}
