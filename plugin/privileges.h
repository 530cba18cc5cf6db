/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * privileges.h - give up what is no longer needed
 */
#ifndef PVM_PRIVILEGES_H
#define PVM_PRIVILEGES_H

/*
 * Keep CAP_AUDIT_WRITE alone, for good; call it once the probes are attached
 * and before the first thread starts. Returns 0 or -errno.
 */
int pvm_privileges_drop(void);

#endif
