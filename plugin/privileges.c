// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * privileges.c - see privileges.h
 *
 * Capabilities are a thread's own, hence before the first thread. Records
 * are sent with CAP_AUDIT_WRITE; the ring buffer and the counters are mapped
 * memory and need nothing.
 */
#include <cap-ng.h>
#include <errno.h>
#include <sys/prctl.h>

#include "privileges.h"

int pvm_privileges_drop(void)
{
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
			 CAP_AUDIT_WRITE))
		return -EINVAL;
	if (capng_apply(CAPNG_SELECT_BOTH))
		return -EPERM;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	return 0;
}
