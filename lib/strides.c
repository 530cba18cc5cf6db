// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * strides.c - see strides.h
 *
 * A number goes between its neighbours, or into the middle of a stride, which
 * it cuts in two. Only there, in a row of five strides at most, neighbours are
 * then joined from the left as far as they go on in one step. For numbers that
 * come in order no other way needs fewer strides.
 *
 * Rejected: strides that overlap, one for each of several callers in a group;
 * a number would then have to be looked for in all of them.
 */
#include <string.h>

#include "lib/slice.h"
#include "lib/strides.h"

/* The strides next to a number, and the halves of the one that it is in. */
#define AROUND_MAX 5

static size_t digits_of(uint64_t number)
{
	size_t digits = 1;

	while (number /= 10)
		digits++;
	return digits;
}

/* With the comma next to it. */
static size_t text_of(const struct pvm_stride *stride)
{
	size_t len = digits_of(stride->first) + 1;

	if (stride->last > stride->first)
		len += digits_of(stride->last) + 1;
	if (pvm_stride_shows_step(stride))
		len += digits_of(stride->step) + 1;
	return len;
}

/* The first stride that begins behind @number. */
static size_t find_behind(const struct pvm_stride *strides, size_t nr,
			  uint64_t number)
{
	size_t low = 0;

	while (low < nr) {
		size_t middle = (low + nr) / 2;

		if (strides[middle].first > number)
			nr = middle;
		else
			low = middle + 1;
	}
	return low;
}

static struct pvm_stride one(uint64_t number)
{
	return (struct pvm_stride){number, number, 1};
}

static struct pvm_stride from_to(uint64_t first, uint64_t last, uint64_t step)
{
	return (struct pvm_stride){first, last, first == last ? 1 : step};
}

/*
 * Let @a have all of @b, which is behind it, or the first number at least.
 * Returns false when something of @b is left.
 */
static bool join(struct pvm_stride *a, struct pvm_stride *b)
{
	uint64_t step = b->first - a->last;

	if (a->first == a->last) {
		if (b->first != b->last && b->step != step)
			return false;
		*a = from_to(a->first, b->last, step);
		return true;
	}
	if (step != a->step)
		return false;
	if (b->first == b->last || b->step == step) {
		a->last = b->last;
		return true;
	}
	a->last = b->first;
	*b = from_to(b->first + b->step, b->last, b->step);
	return false;
}

/* Join what goes on in one step. Returns how many are left. */
static size_t join_all(struct pvm_stride *strides, size_t nr)
{
	size_t at = 0;

	for (size_t i = 1; i < nr; i++)
		if (!join(&strides[at], &strides[i]))
			strides[++at] = strides[i];
	return at + 1;
}

/* Put @number, which is in it, between the halves of @whole. */
static size_t split(struct pvm_stride *halves, const struct pvm_stride *whole,
		    uint64_t number)
{
	uint64_t before = number - (number - whole->first) % whole->step;

	halves[0] = from_to(whole->first, before, whole->step);
	halves[1] = one(number);
	halves[2] = from_to(before + whole->step, whole->last, whole->step);
	return 3;
}

static size_t text_of_all(const struct pvm_stride *strides, size_t nr)
{
	size_t len = 0;

	for (size_t i = 0; i < nr; i++)
		len += text_of(&strides[i]);
	return len;
}

size_t pvm_strides_add(struct pvm_stride *strides, size_t nr, uint64_t number,
		       size_t *text)
{
	struct pvm_stride around[AROUND_MAX];
	size_t end = find_behind(strides, nr, number), begin = end, n = 0;
	bool inside = end && strides[end - 1].last >= number;

	begin -= begin && inside;
	if (begin)
		around[n++] = strides[--begin];
	if (inside)
		n += split(&around[n], &strides[end - 1], number);
	else
		around[n++] = one(number);
	if (end < nr)
		around[n++] = strides[end++];
	n = join_all(around, n);
	*text += text_of_all(around, n);
	*text -= text_of_all(&strides[begin], end - begin);
	memmove(&strides[begin + n], &strides[end],
		(nr - end) * sizeof(*strides));
	memcpy(&strides[begin], around, n * sizeof(*strides));
	return nr - (end - begin) + n;
}

/*
 * Behind all others it is another number, or makes two numbers a stride. In the
 * middle it can make one stride three, each of three numbers, and lets its
 * neighbours have steps as well.
 */
size_t pvm_strides_text_growth(const struct pvm_stride *strides, size_t nr,
			       uint64_t number)
{
	if (!nr || number > strides[nr - 1].last)
		return 2 * (digits_of(number) + 1);
	return 8 * (digits_of(strides[nr - 1].last) + 1);
}

bool pvm_strides_have(const struct pvm_stride *strides, size_t nr,
		      uint64_t number)
{
	size_t behind = find_behind(strides, nr, number);
	const struct pvm_stride *stride = &strides[behind - !!behind];

	return behind && stride->last >= number &&
	       (number - stride->first) % stride->step == 0;
}

bool pvm_stride_take(struct slice *rest, uint64_t max,
		     struct pvm_stride *stride)
{
	if (!slice_take_decimal(rest, max, &stride->first))
		return false;
	stride->last = stride->first;
	stride->step = 1;
	if (!slice_skip(rest, "-"))
		return true;
	if (!slice_take_decimal(rest, max, &stride->last) ||
	    stride->last < stride->first)
		return false;
	return !slice_skip(rest, "/") ||
	       (slice_take_decimal(rest, max, &stride->step) &&
		stride->step > 1 && stride->last > stride->first &&
		(stride->last - stride->first) % stride->step == 0);
}
