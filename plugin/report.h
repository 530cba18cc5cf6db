/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * report.h - what each step puts into the state report
 *
 * One "name = value" a line; each name is described in audisp-pvm(8).
 */
#ifndef PVM_REPORT_H
#define PVM_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "pipeline.h"

/* All of it but pvm_report_memory(), which may have to wait. */
void pvm_report(struct pvm_pipeline *pipeline, FILE *file);

/* Which one is running. */
void pvm_report_kernel(FILE *file);

/* The layers that are on. */
void pvm_report_sandbox(FILE *file, const struct pvm_sandbox *sandbox);

/* Resident memory of this process, now and at most. */
void pvm_report_memory(FILE *file);

/* @joined: captures have met their SYSCALL records, so their ids are right. */
void pvm_report_probes(FILE *file, const struct pvm_probes *probes,
		       bool joined);

/* What the probes have counted, from the rows that they count in. */
void pvm_report_counters(FILE *file, const struct pvm_wire_counters *rows);

void pvm_report_captures(FILE *file,
			 const struct pvm_capture_counters *captures);

/* @waiting: for their other halves now. */
void pvm_report_join(FILE *file, const struct pvm_join_counters *join,
		     size_t waiting);

void pvm_report_fold(FILE *file, const struct pvm_fold_counters *fold);
void pvm_report_queue(FILE *file, const struct pvm_queue_counters *queue);
void pvm_report_files(FILE *file, const struct pvm_files_counters *files);

#endif
