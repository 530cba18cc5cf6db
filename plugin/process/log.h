/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * log.h - what the plugin says of itself, to syslog's daemon facility
 *
 * stderr gets the same lines; under auditd it is /dev/null.
 */
#ifndef PVM_LOG_H
#define PVM_LOG_H

#include <syslog.h>

void pvm_log_open(void);

/* One whole sentence; @priority is one of syslog's. Any thread. */
void pvm_log(int priority, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
