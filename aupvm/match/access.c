// SPDX-License-Identifier: GPL-2.0-or-later
/* access.c - see access.h */
#include "match/access.h"

bool access_read_span(const struct fields *fields, struct pvm_id *first,
		      struct pvm_id *last)
{
	return field_is_there(fields, FIELD_FIRST) &&
	       field_is_there(fields, FIELD_LAST) &&
	       slice_id(fields->value[FIELD_FIRST], first) &&
	       slice_id(fields->value[FIELD_LAST], last) &&
	       (first->serial <= last->serial || !pvm_id_before(last, first));
}
