/* SPDX-License-Identifier: GPL-2.0-or-later */
/* thread.h - threads beside the first one, to which signals are left */
#ifndef PVM_THREAD_H
#define PVM_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* Run @run(@arg) on a thread that gets no signal. Returns 0 or -errno. */
int pvm_thread_start(pthread_t *thread, void *(*run)(void *arg), void *arg);

/* Wait for its end, for @timeout_ms at most. Returns whether it has ended. */
bool pvm_thread_join(pthread_t thread, unsigned int timeout_ms);

#endif
