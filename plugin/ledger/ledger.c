// SPDX-License-Identifier: GPL-2.0-or-later
/* ledger.c - see ledger.h */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ledger/checkpoint.h"
#include "ledger/gaps.h"
#include "ledger/in_flight.h"
#include "ledger/ledger.h"
#include "ledger/reported.h"
#include "lib/serials.h"
#include "lib/clock.h"
#include "process/log.h"
#include "process/selinux.h"
#include "process/state.h"

/* How long other processes are waited for that are at their end. */
#define OTHERS_TIMEOUT_MS 2000

/*
 * How far back, in serials, calls recorded early are remembered: more than the
 * kernel's backlog and auditd's queue hold.
 */
#define EARLY_WINDOW 1048576

/* Likewise, events that came late, while others may yet say they miss them. */
#define CAME_WINDOW 262144

/*
 * Records of processes at their end that have come back before those have left
 * their lists; of more, the oldest are forgotten, and then declared lost.
 */
#define UNLISTED_MAX 256

/*
 * How long the stream may stand still before it counts as empty, not behind;
 * and the farthest behind that it is taken for: a clock that was set looks so.
 */
#define STILL_MS 60000
#define LAG_MAX_MS 600000

/* Between two times that losses are declared again. */
#define AGAIN_EVERY_MS 1000

/*
 * Between two times that the checkpoint is written to its disk, which a power
 * cut needs and nothing else: each costs the disk a flush.
 */
#define SYNC_EVERY_MS 1000

/* Pids of predecessors that are remembered, the newest. */
#define PREDECESSORS_MAX 32

/* What the file thread does with the checkpoint at a time: its from put on. */
struct round {
	struct pvm_job job;
	struct pvm_checkpoint *checkpoint;
	/* to be written, with all that the last round has taken over */
	struct pvm_checkpoint_entry entry;
	bool taken;
	uint64_t synced_ms; /* when it was last written to the disk; 0: never */
	/* calls to be recorded early, and which of them may be */
	struct pvm_id early[PVM_LEDGER_EARLY_MAX];
	bool may[PVM_LEDGER_EARLY_MAX];
	size_t early_nr;
	/* what comes of it: of another process, where @found */
	int err;
	bool found;
	struct pvm_checkpoint_entry other;
	bool has_others, succeeded;
};

struct pvm_ledger {
	uint32_t pid;
	uint64_t start;
	uint64_t reloads; /* that the name is in doubt since */
	uint64_t ticket; /* the last */

	struct pvm_losses losses;
	struct pvm_gaps gaps;
	struct pvm_in_flight *in_flight;
	struct pvm_serials *came; /* see gaps.h */
	struct pvm_serials *early; /* calls recorded early */
	uint64_t early_nr; /* whose SYSCALL records have not come */
	uint64_t early_ms; /* when that number last changed */
	struct pvm_node node;
	struct pvm_id position; /* newest event of the stream, trailing too */
	uint64_t moved_ms;

	pvm_ledger_held_fn *held; /* NULL without */
	void *held_arg;

	struct round *round; /* NULL without a checkpoint */
	struct pvm_files *files; /* NULL before the start */
	bool has_others, succeeded; /* as the last round has found */
	struct pvm_ledger_early waits;
	const char *path; /* the checkpoint's, borrowed */
	char what[PATH_MAX]; /* of the job */
	bool write_failed; /* and that was logged */
	uint32_t predecessors[PREDECESSORS_MAX];
	unsigned int predecessors_nr; /* that there were */
	struct pvm_record_key unlisted[UNLISTED_MAX];
	unsigned int unlisted_nr; /* that there were */
	struct pvm_checkpoint_entry entry; /* scratch */
	struct pvm_span in_hand; /* when the checkpoint was last saved */
	struct pvm_missing missing; /* then */
	struct pvm_span beyond; /* likewise, of which the stream is short */
	bool ended;

	struct pvm_id started; /* when, without a serial */
	struct pvm_id settled; /* likewise */
	uint64_t again_ms; /* when losses were last declared again */
	struct pvm_id resumed; /* the start, or when logging was resumed */
	uint64_t resumed_sent; /* calls' records sent until then */
};

static void take_gap(void *arg, enum pvm_loss why, const struct pvm_span *span)
{
	struct pvm_ledger *ledger = arg;

	pvm_losses_add(&ledger->losses, why, span);
}

