/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * record_fields.h - the grammar of our records: every field and every why=
 *
 * Each stands here once. The plugin's writer, aupvm's reader, CSV columns and
 * JSON members, the checkers in tests/ and the check of pvm-record(5) expand
 * these lists; to add a field, add its line and follow the errors that the
 * build and tests/doc-fields then print.
 *
 * Scripts read the lists as well: a line each, which begins with a tab, the
 * list's macro and a parenthesis, and holds its strings as they are meant.
 */
#ifndef PVM_RECORD_FIELDS_H
#define PVM_RECORD_FIELDS_H

/* What a value looks like. pvm-record(5) has the same words, in lower case. */
enum pvm_form {
	PVM_FORM_NUMBER, /* decimal, up to 64 bits */
	PVM_FORM_ID, /* decimal, 32 bits: of a user, a session, a process */
	PVM_FORM_SIGNED, /* decimal, 64 bits, with a dash when negative */
	PVM_FORM_HEX, /* 0x and up to 16 digits */
	PVM_FORM_DEVICE, /* fe:01, two hex numbers: major and minor */
	PVM_FORM_STRING, /* in quotes, or each byte in hex */
	PVM_FORM_WORD, /* printable, and needs no escape in any output */
	PVM_FORM_WORDS, /* such words, separated by commas, as lists below */
	PVM_FORM_EVENT, /* SEC.MSEC:SERIAL */
	PVM_FORM_TIME, /* SEC.MSEC */
	PVM_FORM_SERIALS, /* 43-1043,1045,1050-1100/2 */
	PVM_FORM_VECTORS, /* 0x7f..:8,0x7f..:16 */
	PVM_FORM_RANGES, /* 0x7f..-0x7f..,0x7f..-0x7f.. */
	PVM_FORM_MAPPINGS, /* /usr/bin/cat+0x0:r--p,[heap]:rw-p */
	PVM_FORM_SHARES, /* 12:96,1:8 */
	PVM_FORM_NAMES, /* gdb,my%20name */
	PVM_FORM_PART, /* 2/5 */
	PVM_FORM_BARE_HEX, /* without 0x; only SYSCALL records have it */
	PVM_FORM_TEXT, /* any bytes; likewise */
};

/* clang-format off */

/*
 * The fields of an enriched record, in the order in which it has them:
 * FIELD(constant, name, form, tags, origin of the value), the last two as
 * pvm-record(5) explains them.
 *
 * ausearch matches names by substring and takes the first that fits. So uid=
 * stands ahead of suid=, sauid=, ouid= and oauid=; exe= ahead of oexe= and of
 * the one that libaudit appends, and is never left out; comm= ahead of ocomm=.
 */
#define PVM_RECORD_FIELDS(FIELD) \
	FIELD(OP, op, WORD, "K", "SYSCALL arch=, syscall=") \
	FIELD(EVENT, event, EVENT, "K OPT", "SYSCALL msg=") \
	FIELD(COUNT, count, NUMBER, "OPT", "plugin") \
	FIELD(FIRST, first, EVENT, "K OPT", "SYSCALL msg=") \
	FIELD(LAST, last, EVENT, "K OPT", "SYSCALL msg=") \
	FIELD(SERIALS, serials, SERIALS, "K OPT", "SYSCALL msg=") \
	FIELD(KEY, key, STRING, "K OPT", "SYSCALL key=") \
	FIELD(UID, uid, ID, "K", "SYSCALL uid=") \
	FIELD(SUID, suid, ID, "K", "SYSCALL uid=") \
	FIELD(SPID, spid, ID, "K", "SYSCALL pid=") \
	FIELD(STID, stid, ID, "K OPT", "audit_log_end()") \
	FIELD(SAUID, sauid, ID, "K", "SYSCALL auid=") \
	FIELD(COMM, comm, STRING, "K OPT", "SYSCALL comm=") \
	FIELD(COMMS, comms, NAMES, "K OPT", "SYSCALL comm=") \
	FIELD(EXE, exe, STRING, "K", "SYSCALL exe=") \
	FIELD(SDEV, sdev, DEVICE, "K OPT", "audit_log_end()") \
	FIELD(SINO, sino, NUMBER, "K OPT", "audit_log_end()") \
	FIELD(ABI, abi, WORD, "K OPT", "SYSCALL arch=") \
	FIELD(OPID, opid, ID, "K OPT", "mm_access()") \
	FIELD(OTID, otid, ID, "K OPT", "mm_access()") \
	FIELD(APID, apid, SIGNED, "K OPT", "process_vm_rw(); without capture SYSCALL a0=") \
	FIELD(OCOMM, ocomm, STRING, "K OPT", "mm_access()") \
	FIELD(OEXE, oexe, STRING, "K OPT", "mm_access()") \
	FIELD(ODELETED, odeleted, NUMBER, "K OPT", "mm_access()") \
	FIELD(ODEV, odev, DEVICE, "K OPT", "mm_access()") \
	FIELD(OINO, oino, NUMBER, "K OPT", "mm_access()") \
	FIELD(OUID, ouid, ID, "K OPT", "mm_access()") \
	FIELD(OAUID, oauid, ID, "K OPT", "mm_access()") \
	FIELD(OSES, oses, ID, "K OPT", "mm_access()") \
	FIELD(OSTART, ostart, NUMBER, "K OPT", "mm_access()") \
	FIELD(REL, rel, WORD, "K OPT", "mm_access()") \
	FIELD(EXIT, exit, SIGNED, "K OPT", "SYSCALL exit=") \
	FIELD(BYTES, bytes, NUMBER, "K OPT", "SYSCALL exit=") \
	FIELD(RLEN, rlen, NUMBER, "K OPT", "process_vm_rw_core()") \
	FIELD(RIOVCNT, riovcnt, NUMBER, "K OPT", "process_vm_rw()") \
	FIELD(RIOV, riov, VECTORS, "K OPT", "process_vm_rw_core()") \
	FIELD(RSPAN, rspan, RANGES, "K OPT", "process_vm_rw_core()") \
	FIELD(RMAP, rmap, MAPPINGS, "K TOCTOU OPT", "mm_access()") \
	FIELD(RSHARE, rshare, SHARES, "K TOCTOU OPT", "mm_access(), SYSCALL exit=") \
	FIELD(LLEN, llen, NUMBER, "K OPT", "process_vm_rw_core()") \
	FIELD(LIOVCNT, liovcnt, NUMBER, "K OPT", "process_vm_rw(); without capture SYSCALL a2=") \
	FIELD(LIOV, liov, VECTORS, "K OPT", "process_vm_rw_core()") \
	FIELD(VMFLAGS, vmflags, HEX, "K OPT", "process_vm_rw()") \
	FIELD(VARY, vary, WORDS, "OPT", "plugin") \
	FIELD(SRC, src, WORD, "", "plugin") \
	FIELD(WHY, why, WORDS, "OPT", "plugin") \
	FIELD(CUT, cut, WORDS, "OPT", "plugin") \
	FIELD(PART, part, PART, "OPT", "plugin")

