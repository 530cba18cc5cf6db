// SPDX-License-Identifier: GPL-2.0-or-later
/* capture.c - see capture.h */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/capture.h"

struct pvm_captures {
	struct {
		struct pvm_wire_list *list; /* NULL: free; size: come so far */
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
	uint32_t shorts; /* as many as the call's own record has */
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

static size_t whole_size(const struct pvm_wire_list *list)
{
	return list->held * kinds[list->list].size;
}

/* Does the record make sense? */
static bool is_piece(const struct pvm_wire_list *list, size_t size)
{
	return size >= sizeof(*list) && list->list < PVM_LISTS &&
	       list->held <= kinds[list->list].most &&
	       list->size <= size - sizeof(*list) &&
	       list->at <= whole_size(list) &&
	       list->size <= whole_size(list) - list->at;
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

/* The list @which of the call that @head is of, or NULL. */
static struct pvm_wire_list *find_list(const struct pvm_captures *captures,
				       const struct pvm_wire_head *head,
				       uint32_t which, uint32_t held)
{
	for (unsigned int i = 0; captures->kept_nr && i < PVM_KEPT_MAX; i++) {
		struct pvm_wire_list *list = captures->kept[i].list;

		if (list && list->list == which && list->held == held &&
		    list->head.tid == head->tid &&
		    list->head.entry_ns == head->entry_ns)
			return list;
	}
	return NULL;
}

/* Make room for a list that begins. */
static void begin_list(struct pvm_captures *captures,
		       const struct pvm_wire_list *from)
{
	size_t size = whole_size(from);
	struct pvm_wire_list *list;
	unsigned int place;

	drop_lists(captures, from->head.tid, from->head.entry_ns);
	list = malloc(sizeof(*list) + size);
	if (!list)
		return; /* its call will find it missing, and say so */
	*list = *from;
	list->size = 0;
	place = find_place(captures);
	forget(captures, place);
	captures->kept[place].list = list;
	captures->kept[place].age = captures->lists++;
	captures->kept_nr++;
}

/*
 * Keep a piece of a long list until its call comes. One that does not continue
 * what is there follows one that was lost.
 */
static void keep_piece(struct pvm_captures *captures,
		       const struct pvm_wire_list *from, size_t size)
{
	struct pvm_wire_list *list;

	if (!is_piece(from, size)) {
		captures->counters.malformed++;
		return;
	}
	list = find_list(captures, &from->head, from->list, from->held);
	if (!from->at && !list) {
		begin_list(captures, from);
		list = find_list(captures, &from->head, from->list, from->held);
	}
	if (!list || list->size != from->at)
		return;
	memcpy((char *)(list + 1) + from->at, from + 1, from->size);
	list->size += from->size;
}

/* The long list @which of the call, if it has come whole. */
static const void *find_whole(const struct pvm_captures *captures,
			      const struct pvm_wire_call *call,
			      enum pvm_list which)
{
	const struct pvm_wire_list *list =
		find_list(captures, &call->head, which, call->held[which]);

	return list && list->size == whole_size(list) ? list + 1 : NULL;
}

/* Where each list is to be found, ahead of copying it. */
struct found {
	const void *at[PVM_LISTS]; /* NULL: not taken */
	uint32_t held[PVM_LISTS];
	uint32_t part; /* as in struct pvm_capture */
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
 * Find the lists, behind the call itself or, when they are long, whole.
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
		uint32_t held = call->held[i], shorts = kinds[i].shorts;

		found->held[i] = held;
		if (!is_taken(call, i))
			continue;
		if (held > kinds[i].most)
			return false;
		if (held > shorts)
			found->at[i] = find_whole(captures, call, i);
		if (!found->at[i]) {
			found->at[i] = tail + used;
			found->held[i] = held < shorts ? held : shorts;
			found->part |= (uint32_t)(held > shorts) << i;
		}
		used += (held < shorts ? held : shorts) * kinds[i].size;
	}
	return size >= sizeof(*call) + used;
}

/* Copy a list to *@to and step over it; NULL when there is none. */
static const void *put_list(char **to, const struct found *found,
			    enum pvm_list which)
{
	size_t size = found->held[which] * kinds[which].size;
	char *start = *to;

	if (!found->at[which])
		return NULL;
	memcpy(start, found->at[which], size);
	*to += size;
	return start;
}

static struct pvm_capture *make_capture(const struct pvm_wire_call *call,
					const struct found *found)
{
	struct pvm_capture *capture;
	size_t size = sizeof(*capture);
	char *to;

	for (int i = 0; i < PVM_LISTS; i++)
		if (found->at[i])
			size += found->held[i] * kinds[i].size;
	capture = malloc(size);
	if (!capture)
		return NULL;
	capture->call = *call;
	memcpy(capture->call.held, found->held, sizeof(found->held));
	capture->part = found->part;
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
	captures->counters.list_lost +=
		(unsigned int)__builtin_popcount(found.part);
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
			keep_piece(captures, data, size);
			return NULL;
		}
	}
	captures->counters.malformed++;
	return NULL;
}