/* Within one boot a serial alone identifies an event. */
static struct pvm_id serial_id(uint64_t serial)
{
	return (struct pvm_id){.serial = (uint32_t)serial};
}

static bool is_known(void *arg, uint32_t serial)
{
	const struct pvm_ledger *ledger = arg;

	return pvm_serials_has(ledger->early, serial) ||
	       (ledger->held && ledger->held(ledger->held_arg, serial));
}

static struct pvm_id time_now(void)
{
	uint64_t ms = pvm_wall_ns() / 1000000;

	return (struct pvm_id){ms / 1000, (uint32_t)(ms % 1000), 0};
}

struct pvm_ledger *pvm_ledger_new(uint32_t pid, uint64_t start)
{
	struct pvm_ledger *ledger = calloc(1, sizeof(*ledger));

	if (!ledger)
		return NULL;
	ledger->pid = pid;
	ledger->start = start;
	ledger->started = ledger->settled = ledger->resumed = time_now();
	pvm_node_init(&ledger->node);
	ledger->came = pvm_serials_new(CAME_WINDOW);
	pvm_gaps_init(&ledger->gaps, take_gap, is_known, ledger, ledger->came);
	ledger->in_flight = pvm_in_flight_new(&ledger->losses);
	ledger->early = pvm_serials_new(EARLY_WINDOW);
	if (ledger->in_flight && ledger->early && ledger->came)
		return ledger;
	pvm_ledger_free(ledger);
	return NULL;
}

static void free_round(struct pvm_ledger *ledger)
{
	if (ledger->round)
		pvm_checkpoint_close(ledger->round->checkpoint);
	free(ledger->round);
	ledger->round = NULL;
}

void pvm_ledger_free(struct pvm_ledger *ledger)
{
	if (!ledger)
		return;
	free_round(ledger);
	pvm_in_flight_free(ledger->in_flight);
	pvm_serials_free(ledger->early);
	pvm_serials_free(ledger->came);
	pvm_node_free(&ledger->node);
	free(ledger);
}

void pvm_ledger_set_held(struct pvm_ledger *ledger, pvm_ledger_held_fn *fn,
			 void *arg)
{
	ledger->held = fn;
	ledger->held_arg = arg;
}

void pvm_ledger_be_lenient(struct pvm_ledger *ledger)
{
	pvm_node_be_lenient(&ledger->node);
}

/* ---- predecessors */

static void remember_early(void *arg, const struct pvm_serials_block *block)
{
	struct pvm_ledger *ledger = arg;
	size_t place;

	pvm_serials_add_block(ledger->early, block, &place);
}

static bool is_predecessor(const struct pvm_ledger *ledger, uint32_t pid)
{
	for (unsigned int i = 0;
	     i < ledger->predecessors_nr && i < PREDECESSORS_MAX; i++)
		if (ledger->predecessors[i] == pid)
			return true;
	return pvm_in_flight_knows(ledger->in_flight, pid);
}

static void note_predecessor(struct pvm_ledger *ledger, uint32_t pid)
{
	if (!is_predecessor(ledger, pid))
		ledger->predecessors[ledger->predecessors_nr++ %
				     PREDECESSORS_MAX] = pid;
}

/* Nobody has its list yet. */
static void note_unlisted(struct pvm_ledger *ledger,
			  const struct pvm_record_key *key)
{
	if (ledger->has_others)
		ledger->unlisted[ledger->unlisted_nr++ % UNLISTED_MAX] = *key;
}

/* Has that record come back already? It counts once. */
static bool was_unlisted(struct pvm_ledger *ledger,
			 const struct pvm_record_key *key)
{
	for (unsigned int i = 0; i < ledger->unlisted_nr && i < UNLISTED_MAX;
	     i++) {
		if (!pvm_record_key_equal(&ledger->unlisted[i], key))
			continue;
		ledger->unlisted[i].pid = 0;
		return true;
	}
	return false;
}

/*
 * What was behind the newest event that came: where the process has not seen
 * auditd's end, nobody knows how many. So they are all that can have been.
 */
static struct pvm_span tail_of(const struct pvm_checkpoint_entry *entry)
{
	struct pvm_span tail = {.first = entry->seen, .last = time_now()};