/*
 * Fields that only the plugin's records about itself have, next to op, why,
 * count, first, last and src: NOTE_FIELD(constant, name, form).
 */
#define PVM_NOTE_FIELDS(NOTE_FIELD) \
	NOTE_FIELD(VERSION, version, WORD) \
	NOTE_FIELD(FROM, from, TIME) \
	NOTE_FIELD(TO, to, TIME) \
	NOTE_FIELD(START, start, NUMBER) \
	NOTE_FIELD(RELOADS, reloads, NUMBER) \
	NOTE_FIELD(RECORDS, records, NUMBER)

/*
 * The words of why= in an enriched record, in the order in which it has them:
 * REASON(constant, word). At most one of the first seven is given, for
 * vectors that are missing.
 */
#define PVM_RECORD_REASONS(REASON) \
	REASON(NOT_COPIED, "not-copied") \
	REASON(CORE_MISSED, "core-missed") \
	REASON(NO_CAPTURE, "no-capture") \
	REASON(NO_PROBES, "no-probes") \
	REASON(REGISTERS, "registers") \
	REASON(READ_FAULT, "read-fault") \
	REASON(VECTORS_LOST, "vectors-lost") \
	REASON(TARGET_MISSED, "target-missed") \
	REASON(TARGET_CHANGED, "target-changed") \
	REASON(PATH_LOST, "path-lost") \
	REASON(MAPS_LOST, "maps-lost") \
	REASON(NO_SYSCALL, "no-syscall")

/*
 * The word of why= in a record with op=pvm-lost, of which each loss has one:
 * LOSS(constant, word). The state report counts it as lost_ and the word.
 */
#define PVM_LOSS_REASONS(LOSS) \
	LOSS(BACKLOG, "backlog") /* the kernel's audit dropped the records */ \
	LOSS(FEED, "feed") /* auditd did not hand the events over */ \
	LOSS(NOT_RUNNING, "not-running") /* no plugin was there to take them */ \
	LOSS(ENDED, "ended") /* a plugin ended before its records were confirmed */ \
	LOSS(MALFORMED, "malformed") /* the SYSCALL record made no sense */ \
	LOSS(NO_MEMORY, "no-memory") \
	LOSS(QUEUE_FULL, "queue-full") /* the queue ahead of audit was full */ \
	LOSS(SEND_FAILED, "send-failed") /* the kernel refused the record */ \
	LOSS(NOT_CONFIRMED, "not-confirmed") /* sent, and never came back */ \
	LOSS(SUSPENDED, "suspended") /* auditd had suspended its log */ \
	LOSS(REBOOT, "reboot") /* as ended, and with it the boot */

/* clang-format on */

#define PVM_CONSTANT(id, ...) PVM_FIELD_##id,
enum pvm_field {
	PVM_RECORD_FIELDS(PVM_CONSTANT) PVM_NOTE_FIELDS(PVM_CONSTANT) PVM_FIELDS
};
#undef PVM_CONSTANT

#define PVM_CONSTANT(id, word) PVM_REASON_##id,
enum pvm_reason { PVM_RECORD_REASONS(PVM_CONSTANT) PVM_REASONS };
#undef PVM_CONSTANT

#define PVM_CONSTANT(id, word) PVM_LOSS_##id,
enum pvm_loss { PVM_LOSS_REASONS(PVM_CONSTANT) PVM_LOSSES };
#undef PVM_CONSTANT

#endif
