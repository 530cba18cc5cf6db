// SPDX-License-Identifier: GPL-2.0-or-later
/* boots.c - see boots.h */
#include <stdlib.h>

#include "lib/slice.h"
#include "match/boots.h"
#include "util/memory.h"

/* Serials have 32 bits: so near to their end they start over by themselves. */
#define NEAR_THE_END ((UINT64_C(1) << 32) - (1 << 20))

/*
 * What a power cut has left of the last line of a boot has no end: auditd's
 * start stands behind it, in the same line.
 */
static void note_start(struct boots *boots, const struct pvm_line *line)
{
	static const char start[] = "type=DAEMON_START msg=audit(";
	const char *found = slice_find(line->record, start);
	struct slice rest;
	struct pvm_id id;

	if (!found)
		return;
	rest = slice_from(line->record, found + sizeof(start) - 1);
	if (slice_take_id(&rest, &id))
		boots->start_ms = id_ms(&id);
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

static bool note_event(struct boots *boots, const struct pvm_line *line)
{
	uint64_t ms = id_ms(&line->id), serial = line->id.serial;

	/* auditd's own, out of order, or there again */
	if (!line->numbered || ms < boots->newest_ms)
		return false;
	boots->newest_ms = ms;
	if (serial < boots->top / 2)
		return start_over(boots, ms, serial);
	boots->start_ms = 0;
	if (serial > boots->top)
		boots->top = serial;
	return false;
}

bool boots_note(struct boots *boots, const struct pvm_line *line)
{
	bool began = note_event(boots, line);

	note_start(boots, line);
	return began;
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
