// SPDX-License-Identifier: GPL-2.0-or-later
/* log.c - see log.h */
#include <stdarg.h>

#include "process/log.h"

void pvm_log_open(void)
{
	openlog("audisp-pvm", LOG_PID | LOG_PERROR, LOG_DAEMON);
}

void pvm_log(int priority, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsyslog(priority, format, args);
	va_end(args);
}
