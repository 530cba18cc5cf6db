// SPDX-License-Identifier: GPL-2.0-or-later
/* shares.c - see shares.h */
#include "match/shares.h"

/* Of at most @count calls. */
static bool read_share(struct share *share, struct slice item, uint64_t count)
{
	struct slice calls;

	return slice_next(&item, ':', &calls) &&
	       slice_unsigned(calls, &share->calls) && share->calls <= count &&
	       slice_unsigned(item, &share->bytes);
}

/* Do the shares make the whole? Of calls that are in several they do not. */
static bool are_apart(const struct shares *shares, const struct access *access)
{
	uint64_t calls = access->count, bytes = access->bytes;

	if (field_has_word(&access->fields, FIELD_CUT, "rmap"))
		return false;
	for (unsigned int i = 0; i < shares->nr; i++)
		if (__builtin_sub_overflow(calls, shares->share[i].calls,
					   &calls) ||
		    __builtin_sub_overflow(bytes, shares->share[i].bytes,
					   &bytes))
			return false;
	return !calls && !bytes;
}

/* Each mapping with its share; false where they are not of each other. */
static bool read_all(struct shares *shares, const struct access *access)
{
	struct slice rmap = access->fields.value[FIELD_RMAP], entry;
	struct slice rest = access->fields.value[FIELD_RSHARE], item;

	while (slice_next(&rmap, ',', &entry)) {
		struct share *share = &shares->share[shares->nr];

		if (shares->nr++ == SHARES_MAX ||
		    !slice_next(&rest, ',', &item) ||
		    !read_share(share, item, access->count))
			return false;
		share->entry = entry;
		share->item = item;
		region_read(&share->region, entry);
	}
	return !rest.at;
}

void shares_read(struct shares *shares, const struct access *access)
{
	shares->nr = 0;
	shares->apart = false;
	if (!read_all(shares, access))
		shares->nr = 0;
	else
		shares->apart = shares->nr && are_apart(shares, access);
}

struct access shares_part(const struct access *access, uint64_t calls,
			  uint64_t bytes)
{
	struct access part = *access;

	part.count = calls;
	part.bytes = bytes;
	return part;
}
