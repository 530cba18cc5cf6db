/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * privileges.h - give up what is no longer needed
 */
#ifndef PVM_PRIVILEGES_H
#define PVM_PRIVILEGES_H

/*
 * Keep CAP_AUDIT_WRITE alone, the files of PVM_STATE_DIRECTORY to write, and
 * the system calls that are still needed, for good; call it once the probes
 * are attached and while there is no other thread.
 * Returns 0, or -errno with part of it done.
 */
int pvm_privileges_drop(void);

#endif
