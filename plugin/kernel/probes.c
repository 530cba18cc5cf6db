// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * probes.c - see probes.h
 *
 * Whether a function can be hooked is known only by hooking it: the compiler
 * renames functions, and some kernels refuse whole types of programs. What is
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

#include "kernel/call_sites.h"
#include "kernel/explain.h"
#include "kernel/probes.h"
#include "kernel/symbols.h"
#include "process/log.h"
#include "pvm.skel.h"

/*
 * How a program comes to run at its hook. Each hook takes a kprobe, which runs
 * with preemption off. What libbpf calls fentry costs less and sees more, but
 * the kernel skips it on a CPU where another task has been preempted inside
 * the same program: only for kernels where that cannot be. Two hooks are
 * kprobes always: the core is a clone with a name that no type is known for,
 * and process_vm_rw() has more arguments than fentry could take until 6.6.
 */
enum method {
	METHOD_FENTRY,
	METHOD_KPROBE,
};

/* Where the vectors are taken from, the best first. */
enum way {
	WAY_CORE, /* the core's arguments */
	WAY_CALL_SITES, /* calls that the core's caller makes ahead of it */
	WAY_CALLER, /* the caller's memory */
};

/* As the kernel numbers it, since 5.12; see preempt= in its documentation. */
#define PREEMPT_VOLUNTARY 1

/* Where a kprobe goes. */
struct place {
	const char *symbol;
	size_t offset; /* from there */
};

/* Call sites, or what is behind them; more are not looked for. */
struct places {
	struct place at[PVM_CLONES_MAX];
	unsigned int nr;
};

/* What runs a program, and where. */
struct attached {
	struct bpf_link *link;
	struct place place;
};

/* Those of one hook: one for each clone of the function. */
struct hooked {
	struct attached at[PVM_CLONES_MAX];
	unsigned int nr;
};

struct pvm_probes {
	struct pvm_bpf *bpf;
	struct hooked hooked[PVM_HOOKS];
	struct pvm_symbols symbols;
	struct ring_buffer *ring;
	struct places imports; /* calls of import_iovec() */
	struct places copied; /* behind calls of iovec_from_user() */
	enum way way;
	enum method method;
	bool parts; /* have probes beside the whole functions */
	struct pvm_attempt attempt; /* the latest */
	enum pvm_stamp stamp; /* what the trial of it has shown */
	struct pvm_wire_trial last_trial; /* that has come */
	struct pvm_wire_stamp last_stamp; /* likewise */
	pvm_probes_fn *fn;
	void *arg;
};

/* libbpf's own messages are for its developers, not for administrators. */
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

/* The program for a hook, or NULL where it is not needed. */
static struct bpf_program *program_of(const struct pvm_bpf *bpf,
				      enum pvm_hook hook, enum way way,
				      enum method method)
{
	bool fentry = method == METHOD_FENTRY;

	switch (hook) {
	case PVM_HOOK_ENTER:
		return way == WAY_CALLER ? bpf->progs.pvm_enter_user
					 : bpf->progs.pvm_enter;
	case PVM_HOOK_CORE:
		return way == WAY_CORE ? bpf->progs.pvm_core : NULL;
	case PVM_HOOK_IMPORT:
		return way == WAY_CALL_SITES ? bpf->progs.pvm_import : NULL;
	case PVM_HOOK_COPIED:
		return way == WAY_CALL_SITES ? bpf->progs.pvm_copied : NULL;
	case PVM_HOOK_TARGET:
		return fentry ? bpf->progs.pvm_target_f : bpf->progs.pvm_target;
	case PVM_HOOK_LOST:
		return fentry ? bpf->progs.pvm_lost_f : bpf->progs.pvm_lost;
	case PVM_HOOK_STAMP:
		return fentry ? bpf->progs.pvm_stamp_f : bpf->progs.pvm_stamp;
	default:
		return NULL;
	}
}

/* Note in the attempt what has failed. Returns the verdict. */
static enum pvm_verdict fail(struct pvm_probes *probes,
			     enum pvm_verdict verdict, enum pvm_hook hook,
			     int error)
{
	probes->attempt.hook = hook;
	probes->attempt.error = error;
	return verdict;
}

static bool is_fentry(const struct bpf_program *program)
{
	return bpf_program__type(program) == BPF_PROG_TYPE_TRACING;
}

/* Returns 0 or -errno. */
static int attach_program(struct hooked *hooked, struct bpf_program *program,
			  struct place place)
{
	struct bpf_kprobe_opts opts = {
		.sz = sizeof(opts),
		.offset = place.offset,
	};
	struct attached *at = &hooked->at[hooked->nr];

