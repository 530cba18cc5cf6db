// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * recent_ids.c - see recent_ids.h
 *
 * A ring of ids, and hash chains through it by serial. The slots of the ring
 * are numbered from 1; 0 ends a chain.
 */
#include <stdlib.h>

#include "lib/recent_ids.h"

struct slot {
	struct pvm_id id;
	unsigned int next; /* older, in the same chain */
};

struct pvm_recent_ids {
	unsigned int max;
	unsigned int used;
	unsigned int oldest; /* once all are used */
	unsigned int *chains;
	struct slot *ring; /* from 1 */
};

struct pvm_recent_ids *pvm_recent_ids_new(unsigned int max)
{
	struct pvm_recent_ids *ids = calloc(1, sizeof(*ids));

	if (!ids)
		return NULL;
	ids->max = max;
	ids->oldest = 1;
	ids->chains = calloc(max, sizeof(*ids->chains));
	ids->ring = calloc((size_t)max + 1, sizeof(*ids->ring));
	if (ids->chains && ids->ring)
		return ids;
	pvm_recent_ids_free(ids);
	return NULL;
}

void pvm_recent_ids_free(struct pvm_recent_ids *ids)
{
	if (!ids)
		return;
	free(ids->chains);
	free(ids->ring);
	free(ids);
}

static unsigned int *chain_of(const struct pvm_recent_ids *ids,
			      const struct pvm_id *id)
{
	return &ids->chains[id->serial % ids->max];
}

/* Take the oldest id, the last of its chain, out of it. Returns its slot. */
static unsigned int forget_oldest(struct pvm_recent_ids *ids)
{
	unsigned int slot = ids->oldest;
	unsigned int *at = chain_of(ids, &ids->ring[slot].id);

	while (*at != slot)
		at = &ids->ring[*at].next;
	*at = ids->ring[slot].next;
	ids->oldest = slot % ids->max + 1;
	return slot;
}

void pvm_recent_ids_add(struct pvm_recent_ids *ids, const struct pvm_id *id)
{
	unsigned int slot =
		ids->used < ids->max ? ++ids->used : forget_oldest(ids);
	unsigned int *chain = chain_of(ids, id);

	ids->ring[slot] = (struct slot){*id, *chain};
	*chain = slot;
}

bool pvm_recent_ids_has(const struct pvm_recent_ids *ids,
			const struct pvm_id *id)
{
	for (unsigned int at = *chain_of(ids, id); at; at = ids->ring[at].next)
		if (pvm_id_equal(&ids->ring[at].id, id))
			return true;
	return false;
}
