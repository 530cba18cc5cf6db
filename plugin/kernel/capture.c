// SPDX-License-Identifier: GPL-2.0-or-later
/* capture.c - see capture.h */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/capture.h"

struct pvm_captures {
	struct {
		struct pvm_wire_list *list; /* NULL: free */
		uint64_t age; /* lists that came before it */
	} kept[PVM_KEPT_MAX];
	unsigned int kept_nr; /* places in use: mostly none */
	uint64_t lists;
	struct pvm_capture_counters counters;
};

struct pvm_captures *pvm_captures_new(void)
{
	return calloc(1, sizeof(struct pvm_captures));
}

void pvm_captures_free(struct pvm_captures *captures)
{
	if (!captures)
		return;
	for (unsigned int i = 0; i < PVM_KEPT_MAX; i++)
		free(captures->kept[i].list);
	free(captures);
}

const struct pvm_capture_counters *pvm_captures_counters(
	const struct pvm_captures *captures)
{
	return &captures->counters;
}

static const struct {
	uint32_t most; /* as many as the kernel may hold */
	uint32_t shorts; /* as many as travel inside the call's record */
	size_t size; /* of one, in bytes */
} kinds[PVM_LISTS] = {
	[PVM_REMOTE] = {PVM_VECTORS_MAX, PVM_VECTORS_INLINE,
			sizeof(struct pvm_wire_iovec)},
	[PVM_LOCAL] = {PVM_VECTORS_MAX, PVM_VECTORS_INLINE,
		       sizeof(struct pvm_wire_iovec)},
	[PVM_PATH] = {PVM_PATH_LEN_MAX, PVM_PATH_INLINE, 1},
	[PVM_MAPS] = {PVM_MAPS_MAX, PVM_MAPS_INLINE,
		      sizeof(struct pvm_wire_map)},
	[PVM_NAMES] = {PVM_NAMES_MAX, PVM_NAMES_INLINE, 1},
};

/* Bytes that the record uses, or 0 when it makes no sense. */
static size_t used_size(const struct pvm_wire_list *list, size_t size)
{
	size_t used;

	if (size < sizeof(*list) || list->list >= PVM_LISTS ||
	    list->held > kinds[list->list].most)
		return 0;
	used = sizeof(*list) + list->held * kinds[list->list].size;
	return used <= size ? used : 0;
}

/* Where the next list goes: a free place, else that of the oldest. */
static unsigned int find_place(const struct pvm_captures *captures)
{
	unsigned int oldest = 0;

	for (unsigned int i = 0; i < PVM_KEPT_MAX; i++) {
		if (!captures->kept[i].list)
			return i;
		if (captures->kept[i].age < captures->kept[oldest].age)
			oldest = i;
	}
	return oldest;
}

/* Free a place. */
static void forget(struct pvm_captures *captures, unsigned int place)
{
	if (!captures->kept[place].list)
		return;
	free(captures->kept[place].list);
	captures->kept[place].list = NULL;
	captures->kept_nr--;
}

/*
 * A thread has one call at a time: what it has left here of another one than
 * that of @entry_ns is of no more use.
 */
static void drop_lists(struct pvm_captures *captures, uint32_t tid,
		       uint64_t entry_ns)
{
	for (unsigned int i = 0; captures->kept_nr && i < PVM_KEPT_MAX; i++) {
		struct pvm_wire_list *list = captures->kept[i].list;

		if (list && list->head.tid == tid &&
		    list->head.entry_ns != entry_ns)
			forget(captures, i);
	}
}

/* Keep a long list until its call comes. */
static void keep_list(struct pvm_captures *captures,
		      const struct pvm_wire_list *from, size_t size)
{
	size_t used = used_size(from, size);
	struct pvm_wire_list *list;
	unsigned int place;

	if (!used) {
		captures->counters.malformed++;
		return;
	}
	drop_lists(captures, from->head.tid, from->head.entry_ns);
	list = malloc(used);
	if (!list)
		return; /* its call will find it missing, and say so */
	memcpy(list, from, used);
	place = find_place(captures);
	forget(captures, place);
	captures->kept[place].list = list;
	captures->kept[place].age = captures->lists++;
	captures->kept_nr++;
}

