// SPDX-License-Identifier: GPL-2.0-or-later
/* losses.c - see losses.h */
#include <string.h>

#include "ledger/losses.h"
#include "process/state.h"

/* Between two records for the same reason. */
#define DECLARE_EVERY_MS 1000

static const char *const names[PVM_LOSSES] = {
#define NAME(id, word) [PVM_LOSS_##id] = (word),
	PVM_LOSS_REASONS(NAME)
#undef NAME
};

const char *pvm_loss_name(enum pvm_loss why)
{
	return names[why];
}

void pvm_losses_add_again(struct pvm_losses *losses, enum pvm_loss why,
			  const struct pvm_span *span)
{
	pvm_span_add(&losses->by[why].pending, span);
}

void pvm_losses_count(struct pvm_losses *losses, enum pvm_loss why,
		      uint64_t count)
{
	losses->by[why].total += count;
}

void pvm_losses_add(struct pvm_losses *losses, enum pvm_loss why,
		    const struct pvm_span *span)
{
	pvm_losses_count(losses, why, span->count);
	pvm_losses_add_again(losses, why, span);
}

void pvm_losses_move(struct pvm_losses *losses, struct pvm_losses *from)
{
	for (int i = 0; i < PVM_LOSSES; i++) {
		losses->by[i].total += from->by[i].total;
		pvm_span_add(&losses->by[i].pending, &from->by[i].pending);
	}
	memset(from, 0, sizeof(*from));
}

void pvm_losses_pending(const struct pvm_losses *losses, struct pvm_span *span)
{
	for (int i = 0; i < PVM_LOSSES; i++)
		pvm_span_add(span, &losses->by[i].pending);
}

static bool is_due(uint64_t declared_ms, uint64_t now_ms)
{
	return !declared_ms || now_ms == UINT64_MAX ||
	       now_ms - declared_ms >= DECLARE_EVERY_MS;
}

void pvm_losses_declare(struct pvm_losses *losses, uint64_t now_ms,
			pvm_losses_fn *fn, void *arg)
{
	for (int i = 0; i < PVM_LOSSES; i++) {
		struct pvm_span *pending = &losses->by[i].pending;
		uint64_t *declared_ms = &losses->by[i].declared_ms;

		if (!pending->count || !is_due(*declared_ms, now_ms) ||
		    !fn(arg, i, pending))
			continue;
		*declared_ms = now_ms;
		memset(pending, 0, sizeof(*pending));
	}
}

void pvm_losses_report(const struct pvm_losses *losses, FILE *file)
{
	for (int i = 0; i < PVM_LOSSES; i++) {
		char name[32];
		char *at;

		snprintf(name, sizeof(name), "lost_%s", names[i]);
		while ((at = strchr(name, '-')))
			*at = '_';
		pvm_state_number(file, name, losses->by[i].total);
	}
}
