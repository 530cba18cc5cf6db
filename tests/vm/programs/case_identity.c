// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cases about who the target is: threads, targets that change or go before
 * the plugin reads anything, pids used again, and every relation to a caller.
 */
#define _GNU_SOURCE
#include "case.h"

#include <errno.h>
#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* How long something wrong is left standing for the plugin to fall for */
#define BAIT_SECONDS 2

static void read_of(const struct target *t, long expect)
{
	struct call c;

	lay_out(&c, t);
	c.expect = expect;
	make(&c);
}

/* ---- threads --------------------------------------------------------- */

static void by_thread_id(void)
{
	struct target leader, thread;

	start_threaded(&leader, &thread);
	read_of(&thread, 64);
	read_of(&leader, 64);
}

static void *outlive_leader(void *tid)
{
	prctl(PR_SET_NAME, "survivor");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	atomic_store((atomic_int *)tid, (int)syscall(SYS_gettid));
	stay();
}

/* The process lives on in another thread; by its own id it has no memory. */
static void dead_leader(void)
{
	atomic_int *tid = shared(sizeof(*tid));
	pid_t pid = fork_child();
	struct target leader, thread;
	pthread_t id;

	if (!pid) {
		if (pthread_create(&id, NULL, outlive_leader, tid))
			die("no second thread");
		wait_set(tid);
		/* the bare call ends this thread alone */
		syscall(SYS_exit, 0);
	}
	wait_state(pid, 'Z');
	know(&leader, pid, pid, "child");
	know(&thread, pid, atomic_load(tid), "child");
	read_of(&leader, -ESRCH);
	read_of(&thread, 64);
}

/* ---- gone or changed before the plugin looks ------------------------- */

static void target_exits(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	stop_plugin();
	make(&c);
	end_child(t.tgid);
	continue_plugin();
}

/* Says so by 1, and executes another program when told to, by 2. */
__attribute__((noreturn)) static void exec_on_order(atomic_int *order)
{
	prctl(PR_SET_NAME, "before exec");
	atomic_store(order, 1);
	wait_for(order, 2);
	execl("/bin/sleep", "sleep", "1000", NULL);
	die("cannot execute: %s", strerror(errno));
}

static void target_execs(void)
{
	atomic_int *order = shared(sizeof(*order));
	pid_t pid = fork_child();
	struct target after, before;
	struct call c;

	if (!pid)
		exec_on_order(order);
	wait_for(order, 1);
	know(&before, pid, pid, "child");
	lay_out(&c, &before);
	stop_plugin();
	make(&c);
	atomic_store(order, 2);
	do {
		usleep(1000);
		know(&after, pid, pid, "child");
	} while (strcmp(after.is.comm, "sleep"));
	continue_plugin();
	sleep(BAIT_SECONDS);
}

/* A new process with the very pid of one that is gone */
static void fork_with_pid(pid_t pid, atomic_int *step)
{
	struct clone_args args = {
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&pid,
		.set_tid_size = 1,
	};
	long got;

	fflush(NULL);
	got = syscall(SYS_clone3, &args, sizeof(args));
	if (got < 0)
		die("cannot make process %d anew: %s", (int)pid,
		    strerror(errno));
	if (!got) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		become_nobody(NULL);
		prctl(PR_SET_NAME, "pid, used anew");
		atomic_store(step, 1);
		stay();
	}
	wait_for(step, 1);
}

static void pid_reused(void)
{
	struct target first, second;
	struct call c;

	start_target(&first, NULL, NULL);
	lay_out(&c, &first);
	stop_plugin();
	make(&c);
	end_child(first.tgid);
	usleep(50000); /* several clock ticks: the starts must differ */
	fork_with_pid(first.tgid, shared(sizeof(atomic_int)));
	know(&second, first.tgid, first.tgid, "child");
	read_of(&second, 64);
	if (second.is.start == first.is.start)
		die("both have the same start");
	continue_plugin();
	sleep(BAIT_SECONDS);
}

/* ---- ids and names --------------------------------------------------- */

static void write_loginuid(unsigned int uid)
{
	FILE *file = fopen("/proc/self/loginuid", "we");

	if (!file || fprintf(file, "%u", uid) < 0 || fclose(file))
		die("cannot set a login uid: %s", strerror(errno));
}

/* Four different users: real, effective, saved, and who logged in */
static void be_many_users(const void *unused)
{
	(void)unused;
	write_loginuid(1001);
	if (setresuid(NOBODY, 33, 0))
		die("setresuid: %s", strerror(errno));
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

static void user_ids(void)
{
	struct target t;

	start_target(&t, be_many_users, NULL);
	if (t.is.uid != NOBODY || t.is.auid != 1001 || t.is.ses == ~0U)
		die("the target's users are not as they should be");
	read_of(&t, 64);
}

static void take_name(const void *name)
{
	prctl(PR_SET_NAME, name);
}

/* Names that try to be more than a value, or less */
static void names(void)
{
	static const char *const all[] = {
		"x uid=0 res=ok",  "x\" uid=0",
		"it's'",	   "",
		"\n\x01\x1d\xff",  "=",
		"0123456789abcde", "msg='op=none",
	};
	struct target t;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		start_target(&t, take_name, all[i]);
		if (strcmp(t.is.comm, all[i]))
			die("/proc says %s, not %s", t.is.comm, all[i]);
		read_of(&t, 64);
		end_child(t.tgid);
	}
}

