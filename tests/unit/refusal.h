/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * refusal.h - make the kernel refuse a layer of the sandbox, by real means
 */
#ifndef PVM_REFUSAL_H
#define PVM_REFUSAL_H

/*
 * From now on this thread, and what it starts, is refused what the layer @what
 * needs; setpcap: it has no CAP_SETPCAP; landlock_there: Landlock seems to be
 * switched off. Needs CAP_SYS_ADMIN, and sets no no_new_privs.
 * Returns 0 or -errno; -EINVAL: no such thing.
 */
int refuse(const char *what);

#endif
