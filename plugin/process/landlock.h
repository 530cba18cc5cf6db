/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * landlock.h - the files that are left to the plugin
 */
#ifndef PVM_LANDLOCK_H
#define PVM_LANDLOCK_H

/*
 * From now on the calling thread, and the threads that it starts, can change
 * no file but those in @directory, and run none. Reading is as before. Needs
 * no_new_privs or CAP_SYS_ADMIN. Returns 0 or -errno: -ENOSYS on a kernel
 * without Landlock (before 5.13), -EOPNOTSUPP where it is switched off.
 */
int pvm_landlock_apply(const char *directory);

#endif
