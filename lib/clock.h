/* SPDX-License-Identifier: GPL-2.0-or-later */
/* clock.h - the two clocks: one for waiting, one for telling */
#ifndef PVM_CLOCK_H
#define PVM_CLOCK_H

#include <stdint.h>
#include <time.h>

/* CLOCK_MONOTONIC in milliseconds. */
static inline uint64_t pvm_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* CLOCK_REALTIME in nanoseconds. */
static inline uint64_t pvm_wall_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

#endif
