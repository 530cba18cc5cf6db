/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * facts.h - what a call's SYSCALL record and the plugin's record both say
 *
 * They are kept from the moment the first of the two is read until the other
 * one comes, or the log ends: for a call without a record, and to compare.
 */
#ifndef AUPVM_FACTS_H
#define AUPVM_FACTS_H

#include "read/fields.h"
#include "util/strings.h"

struct details; /* see details.h */

/* By bit: whether it is known, or differs. */
enum fact {
	FACT_OP,
	FACT_ABI,
	FACT_EXIT,
	FACT_UID,
	FACT_SPID,
	FACT_SAUID,
	FACT_COMM,
	FACT_EXE,
	FACT_LIOVCNT,
	FACT_BYTES, /* of a fold, against the sum of its calls' */
	FACTS
};

struct facts {
	struct details *details; /* owned; NULL unless they are wanted */
	int64_t exit;
	uint64_t liovcnt;
	uint32_t uid, auid, pid;
	int32_t apid; /* pid argument; of a SYSCALL record */
	uint32_t op, abi, comm, exe, key; /* numbers of strings */
	uint16_t known; /* bits */
};

/* Each as the record's field of this name. */
const char *fact_name(enum fact fact);

/* Strings are put into @names. Freed with facts_free(). */
struct facts *facts_of_call(struct strings *names, const struct fields *fields);

void facts_free(struct facts *facts);

/* Those of the plugin's record, of one call or folded, with these fields. */
struct facts facts_of_record(struct strings *names,
			     const struct fields *fields);

/* The bits of what both know and say otherwise. */
uint16_t facts_compare(const struct facts *call, const struct facts *record);

#endif
