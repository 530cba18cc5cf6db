// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cases of 32-bit calls: int $0x80 in this 64-bit program, and calls by a
 * program that is a 32-bit one (compat32.c). Vectors have 8 bytes there.
 */
#define _GNU_SOURCE
#include "case.h"
#include "compat32.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static void is_compat(struct call *c)
{
	c->is.abi = COMPAT_ABI;
	c->is.used_riov = c->remote;
	c->is.used_riovcnt = c->is.riovcnt;
	c->is.used_liov = c->local;
	c->is.used_liovcnt = c->is.liovcnt;
}

static void fill(struct iovec *v, unsigned long count, unsigned long from)
{
	for (unsigned long i = 0; i < count; i++)
		v[i] = (struct iovec){(void *)(from + 16 * i), 8};
}

/* ---- int $0x80, for which other machines have nothing ---------------- */

#ifdef __x86_64__

/* Low memory for 32-bit vectors, never used twice */
static struct compat_iovec *low_vectors(size_t count)
{
	static char *at;
	static size_t room;
	struct compat_iovec *v;

	if (room < count * sizeof(*v)) {
		room = 64 * PAGE;
		at = mmap(NULL, room, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
		if (at == MAP_FAILED)
			die("no low memory: %s", strerror(errno));
	}
	v = (struct compat_iovec *)(void *)at;
	at += count * sizeof(*v);
	room -= count * sizeof(*v);
	return v;
}

/* What the vectors of a 64-bit call look like to a 32-bit one */
static struct compat_iovec *narrow(const struct iovec *v, size_t count)
{
	struct compat_iovec *low = low_vectors(count);

