/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * calibrate.h - self-test: do the probes capture a known call as it was?
 *
 * A clone's registers, a struct's layout, a probe that is attached but never
 * runs: only a call of the plugin's own shows whether these are right. Each
 * probe that it passes sends what has been seen by then, as a PVM_WIRE_TRIAL
 * record.
 *
 * The stamp is tried by a record of audit's: the kernel writes one when a BPF
 * program is loaded, within the system call that loads it. The probe sends
 * the id that it reads there, as a PVM_WIRE_STAMP record.
 */
#ifndef PVM_CALIBRATE_H
#define PVM_CALIBRATE_H

#include <stdbool.h>

#include <time.h>

#include "pvm/event.h"

/* What was right in the trials' last records, all of them. */
struct pvm_calibration {
	bool came; /* if not, no more is known */
	bool some; /* that came */
	bool arguments; /* pid, counts and flags */
	bool vectors; /* both sides, of one and of several */
	bool target; /* the task, which is the plugin itself */
	bool write; /* is a write the first call that never came? */
};

/*
 * Make the calls: reads and writes, as a compiler can make a clone of a
 * function for either; each of one vector and of more than the kernel's stack
 * has room for. @drain is to leave in *@trial the last trial record that has
 * come since, all zero when none did or one had no room; @arg is its argument.
 * Must run on the process's first thread, with the trial switched on.
 */
void pvm_calibrate(struct pvm_calibration *result,
		   void (*drain)(void *arg, struct pvm_wire_trial *trial),
		   void *arg);

/* What is known of the stamp's probe. */
enum pvm_stamp {
	PVM_STAMP_UNPROVEN, /* audit writes no record to test it by */
	PVM_STAMP_RIGHT,
	PVM_STAMP_WRONG, /* it does not run, or reads no event's id */
};

/*
 * Load a program that does nothing, for audit to record, and judge what the
 * probe has read. @drain as above, of PVM_WIRE_STAMP records; the last one
 * stays in *@stamp. Needs the privileges to load programs and to ask audit.
 */
enum pvm_stamp pvm_calibrate_stamp(struct pvm_wire_stamp *stamp,
				   void (*drain)(void *arg,
						 struct pvm_wire_stamp *stamp),
				   void *arg);

/*
 * The verdict on *@stamp, all zero when none has come; @expected says that
 * audit is known to have written a record, @now is the time of day.
 */
enum pvm_stamp pvm_judge_stamp(const struct pvm_wire_stamp *stamp,
			       bool expected, time_t now);

#endif