const struct named_case target_cases[] = {
	{"by_thread_id", by_thread_id},
	{"dead_leader", dead_leader},
	{"target_exits", target_exits},
	{"target_execs", target_execs},
	{"pid_reused", pid_reused},
	{"user_ids", user_ids},
	{"names", names},
	{NULL, NULL},
};

/* ---- relations ------------------------------------------------------- */

static void *second_thread(void *tid)
{
	atomic_store((atomic_int *)tid, (int)syscall(SYS_gettid));
	stay();
}

/* Itself: also through another of its threads */
static void rel_self(void)
{
	static atomic_int tid;
	struct target t;
	pthread_t id;

	know(&t, getpid(), getpid(), "self");
	read_of(&t, 64);
	usleep(50000);
	if (pthread_create(&id, NULL, second_thread, &tid))
		die("no second thread");
	know(&t, getpid(), wait_set(&tid), "self");
	read_of(&t, 64);
}

static void rel_child(void)
{
	struct target t;

	start_target(&t, NULL, NULL);
	read_of(&t, 64);
}

static void *fork_there(void *target)
{
	struct target *t = target;

	/* not start_target(): a child dies with the thread that forked it */
	pid_t pid = fork();

	if (!pid)
		stay();
	if (pid > 0)
		know(t, pid, pid, "child");
	return NULL;
}

/* Its parent is another thread of the caller's process */
static void rel_child_of_thread(void)
{
	struct target t = {0};
	pthread_t id;

	if (pthread_create(&id, NULL, fork_there, &t) ||
	    pthread_join(id, NULL) || !t.tgid)
		die("no child of a thread");
	read_of(&t, 64);
	end_child(t.tgid);
}

static void rel_parent(void)
{
	struct target t;
	struct call c;

	know(&t, getpid(), getpid(), "parent");
	lay_out(&c, &t);
	make_by_child(&c, NULL, NULL);
}

static void rel_sibling(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	t.is.rel = "sibling";
	lay_out(&c, &t);
	make_by_child(&c, NULL, NULL);
}

/* A child's child; shares nothing but an ancestor with the caller */
static void start_grandchild(struct target *t, const char *rel)
{
	atomic_int *pid = shared(sizeof(*pid));

	if (!fork_child()) {
		if (!fork_child()) {
			atomic_store(pid, (int)getpid());
			stay();
		}
		stay();
	}
	know(t, wait_set(pid), wait_set(pid), rel);
}

static void rel_other(void)
{
	struct target t;

	start_grandchild(&t, "other");
	read_of(&t, 64);
}

static void attach(pid_t pid)
{
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL))
		die("ptrace: %s", strerror(errno));
}

/* Tracing is what counts, whether it is a child or not. */
static void rel_tracee(void)
{
	struct target t;

	start_grandchild(&t, "tracee");
	attach(t.tgid);
	read_of(&t, 64);

	start_target(&t, NULL, NULL);
	attach(t.tgid);
	t.is.rel = "tracee";
	read_of(&t, 64);
}

struct seizure {
	struct target t;
	atomic_int done;
};

static void *attach_and_stay(void *seizure)
{
	struct seizure *s = seizure;

	attach(s->t.tgid);
	atomic_store(&s->done, 1);
	stay();
}

/* The tracer is another thread of the caller's process. */
static void rel_tracee_of_thread(void)
{
	struct seizure *s = shared(sizeof(*s));
	pthread_t id;

	start_grandchild(&s->t, "tracee");
	if (pthread_create(&id, NULL, attach_and_stay, s))
		die("no tracing thread");
	wait_for(&s->done, 1);
	read_of(&s->t, 64);
}

/* What a traced caller and its tracer have in common */
struct traced {
	atomic_int step;
	pid_t caller;
	long to_parent;
	long to_tracer;
};

static pid_t start_tracer(struct traced *both)
{
	pid_t pid = fork_child();

	if (!pid) {
		wait_for(&both->step, 1);
		attach(both->caller);
		atomic_store(&both->step, 2);
		stay();
	}
	return pid;
}

/*
 * A caller that is traced by its sibling: its parent is still who forked it,
 * and the tracer is a sibling to it, not a parent.
 */
static void rel_traced_caller(void)
{
	struct traced *both = shared(sizeof(*both));
	struct call to_parent, to_tracer;
	struct target parent, tracer;
	pid_t pid = start_tracer(both);

	know(&parent, getpid(), getpid(), "parent");
	lay_out(&to_parent, &parent);
	know(&tracer, pid, pid, "sibling");
	lay_out(&to_tracer, &tracer);
	pid = fork_child();
	if (!pid) {
		wait_for(&both->step, 2);
		both->to_parent = do_call(&to_parent);
		both->to_tracer = do_call(&to_tracer);
		atomic_store(&both->step, 3);
		stay();
	}
	both->caller = pid;
	atomic_store(&both->step, 1);
	wait_for(&both->step, 3);
	made(&to_parent, pid, pid, both->to_parent);
	made(&to_tracer, pid, pid, both->to_tracer);
}

const struct named_case relation_cases[] = {
	{"rel_self", rel_self},
	{"rel_child", rel_child},
	{"rel_child_of_thread", rel_child_of_thread},
	{"rel_parent", rel_parent},
	{"rel_sibling", rel_sibling},
	{"rel_other", rel_other},
	{"rel_tracee", rel_tracee},
	{"rel_tracee_of_thread", rel_tracee_of_thread},
	{"rel_traced_caller", rel_traced_caller},
	{NULL, NULL},
};
