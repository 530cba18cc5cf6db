// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cases in which caller and target are not in the same namespaces. Every id
 * in a record but apid= is one of the first namespaces.
 */
#define _GNU_SOURCE
#include "case.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

static void enter(int what)
{
	if (unshare(what))
		die("unshare: %s", strerror(errno));
}

/* ---- pid namespaces -------------------------------------------------- */

/* Who takes part, and what each does when */
struct nest {
	atomic_int step;
	pid_t outer;
	pid_t caller;
	pid_t caller_by_outer; /* its id in the outer namespace */
	pid_t target;
	struct call to_child, to_self, to_nobody, from_outer;
	long child, self, nobody, outwards;
};

/* Process 1 of the inner namespace; its child is process 2 there. */
__attribute__((noreturn)) static void play_inner(struct nest *nest)
{
	nest->caller = first_pid();
	if (!fork_child()) {
		nest->target = first_pid();
		atomic_store(&nest->step, 1);
		stay();
	}
	wait_for(&nest->step, 2);
	nest->child = do_call(&nest->to_child);
	nest->self = do_call(&nest->to_self);
	nest->nobody = do_call(&nest->to_nobody);
	atomic_store(&nest->step, 3);
	stay();
}

static pid_t spare_process(void)
{
	pid_t pid = fork_child();

	if (!pid)
		stay();
	return pid;
}

/* Process 1 of the outer namespace */
__attribute__((noreturn)) static void play_outer(struct nest *nest)
{
	pid_t pid;

	nest->outer = first_pid();
	/* so that the inner process has another id here than in there */
	spare_process();
	enter(CLONE_NEWPID);
	pid = fork_child();
	if (!pid)
		play_inner(nest);
	nest->caller_by_outer = pid;
	wait_for(&nest->step, 4);
	nest->outwards = do_call(&nest->from_outer);
	atomic_store(&nest->step, 5);
	stay();
}

/* Their vectors have to be there before the callers are forked. */
static void lay_out_nest(struct nest *nest)
{
	lay_out(&nest->to_child, NULL);
	lay_out(&nest->to_self, NULL);
	lay_out(&nest->to_nobody, NULL);
	lay_out(&nest->from_outer, NULL);
}

static void aim_at(struct call *c, pid_t pid, pid_t apid, const char *rel)
{
	struct target *t = shared(sizeof(*t));

	know(t, pid, pid, rel);
	t->apid = apid;
	aim(c, t);
}

/* 2 and 1 are also ids in the first namespace, of others. */
static void aim_nest(struct nest *nest)
{
	aim_at(&nest->to_child, nest->target, 2, "child");
	aim_at(&nest->to_self, nest->caller, 1, "self");
	/* in sight of the first namespace alone */
	nest->to_nobody.is.apid = nest->target;
	finds_nobody(&nest->to_nobody, -ESRCH);
	aim_at(&nest->from_outer, nest->caller, nest->caller_by_outer, "child");
}

static void nested_pids(void)
{
	struct nest *nest = shared(sizeof(*nest));

	lay_out_nest(nest);
	if (!fork_child()) {
		enter(CLONE_NEWPID);
		if (!fork_child())
			play_outer(nest);
		stay();
	}
	wait_for(&nest->step, 1);
	aim_nest(nest);
	atomic_store(&nest->step, 2);
	wait_for(&nest->step, 3);
	atomic_store(&nest->step, 4);
	wait_for(&nest->step, 5);
	made(&nest->to_child, nest->caller, nest->caller, nest->child);
	made(&nest->to_self, nest->caller, nest->caller, nest->self);
	made(&nest->to_nobody, nest->caller, nest->caller, nest->nobody);
	made(&nest->from_outer, nest->outer, nest->outer, nest->outwards);
}

/* ---- user namespaces ------------------------------------------------- */

static void enter_user_namespace(const void *unused)
{
	become_nobody(unused);
	enter(CLONE_NEWUSER);
}

/*
 * The same user, and yet: with another user namespace than the target's, the
 * caller would need CAP_SYS_PTRACE in the target's, which is above its own
 * (cap_ptrace_access_check()).
 */
static void denied_namespace(void)
{
	make_by_sibling(enter_user_namespace, become_nobody, -EPERM);
}

/*
 * The other way round it is allowed: who made a user namespace has every
 * capability in there (cap_capable(): the owner, from the namespace above).
 * ouid= is a user of the first namespace; in the target's own it has none.
 */
static void into_user_namespace(void)
{
	make_by_sibling(become_nobody, enter_user_namespace, 0);
}

/* Both in the same one: an ordinary call, with ids of the first namespace */
static void within_user_namespace(void)
{
	atomic_int *step = shared(sizeof(*step));
	struct call c;
	struct target t;
	pid_t pid;
	long *result = shared(sizeof(*result));
	atomic_int *target = shared(sizeof(*target));

	lay_out(&c, NULL);
	c.is.uid = NOBODY;
	pid = fork_child();
	if (!pid) {
		enter_user_namespace(NULL);
		if (!fork_child()) {
			atomic_store(target, (int)first_pid());
			atomic_store(step, 1);
			stay();
		}
		wait_for(step, 2);
		c.is.apid = atomic_load(target);
		*result = do_call(&c);
		atomic_store(step, 3);
		stay();
	}
	wait_for(step, 1);
	know(&t, atomic_load(target), atomic_load(target), "child");
	aim(&c, &t);
	atomic_store(step, 2);
	wait_for(step, 3);
	made(&c, pid, pid, *result);
}

const struct named_case namespace_cases[] = {
	{"nested_pids", nested_pids},
	{"denied_namespace", denied_namespace},
	{"into_user_namespace", into_user_namespace},
	{"within_user_namespace", within_user_namespace},
	{NULL, NULL},
};
