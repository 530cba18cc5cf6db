// SPDX-License-Identifier: GPL-2.0-or-later
/* report.c - see report.h */
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "kernel/counters.h"
#include "report.h"
#include "process/state.h"

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
	fprintf(file, "\nstamp = %s\n", right ? "right" : "unproven");
	if (!pvm_probes_missed(probes, &missed))
		pvm_state_number(file, "kernel_missed", missed);
	pvm_report_counters(file, pvm_probes_counters(probes));
}

void pvm_report_counters(FILE *file, const struct pvm_wire_counters *rows)
{
	static const char *const names[PVM_K_COUNTERS] = {
		[PVM_K_CALLS] = "kernel_calls",
		[PVM_K_SENT] = "kernel_sent",
		[PVM_K_RING_FULL] = "kernel_ring_full",
		[PVM_K_LIST_LOST] = "kernel_list_lost",
		[PVM_K_TABLE_FULL] = "kernel_table_full",
		[PVM_K_OTHER_REGS] = "kernel_other_registers",
		[PVM_K_READ_FAULT] = "kernel_read_fault",
		[PVM_K_BACKLOG] = "kernel_backlog",
		[PVM_K_AUDIT_LOST] = "audit_lost",
	};
	uint64_t sums[PVM_K_COUNTERS];

	pvm_counters_sum(rows, sums);
	for (int i = 0; i < PVM_K_COUNTERS; i++)
		pvm_state_number(file, names[i], sums[i]);
	report_span(rows, PVM_K_LOST_RING, "kernel_ring_full", file);
	report_span(rows, PVM_K_LOST_BACKLOG, "kernel_backlog", file);
}

void pvm_report_captures(FILE *file,
			 const struct pvm_capture_counters *captures)
{
	pvm_state_number(file, "captures", captures->calls);
	pvm_state_number(file, "capture_malformed", captures->malformed);
	pvm_state_number(file, "capture_list_lost", captures->list_lost);
	pvm_state_number(file, "capture_no_memory", captures->no_memory);
}

void pvm_report_join(FILE *file, const struct pvm_join_counters *join,
		     size_t waiting)
{
	pvm_state_number(file, "join_waiting", waiting);
	pvm_state_number(file, "joined", join->joined);
	pvm_state_number(file, "join_no_capture", join->no_capture);
	pvm_state_number(file, "join_no_syscall", join->no_syscall);
	pvm_state_number(file, "join_late", join->late);
	pvm_state_number(file, "join_evicted", join->evicted);
}

void pvm_report_fold(FILE *file, const struct pvm_fold_counters *fold)
{
	pvm_state_number(file, "written", fold->written);
	pvm_state_number(file, "folded", fold->folded);
	pvm_state_number(file, "fold_records", fold->records);
	pvm_state_number(file, "fold_held", fold->held);
	pvm_state_number(file, "fold_groups", fold->groups);
	pvm_state_number(file, "fold_groups_most", fold->groups_most);
	pvm_state_number(file, "fold_evicted", fold->evicted);
}

void pvm_report_inject(FILE *file, const struct pvm_inject_counters *inject)
{
	pvm_state_number(file, "queue_waiting", inject->depth);
	pvm_state_number(file, "queue_waiting_most", inject->depth_most);
	pvm_state_number(file, "queue_full", inject->full);
	pvm_state_number(file, "queued", inject->queued);
	pvm_state_number(file, "sent", inject->sent);
	pvm_state_number(file, "send_failed", inject->failed);
	pvm_state_number(file, "in_flight", inject->in_flight);
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
