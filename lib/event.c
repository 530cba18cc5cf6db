// SPDX-License-Identifier: GPL-2.0-or-later
/* event.c - ids of events in their order; see pvm/event.h */
#include "pvm/event.h"

static bool is_earlier(const struct pvm_id *a, const struct pvm_id *b)
{
	return a->sec < b->sec || (a->sec == b->sec && a->msec < b->msec);
}

bool pvm_id_before(const struct pvm_id *a, const struct pvm_id *b)
{
	if (a->serial && b->serial)
		return (int32_t)((uint32_t)a->serial - (uint32_t)b->serial) < 0;
	return is_earlier(a, b);
}

struct pvm_span pvm_span_between(uint64_t count, const struct pvm_id *one,
				 const struct pvm_id *other)
{
	if (pvm_id_before(other, one))
		return (struct pvm_span){count, *other, *one};
	return (struct pvm_span){count, *one, *other};
}

/* Nothing but times can bound events of which some have no serial. */
static void forget_serials(struct pvm_span *span)
{
	span->first.serial = 0;
	span->last.serial = 0;
}

void pvm_span_add(struct pvm_span *span, const struct pvm_span *other)
{
	bool by_id = span->first.serial && other->first.serial;

	if (!other->count)
		return;
	if (!span->count) {
		*span = *other;
		return;
	}
	span->count += other->count;
	if (pvm_id_before(&other->first, &span->first))
		span->first = other->first;
	if (pvm_id_before(&span->last, &other->last))
		span->last = other->last;
	if (!by_id)
		forget_serials(span);
}
