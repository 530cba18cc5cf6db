// SPDX-License-Identifier: GPL-2.0-or-later
/* ranges.c - see ranges.h */
#include <stdbool.h>
#include <string.h>

#include "lib/ranges.h"

/* Does @b, which is not below @a, lie behind it with a number between? */
static bool is_apart(uint64_t a, uint64_t b)
{
	return b > a && b - a > 1;
}

/* Put one range in the place of those from @begin to ahead of @end. */
static size_t replace(struct pvm_range *ranges, size_t nr, size_t begin,
		      size_t end, struct pvm_range range)
{
	memmove(&ranges[begin + 1], &ranges[end], (nr - end) * sizeof(*ranges));
	ranges[begin] = range;
	return nr - (end - begin) + 1;
}

size_t pvm_ranges_add(struct pvm_range *ranges, size_t nr, uint64_t first,
		      uint64_t last)
{
	struct pvm_range range = {first, last};
	size_t begin, end = nr;

	while (end && is_apart(last, ranges[end - 1].first))
		end--;
	begin = end;
	while (begin && !is_apart(ranges[begin - 1].last, first))
		begin--;
	if (begin < end) {
		if (ranges[begin].first < first)
			range.first = ranges[begin].first;
		if (ranges[end - 1].last > last)
			range.last = ranges[end - 1].last;
	}
	return replace(ranges, nr, begin, end, range);
}

size_t pvm_ranges_join_nearest(struct pvm_range *ranges, size_t nr)
{
	size_t at = 0;

	for (size_t i = 1; i + 1 < nr; i++)
		if (ranges[i + 1].first - ranges[i].last <
		    ranges[at + 1].first - ranges[at].last)
			at = i;
	return replace(ranges, nr, at, at + 2,
		       (struct pvm_range){ranges[at].first,
					  ranges[at + 1].last});
}
