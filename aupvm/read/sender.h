/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sender.h - is a message from user space the plugin's?
 *
 * The kernel says whose the message is (uid=, ahead of msg=), libaudit which
 * program sent it (the last exe= of the message). Only root's count, sent by
 * the plugin. The kernel's word cannot be forged; libaudit's can, by whoever
 * has CAP_AUDIT_WRITE and root's uid.
 */
#ifndef AUPVM_SENDER_H
#define AUPVM_SENDER_H

#include "lib/slice.h"
#include "pvm/line.h"

/*
 * Sets @message to what the plugin wrote, without libaudit's part.
 * Returns false when the sender is not root running @plugin.
 */
bool sender_is_plugin(const struct pvm_line *line, const char *plugin,
		      struct slice *message);

/* The sender's process, by the kernel; 0 where that is missing. */
uint32_t sender_pid(const struct pvm_line *line);

#endif
