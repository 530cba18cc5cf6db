// SPDX-License-Identifier: GPL-2.0-or-later
/* boots.c - see boots.h */
#include <stdlib.h>

#include "lib/slice.h"
#include "match/boots.h"
#include "util/memory.h"

/* Serials have 32 bits: so near to their end they start over by themselves. */
#define NEAR_THE_END ((UINT64_C(1) << 32) - (1 << 20))

static bool is_auditds_start(const struct pvm_line *line)
{
	struct slice record = line->record;

	return line->id.sec && slice_skip(&record, "type=DAEMON_START ");
}

/*
 * The kernel may have kept the first events since before auditd's start; their
 * clock may not have been set then.
 */
static void add_boot(struct boots *boots, uint64_t ms)
{
	boots->began_ms = grow_array(boots->began_ms, boots->nr,
				     sizeof(*boots->began_ms));
	boots->began_ms[boots->nr++] =
		boots->start_ms < ms ? boots->start_ms : ms;
}

/* An event that is younger than all before has a lower number than they. */
static bool start_over(struct boots *boots, uint64_t ms, uint64_t serial)
{
	bool by_themselves = boots->top >= NEAR_THE_END;
	bool boot = boots->start_ms && !by_themselves;

	if (boot)
		add_boot(boots, ms);
	if (boot || by_themselves) {
		boots->top = serial;
		boots->start_ms = 0;
	}
	return boot;
}

bool boots_note(struct boots *boots, const struct pvm_line *line)
{
	uint64_t ms = id_ms(&line->id), serial = line->id.serial;

	if (!line->numbered) {
		if (is_auditds_start(line))
			boots->start_ms = ms;
		return false;
	}
	/* out of order, or there again */
	if (ms < boots->newest_ms)
		return false;
	boots->newest_ms = ms;
	if (serial < boots->top / 2)
		return start_over(boots, ms, serial);
	boots->start_ms = 0;
	if (serial > boots->top)
		boots->top = serial;
	return false;
}

uint32_t boots_at(const struct boots *boots, uint64_t ms)
{
	uint32_t boot = boots->nr;

	while (boot && ms < boots->began_ms[boot - 1])
		boot--;
	return boot;
}

void boots_free(struct boots *boots)
{
	free(boots->began_ms);
}
