// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * privileges.c - see privileges.h
 *
 * All of it is a thread's own and passed on to those that it starts, hence
 * while there is no other. Records are sent with CAP_AUDIT_WRITE; the ring
 * buffer and the counters are mapped memory and need nothing.
 *
 * Rejected: another user than root. It would have to be one of the plugin's
 * own, as whoever shares it may send it signals; it could not enter /etc/audit
 * for the options nor replace the state report in root's directory. What root
 * can do without capabilities is taken away in landlock.c and seccomp_filter.c.
 */
#include <cap-ng.h>
#include <errno.h>
#include <sys/prctl.h>

#include "process/landlock.h"
#include "process/privileges.h"
#include "process/seccomp_filter.h"
#include "process/state.h"

static int drop_capabilities(void)
{
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
			 CAP_AUDIT_WRITE))
		return -EINVAL;
	return capng_apply(CAPNG_SELECT_BOTH) ? -EPERM : 0;
}

int pvm_privileges_drop(void)
{
	int err = drop_capabilities();

	if (!err && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		err = -errno;
	if (!err)
		err = pvm_state_make_directory();
	if (!err)
		err = pvm_landlock_apply(PVM_STATE_DIRECTORY);
	if (!err)
		err = pvm_seccomp_apply();
	return err;
}
