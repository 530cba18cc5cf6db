/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * netlink.h - the socket by which records reach audit
 *
 * A send waits for the kernel's answer, and while audit's backlog is full the
 * kernel lets the sender wait for a minute or more, which nothing ends, not
 * even SIGKILL: so only a thread of its own may send.
 */
#ifndef PVM_NETLINK_H
#define PVM_NETLINK_H

#include <stddef.h>

#include "send/queue.h"

/* Returns the socket, or -errno with one sentence in @why. */
int pvm_netlink_open(char *why, size_t why_size);

void pvm_netlink_close(int netlink);

/* Send a record. Returns 0, or the errno with which it was refused. */
int pvm_netlink_send(int netlink, const struct pvm_queued *record);

/*
 * Give the calling thread descriptors of its own, of which only stdout, stderr
 * and @netlink stay open. Those that it shared would stay open while it waits
 * in the kernel: auditd would go on writing to a process that is dead but for
 * this thread, and wait for it. syslog's is not among them, so it must not log.
 */
void pvm_netlink_keep_alone(int netlink);

#endif