	at->link = is_fentry(program) ? bpf_program__attach(program)
				      : bpf_program__attach_kprobe_opts(
						program, place.symbol, &opts);
	if (!at->link)
		return -errno;
	at->place = place;
	hooked->nr++;
	return 0;
}

/*
 * The places of a hook's kprobes: the start of each clone, or the call sites.
 * Returns their number.
 */
static unsigned int list_places(const struct pvm_probes *probes,
				enum pvm_hook hook,
				struct place places[PVM_CLONES_MAX])
{
	const struct pvm_function *function = &probes->symbols.of[hook];
	const struct places *calls = NULL;
	unsigned int nr = 0;

	if (hook == PVM_HOOK_IMPORT)
		calls = &probes->imports;
	if (hook == PVM_HOOK_COPIED)
		calls = &probes->copied;
	if (calls) {
		memcpy(places, calls->at, sizeof(calls->at));
		return calls->nr;
	}
	for (unsigned int i = 0; i < function->nr; i++)
		if (!function->clones[i].part || probes->parts)
			places[nr++] =
				(struct place){function->clones[i].symbol, 0};
	return nr;
}

/* Each place gets a probe; fentry knows the function's own name alone. */
static enum pvm_verdict attach_hook(struct pvm_probes *probes,
				    enum pvm_hook hook,
				    struct bpf_program *program)
{
	struct hooked *hooked = &probes->hooked[hook];
	struct place places[PVM_CLONES_MAX];
	unsigned int nr = list_places(probes, hook, places);
	int err = 0;

	if (!nr)
		return fail(probes, PVM_VERDICT_MISSING, hook, -ENOENT);
	if (is_fentry(program)) {
		places[0] = (struct place){pvm_hook_function(hook), 0};
		nr = 1;
	}
	for (unsigned int i = 0; i < nr && !err; i++)
		err = attach_program(hooked, program, places[i]);
	return err ? fail(probes, PVM_VERDICT_REFUSED, hook, err)
		   : PVM_VERDICT_GOOD;
}

/* A hook that can be done without, when there is no other method. */
static bool can_do_without(const struct pvm_probes *probes, enum pvm_hook hook)
{
	static const struct {
		int priority;
		const char *meaning;
	} without[PVM_HOOKS] = {
		[PVM_HOOK_TARGET] = {LOG_ERR, "records have no target"},
		[PVM_HOOK_LOST] = {LOG_NOTICE, "drops are not counted"},
	};

	if (!without[hook].meaning || probes->method != METHOD_KPROBE)
		return false;
	pvm_log(without[hook].priority,
		"no probe on %s (%s): %s; run a kernel that allows one",
		pvm_hook_function(hook), strerror(-probes->attempt.error),
		without[hook].meaning);
	return true;
}

/* The stamp is the last hook: from then on calls are sent. */
static enum pvm_verdict attach(struct pvm_probes *probes, enum way way)
{
	struct bpf_program *program;
	enum pvm_verdict verdict;

	for (enum pvm_hook hook = 0; hook < PVM_HOOKS; hook++) {
		program = program_of(probes->bpf, hook, way, probes->method);
		if (!program)
			continue;
		verdict = attach_hook(probes, hook, program);
		if (verdict != PVM_VERDICT_GOOD &&
		    !can_do_without(probes, hook))
			return verdict;
	}
	return PVM_VERDICT_GOOD;
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

/*
 * Places that the kernel may set aside for each CPU in a table that evicts the
 * oldest, so that no other one gets them.
 */
#define PLACES_OF_CPU 128

/* Slots are the tasks' own, or in a table that has room for all of them. */
static int choose_slots(const struct pvm_bpf *bpf, enum method method)
{
	bool tasks = method == METHOD_FENTRY;
	int cpus = libbpf_num_possible_cpus();
	int err = bpf_map__set_autocreate(bpf->maps.task_slots, tasks);

	if (!err)
		err = bpf_map__set_autocreate(bpf->maps.slots, !tasks);
	if (err || tasks)
		return err;
	if (cpus < 0)
		return cpus;
	return bpf_map__set_max_entries(bpf->maps.slots,
					bpf_map__max_entries(bpf->maps.slots) +
						(__u32)cpus * PLACES_OF_CPU);
}

/* Load those that will be attached, and the one that they call. */
static int choose_programs(const struct pvm_bpf *bpf, enum way way,
			   enum method method)
{
	struct bpf_program *program;

