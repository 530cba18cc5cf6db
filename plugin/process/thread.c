// SPDX-License-Identifier: GPL-2.0-or-later
/* thread.c - see thread.h */
#include <signal.h>

#include "process/thread.h"

/*
 * Ours go no deeper. Of a mapping of some megabytes, which is the default, the
 * kernel may make a huge page resident at the first touch, and the C library
 * keeps a thread's stack for the next one.
 */
#define STACK_SIZE ((size_t)512 << 10)

static int create(pthread_t *thread, void *(*run)(void *arg), void *arg)
{
	pthread_attr_t attr;
	int err = pthread_attr_init(&attr);

	if (err)
		return err;
	err = pthread_attr_setstacksize(&attr, STACK_SIZE);
	if (!err)
		err = pthread_create(thread, &attr, run, arg);
	pthread_attr_destroy(&attr);
	return err;
}

int pvm_thread_start(pthread_t *thread, void *(*run)(void *arg), void *arg)
{
	sigset_t all, before;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	err = create(thread, run, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -err;
}
