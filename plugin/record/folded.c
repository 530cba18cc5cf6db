// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * folded.c - see folded.h; the fields' meaning is in pvm-record(5)
 *
 * The record has one part, and every serial in it. The fields that all its
 * calls share do not change while they are held, so the room for serials is
 * known before the first; mappings get what is left in the end.
 */
#define _GNU_SOURCE /* memrchr */
#include <string.h>

#include "lib/strides.h"
#include "record/folded.h"
#include "record/mappings.h"

/* A range of addresses at its longest: twice 0x and 16 digits, dash, comma. */
#define SPANS_MOST ((size_t)PVM_SPANS_MAX * 38)

/* A share at its longest: twice 20 digits, colon, comma. */
#define SHARE_MOST 42

/* The mappings' least room: any single one, with its share. */
#define MAPS_LEAST (PVM_MAPS_PATH_MAX + 32 + SHARE_MOST)

/* A name at its longest, each byte escaped, and a comma; a list of them. */
#define COMM_MOST (3 * PVM_COMM_LEN + 1)
#define COMMS_MOST 400

/* The fields that can vary: comm,otid,apid,ocomm,vmflags. */
#define VARY_MOST 32

/* The names of the fields that only folded calls have at their end. */
#define NAMES_MOST 30

/*
 * llen=, vmflags=, vary=, src=, why= and cut= at their longest, and the names
 * of rmap= and rshare=.
 */
#define REST_MOST 280

/* Two serials at their longest: twice 20 digits, dash, comma. */
#define SERIALS_LEAST 42

_Static_assert(PVM_RECORD_MAX - PVM_FIELDS_MOST - 2 * PVM_PATH_MAX -
			       2 * PVM_WORD_MAX - VARY_MOST - NAMES_MOST -
			       SPANS_MOST - MAPS_LEAST >=
		       SERIALS_LEAST,
	       "a serial has room in any record");

size_t pvm_record_serials_room(const struct pvm_access *access)
{
	size_t comm = access->syscall ? strlen(access->syscall->comm) : 0;
	size_t more = comm < COMMS_MOST ? COMMS_MOST - comm : 0;

	return PVM_RECORD_MAX - pvm_fields_most(access) - more - VARY_MOST -
	       NAMES_MOST - SPANS_MOST - MAPS_LEAST;
}

void pvm_write_count(struct pvm_draft *draft)
{
	if (draft->access->folded)
		pvm_put_unsigned(&draft->text, PVM_FIELD_COUNT,
				 draft->access->folded->count);
}

void pvm_write_first(struct pvm_draft *draft)
{
	if (draft->access->folded)
		pvm_put_id(&draft->text, PVM_FIELD_FIRST,
			   &draft->access->folded->first);
}

void pvm_write_last(struct pvm_draft *draft)
{
	if (draft->access->folded)
		pvm_put_id(&draft->text, PVM_FIELD_LAST,
			   &draft->access->folded->last);
}

/* Its length is counted in lib/strides.c. Two that are apart are two. */
static void put_serials(struct pvm_text *text, const struct pvm_stride *stride)
{
	bool apart = stride->step > 1 && !pvm_stride_shows_step(stride);

	pvm_put_decimal(text, stride->first);
	if (stride->last > stride->first) {
		pvm_put(text, apart ? "," : "-");
		pvm_put_decimal(text, stride->last);
	}
	if (pvm_stride_shows_step(stride)) {
		pvm_put(text, "/");
		pvm_put_decimal(text, stride->step);
	}
}

void pvm_write_serials(struct pvm_draft *draft)
{
	const struct pvm_folded *folded = draft->access->folded;
	struct pvm_text *text = &draft->text;

	if (!folded)
		return;
	pvm_put_name(text, PVM_FIELD_SERIALS);
	for (size_t i = 0; i < folded->serials_nr; i++) {
		if (i)
			pvm_put(text, ",");
		put_serials(text, &folded->serials[i]);
	}
}

