// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * probes.c - see probes.h
 *
 * Whether a place can be probed is known only by probing it: the compiler
 * renames functions, and some kernels refuse whole kinds of programs. What is
 * known to be needed is looked for first, so that its lack is explained.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "process/log.h"
#include "kernel/probes.h"
#include "pvm.skel.h"

#define KALLSYMS "/proc/kallsyms"
#define KERNEL_BTF "/sys/kernel/btf/vmlinux"
#define KPROBE_PMU "/sys/bus/event_source/devices/kprobe/type"

/* Kernel functions probed, by the name that the source gives them. */
enum place {
	PLACE_ENTER,
	PLACE_CORE,
	PLACE_TARGET,
	PLACE_LOST,
	PLACE_STAMP,
	PLACES
};

static const char *const place_names[PLACES] = {
	[PLACE_ENTER] = "process_vm_rw", [PLACE_CORE] = "process_vm_rw_core",
	[PLACE_TARGET] = "mm_access",	 [PLACE_LOST] = "audit_log_lost",
	[PLACE_STAMP] = "audit_log_end",
};

/*
 * How a program comes to run at its place. A kprobe can be had for each, and
 * runs with preemption off. What libbpf calls fentry costs less and sees more,
 * but is left out on a CPU where another task has been preempted inside the
 * same program: only for kernels where that cannot be. Two places are kprobes
 * always: the core is a clone with a name that no type is known for, and
 * process_vm_rw() has more arguments than fentry could take until 6.6.
 */
enum way {
	WAY_FENTRY,
	WAY_KPROBE,
};

/* As the kernel numbers it, since 5.12; see preempt= in its documentation. */
#define PREEMPT_VOLUNTARY 1

/* Room for a symbol with what the compiler has put behind it. */
#define SYMBOL_MAX 128

struct symbols {
	char name[PLACES][SYMBOL_MAX]; /* "" when the kernel has none */
	bool preempts; /* built so that a task can be preempted in it */
	uint64_t preempt_mode; /* address of preempt_dynamic_mode, or 0 */
};

struct pvm_probes {
	struct pvm_bpf *bpf;
	struct bpf_link *links[PLACES];
	struct symbols symbols;
	struct ring_buffer *ring;
	enum pvm_source source;
	enum way way;
	enum place refused; /* by the kernel; PLACES: none of them */
	enum pvm_stamp stamp; /* what the trial of it has shown */
	struct pvm_wire_trial last_trial; /* that has come */
	struct pvm_wire_stamp last_stamp; /* likewise */
	pvm_probes_fn *fn;
	void *arg;
};

/*
 * Is @symbol the function @name, or the clone of it that the compiler has
 * kept (.constprop.0, .isra.0)? Not the part of it moved away as cold, or
 * one that the compiler has split off.
 */
static bool is_clone_of(const char *symbol, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(symbol, name, len))
		return false;
	symbol += len;
	return !*symbol ||
	       ((!strncmp(symbol, ".constprop.", 11) ||
		 !strncmp(symbol, ".isra.", 6)) &&
		!strstr(symbol, ".cold") && !strstr(symbol, ".part"));
}

static void note_function(struct symbols *symbols, const char *symbol)
{
	if (!strcmp(symbol, "preempt_schedule"))
		symbols->preempts = true;
	for (int i = 0; i < PLACES; i++)
		if (is_clone_of(symbol, place_names[i]))
			snprintf(symbols->name[i], SYMBOL_MAX, "%s", symbol);
}

static int find_symbols(struct symbols *symbols)
{
	FILE *file = fopen(KALLSYMS, "re");
	char symbol[SYMBOL_MAX];
	char *line = NULL, *rest;
	size_t size = 0;
	uint64_t address;
	char kind;

	memset(symbols, 0, sizeof(*symbols));
	if (!file)
		return -errno;
	while (getline(&line, &size, file) > 0) {
		address = strtoull(line, &rest, 16);
		if (sscanf(rest, " %c %127s", &kind, symbol) != 2)
			continue;
		if (kind == 't' || kind == 'T')
			note_function(symbols, symbol);
		else if (!strcmp(symbol, "preempt_dynamic_mode"))
			symbols->preempt_mode = address;
	}
	free(line);
	fclose(file);
	return 0;
}

