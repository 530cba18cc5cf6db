// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Targets, and the truth about them, see case.h. The truth is read from /proc
 * ahead of the call, while the target stands still.
 */
#define _GNU_SOURCE
#include "case.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define GONE " (deleted)"

static FILE *open_task(const struct target *t, const char *name)
{
	char path[128];
	FILE *file;

	/* by the thread's own folder: a thread has a name of its own */
	snprintf(path, sizeof(path), "/proc/%d/task/%d/%s", (int)t->tgid,
		 (int)t->tid, name);
	file = fopen(path, "re");
	if (!file)
		die("%s: %s", path, strerror(errno));
	return file;
}

static unsigned int read_number(const struct target *t, const char *name)
{
	FILE *file = open_task(t, name);
	unsigned int value;

	if (fscanf(file, "%u", &value) != 1)
		die("/proc/%d/%s has no number", (int)t->tid, name);
	fclose(file);
	return value;
}

/* A name may hold anything but a NUL, a newline behind it is not its own. */
static void read_comm(struct target *t)
{
	FILE *file = open_task(t, "comm");
	size_t len = fread(t->is.comm, 1, sizeof(t->is.comm) - 1, file);

	fclose(file);
	if (!len)
		die("/proc/%d/comm is empty", (int)t->tid);
	t->is.comm[len - 1] = '\0';
}

static void read_uid(struct target *t)
{
	FILE *file = open_task(t, "status");
	char line[256];
	bool found = false;

	while (!found && fgets(line, sizeof(line), file))
		found = sscanf(line, "Uid: %u", &t->is.uid) == 1;
	fclose(file);
	if (!found)
		die("/proc/%d/status has no Uid", (int)t->tid);
}

/*
 * Field 22, of the process; the thread's own says when that was started. The
 * second field, the name, may hold blanks and parentheses.
 */
static void read_start(struct target *t)
{
	char path[64], line[1024] = "", *at;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)t->tgid);
	file = fopen(path, "re");
	if (!file)
		die("%s: %s", path, strerror(errno));
	/* a name may have newlines */
	if (!fread(line, 1, sizeof(line) - 1, file))
		die("%s is empty", path);
	fclose(file);
	at = strrchr(line, ')');
	for (int i = 2; at && i < 22; i++)
		at = strchr(at + 1, ' ');
	if (!at)
		die("%s is too short: %s", path, line);
	t->is.start = strtoull(at, NULL, 10);
}

/* Not there for kernel threads, and for tasks that have left their memory */
static void read_exe(struct target *t)
{
	char path[64];
	char *text = need(calloc(1, PATH_MAX + 64));
	size_t len, gone = strlen(GONE);

	snprintf(path, sizeof(path), "/proc/%d/task/%d/exe", (int)t->tgid,
		 (int)t->tid);
	if (readlink(path, text, PATH_MAX + 63) < 0) {
		/* or a path that /proc cannot tell: the case has to know */
		if (errno != ENOENT && errno != ENAMETOOLONG)
			die("%s: %s", path, strerror(errno));
		free(text);
		return;
	}
	len = strlen(text);
	t->is.deleted = len > gone && !strcmp(text + len - gone, GONE);
	if (t->is.deleted)
		text[len - gone] = '\0';
	t->is.exe = text;
}

void know(struct target *t, pid_t tgid, pid_t tid, const char *rel)
{
	memset(t, 0, sizeof(*t));
	t->apid = tid;
	t->tgid = tgid;
	t->tid = tid;
	t->is.rel = rel;
	t->is.auid = read_number(t, "loginuid");
	t->is.ses = read_number(t, "sessionid");
	read_comm(t);
	read_uid(t);
	read_start(t);
	read_exe(t);
	if (account_stat(&t->file, tgid, tid))
		die("the program of %d: %s", (int)tid, strerror(errno));
}

void stay(void)
{
	for (;;)
		pause();
}

void start_target(struct target *t, void (*before)(const void *),
		  const void *arg)
{
	atomic_int *step = shared(sizeof(*step));
	pid_t pid = fork_child();

	if (!pid) {
		if (before)
			before(arg);
		atomic_store(step, 1);
		stay();
	}
	wait_for(step, 1);
	know(t, pid, pid, "child");
}

static void *second_thread(void *tid)
{
	pthread_setname_np(pthread_self(), "second thread");
	atomic_store((atomic_int *)tid, (int)syscall(SYS_gettid));
	stay();
}

void start_threaded(struct target *leader, struct target *thread)
{
	atomic_int *tid = shared(sizeof(*tid));
	pid_t pid = fork_child();
	pthread_t id;

	if (!pid) {
		/* some clock ticks, so that the two have different starts */
		usleep(50000);
		if (pthread_create(&id, NULL, second_thread, tid))
			die("no second thread");
		stay();
	}
	know(thread, pid, wait_set(tid), "child");
	know(leader, pid, pid, "child");
}

void be_a_target(int report)
{
	map_memory();
	if (write(report, "1", 1) != 1)
		_exit(3);
	stay();
}

__attribute__((noreturn)) static void execute(const char *path, const int *fd,
					      int report)
{
	char number[16];
	char name[] = "cases", option[] = "--be-a-target";
	char *const argv[] = {name, option, number, NULL};
	char *const none[] = {NULL};

	snprintf(number, sizeof(number), "%d", report);
	if (path)
		execve(path, argv, none);
	else
		fexecve(*fd, argv, none);
	die("cannot execute %.100s: %s", path ? path : "a descriptor",
	    strerror(errno));
}

void start_program(struct target *t, const char *path, const int *fd,
		   void (*before)(const void *), const void *arg)
{
	int report[2];
	char byte;
	pid_t pid;

	if (pipe(report))
		die("pipe: %s", strerror(errno));
	pid = fork_child();
	if (!pid) {
		close(report[0]);
		if (before)
			before(arg);
		execute(path, fd, report[1]);
	}
	close(report[1]);
	if (read(report[0], &byte, 1) != 1)
		die("a program did not start");
	close(report[0]);
	know(t, pid, pid, "child");
}
