// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Laying out calls, making them, and accounting for them; see case.h.
 *
 * No array of vectors is used twice: match tells calls by their addresses.
 */
#define _GNU_SOURCE
#include "case.h"

#include <errno.h>
#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define BYTES 64

struct outcome {
	pid_t spid;
	pid_t stid;
	long result;
	atomic_int step;
};

struct iovec *new_vectors(unsigned long count)
{
	return need(calloc(count + 1, sizeof(struct iovec)));
}

void set_remote(struct call *c, struct iovec *v, unsigned long count)
{
	c->remote = v;
	c->is.riov = v;
	c->is.riovcnt = count;
}

void set_local(struct call *c, struct iovec *v, unsigned long count)
{
	c->local = v;
	c->is.liov = v;
	c->is.liovcnt = count;
}

static void set_op(struct call *c, bool write)
{
	c->write = write;
	c->is.op = write ? "process_vm_writev" : "process_vm_readv";
}

void set_write(struct call *c)
{
	set_op(c, true);
}

void aim(struct call *c, const struct target *t)
{
	c->is.apid = t->apid;
	c->is.target_tgid = t->tgid;
	c->is.target_tid = t->tid;
	c->is.target = &t->is;
	c->is.target_file = t->file;
}

void lay_out(struct call *c, const struct target *t)
{
	memset(c, 0, sizeof(*c));
	set_op(c, false);
	c->is.kind = program.name;
	c->is.uid = getuid();
	c->is.caller_file = program.file;
	c->is.copied = true;
	c->is.expect = &c->expect;
	if (t)
		aim(c, t);
	set_remote(c, new_vectors(1), 1);
	set_local(c, new_vectors(1), 1);
	c->remote[0] = (struct iovec){(void *)REMOTE, BYTES};
	c->local[0] = (struct iovec){(void *)LOCAL, BYTES};
	c->expect = BYTES;
}

void finds_nobody(struct call *c, long expect)
{
	c->is.target_tgid = 0;
	c->is.target_tid = 0;
	c->expect = expect;
}

void ends_early(struct call *c, long expect)
{
	finds_nobody(c, expect);
	c->is.copied = false;
}

long do_call(const struct call *c)
{
	long number = c->write ? SYS_process_vm_writev : SYS_process_vm_readv;
	long rc = syscall(number, (long)c->is.apid, c->is.liov, c->is.liovcnt,
			  c->is.riov, c->is.riovcnt, c->is.vmflags);

	return rc < 0 ? -errno : rc;
}

void made(struct call *c, pid_t spid, pid_t stid, long result)
{
	c->is.number = atomic_fetch_add(program.calls, 1) + 1;
	c->is.spid = spid;
	c->is.stid = stid;
	c->is.exit = result;
	if (result != c->expect) {
		atomic_fetch_add(program.wrong, 1);
		printf("cases: %s: call %lu returned %ld instead of %ld\n",
		       program.name, c->is.number, result, c->expect);
		fflush(stdout);
	}
	if (account_write(program.account, &c->is) || fflush(program.account))
		die("cannot write the account: %s", strerror(errno));
}

void make(struct call *c)
{
	long result = do_call(c);

	made(c, first_pid(), first_tid(), result);
}

void make_by_child(struct call *c, void (*before)(const void *),
		   const void *arg)
{
	struct outcome *out = shared(sizeof(*out));
	pid_t pid = fork_child();

	if (!pid) {
		/* while /proc can still be read */
		out->spid = first_pid();
		out->stid = first_tid();
		if (before)
			before(arg);
		out->result = do_call(c);
		atomic_store(&out->step, 1);
		_exit(0);
	}
	wait_for(&out->step, 1);
	if (waitpid(pid, NULL, 0) != pid)
		die("waitpid: %s", strerror(errno));
	made(c, out->spid, out->stid, out->result);
}

void make_by_sibling(void (*caller)(const void *), void (*target)(const void *),
		     long err)
{
	struct target t;
	struct call c;

	start_target(&t, target, NULL);
	t.is.rel = "sibling";
	lay_out(&c, &t);
	c.is.uid = NOBODY;
	if (err)
		c.expect = err;
	make_by_child(&c, caller, NULL);
}

void become_nobody(const void *unused)
{
	(void)unused;
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		die("cannot become nobody: %s", strerror(errno));
	/* a change of ids takes both away */
	if (prctl(PR_SET_DUMPABLE, 1) || prctl(PR_SET_PDEATHSIG, SIGKILL))
		die("prctl: %s", strerror(errno));
}
