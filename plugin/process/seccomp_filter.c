// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * seccomp_filter.c - see seccomp_filter.h
 *
 * A call that is not known here fails with EPERM and does no more harm: a
 * forgotten one, or one that a later C library makes instead, may cost a line
 * of the log or a state report, but must never end the collecting of evidence.
 * Only what no path of the plugin's, or of a library under it, can come to
 * ends the process: then it is not the plugin any more. Audit writes an event
 * of type SECCOMP of that, and auditd starts a fresh one.
 *
 * Rejected: a filter that kills by default, for the reason above; and one on
 * the threads already running (TSYNC), as the second is started later anyhow.
 */
#define _GNU_SOURCE /* CLONE_THREAD */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/netlink.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "process/seccomp_filter.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Whatever the arguments are. */
static const int allowed[] = {
	/* stdin, signals, files, netlink and syslog, once they are open */
	SCMP_SYS(read),
	SCMP_SYS(pread64),
	SCMP_SYS(write),
	SCMP_SYS(writev),
	SCMP_SYS(pwrite64), /* the checkpoint */
	SCMP_SYS(poll),
	SCMP_SYS(ppoll),
	SCMP_SYS(sendto),
	SCMP_SYS(sendmsg),
	SCMP_SYS(recvfrom),
	SCMP_SYS(recvmsg),
	SCMP_SYS(connect),
	SCMP_SYS(getsockopt),
	SCMP_SYS(setsockopt),
	SCMP_SYS(fcntl),
	SCMP_SYS(lseek),
	SCMP_SYS(ftruncate),
	SCMP_SYS(fsync),
	SCMP_SYS(fdatasync),
	SCMP_SYS(close),
	SCMP_SYS(close_range),
	/* options and state; /etc/localtime for syslog; /proc/self */
	SCMP_SYS(fstat),
	SCMP_SYS(stat),
	SCMP_SYS(newfstatat),
	SCMP_SYS(statx),
	SCMP_SYS(readlink),
	SCMP_SYS(readlinkat),
	SCMP_SYS(mkdir),
	SCMP_SYS(mkdirat),
	SCMP_SYS(unlink),
	SCMP_SYS(unlinkat),
	SCMP_SYS(rename),
	SCMP_SYS(renameat),
	SCMP_SYS(renameat2),
	/* memory */
	SCMP_SYS(brk),
	SCMP_SYS(munmap),
	SCMP_SYS(mremap),
	SCMP_SYS(madvise),
	/* time */
	SCMP_SYS(clock_gettime),
	SCMP_SYS(clock_nanosleep),
	SCMP_SYS(nanosleep),
	SCMP_SYS(gettimeofday),
	SCMP_SYS(time),
	/* threads and their end */
	SCMP_SYS(eventfd2),
	SCMP_SYS(futex),
	SCMP_SYS(set_robust_list),
	SCMP_SYS(rseq),
	SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity),
	SCMP_SYS(rt_sigaction),
	SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn),
	SCMP_SYS(restart_syscall),
	SCMP_SYS(exit),
	SCMP_SYS(exit_group),
	/* who and where it is */
	SCMP_SYS(getpid),
	SCMP_SYS(gettid),
	SCMP_SYS(getppid),
	SCMP_SYS(getuid),
	SCMP_SYS(geteuid),
	SCMP_SYS(getgid),
	SCMP_SYS(getegid),
	SCMP_SYS(getrusage),
	SCMP_SYS(sysinfo),
	SCMP_SYS(uname),
	SCMP_SYS(getrandom),
};

/* An argument that has to be @value in the bits of @mask. */
struct condition {
	unsigned int argument; /* counted from 0 */
	uint64_t mask; /* 0: no condition */
	uint64_t value;
};

#define WORD UINT32_MAX
#define CONDITIONS_MAX 2

