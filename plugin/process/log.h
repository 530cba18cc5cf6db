/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log.h - what the plugin says of itself, to syslog's daemon facility
 *
 * stderr gets the same lines; under auditd it is /dev/null. Nothing waits: what
 * syslog has no room for is dropped, counted, and said when it has room again.
 */
#ifndef PVM_LOG_H
#define PVM_LOG_H

#include <stdint.h>
#include <syslog.h>

void pvm_log_open(void);

/* One whole sentence; @priority is one of syslog's. The first thread alone. */
void pvm_log(int priority, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Messages that syslog has not taken. */
uint64_t pvm_log_dropped(void);

#endif
