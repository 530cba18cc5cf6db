// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What root can still do once it has given up what the plugin gives up: this
 * program does the same by the plugin's own code, and then tries. Prints one
 * line a try, "ok NAME" or "not ok NAME: WHY".
 *
 * usage: confined PID MAP    a process of root's, and the id of a BPF map
 *
 * A layer of the sandbox that is not on is one such line, too.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <libaudit.h>
#include <linux/bpf.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "process/privileges.h"
#include "process/state.h"

static bool all_right = true;

/* @result is 0 or more, or -1 with errno, and must be what is @wanted. */
static void expect(const char *name, long result, int wanted)
{
	int got = result < 0 ? errno : 0;

	if (got == wanted) {
		printf("ok %s\n", name);
		return;
	}
	all_right = false;
	printf("not ok %s: got %s, expected %s\n", name, strerror(got),
	       strerror(wanted));
}

static long write_to(const char *name, int flags)
{
	return open(name, O_WRONLY | O_CLOEXEC | flags, 0600);
}

static void try_files(void)
{
	expect("write /etc/passwd", write_to("/etc/passwd", 0), EACCES);
	expect("append to the audit log",
	       write_to("/var/log/audit/audit.log", O_APPEND), EACCES);
	expect("write the options", write_to("/etc/audit/pvm.conf", O_CREAT),
	       EACCES);
	expect("empty a file by opening it",
	       open("/etc/issue", O_RDONLY | O_TRUNC | O_CLOEXEC), EPERM);
	expect("remove the audit log", unlink("/var/log/audit/audit.log"),
	       EACCES);
	expect("move it", rename("/var/log/audit/audit.log", "/tmp/log"),
	       EXDEV);
	expect("make a directory", mkdir("/etc/audit/new", 0755), EACCES);
	expect("change a mode", chmod("/etc/passwd", 0666), EPERM);
	expect("mount", mount("none", "/tmp", "tmpfs", 0, NULL), EPERM);
	expect("write kernel memory", write_to("/dev/mem", 0), EACCES);
	expect("read the options",
	       open("/etc/audit/pvm.conf", O_RDONLY | O_CLOEXEC), 0);
}

static void try_others(pid_t pid)
{
	char c;
	struct iovec vec = {&c, 1};

	expect("signal a process of root's", kill(pid, 0), EPERM);
	expect("read its memory", process_vm_readv(pid, &vec, 1, &vec, 1, 0),
	       EPERM);
	expect("become another user", setuid(65534), EPERM);
	expect("enter a new namespace", unshare(CLONE_NEWUSER), EPERM);
}

static void try_kernel(unsigned int map)
{
	union bpf_attr attr = {.map_id = map};
	int fd = audit_open();

	expect("get at a BPF map",
	       syscall(SYS_bpf, BPF_MAP_GET_FD_BY_ID, &attr, sizeof(attr)),
	       EPERM);
	expect("reach audit", fd, 0);
	errno = 0;
	expect("switch audit off", audit_set_enabled(fd, 0) > 0 ? 0 : -1,
	       EPERM);
	expect("send a record",
	       audit_log_user_message(fd, AUDIT_USER, "op=confined", NULL, NULL,
				      "", 1) > 0
		       ? 0
		       : -1,
	       0);
}

static void report(FILE *file, void *arg)
{
	(void)arg;
	fputs("confined = 1\n", file);
}

int main(int argc, char **argv)
{
	struct pvm_sandbox sandbox = {0};
	int err;

	if (argc != 3) {
		fputs("usage: confined PID MAP\n", stderr);
		return 2;
	}
	pvm_privileges_drop(&sandbox);
	for (enum pvm_layer layer = 0; layer < PVM_LAYERS; layer++) {
		errno = -sandbox.error[layer];
		expect(pvm_layer_name(layer), sandbox.on[layer] ? 0 : -1, 0);
	}
	try_files();
	try_others(atoi(argv[1]));
	try_kernel((unsigned int)atoi(argv[2]));
	err = pvm_state_save(report, NULL);
	errno = -err;
	expect("write the state report", -!!err, 0);
	return all_right ? 0 : 1;
}
