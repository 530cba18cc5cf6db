// SPDX-License-Identifier: GPL-2.0-or-later
/* match.c - see match.h */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/syscalls.h"
#include "match/facts.h"
#include "match/folded.h"
#include "match/match.h"
#include "util/memory.h"
#include "read/sender.h"

void match_free(struct match *match)
{
	store_free(&match->store);
	calls_free(&match->records);
	parts_free(&match->parts);
}

/* The number of a node; lines of one node mostly come together. */
static uint32_t find_node(struct match *match, struct slice name)
{
	uint32_t number, known = match->store.nodes.nr;

	if (match->last_node < known &&
	    slice_equal(match->store.nodes.item[match->last_node], name))
		return match->last_node;
	number = strings_put(&match->store.nodes, name);
	if (number == known) {
		match->store.node = grow_array(match->store.node, number,
					       sizeof(*match->store.node));
		match->store.node[number] = (struct node){0};
	}
	match->last_node = number;
	return number;
}

/* Likewise, of a line that is, or may be, about our calls. */
static uint32_t find_concerned(struct match *match, struct slice name)
{
	uint32_t node = find_node(match, name);

	match->store.node[node].concerned = true;
	return node;
}

/* Whatever the record is, its node's log goes on to there. */
static void note_time(struct match *match, const struct pvm_line *line)
{
	uint32_t number = find_node(match, line->node);
	struct node *node = &match->store.node[number];
	uint64_t ms = id_ms(&line->id);

	if (ms > node->newest_ms)
		node->newest_ms = ms;
	if (!boots_note(&node->boots, line))
		return;
	node->plugin = PLUGIN_UNKNOWN;
	node->start = 0;
}

/* ---- audit's own records */

/* A SYSCALL record that may be of one of the calls, for all we know. */
static void note_strange(struct match *match, const struct pvm_line *line)
{
	struct store *store = &match->store;
	uint32_t node = find_concerned(match, line->node);
	size_t i = 0;

	while (i < store->strange_nr && (store->strange[i].node != node ||
					 store->strange[i].arch != line->arch ||
					 store->strange[i].x32 != line->x32))
		i++;
	if (i == STRANGE_MAX)
		i--;
	else if (i == store->strange_nr)
		store->strange[store->strange_nr++] = (struct strange){
			.node = node, .arch = line->arch, .x32 = line->x32};
	store->strange[i].count++;
}

static void see(struct match *match, uint32_t node, const struct pvm_line *line,
		const struct fields *fields)
{
	struct access access = store_access(&match->store, node, &line->id);

	access.text = line->text;
	access.fields = *fields;
	match->see(match->see_arg, &access);
}

/* Its record may have come already. */
static void take_facts(struct match *match, struct call *call,
		       const struct pvm_id *id, const struct fields *fields)
{
	struct facts *facts;

	if (call_is_accounted(call) && !call->facts)
		return;
	facts = facts_of_call(&match->store.names, fields);
	if (match->store.detailed)
		facts->details = details_new(fields);
	if (call_is_accounted(call)) {
		call->differs |= facts_compare(facts, call->facts);
		if (facts->details)
			late_put(&match->store.late_details, call->node, id,
				 facts->details);
		facts->details = NULL;
		call_drop_facts(call);
		facts_free(facts);
		facts = NULL;
	}
	call->facts = facts;
}

static const char *take_call(struct match *match, const struct pvm_line *line)
{
	uint32_t node = find_concerned(match, line->node);
	struct fields fields;
	const char *why = fields_read_syscall(&fields, line);
	struct call *call;

	if (why)
		return why;
	call = calls_put(&match->store.calls, node, &line->id);
	if (call->audited) {
		match->store.node[node].doubles++;
		return NULL;
	}
	call->audited = true;
	call->plugin = (uint8_t)match->store.node[node].plugin;
	call->boot = match->store.node[node].boots.nr;
	call->session = (uint32_t)field_number(&fields, FIELD_SES, UINT32_MAX);
	take_facts(match, call, &line->id, &fields);
	if (match->see)
		see(match, node, line, &fields);
	return NULL;
}

/* The command line of a call, which is rarely behind the call's record. */
static void take_proctitle(struct match *match, const struct pvm_line *line)
{
	struct slice command = fields_read_proctitle(line);
	uint64_t ms = id_ms(&line->id);
	struct facts *facts;
	struct call *call;

	if (!command.at)
		return;
	call = calls_find_near(&match->store.calls,
			       find_node(match, line->node), line->id.serial,
			       ms, ms, 0);
	if (!call || !call->audited || call->titled)
		return;
	call->titled = true;
	facts = call->facts;
	if (facts && facts->details)
		facts->details = details_add_command(facts->details, command);
	else
		late_put_command(&match->store.late_details, call->node,
				 &line->id, command);
}

/* ---- the plugin's records */