	if (entry->ended)
		return entry->beyond;
	tail.count = UINT32_MAX - (uint32_t)entry->seen.serial;
	if (!entry->seen.serial)
		return pvm_span_between(tail.count, &tail.first, &tail.last);
	if (pvm_id_before(&tail.last, &tail.first))
		tail.last = tail.first;
	tail.first.serial = (uint32_t)(tail.first.serial + 1);
	tail.last.serial = UINT32_MAX;
	return tail;
}

static void add_missing(struct pvm_span *span,
			const struct pvm_missing *missing)
{
	struct pvm_span rows = missing->bounds;

	rows.count = pvm_missing_count(missing) - missing->rest.count;
	pvm_span_add(span, &rows);
}

/*
 * A process of an earlier boot has left @entry. Nothing of that comes any more,
 * nor does the stream show what is missing.
 */
static void take_over_boot(struct pvm_ledger *ledger,
			   const struct pvm_checkpoint_entry *entry)
{
	struct pvm_record_key loss = {
		.pid = ledger->pid,
		.why = PVM_LOSS_REBOOT,
		.span = entry->pending.span,
		.start = ledger->start,
	};
	struct pvm_span tail = tail_of(entry);

	for (size_t i = 0; i < entry->pending.records_nr; i++)
		if (!pvm_is_of_this_boot(&entry->pending.records[i]))
			pvm_in_flight_add(ledger->in_flight,
					  &entry->pending.records[i]);
	add_missing(&loss.span, &entry->missing);
	pvm_span_add(&loss.span, &tail);
	if (!loss.span.count)
		return;
	pvm_losses_count(&ledger->losses, loss.why, loss.span.count);
	pvm_in_flight_add(ledger->in_flight, &loss);
}

/*
 * A process is gone and has left @entry. Calls that it had in hand, without a
 * record, are lost; those in flight may still come.
 */
static void take_over(struct pvm_ledger *ledger,
		      const struct pvm_checkpoint_entry *entry)
{
	const struct pvm_pending *pending = &entry->pending;
	struct pvm_span rest = pending->span;
	uint64_t now_ms = pvm_now_ms();

	if (entry->other_boot) {
		take_over_boot(ledger, entry);
		return;
	}
	note_predecessor(ledger, entry->pid);
	for (size_t i = 0; i < pending->records_nr; i++) {
		const struct pvm_record_key *key = &pending->records[i];

		if (pvm_is_of_this_boot(key))
			rest.count -= key->span.count;
		if (!was_unlisted(ledger, key))
			pvm_in_flight_adopt(ledger->in_flight, key, now_ms);
	}
	pvm_losses_add(&ledger->losses, PVM_LOSS_ENDED, &rest);
	if (entry->seen.serial)
		pvm_gaps_start_later(&ledger->gaps, &entry->seen);
	pvm_gaps_miss(&ledger->gaps, &entry->missing, now_ms);
}

/* What those have seen that are not gone yet is behind us all the same. */
static void begin_behind(struct pvm_ledger *ledger,
			 const struct pvm_checkpoint_others *others)
{
	for (int i = 0; i < PVM_CHECKPOINT_SLOTS && others->pids[i]; i++)
		note_predecessor(ledger, others->pids[i]);
	if (!others->seen.serial)
		return;
	pvm_gaps_start(&ledger->gaps, &others->seen);
	pvm_node_inherit(&ledger->node, others->node);
}

/* ---- the stream */

static void move_position(struct pvm_ledger *ledger, const struct pvm_id *id,
			  uint64_t now_ms)
{
	if (ledger->position.serial && !pvm_id_before(&ledger->position, id))
		return;
	ledger->position = *id;
	ledger->moved_ms = now_ms;
}

/* An event has turned out to be this host's. */
static void see_event(void *arg, const struct pvm_id *id, bool reported)
{
	struct pvm_ledger *ledger = arg;
	uint64_t now_ms = pvm_now_ms();

	if (reported) {
		pvm_gaps_fill(&ledger->gaps, (uint32_t)id->serial);
		return;
	}
	move_position(ledger, id, now_ms);
	pvm_gaps_see(&ledger->gaps, id, now_ms);
}

enum pvm_whose pvm_ledger_see(struct pvm_ledger *ledger,
			      const struct pvm_line *line, uint64_t now_ms)
{
	enum pvm_whose whose =
		pvm_node_whose(&ledger->node, line->node.at, line->node.len);

	if (!line->numbered)
		return whose;
	if (whose == PVM_OURS)
		move_position(ledger, &line->id, now_ms);
	/* nothing of an event may have come but what trails */
	if (line->trailing)
		return whose;
	if (whose == PVM_OURS)
		pvm_gaps_see(&ledger->gaps, &line->id, now_ms);
	else if (whose == PVM_UNSURE)
		pvm_node_remember(&ledger->node, line->node.at, line->node.len,
				  &line->id, now_ms);
	return whose;
}

