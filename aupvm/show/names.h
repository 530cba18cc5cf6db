/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names.h - users by name
 *
 * With log_format = ENRICHED each record brings the names of its own host;
 * libauparse knows where, and looks other ones up on this host. It is asked
 * once for each user of a node; what it says is kept. Grows with those.
 */
#ifndef AUPVM_NAMES_H
#define AUPVM_NAMES_H

#include "match/access.h"

struct names;

struct names *names_new(void);
void names_free(struct names *names);

/* Remember the users of a SYSCALL record, whose names stand behind it. */
void names_see(struct names *names, const struct access *access);

/* The user that @field of @access has; "?" without it. Good for a while. */
struct slice names_user(struct names *names, const struct access *access,
			enum field field);

#endif
