// SPDX-License-Identifier: GPL-2.0-or-later
/* log.c - see log.h */
#include <limits.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "process/log.h"
#include "process/log_socket.h"

static struct pvm_syslog system_log;

void pvm_log_open(void)
{
	pvm_syslog_init(&system_log, "/dev/log", "audisp-pvm");
}

/* To a pipe that nobody reads, too, nothing is written that would wait. */
static void write_error(const char *text)
{
	struct pollfd ready = {STDERR_FILENO, POLLOUT, 0};
	char line[PIPE_BUF];
	int len = snprintf(line, sizeof(line), "audisp-pvm[%d]: %s\n",
			   (int)getpid(), text);

	if (poll(&ready, 1, 0) != 1 || !(ready.revents & POLLOUT) ||
	    write(STDERR_FILENO, line, (size_t)len) < 0)
		return;
}

void pvm_log(int priority, const char *format, ...)
{
	char text[PVM_SYSLOG_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	write_error(text);
	pvm_syslog_send(&system_log, LOG_DAEMON | priority, text);
}

uint64_t pvm_log_dropped(void)
{
	return system_log.dropped;
}