enum pvm_whose pvm_ledger_whose_waited(struct pvm_ledger *ledger,
				       const char *node)
{
	return pvm_node_whose_waited(&ledger->node, node, strlen(node));
}

void pvm_ledger_note_joined(struct pvm_ledger *ledger, const char *node)
{
	pvm_node_suspect(&ledger->node, node, strlen(node));
}

void pvm_ledger_reload(struct pvm_ledger *ledger, uint64_t reloads)
{
	ledger->reloads = reloads;
	pvm_node_doubt(&ledger->node);
}

bool pvm_ledger_has_passed(const struct pvm_ledger *ledger,
			   const struct pvm_id *id)
{
	return ledger->position.serial && !pvm_id_before(&ledger->position, id);
}

uint64_t pvm_ledger_moved_ms(const struct pvm_ledger *ledger)
{
	return ledger->moved_ms;
}

/* ---- records that come back */

/* Under a name of which we are unsure, that waits for the proof. */
static void fill_gap(struct pvm_ledger *ledger, const struct pvm_line *line,
		     enum pvm_whose whose_line, uint64_t serial)
{
	struct pvm_id id = serial_id(serial);

	if (whose_line == PVM_OURS)
		pvm_gaps_fill(&ledger->gaps, (uint32_t)serial);
	else
		pvm_node_remember_reported(&ledger->node, line->node.at,
					   line->node.len, &id);
}

/* Of a call in parts one part does not report all. */
static void fill_gaps(struct pvm_ledger *ledger, const struct pvm_line *line,
		      enum pvm_whose whose_line, struct pvm_reported *reported)
{
	struct pvm_stride serials;

	if (!reported->is_call)
		return;
	if (!reported->serials.at && !reported->is_part)
		fill_gap(ledger, line, whose_line,
			 reported->key.span.first.serial);
	while (pvm_reported_serials(reported, &serials))
		for (; serials.first <= serials.last;
		     serials.first += serials.step)
			fill_gap(ledger, line, whose_line, serials.first);
}

static void confirm_predecessor(struct pvm_ledger *ledger,
				const struct pvm_line *line,
				enum pvm_whose whose_line,
				struct pvm_reported *reported, uint64_t now_ms)
{
	const struct pvm_record_key *key = &reported->key;

	if (key->span.count &&
	    !pvm_in_flight_confirm(ledger->in_flight, key, false, now_ms))
		note_unlisted(ledger, key);
	fill_gaps(ledger, line, whose_line, reported);
}

/* Of a record about the plugin; another host's process may have this pid. */
static bool is_proof(const struct pvm_ledger *ledger,
		     const struct pvm_reported *reported)
{
	return reported->key.pid == ledger->pid && reported->start &&
	       reported->start == ledger->start &&
	       reported->reloads == ledger->reloads;
}

/* A predecessor can have had this process's pid. */
static bool confirm_own(struct pvm_ledger *ledger,
			const struct pvm_reported *reported, uint64_t now_ms)
{
	if (reported->key.pid != ledger->pid ||
	    (reported->start && reported->start != ledger->start))
		return false;
	return pvm_in_flight_confirm(ledger->in_flight, &reported->key, true,
				     now_ms) ||
	       !is_predecessor(ledger, ledger->pid);
}

/* A name that was another host's is this one's when the proof says so. */
bool pvm_ledger_confirm(struct pvm_ledger *ledger, const struct pvm_line *line,
			uint64_t now_ms)
{
	struct pvm_reported reported;
	enum pvm_whose whose_line;
	uint32_t pid;

	if (!pvm_reported_pid(line, &pid) ||
	    (pid != ledger->pid && !is_predecessor(ledger, pid)) ||
	    !pvm_reported_read(&reported, line))
		return false;
	whose_line =
		pvm_node_whose(&ledger->node, line->node.at, line->node.len);
	if (whose_line == PVM_FOREIGN &&
	    (ledger->node.proven || !is_proof(ledger, &reported)))
		return false;
	if (is_proof(ledger, &reported))
		pvm_node_prove(&ledger->node, line->node.at, line->node.len,
			       see_event, ledger);
	if (confirm_own(ledger, &reported, now_ms) ||
	    is_proof(ledger, &reported))
		return true;
	if (is_predecessor(ledger, pid))
		confirm_predecessor(ledger, line, whose_line, &reported,
				    now_ms);
	return false;
}

