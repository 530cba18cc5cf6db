// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What every case needs, see case.h: memory, processes, the plugin's leave.
 */
#define _GNU_SOURCE
#include "case.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define PATIENCE_MS 20000

struct program program;

/* One line, as the case's verdict */
void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("not ok case %s: ", program.name ? program.name : "(none)");
	vprintf(format, args);
	putchar('\n');
	va_end(args);
	fflush(stdout);
	_exit(3);
}

void *need(void *memory)
{
	if (!memory)
		die("out of memory");
	return memory;
}

static void map_at(unsigned long where, size_t len, int mark)
{
	void *want = (void *)where;
	void *got =
		mmap(want, len, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

	if (got != want)
		die("mmap at %lx: %s", where, strerror(errno));
	memset(want, mark, len);
}

void map_memory(void)
{
	map_at(REMOTE, REMOTE_PAGES * PAGE, 'r');
	map_at(LOCAL, LOCAL_PAGES * PAGE, 'l');
	if (mprotect((void *)HOLE, PAGE, PROT_NONE))
		die("mprotect: %s", strerror(errno));
}

void *shared(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	return memory;
}

void wait_for(const atomic_int *step, int value)
{
	for (int i = 0; atomic_load(step) != value; i++) {
		if (i == PATIENCE_MS)
			die("another process did not get to step %d", value);
		usleep(1000);
	}
}

pid_t fork_child(void)
{
	pid_t parent = getpid();
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* in a new pid namespace the parent is out of sight: 0 */
		if (getppid() && getppid() != parent)
			_exit(3);
	}
	return pid;
}

int wait_set(const atomic_int *number)
{
	int value;

	for (int i = 0; !(value = atomic_load(number)); i++) {
		if (i == PATIENCE_MS)
			die("another process did not tell its number");
		usleep(1000);
	}
	return value;
}

/* /proc is the first pid namespace's, and says who one is in there. */
static pid_t last_number(const char *link)
{
	char text[64] = "", *slash;

	if (readlink(link, text, sizeof(text) - 1) < 0)
		die("%s: %s", link, strerror(errno));
	slash = strrchr(text, '/');
	return atoi(slash ? slash + 1 : text);
}

pid_t first_pid(void)
{
	return last_number("/proc/self");
}

pid_t first_tid(void)
{
	return last_number("/proc/thread-self");
}

static char state_of(pid_t pid)
{
	char path[64], line[512] = "", *after;
	FILE *stat;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	stat = fopen(path, "re");
	if (!stat || !fgets(line, sizeof(line), stat))
		die("%s: %s", path, strerror(errno));
	fclose(stat);
	after = strrchr(line, ')');
	return after && after[1] ? after[2] : '?';
}

void wait_state(pid_t pid, char state)
{
	for (int i = 0; state_of(pid) != state; i++) {
		if (i == PATIENCE_MS)
			die("process %d does not get into state %c", (int)pid,
			    state);
		usleep(1000);
	}
}

void end_child(pid_t pid)
{
	kill(pid, SIGKILL);
	if (waitpid(pid, NULL, 0) != pid)
		die("waitpid: %s", strerror(errno));
}

void stop_plugin(void)
{
	if (!program.plugin)
		die("needs --plugin");
	if (kill(program.plugin, SIGSTOP))
		die("cannot stop the plugin: %s", strerror(errno));
	wait_state(program.plugin, 'T');
}

void continue_plugin(void)
{
	kill(program.plugin, SIGCONT);
}