/* With what its SYSCALL record says, which is not needed behind that. */
static void emit_call(struct match *match, struct access *access,
		      struct call *call)
{
	access->kind = ACCESS_CALL;
	access->session = call->session;
	access->has_session = call->audited;
	if (call->audited && call->facts && call->facts->details)
		details_show(call->facts->details, &access->fields);
	store_emit(&match->store, access);
	if (call->audited)
		call_drop_facts(call);
}

/* Keep what a record says until the call's SYSCALL record comes. */
static void compare_facts(struct match *match, struct call *call,
			  const struct fields *fields)
{
	struct facts record = facts_of_record(&match->store.names, fields);

	if (call->audited && call->facts) {
		call->differs |= facts_compare(call->facts, &record);
	} else if (!call->audited && !call->facts) {
		call->facts = new_zeroed(1, sizeof(record));
		*call->facts = record;
	}
}

/* The record of one call, whole. */
static void take_enriched(struct match *match, struct access *access)
{
	struct call *call = calls_put(&match->store.calls, access->node_number,
				      &access->first);

	compare_facts(match, call, &access->fields);
	call_add_one(&call->enriched);
	call->no_syscall =
		field_has_word(&access->fields, FIELD_WHY, "no-syscall");
	match->store.node[access->node_number].no_syscall += call->no_syscall;
	emit_call(match, access, call);
}

static void finish_parts(struct match *match, struct assembly *assembly)
{
	struct access access =
		store_access(&match->store, assembly->node, &assembly->id);
	struct call *call;

	parts_fields(assembly, &access.fields);
	access.text = slice_of(assembly->line);
	if (assembly->held == assembly->total) {
		take_enriched(match, &access);
	} else {
		call = calls_put(&match->store.calls, assembly->node,
				 &assembly->id);
		call->incomplete = true;
		if (!call->audited)
			call->boot = match->store.node[assembly->node].boots.nr;
		compare_facts(match, call, &access.fields);
		access.incomplete = true;
		emit_call(match, &access, call);
	}
	assembly_free(assembly);
}

static const char *take_part(struct match *match, const struct access *access,
			     struct slice message)
{
	struct slice total = access->fields.value[FIELD_PART], part;
	uint64_t n = 0, m = 0;
	struct assembly *done;
	const char *why;

	if (!slice_next(&total, '/', &part) || !slice_unsigned(part, &n) ||
	    !slice_unsigned(total, &m) || n > PARTS_MAX || m > PARTS_MAX)
		return "no usable part=";
	why = parts_add(&match->parts, access->node_number, &access->first,
			access->text, message, (unsigned int)n, (unsigned int)m,
			&done);
	if (done)
		finish_parts(match, done);
	return why;
}

/*
 * A loss of which the plugin does not know whether its record has reached the
 * log is declared again: with the same reason, count, events and start=.
 */
static bool was_declared(struct match *match, const struct access *access,
			 const struct lost *lost)
{
	struct strings *losses = &match->store.losses;
	struct slice start = access->fields.value[FIELD_START];
	uint32_t known = losses->nr;
	char text[256];
	int n;

	if (!field_is_there(&access->fields, FIELD_START))
		return false;
	n = snprintf(text, sizeof(text),
		     "%" PRIu32 " %.*s %" PRIu32 " %" PRIu64 " %" PRIu64
		     ":%" PRIu64 " %" PRIu64 ":%" PRIu64,
		     lost->node, (int)(start.len < 24 ? start.len : 24),
		     start.at, lost->why, lost->count, id_ms(&lost->first),
		     lost->first.serial, id_ms(&lost->last), lost->last.serial);
	return strings_put(losses, (struct slice){text, (size_t)n}) < known;
}

/*
 * What is declared of an earlier boot is of the one in which its first event
 * was. Where nobody knows how far that went on, its last serial is the last
 * that there is.
 */
static void set_boot(const struct node *node, struct slice why,
		     struct lost *lost)
{
	lost->boot = node->boots.nr;
	if (!lost->by_id || !slice_is(why, "reboot"))
		return;
	lost->boot = boots_at(&node->boots, id_ms(&lost->first));
	lost->open =
		lost->boot < node->boots.nr && lost->last.serial == UINT32_MAX;
}

static const char *take_lost(struct match *match, struct access *access)
{
	const struct fields *fields = &access->fields;
	struct node *node = &match->store.node[access->node_number];
	struct lost lost = {
		.node = access->node_number,
		.count = field_number(fields, FIELD_COUNT, 0),
	};

	lost.by_id = access_read_span(fields, &lost.first, &lost.last);
	if (!lost.by_id &&
	    (!field_is_there(fields, FIELD_FROM) ||
	     !field_is_there(fields, FIELD_TO) ||
	     !slice_time(fields->value[FIELD_FROM], &lost.first) ||
	     !slice_time(fields->value[FIELD_TO], &lost.last)))
		return "neither first= and last= nor from= and to=";
	if (!lost.count || !field_is_there(fields, FIELD_WHY))
		return "no usable count= or why=";
	lost.why = strings_put(&match->store.names, fields->value[FIELD_WHY]);
	set_boot(node, fields->value[FIELD_WHY], &lost);
	if (was_declared(match, access, &lost))
		return NULL;
	match->store.lost = grow_array(match->store.lost, match->store.lost_nr,
				       sizeof(lost));
	match->store.lost[match->store.lost_nr++] = lost;
	if (__builtin_add_overflow(node->lost_most, lost.count,
				   &node->lost_most))
		node->lost_most = UINT64_MAX;

	access->kind = ACCESS_LOST;
	access->count = lost.count;
	access->first = lost.first;
	access->last = lost.last;
	store_emit(&match->store, access);
	return NULL;
}

