// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * folded.c - see folded.h; the fields' meaning is in
 * pvm-record(5)
 *
 * The record has one part, and in that every serial. What it is about does not
 * change while calls are held, so the room for serials is known before the
 * first; mappings get what is left in the end.
 */
#define _GNU_SOURCE /* memrchr */
#include <string.h>

#include "record/fields.h"
#include "record/mappings.h"
#include "record/folded.h"

/* A range of addresses at its longest: twice 0x and 16 digits, dash, comma. */
#define SPANS_MOST ((size_t)PVM_SPANS_MAX * 38)

/* The mappings' least room: any single one. */
#define MAPS_LEAST (PVM_MAPS_PATH_MAX + 32)

/* vmflags=, src=, why= and cut= at their longest, and the name of rmap=. */
#define REST_MOST 200

/* A range of serials at its longest: twice 20 digits, dash, comma. */
#define SERIALS_LEAST 42

_Static_assert(PVM_RECORD_MAX - PVM_FIELDS_MOST - 2 * PVM_PATH_MAX -
			       2 * PVM_WORD_MAX - SPANS_MOST - MAPS_LEAST >=
		       SERIALS_LEAST,
	       "a serial has room in any record");

size_t pvm_record_serials_room(const struct pvm_access *access)
{
	return PVM_RECORD_MAX - pvm_fields_most(access) - SPANS_MOST -
	       MAPS_LEAST;
}

static void put_serials(struct pvm_text *text, const struct pvm_range *ranges,
			size_t nr)
{
	for (size_t i = 0; i < nr; i++) {
		pvm_put(text, i ? "," : " serials=");
		pvm_put_decimal(text, ranges[i].first);
		if (ranges[i].last > ranges[i].first) {
			pvm_put(text, "-");
			pvm_put_decimal(text, ranges[i].last);
		}
	}
}

/* The end of a range is the address behind it, so far as there is one. */
static void put_spans(struct pvm_text *text, const struct pvm_folded *folded,
		      struct pvm_text *cut)
{
	for (size_t i = 0; i < folded->spans_nr; i++) {
		const struct pvm_range *span = &folded->spans[i];

		pvm_put(text, i ? "," : " rspan=");
		pvm_put_hex(text, span->first);
		pvm_put(text, "-");
		pvm_put_hex(text, span->last + (span->last < UINT64_MAX));
	}
	if (folded->spans_joined)
		pvm_note_cut(cut, "rspan");
}

/* As many of the mappings as have room, none in half. */
static void put_maps(struct pvm_text *text, const struct pvm_folded *folded,
		     struct pvm_text *cut)
{
	size_t left = (size_t)(text->end - text->at);
	size_t room = left > REST_MOST ? left - REST_MOST : 0;
	size_t len = strlen(folded->maps);

	while (len > room) {
		const char *comma = memrchr(folded->maps, ',', len);

		len = comma ? (size_t)(comma - folded->maps) : 0;
	}
	if (len) {
		pvm_put(text, " rmap=");
		pvm_put_bytes(text, folded->maps, len);
	}
	if (folded->maps_cut || folded->maps[len])
		pvm_note_cut(cut, "rmap");
}

/* What they have come to: the errno that all share, or the bytes of all. */
static void put_result(struct pvm_text *text, const struct pvm_access *access)
{
	int64_t result = pvm_access_exit(access);

	if (result < 0)
		pvm_put_signed(text, "exit", result);
	pvm_put_unsigned(text, "bytes", access->folded->bytes);
	if (access->folded->rlen_known)
		pvm_put_unsigned(text, "rlen", access->folded->rlen);
}

struct pvm_text pvm_record_folded(const struct pvm_access *access,
				  char buffer[static PVM_RECORD_MAX + 1])
{
	const struct pvm_folded *folded = access->folded;
	struct pvm_text text = pvm_text_in(buffer, PVM_RECORD_MAX + 1);
	char cut_names[48];
	struct pvm_text cut = pvm_text_in(cut_names, sizeof(cut_names));

	pvm_put_op(&text, access);
	pvm_put_unsigned(&text, "count", folded->count);
	pvm_put_id(&text, "first", &folded->first);
	pvm_put_id(&text, "last", &folded->last);
	put_serials(&text, folded->serials, folded->serials_nr);
	pvm_put_caller(&text, access, &cut);
	pvm_put_target(&text, access, &cut);
	put_result(&text, access);
	put_spans(&text, folded, &cut);
	put_maps(&text, folded, &cut);
	pvm_put_rest(&text, access, &cut);
	return text;
}