static const void *find_list(struct pvm_captures *captures,
			     const struct pvm_wire_call *call,
			     enum pvm_list which)
{
	for (unsigned int i = 0; i < PVM_KEPT_MAX; i++) {
		struct pvm_wire_list *list = captures->kept[i].list;

		if (list && list->list == which &&
		    list->held == call->held[which] &&
		    list->head.tid == call->head.tid &&
		    list->head.entry_ns == call->head.entry_ns)
			return list + 1;
	}
	return NULL;
}

/* Where each list is to be found, ahead of copying it. */
struct found {
	const void *at[PVM_LISTS]; /* NULL: nowhere */
	size_t size[PVM_LISTS]; /* bytes */
};

/* Has the probe taken this list, as far as the call says? */
static bool is_taken(const struct pvm_wire_call *call, enum pvm_list which)
{
	if (call->seen & PVM_SEEN_READ_FAULT)
		return false;
	switch (which) {
	case PVM_PATH:
		return call->seen & PVM_SEEN_PATH;
	case PVM_MAPS:
	case PVM_NAMES:
		return call->seen & PVM_SEEN_MAPS;
	default:
		return call->seen & (PVM_SEEN_CORE | PVM_SEEN_USER);
	}
}

/*
 * Find the lists, short ones behind the call itself.
 * Returns false when @size does not hold what the call says.
 */
static bool find_lists(struct pvm_captures *captures,
		       const struct pvm_wire_call *call, size_t size,
		       struct found *found)
{
	const char *tail = (const char *)(call + 1);
	size_t used = 0;

	memset(found, 0, sizeof(*found));
	for (int i = 0; i < PVM_LISTS; i++) {
		if (!is_taken(call, i))
			continue;
		if (call->held[i] > kinds[i].most)
			return false;
		found->size[i] = call->held[i] * kinds[i].size;
		if (call->held[i] <= kinds[i].shorts) {
			found->at[i] = tail + used;
			used += found->size[i];
		} else {
			found->at[i] = find_list(captures, call, i);
		}
	}
	return size >= sizeof(*call) + used;
}

/* Copy a list to *@to and step over it; NULL when there is none. */
static const void *put_list(char **to, const struct found *found,
			    enum pvm_list which)
{
	char *start = *to;

	if (!found->at[which])
		return NULL;
	memcpy(start, found->at[which], found->size[which]);
	*to += found->size[which];
	return start;
}

static struct pvm_capture *make_capture(const struct pvm_wire_call *call,
					const struct found *found)
{
	struct pvm_capture *capture;
	size_t size = sizeof(*capture);
	char *to;

	for (int i = 0; i < PVM_LISTS; i++)
		size += found->size[i];
	capture = malloc(size);
	if (!capture)
		return NULL;
	capture->call = *call;
	capture->id = (struct pvm_id){
		.sec = call->sec,
		.msec = call->nsec / 1000000,
		.serial = call->serial,
	};
	to = (char *)capture->storage;
	capture->vec[PVM_REMOTE] = put_list(&to, found, PVM_REMOTE);
	capture->vec[PVM_LOCAL] = put_list(&to, found, PVM_LOCAL);
	/* ahead of the bytes, so that they are aligned */
	capture->maps = put_list(&to, found, PVM_MAPS);
	capture->path = put_list(&to, found, PVM_PATH);
	capture->names = put_list(&to, found, PVM_NAMES);
	return capture;
}

static struct pvm_capture *take_call(struct pvm_captures *captures,
				     const struct pvm_wire_call *call,
				     size_t size)
{
	struct pvm_capture *capture;
	struct found found;

	if (size < sizeof(*call) || !find_lists(captures, call, size, &found)) {
		captures->counters.malformed++;
		return NULL;
	}
	for (int i = 0; i < PVM_LISTS; i++)
		if (found.size[i] && !found.at[i])
			captures->counters.list_lost++;
	capture = make_capture(call, &found);
	drop_lists(captures, call->head.tid, 0);
	if (capture)
		captures->counters.calls++;
	else
		captures->counters.no_memory++;
	return capture;
}

struct pvm_capture *pvm_captures_take(struct pvm_captures *captures,
				      const void *data, size_t size)
{
	const struct pvm_wire_head *head = data;

	if (size >= sizeof(*head) && head->version == PVM_WIRE_VERSION) {
		if (head->kind == PVM_WIRE_CALL)
			return take_call(captures, data, size);
		if (head->kind == PVM_WIRE_LIST) {
			keep_list(captures, data, size);
			return NULL;
		}
	}
	captures->counters.malformed++;
	return NULL;
}
