// SPDX-License-Identifier: GPL-2.0-or-later
/* verify.c - see verify.h */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "match/equation.h"
#include "match/facts.h"
#include "match/filter.h"
#include "util/memory.h"
#include "util/strbuf.h"
#include "show/verify.h"

struct verify {
	const struct store *store;
	const struct conditions *conditions;
	struct equation_span span;
	struct figures *figures; /* by node */
	struct figures sum;
	uint32_t shown; /* nodes */
	uint64_t broken; /* ids */
	uint64_t doubts; /* reasons why it cannot be told */
	struct strbuf name; /* of a node, as shown */
};

static bool is_shown(const struct verify *verify, uint32_t node)
{
	return verify->store->node[node].concerned &&
	       filter_wants_node(verify->conditions,
				 verify->store->nodes.item[node]);
}

/* Records without node= are of the host that wrote the log. */
static const char *name_of(struct verify *verify, uint32_t node)
{
	struct slice name = verify->store->nodes.item[node];

	strbuf_clear(&verify->name);
	if (name.len)
		strbuf_put_escaped(&verify->name, name);
	else
		strbuf_put(&verify->name, "-");
	return verify->name.at;
}

static void add_up(struct figures *sum, const struct figures *figures)
{
	sum->audited += figures->audited;
	for (int i = 0; i < FATES; i++)
		sum->by_fate[i] += figures->by_fate[i];
	sum->twice += figures->twice;
	sum->incomplete += figures->incomplete;
	sum->differing += figures->differing;
	sum->foreign += figures->foreign;
	sum->pending += figures->pending;
	sum->unseen += figures->unseen;
}

static void print_row(const char *name, const struct figures *figures)
{
	printf("%-20s %10" PRIu64, name, figures->audited);
	for (int i = 0; i < FATES; i++)
		printf(" %c %10" PRIu64, i ? '+' : '=', figures->by_fate[i]);
	putchar('\n');
}

static void print_figures(struct verify *verify)
{
	printf("%-20s %10s = %10s + %10s + %10s + %10s + %10s + %11s\n", "NODE",
	       "audited", "enriched", "folded", "lost", "pending", "no plugin",
	       "unaccounted");
	for (uint32_t i = 0; i < verify->store->nodes.nr; i++) {
		if (!is_shown(verify, i))
			continue;
		print_row(name_of(verify, i), &verify->figures[i]);
		add_up(&verify->sum, &verify->figures[i]);
		verify->shown++;
	}
	if (verify->shown != 1)
		print_row("all", &verify->sum);
}

/* ---- ids that break the equation */

static void print_id(struct verify *verify, const struct call *call,
		     const char *what)
{
	printf("%s: %" PRIu64 ".%03u:%" PRIu64 ": %s",
	       name_of(verify, call->node), call->ms / 1000,
	       (unsigned int)(call->ms % 1000), call->serial, what);
}

/* A record that covers @call although others have used up its count. */
static const struct lost *find_overdrawn(const struct store *store,
					 const struct call *call)
{
	for (size_t i = 0; i < store->lost_nr; i++)
		if (equation_covers(&store->lost[i], call))
			return &store->lost[i];
	return NULL;
}

static void print_unaccounted(struct verify *verify, const struct call *call)
{
	const struct store *store = verify->store;
	const struct lost *lost = find_overdrawn(store, call);
	struct slice why;

	if (!lost) {
		print_id(verify, call,
			 call->plugin == PLUGIN_STOPPED
				 ? "unaccounted: no plugin ran, and the next "
				   "one has not declared it lost\n"
				 : "unaccounted: no record\n");
		return;
	}
	why = store->names.item[lost->why];
	print_id(verify, call, "unaccounted: ");
	printf("more calls without a record than the %" PRIu64
	       " declared lost there (%.*s)\n",
	       lost->count, (int)why.len, why.at);
}

static void print_differing(struct verify *verify, const struct call *call)
{
	const char *separator = " ";

	print_id(verify, call, "its record contradicts the SYSCALL record:");
	for (int i = 0; i < FACTS; i++) {
		if (!(call->differs & 1u << i))
			continue;
		printf("%s%s=", separator, fact_name((enum fact)i));
		separator = ", ";
	}
	putchar('\n');
}

static void print_broken(struct verify *verify, const struct call *call)
{
	bool incomplete = equation_is_incomplete(call);
	bool unaccounted = call->audited && call->fate == FATE_UNACCOUNTED;

	verify->broken += equation_is_twice(call) || incomplete ||
			  unaccounted || call->differs;
	if (equation_is_twice(call)) {
		print_id(verify, call, "accounted for twice: ");
		printf("%u enriched, %u folded\n", call->enriched,
		       call->folded);
	}
	if (call->differs)
		print_differing(verify, call);
	if (incomplete)
		print_id(verify, call, "parts of its record are missing\n");
	else if (unaccounted)
		print_unaccounted(verify, call);
}

static void print_foreign(struct verify *verify, const struct call *record)
{
	verify->broken++;
	print_id(verify, record,
		 "looks like a record of the plugin's, but another program has "
		 "sent it\n");
}

