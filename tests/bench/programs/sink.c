// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * sink.c - the least that a plugin of auditd's can do: it reads its input, and
 * discards it or keeps it as it came
 *
 * usage: sink [FILE]
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

static char buffer[65536];

/* auditd may have left it ignored or blocked. */
static void end_at_sigterm(void)
{
	sigset_t none;

	signal(SIGTERM, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static int keep(int fd, const char *data, ssize_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, (size_t)len);

		if (n < 0)
			return -1;
		data += n;
		len -= n;
	}
	return 0;
}

int main(int argc, char **argv)
{
	int fd = -1;
	ssize_t n;

	if (argc > 1) {
		fd = open(argv[1], O_WRONLY | O_CREAT | O_APPEND, 0600);
		if (fd < 0)
			return 1;
	}
	end_at_sigterm();
	for (;;) {
		n = read(STDIN_FILENO, buffer, sizeof(buffer));
		if (!n)
			return 0;
		if (n < 0 && errno != EINTR)
			return 1;
		if (n > 0 && fd >= 0 && keep(fd, buffer, n))
			return 1;
	}
}
