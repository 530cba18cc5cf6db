/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * calibrate.h - are the probes right? Tried by a call whose truth is known
 *
 * A clone's registers, a struct's layout, a probe that is attached but never
 * runs: nothing tells of these but a call of the plugin's own. Each probe on
 * its way sends what has been seen by then, as a PVM_WIRE_TRIAL record.
 */
#ifndef PVM_CALIBRATE_H
#define PVM_CALIBRATE_H

#include <stdbool.h>

#include "pvm/event.h"

/* What was right in the trial's last record. */
struct pvm_calibration {
	bool arguments; /* pid, counts and flags */
	bool vectors; /* both sides, of one and of several */
	bool target; /* the task, which is the plugin itself */
};

/*
 * Make the calls. @drain is to leave in *@trial the last trial record that has
 * come since, all zero when none did; @arg is its argument.
 * Must run on the process's first thread, with the trial switched on.
 */
void pvm_calibrate(struct pvm_calibration *result,
		   void (*drain)(void *arg, struct pvm_wire_trial *trial),
		   void *arg);

#endif
