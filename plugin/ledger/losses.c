// SPDX-License-Identifier: GPL-2.0-or-later
/* losses.c - see losses.h */
#include <inttypes.h>
#include <string.h>

#include "ledger/losses.h"
#include "process/state.h"

/* Between two records for the same reason. */
#define TELL_EVERY_MS 1000

static const char *const names[PVM_LOSSES] = {
	[PVM_LOSS_BACKLOG] = "backlog",
	[PVM_LOSS_FEED] = "feed",
	[PVM_LOSS_NOT_RUNNING] = "not-running",
	[PVM_LOSS_ENDED] = "ended",
	[PVM_LOSS_MALFORMED] = "malformed",
	[PVM_LOSS_NO_MEMORY] = "no-memory",
	[PVM_LOSS_QUEUE_FULL] = "queue-full",
	[PVM_LOSS_SEND_FAILED] = "send-failed",
	[PVM_LOSS_NOT_CONFIRMED] = "not-confirmed",
	[PVM_LOSS_SUSPENDED] = "suspended",
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

void pvm_losses_add(struct pvm_losses *losses, enum pvm_loss why,
		    const struct pvm_span *span)
{
	losses->by[why].total += span->count;
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

static bool is_due(uint64_t told_ms, uint64_t now_ms)
{
	return !told_ms || now_ms == UINT64_MAX ||
	       now_ms - told_ms >= TELL_EVERY_MS;
}

void pvm_losses_declare(struct pvm_losses *losses, uint64_t now_ms,
			pvm_losses_fn *fn, void *arg)
{
	for (int i = 0; i < PVM_LOSSES; i++) {
		struct pvm_span *pending = &losses->by[i].pending;
		uint64_t *told_ms = &losses->by[i].told_ms;

		if (!pending->count || !is_due(*told_ms, now_ms) ||
		    !fn(arg, i, pending))
			continue;
		*told_ms = now_ms;
		memset(pending, 0, sizeof(*pending));
	}
}

void pvm_loss_write(char text[static PVM_LOSS_TEXT_MAX], enum pvm_loss why,
		    const struct pvm_span *span, const char *start)
{
	const struct pvm_id *first = &span->first, *last = &span->last;
	int n = snprintf(text, PVM_LOSS_TEXT_MAX,
			 "op=pvm-lost why=%s count=%" PRIu64, names[why],
			 span->count);

	if (first->serial && last->serial)
		snprintf(text + n, PVM_LOSS_TEXT_MAX - (size_t)n,
			 " first=%" PRIu64 ".%03" PRIu32 ":%" PRIu64
			 " last=%" PRIu64 ".%03" PRIu32 ":%" PRIu64 " %s",
			 first->sec, first->msec, first->serial, last->sec,
			 last->msec, last->serial, start);
	else
		snprintf(text + n, PVM_LOSS_TEXT_MAX - (size_t)n,
			 " from=%" PRIu64 ".%03" PRIu32 " to=%" PRIu64
			 ".%03" PRIu32 " %s",
			 first->sec, first->msec, last->sec, last->msec, start);
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
