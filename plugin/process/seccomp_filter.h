/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * seccomp_filter.h - the system calls that are left to the plugin
 */
#ifndef PVM_SECCOMP_FILTER_H
#define PVM_SECCOMP_FILTER_H

/*
 * Allow the calling thread, and the threads that it starts, what the plugin
 * needs after its start, and nothing else, for good. Sets no_new_privs. Does
 * nothing in a sanitizer's build, whose run time needs more.
 * Returns 0 or -errno.
 */
int pvm_seccomp_apply(void);

#endif