void pvm_write_comms(struct pvm_draft *draft)
{
	const struct pvm_folded *folded = draft->access->folded;
	char buffer[COMMS_MOST + 1];
	struct pvm_text names = pvm_text_in(buffer, sizeof(buffer));
	bool cut = folded && folded->comms_cut;

	if (!pvm_has_comms(draft->access))
		return;
	for (unsigned int i = 0; i < folded->comms_nr; i++) {
		size_t len = strnlen(folded->comms[i], PVM_COMM_LEN);
		size_t room = (size_t)(names.end - names.at);

		if (COMM_MOST > room) {
			cut = true;
			break;
		}
		if (i)
			pvm_put(&names, ",");
		pvm_put_escaped(&names, folded->comms[i], len);
	}
	if (names.at > names.start)
		pvm_put_word(&draft->text, PVM_FIELD_COMMS, buffer);
	if (cut)
		pvm_note_cut(&draft->cut, PVM_FIELD_COMMS);
}

void pvm_write_vary(struct pvm_draft *draft)
{
	const struct pvm_folded *folded = draft->access->folded;
	char buffer[VARY_MOST];
	struct pvm_text names = pvm_text_in(buffer, sizeof(buffer));

	for (int i = 0; folded && i < PVM_FIELDS; i++)
		if (folded->vary >> i & 1)
			pvm_note_cut(&names, (enum pvm_field)i);
	if (names.at > names.start)
		pvm_put_word(&draft->text, PVM_FIELD_VARY, buffer);
}

void pvm_write_bytes(struct pvm_draft *draft)
{
	if (draft->access->folded)
		pvm_put_unsigned(&draft->text, PVM_FIELD_BYTES,
				 draft->access->folded->bytes);
}

/* A range ends with the address behind it, unless it reaches the last one. */
void pvm_write_rspan(struct pvm_draft *draft)
{
	const struct pvm_folded *folded = draft->access->folded;
	struct pvm_text *text = &draft->text;

	if (!folded)
		return;
	if (folded->spans_nr)
		pvm_put_name(text, PVM_FIELD_RSPAN);
	for (size_t i = 0; i < folded->spans_nr; i++) {
		const struct pvm_range *span = &folded->spans[i];

		if (i)
			pvm_put(text, ",");
		pvm_put_hex(text, span->first);
		pvm_put(text, "-");
		pvm_put_hex(text, span->last + (span->last < UINT64_MAX));
	}
	if (folded->spans_joined)
		pvm_note_cut(&draft->cut, PVM_FIELD_RSPAN);
}

static void put_share(struct pvm_text *text, const struct pvm_share *share)
{
	pvm_put_decimal(text, share->calls);
	pvm_put(text, ":");
	pvm_put_decimal(text, share->bytes);
}

/* The shares of the first @nr mappings that were reached, with commas. */
static void put_shares(struct pvm_text *text, const struct pvm_folded *folded,
		       unsigned int nr)
{
	unsigned int put = 0;

	for (uint32_t i = 0; put < nr; i++) {
		if (!(folded->reached >> i & 1))
			continue;
		if (put++)
			pvm_put(text, ",");
		put_share(text, &folded->shares[i]);
	}
}

static size_t shares_len(const struct pvm_folded *folded, unsigned int nr)
{
	char buffer[SHARE_MOST * 32 + 1];
	struct pvm_text text = pvm_text_in(buffer, sizeof(buffer));

	put_shares(&text, folded, nr);
	return (size_t)(text.at - text.start);
}

void pvm_folded_write_rmap(struct pvm_draft *draft)
{
	const struct pvm_folded *folded = draft->access->folded;
	size_t left = (size_t)(draft->text.end - draft->text.at);
	size_t room = left > REST_MOST ? left - REST_MOST : 0;
	char maps[PVM_MAPS_TEXT_MAX + 1];
	unsigned int nr;
	bool whole = pvm_maps_write_reached(folded, maps, &nr);
	size_t len = strlen(maps);

	while (nr && len + shares_len(folded, nr) > room) {
		const char *comma = memrchr(maps, ',', len);

		len = comma ? (size_t)(comma - maps) : 0;
		nr--;
	}
	if (nr) {
		pvm_put_name(&draft->text, PVM_FIELD_RMAP);
		pvm_put_bytes(&draft->text, maps, len);
	}
	draft->maps = nr;
	if (folded->maps_cut || !whole || maps[len])
		pvm_note_cut(&draft->cut, PVM_FIELD_RMAP);
}

void pvm_write_rshare(struct pvm_draft *draft)
{
	if (!draft->maps)
		return;
	pvm_put_name(&draft->text, PVM_FIELD_RSHARE);
	put_shares(&draft->text, draft->access->folded, draft->maps);
}
