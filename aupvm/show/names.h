/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * names.h - users by name
 *
 * With log_format = ENRICHED each record brings the names of its own host.
 * libauparse finds them there, and looks up others on this host. It is asked
 * once for each user of a node, and its answer is kept: memory grows with these
 * users.
 */
#ifndef AUPVM_NAMES_H
#define AUPVM_NAMES_H

#include "match/access.h"

struct names;

struct names *names_new(void);
void names_free(struct names *names);

/* Remember the users of a SYSCALL record by the names at its end. */
void names_see(struct names *names, const struct access *access);

/* Likewise, of any access, whose text is then not needed any more. */
void names_keep(struct names *names, const struct access *access);

/*
 * The user that @field of @access has; "?" without it. Valid until
 * names_free().
 */
struct slice names_user(struct names *names, const struct access *access,
			enum field field);

#endif
