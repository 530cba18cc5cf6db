/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * losses.h - what was lost, by its reason, until a record has said so
 *
 * A loss is added where it is noticed and stays pending until a pvm-lost
 * record with it is queued. Losses for one reason that come within a second
 * share a record, so a storm of losses makes no storm of records. Takes no
 * memory of its own. Not for more than one thread.
 */
#ifndef PVM_LOSSES_H
#define PVM_LOSSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "pvm/event.h"
#include "pvm/record_fields.h"

/* As why= and the state report say it. */
const char *pvm_loss_name(enum pvm_loss why);

struct pvm_losses {
	struct {
		uint64_t total; /* events since the start */
		struct pvm_span pending; /* not declared yet */
		uint64_t declared_ms; /* when the last record was queued */
	} by[PVM_LOSSES];
};

/* The events of @span, of which count at most have no record, for @why. */
void pvm_losses_add(struct pvm_losses *losses, enum pvm_loss why,
		    const struct pvm_span *span);

/* @count events are lost for @why, which somebody else declares. */
void pvm_losses_count(struct pvm_losses *losses, enum pvm_loss why,
		      uint64_t count);

/*
 * As pvm_losses_add(), but for a loss that has been counted before: its
 * record was lost in its turn.
 */
void pvm_losses_add_again(struct pvm_losses *losses, enum pvm_loss why,
			  const struct pvm_span *span);

/* Move all that is pending in @from, and its totals, to @losses. */
void pvm_losses_move(struct pvm_losses *losses, struct pvm_losses *from);

/* Add all that is pending, whatever the reason, to @span. */
void pvm_losses_pending(const struct pvm_losses *losses, struct pvm_span *span);

/* Queue a record; returns false when that cannot be done now. */
typedef bool pvm_losses_fn(void *arg, enum pvm_loss why,
			   const struct pvm_span *span);

/*
 * Hand @fn what is pending for each reason that was not declared within the
 * last second, or with @now_ms UINT64_MAX everything. What it cannot take stays
 * pending.
 */
void pvm_losses_declare(struct pvm_losses *losses, uint64_t now_ms,
			pvm_losses_fn *fn, void *arg);

/* The totals, as lost_REASON, to the state report. */
void pvm_losses_report(const struct pvm_losses *losses, FILE *file);

#endif
