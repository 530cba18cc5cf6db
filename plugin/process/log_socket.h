/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log_socket.h - lines to the local syslog, which nobody waits for
 *
 * The C library's syslog() waits for as long as nobody reads /dev/log. What
 * finds no room, or nobody at the other end, is dropped here, and counted. For
 * one thread.
 */
#ifndef PVM_LOG_SOCKET_H
#define PVM_LOG_SOCKET_H

#include <stdbool.h>
#include <stdint.h>

/* Longest message, in bytes with its NUL; a longer one is cut. */
#define PVM_SYSLOG_MAX 2048

struct pvm_syslog {
	const char *path; /* of the socket, borrowed */
	const char *name; /* of the program, borrowed */
	int fd; /* -1: none yet */
	uint64_t dropped; /* messages */
	uint64_t logged; /* of them, those that a message was about */
};

/* Nothing is opened before the first message. */
void pvm_syslog_init(struct pvm_syslog *syslog, const char *path,
		     const char *name);
void pvm_syslog_close(struct pvm_syslog *syslog);

/*
 * Send @text, of @priority as syslog has it, behind how many were dropped since
 * one got through. Never waits. Returns whether the socket has taken it.
 */
bool pvm_syslog_send(struct pvm_syslog *syslog, int priority, const char *text);

#endif
