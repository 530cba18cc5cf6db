// SPDX-License-Identifier: GPL-2.0-or-later
/* order.c - see order.h */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "match/order.h"
#include "util/memory.h"

/* What is written first; fields follow one by one, and the text does not. */
#define HEAD offsetof(struct access, fields)

struct key {
	uint64_t ms, serial; /* of the first event */
	uint64_t nr; /* how many came before */
	uint64_t at; /* in the file */
	size_t size;
};

struct order {
	FILE *file; /* NULL while it is empty */
	struct key *key;
	size_t nr;
	uint64_t end; /* of the file */
};

/* Ahead of each field's value. */
struct value {
	uint32_t field, len;
};

struct order *order_new(void)
{
	return new_zeroed(1, sizeof(struct order));
}

void order_free(struct order *order)
{
	if (!order)
		return;
	if (order->file)
		fclose(order->file);
	free(order->key);
	free(order);
}

static void must(const struct order *order, bool fine)
{
	if (fine && order->file)
		return;
	fprintf(stderr, "aupvm: temporary file: %s\n", strerror(errno));
	exit(EXIT_ERROR);
}

static void put(struct order *order, const void *bytes, size_t len)
{
	must(order, !len || fwrite(bytes, len, 1, order->file));
	order->end += len;
}

/* Members alone: what is between them is not set, and is not to be written. */
static void copy_id(struct pvm_id *to, const struct pvm_id *from)
{
	to->sec = from->sec;
	to->msec = from->msec;
	to->serial = from->serial;
}

static void put_head(struct order *order, const struct access *access)
{
	struct access head;

	memset(&head, 0, sizeof(head));
	head.kind = access->kind;
	head.fate = access->fate;
	head.node.at = access->node.at;
	head.node.len = access->node.len;
	head.node_number = access->node_number;
	copy_id(&head.first, &access->first);
	copy_id(&head.last, &access->last);
	head.count = access->count;
	head.write = access->write;
	head.perhaps = access->perhaps;
	head.incomplete = access->incomplete;
	head.exit = access->exit;
	head.bytes = access->bytes;
	head.whole_count = access->whole_count;
	head.whole_bytes = access->whole_bytes;
	head.session = access->session;
	head.has_session = access->has_session;
	head.sessions_vary = access->sessions_vary;
	copy_id(&head.caller_other, &access->caller_other);
	copy_id(&head.target_other, &access->target_other);
	put(order, &head, HEAD);
}

void order_put(struct order *order, const struct access *access)
{
	struct key key = {
		.ms = id_ms(&access->first),
		.serial = access->first.serial,
		.nr = order->nr,
		.at = order->end,
	};

	if (!order->file)
		order->file = tmpfile();
	must(order, true);
	put_head(order, access);
	for (uint32_t i = 0; i < FIELDS; i++) {
		struct slice value = access->fields.value[i];

		if (!value.at)
			continue;
		put(order, &(struct value){i, (uint32_t)value.len},
		    sizeof(struct value));
		put(order, value.at, value.len);
	}
	key.size = order->end - key.at;
	order->key = grow_array(order->key, order->nr, sizeof(key));
	order->key[order->nr++] = key;
}

static int compare(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int compare_keys(const void *a, const void *b)
{
	const struct key *left = a, *right = b;

	if (left->ms != right->ms)
		return compare(left->ms, right->ms);
	if (left->serial != right->serial)
		return compare(left->serial, right->serial);
	return compare(left->nr, right->nr);
}

/* @access as it was, with its values in @bytes. */
static void read_access(const char *bytes, size_t size, struct access *access)
{
	struct value value;

	*access = (struct access){0};
	memcpy(access, bytes, HEAD);
	for (size_t at = HEAD; at < size; at += value.len) {
		memcpy(&value, bytes + at, sizeof(value));
		at += sizeof(value);
		access->fields.value[value.field] =
			(struct slice){bytes + at, value.len};
	}
}

void order_emit(struct order *order,
		bool (*fn)(void *arg, const struct access *access), void *arg)
{
	struct access access;
	size_t room = HEAD;
	char *bytes = resize(NULL, room);
	bool more = true;

	if (order->nr)
		qsort(order->key, order->nr, sizeof(*order->key), compare_keys);
	for (size_t i = 0; i < order->nr && more; i++) {
		const struct key *key = &order->key[i];

		if (key->size > room) {
			room = key->size;
			bytes = resize(bytes, room);
		}
		must(order, !fseeko(order->file, (off_t)key->at, SEEK_SET) &&
				    fread(bytes, key->size, 1, order->file));
		read_access(bytes, key->size, &access);
		more = fn(arg, &access);
	}
	free(bytes);
}
