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

struct pvm_account {
	struct pvm_losses losses;
	struct pvm_gaps gaps;
	struct pvm_former former;
	pvm_account_held_fn *held; /* NULL without */
	void *held_arg;
	struct pvm_journal *journal; /* NULL without */
	const char *path; /* its, borrowed */
	bool told_journal; /* that it cannot be written */
	size_t told_nr;
	struct pvm_range told[PVM_JOURNAL_TOLD + 1];
	bool node_guessed;
	char node[PVM_NODE_MAX]; /* whose events are counted */
	struct pvm_id settled; /* when, without a serial */
	struct pvm_id resumed; /* the start, or when logging was resumed */
	uint64_t resumed_sent; /* calls' records sent until then */
};

static void take_gap(void *arg, enum pvm_loss why, const struct pvm_span *span)
{
	struct pvm_account *account = arg;

	pvm_losses_add(&account->losses, why, span);
}

static bool is_known(void *arg, uint32_t serial)
{
	const struct pvm_account *account = arg;

	return pvm_ranges_have(account->told, account->told_nr, serial) ||
	       (account->held && account->held(account->held_arg, serial));
}

static struct pvm_id time_now(void)
{
	uint64_t ms = pvm_wall_ns() / 1000000;

	return (struct pvm_id){ms / 1000, (uint32_t)(ms % 1000), 0};
}

struct pvm_account *pvm_account_new(void)
{
	struct pvm_account *account = calloc(1, sizeof(*account));

	if (!account)
		return NULL;
	account->settled = account->resumed = time_now();
	pvm_gaps_init(&account->gaps, take_gap, is_known, account);
	return account;
}

void pvm_account_free(struct pvm_account *account)
{
	if (!account)
		return;
	pvm_journal_close(account->journal);
	free(account);
}

static void take_over(struct pvm_account *account,
		      const struct pvm_journal_entry *before)
{
	pvm_former_init(&account->former, &before->pending, pvm_now_ms(),
			&account->losses);
	account->told_nr = before->told_nr;
	memcpy(account->told, before->told, sizeof(before->told));
	if (!before->seen.serial)
		return;
	pvm_gaps_start(&account->gaps, &before->seen);
	memcpy(account->node, before->node, sizeof(account->node));
	account->node_guessed = true;
}

void pvm_account_keep_journal(struct pvm_account *account, const char *path)
{
	struct pvm_journal_entry before;
	bool found;

	account->path = path;
	account->journal = pvm_journal_open(path, &before, &found);
	if (!account->journal)
		pvm_log(LOG_ERR,
			"cannot open %s (%s): what is lost when the plugin is "
			"killed will not be told; make its folder writable "
			"for root",
			path, strerror(errno));
	if (found)
		take_over(account, &before);
}

/* A name that is too long to be kept is known by its start. */
static size_t kept_len(size_t len)
{
	return len < PVM_NODE_MAX ? len : PVM_NODE_MAX - 1;
}

static bool is_node(const struct pvm_account *account, const char *node,
		    size_t len)
{
	len = kept_len(len);
	return strlen(account->node) == len &&
	       !memcmp(account->node, node, len);
}

static void note_node(struct pvm_account *account, const char *node, size_t len)
{
	len = kept_len(len);
	memcpy(account->node, node, len);
	account->node[len] = '\0';
}

void pvm_account_set_node(struct pvm_account *account, const char *node,
			  size_t len)
{
	if (account->node_guessed && !is_node(account, node, len))
		pvm_gaps_init(&account->gaps, take_gap, is_known, account);
	account->node_guessed = true;
	note_node(account, node, len);
}

void pvm_account_see(struct pvm_account *account, const struct pvm_line *line,
		     uint64_t now_ms)
{
	/* nothing of an event may have come but what trails */
	if (!line->numbered || line->trailing)
		return;
	if (!account->node_guessed) {
		note_node(account, line->node, line->node_len);
		account->node_guessed = true;
	}
	if (is_node(account, line->node, line->node_len))
		pvm_gaps_see(&account->gaps, &line->id, now_ms);
}

void pvm_account_tell(struct pvm_account *account, const struct pvm_id *id)
{
	pvm_gaps_fill(&account->gaps, (uint32_t)id->serial);
	account->told_nr = pvm_ranges_add(account->told, account->told_nr,
					  id->serial, id->serial);
	if (account->told_nr <= PVM_JOURNAL_TOLD)
		return;
	account->told_nr--;
	memmove(account->told, account->told + 1,
		account->told_nr * sizeof(account->told[0]));
}

