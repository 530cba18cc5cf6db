/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * boots.h - the boots of a host that a log goes over
 *
 * Audit numbers events from 1 on at each boot, so a serial says which event it
 * is within one boot only. Another boot has begun where auditd has started, the
 * events' serials begin anew, and they are younger than all before. A log that
 * lacks auditd's start there is taken for one of a single boot.
 *
 * Takes 8 bytes for each boot.
 */
#ifndef AUPVM_BOOTS_H
#define AUPVM_BOOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "pvm/line.h"

/* A zeroed one is that of an empty log. */
struct boots {
	uint32_t nr; /* boots that have ended */
	uint64_t *began_ms; /* by their number: when the next one began */
	uint64_t start_ms; /* auditd's, which may be that of another boot */
	uint64_t newest_ms; /* of the kernel's events */
	uint64_t top; /* highest serial of this boot */
};

/* The next line of the log. Returns whether another boot begins with it. */
bool boots_note(struct boots *boots, const struct pvm_line *line);

/* The number of the boot in which it was this time. */
uint32_t boots_at(const struct boots *boots, uint64_t ms);

void boots_free(struct boots *boots);

#endif