static const char *take_process_vm(struct match *match, struct access *access,
				   struct slice message)
{
	const struct fields *fields = &access->fields;

	if (!field_is_there(fields, FIELD_EVENT))
		return field_is_there(fields, FIELD_SERIALS)
			       ? folded_take(&match->store, access, message)
			       : "neither event= nor serials=";
	slice_id(fields->value[FIELD_EVENT], &access->first);
	access->last = access->first;
	if (!field_is_there(fields, FIELD_EXIT))
		return "no usable exit=";
	if (field_is_there(fields, FIELD_PART))
		return take_part(match, access, message);
	take_enriched(match, access);
	return NULL;
}

static void note_plugin_runs(struct store *store, struct node *node,
			     uint64_t start)
{
	node->plugin = PLUGIN_RUNS;
	node->start = start;
	node->calls_nr = store->calls.nr;
}

/*
 * Whatever else it says, a plugin has written it: another one than that which
 * has stopped, if by another process. One that has been succeeded may stop when
 * its successor runs.
 */
static void note_plugin(struct match *match, struct node *node,
			const struct pvm_line *line,
			const struct fields *fields)
{
	struct slice op = fields->value[FIELD_OP];
	uint64_t start = field_number(fields, FIELD_START, 0);
	uint32_t pid = sender_pid(line);

	if (slice_is(op, "pvm-start")) {
		note_plugin_runs(&match->store, node, start);
	} else if (slice_is(op, "pvm-stop")) {
		if (node->start && start && node->start != start)
			return;
		node->plugin = PLUGIN_STOPPED;
		node->pid = pid;
	} else if (node->plugin == PLUGIN_UNKNOWN ||
		   (node->plugin == PLUGIN_STOPPED && node->pid != pid)) {
		note_plugin_runs(&match->store, node, 0);
	}
}

static bool is_call_op(struct slice op)
{
	return slice_is(op, "process_vm_readv") ||
	       slice_is(op, "process_vm_writev") || slice_is(op, "process_vm");
}

/* FNV-1a */
static uint32_t hash_of(struct slice text)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < text.len; i++)
		hash = (hash ^ (unsigned char)text.at[i]) * 16777619u;
	return hash;
}

/*
 * audisp-remote sends a record again when a cut has taken the answer to it; the
 * first one may come later than others that were sent after it. And a log may
 * be there twice, as a copy. A record of the plugin is an event of its own, so
 * no two have the same id, unless somebody has made them up.
 */
static bool is_there_again(struct match *match, uint32_t node,
			   const struct pvm_line *line)
{
	uint32_t nr = match->records.nr, hash = hash_of(line->message);
	struct call *record = calls_put(&match->records, node, &line->id);

	if (match->records.nr == nr)
		return record->session == hash;
	record->session = hash;
	return false;
}

static const char *take_record(struct match *match, const struct pvm_line *line)
{
	uint32_t node = find_concerned(match, line->node);
	struct access access = store_access(&match->store, node, &line->id);
	struct slice message, op;
	const char *why;

	if (!sender_is_plugin(line, match->plugin, &message)) {
		calls_put(&match->store.foreign, node, &line->id);
		match->foreign++;
		return NULL;
	}
	if (is_there_again(match, node, line)) {
		match->store.node[node].again++;
		return NULL;
	}
	why = fields_read(&access.fields, message, &match->left_out);
	if (why)
		return why;
	access.text = line->text;
	op = access.fields.value[FIELD_OP];
	note_plugin(match, &match->store.node[node], line, &access.fields);
	if (is_call_op(op))
		return take_process_vm(match, &access, message);
	if (slice_is(op, "pvm-lost"))
		return take_lost(match, &access);
	return NULL;
}

const char *match_line(struct match *match, const struct pvm_line *line)
{
	match->left_out = NULL;
	if (line->id.sec)
		note_time(match, line);
	if (line->class == PVM_LINE_CALL)
		return take_call(match, line);
	if (line->class == PVM_LINE_MESSAGE)
		return take_record(match, line);
	if (line->trailing && match->store.detailed)
		take_proctitle(match, line);
	if (line->x32 || (line->arch && !pvm_arch_is_known(line->arch)))
		note_strange(match, line);
	return NULL;
}

void match_end(struct match *match)
{
	struct assembly *assembly;

	while ((assembly = parts_take(&match->parts)))
		finish_parts(match, assembly);
	folded_end(&match->store);
}