/* libbpf's own messages tell its developers more than an administrator. */
__attribute__((format(printf, 2, 0))) static int log_libbpf(
	enum libbpf_print_level level, const char *format, va_list args)
{
	if (level == LIBBPF_WARN && getenv("PVM_DEBUG_LIBBPF"))
		vfprintf(stderr, format, args);
	return 0;
}

static int handle_record(void *arg, void *data, size_t size)
{
	struct pvm_probes *probes = arg;
	const struct pvm_wire_head *head = data;

	if (size >= sizeof(probes->last_trial) && head->kind == PVM_WIRE_TRIAL)
		memcpy(&probes->last_trial, data, sizeof(probes->last_trial));
	else if (size >= sizeof(probes->last_stamp) &&
		 head->kind == PVM_WIRE_STAMP)
		memcpy(&probes->last_stamp, data, sizeof(probes->last_stamp));
	else
		probes->fn(probes->arg, data, size);
	return 0;
}

/* The program for a place, or NULL where it is not needed. */
static struct bpf_program *program_of(const struct pvm_bpf *bpf,
				      enum place place, enum pvm_source source,
				      enum way way)
{
	bool kernel = source == PVM_SOURCE_KERNEL;
	bool fentry = way == WAY_FENTRY;

	switch (place) {
	case PLACE_ENTER:
		return kernel ? bpf->progs.pvm_enter
			      : bpf->progs.pvm_enter_user;
	case PLACE_CORE:
		return kernel ? bpf->progs.pvm_core : NULL;
	case PLACE_TARGET:
		return fentry ? bpf->progs.pvm_target_f : bpf->progs.pvm_target;
	case PLACE_LOST:
		return fentry ? bpf->progs.pvm_lost_f : bpf->progs.pvm_lost;
	case PLACE_STAMP:
		return fentry ? bpf->progs.pvm_stamp_f : bpf->progs.pvm_stamp;
	default:
		return NULL;
	}
}

static int attach_place(struct pvm_probes *probes, enum place place,
			struct bpf_program *program, const char *symbol)
{
	if (!*symbol)
		return -ENOENT;
	if (bpf_program__type(program) == BPF_PROG_TYPE_TRACING)
		probes->links[place] = bpf_program__attach(program);
	else
		probes->links[place] =
			bpf_program__attach_kprobe(program, false, symbol);
	if (probes->links[place])
		return 0;
	probes->refused = place;
	return -errno;
}

/* A place that can be done without, when there is no other way. */
static bool can_do_without(const struct pvm_probes *probes, enum place place,
			   int err)
{
	static const struct {
		int priority;
		const char *meaning;
	} without[PLACES] = {
		[PLACE_TARGET] = {LOG_ERR, "records have no target"},
		[PLACE_LOST] = {LOG_NOTICE, "calls whose records audit drops "
					    "are not counted"},
	};

	if (!without[place].meaning || probes->way != WAY_KPROBE)
		return false;
	pvm_log(without[place].priority,
		"no probe on %s (%s): %s; run a kernel that allows one",
		place_names[place], strerror(-err), without[place].meaning);
	return true;
}

/* The stamp is the last place: from then on calls are sent. */
static int attach(struct pvm_probes *probes, const struct symbols *symbols,
		  enum pvm_source source)
{
	struct bpf_program *program;
	int err;

	for (enum place place = 0; place < PLACES; place++) {
		program = program_of(probes->bpf, place, source, probes->way);
		if (!program)
			continue;
		err = attach_place(probes, place, program,
				   symbols->name[place]);
		if (err && !can_do_without(probes, place, err))
			return err;
		probes->refused = PLACES;
	}
	return 0;
}

/* Of the programs in the object, load @only, or none when NULL. */
static void load_only(const struct pvm_bpf *bpf, struct bpf_program *only)
{
	struct bpf_program *program;

	bpf_object__for_each_program(program, bpf->obj)
	{
		bpf_program__set_autoload(program, program == only);
	}
}

/* Load those that will be attached, and the one that they call. */
static int choose_programs(const struct pvm_bpf *bpf, enum pvm_source source,
			   enum way way)
{
	struct bpf_program *program;

	load_only(bpf, way == WAY_KPROBE ? bpf->progs.pvm_map : NULL);
	for (enum place place = 0; place < PLACES; place++) {
		program = program_of(bpf, place, source, way);
		if (program)
			bpf_program__set_autoload(program, true);
	}
	bpf->rodata->slots_are_tasks = way == WAY_FENTRY;
	return bpf_map__set_autocreate(bpf->maps.task_slots, way == WAY_FENTRY);
}

