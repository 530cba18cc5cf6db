// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_confinement.c - what the plugin can no longer do once it is at work:
 * the seccomp filter and Landlock, each tried in a child process; and what is
 * left of the sandbox when a layer of it is refused
 */
#define _GNU_SOURCE /* process_vm_readv */
#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "process/landlock.h"
#include "process/privileges.h"
#include "process/seccomp_filter.h"
#include "refusal.h"
#include "unit.h"

/* A try returns 0, or the errno with which it failed. */
typedef int try_fn(void);

#define NOT_CONFINED 250

/* What a child that is confined by @confine says of @try; -1: a signal. */
static int in_child(int (*confine)(void), try_fn *try, int *signal)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(confine() ? NOT_CONFINED : try());
	CU_ASSERT_FATAL(pid > 0);
	CU_ASSERT_EQUAL_FATAL(waitpid(pid, &status, 0), pid);
	*signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int result_of(long result)
{
	return result < 0 ? errno : 0;
}

static int apply_filter(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
		       ? -errno
		       : pvm_seccomp_apply(false);
}

/* ---- seccomp --------------------------------------------------------- */

static int try_read_file(void)
{
	char c;
	int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? errno : result_of(read(fd, &c, 1)) + close(fd);
}

static void *do_nothing(void *arg)
{
	return arg;
}

static int try_thread(void)
{
	pthread_t thread;
	int err = pthread_create(&thread, NULL, do_nothing, NULL);

	return err ? err : pthread_join(thread, NULL);
}

static int try_memory(void)
{
	char *memory = malloc(1 << 20);

	if (!memory)
		return errno;
	memory[1 << 19] = 1;
	free(memory);
	return 0;
}

static int read_from(pid_t pid)
{
	char from = 'x', to;
	struct iovec remote = {&from, 1}, local = {&to, 1};

	return result_of(process_vm_readv(pid, &local, 1, &remote, 1, 0));
}

static int try_read_self(void)
{
	return read_from(getpid());
}

static int try_read_parent(void)
{
	return read_from(getppid());
}

static int try_write_self(void)
{
	char from = 'x', to;
	struct iovec remote = {&to, 1}, local = {&from, 1};

	return result_of(process_vm_writev(getpid(), &local, 1, &remote, 1, 0));
}

static int try_unix_socket(void)
{
	return result_of(socket(AF_UNIX, SOCK_DGRAM, 0));
}

static int try_audit_socket(void)
{
	return result_of(socket(AF_NETLINK, SOCK_RAW, NETLINK_AUDIT));
}

static int try_route_socket(void)
{
	return result_of(socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE));
}

static int try_internet(void)
{
	return result_of(socket(AF_INET, SOCK_STREAM, 0));
}

/* Whatever it is, the question gets to it. */
static int try_shut_stdin(void)
{
	int result = result_of(shutdown(STDIN_FILENO, SHUT_RD));

	return result == ENOTSOCK ? 0 : result;
}

static int try_shut_other(void)
{
	return result_of(shutdown(socket(AF_UNIX, SOCK_DGRAM, 0), SHUT_RD));
}

static int try_kill_parent(void)
{
	return result_of(kill(getppid(), 0));
}

static int try_executable_memory(void)
{
	void *code = mmap(NULL, 4096, PROT_READ | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return code == MAP_FAILED ? errno : 0;
}

static int try_make_executable(void)
{
	void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return code == MAP_FAILED ? 0
				  : result_of(mprotect(code, 4096, PROT_EXEC));
}

static int try_chmod(void)
{
	return result_of(chmod("/", 0755));
}

static int try_bpf_map(void)
{
	static const unsigned int array[16] = {2, 4, 4, 1};

	return result_of(syscall(SYS_bpf, 0, array, sizeof(array)));
}

static int try_fork(void)
{
	return result_of(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL));
}

static int try_exec(void)
{
	return result_of(execl("/bin/true", "true", NULL));
}

static int try_ptrace(void)
{
	return result_of(ptrace(PTRACE_TRACEME, 0, NULL, NULL));
}

static int try_write_parent(void)
{
	char c = 'x';
	struct iovec vec = {&c, 1};

	return result_of(process_vm_writev(getppid(), &vec, 1, &vec, 1, 0));
}

/* Without a result the process must have been ended by the filter. */
static const struct {
	const char *name;
	try_fn *try;
	int want; /* -1: ended */
} filtered[] = {
	{"read a file", try_read_file, 0},
	{"start a thread", try_thread, 0},
	{"take memory", try_memory, 0},
	{"read its own memory", try_read_self, 0},
	{"write its own memory", try_write_self, 0},
	{"reach syslog", try_unix_socket, 0},
	{"reach audit", try_audit_socket, 0},
	{"take no more on stdin", try_shut_stdin, 0},
	{"end another connection", try_shut_other, EPERM},
	{"read another's memory", try_read_parent, EPERM},
	{"reach the network's setup", try_route_socket, EPERM},
	{"reach the network", try_internet, EPERM},
	{"send a signal", try_kill_parent, EPERM},
	{"map code", try_executable_memory, EPERM},
	{"make data code", try_make_executable, EPERM},
	{"change a mode", try_chmod, EPERM},
	{"make a BPF map", try_bpf_map, EPERM},
	{"fork", try_fork, EPERM},
	{"run a program", try_exec, -1},
	{"trace", try_ptrace, -1},
	{"write another's memory", try_write_parent, -1},
};