bool pvm_account_was_told(const struct pvm_account *account,
			  const struct pvm_id *id)
{
	return pvm_ranges_have(account->told, account->told_nr, id->serial);
}

void pvm_account_set_held(struct pvm_account *account, pvm_account_held_fn *fn,
			  void *arg)
{
	account->held = fn;
	account->held_arg = arg;
}

bool pvm_account_knows(const struct pvm_account *account, uint32_t pid,
		       const struct pvm_line *line)
{
	const struct pvm_pending *pending = &account->former.pending;
	bool known = pid == pending->pid;

	if (!pid)
		return false;
	for (size_t i = 0; !known && i < pending->awaited_nr; i++)
		known = pending->awaited[i].pid == pid;
	return known && is_node(account, line->node, line->node_len);
}

void pvm_account_came_round(struct pvm_account *account, uint32_t pid,
			    const char *text, size_t len, uint64_t now_ms)
{
	pvm_former_came_round(&account->former, &account->gaps, pid, text, len,
			      now_ms);
}

void pvm_account_overtake(struct pvm_account *account, uint64_t now_ms)
{
	pvm_former_overtake(&account->former, now_ms);
}

void pvm_account_lose_span(struct pvm_account *account, enum pvm_loss why,
			   const struct pvm_span *span)
{
	pvm_losses_add(&account->losses, why, span);
}

void pvm_account_lose(struct pvm_account *account, enum pvm_loss why,
		      const struct pvm_id *id)
{
	if (id)
		pvm_losses_add(&account->losses, why,
			       &(struct pvm_span){1, *id, *id});
	else
		pvm_account_lose_some(account, why, 1);
}

void pvm_account_lose_some(struct pvm_account *account, enum pvm_loss why,
			   uint64_t count)
{
	struct pvm_id now = time_now();
	struct pvm_span span = pvm_span_between(count, &account->settled, &now);

	pvm_losses_add(&account->losses, why, &span);
}

void pvm_account_resume(struct pvm_account *account, uint64_t sent)
{
	struct pvm_id now = time_now();
	struct pvm_span span = pvm_span_between(sent - account->resumed_sent,
						&account->resumed, &now);

	pvm_losses_add(&account->losses, PVM_LOSS_SUSPENDED, &span);
	account->resumed = now;
	account->resumed_sent = sent;
}

void pvm_account_settle(struct pvm_account *account, struct pvm_inject *inject,
			const struct pvm_id *waiting, bool all,
			pvm_losses_fn *fn, void *arg)
{
	bool late = waiting && pvm_gaps_passed(&account->gaps, waiting);
	uint64_t now_ms = pvm_now_ms();
	bool missing;

	pvm_gaps_expire(&account->gaps, now_ms, late);
	missing = late || account->gaps.nr;
	pvm_inject_settle(inject, missing, &account->losses);
	pvm_former_expire(&account->former, now_ms, missing, &account->losses);
	pvm_losses_tell(&account->losses, all ? UINT64_MAX : now_ms, fn, arg);
	account->settled = time_now();
}

void pvm_account_save(struct pvm_account *account,
		      const struct pvm_pending *pending)
{
	struct pvm_journal_entry entry;
	int err;

	memset(&entry, 0, sizeof(entry));
	if (!account->journal || !pvm_gaps_newest(&account->gaps, &entry.seen))
		return;
	entry.pending = *pending;
	pvm_gaps_pending(&account->gaps, &entry.pending.span);
	pvm_losses_pending(&account->losses, &entry.pending.span);
	pvm_former_pending(&account->former, &entry.pending);
	entry.told_nr = account->told_nr;
	memcpy(entry.told, account->told,
	       account->told_nr * sizeof(entry.told[0]));
	memcpy(entry.node, account->node, sizeof(entry.node));
	err = pvm_journal_write(account->journal, &entry);
	if (err && !account->told_journal)
		pvm_log(LOG_ERR, "cannot write %s (%s)", account->path,
			strerror(-err));
	account->told_journal = err;
}

void pvm_account_report(const struct pvm_account *account, FILE *file)
{
	pvm_losses_report(&account->losses, file);
}
