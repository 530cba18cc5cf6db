// SPDX-License-Identifier: GPL-2.0-or-later
/* ledger.c - see ledger.h */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ledger/ledger.h"
#include "process/clock.h"
#include "ledger/predecessor.h"
#include "ledger/gaps.h"
#include "ledger/checkpoint.h"
#include "process/log.h"
#include "lib/ranges.h"

struct pvm_ledger {
	struct pvm_losses losses;
	struct pvm_gaps gaps;
	struct pvm_predecessor former;
	pvm_ledger_held_fn *held; /* NULL without */
	void *held_arg;
	struct pvm_checkpoint *checkpoint; /* NULL without */
	const char *path; /* its, borrowed */
	bool told_checkpoint; /* that it cannot be written */
	size_t told_nr;
	struct pvm_range told[PVM_CHECKPOINT_EARLY + 1];
	bool node_guessed;
	char node[PVM_NODE_MAX]; /* whose events are counted */
	struct pvm_id settled; /* when, without a serial */
	struct pvm_id resumed; /* the start, or when logging was resumed */
	uint64_t resumed_sent; /* calls' records sent until then */
};

static void take_gap(void *arg, enum pvm_loss why, const struct pvm_span *span)
{
	struct pvm_ledger *ledger = arg;

	pvm_losses_add(&ledger->losses, why, span);
}

static bool is_known(void *arg, uint32_t serial)
{
	const struct pvm_ledger *ledger = arg;

	return pvm_ranges_have(ledger->told, ledger->told_nr, serial) ||
	       (ledger->held && ledger->held(ledger->held_arg, serial));
}

static struct pvm_id time_now(void)
{
	uint64_t ms = pvm_wall_ns() / 1000000;

	return (struct pvm_id){ms / 1000, (uint32_t)(ms % 1000), 0};
}

struct pvm_ledger *pvm_ledger_new(void)
{
	struct pvm_ledger *ledger = calloc(1, sizeof(*ledger));

	if (!ledger)
		return NULL;
	ledger->settled = ledger->resumed = time_now();
	pvm_gaps_init(&ledger->gaps, take_gap, is_known, ledger);
	return ledger;
}

void pvm_ledger_free(struct pvm_ledger *ledger)
{
	if (!ledger)
		return;
	pvm_checkpoint_close(ledger->checkpoint);
	free(ledger);
}

static void take_over(struct pvm_ledger *ledger,
		      const struct pvm_checkpoint_entry *before)
{
	pvm_predecessor_init(&ledger->former, &before->pending, pvm_now_ms(),
			     &ledger->losses);
	ledger->told_nr = before->told_nr;
	memcpy(ledger->told, before->told, sizeof(before->told));
	if (!before->seen.serial)
		return;
	pvm_gaps_start(&ledger->gaps, &before->seen);
	memcpy(ledger->node, before->node, sizeof(ledger->node));
	ledger->node_guessed = true;
}

void pvm_ledger_keep_checkpoint(struct pvm_ledger *ledger, const char *path)
{
	struct pvm_checkpoint_entry before;
	bool found;

	ledger->path = path;
	ledger->checkpoint = pvm_checkpoint_open(path, &before, &found);
	if (!ledger->checkpoint)
		pvm_log(LOG_ERR,
			"cannot open %s (%s): what is lost when the plugin is "
			"killed will not be told; make its folder writable "
			"for root",
			path, strerror(errno));
	if (found)
		take_over(ledger, &before);
}

/* A name that is too long to be kept is known by its start. */
static size_t kept_len(size_t len)
{
	return len < PVM_NODE_MAX ? len : PVM_NODE_MAX - 1;
}

static bool is_node(const struct pvm_ledger *ledger, const char *node,
		    size_t len)
{
	len = kept_len(len);
	return strlen(ledger->node) == len && !memcmp(ledger->node, node, len);
}

static void note_node(struct pvm_ledger *ledger, const char *node, size_t len)
{
	len = kept_len(len);
	memcpy(ledger->node, node, len);
	ledger->node[len] = '\0';
}

void pvm_ledger_set_node(struct pvm_ledger *ledger, const char *node,
			 size_t len)
{
	if (ledger->node_guessed && !is_node(ledger, node, len))
		pvm_gaps_init(&ledger->gaps, take_gap, is_known, ledger);
	ledger->node_guessed = true;
	note_node(ledger, node, len);
}

void pvm_ledger_see(struct pvm_ledger *ledger, const struct pvm_line *line,
		    uint64_t now_ms)
{
	/* nothing of an event may have come but what trails */
	if (!line->numbered || line->trailing)
		return;
	if (!ledger->node_guessed) {
		note_node(ledger, line->node.at, line->node.len);
		ledger->node_guessed = true;
	}
	if (is_node(ledger, line->node.at, line->node.len))
		pvm_gaps_see(&ledger->gaps, &line->id, now_ms);
}