static const struct {
	int call;
	struct condition conditions[CONDITIONS_MAX];
} conditional[] = {
	/* nothing new to run */
	{SCMP_SYS(mmap), {{2, PROT_EXEC, 0}}},
	{SCMP_SYS(mprotect), {{2, PROT_EXEC, 0}}},
	/*
	 * Landlock says which files may be changed, but before Linux 6.2 not
	 * which may be emptied by opening them for reading.
	 */
	{SCMP_SYS(open), {{1, O_TRUNC, 0}}},
	{SCMP_SYS(openat), {{2, O_TRUNC, 0}}},
	/* threads, but no processes */
	{SCMP_SYS(clone), {{0, CLONE_THREAD, CLONE_THREAD}}},
	/* the sending thread has descriptors of its own */
	{SCMP_SYS(unshare), {{0, WORD, CLONE_FILES}}},
	/* auditd is to hand over no more */
	{SCMP_SYS(shutdown), {{0, WORD, STDIN_FILENO}}},
	/* to syslog when that has been restarted, and to audit */
	{SCMP_SYS(socket), {{0, WORD, AF_UNIX}}},
	{SCMP_SYS(socket), {{0, WORD, AF_NETLINK}, {2, WORD, NETLINK_AUDIT}}},
	/* what the kernel counts of probes that it has skipped */
	{SCMP_SYS(bpf), {{0, WORD, BPF_OBJ_GET_INFO_BY_FD}}},
	/* detaching them; is standard error a terminal? */
	{SCMP_SYS(ioctl), {{1, WORD, PERF_EVENT_IOC_DISABLE}}},
	{SCMP_SYS(ioctl), {{1, WORD, TCGETS}}},
};

/* On the process itself: its trial of the probes, and abort(). */
static const int on_itself[] = {
	SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev),
	SCMP_SYS(tgkill),
};

/*
 * By these, one who has taken over the plugin would get at others; likewise by
 * process_vm_writev() on any process but the plugin's own.
 */
static const int deadly[] = {
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork),
	SCMP_SYS(vfork),  SCMP_SYS(ptrace),
};

static int allow_if(scmp_filter_ctx filter, int call,
		    const struct condition *conditions)
{
	struct scmp_arg_cmp compare[CONDITIONS_MAX];
	unsigned int n = 0;

	for (; n < CONDITIONS_MAX && conditions[n].mask; n++)
		compare[n] = (struct scmp_arg_cmp){
			.arg = conditions[n].argument,
			.op = SCMP_CMP_MASKED_EQ,
			.datum_a = conditions[n].mask,
			.datum_b = conditions[n].value,
		};
	return seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, call, n, compare);
}

static int add_allowed(scmp_filter_ctx filter)
{
	const struct condition self[CONDITIONS_MAX] = {
		{0, WORD, (uint32_t)getpid()}};
	int err = 0;

	for (size_t i = 0; i < COUNT(allowed) && !err; i++)
		err = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
	for (size_t i = 0; i < COUNT(conditional) && !err; i++)
		err = allow_if(filter, conditional[i].call,
			       conditional[i].conditions);
	for (size_t i = 0; i < COUNT(on_itself) && !err; i++)
		err = allow_if(filter, on_itself[i], self);
	return err;
}

static int add_deadly(scmp_filter_ctx filter)
{
	const struct scmp_arg_cmp other = {
		.arg = 0,
		.op = SCMP_CMP_NE,
		.datum_a = (scmp_datum_t)getpid(),
	};
	int err = seccomp_attr_set(filter, SCMP_FLTATR_ACT_BADARCH,
				   SCMP_ACT_KILL_PROCESS);

	for (size_t i = 0; i < COUNT(deadly) && !err; i++)
		err = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, deadly[i],
				       0);
	if (!err)
		err = seccomp_rule_add_array(filter, SCMP_ACT_KILL_PROCESS,
					     SCMP_SYS(process_vm_writev), 1,
					     &other);
	return err;
}

/*
 * The flags of clone3() are in memory, where no filter sees them; without it
 * the C library takes clone().
 */
static int hide_clone3(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS),
				SCMP_SYS(clone3), 0);
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#else
#define SANITIZED 0
#endif

/* no_new_privs is a layer by itself, and why the kernel refuses is asked. */
static int set_attributes(scmp_filter_ctx filter)
{
	int err = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);

	return err ? err
		   : seccomp_attr_set(filter, SCMP_FLTATR_API_SYSRAWRC, 1);
}

/* A process can drop by it what it has, and can get nothing back. */
static int allow_dropping(scmp_filter_ctx filter)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(capset), 0);
}

int pvm_seccomp_apply(bool may_drop)
{
	scmp_filter_ctx filter;
	int err;

	if (SANITIZED)
		return -EOPNOTSUPP;
	filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	if (!filter)
		return -ENOMEM;
	err = set_attributes(filter);
	if (!err)
		err = add_allowed(filter);
	if (!err && may_drop)
		err = allow_dropping(filter);
	if (!err)
		err = add_deadly(filter);
	if (!err)
		err = hide_clone3(filter);
	if (!err)
		err = seccomp_load(filter);
	seccomp_release(filter);
	return err;
}
