// SPDX-License-Identifier: GPL-2.0-or-later
/* notes.c - see notes.h; the fields' meaning is in pvm-record(5) */
#include "pvm/version.h"
#include "record/notes.h"
#include "record/text.h"

static struct pvm_text begin(char text[static PVM_NOTE_MAX], const char *op)
{
	struct pvm_text note = pvm_text_in(text, PVM_NOTE_MAX);

	pvm_put_word(&note, PVM_FIELD_OP, op);
	return note;
}

static void put_state(struct pvm_text *note, enum pvm_source source,
		      uint64_t start_ns)
{
	pvm_put_word(note, PVM_FIELD_VERSION, PVM_VERSION);
	pvm_put_word(note, PVM_FIELD_SRC, pvm_source_name(source));
	pvm_put_unsigned(note, PVM_FIELD_START, start_ns);
}

void pvm_note_start(char text[static PVM_NOTE_MAX], enum pvm_source source,
		    uint64_t start_ns)
{
	struct pvm_text note = begin(text, "pvm-start");

	put_state(&note, source, start_ns);
}

void pvm_note_reload(char text[static PVM_NOTE_MAX], enum pvm_source source,
		     uint64_t start_ns, uint64_t reloads)
{
	struct pvm_text note = begin(text, "pvm-reload");

	put_state(&note, source, start_ns);
	pvm_put_unsigned(&note, PVM_FIELD_RELOADS, reloads);
}

void pvm_note_stop(char text[static PVM_NOTE_MAX], uint64_t start_ns,
		   uint64_t records)
{
	struct pvm_text note = begin(text, "pvm-stop");

	pvm_put_unsigned(&note, PVM_FIELD_START, start_ns);
	pvm_put_unsigned(&note, PVM_FIELD_RECORDS, records);
}

void pvm_note_lost(char text[static PVM_NOTE_MAX], enum pvm_loss why,
		   const struct pvm_span *span, uint64_t start_ns)
{
	static const char *const words[PVM_LOSSES] = {
#define WORD(id, word) [PVM_LOSS_##id] = (word),
		PVM_LOSS_REASONS(WORD)
#undef WORD
	};
	struct pvm_text note = begin(text, "pvm-lost");

	pvm_put_word(&note, PVM_FIELD_WHY, words[why]);
	pvm_put_unsigned(&note, PVM_FIELD_COUNT, span->count);
	if (span->first.serial && span->last.serial) {
		pvm_put_id(&note, PVM_FIELD_FIRST, &span->first);
		pvm_put_id(&note, PVM_FIELD_LAST, &span->last);
	} else {
		pvm_put_time(&note, PVM_FIELD_FROM, &span->first);
		pvm_put_time(&note, PVM_FIELD_TO, &span->last);
	}
	pvm_put_unsigned(&note, PVM_FIELD_START, start_ns);
}
