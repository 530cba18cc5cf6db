// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * handover.c - hand a file to a program on a socket, as auditd does, and as
 * fast as it is taken
 *
 * Then the socket is closed, or with --keep stays open until the program ends.
 * Its status is this program's.
 *
 * usage: handover [--keep] FILE PROGRAM [ARG...]
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static void give_up(const char *what)
{
	perror(what);
	exit(2);
}

static pid_t start(int input, int other, char **argv)
{
	pid_t pid = fork();

	if (pid < 0)
		give_up("handover: fork");
	if (pid)
		return pid;
	dup2(input, STDIN_FILENO);
	close(input);
	close(other);
	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

static void hand_over(int file, int socket)
{
	static char bytes[256 * 1024];
	ssize_t n, at, written;

	while ((n = read(file, bytes, sizeof(bytes))) > 0)
		for (at = 0; at < n; at += written) {
			written = write(socket, bytes + at, (size_t)(n - at));
			if (written < 0)
				return; /* it has ended */
		}
}

int main(int argc, char **argv)
{
	bool keep = argc > 1 && !strcmp(argv[1], "--keep");
	int ends[2], file, status;
	pid_t pid;

	argc -= keep;
	argv += keep;
	if (argc < 3) {
		fputs("usage: handover [--keep] FILE PROGRAM [ARG...]\n",
		      stderr);
		return 2;
	}
	file = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (file < 0)
		give_up(argv[1]);
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		give_up("handover: socketpair");
	signal(SIGPIPE, SIG_IGN);
	pid = start(ends[0], ends[1], argv + 2);
	close(ends[0]);
	hand_over(file, ends[1]);
	if (!keep)
		close(ends[1]);
	if (waitpid(pid, &status, 0) < 0)
		give_up("handover: waitpid");
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