/* A program that calls another needs its descriptor. */
static int link_steps(const struct pvm_bpf *bpf)
{
	__u32 first = 0;
	int fd = bpf_program__fd(bpf->progs.pvm_map);

	return bpf_map_update_elem(bpf_map__fd(bpf->maps.steps), &first, &fd,
				   BPF_ANY);
}

static int load(struct pvm_probes *probes, size_t ring_size,
		enum pvm_source source)
{
	struct pvm_bpf *bpf = pvm_bpf__open();
	int err;

	if (!bpf)
		return -errno;
	probes->bpf = bpf;
	bpf->rodata->wake_bytes = ring_size / 4;
	bpf->rodata->page_shift =
		(__u32)__builtin_ctzl((unsigned long)sysconf(_SC_PAGESIZE));
	err = choose_programs(bpf, source, probes->way);
	if (!err)
		err = bpf_map__set_max_entries(bpf->maps.ring,
					       (__u32)ring_size);
	if (!err)
		err = pvm_bpf__load(bpf);
	if (!err && probes->way == WAY_KPROBE)
		err = link_steps(bpf);
	if (err)
		return err;
	probes->ring = ring_buffer__new(bpf_map__fd(bpf->maps.ring),
					handle_record, probes, NULL);
	return probes->ring ? 0 : -errno;
}

/* Let go of everything in the kernel; @probes itself stays. */
static void detach(struct pvm_probes *probes)
{
	for (int i = 0; i < PLACES; i++) {
		bpf_link__destroy(probes->links[i]);
		probes->links[i] = NULL;
	}
	ring_buffer__free(probes->ring);
	probes->ring = NULL;
	pvm_bpf__destroy(probes->bpf);
	probes->bpf = NULL;
}

static void drain_trial(void *arg, struct pvm_wire_trial *trial)
{
	struct pvm_probes *probes = arg;

	memset(&probes->last_trial, 0, sizeof(probes->last_trial));
	ring_buffer__consume(probes->ring);
	*trial = probes->last_trial;
}

static void drain_stamp(void *arg, struct pvm_wire_stamp *stamp)
{
	struct pvm_probes *probes = arg;

	memset(&probes->last_stamp, 0, sizeof(probes->last_stamp));
	ring_buffer__consume(probes->ring);
	*stamp = probes->last_stamp;
}

/* Returns 0, or -EBADMSG when the probes do not show what they should. */
static int calibrate(struct pvm_probes *probes)
{
	struct pvm_calibration result;

	probes->bpf->bss->trial_tgid = (__u32)getpid();
	pvm_calibrate(&result, drain_trial, probes);
	probes->bpf->bss->trial_tgid = 0;
	if (!result.target && probes->links[PLACE_TARGET])
		pvm_log(LOG_ERR,
			"the probe on %s does not show the target of a call "
			"whose target is known: do not trust opid; report "
			"this with uname -a",
			place_names[PLACE_TARGET]);
	return result.arguments && result.vectors ? 0 : -EBADMSG;
}

/* Returns 0, or -EBADE when no capture could be joined by what it reads. */
static int calibrate_stamp(struct pvm_probes *probes)
{
	struct pvm_wire_stamp stamp;

	probes->bpf->bss->trial_tgid = (__u32)getpid();
	probes->stamp = pvm_calibrate_stamp(&stamp, drain_stamp, probes);
	probes->bpf->bss->trial_tgid = 0;
	probes->last_stamp = stamp;
	return probes->stamp == PVM_STAMP_WRONG ? -EBADE : 0;
}

static int try_way(struct pvm_probes *probes, const struct symbols *symbols,
		   size_t ring_size, enum pvm_source source, enum way way)
{
	int err;

	probes->way = way;
	probes->refused = PLACES;
	err = load(probes, ring_size, source);
	if (!err)
		err = attach(probes, symbols, source);
	if (!err)
		err = calibrate(probes);
	if (!err)
		err = calibrate_stamp(probes);
	if (err)
		detach(probes);
	else
		probes->source = source;
	return err;
}

