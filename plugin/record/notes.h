/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * notes.h - the texts of the records about the plugin itself: that it has
 * started, read its options again, ended, lost events
 *
 * Each has start=, the time of the process's start in nanoseconds since 1970,
 * by which the records of one process are known.
 */
#ifndef PVM_NOTES_H
#define PVM_NOTES_H

#include <stdint.h>

#include "pvm/event.h"
#include "pvm/record.h"
#include "pvm/record_fields.h"

/*
 * pvm-start and pvm-reload: calls are enriched from @source from now on; it was
 * the reload number @reloads since the start.
 */
void pvm_note_start(char text[static PVM_NOTE_MAX], enum pvm_source source,
		    uint64_t start_ns);
void pvm_note_reload(char text[static PVM_NOTE_MAX], enum pvm_source source,
		     uint64_t start_ns, uint64_t reloads);

/* pvm-stop: the process ends, and has written @records enriched records. */
void pvm_note_stop(char text[static PVM_NOTE_MAX], uint64_t start_ns,
		   uint64_t records);

/*
 * pvm-lost: at most span->count calls have no record, for @why. Without both
 * serials the span is one of time.
 */
void pvm_note_lost(char text[static PVM_NOTE_MAX], enum pvm_loss why,
		   const struct pvm_span *span, uint64_t start_ns);

#endif