static void print_each(struct verify *verify, const struct calls *calls,
		       void (*print)(struct verify *verify,
				     const struct call *call))
{
	for (uint32_t i = 0; i < calls->nr; i++) {
		const struct call *call = &calls->call[i];

		if (is_shown(verify, call->node) &&
		    call->ms >= verify->span.from_ms &&
		    call->ms <= verify->span.to_ms)
			print(verify, call);
	}
}

/* ---- what else there is to know */

static void note(struct verify *verify, uint32_t node, uint64_t count,
		 const char *what)
{
	if (count)
		printf("note: %s: %" PRIu64 " %s\n", name_of(verify, node),
		       count, what);
}

static void print_notes(struct verify *verify, uint32_t number)
{
	const struct node *node = &verify->store->node[number];
	const struct figures *figures = &verify->figures[number];

	note(verify, number, node->lost_most,
	     "calls at most are declared lost, in the log or not");
	note(verify, number, figures->by_fate[FATE_IDLE],
	     "calls were audited while no plugin ran");
	note(verify, number, node->renamed,
	     "calls have their record under another name of the host");
	note(verify, number, node->no_syscall,
	     "enriched calls whose SYSCALL record did not reach the plugin");
	note(verify, number, figures->unseen,
	     "enriched calls have no SYSCALL record in this log");
	note(verify, number, node->folded_unseen,
	     "folded calls have no SYSCALL record in this log");
	note(verify, number, node->doubles,
	     "SYSCALL records are there more than once");
	note(verify, number, node->again,
	     "of the plugin's records are there again");
}

/* ---- what keeps it from being told */

static void doubt(struct verify *verify, const char *where, uint64_t count,
		  const char *what)
{
	printf("doubt: %s: %" PRIu64 " %s\n", where, count, what);
	verify->doubts++;
}

static void print_node_doubts(struct verify *verify, uint32_t number)
{
	const struct figures *figures = &verify->figures[number];
	const char *name = name_of(verify, number);

	if (figures->pending)
		doubt(verify, name, figures->pending,
		      "calls are pending: the plugin runs, and may hold them; "
		      "try again later");
	if (figures->audited && figures->audited == figures->by_fate[FATE_IDLE])
		doubt(verify, name, figures->audited,
		      verify->store->node[number].plugin == PLUGIN_UNKNOWN
			      ? "calls, and no record of the plugin's"
			      : "calls, all of them while no plugin ran");
}

static void print_strange(struct verify *verify, const struct strange *strange)
{
	struct strbuf what = {0};

	strbuf_put(&what,
		   "SYSCALL records have arch=%" PRIx32
		   "%s, whose calls aupvm does not know",
		   strange->arch, strange->x32 ? " (x32)" : "");
	doubt(verify, name_of(verify, strange->node), strange->count, what.at);
	strbuf_free(&what);
}

static void print_doubts(struct verify *verify, const struct unread *unread)
{
	const struct store *store = verify->store;

	for (uint32_t i = 0; i < store->nodes.nr; i++)
		if (is_shown(verify, i))
			print_node_doubts(verify, i);
	for (size_t i = 0; i < store->strange_nr; i++)
		if (is_shown(verify, store->strange[i].node))
			print_strange(verify, &store->strange[i]);
	if (unread->damaged)
		doubt(verify, "the log", unread->damaged,
		      "damaged lines may be calls, or records of them");
	if (unread->input) {
		puts("doubt: the log: not all of it could be read");
		verify->doubts++;
	}
	if (!verify->sum.audited) {
		puts("doubt: the log: it has no audited call");
		verify->doubts++;
	}
}

static enum verdict print_verdict(const struct verify *verify)
{
	if (equation_is_broken(&verify->sum)) {
		printf("The equation does NOT hold: %" PRIu64 " %s it.\n",
		       verify->broken,
		       verify->broken == 1 ? "id breaks" : "ids break");
		return VERDICT_BROKEN;
	}
	if (verify->doubts) {
		puts("Whether the equation holds cannot be told: nothing "
		     "breaks it, but there is doubt.");
		return VERDICT_UNKNOWN;
	}
	if (verify->sum.by_fate[FATE_IDLE])
		puts("The equation holds: every call that was audited while "
		     "the plugin ran is accounted for.");
	else
		puts("The equation holds: every audited call is accounted "
		     "for.");
	return VERDICT_HOLDS;
}

enum verdict verify_print(const struct store *store,
			  const struct conditions *conditions,
			  const struct unread *unread)
{
	struct verify verify = {
		.store = store,
		.conditions = conditions,
		.span = {conditions->from_ms, conditions->to_ms},
		.figures =
			new_zeroed(store->nodes.nr + 1, sizeof(struct figures)),
	};
	enum verdict verdict;

	equation_count(store, &verify.span, verify.figures);
	print_figures(&verify);
	print_each(&verify, &store->calls, print_broken);
	print_each(&verify, &store->foreign, print_foreign);
	for (uint32_t i = 0; i < store->nodes.nr; i++)
		if (is_shown(&verify, i))
			print_notes(&verify, i);
	print_doubts(&verify, unread);
	verdict = print_verdict(&verify);
	free(verify.figures);
	strbuf_free(&verify.name);
	return verdict;
}