static void only_what_is_needed_passes_the_filter(void)
{
	for (size_t i = 0; i < COUNT(filtered) && !UNIT_SANITIZED; i++) {
		char got[64], want[64];
		int signal;
		int result = in_child(apply_filter, filtered[i].try, &signal);

		snprintf(got, sizeof(got), "%s: %d, signal %d",
			 filtered[i].name, result, signal);
		snprintf(want, sizeof(want), "%s: %d, signal %d",
			 filtered[i].name, filtered[i].want,
			 filtered[i].want < 0 ? SIGSYS : 0);
		SAME_TEXT(got, want);
	}
}

/* ---- Landlock -------------------------------------------------------- */

static char inside[sizeof(UNIT_FOLDER)];
static char outside[sizeof(UNIT_FOLDER)];

/* Skipped by whoever gets NOT_CONFINED: this kernel has none. */
static int confine_to_inside(void)
{
	if (syscall(SYS_landlock_create_ruleset, NULL, 0, 1) < 0)
		return -ENOSYS;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	return pvm_landlock_apply(inside);
}

static int write_file(const char *directory)
{
	char name[64], renamed[64];
	int fd;

	snprintf(name, sizeof(name), "%s/file", directory);
	snprintf(renamed, sizeof(renamed), "%s/renamed", directory);
	fd = open(name, O_WRONLY | O_CREAT, 0600);
	if (fd < 0)
		return errno;
	if (write(fd, "x", 1) != 1 || rename(name, renamed) || unlink(renamed))
		return errno;
	return close(fd);
}

static int try_write_inside(void)
{
	return write_file(inside);
}

static int try_write_outside(void)
{
	return write_file(outside);
}

static int try_overwrite_outside(void)
{
	return result_of(open("/dev/null", O_WRONLY));
}

static int try_remove_outside(void)
{
	return result_of(rmdir(outside));
}

static void only_its_own_directory_can_be_changed(void)
{
	static const struct {
		try_fn *try;
		int want;
	} tries[] = {
		{try_write_inside, 0},	      {try_read_file, 0},
		{try_write_outside, EACCES},  {try_overwrite_outside, EACCES},
		{try_remove_outside, EACCES}, {try_exec, EACCES},
	};
	int signal;

	unit_make_folder(inside);
	unit_make_folder(outside);
	for (size_t i = 0; i < COUNT(tries); i++) {
		int got = in_child(confine_to_inside, tries[i].try, &signal);

		if (got != NOT_CONFINED)
			SAME_NUMBER(got, tries[i].want);
	}
	SAME_NUMBER(rmdir(inside), 0);
	SAME_NUMBER(rmdir(outside), 0);
}

static int confine_to_nothing(void)
{
	return pvm_landlock_apply("/nowhere/at/all");
}

static int try_nothing(void)
{
	return 0;
}

static void directory_that_is_not_there_is_logged(void)
{
	int signal;

	SAME_NUMBER(in_child(confine_to_nothing, try_nothing, &signal),
		    NOT_CONFINED);
}

/* ---- the sandbox, a layer refused -------------------------------------- */

/* What a try in the child shows of it. */
struct found {
	struct pvm_sandbox said;
	bool is_on[PVM_LAYERS];
	bool landlock_there;
};

/* The value of @name in /proc/self/status, which the sandbox leaves readable.
 */
static uint64_t status_value(const char *name, int base)
{
	char line[256];
	uint64_t value = UINT64_MAX;
	FILE *file = fopen("/proc/self/status", "re");

	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)))
			value = strtoull(line + strlen(name), NULL, base);
	if (file)
		fclose(file);
	return value;
}

#define AUDIT_WRITE (1ull << 29)

static void look(struct found *found)
{
	uint64_t kept = status_value("CapPrm:", 16);

	found->is_on[PVM_LAYER_BOUNDING_SET] = !status_value("CapBnd:", 16);
	found->is_on[PVM_LAYER_NO_NEW_PRIVILEGES] =
		status_value("NoNewPrivs:", 10) == 1;
	found->is_on[PVM_LAYER_CAPABILITIES] =
		kept == AUDIT_WRITE && status_value("CapEff:", 16) == kept &&
		!status_value("CapInh:", 16) && !status_value("CapAmb:", 16);
	found->is_on[PVM_LAYER_LANDLOCK] = try_overwrite_outside() == EACCES;
	found->is_on[PVM_LAYER_SECCOMP] = try_internet() == EPERM;
}