	for (size_t i = 0; i < count; i++)
		low[i] = (struct compat_iovec){(uintptr_t)v[i].iov_base,
					       v[i].iov_len};
	return low;
}

static void make_int80(struct call *c)
{
	struct compat_iovec *remote = narrow(c->remote, c->is.riovcnt);
	struct compat_iovec *local = narrow(c->local, c->is.liovcnt);
	long number = c->write ? COMPAT_WRITEV : COMPAT_READV;
	int rc;

	is_compat(c);
	c->is.riov = (void *)remote;
	c->is.liov = (void *)local;
	rc = compat_call(number, c->is.apid, (uintptr_t)local, c->is.liovcnt,
			 (uintptr_t)remote, c->is.riovcnt, c->is.vmflags);
	made(c, first_pid(), first_tid(), rc);
}

static void int80_many(const struct target *t, bool write, unsigned long count)
{
	struct call c;

	lay_out(&c, t);
	if (write)
		set_write(&c);
	set_remote(&c, new_vectors(count), count);
	set_local(&c, new_vectors(count), count);
	fill(c.remote, count, REMOTE);
	fill(c.local, count, LOCAL);
	c.expect = 8 * count;
	make_int80(&c);
}

static void int80(void)
{
	struct target t;

	start_target(&t, NULL, NULL);
	for (int write = 0; write < 2; write++) {
		int80_many(&t, write, 1);
		int80_many(&t, write, 17);
		int80_many(&t, write, 1024);
	}
}

static void int80_fails(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	c.is.vmflags = 1;
	ends_early(&c, -EINVAL);
	make_int80(&c);

	lay_out(&c, &t);
	c.remote[0].iov_base = (void *)HOLE;
	c.expect = -EFAULT;
	make_int80(&c);

	/* the kernel refuses what is negative as a 32-bit length */
	lay_out(&c, &t);
	c.remote[0].iov_len = 0x80000000;
	ends_early(&c, -EINVAL);
	make_int80(&c);
}

/* Another call by the same number: neither reads anything of anybody. */
static void other_call(long number, bool native, long expect)
{
	const uintptr_t a1 = (uintptr_t)low_vectors(1);
	const uintptr_t a3 = (uintptr_t)low_vectors(1);
	struct call c;
	long rc;

	lay_out(&c, NULL);
	c.is.op = ACCOUNT_NO_OP;
	c.is.liov = (void *)a1;
	c.is.riov = (void *)a3;
	ends_early(&c, expect);
	if (native)
		rc = syscall(number, 0L, a1, 1L, a3, 1L, 0L);
	else
		rc = compat_call(number, 0, a1, 1, a3, 1, 0);
	made(&c, first_pid(), first_tid(), native && rc < 0 ? -errno : rc);
}

/*
 * 310 and 311 are unshare and set_robust_list to i386; the second one's size
 * is a pointer here, and wrong. 64-bit calls have nothing at 347 and 348.
 */
static void other_calls(void)
{
	other_call(310, false, 0);
	other_call(311, false, -EINVAL);
	other_call(347, true, -ENOSYS);
	other_call(348, true, -ENOSYS);
}

#endif

/* ---- a 32-bit program ------------------------------------------------ */

struct program_32 {
	pid_t pid;
	int orders;
	int answers;
};

__attribute__((noreturn)) static void execute(int orders, int answers)
{
	char name[] = "compat32";
	char *const argv[] = {name, NULL};
	char *const none[] = {NULL};

	dup2(orders, 0);
	dup2(answers, 1);
	execve(program.path_compat32, argv, none);
	die("%s: %s", program.path_compat32, strerror(errno));
}

static void start_32(struct program_32 *p, struct compat_answer *hello)
{
	int orders[2], answers[2];

	if (!program.path_compat32)
		die("needs --compat32");
	if (pipe(orders) || pipe(answers))
		die("pipe: %s", strerror(errno));
	p->pid = fork_child();
	if (!p->pid)
		execute(orders[0], answers[1]);
	close(orders[0]);
	close(answers[1]);
	p->orders = orders[1];
	p->answers = answers[0];
	if (read(p->answers, hello, sizeof(*hello)) != sizeof(*hello))
		die("the 32-bit program does not run");
}

/* It has the vectors in memory of its own, and the local bytes as well. */
static void make_32(struct program_32 *p, struct call *c,
		    const struct compat_answer *hello)
{
	struct compat_order order = {
		.number = c->write ? COMPAT_WRITEV : COMPAT_READV,
		.pid = c->is.apid,
		.remote_count = c->is.riovcnt,
		.local_count = c->is.liovcnt,
	};
	struct compat_answer answer;

	c->local[0].iov_base = (void *)(uintptr_t)hello->memory;
	for (unsigned long i = 0; i < c->is.riovcnt; i++)
		order.remote[i] = (struct compat_iovec){
			(uintptr_t)c->remote[i].iov_base, c->remote[i].iov_len};
	order.local[0] =
		(struct compat_iovec){hello->memory, c->local[0].iov_len};
	is_compat(c);
	if (write(p->orders, &order, sizeof(order)) != sizeof(order) ||
	    read(p->answers, &answer, sizeof(answer)) != sizeof(answer))
		die("the 32-bit program has gone");
	c->is.riov = (void *)(uintptr_t)answer.remote;
	c->is.liov = (void *)(uintptr_t)answer.local;
	if (account_stat(&c->is.caller_file, p->pid, p->pid))
		die("the 32-bit program: %s", strerror(errno));
	made(c, p->pid, p->pid, answer.result);
}

static void compat_program(void)
{
	struct compat_answer hello;
	struct program_32 p;
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	t.is.rel = "sibling";
	start_32(&p, &hello);
	for (int write = 0; write < 2; write++) {
		lay_out(&c, &t);
		if (write)
			set_write(&c);
		set_remote(&c, new_vectors(3), 3);
		fill(c.remote, 3, REMOTE);
		c.expect = 24;
		make_32(&p, &c, &hello);
	}
	/* and it as the target of a 64-bit call */
	know(&t, p.pid, p.pid, "child");
	lay_out(&c, &t);
	c.remote[0].iov_base = (void *)(uintptr_t)hello.memory;
	make(&c);
	end_child(p.pid);
}

const struct named_case compat_cases[] = {
#ifdef __x86_64__
	{"int80", int80},
	{"int80_fails", int80_fails},
	{"other_calls", other_calls},
#endif
	{"compat_program", compat_program},
	{NULL, NULL},
};