/* ---- records that go out */

uint64_t pvm_ledger_expect(struct pvm_ledger *ledger,
			   const struct pvm_report *report)
{
	struct pvm_record_key key = {
		.pid = ledger->pid,
		.why = report->why,
		.span = report->span,
		.start = report->why == PVM_LOSSES ? 0 : report->start,
	};

	pvm_in_flight_expect(ledger->in_flight, ++ledger->ticket, &key);
	return ledger->ticket;
}

void pvm_ledger_withdraw(struct pvm_ledger *ledger, uint64_t ticket)
{
	pvm_in_flight_withdraw(ledger->in_flight, ticket);
}

void pvm_ledger_finished(struct pvm_ledger *ledger, uint64_t ticket, int error,
			 uint64_t now_ms)
{
	if (error)
		pvm_in_flight_refused(ledger->in_flight, ticket);
	else
		pvm_in_flight_sent(ledger->in_flight, ticket, now_ms);
}

void pvm_ledger_note_early(struct pvm_ledger *ledger, const struct pvm_id *id)
{
	uint32_t serial = (uint32_t)id->serial;
	size_t place;

	pvm_gaps_fill(&ledger->gaps, serial);
	pvm_serials_add(ledger->early, serial, &place);
	ledger->early_nr++;
	ledger->early_ms = pvm_now_ms();
}

bool pvm_ledger_was_recorded_early(struct pvm_ledger *ledger,
				   const struct pvm_id *id)
{
	if (!pvm_serials_has(ledger->early, (uint32_t)id->serial))
		return false;
	/* predecessors' calls are not counted */
	if (ledger->early_nr)
		ledger->early_nr--;
	ledger->early_ms = pvm_now_ms();
	return true;
}

/*
 * Is the kernel about to hand over what it has held back? As long as SYSCALL
 * records come, or may yet come, whose calls were recorded without.
 */
static bool is_behind(const struct pvm_ledger *ledger, uint64_t now_ms)
{
	return ledger->early_nr && now_ms - ledger->early_ms < PVM_GAP_LATE_MS;
}

/* ---- losses */

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

/* How old its newest event was when it came. */
static uint64_t lag_of_stream(const struct pvm_ledger *ledger, uint64_t now_ms)
{
	const struct pvm_id *position = &ledger->position;
	uint64_t still_ms = now_ms - ledger->moved_ms;
	uint64_t came_ms = pvm_wall_ns() / 1000000 - still_ms;
	uint64_t made_ms = position->sec * 1000 + position->msec;

	if (!position->serial || still_ms >= STILL_MS || came_ms < made_ms)
		return 0;
	return came_ms - made_ms < LAG_MAX_MS ? came_ms - made_ms : LAG_MAX_MS;
}

/*
 * What is missing may be with a process that has not ended, or under a name of
 * which we are unsure; and for a process that has been succeeded it is the
 * successor's to declare.
 */
static void give_up_overdue(struct pvm_ledger *ledger, uint64_t now_ms,
			    const struct pvm_id *waiting)
{
	bool late;

	pvm_node_expire(&ledger->node, now_ms, see_event, ledger);
	late = ledger->has_others || pvm_node_waits(&ledger->node) ||
	       is_behind(ledger, now_ms) ||
	       (waiting && pvm_gaps_passed(&ledger->gaps, waiting));
	if (ledger->succeeded)
		return;
	pvm_gaps_expire(&ledger->gaps, now_ms, late);
	pvm_in_flight_expire(ledger->in_flight, now_ms, late || ledger->gaps.nr,
			     lag_of_stream(ledger, now_ms));
}

/* Whom losses are handed to. */
struct declarer {
	const struct pvm_ledger *ledger;
	pvm_ledger_declare_fn *fn;
	void *arg;
};

static bool declare(void *arg, enum pvm_loss why, const struct pvm_span *span)
{
	const struct declarer *declarer = arg;
	struct pvm_report loss = {why, *span, declarer->ledger->start};

	return declarer->fn(declarer->arg, &loss);
}

