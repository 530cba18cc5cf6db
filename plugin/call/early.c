// SPDX-License-Identifier: GPL-2.0-or-later
/* early.c - see early.h */
#include <malloc.h>
#include <stdlib.h>
#include <sys/queue.h>

#include "call/early.h"

#define CHAINS 1024 /* a power of two */

struct entry {
	TAILQ_ENTRY(entry) by_age;
	LIST_ENTRY(entry) by_id;
	struct pvm_capture *capture;
	bool allowed;
};

TAILQ_HEAD(entry_queue, entry);
LIST_HEAD(entry_chain, entry);

struct pvm_early {
	struct entry_queue asked; /* for the checkpoint; oldest first */
	struct entry_queue allowed; /* oldest first */
	size_t nr; /* of both */
	size_t bytes; /* of the captures */
	struct entry_chain chains[CHAINS];
};

static unsigned int chain_of(uint64_t serial)
{
	return serial & (CHAINS - 1);
}

struct pvm_early *pvm_early_new(void)
{
	struct pvm_early *early = calloc(1, sizeof(*early));

	if (!early)
		return NULL;
	TAILQ_INIT(&early->asked);
	TAILQ_INIT(&early->allowed);
	return early;
}

static struct entry_queue *queue_of(struct pvm_early *early,
				    const struct entry *entry)
{
	return entry->allowed ? &early->allowed : &early->asked;
}

static struct pvm_capture *remove_entry(struct pvm_early *early,
					struct entry *entry)
{
	struct pvm_capture *capture = entry->capture;

	TAILQ_REMOVE(queue_of(early, entry), entry, by_age);
	LIST_REMOVE(entry, by_id);
	early->nr--;
	early->bytes -= malloc_usable_size(capture);
	free(entry);
	return capture;
}

static void free_queue(struct entry_queue *queue)
{
	struct entry *entry;

	while ((entry = TAILQ_FIRST(queue))) {
		TAILQ_REMOVE(queue, entry, by_age);
		free(entry->capture);
		free(entry);
	}
}

void pvm_early_free(struct pvm_early *early)
{
	if (!early)
		return;
	free_queue(&early->asked);
	free_queue(&early->allowed);
	free(early);
}

bool pvm_early_put(struct pvm_early *early, struct pvm_capture *capture)
{
	size_t bytes = malloc_usable_size(capture);
	struct entry *entry;

	if (early->nr == PVM_EARLY_MAX ||
	    early->bytes + bytes > PVM_EARLY_BYTES)
		return false;
	entry = malloc(sizeof(*entry));
	if (!entry)
		return false;
	entry->capture = capture;
	entry->allowed = false;
	TAILQ_INSERT_TAIL(&early->asked, entry, by_age);
	LIST_INSERT_HEAD(&early->chains[chain_of(capture->id.serial)], entry,
			 by_id);
	early->nr++;
	early->bytes += bytes;
	return true;
}

bool pvm_early_has_room(const struct pvm_early *early)
{
	return early->nr < PVM_EARLY_MAX && early->bytes <= PVM_EARLY_BYTES / 2;
}

static struct entry *find_entry(struct pvm_early *early,
				const struct pvm_id *id)
{
	struct entry *entry;

	LIST_FOREACH(entry, &early->chains[chain_of(id->serial)], by_id)
	if (pvm_id_equal(&entry->capture->id, id))
		return entry;
	return NULL;
}

struct pvm_capture *pvm_early_take(struct pvm_early *early,
				   const struct pvm_id *id)
{
	struct entry *entry = find_entry(early, id);

	return entry ? remove_entry(early, entry) : NULL;
}

void pvm_early_allow(struct pvm_early *early, const struct pvm_id *id)
{
	struct entry *entry = find_entry(early, id);

	if (!entry || entry->allowed)
		return;
	TAILQ_REMOVE(&early->asked, entry, by_age);
	entry->allowed = true;
	TAILQ_INSERT_TAIL(&early->allowed, entry, by_age);
}

struct pvm_capture *pvm_early_next(struct pvm_early *early)
{
	struct entry *entry = TAILQ_FIRST(&early->allowed);

	return entry ? remove_entry(early, entry) : NULL;
}

size_t pvm_early_ids(const struct pvm_early *early, struct pvm_id *ids,
		     size_t max)
{
	const struct entry *entry = TAILQ_FIRST(&early->asked);
	size_t nr = 0;

	for (; entry && nr < max; entry = TAILQ_NEXT(entry, by_age))
		ids[nr++] = entry->capture->id;
	return nr;
}

size_t pvm_early_waiting(const struct pvm_early *early)
{
	return early->nr;
}

bool pvm_early_holds(const struct pvm_early *early, uint32_t serial)
{
	const struct entry *entry;

	LIST_FOREACH(entry, &early->chains[chain_of(serial)], by_id)
	if (entry->capture->id.serial == serial)
		return true;
	return false;
}

static void add_pending(const struct entry_queue *queue, struct pvm_span *span)
{
	const struct entry *entry;

	TAILQ_FOREACH(entry, queue, by_age)
	{
		const struct pvm_id *id = &entry->capture->id;

		pvm_span_add(span, &(struct pvm_span){1, *id, *id});
	}
}

void pvm_early_pending(const struct pvm_early *early, struct pvm_span *span)
{
	add_pending(&early->asked, span);
	add_pending(&early->allowed, span);
}
