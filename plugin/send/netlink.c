// SPDX-License-Identifier: GPL-2.0-or-later
/* netlink.c - see netlink.h */
#define _GNU_SOURCE /* unshare, close_range */
#include <errno.h>
#include <libaudit.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "send/netlink.h"

int pvm_netlink_open(char *why, size_t why_size)
{
	int netlink = audit_open();

	if (netlink >= 0)
		return netlink;
	netlink = -errno;
	snprintf(why, why_size,
		 "cannot reach the kernel's audit (%s); run a kernel with "
		 "CONFIG_AUDIT=y, outside a container",
		 strerror(-netlink));
	return netlink;
}

void pvm_netlink_close(int netlink)
{
	audit_close(netlink);
}

/*
 * libaudit returns 0 for some refusals, to spare its callers: for one by a
 * kernel without auditing, and for EPERM to a user other than root. It need not
 * leave anything in errno then.
 */
int pvm_netlink_send(int netlink, const struct pvm_queued *record)
{
	int rc = audit_log_user_message(netlink, record->type, record->text,
					NULL, NULL, record->tty,
					record->success);

	if (rc > 0)
		return 0;
	if (rc < 0)
		return -rc;
	return errno ? errno : EPERM;
}

void pvm_netlink_keep_alone(int netlink)
{
	unsigned int kept = (unsigned int)netlink;

	if (unshare(CLONE_FILES))
		return;
	close(STDIN_FILENO);
	if (kept > STDERR_FILENO + 1)
		close_range(STDERR_FILENO + 1, kept - 1, 0);
	close_range(kept + 1, UINT_MAX, 0);
}
