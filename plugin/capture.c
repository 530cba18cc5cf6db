// SPDX-License-Identifier: GPL-2.0-or-later
/* capture.c - see capture.h */
#include <stdlib.h>
#include <string.h>

#include "capture.h"

struct pvm_captures {
	struct pvm_wire_vectors *lists[PVM_LISTS_MAX]; /* a ring, by age */
	unsigned int next;
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
	for (unsigned int i = 0; i < PVM_LISTS_MAX; i++)
		free(captures->lists[i]);
	free(captures);
}

const struct pvm_capture_counters *pvm_captures_counters(
	const struct pvm_captures *captures)
{
	return &captures->counters;
}

static size_t vectors_size(uint32_t nr)
{
	return nr * sizeof(struct pvm_wire_iovec);
}

/* Keep a long list until its call comes; the oldest makes room. */
static void keep_list(struct pvm_captures *captures,
		      const struct pvm_wire_vectors *from, size_t size)
{
	struct pvm_wire_vectors **slot = &captures->lists[captures->next];

	if (size < sizeof(*from) || from->side >= PVM_SIDES ||
	    from->nr > PVM_VECTORS_MAX ||
	    size < sizeof(*from) + vectors_size(from->nr)) {
		captures->counters.malformed++;
		return;
	}
	size = sizeof(*from) + vectors_size(from->nr);
	free(*slot);
	*slot = malloc(size);
	if (!*slot)
		return; /* its call will find it missing, and say so */
	memcpy(*slot, from, size);
	captures->next = (captures->next + 1) % PVM_LISTS_MAX;
}

static struct pvm_wire_vectors *find_list(struct pvm_captures *captures,
					  const struct pvm_wire_head *head,
					  enum pvm_side side)
{
	for (unsigned int i = 0; i < PVM_LISTS_MAX; i++) {
		struct pvm_wire_vectors *list = captures->lists[i];

		if (list && list->side == side && list->head.tid == head->tid &&
		    list->head.entry_ns == head->entry_ns)
			return list;
	}
	return NULL;
}

/* A thread has one call at a time: what it has left here is of no more use. */
static void drop_lists(struct pvm_captures *captures, uint32_t tid)
{
	for (unsigned int i = 0; i < PVM_LISTS_MAX; i++) {
		if (captures->lists[i] && captures->lists[i]->head.tid == tid) {
			free(captures->lists[i]);
			captures->lists[i] = NULL;
		}
	}
}

/* Where the vectors of each side are to be found, ahead of copying them. */
struct found {
	const struct pvm_wire_iovec *vec[PVM_SIDES]; /* NULL: nowhere */
	uint32_t nr[PVM_SIDES];
};

/*
 * Find both sides' vectors, short ones behind the call itself.
 * Returns false when @size does not hold what the call says.
 */
static bool find_vectors(struct pvm_captures *captures,
			 const struct pvm_wire_call *call, size_t size,
			 struct found *found)
{
	const struct pvm_wire_iovec *at = (const void *)(call + 1);
	const struct pvm_wire_vectors *list;
	uint32_t at_hand = 0;

	memset(found, 0, sizeof(*found));
	if (!(call->seen & PVM_SEEN_CORE) || (call->seen & PVM_SEEN_READ_FAULT))
		return true;
	for (int side = 0; side < PVM_SIDES; side++) {
		uint32_t nr = call->held[side];

		if (nr > PVM_VECTORS_MAX)
			return false;
		found->nr[side] = nr;
		if (nr <= PVM_VECTORS_INLINE) {
			found->vec[side] = at + at_hand;
			at_hand += nr;
			continue;
		}
		list = find_list(captures, &call->head, side);
		if (list && list->nr == nr)
			found->vec[side] = (const void *)(list + 1);
	}
	return size >= sizeof(*call) + vectors_size(at_hand);
}

static struct pvm_capture *make_capture(const struct pvm_wire_call *call,
					const struct found *found)
{
	struct pvm_wire_iovec *to;
	struct pvm_capture *capture;

	capture = malloc(sizeof(*capture) + vectors_size(found->nr[PVM_REMOTE] +
							 found->nr[PVM_LOCAL]));
	if (!capture)
		return NULL;
	capture->call = *call;
	capture->id = (struct pvm_id){
		.sec = call->sec,
		.msec = call->nsec / 1000000,
		.serial = call->serial,
	};
	to = capture->storage;
	for (int side = 0; side < PVM_SIDES; side++) {
		capture->vec[side] = NULL;
		if (!found->vec[side])
			continue;
		memcpy(to, found->vec[side], vectors_size(found->nr[side]));
		capture->vec[side] = to;
		to += found->nr[side];
	}
	return capture;
}

static struct pvm_capture *take_call(struct pvm_captures *captures,
				     const struct pvm_wire_call *call,
				     size_t size)
{
	struct pvm_capture *capture;
	struct found found;

	if (size < sizeof(*call) ||
	    !find_vectors(captures, call, size, &found)) {
		captures->counters.malformed++;
		return NULL;
	}
	for (int side = 0; side < PVM_SIDES; side++)
		if (found.nr[side] && !found.vec[side])
			captures->counters.list_lost++;
	capture = make_capture(call, &found);
	drop_lists(captures, call->head.tid);
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
		if (head->kind == PVM_WIRE_VECTORS) {
			keep_list(captures, data, size);
			return NULL;
		}
	}
	captures->counters.malformed++;
	return NULL;
}
