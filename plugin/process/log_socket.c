// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * log_socket.c - see log_socket.h
 *
 * Rejected: syslog() on a thread of its own. It would need a queue, and what
 * the plugin says at its end would be lost behind what is stuck.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "process/log_socket.h"

/* "<191>Nov 28 07:36:03 NAME[PID]: TEXT" */
#define LINE_SIZE (PVM_SYSLOG_MAX + 64)

void pvm_syslog_init(struct pvm_syslog *syslog, const char *path,
		     const char *name)
{
	*syslog = (struct pvm_syslog){.path = path, .name = name, .fd = -1};
	/* read once: localtime_r() does not look at the file again */
	tzset();
}

void pvm_syslog_close(struct pvm_syslog *syslog)
{
	if (syslog->fd >= 0)
		close(syslog->fd);
	syslog->fd = -1;
}

/* syslog listens for datagrams, or, some of them, for a stream. */
static bool open_socket(struct pvm_syslog *syslog)
{
	static const int types[] = {SOCK_DGRAM, SOCK_STREAM};
	struct sockaddr_un address = {.sun_family = AF_UNIX};

	snprintf(address.sun_path, sizeof(address.sun_path), "%s",
		 syslog->path);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		syslog->fd = socket(AF_UNIX,
				    types[i] | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		if (syslog->fd < 0)
			return false;
		if (!connect(syslog->fd, (struct sockaddr *)&address,
			     sizeof(address)))
			return true;
		pvm_syslog_close(syslog);
		if (errno != EPROTOTYPE)
			return false;
	}
	return false;
}

/* The NUL ends a message in a stream; of a datagram it is no part. */
static bool send_line(struct pvm_syslog *syslog, const char *line)
{
	size_t len = strlen(line);
	socklen_t size = sizeof(int);
	int type = SOCK_DGRAM;

	getsockopt(syslog->fd, SOL_SOCKET, SO_TYPE, &type, &size);
	len += type == SOCK_STREAM;
	return send(syslog->fd, line, len, MSG_DONTWAIT | MSG_NOSIGNAL) ==
	       (ssize_t)len;
}

/* A syslog that was started again has another socket. */
static bool send_somehow(struct pvm_syslog *syslog, const char *line)
{
	if (syslog->fd >= 0) {
		if (send_line(syslog, line))
			return true;
		if (errno == EAGAIN || errno == ENOBUFS)
			return false;
		pvm_syslog_close(syslog);
	}
	return open_socket(syslog) && send_line(syslog, line);
}

static void make_line(const struct pvm_syslog *syslog, int priority,
		      const char *text, char line[static LINE_SIZE])
{
	static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr",
					   "May", "Jun", "Jul", "Aug",
					   "Sep", "Oct", "Nov", "Dec"};
	time_t now = time(NULL);
	struct tm tm = {0};

	localtime_r(&now, &tm);
	snprintf(line, LINE_SIZE, "<%d>%s %2d %02d:%02d:%02d %s[%d]: %s",
		 priority, months[tm.tm_mon], tm.tm_mday, tm.tm_hour, tm.tm_min,
		 tm.tm_sec, syslog->name, (int)getpid(), text);
}

/* What was dropped is said first, once there is room again. */
static void log_dropped(struct pvm_syslog *syslog, int facility)
{
	char what[128], line[LINE_SIZE];

	if (syslog->dropped == syslog->logged)
		return;
	snprintf(what, sizeof(what),
		 "%" PRIu64 " messages are missing here: syslog did not take "
		 "them",
		 syslog->dropped - syslog->logged);
	make_line(syslog, facility | LOG_WARNING, what, line);
	if (send_somehow(syslog, line))
		syslog->logged = syslog->dropped;
}

bool pvm_syslog_send(struct pvm_syslog *syslog, int priority, const char *text)
{
	char line[LINE_SIZE];

	log_dropped(syslog, priority & LOG_FACMASK);
	make_line(syslog, priority, text, line);
	if (syslog->dropped == syslog->logged && send_somehow(syslog, line))
		return true;
	syslog->dropped++;
	return false;
}