/* How the kernel preempts tasks, by its own number; -1 when not known. */
static int ask_preemption(const struct symbols *symbols)
{
	struct pvm_bpf *bpf = pvm_bpf__open();
	DECLARE_LIBBPF_OPTS(bpf_test_run_opts, run);
	struct bpf_map *map;
	int mode = -1;

	if (!bpf)
		return -1;
	bpf->rodata->preempt_dynamic_mode = symbols->preempt_mode;
	load_only(bpf, bpf->progs.pvm_preemption);
	bpf_object__for_each_map(map, bpf->obj)
	{
		bpf_map__set_autocreate(map, bpf_map__is_internal(map));
	}
	if (!pvm_bpf__load(bpf) &&
	    !bpf_prog_test_run_opts(bpf_program__fd(bpf->progs.pvm_preemption),
				    &run))
		mode = (int)run.retval;
	pvm_bpf__destroy(bpf);
	return mode;
}

/* Can a task be preempted inside a probe? Yes, unless it is known better. */
static bool is_preemptible(const struct symbols *symbols)
{
	int mode;

	if (!symbols->preempts)
		return false;
	if (!symbols->preempt_mode)
		return true;
	mode = ask_preemption(symbols);
	return mode < 0 || mode > PREEMPT_VOLUNTARY;
}

/*
 * By fentry where that misses nothing, and can be had; else by kprobes. What
 * the stamp reads would be the same.
 */
static int try_source(struct pvm_probes *probes, const struct symbols *symbols,
		      size_t ring_size, enum pvm_source source)
{
	int err;

	if (!is_preemptible(symbols)) {
		err = try_way(probes, symbols, ring_size, source, WAY_FENTRY);
		if (!err || err == -EBADE)
			return err;
	}
	return try_way(probes, symbols, ring_size, source, WAY_KPROBE);
}

/* What is known to be in the way, before anything is tried. */
static bool find_obstacle(const struct symbols *symbols, char *why, size_t size)
{
	static const enum place needed[] = {PLACE_ENTER, PLACE_STAMP};

	if (access(KERNEL_BTF, R_OK)) {
		snprintf(why, size,
			 "the kernel has no BTF (%s: %s); run one built with "
			 "CONFIG_DEBUG_INFO_BTF=y",
			 KERNEL_BTF, strerror(errno));
		return true;
	}
	if (access(KPROBE_PMU, F_OK)) {
		snprintf(why, size,
			 "the kernel has no kprobes (%s: %s); run one built "
			 "with CONFIG_KPROBE_EVENTS=y",
			 KPROBE_PMU, strerror(errno));
		return true;
	}
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (!*symbols->name[needed[i]]) {
			snprintf(why, size,
				 "the kernel has no function %s in %s; run "
				 "one that has, with CONFIG_CROSS_MEMORY_ATTACH"
				 "=y and CONFIG_AUDITSYSCALL=y",
				 place_names[needed[i]], KALLSYMS);
			return true;
		}
	}
	return false;
}

static void explain_stamp(const struct pvm_wire_stamp *stamp, char *why,
			  size_t size)
{
	if (stamp->head.kind == PVM_WIRE_STAMP)
		snprintf(why, size,
			 "the probe on %s reads the event id %llu.%03u:%u in a "
			 "record of just now, so that nothing could be joined; "
			 "report this with uname -a",
			 place_names[PLACE_STAMP], stamp->sec,
			 stamp->nsec / 1000000, stamp->serial);
	else
		snprintf(why, size,
			 "the probe on %s does not run for a record that audit "
			 "writes, so that nothing could be joined; report this "
			 "with uname -a",
			 place_names[PLACE_STAMP]);
}

static void explain(const struct pvm_probes *probes, int err, char *why,
		    size_t size)
{
	if (err == -EBADE)
		explain_stamp(&probes->last_stamp, why, size);
	else if (err == -EPERM)
		snprintf(why, size,
			 "the kernel does not let this process load them (%s); "
			 "start it as root from auditd, with CAP_BPF, "
			 "CAP_PERFMON and CAP_SYSLOG, and without kernel "
			 "lockdown for confidentiality",
			 strerror(-err));
	else if (err == -EBADMSG)
		snprintf(why, size,
			 "they do not show a call whose arguments are known "
			 "as it was; report this with uname -a");
	else
		snprintf(why, size,
			 "the kernel refuses %s%s (%s); run with "
			 "PVM_DEBUG_LIBBPF=1 to see what libbpf says",
			 probes->refused == PLACES ? "them" : "a probe on ",
			 probes->refused == PLACES
				 ? ""
				 : place_names[probes->refused],
			 strerror(-err));
}