/* Only with an ambient capability is it seen to go. */
static bool be_powerful(void)
{
	return !capng_get_caps_process() &&
	       !capng_update(CAPNG_ADD, CAPNG_INHERITABLE, CAP_CHOWN) &&
	       !capng_apply(CAPNG_SELECT_CAPS) &&
	       !prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN, 0, 0);
}

/* In a child, with @what refused; "" is nothing. */
static void sandbox_without(const char *what, struct found *found)
{
	size_t size = sizeof(*found);
	struct found *shared = mmap(NULL, size, PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;
	pid_t pid = fork();

	if (!pid) {
		shared->landlock_there =
			syscall(SYS_landlock_create_ruleset, NULL, 0, 1) >= 0;
		if (!be_powerful() || (*what && refuse(what)))
			_exit(1);
		pvm_privileges_drop(&shared->said);
		look(shared);
		_exit(0);
	}
	CU_ASSERT_EQUAL_FATAL(waitpid(pid, &status, 0), pid);
	SAME_NUMBER(status, 0);
	*found = *shared;
	munmap(shared, size);
}

/* @off: the one that is refused; all of the others are on, and are said to be.
 */
static void all_are_on_but(const char *what, int off)
{
	struct found found;

	sandbox_without(what, &found);
	for (int layer = 0; layer < PVM_LAYERS; layer++) {
		bool on = layer != off;
		char got[64], want[64];

		if (layer == PVM_LAYER_LANDLOCK && !found.landlock_there)
			on = false;
		snprintf(got, sizeof(got), "%s refused, %s: is %d, said %d",
			 what, pvm_layer_name(layer), found.is_on[layer],
			 found.said.on[layer]);
		snprintf(want, sizeof(want), "%s refused, %s: is %d, said %d",
			 what, pvm_layer_name(layer), on, on);
		SAME_TEXT(got, want);
	}
}

static void refused_layer_leaves_the_others_on(void)
{
	if (geteuid() || UNIT_SANITIZED)
		return;
	all_are_on_but("", -1);
	for (int layer = 0; layer < PVM_LAYERS; layer++)
		all_are_on_but(pvm_layer_name(layer), layer);
	all_are_on_but("setpcap", PVM_LAYER_BOUNDING_SET);
	all_are_on_but("landlock_there", PVM_LAYER_LANDLOCK);
}

static void same_reason(enum pvm_layer layer, int error, bool no_new_privs,
			const char *want)
{
	struct pvm_sandbox sandbox = {0};
	char why[512];

	sandbox.on[PVM_LAYER_NO_NEW_PRIVILEGES] = no_new_privs;
	sandbox.error[layer] = error;
	pvm_layer_explain(&sandbox, layer, why, sizeof(why));
	SAME_TEXT(why, want);
}

static void each_layer_has_its_own_cure(void)
{
	same_reason(PVM_LAYER_BOUNDING_SET, -EPERM, true,
		    "auditd passes no CAP_SETPCAP on; add it to "
		    "CapabilityBoundingSet= in auditd.service, and allow it in "
		    "SELinux's policy");
	same_reason(PVM_LAYER_LANDLOCK, -ENOSYS, true,
		    "this kernel has none; Linux 5.13 and later have, built "
		    "with CONFIG_SECURITY_LANDLOCK=y");
	same_reason(PVM_LAYER_LANDLOCK, -EOPNOTSUPP, true,
		    "it is switched off in this kernel; add landlock to lsm= "
		    "on its command line");
	same_reason(PVM_LAYER_LANDLOCK, -ENOENT, true,
		    "/run/audit is not there and cannot be made; make it");
	same_reason(PVM_LAYER_LANDLOCK, -EACCES, true,
		    "SELinux's policy does not let the plugin make /run/audit; "
		    "load the policy module audisp_pvm");
	same_reason(PVM_LAYER_SECCOMP, -EACCES, false,
		    "it needs no_new_privs or CAP_SYS_ADMIN, and neither is "
		    "there; see no_new_privs for the cure");
}

static void landlock_alone_can_be_missing(void)
{
	struct pvm_sandbox sandbox = {0};

	for (int layer = 0; layer < PVM_LAYERS; layer++)
		sandbox.error[layer] = -ENOSYS;
	for (enum pvm_layer layer = 0; layer < PVM_LAYERS; layer++)
		CU_ASSERT_EQUAL(pvm_layer_is_not_there(&sandbox, layer),
				layer == PVM_LAYER_LANDLOCK);
	sandbox.error[PVM_LAYER_LANDLOCK] = -EPERM;
	CU_ASSERT_FALSE(pvm_layer_is_not_there(&sandbox, PVM_LAYER_LANDLOCK));
}

CU_TestInfo confinement_tests[] = {
	TEST(only_what_is_needed_passes_the_filter),
	TEST(only_its_own_directory_can_be_changed),
	TEST(directory_that_is_not_there_is_logged),
	TEST(refused_layer_leaves_the_others_on),
	TEST(each_layer_has_its_own_cure),
	TEST(landlock_alone_can_be_missing),
	CU_TEST_INFO_NULL,
};