	load_only(bpf, method == METHOD_KPROBE ? bpf->progs.pvm_map : NULL);
	for (enum pvm_hook hook = 0; hook < PVM_HOOKS; hook++) {
		program = program_of(bpf, hook, way, method);
		if (program)
			bpf_program__set_autoload(program, true);
	}
	bpf->rodata->slots_are_tasks = method == METHOD_FENTRY;
	return choose_slots(bpf, method);
}

/* A program that calls another needs its descriptor. */
static int link_steps(const struct pvm_bpf *bpf)
{
	__u32 first = 0;
	int fd = bpf_program__fd(bpf->progs.pvm_map);

	return bpf_map_update_elem(bpf_map__fd(bpf->maps.steps), &first, &fd,
				   BPF_ANY);
}

static int load(struct pvm_probes *probes, size_t ring_size, enum way way)
{
	struct pvm_bpf *bpf = pvm_bpf__open();
	int err;

	if (!bpf)
		return -errno;
	probes->bpf = bpf;
	bpf->rodata->wake_bytes = ring_size / 4;
	bpf->rodata->list_bytes = ring_size / 4 * 3;
	bpf->rodata->page_shift =
		(__u32)__builtin_ctzl((unsigned long)sysconf(_SC_PAGESIZE));
	err = choose_programs(bpf, way, probes->method);
	if (!err)
		err = bpf_map__set_max_entries(bpf->maps.ring,
					       (__u32)ring_size);
	if (!err)
		err = pvm_bpf__load(bpf);
	if (!err && probes->method == METHOD_KPROBE)
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
	for (int i = 0; i < PVM_HOOKS; i++) {
		struct hooked *hooked = &probes->hooked[i];

		while (hooked->nr)
			bpf_link__destroy(hooked->at[--hooked->nr].link);
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
	if (probes->bpf->bss->trials_lost)
		memset(trial, 0, sizeof(*trial));
	probes->bpf->bss->trials_lost = 0;
}

static void drain_stamp(void *arg, struct pvm_wire_stamp *stamp)
{
	struct pvm_probes *probes = arg;

	memset(&probes->last_stamp, 0, sizeof(probes->last_stamp));
	ring_buffer__consume(probes->ring);
	*stamp = probes->last_stamp;
}

/* Do the probes capture a call whose arguments are known as it was? */
static enum pvm_verdict calibrate(struct pvm_probes *probes)
{
	struct pvm_calibration result;

	probes->bpf->bss->trial_tgid = (__u32)getpid();
	pvm_calibrate(&result, drain_trial, probes);
	probes->bpf->bss->trial_tgid = 0;
	probes->attempt.write = result.write;
	if (!result.came)
		return result.some ? PVM_VERDICT_PARTLY : PVM_VERDICT_SILENT;
	if (!result.target && probes->hooked[PVM_HOOK_TARGET].nr)
		pvm_log(LOG_ERR,
			"self-test failed: the probe on %s captured the target "
			"of a known call wrongly; do not trust opid, and "
			"report this with uname -a",
			pvm_hook_function(PVM_HOOK_TARGET));
	return result.arguments && result.vectors ? PVM_VERDICT_GOOD
						  : PVM_VERDICT_WRONG_CALL;
}

/* Could a capture be joined by what the stamp's probe reads? */
static enum pvm_verdict calibrate_stamp(struct pvm_probes *probes)
{
	struct pvm_wire_stamp *stamp = &probes->attempt.stamp;

	probes->bpf->bss->trial_tgid = (__u32)getpid();
	probes->stamp = pvm_calibrate_stamp(stamp, drain_stamp, probes);
	probes->bpf->bss->trial_tgid = 0;
	return probes->stamp == PVM_STAMP_WRONG ? PVM_VERDICT_WRONG_STAMP
						: PVM_VERDICT_GOOD;
}

static enum pvm_verdict load_and_try(struct pvm_probes *probes,
				     size_t ring_size, enum way way)
{
	enum pvm_verdict verdict;
	int err = load(probes, ring_size, way);

	if (err)
		return fail(probes, PVM_VERDICT_REFUSED, PVM_HOOKS, err);
	verdict = attach(probes, way);
	if (verdict == PVM_VERDICT_GOOD)
		verdict = calibrate(probes);
	if (verdict == PVM_VERDICT_GOOD)
		verdict = calibrate_stamp(probes);
	return verdict;
}

/* Returns the verdict; the rest is in probes->attempt. */
static enum pvm_verdict try_method(struct pvm_probes *probes, size_t ring_size,
				   enum way way, enum method method)
{
	struct pvm_attempt *attempt = &probes->attempt;

	memset(attempt, 0, sizeof(*attempt));
	probes->method = method;
	attempt->verdict = load_and_try(probes, ring_size, way);
	if (attempt->verdict == PVM_VERDICT_GOOD)
		probes->way = way;
	else
		detach(probes);
	return attempt->verdict;
}

/* Load the program that reads the kernel's memory, by itself; or NULL. */
static struct pvm_bpf *open_peek(void)
{
	struct pvm_bpf *bpf = pvm_bpf__open();
	struct bpf_map *map;

	if (!bpf)
		return NULL;
	load_only(bpf, bpf->progs.pvm_peek);
	bpf_object__for_each_map(map, bpf->obj)
	{
		bpf_map__set_autocreate(map, bpf_map__is_internal(map));
	}
	if (!pvm_bpf__load(bpf))
		return bpf;
	pvm_bpf__destroy(bpf);
	return NULL;
}

/* Copy @size bytes of the kernel's memory. Returns whether that worked. */
static bool peek(struct pvm_bpf *bpf, uint64_t address, void *to, size_t size)
{
	int fd = bpf_program__fd(bpf->progs.pvm_peek);
	size_t part;

	for (size_t at = 0; at < size; at += part) {
		DECLARE_LIBBPF_OPTS(bpf_test_run_opts, run);

		part = size - at < PVM_PEEK_MAX ? size - at : PVM_PEEK_MAX;
		bpf->bss->peek_at = address + at;
		bpf->bss->peek_size = (__u32)part;
		if (bpf_prog_test_run_opts(fd, &run) || run.retval)
			return false;
		memcpy((char *)to + at, bpf->bss->peeked, part);
	}
	return true;
}

/* How the kernel preempts tasks, by its own number; -1 when not known. */
static int ask_preemption(const struct pvm_symbols *symbols)
{
	struct pvm_bpf *bpf = open_peek();
	int mode;

	if (!bpf)
		return -1;
	if (!peek(bpf, symbols->preempt_mode, &mode, sizeof(mode)))
		mode = -1;
	pvm_bpf__destroy(bpf);
	return mode;
}

/* Note each call of @function in the text of @clone, @behind it if need be. */
static void note_calls(struct places *places, const struct pvm_clone *clone,
		       const struct pvm_text *text,
		       const struct pvm_function *function, uint32_t behind)
{
	for (unsigned int i = 0; i < function->nr; i++) {
		uint64_t target = function->clones[i].address;

		for (uint32_t at = 0;
		     places->nr < PVM_CLONES_MAX &&
		     pvm_next_call(PVM_MACHINE, text, target, &at);
		     at++)
			places->at[places->nr++] =
				(struct place){clone->symbol, at + behind};
	}
}

/*
 * Where the core was inlined, its caller's own calls show the same. Returns
 * whether there are such.
 */
static bool find_call_sites(struct pvm_probes *probes)
{
	const struct pvm_function *callers =
		&probes->symbols.of[PVM_HOOK_ENTER];
	const struct pvm_function *of = probes->symbols.of;
	struct pvm_bpf *bpf = open_peek();
	uint8_t *bytes = malloc(PVM_TEXT_MAX);

	for (unsigned int i = 0; i < callers->nr && bpf && bytes; i++) {
		const struct pvm_clone *clone = &callers->clones[i];
		struct pvm_text text = {bytes, clone->size, clone->address};

		if (clone->size > PVM_TEXT_MAX ||
		    !peek(bpf, clone->address, bytes, clone->size))
			continue;
		note_calls(&probes->imports, clone, &text, &of[PVM_HOOK_IMPORT],
			   0);
		note_calls(&probes->copied, clone, &text, &of[PVM_HOOK_COPIED],
			   pvm_call_length(PVM_MACHINE));
	}
	free(bytes);
	pvm_bpf__destroy(bpf);
	return probes->imports.nr && probes->copied.nr;
}

/* Can a task be preempted inside a probe? Yes, unless it is known better. */
static bool is_preemptible(const struct pvm_symbols *symbols)
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
static enum pvm_verdict try_methods(struct pvm_probes *probes, size_t ring_size,
				    enum way way)
{
	enum pvm_verdict verdict;

	if (!is_preemptible(&probes->symbols)) {
		verdict = try_method(probes, ring_size, way, METHOD_FENTRY);
		if (verdict == PVM_VERDICT_GOOD ||
		    verdict == PVM_VERDICT_WRONG_STAMP)
			return verdict;
	}
	return try_method(probes, ring_size, way, METHOD_KPROBE);
}

/* Has the self-test shown that some call did not pass where it should? */
static bool is_way_wrong(enum pvm_verdict verdict)
{
	return verdict == PVM_VERDICT_SILENT || verdict == PVM_VERDICT_PARTLY ||
	       verdict == PVM_VERDICT_WRONG_CALL;
}

/*
 * The start of a function can be inlined into some callers and not into others,
 * so that either the whole of it runs or a part. Parts can have other arguments
 * than the whole, so they get probes only where these turn out to be needed.
 */
static enum pvm_verdict try_way(struct pvm_probes *probes, size_t ring_size,
				enum way way)
{
	enum pvm_verdict verdict;

	probes->parts = false;
	verdict = try_methods(probes, ring_size, way);
	if (!is_way_wrong(verdict) || !pvm_symbols_have_parts(&probes->symbols))
		return verdict;
	probes->parts = true;
	return try_methods(probes, ring_size, way);
}

/* Has the core been the only thing in the way, as far as one can see? */
static bool is_core_to_blame(const struct pvm_attempt *attempt)
{
	switch (attempt->verdict) {
	case PVM_VERDICT_WRONG_CALL:
		return true;
	case PVM_VERDICT_MISSING:
		return attempt->hook == PVM_HOOK_CORE;
	case PVM_VERDICT_REFUSED:
		return attempt->error != -EPERM &&
		       (attempt->hook == PVM_HOOKS ||
			attempt->hook == PVM_HOOK_CORE);
	default:
		return false;
	}
}

static enum pvm_verdict try_sources(struct pvm_probes *probes, size_t ring_size,
				    enum pvm_source best)
{
	enum pvm_verdict verdict;
	char why[256];

	if (best != PVM_SOURCE_KERNEL)
		return try_way(probes, ring_size, WAY_CALLER);
	verdict = try_way(probes, ring_size, WAY_CORE);
	if (!is_core_to_blame(&probes->attempt))
		return verdict;
	pvm_explain_core(&probes->attempt, why, sizeof(why));
	if (find_call_sites(probes) &&
	    try_way(probes, ring_size, WAY_CALL_SITES) == PVM_VERDICT_GOOD) {
		pvm_log(LOG_NOTICE,
			"no probe on %s: %s; vectors are taken from the "
			"kernel's copy at the calls inside of %s instead",
			pvm_hook_function(PVM_HOOK_CORE), why,
			pvm_hook_function(PVM_HOOK_ENTER));
		return PVM_VERDICT_GOOD;
	}
	verdict = try_way(probes, ring_size, WAY_CALLER);
	if (verdict == PVM_VERDICT_GOOD)
		pvm_log(LOG_ERR,
			"no probe on %s: %s; vectors are read from the "
			"callers' memory, where they can change, and records "
			"carry src=user",
			pvm_hook_function(PVM_HOOK_CORE), why);
	return verdict;
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
	err = pvm_symbols_find(&probes->symbols);
	if (err)
		pvm_explain_no_symbols(err, why, why_size);
	if (err || pvm_explain_obstacle(&probes->symbols, why, why_size))
		goto fail;

	if (try_sources(probes, ring_size, best) == PVM_VERDICT_GOOD)
		return probes;
	pvm_explain(&probes->attempt, why, why_size);
fail:
	free(probes);
	return NULL;
}

enum pvm_verdict pvm_probes_recheck(struct pvm_probes *probes)
{
	return calibrate(probes);
}

enum pvm_stamp pvm_probes_stamp(const struct pvm_probes *probes)
{
	return probes->stamp;
}

enum pvm_source pvm_probes_source(const struct pvm_probes *probes)
{
	return probes->way == WAY_CALLER ? PVM_SOURCE_USER : PVM_SOURCE_KERNEL;
}

const char *pvm_probes_way(const struct pvm_probes *probes)
{
	static const char *const names[] = {
		[WAY_CORE] = "core",
		[WAY_CALL_SITES] = "call-sites",
		[WAY_CALLER] = "caller",
	};

	return names[probes->way];
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

static void print_place(const char *method, const struct place *place,
			FILE *file)
{
	fprintf(file, " %s:%s", method, place->symbol);
	if (place->offset)
		fprintf(file, "+0x%zx", place->offset);
}

void pvm_probes_print(const struct pvm_probes *probes, FILE *file)
{
	struct bpf_program *program;

	for (enum pvm_hook hook = 0; hook < PVM_HOOKS; hook++) {
		const struct hooked *hooked = &probes->hooked[hook];

		program = program_of(probes->bpf, hook, probes->way,
				     probes->method);
		for (unsigned int i = 0; i < hooked->nr; i++)
			print_place(is_fentry(program) ? "fentry" : "kprobe",
				    &hooked->at[i].place, file);
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
