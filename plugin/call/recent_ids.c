// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * recent_ids.c - see recent_ids.h
 *
 * A ring of ids, and chains through it by serial. Places in the ring are
 * numbered from 1; 0 ends a chain.
 */
#include <stdlib.h>

#include "call/recent_ids.h"

struct place {
	struct pvm_id id;
	unsigned int next; /* older, in the same chain */
};

struct pvm_recent_ids {
	unsigned int max;
	unsigned int used;
	unsigned int oldest; /* once all are used */
	unsigned int *chains;
	struct place *ring; /* from 1 */
};

struct pvm_recent_ids *pvm_recent_ids_new(unsigned int max)
{
	struct pvm_recent_ids *told = calloc(1, sizeof(*told));

	if (!told)
		return NULL;
	told->max = max;
	told->oldest = 1;
	told->chains = calloc(max, sizeof(*told->chains));
	told->ring = calloc((size_t)max + 1, sizeof(*told->ring));
	if (told->chains && told->ring)
		return told;
	pvm_recent_ids_free(told);
	return NULL;
}

void pvm_recent_ids_free(struct pvm_recent_ids *told)
{
	if (!told)
		return;
	free(told->chains);
	free(told->ring);
	free(told);
}

static unsigned int *chain_of(const struct pvm_recent_ids *told,
			      const struct pvm_id *id)
{
	return &told->chains[id->serial % told->max];
}

/* Take the oldest out of its chain, whose last it is. */
static unsigned int forget_oldest(struct pvm_recent_ids *told)
{
	unsigned int place = told->oldest;
	unsigned int *at = chain_of(told, &told->ring[place].id);

	while (*at != place)
		at = &told->ring[*at].next;
	*at = told->ring[place].next;
	told->oldest = place % told->max + 1;
	return place;
}

void pvm_recent_ids_add(struct pvm_recent_ids *told, const struct pvm_id *id)
{
	unsigned int place =
		told->used < told->max ? ++told->used : forget_oldest(told);
	unsigned int *chain = chain_of(told, id);

	told->ring[place] = (struct place){*id, *chain};
	*chain = place;
}

bool pvm_recent_ids_has(const struct pvm_recent_ids *told,
			const struct pvm_id *id)
{
	for (unsigned int at = *chain_of(told, id); at;
	     at = told->ring[at].next)
		if (pvm_id_equal(&told->ring[at].id, id))
			return true;
	return false;
}