static bool declare_again(void *arg, const struct pvm_record_key *key)
{
	const struct declarer *declarer = arg;
	struct pvm_report loss = {key->why, key->span, key->start};

	return declarer->fn(declarer->arg, &loss);
}

void pvm_ledger_settle(struct pvm_ledger *ledger, const struct pvm_id *waiting,
		       bool all, pvm_ledger_declare_fn *fn, void *arg)
{
	struct declarer declarer = {ledger, fn, arg};
	uint64_t now_ms = pvm_now_ms();

	give_up_overdue(ledger, now_ms, waiting);
	pvm_losses_declare(&ledger->losses, all ? UINT64_MAX : now_ms, declare,
			   &declarer);
	if (all || now_ms - ledger->again_ms >= AGAIN_EVERY_MS) {
		pvm_in_flight_declare_again(ledger->in_flight, declare_again,
					    &declarer);
		ledger->again_ms = now_ms;
	}
	ledger->settled = time_now();
}

/* ---- the checkpoint */

/* Everything that this process would leave. */
static void make_entry(struct pvm_ledger *ledger,
		       struct pvm_checkpoint_entry *entry)
{
	memset(entry, 0, sizeof(*entry));
	entry->pid = ledger->pid;
	if (!pvm_gaps_newest(&ledger->gaps, &entry->seen))
		entry->seen = ledger->started;
	pvm_in_flight_pending(ledger->in_flight, &entry->pending);
	pvm_span_add(&entry->pending.span, &ledger->in_hand);
	entry->missing = ledger->missing;
	pvm_gaps_pending(&ledger->gaps, &entry->missing);
	pvm_span_add(&entry->pending.span, &entry->missing.rest);
	pvm_losses_pending(&ledger->losses, &entry->pending.span);
	memcpy(entry->node, ledger->node.name, sizeof(entry->node));
	entry->ended = ledger->ended;
	if (ledger->ended)
		entry->beyond = ledger->beyond;
}

/* Have it on the disk at once where another's entry is about to go. */
static void sync_checkpoint(struct round *round)
{
	uint64_t now_ms = pvm_now_ms();

	if (round->err ||
	    (!round->taken && !round->entry.ended && round->synced_ms &&
	     now_ms - round->synced_ms < SYNC_EVERY_MS))
		return;
	round->err = pvm_checkpoint_sync(round->checkpoint);
	round->synced_ms = now_ms;
}

/*
 * On the file thread. Ahead of a serial there is an entry in which its call is
 * pending: killed in between, the next process declares it.
 */
static void run_round(void *arg)
{
	struct round *round = ((struct pvm_ledger *)arg)->round;
	struct pvm_checkpoint *checkpoint = round->checkpoint;

	round->err = pvm_checkpoint_write(checkpoint, &round->entry);
	sync_checkpoint(round);
	if (round->taken)
		pvm_checkpoint_taken(checkpoint);
	for (size_t i = 0; i < round->early_nr; i++)
		round->may[i] = pvm_checkpoint_record_early(
			checkpoint, (uint32_t)round->early[i].serial);
	round->found = pvm_checkpoint_take(checkpoint, &round->other);
	round->has_others = pvm_checkpoint_has_others(checkpoint);
	round->succeeded = pvm_checkpoint_succeeded(checkpoint);
}

/*
 * What is taken over goes into our own entry with the next round, and is gone
 * from the other's only then.
 */
static void finish_round(void *arg)
{
	struct pvm_ledger *ledger = arg;
	struct round *round = ledger->round;

	if (round->err && !ledger->write_failed)
		pvm_log(LOG_ERR, "cannot write %s (%s)", ledger->path,
			strerror(-round->err));
	ledger->write_failed = round->err;
	ledger->has_others = round->has_others;
	ledger->succeeded = round->succeeded;
	for (size_t i = 0; i < round->early_nr; i++)
		ledger->waits.answer(ledger->waits.arg, &round->early[i],
				     round->may[i]);
	round->taken = round->found;
	if (round->found)
		take_over(ledger, &round->other);
}

/* Where the last round is not back, the next one writes what is so by then. */
static void write_checkpoint(struct pvm_ledger *ledger)
{
	struct round *round = ledger->round;

	make_entry(ledger, &ledger->entry);
	if (!round)
		return;
	if (!round->job.out) {
		round->entry = ledger->entry;
		round->early_nr =
			ledger->waits.list
				? ledger->waits.list(ledger->waits.arg,
						     round->early,
						     PVM_LEDGER_EARLY_MAX)
				: 0;
	}
	pvm_files_put(ledger->files, &round->job);
}

