// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * misfit.c - calls and probes that do not fit each other
 *
 * Two of the probes' counters stay at 0 on any kernel that there is: arguments
 * of process_vm_rw_core() in other registers, and no slot for a call. So the
 * same BPF object is loaded here with that probe on a function whose arguments
 * are others, and with a table that has room for one thread. Prints what the
 * counters have come to, a line "NAME NUMBER" each. Needs audit to watch this
 * process's system calls: load a rule before.
 *
 * usage: misfit
 *        misfit absent    a call whose vectors are in a page that is not there
 *                         yet, so that no probe can read it
 */
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include "kernel/counters.h"
#include "pvm.skel.h"

enum { CALLS = 10 };

static void give_up(const char *what)
{
	fprintf(stderr, "misfit: %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static void attach(struct bpf_program *program, const char *function)
{
	if (!bpf_program__attach_kprobe(program, false, function))
		give_up(function);
}

/* The core's probe sees what process_vm_rw() gets. */
static struct pvm_bpf *load(void)
{
	struct pvm_bpf *bpf = pvm_bpf__open();
	struct bpf_program *program;

	if (!bpf)
		give_up("open");
	bpf_object__for_each_program(program, bpf->obj)
	{
		bool needed = program == bpf->progs.pvm_enter ||
			      program == bpf->progs.pvm_core;

		bpf_program__set_autoload(program, needed);
	}
	if (bpf_map__set_autocreate(bpf->maps.task_slots, false) ||
	    bpf_map__set_type(bpf->maps.slots, BPF_MAP_TYPE_HASH) ||
	    bpf_map__set_max_entries(bpf->maps.slots, 1) || pvm_bpf__load(bpf))
		give_up("load");
	attach(bpf->progs.pvm_enter, "process_vm_rw");
	attach(bpf->progs.pvm_core, "process_vm_rw");
	return bpf;
}

static void *make_calls(void *arg)
{
	char from[8] = "", to[8];
	struct iovec local = {to, sizeof(to)}, remote = {from, sizeof(from)};

	for (int i = 0; i < CALLS; i++)
		if (process_vm_readv(getpid(), &local, 1, &remote, 1, 0) !=
		    (ssize_t)sizeof(to))
			give_up("process_vm_readv");
	return arg;
}

/* The kernel finds zeroes there: a vector of no length. */
static int call_with_absent_vectors(void)
{
	struct iovec *remote = mmap(NULL, sizeof(*remote), PROT_READ,
				    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char to[8];
	struct iovec local = {to, sizeof(to)};

	if (remote == MAP_FAILED)
		give_up("mmap");
	if (process_vm_readv(getpid(), &local, 1, remote, 1, 0))
		give_up("process_vm_readv");
	return EXIT_SUCCESS;
}

/* What the probes count where they do not fit. */
static int misplace(void)
{
	struct pvm_bpf *bpf = load();
	uint64_t sums[PVM_K_COUNTERS];
	pthread_t thread;

	make_calls(NULL); /* the one slot is this thread's */
	if (pthread_create(&thread, NULL, make_calls, NULL))
		give_up("pthread_create");
	pthread_join(thread, NULL);
	pvm_counters_sum(bpf->bss->counters, sums);
	printf("kernel_calls %llu\n", (unsigned long long)sums[PVM_K_CALLS]);
	printf("kernel_other_registers %llu\n",
	       (unsigned long long)sums[PVM_K_OTHER_REGS]);
	printf("kernel_table_full %llu\n",
	       (unsigned long long)sums[PVM_K_TABLE_FULL]);
	pvm_bpf__destroy(bpf);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "absent"))
		return call_with_absent_vectors();
	return misplace();
}
