// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * verifier.c - what the kernel's verifier makes of each probe
 *
 * The kernel refuses a program through which the verifier takes more than a
 * million steps, and the plugin then does with worse probes; how many steps it
 * takes differs from kernel to kernel. Prints a line for each program, "ok
 * program NAME: STEPS steps", or "not ok" and the kernel's own words. Fentry
 * programs are left out where the kernel lacks what they call.
 *
 * usage: verifier
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "kernel/counters.h"
#include "pvm.skel.h"

#define STEPS_MAX 500000u /* half of what Linux allows */

static char verdict[1 << 16]; /* by the kernel: the end, where it is long */

/* Those for preemptible kernels have kprobes as twins. */
static bool is_fentry(const char *name)
{
	size_t len = strlen(name);

	return len > 2 && !strcmp(name + len - 2, "_f");
}

static bool kernel_has_fentry(void)
{
	return libbpf_probe_bpf_helper(BPF_PROG_TYPE_KPROBE, BPF_FUNC_loop,
				       NULL) > 0 &&
	       libbpf_probe_bpf_helper(BPF_PROG_TYPE_KPROBE, BPF_FUNC_find_vma,
				       NULL) > 0;
}

/* Load the program @name alone; the kernel says in verdict what it made of it.
 */
static int load(const char *name)
{
	bool tasks = is_fentry(name);
	struct pvm_bpf *bpf = pvm_bpf__open();
	struct bpf_program *program;
	int err;

	if (!bpf)
		return -1;
	bpf_object__for_each_program(program, bpf->obj)
	{
		bpf_program__set_autoload(
			program, !strcmp(bpf_program__name(program), name));
	}
	program = bpf_object__find_program_by_name(bpf->obj, name);
	bpf->rodata->slots_are_tasks = tasks;
	err = bpf_map__set_autocreate(bpf->maps.task_slots, tasks);
	if (!err)
		err = bpf_map__set_autocreate(bpf->maps.slots, !tasks);
	if (!err)
		/* the sum of the steps alone */
		err = bpf_program__set_log_level(program, 4);
	if (!err)
		err = bpf_program__set_log_buf(program, verdict,
					       sizeof(verdict));
	if (!err)
		err = pvm_bpf__load(bpf);
	pvm_bpf__destroy(bpf);
	return err;
}

static bool check(const char *name)
{
	unsigned int steps = 0;
	const char *sum;
	int err;

	memset(verdict, 0, sizeof(verdict));
	err = load(name);
	sum = strstr(verdict, "\nprocessed ");
	if (!sum && !strncmp(verdict, "processed ", 10))
		sum = verdict;
	if (!sum || sscanf(sum, " processed %u", &steps) != 1)
		err = err ? err : -1;
	if (!err && steps <= STEPS_MAX) {
		printf("ok program %s: %u steps\n", name, steps);
		return true;
	}
	printf("not ok program %s: %u steps, error %d: %.300s\n", name, steps,
	       err, verdict);
	return false;
}

static int ignore(enum libbpf_print_level level, const char *format,
		  va_list args)
{
	(void)level;
	(void)format;
	(void)args;
	return 0;
}

int main(void)
{
	struct pvm_bpf *bpf = pvm_bpf__open();
	bool fentry = kernel_has_fentry();
	struct bpf_program *program;
	bool good = true;

	if (!bpf)
		return EXIT_FAILURE;
	libbpf_set_print(ignore);
	setvbuf(stdout, NULL, _IOLBF, 0);
	bpf_object__for_each_program(program, bpf->obj)
	{
		const char *name = bpf_program__name(program);

		if (fentry || !is_fentry(name))
			good &= check(name);
	}
	pvm_bpf__destroy(bpf);
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
