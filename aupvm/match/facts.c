// SPDX-License-Identifier: GPL-2.0-or-later
/* facts.c - see facts.h */
#include <stdlib.h>

#include "match/facts.h"
#include "util/memory.h"

#define BIT(fact) (uint16_t)(1u << (fact))

const char *fact_name(enum fact fact)
{
	static const char *const names[FACTS] = {
		[FACT_OP] = "op",	    [FACT_ABI] = "abi",
		[FACT_EXIT] = "exit",	    [FACT_UID] = "uid",
		[FACT_SPID] = "spid",	    [FACT_SAUID] = "sauid",
		[FACT_COMM] = "comm",	    [FACT_EXE] = "exe",
		[FACT_LIOVCNT] = "liovcnt", [FACT_BYTES] = "bytes",
	};

	return names[fact];
}

static uint32_t keep_token(struct strings *names, struct slice token)
{
	return strings_put(names, token.at ? token : slice_of(""));
}

/* What both kinds of records have under our names. */
static struct facts read_facts(struct strings *names,
			       const struct fields *fields)
{
	static const struct {
		enum field field;
		enum fact fact;
	} known[] = {
		{FIELD_EXIT, FACT_EXIT},       {FIELD_UID, FACT_UID},
		{FIELD_SPID, FACT_SPID},       {FIELD_SAUID, FACT_SAUID},
		{FIELD_COMM, FACT_COMM},       {FIELD_EXE, FACT_EXE},
		{FIELD_LIOVCNT, FACT_LIOVCNT},
	};
	const struct slice *value = fields->value;
	struct facts facts = {.known = BIT(FACT_OP) | BIT(FACT_ABI)};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (value[known[i].field].at)
			facts.known |= BIT(known[i].fact);
	slice_signed(value[FIELD_EXIT], &facts.exit);
	facts.liovcnt = field_number(fields, FIELD_LIOVCNT, 0);
	facts.uid = (uint32_t)field_number(fields, FIELD_UID, 0);
	facts.auid = (uint32_t)field_number(fields, FIELD_SAUID, 0);
	facts.pid = (uint32_t)field_number(fields, FIELD_SPID, 0);
	facts.op = keep_token(names, value[FIELD_OP]);
	facts.abi = keep_token(names, value[FIELD_ABI]);
	facts.comm = keep_token(names, value[FIELD_COMM]);
	facts.exe = keep_token(names, value[FIELD_EXE]);
	facts.key = keep_token(names, value[FIELD_KEY]);
	return facts;
}

struct facts *facts_of_call(struct strings *names, const struct fields *fields)
{
	struct facts *facts = new_zeroed(1, sizeof(*facts));
	uint64_t a0 = 0;

	*facts = read_facts(names, fields);
	slice_hex(fields->value[FIELD_A0], &a0);
	facts->apid = (int32_t)a0;
	if (slice_hex(fields->value[FIELD_A2], &facts->liovcnt))
		facts->known |= BIT(FACT_LIOVCNT);
	return facts;
}

/*
 * A name that was cut is another one. Without its SYSCALL record the plugin has
 * the name that the thread had when audit began to write, and an op= that says
 * nothing of a number that it does not know.
 */
struct facts facts_of_record(struct strings *names, const struct fields *fields)
{
	struct facts facts = read_facts(names, fields);

	if (field_has_word(fields, FIELD_CUT, "comm") ||
	    field_has_word(fields, FIELD_WHY, "no-syscall"))
		facts.known &= (uint16_t)~BIT(FACT_COMM);
	if (field_has_word(fields, FIELD_CUT, "exe"))
		facts.known &= (uint16_t)~BIT(FACT_EXE);
	if (slice_is(fields->value[FIELD_OP], "process_vm"))
		facts.known &= (uint16_t) ~(BIT(FACT_OP) | BIT(FACT_ABI));
	if (field_is_there(fields, FIELD_SERIALS))
		facts.known &= (uint16_t)~BIT(FACT_LIOVCNT);
	return facts;
}

uint16_t facts_compare(const struct facts *call, const struct facts *record)
{
	unsigned int differ = 0;

	differ |= (unsigned int)(call->op != record->op) << FACT_OP;
	differ |= (unsigned int)(call->abi != record->abi) << FACT_ABI;
	differ |= (unsigned int)(call->exit != record->exit) << FACT_EXIT;
	differ |= (unsigned int)(call->uid != record->uid) << FACT_UID;
	differ |= (unsigned int)(call->pid != record->pid) << FACT_SPID;
	differ |= (unsigned int)(call->auid != record->auid) << FACT_SAUID;
	differ |= (unsigned int)(call->comm != record->comm) << FACT_COMM;
	differ |= (unsigned int)(call->exe != record->exe) << FACT_EXE;
	differ |= (unsigned int)(call->liovcnt != record->liovcnt)
		  << FACT_LIOVCNT;
	return (uint16_t)(differ & call->known & record->known);
}

void facts_free(struct facts *facts)
{
	if (facts)
		free(facts->details);
	free(facts);
}
