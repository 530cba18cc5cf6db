// SPDX-License-Identifier: GPL-2.0-or-later
/* members.c - see members.h */
#include "show/members.h"

const struct member members[MEMBERS_NR] = {
#define MEMBER(group, id, name) {group, FIELD_##id, name},
	MEMBERS(MEMBER)
#undef MEMBER
};