/* Has the core been the only thing in the way? */
static bool is_core_to_blame(const struct pvm_probes *probes, int err)
{
	return err != -EPERM && err != -EBADE &&
	       (probes->refused == PLACES || probes->refused == PLACE_CORE);
}

/* Why there is no probe on the core, in a sentence that has named it. */
static void explain_core(const struct pvm_probes *probes, int err, char *why,
			 size_t size)
{
	if (probes->refused == PLACE_CORE)
		snprintf(why, size, "the kernel refuses it (%s)",
			 strerror(-err));
	else if (err == -ENOENT)
		snprintf(why, size, "no function in %s", KALLSYMS);
	else
		explain(probes, err, why, size);
}

static int try_sources(struct pvm_probes *probes, const struct symbols *symbols,
		       size_t ring_size, enum pvm_source best)
{
	char why[256];
	int err;

	if (best == PVM_SOURCE_KERNEL) {
		err = try_source(probes, symbols, ring_size, best);
		if (!err || !is_core_to_blame(probes, err))
			return err;
		explain_core(probes, err, why, sizeof(why));
		pvm_log(LOG_ERR,
			"no probe on %s: %s; vectors are read from the "
			"callers' memory, where they can change, and records "
			"carry src=user",
			place_names[PLACE_CORE], why);
	}
	return try_source(probes, symbols, ring_size, PVM_SOURCE_USER);
}

struct pvm_probes *pvm_probes_open(enum pvm_source best, size_t ring_size,
				   pvm_probes_fn *fn, void *arg, char *why,
				   size_t why_size)
{
	struct pvm_probes *probes = calloc(1, sizeof(*probes));
	int err;

	if (!probes) {
		snprintf(why, why_size, "out of memory");
		return NULL;
	}
	probes->fn = fn;
	probes->arg = arg;
	libbpf_set_print(log_libbpf);
	err = find_symbols(&probes->symbols);
	if (err)
		snprintf(why, why_size, "cannot read %s (%s); mount /proc",
			 KALLSYMS, strerror(-err));
	if (err || find_obstacle(&probes->symbols, why, why_size))
		goto fail;

	err = try_sources(probes, &probes->symbols, ring_size, best);
	if (!err)
		return probes;
	explain(probes, err, why, why_size);
fail:
	free(probes);
	return NULL;
}

bool pvm_probes_recheck(struct pvm_probes *probes)
{
	return !calibrate(probes);
}

enum pvm_stamp pvm_probes_stamp(const struct pvm_probes *probes)
{
	return probes->stamp;
}

enum pvm_source pvm_probes_source(const struct pvm_probes *probes)
{
	return probes->source;
}

void pvm_probes_close(struct pvm_probes *probes)
{
	if (!probes)
		return;
	detach(probes);
	free(probes);
}

int pvm_probes_fd(const struct pvm_probes *probes)
{
	return ring_buffer__epoll_fd(probes->ring);
}

void pvm_probes_drain(struct pvm_probes *probes)
{
	ring_buffer__consume(probes->ring);
}

void pvm_probes_print(const struct pvm_probes *probes, FILE *file)
{
	struct bpf_program *program;

	for (enum place place = 0; place < PLACES; place++) {
		if (!probes->links[place])
			continue;
		program = program_of(probes->bpf, place, probes->source,
				     probes->way);
		fprintf(file, " %s:%s",
			bpf_program__type(program) == BPF_PROG_TYPE_TRACING
				? "fentry"
				: "kprobe",
			probes->symbols.name[place]);
	}
}

int pvm_probes_missed(const struct pvm_probes *probes, uint64_t *missed)
{
	struct bpf_program *program;
	uint64_t sum = 0;

	bpf_object__for_each_program(program, probes->bpf->obj)
	{
		struct bpf_prog_info info = {0};
		__u32 size = sizeof(info);
		int fd = bpf_program__fd(program);

		if (fd < 0)
			continue; /* not loaded */
		if (bpf_obj_get_info_by_fd(fd, &info, &size))
			return -errno;
		sum += info.recursion_misses;
	}
	*missed = sum;
	return 0;
}

const struct pvm_wire_counters *pvm_probes_counters(
	const struct pvm_probes *probes)
{
	return probes->bpf->bss->counters;
}
