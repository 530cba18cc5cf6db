// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the plugin could do if somebody else had got hold of it at its start,
 * with all of root's privileges and before it gives any up: put in the plugin's
 * place, and started by auditd, this program tries, and then reads what auditd
 * feeds it. Prints a line a try, "allowed NAME" or "refused NAME: WHY".
 *
 * usage: forbidden [FILE]    default: /run/audit/pvm.forbidden
 *
 * Nothing of it does harm where it is allowed.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libaudit.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

/* Process 1, which is confined neither as auditd nor as the plugin. */
#define OTHER 1

static FILE *results;

/* @result is 0 or more, or -1 with errno. */
static void note(const char *name, long result)
{
	if (result < 0)
		fprintf(results, "refused %s: %s\n", name, strerror(errno));
	else
		fprintf(results, "allowed %s\n", name);
}

static void try_open(const char *name, const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	note(name, fd);
	if (fd < 0)
		return;
	close(fd);
	if (flags & O_EXCL)
		unlink(path);
}

static void try_files(void)
{
	try_open("read /etc/shadow", "/etc/shadow", O_RDONLY);
	try_open("write /etc/passwd", "/etc/passwd", O_WRONLY);
	try_open("write its options", "/etc/audit/pvm.conf", O_WRONLY);
	try_open("append to the audit log", "/var/log/audit/audit.log",
		 O_WRONLY | O_APPEND);
	try_open("make a file in /etc", "/etc/forbidden",
		 O_WRONLY | O_CREAT | O_EXCL);
	try_open("make a file in /tmp", "/tmp/forbidden",
		 O_WRONLY | O_CREAT | O_EXCL);
	try_open("make a file in /root", "/root/forbidden",
		 O_WRONLY | O_CREAT | O_EXCL);
	try_open("write a kernel option", "/proc/sys/kernel/core_pattern",
		 O_WRONLY);
}

static void try_shell(void)
{
	int status = 0;
	pid_t child = fork();

	if (!child) {
		execl("/bin/sh", "sh", "-c", "exit 0", (char *)NULL);
		_exit(errno);
	}
	errno = 0;
	if (waitpid(child, &status, 0) == child && WIFEXITED(status))
		errno = WEXITSTATUS(status);
	note("run a shell", errno ? -1 : 0);
}

static void try_others(void)
{
	char byte;
	struct iovec local = {&byte, 1}, remote = {&byte, 1};
	long result;

	result = ptrace(PTRACE_SEIZE, OTHER, 0, 0);
	note("trace another process", result);
	/* a tracer that ends leaves what it has seized alone */
	result = process_vm_readv(OTHER, &local, 1, &remote, 1, 0);
	note("read its memory",
	     result < 0 && errno == EFAULT ? 0 : result); /* not mapped there */
	try_open("read its environment", "/proc/1/environ", O_RDONLY);
	/* which does nothing to what nobody has stopped */
	note("signal it", kill(OTHER, SIGCONT));
}

static void try_system(void)
{
	int fd = audit_open();
	long result = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	note("open a network connection", result);
	errno = EPERM;
	note("switch audit on or off",
	     fd >= 0 && audit_set_enabled(fd, 1) > 0 ? 0 : -1);
	note("mount", mount("none", "/mnt", "tmpfs", 0, NULL));
	umount("/mnt");
}

static void feed_on_stdin(void)
{
	char text[8192];

	while (read(STDIN_FILENO, text, sizeof(text)) > 0)
		;
}

/* As what the security module has started it. */
static void note_label(void)
{
	char label[256] = "";
	FILE *file = fopen("/proc/self/attr/current", "re");

	if (!file)
		return;
	if (fgets(label, sizeof(label), file))
		fprintf(results, "label %.*s\n", (int)strcspn(label, "\n"),
			label);
	fclose(file);
}

int main(int argc, char **argv)
{
	results = fopen(argc > 1 ? argv[1] : "/run/audit/pvm.forbidden", "we");
	if (!results)
		return 1;
	note_label();
	/* what the plugin may do: that it is not refused everything */
	try_open("read the options", "/etc/audit/pvm.conf", O_RDONLY);
	try_files();
	try_shell();
	try_others();
	try_system();
	fputs("end\n", results);
	fclose(results);
	feed_on_stdin();
	return 0;
}
