// SPDX-License-Identifier: GPL-2.0-or-later
/* node.c - see node.h */
#include <stdlib.h>
#include <string.h>

#include "ledger/node.h"
#include "lib/ranges.h"

static size_t kept_len(size_t len)
{
	return len < PVM_NODE_MAX ? len : PVM_NODE_MAX - 1;
}

static bool is_name(const char *kept, const char *name, size_t len)
{
	len = kept_len(len);
	return kept && strlen(kept) == len && !memcmp(kept, name, len);
}

static void keep_name(char kept[static PVM_NODE_MAX], const char *name,
		      size_t len)
{
	len = kept_len(len);
	memmove(kept, name, len);
	kept[len] = '\0';
}

void pvm_node_init(struct pvm_node *node)
{
	memset(node, 0, sizeof(*node));
}

void pvm_node_free(struct pvm_node *node)
{
	for (size_t i = 0; i < node->foreign_nr; i++)
		free(node->foreign[i]);
	node->foreign_nr = 0;
}

void pvm_node_be_lenient(struct pvm_node *node)
{
	node->lenient = true;
}

void pvm_node_inherit(struct pvm_node *node, const char *name)
{
	keep_name(node->name, name, strlen(name));
	node->known = true;
}

/* What came since an earlier doubt waits for the same proof. */
void pvm_node_doubt(struct pvm_node *node)
{
	if (node->proven)
		node->has_likely = false;
	node->proven = false;
	node->doubted_ms = 0;
}

/* The last one is likely to be asked for again. */
static bool is_foreign(struct pvm_node *node, const char *name, size_t len)
{
	if (node->foreign_last < node->foreign_nr &&
	    is_name(node->foreign[node->foreign_last], name, len))
		return true;
	for (size_t i = 0; i < node->foreign_nr; i++)
		if (is_name(node->foreign[i], name, len)) {
			node->foreign_last = i;
			return true;
		}
	return false;
}

static bool was_ours(const struct pvm_node *node, const char *name, size_t len)
{
	for (size_t i = 0; i < node->earlier_nr && i < PVM_NODES_EARLIER; i++)
		if (is_name(node->earlier[i], name, len))
			return true;
	return false;
}

static void note_foreign(struct pvm_node *node, const char *name, size_t len)
{
	if (is_foreign(node, name, len) || was_ours(node, name, len) ||
	    node->foreign_nr == PVM_NODES_FOREIGN)
		return;
	node->foreign[node->foreign_nr] = strndup(name, kept_len(len));
	if (node->foreign[node->foreign_nr])
		node->foreign_nr++;
}

/* Another host had that name, and this one has it now. */
static void forget_foreign(struct pvm_node *node, const char *name, size_t len)
{
	if (!is_foreign(node, name, len))
		return;
	free(node->foreign[node->foreign_last]);
	node->foreign[node->foreign_last] = node->foreign[--node->foreign_nr];
}

enum pvm_whose pvm_node_whose(struct pvm_node *node, const char *name,
			      size_t len)
{
	if (node->known && is_name(node->name, name, len))
		return PVM_OURS;
	if (node->proven) {
		note_foreign(node, name, len);
		return PVM_FOREIGN;
	}
	if (is_foreign(node, name, len))
		return PVM_FOREIGN;
	return node->lenient ? PVM_OURS : PVM_UNSURE;
}

enum pvm_whose pvm_node_whose_waited(struct pvm_node *node, const char *name,
				     size_t len)
{
	if (was_ours(node, name, len))
		return PVM_OURS;
	return pvm_node_whose(node, name, len);
}

static struct pvm_new_node *find_new(struct pvm_node *node, const char *name,
				     size_t len)
{
	for (size_t i = 0; i < node->new_nr; i++)
		if (is_name(node->new_nodes[i].name, name, len))
			return &node->new_nodes[i];
	return NULL;
}

