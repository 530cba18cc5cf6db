/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * seccomp_filter.h - the system calls that are left to the plugin
 */
#ifndef PVM_SECCOMP_FILTER_H
#define PVM_SECCOMP_FILTER_H

#include <stdbool.h>

/*
 * Allow the calling thread, and the threads that it starts, what the plugin
 * needs after its start, and nothing else, for good; with @may_drop also to
 * drop capabilities. Needs no_new_privs or CAP_SYS_ADMIN.
 * Returns 0 or -errno: -EOPNOTSUPP in a sanitizer's build, whose run time needs
 * more.
 */
int pvm_seccomp_apply(bool may_drop);

#endif
