// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * table.c - a call that lasts, and others beside it on the same CPU
 *
 * First a thread on each CPU makes one call, so that each CPU has what the
 * kernel sets aside for it. Then on the first and on the last one a call lasts
 * by a thread named "longN", N being the CPU, while OTHERS threads make a call
 * each. For each a line "longN RESULT OTHERS", with how many made theirs in
 * time.
 *
 * usage: table OTHERS
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <unistd.h>

#define SIZE (64UL << 20)
#define VECTORS 12

static char *from, *to;
static atomic_bool begun, done;
static ssize_t result;

static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	if (sched_setaffinity(0, sizeof(set), &set))
		perror("table: sched_setaffinity");
}

static void *call_once(void *cpu)
{
	struct iovec local = {to, 8}, remote = {from, 8};

	pin((int)(long)cpu);
	process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
	return NULL;
}

static void *call_long(void *cpu)
{
	struct iovec local[VECTORS], remote[VECTORS];
	char name[16];

	pin((int)(long)cpu);
	snprintf(name, sizeof(name), "long%u", (unsigned int)(long)cpu % 10000);
	prctl(PR_SET_NAME, name);
	for (int i = 0; i < VECTORS; i++) {
		local[i] = (struct iovec){to, SIZE};
		remote[i] = (struct iovec){from, SIZE};
	}
	begun = true;
	result = process_vm_readv(getpid(), local, VECTORS, remote, VECTORS, 0);
	done = true;
	return NULL;
}

static pthread_t start(void *(*run)(void *), int cpu)
{
	pthread_t id;

	if (pthread_create(&id, NULL, run, (void *)(long)cpu)) {
		perror("table: pthread_create");
		exit(2);
	}
	return id;
}

static void try_cpu(int cpu, int others)
{
	pthread_t id;
	int made = 0;

	begun = done = false;
	id = start(call_long, cpu);
	while (!begun)
		usleep(1000);
	usleep(200000);
	while (made < others && !done) {
		pthread_join(start(call_once, cpu), NULL);
		made += !done;
	}
	pthread_join(id, NULL);
	printf("long%d %zd %d\n", cpu, result, made);
}

static char *map(void)
{
	char *at = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);

	if (at == MAP_FAILED) {
		perror("table: mmap");
		exit(2);
	}
	return at;
}

int main(int argc, char **argv)
{
	int cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);

	if (argc != 2)
		return 2;
	from = map();
	to = map();
	for (int cpu = 0; cpu < cpus; cpu++)
		pthread_join(start(call_once, cpu), NULL);
	try_cpu(0, atoi(argv[1]));
	try_cpu(cpus - 1, atoi(argv[1]));
	return 0;
}
