// SPDX-License-Identifier: GPL-2.0-or-later
/* report.c - see report.h */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "kernel/counters.h"
#include "lib/clock.h"
#include "process/log.h"
#include "process/state.h"
#include "pvm/version.h"
#include "report.h"

void pvm_report_kernel(FILE *file)
{
	struct utsname name;

	if (!uname(&name))
		fprintf(file, "kernel = %s %s\n", name.release, name.machine);
}

/* The ids of the first and the last call lost so; serial 0 where none. */
static void report_span(const struct pvm_wire_counters *rows,
			enum pvm_kernel_loss which, const char *name,
			FILE *file)
{
	struct pvm_wire_span span;

	pvm_counters_span(rows, which, &span);
	if (!span.first.ms)
		return;
	fprintf(file, "%s_first = %llu.%03llu:%u\n", name, span.first.ms / 1000,
		span.first.ms % 1000, span.first.serial);
	fprintf(file, "%s_last = %llu.%03llu:%u\n", name, span.last.ms / 1000,
		span.last.ms % 1000, span.last.serial);
}

void pvm_report_probes(FILE *file, const struct pvm_probes *probes, bool joined)
{
	bool right = joined || pvm_probes_stamp(probes) == PVM_STAMP_RIGHT;
	uint64_t missed;

	fputs("probes =", file);
	pvm_probes_print(probes, file);
	fprintf(file, "\nway = %s\n", pvm_probes_way(probes));
	fprintf(file, "stamp = %s\n", right ? "right" : "unproven");
	if (!pvm_probes_missed(probes, &missed))
		pvm_state_number(file, "kernel_missed", missed);
	pvm_report_counters(file, pvm_probes_counters(probes));
}

void pvm_report_counters(FILE *file, const struct pvm_wire_counters *rows)
{
	uint64_t sums[PVM_K_COUNTERS];

	pvm_counters_sum(rows, sums);
#define X(counter, name) pvm_state_number(file, name, sums[counter]);
	PVM_KERNEL_COUNTERS(X)
#undef X
	report_span(rows, PVM_K_LOST_RING, "kernel_ring_full", file);
	report_span(rows, PVM_K_LOST_BACKLOG, "kernel_backlog", file);
}

void pvm_report_captures(FILE *file,
			 const struct pvm_capture_counters *captures)
{
#define X(counter, name) pvm_state_number(file, name, captures->counter);
	PVM_CAPTURE_COUNTERS(X)
#undef X
}

void pvm_report_join(FILE *file, const struct pvm_join_counters *join,
		     size_t waiting)
{
	pvm_state_number(file, "join_waiting", waiting);
#define X(counter, name) pvm_state_number(file, name, join->counter);
	PVM_JOIN_COUNTERS(X)
#undef X
}

void pvm_report_fold(FILE *file, const struct pvm_fold_counters *fold)
{
#define X(counter, name) pvm_state_number(file, name, fold->counter);
	PVM_FOLD_COUNTERS(X)
#undef X
}

void pvm_report_queue(FILE *file, const struct pvm_queue_counters *queue)
{
#define X(counter, name) pvm_state_number(file, name, queue->counter);
	PVM_QUEUE_COUNTERS(X)
#undef X
}

void pvm_report_files(FILE *file, const struct pvm_files_counters *files)
{
#define X(counter, name) pvm_state_number(file, name, files->counter);
	PVM_FILES_COUNTERS(X)
#undef X
}

void pvm_report_sandbox(FILE *file, const struct pvm_sandbox *sandbox)
{
	bool any = false;

	fputs("sandbox =", file);
	for (enum pvm_layer layer = 0; layer < PVM_LAYERS; layer++) {
		if (!sandbox->on[layer])
			continue;
		fprintf(file, " %s", pvm_layer_name(layer));
		any = true;
	}
	fputs(any ? "\n" : " (none)\n", file);
}

/* Pages that are in memory now, the second number there; 0: not known. */
static uint64_t pages_now(void)
{
	FILE *statm = fopen("/proc/self/statm", "re");
	char line[256];
	const char *second = NULL;

	if (!statm)
		return 0;
	if (fgets(line, sizeof(line), statm))
		second = strchr(line, ' ');
	fclose(statm);
	return second ? strtoul(second, NULL, 10) : 0;
}

/* What getrusage() has is kilobytes, and lags behind a little. */
void pvm_report_memory(FILE *file)
{
	uint64_t now = pages_now() * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
	uint64_t most = now;
	struct rusage usage;

	if (!getrusage(RUSAGE_SELF, &usage) && (uint64_t)usage.ru_maxrss > most)
		most = (uint64_t)usage.ru_maxrss;
	pvm_state_number(file, "memory_kb", now);
	pvm_state_number(file, "memory_most_kb", most);
}

/* For people: an empty value would look like a fault. */
static const char *node_name(const struct pvm_pipeline *pipeline)
{
	const char *name = pvm_ledger_node(pipeline->ledger);

	if (!name)
		return "(not known yet)";
	return *name ? name : "(none)";
}

void pvm_report(struct pvm_pipeline *pipeline, FILE *file)
{
	const struct pvm_join_counters *join =
		pvm_join_counters(pipeline->join);
	struct pvm_queue_counters queue;

	pvm_inject_read_counters(pipeline->inject, &queue);
	fprintf(file, "version = %s\n", PVM_VERSION);
	pvm_state_number(file, "pid", pipeline->pid);
	pvm_state_number(file, "start", pipeline->start_ns / 1000000000);
	pvm_state_number(file, "now", pvm_wall_ns() / 1000000000);
	fprintf(file, "node = %s\n", node_name(pipeline));
	pvm_report_kernel(file);
	pvm_report_sandbox(file, &pipeline->sandbox);
	pvm_state_number(file, "log_dropped", pvm_log_dropped());
	fprintf(file, "src = %s\n",
		pvm_source_name(pvm_pipeline_source(pipeline)));
	if (pipeline->probes)
		pvm_report_probes(file, pipeline->probes, join->joined);
	pvm_report_captures(file, pvm_captures_counters(pipeline->captures));
	pvm_report_join(file, join, pvm_join_waiting(pipeline->join));
	pvm_state_number(file, "early_waiting",
			 pvm_early_waiting(pipeline->early));
	pvm_report_fold(file, pvm_fold_counters(pipeline->fold));
	pvm_state_pipeline(file, &pipeline->counters);
	pvm_report_queue(file, &queue);
	pvm_report_files(file, pvm_files_counters(pipeline->files));
	pvm_ledger_report(pipeline->ledger, file);
}
