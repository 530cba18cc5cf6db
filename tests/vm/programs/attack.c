// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What an attacker tries, one thing a run. Exit status 0: it was possible;
 * 1: it was refused, and the reason is printed.
 *
 * usage: attack forge TYPE TEXT   an audit message with that text, as it is
 *        attack read PID          one byte of a process's memory
 *        attack bpf KIND ID       a descriptor of a map, prog or link
 *        attack vanish N          calls whose caller and target are gone at
 * once; prints "spid opid" of each attack threads N         a call from each of
 * so many threads at once
 */
#define _GNU_SOURCE
#include <errno.h>
#include <libaudit.h>
#include <linux/bpf.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define STACK_SIZE 65536

static int answered(long result)
{
	if (result >= 0)
		return 0;
	puts(strerror(errno));
	return 1;
}

/* ---- forge ----------------------------------------------------------- */

/* By hand: libaudit would add to the text, and does not take every type. */
static int forge(int type, const char *text)
{
	struct {
		struct nlmsghdr head;
		char text[8192];
	} message = {0};
	struct {
		struct nlmsghdr head;
		struct nlmsgerr error;
		char rest[8192];
	} answer = {0};
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_AUDIT);

	if (fd < 0)
		return answered(fd);
	snprintf(message.text, sizeof(message.text), "%s", text);
	message.head.nlmsg_len =
		(unsigned int)NLMSG_LENGTH(strlen(message.text) + 1);
	message.head.nlmsg_type = (unsigned short)type;
	message.head.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	if (send(fd, &message, message.head.nlmsg_len, 0) < 0 ||
	    recv(fd, &answer, sizeof(answer), 0) < 0)
		return answered(-1);
	errno = -answer.error.error;
	return answered(answer.error.error);
}

/* ---- reach into the plugin ------------------------------------------- */

static int read_memory(pid_t pid)
{
	char c;
	struct iovec local = {&c, 1}, remote = {&c, 1};

	return answered(process_vm_readv(pid, &local, 1, &remote, 1, 0));
}

static int get_bpf(const char *kind, unsigned int id)
{
	union bpf_attr attr = {.map_id = id};
	int command = !strcmp(kind, "map")    ? BPF_MAP_GET_FD_BY_ID
		      : !strcmp(kind, "prog") ? BPF_PROG_GET_FD_BY_ID
					      : BPF_LINK_GET_FD_BY_ID;

	return answered(syscall(SYS_bpf, command, &attr, sizeof(attr)));
}

/* ---- hide ------------------------------------------------------------ */

static void call(pid_t target)
{
	char c;
	struct iovec local = {&c, 1}, remote = {&c, 1};

	process_vm_readv(target, &local, 1, &remote, 1, 0);
}

static int vanish(int calls)
{
	for (int i = 0; i < calls; i++) {
		pid_t target = fork(), caller;

		if (!target)
			for (;;)
				pause();
		caller = fork();
		if (!caller) {
			call(target);
			kill(target, SIGKILL);
			_exit(0);
		}
		if (target < 0 || caller < 0)
			return answered(-1);
		waitpid(caller, NULL, 0);
		waitpid(target, NULL, 0);
		printf("%d %d\n", (int)caller, (int)target);
	}
	return 0;
}

static pthread_barrier_t barrier;

static void *call_at_once(void *arg)
{
	pthread_barrier_wait(&barrier);
	call(getppid());
	return arg;
}

static int threads(unsigned int n)
{
	pthread_t *all = calloc(n, sizeof(*all));
	pthread_attr_t attr;

	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_SIZE);
	pthread_barrier_init(&barrier, NULL, n);
	for (unsigned int i = 0; all && i < n; i++) {
		errno = pthread_create(&all[i], &attr, call_at_once, NULL);
		if (errno)
			return answered(-1);
	}
	for (unsigned int i = 0; all && i < n; i++)
		pthread_join(all[i], NULL);
	free(all);
	return 0;
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";

	if (argc == 4 && !strcmp(what, "forge"))
		return forge(atoi(argv[2]), argv[3]);
	if (argc == 4 && !strcmp(what, "bpf"))
		return get_bpf(argv[2], (unsigned int)atoi(argv[3]));
	if (argc == 3 && !strcmp(what, "read"))
		return read_memory(atoi(argv[2]));
	if (argc == 3 && !strcmp(what, "vanish"))
		return vanish(atoi(argv[2]));
	if (argc == 3 && !strcmp(what, "threads"))
		return threads((unsigned int)atoi(argv[2]));
	fputs("usage: attack forge TYPE TEXT | read PID | bpf KIND ID | "
	      "vanish N | threads N\n",
	      stderr);
	return 2;
}
