// SPDX-License-Identifier: GPL-2.0-or-later
/* thread.c - see thread.h */
#define _GNU_SOURCE /* pthread_timedjoin_np */
#include <signal.h>
#include <time.h>

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

static void add_ms(struct timespec *time, unsigned int ms)
{
	time->tv_sec += ms / 1000;
	time->tv_nsec += (long)(ms % 1000) * 1000000;
	if (time->tv_nsec >= 1000000000) {
		time->tv_sec++;
		time->tv_nsec -= 1000000000;
	}
}

bool pvm_thread_join(pthread_t thread, unsigned int timeout_ms)
{
	struct timespec deadline;

	clock_gettime(CLOCK_REALTIME, &deadline);
	add_ms(&deadline, timeout_ms);
	return !pthread_timedjoin_np(thread, NULL, &deadline);
}