static struct pvm_new_node *add_new(struct pvm_node *node, const char *name,
				    size_t len)
{
	struct pvm_new_node *added;

	if (node->new_nr == PVM_NODES_NEW)
		return NULL;
	added = &node->new_nodes[node->new_nr++];
	keep_name(added->name, name, len);
	added->events.nr = added->reported.nr = 0;
	return added;
}

static void add_serial(struct pvm_node_serials *serials, uint64_t serial)
{
	serials->nr =
		pvm_ranges_add(serials->ranges, serials->nr, serial, serial);
	if (serials->nr <= PVM_NODE_RANGES)
		return;
	serials->nr--;
	memmove(serials->ranges, serials->ranges + 1,
		serials->nr * sizeof(serials->ranges[0]));
}

void pvm_node_remember(struct pvm_node *node, const char *name, size_t len,
		       const struct pvm_id *id, uint64_t now_ms)
{
	struct pvm_new_node *found = find_new(node, name, len);

	if (!node->doubted_ms)
		node->doubted_ms = now_ms;
	if (!found)
		found = add_new(node, name, len);
	if (!found)
		return;
	if (!found->events.nr || pvm_id_before(&found->last, id))
		found->last = *id;
	add_serial(&found->events, id->serial);
}

void pvm_node_remember_reported(struct pvm_node *node, const char *name,
				size_t len, const struct pvm_id *id)
{
	struct pvm_new_node *found = find_new(node, name, len);

	if (found)
		add_serial(&found->reported, id->serial);
}

bool pvm_node_waits(const struct pvm_node *node)
{
	return !node->proven && node->new_nr;
}

void pvm_node_suspect(struct pvm_node *node, const char *name, size_t len)
{
	if (node->proven)
		return;
	keep_name(node->likely, name, len);
	node->has_likely = true;
}

/* Where serials have started over, the highest come first. */
static size_t find_oldest(const struct pvm_node_serials *serials)
{
	for (size_t i = 1; i < serials->nr; i++)
		if (serials->ranges[i].first - serials->ranges[i - 1].last >
		    INT32_MAX)
			return i;
	return 0;
}

/* The moment of those between is not known any more: it is that of the last. */
static void hand_on(const struct pvm_node_serials *serials, struct pvm_id id,
		    bool reported, pvm_node_event_fn *fn, void *arg)
{
	size_t oldest = find_oldest(serials);

	for (size_t i = 0; i < serials->nr; i++) {
		const struct pvm_range *range =
			&serials->ranges[(oldest + i) % serials->nr];

		for (id.serial = range->first; id.serial <= range->last;
		     id.serial++)
			fn(arg, &id, reported);
	}
}

void pvm_node_prove(struct pvm_node *node, const char *name, size_t len,
		    pvm_node_event_fn *fn, void *arg)
{
	const struct pvm_new_node *found = find_new(node, name, len);

	if (node->known && !is_name(node->name, name, len))
		keep_name(node->earlier[node->earlier_nr++ % PVM_NODES_EARLIER],
			  node->name, strlen(node->name));
	forget_foreign(node, name, len);
	keep_name(node->name, name, len);
	node->known = true;
	node->proven = true;
	for (size_t i = 0; i < node->new_nr; i++)
		if (&node->new_nodes[i] != found)
			note_foreign(node, node->new_nodes[i].name,
				     strlen(node->new_nodes[i].name));
	if (found) {
		hand_on(&found->events, found->last, false, fn, arg);
		hand_on(&found->reported, found->last, true, fn, arg);
	}
	node->new_nr = 0;
}

void pvm_node_expire(struct pvm_node *node, uint64_t now_ms,
		     pvm_node_event_fn *fn, void *arg)
{
	const char *name = node->name;

	if (node->proven || !node->doubted_ms ||
	    now_ms - node->doubted_ms < PVM_NODE_PROOF_MS)
		return;
	if (node->has_likely)
		name = node->likely;
	else if (!node->known)
		name = node->new_nodes[0].name;
	pvm_node_prove(node, name, strlen(name), fn, arg);
}
