// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cases that fail, or return 0, before the kernel looks for a target; and
 * those in which it finds none, or may not use what it finds.
 */
#define _GNU_SOURCE
#include "case.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define KERNEL_ADDRESS 0xffff888000001000UL
#define PID_BOUND 4194304

/* ---- early ends ------------------------------------------------------ */

static void bad_flags(void)
{
	static const unsigned long flags[] = {1, 0x80000000UL, 1UL << 63, ~0UL};
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	for (int i = 0; i < 4; i++) {
		lay_out(&c, &t);
		c.is.vmflags = flags[i];
		ends_early(&c, -EINVAL);
		make(&c);
	}
}

/* All 64 bits of riovcnt count: the second one is not "one vector". */
static void bad_riovcnt(void)
{
	static const unsigned long counts[] = {1025, (1UL << 32) + 1, ~0UL};
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	for (int i = 0; i < 3; i++) {
		lay_out(&c, &t);
		c.is.riovcnt = counts[i];
		ends_early(&c, -EINVAL);
		make(&c);
	}
}

static void bad_liovcnt(void)
{
	static const unsigned long counts[] = {1025, 0xffffffffUL};
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	for (int i = 0; i < 2; i++) {
		lay_out(&c, &t);
		c.is.liovcnt = counts[i];
		ends_early(&c, -EINVAL);
		make(&c);
	}
}

/* Vectors that cannot be read: at all, from the second on, by anybody */
static void fault(bool remote, unsigned long where, unsigned long count)
{
	struct iovec *v = (void *)where;
	struct call c;

	lay_out(&c, NULL);
	/* nobody: that is not even looked at */
	c.is.apid = PID_BOUND + 1;
	if (remote)
		set_remote(&c, v, count);
	else
		set_local(&c, v, count);
	ends_early(&c, -EFAULT);
	make(&c);
}

static void faults(bool remote)
{
	struct iovec *last = (void *)(HOLE - sizeof(*last));

	*last = (struct iovec){(void *)LOCAL, 64};
	fault(remote, 0, 1);
	fault(remote, HOLE, 1);
	fault(remote, (uintptr_t)last, 2);
	fault(remote, KERNEL_ADDRESS, 1);
	fault(remote, HOLE, 1024);
}

static void unreadable_remote(void)
{
	faults(true);
}

static void unreadable_local(void)
{
	faults(false);
}

/* The kernel refuses its own addresses already when it takes the vectors. */
static void local_in_kernel(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	c.local[0].iov_base = (void *)KERNEL_ADDRESS;
	ends_early(&c, -EFAULT);
	make(&c);
}

/* A remote one is an address like any other, where nothing is mapped. */
static void remote_in_kernel(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	c.remote[0].iov_base = (void *)KERNEL_ADDRESS;
	c.expect = -EFAULT;
	make(&c);
}

/* No local byte: 0, whatever the rest is, but for the flags */
static void zero_local(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	c.is.liovcnt = 0;
	ends_early(&c, 0);
	make(&c);

	lay_out(&c, NULL);
	c.is.apid = PID_BOUND + 1;
	c.is.riov = NULL;
	c.local[0].iov_len = 0;
	ends_early(&c, 0);
	make(&c);

	lay_out(&c, &t);
	c.is.liovcnt = 0;
	c.is.vmflags = 1;
	ends_early(&c, -EINVAL);
	make(&c);
}

/* No remote byte: both lists are there, nobody is looked for. */
static void zero_remote(void)
{
	struct call c;

	lay_out(&c, NULL);
	c.is.apid = PID_BOUND + 1;
	c.is.riovcnt = 0;
	finds_nobody(&c, 0);
	make(&c);

	lay_out(&c, NULL);
	c.is.apid = PID_BOUND + 1;
	set_remote(&c, new_vectors(1024), 1024);
	finds_nobody(&c, 0);
	make(&c);
}

/* ---- nobody, or nobody with memory ----------------------------------- */

static void no_such_process(void)
{
	const pid_t pids[] = {0, -1, PID_BOUND, PID_BOUND + 1};
	struct target gone;
	struct call c;

	start_target(&gone, NULL, NULL);
	end_child(gone.tgid);
	lay_out(&c, NULL);
	c.is.apid = gone.tgid;
	finds_nobody(&c, -ESRCH);
	make(&c);
	for (int i = 0; i < 4; i++) {
		lay_out(&c, NULL);
		c.is.apid = pids[i];
		finds_nobody(&c, -ESRCH);
		make(&c);
	}
}

/* The pid is 32 bits of its register; what stands above is of no meaning. */
static void pid_64_bits(void)
{
	struct target t;
	struct call c;
	long rc;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	rc = syscall(SYS_process_vm_readv, 0x1234567800000000L | t.apid,
		     c.is.liov, 1UL, c.is.riov, 1UL, 0UL);
	made(&c, first_pid(), first_tid(), rc < 0 ? -errno : rc);
}

static void kernel_thread(void)
{
	struct target t;
	struct call c;

	know(&t, 2, 2, "other");
	if (t.is.exe)
		die("process 2 is no kernel thread");
	lay_out(&c, &t);
	c.expect = -ESRCH;
	make(&c);
}

static void zombie(void)
{
	struct target t;
	struct call c;
	pid_t pid = fork_child();

	if (!pid)
		_exit(0);
	wait_state(pid, 'Z');
	know(&t, pid, pid, "child");
	lay_out(&c, &t);
	c.expect = -ESRCH;
	make(&c);
}

/* ---- denied ---------------------------------------------------------- */

/* Caller and target are both children of this process. */
static void denied_uid(void)
{
	make_by_sibling(become_nobody, NULL, -EPERM);
}

static void become_untouchable(const void *unused)
{
	become_nobody(unused);
	if (prctl(PR_SET_DUMPABLE, 0))
		die("prctl: %s", strerror(errno));
}

static void denied_dumpable(void)
{
	make_by_sibling(become_nobody, become_untouchable, -EPERM);
}

/* So that it is the flag, and nothing else, that refuses the one above */
static void allowed_same_uid(void)
{
	make_by_sibling(become_nobody, become_nobody, 0);
}

const struct named_case failure_cases[] = {
	{"bad_flags", bad_flags},
	{"bad_riovcnt", bad_riovcnt},
	{"bad_liovcnt", bad_liovcnt},
	{"unreadable_remote", unreadable_remote},
	{"unreadable_local", unreadable_local},
	{"local_in_kernel", local_in_kernel},
	{"remote_in_kernel", remote_in_kernel},
	{"zero_local", zero_local},
	{"zero_remote", zero_remote},
	{"no_such_process", no_such_process},
	{"pid_64_bits", pid_64_bits},
	{"kernel_thread", kernel_thread},
	{"zombie", zombie},
	{"denied_uid", denied_uid},
	{"denied_dumpable", denied_dumpable},
	{"allowed_same_uid", allowed_same_uid},
	{NULL, NULL},
};