void pvm_ledger_recorded_early(struct pvm_ledger *ledger,
			       const struct pvm_id *id)
{
	pvm_gaps_fill(&ledger->gaps, (uint32_t)id->serial);
	ledger->told_nr = pvm_ranges_add(ledger->told, ledger->told_nr,
					 id->serial, id->serial);
	if (ledger->told_nr <= PVM_CHECKPOINT_EARLY)
		return;
	ledger->told_nr--;
	memmove(ledger->told, ledger->told + 1,
		ledger->told_nr * sizeof(ledger->told[0]));
}

bool pvm_ledger_was_recorded_early(const struct pvm_ledger *ledger,
				   const struct pvm_id *id)
{
	return pvm_ranges_have(ledger->told, ledger->told_nr, id->serial);
}

void pvm_ledger_set_held(struct pvm_ledger *ledger, pvm_ledger_held_fn *fn,
			 void *arg)
{
	ledger->held = fn;
	ledger->held_arg = arg;
}

bool pvm_ledger_knows(const struct pvm_ledger *ledger, uint32_t pid,
		      const struct pvm_line *line)
{
	const struct pvm_pending *pending = &ledger->former.pending;
	bool known = pid == pending->pid;

	if (!pid)
		return false;
	for (size_t i = 0; !known && i < pending->records_nr; i++)
		known = pending->awaited[i].pid == pid;
	return known && is_node(ledger, line->node.at, line->node.len);
}

void pvm_ledger_confirm_predecessor(struct pvm_ledger *ledger, uint32_t pid,
				    const char *text, size_t len,
				    uint64_t now_ms)
{
	pvm_predecessor_confirm(&ledger->former, &ledger->gaps, pid, text, len,
				now_ms);
}

void pvm_ledger_pass_predecessor(struct pvm_ledger *ledger, uint64_t now_ms)
{
	pvm_predecessor_pass(&ledger->former, now_ms);
}

void pvm_ledger_lose_span(struct pvm_ledger *ledger, enum pvm_loss why,
			  const struct pvm_span *span)
{
	pvm_losses_add(&ledger->losses, why, span);
}

void pvm_ledger_lose(struct pvm_ledger *ledger, enum pvm_loss why,
		     const struct pvm_id *id)
{
	if (id)
		pvm_losses_add(&ledger->losses, why,
			       &(struct pvm_span){1, *id, *id});
	else
		pvm_ledger_lose_some(ledger, why, 1);
}

void pvm_ledger_lose_some(struct pvm_ledger *ledger, enum pvm_loss why,
			  uint64_t count)
{
	struct pvm_id now = time_now();
	struct pvm_span span = pvm_span_between(count, &ledger->settled, &now);

	pvm_losses_add(&ledger->losses, why, &span);
}

void pvm_ledger_resume(struct pvm_ledger *ledger, uint64_t sent)
{
	struct pvm_id now = time_now();
	struct pvm_span span = pvm_span_between(sent - ledger->resumed_sent,
						&ledger->resumed, &now);

	pvm_losses_add(&ledger->losses, PVM_LOSS_SUSPENDED, &span);
	ledger->resumed = now;
	ledger->resumed_sent = sent;
}

void pvm_ledger_settle(struct pvm_ledger *ledger, struct pvm_inject *inject,
		       const struct pvm_id *waiting, bool all,
		       pvm_losses_fn *fn, void *arg)
{
	bool late = waiting && pvm_gaps_passed(&ledger->gaps, waiting);
	uint64_t now_ms = pvm_now_ms();
	bool missing;

	pvm_gaps_expire(&ledger->gaps, now_ms, late);
	missing = late || ledger->gaps.nr;
	pvm_inject_settle(inject, missing, &ledger->losses);
	pvm_predecessor_expire(&ledger->former, now_ms, missing,
			       &ledger->losses);
	pvm_losses_declare(&ledger->losses, all ? UINT64_MAX : now_ms, fn, arg);
	ledger->settled = time_now();
}

void pvm_ledger_save(struct pvm_ledger *ledger,
		     const struct pvm_pending *pending)
{
	struct pvm_checkpoint_entry entry;
	int err;

	memset(&entry, 0, sizeof(entry));
	if (!ledger->checkpoint || !pvm_gaps_newest(&ledger->gaps, &entry.seen))
		return;
	entry.pending = *pending;
	pvm_gaps_pending(&ledger->gaps, &entry.pending.span);
	pvm_losses_pending(&ledger->losses, &entry.pending.span);
	pvm_predecessor_pending(&ledger->former, &entry.pending);
	entry.told_nr = ledger->told_nr;
	memcpy(entry.told, ledger->told,
	       ledger->told_nr * sizeof(entry.told[0]));
	memcpy(entry.node, ledger->node, sizeof(entry.node));
	err = pvm_checkpoint_write(ledger->checkpoint, &entry);
	if (err && !ledger->told_checkpoint)
		pvm_log(LOG_ERR, "cannot write %s (%s)", ledger->path,
			strerror(-err));
	ledger->told_checkpoint = err;
}

void pvm_ledger_report(const struct pvm_ledger *ledger, FILE *file)
{
	pvm_losses_report(&ledger->losses, file);
}
