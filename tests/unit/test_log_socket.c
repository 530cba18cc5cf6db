// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_log_socket.c - messages get through where somebody reads them, and
 * nobody waits where nobody does
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "lib/clock.h"
#include "process/log_socket.h"
#include "unit.h"

/* More than any socket holds. */
#define MANY 20000

/* What a stuck syslog may cost in all: far more than sends that return. */
#define SOON_MS 10000

static char folder[] = "/tmp/pvm-syslog.XXXXXX";
static char path[64];
static struct pvm_syslog log_to;
static int server = -1;

static int listen_as(int type)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	unlink(path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    (type == SOCK_STREAM && listen(fd, 1))) {
		close(fd);
		return -1;
	}
	return fd;
}

static void begin(int type)
{
	strcpy(strrchr(folder, '.'), ".XXXXXX");
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/log", folder);
	server = listen_as(type);
	CU_ASSERT_FATAL(server >= 0);
	pvm_syslog_init(&log_to, path, "name");
}

static void end(void)
{
	pvm_syslog_close(&log_to);
	close(server);
	unlink(path);
	rmdir(folder);
}

/* The next message, behind what each begins with; "" without one. */
static const char *received(void)
{
	static char line[PVM_SYSLOG_MAX + 128];
	ssize_t n = recv(server, line, sizeof(line) - 1, MSG_DONTWAIT);
	char *text;

	line[n > 0 ? n : 0] = '\0';
	text = strstr(line, "]: ");
	return text ? text + 3 : "";
}

static void a_message_has_priority_time_name_and_pid(void)
{
	char line[256] = "", month[4], name[32];
	int priority, day, hour, minute, second, pid;

	begin(SOCK_DGRAM);
	CU_ASSERT(pvm_syslog_send(&log_to, LOG_DAEMON | LOG_ERR, "a text"));
	CU_ASSERT(recv(server, line, sizeof(line) - 1, MSG_DONTWAIT) > 0);
	SAME_NUMBER(sscanf(line, "<%d>%3s %d %d:%d:%d %4s[%d]: a text",
			   &priority, month, &day, &hour, &minute, &second,
			   name, &pid),
		    8);
	SAME_NUMBER(priority, LOG_DAEMON | LOG_ERR);
	SAME_TEXT(name, "name");
	SAME_NUMBER(pid, getpid());
	end();
}

static void nobody_waits_for_a_syslog_that_does_not_read(void)
{
	uint64_t begun_ms;
	int taken = 0;

	begin(SOCK_DGRAM);
	begun_ms = pvm_now_ms();
	for (int i = 0; i < MANY; i++)
		taken += pvm_syslog_send(&log_to, LOG_ERR, "a text");
	CU_ASSERT(pvm_now_ms() - begun_ms < SOON_MS);
	CU_ASSERT(taken > 0 && taken < MANY);
	SAME_NUMBER(log_to.dropped, MANY - taken);
	end();
}

static void what_was_dropped_is_said_once(void)
{
	char want[128];

	begin(SOCK_DGRAM);
	while (pvm_syslog_send(&log_to, LOG_ERR, "a text"))
		;
	pvm_syslog_send(&log_to, LOG_ERR, "a text");
	while (*received())
		;
	CU_ASSERT(pvm_syslog_send(&log_to, LOG_ERR, "the next"));
	CU_ASSERT(pvm_syslog_send(&log_to, LOG_ERR, "one more"));
	snprintf(want, sizeof(want),
		 "2 messages are missing here: syslog did not take them");
	SAME_TEXT(received(), want);
	SAME_TEXT(received(), "the next");
	SAME_TEXT(received(), "one more");
	SAME_TEXT(received(), "");
	SAME_NUMBER(log_to.dropped, 2);
	end();
}

static void a_syslog_that_was_started_again_is_found(void)
{
	begin(SOCK_DGRAM);
	CU_ASSERT(pvm_syslog_send(&log_to, LOG_ERR, "to the first"));
	close(server);
	server = listen_as(SOCK_DGRAM);
	CU_ASSERT(pvm_syslog_send(&log_to, LOG_ERR, "to the second"));
	SAME_TEXT(received(), "to the second");
	end();
}

static void without_a_syslog_messages_are_counted(void)
{
	begin(SOCK_DGRAM);
	close(server);
	unlink(path);
	CU_ASSERT(!pvm_syslog_send(&log_to, LOG_ERR, "a text"));
	SAME_NUMBER(log_to.dropped, 1);
	server = listen_as(SOCK_DGRAM);
	CU_ASSERT(pvm_syslog_send(&log_to, LOG_ERR, "a text"));
	SAME_TEXT(received(),
		  "1 messages are missing here: syslog did not take them");
	end();
}

static void a_stream_has_a_nul_behind_each(void)
{
	char line[512] = "";
	int stream;

	begin(SOCK_STREAM);
	CU_ASSERT(pvm_syslog_send(&log_to, LOG_ERR, "one"));
	CU_ASSERT(pvm_syslog_send(&log_to, LOG_ERR, "two"));
	stream = accept(server, NULL, NULL);
	CU_ASSERT(recv(stream, line, sizeof(line) - 1, MSG_DONTWAIT) > 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(line, ": one"));
	CU_ASSERT_PTR_NOT_NULL(strstr(line + strlen(line) + 1, ": two"));
	close(stream);
	end();
}

static void what_is_too_long_is_cut(void)
{
	static char text[2 * PVM_SYSLOG_MAX];

	memset(text, 'x', sizeof(text) - 1);
	begin(SOCK_DGRAM);
	CU_ASSERT(pvm_syslog_send(&log_to, LOG_ERR, text));
	CU_ASSERT(strlen(received()) >= PVM_SYSLOG_MAX - 1);
	end();
}

CU_TestInfo log_socket_tests[] = {
	TEST(a_message_has_priority_time_name_and_pid),
	TEST(nobody_waits_for_a_syslog_that_does_not_read),
	TEST(what_was_dropped_is_said_once),
	TEST(a_syslog_that_was_started_again_is_found),
	TEST(without_a_syslog_messages_are_counted),
	TEST(a_stream_has_a_nul_behind_each),
	TEST(what_is_too_long_is_cut),
	CU_TEST_INFO_NULL,
};