static int drop_checkpoint(struct pvm_ledger *ledger, int err)
{
	free_round(ledger);
	if (err == -EBUSY) {
		pvm_log(LOG_ERR,
			"%s: %d other processes of the plugin have not ended; "
			"stop them, and auditd starts this one again",
			ledger->path, PVM_CHECKPOINT_SLOTS);
		return err;
	}
	if (access(PVM_BOOT_ID, R_OK))
		pvm_log(LOG_ERR,
			"cannot read %s (%s): what is lost when the plugin is "
			"killed will not be declared; mount /proc, without "
			"subset=pid",
			PVM_BOOT_ID, strerror(errno));
	else if (!pvm_selinux_refuses(err))
		pvm_log(LOG_ERR,
			"cannot open %s (%s): what is lost when the plugin is "
			"killed will not be declared; make its folder writable "
			"for root",
			ledger->path, strerror(-err));
	return 0;
}

static struct round *new_round(struct pvm_ledger *ledger)
{
	struct round *round = calloc(1, sizeof(*round));

	if (!round)
		return NULL;
	snprintf(ledger->what, sizeof(ledger->what), "writing %s",
		 ledger->path);
	round->job = (struct pvm_job){
		.what = ledger->what,
		.run = run_round,
		.done = finish_round,
		.arg = ledger,
	};
	round->checkpoint = pvm_checkpoint_open(ledger->path);
	if (round->checkpoint)
		return round;
	free(round);
	return NULL;
}

int pvm_ledger_keep_checkpoint(struct pvm_ledger *ledger, const char *path)
{
	struct pvm_checkpoint_others others = {
		.early = remember_early,
		.arg = ledger,
	};
	struct round *round;
	int err;

	ledger->path = path;
	ledger->round = round = new_round(ledger);
	if (!round)
		return drop_checkpoint(ledger, -errno);
	pvm_checkpoint_wait(round->checkpoint, OTHERS_TIMEOUT_MS);
	err = pvm_checkpoint_enter(round->checkpoint, &others);
	if (err)
		return drop_checkpoint(ledger, err);
	begin_behind(ledger, &others);
	do
		write_checkpoint(ledger);
	while (round->found);
	return 0;
}

void pvm_ledger_use_files(struct pvm_ledger *ledger, struct pvm_files *files)
{
	ledger->files = files;
}

void pvm_ledger_set_early(struct pvm_ledger *ledger,
			  const struct pvm_ledger_early *early)
{
	ledger->waits = *early;
}

bool pvm_ledger_has_checkpoint(const struct pvm_ledger *ledger)
{
	return ledger->round;
}

bool pvm_ledger_wait(struct pvm_ledger *ledger, unsigned int timeout_ms)
{
	return !ledger->round ||
	       pvm_files_wait(ledger->files, &ledger->round->job, timeout_ms);
}

void pvm_ledger_missing(const struct pvm_ledger *ledger,
			struct pvm_missing *missing)
{
	pvm_gaps_pending(&ledger->gaps, missing);
}

/* The rows without room are in pending already. */
uint64_t pvm_ledger_save(struct pvm_ledger *ledger,
			 const struct pvm_span *in_hand,
			 const struct pvm_missing *missing)
{
	const struct pvm_checkpoint_entry *entry = &ledger->entry;

	ledger->in_hand = *in_hand;
	ledger->missing = *missing;
	write_checkpoint(ledger);
	return entry->pending.span.count + pvm_missing_count(&entry->missing) -
	       entry->missing.rest.count;
}

void pvm_ledger_set_beyond(struct pvm_ledger *ledger,
			   const struct pvm_span *beyond)
{
	ledger->beyond = *beyond;
}

void pvm_ledger_end(struct pvm_ledger *ledger)
{
	ledger->ended = true;
}

const char *pvm_ledger_node(const struct pvm_ledger *ledger)
{
	return ledger->node.known ? ledger->node.name : NULL;
}

void pvm_ledger_report(const struct pvm_ledger *ledger, FILE *file)
{
	pvm_state_number(file, "in_flight",
			 pvm_in_flight_count(ledger->in_flight));
	pvm_losses_report(&ledger->losses, file);
}
