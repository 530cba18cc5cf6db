/* SPDX-License-Identifier: GPL-2.0-or-later */
/* members.h - the members of JSON's objects that are fields of records */
#ifndef AUPVM_MEMBERS_H
#define AUPVM_MEMBERS_H

#include "read/fields.h"

/* clang-format off */

/*
 * The members that are fields, in their order: MEMBER(group, constant of the
 * field, name in JSON). Those of the group ELSEWHERE are made of the access:
 * see put_ids(), put_call(), and json_access() in json.c; suid is uid again.
 */
#define MEMBERS(MEMBER) \
	MEMBER(ELSEWHERE, EVENT, NULL) \
	MEMBER(ELSEWHERE, FIRST, NULL) \
	MEMBER(ELSEWHERE, LAST, NULL) \
	MEMBER(ELSEWHERE, COUNT, NULL) \
	MEMBER(ELSEWHERE, BYTES, NULL) \
	MEMBER(ELSEWHERE, SUID, NULL) \
	MEMBER(ELSEWHERE, PART, NULL) \
	MEMBER(START, OP, "op") \
	MEMBER(START, KEY, "keys") \
	MEMBER(CALLER_IDS, SPID, "pid") \
	MEMBER(CALLER_IDS, STID, "tid") \
	MEMBER(CALLER_IDS, PPID, "ppid") \
	MEMBER(CALLER_IDS, UID, "uid") \
	MEMBER(CALLER_IDS, EUID, "euid") \
	MEMBER(CALLER_IDS, SAUID, "auid") \
	MEMBER(CALLER_PROGRAM, TTY, "terminal") \
	MEMBER(CALLER_PROGRAM, SUBJ, "label") \
	MEMBER(CALLER_PROGRAM, COMM, "comm") \
	MEMBER(CALLER_PROGRAM, COMMS, "comms") \
	MEMBER(CALLER_PROGRAM, EXE, "exe") \
	MEMBER(CALLER_PROGRAM, SDEV, "dev") \
	MEMBER(CALLER_PROGRAM, SINO, "inode") \
	MEMBER(CALLER_PROGRAM, ABI, "abi") \
	MEMBER(CALLER_PROGRAM, PROCTITLE, "command") \
	MEMBER(ARGUMENT, APID, "apid") \
	MEMBER(TARGET, OPID, "pid") \
	MEMBER(TARGET, OTID, "tid") \
	MEMBER(TARGET, OUID, "uid") \
	MEMBER(TARGET, OAUID, "auid") \
	MEMBER(TARGET, OSES, "ses") \
	MEMBER(TARGET, OCOMM, "comm") \
	MEMBER(TARGET, OEXE, "exe") \
	MEMBER(TARGET, ODELETED, "deleted") \
	MEMBER(TARGET, ODEV, "dev") \
	MEMBER(TARGET, OINO, "inode") \
	MEMBER(TARGET, OSTART, "start") \
	MEMBER(TARGET, REL, "rel") \
	MEMBER(RESULT, EXIT, "exit") \
	MEMBER(REST, RLEN, "rlen") \
	MEMBER(REST, RIOVCNT, "riovcnt") \
	MEMBER(REST, RIOV, "riov") \
	MEMBER(REST, RSPAN, "rspan") \
	MEMBER(REST, RMAP, "rmap") \
	MEMBER(REST, RSHARE, "rshare") \
	MEMBER(REST, LLEN, "llen") \
	MEMBER(REST, LIOVCNT, "liovcnt") \
	MEMBER(REST, LIOV, "liov") \
	MEMBER(REST, VMFLAGS, "vmflags") \
	MEMBER(REST, VARY, "vary") \
	MEMBER(REST, SRC, "src") \
	MEMBER(REST, WHY, "why") \
	MEMBER(REST, CUT, "cut") \
	MEMBER(REST, SERIALS, "serials")

/* clang-format on */

enum group {
	ELSEWHERE,
	START,
	CALLER_IDS,
	CALLER_PROGRAM,
	ARGUMENT,
	TARGET,
	RESULT,
	REST
};

struct member {
	enum group group;
	enum field field;
	const char *name;
};

#define MEMBER_OF(group, id, name) MEMBER_##id,
enum { MEMBERS(MEMBER_OF) MEMBERS_NR };
#undef MEMBER_OF

extern const struct member members[MEMBERS_NR];

#endif
