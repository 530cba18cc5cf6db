// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Holds an audit log against an account (see account.h): was every call
 * audited, and is there one enriched record for it which says exactly what the
 * caller knows? Nothing is taken for nearly right: values are compared as
 * text, and a field that must not be there is as wrong as a missing one.
 *
 * A call is found among the SYSCALL events by (pid, a1, a3), the enriched
 * record by its event= alone. Other processes in the log are left out.
 *
 * The kernel's prefix of a USER record (pid=, uid=, … of the sender) has names
 * that the text inside msg='' has too, and auparse gives both in one row. The
 * text inside begins with op=, which the prefix never has.
 *
 * With --verdicts, one line a kind of call ("ok case KIND", "not ok case KIND:
 * the first difference"). --may-lack names fields (separated by commas) that a
 * record need not have; where it has them they must be right. --src is where
 * vectors must come from, kernel unless given.
 */
#define _GNU_SOURCE
#include "account.h"
#include "pvm/record_fields.h"

#include <auparse.h>
#include <errno.h>
#include <getopt.h>
#include <libaudit.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define MAX_PRINTED 20

/* The fields of a record, and what libaudit appends. */
#define CONSTANT(id, ...) REC_##id,
enum record_field { PVM_RECORD_FIELDS(CONSTANT) REC_RES, REC_FIELDS };
#undef CONSTANT

_Static_assert(REC_FIELDS <= 64, "a bit for each");

static const char *const record_names[REC_FIELDS] = {
#define NAME(id, name, ...) [REC_##id] = #name,
	PVM_RECORD_FIELDS(NAME)
#undef NAME
		[REC_RES] = "res",
};

struct key {
	long spid;
	unsigned long long a1;
	unsigned long long a3;
};

/* One call of the account */
struct call {
	struct key key;
	struct account_line line;
	unsigned long number;
	bool seen;
	char *complaint;
};

/* One SYSCALL record, whoever made the call, and whatever call */
struct event {
	struct key key;
	const char *op;
	unsigned long long a0;
	unsigned long long a2;
	unsigned int line;
	char id[64];
	char exit[32];
};

/* One enriched record, or several parts put together */
struct record {
	char *value[REC_FIELDS];
	unsigned int line;
	unsigned int part;
	unsigned int parts;
	/* names that the record has twice, a bit each */
	unsigned long twice;
};

/* An array that grows: calls, events or records */
struct list {
	void *item;
	size_t size;
	size_t count;
	size_t room;
};

struct match {
	struct list calls;
	struct list events;
	struct list records;
	unsigned long right;
	unsigned long wrong;
	unsigned long missing;
	unsigned long extra;
	unsigned long own_events;
	unsigned long own_records;
	unsigned long lost_records;
	unsigned long differences;
	unsigned long may_lack;
	/* src= of a call whose vectors the kernel has copied */
	const char *src;
};

/* A call with the event and the record which are held against it */
struct pair {
	struct match *match;
	struct call *call;
	const struct event *event;
	const struct record *record;
	unsigned int differences;
};

__attribute__((format(printf, 1, 2), noreturn)) static void die(
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("match: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(2);
}

/* ---- arrays ---------------------------------------------------------- */

static void *list_add(struct list *list)
{
	if (list->count == list->room) {
		list->room = list->room ? 2 * list->room : 1024;
		list->item = reallocarray(list->item, list->room, list->size);
		if (!list->item)
			die("out of memory");
	}
	return memset((char *)list->item + list->size * list->count++, 0,
		      list->size);
}

static void *list_at(const struct list *list, size_t i)
{
	return (char *)list->item + list->size * i;
}

/* The first item that does not sort before what is looked for */
static size_t list_from(const struct list *list, const void *wanted,
			int (*compare)(const void *, const void *))
{
	size_t low = 0, high = list->count;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare(list_at(list, mid), wanted) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* How many items equal to what is looked for stand at *from and after */
static size_t list_find(const struct list *list, const void *wanted,
			int (*compare)(const void *, const void *),
			size_t *from)
{
	size_t end;

	*from = end = list_from(list, wanted, compare);
	while (end < list->count && !compare(list_at(list, end), wanted))
		end++;
	return end - *from;
}

static bool list_has(const struct list *list, const void *wanted,
		     int (*compare)(const void *, const void *))
{
	size_t at = list_from(list, wanted, compare);

	return at < list->count && !compare(list_at(list, at), wanted);
}

static void list_sort(struct list *list,
		      int (*compare)(const void *, const void *))
{
	if (list->count)
		qsort(list->item, list->count, list->size, compare);
}

/* The key comes first in both calls and events, so one function does. */
static int by_key(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->spid != y->spid)
		return x->spid < y->spid ? -1 : 1;
	if (x->a1 != y->a1)
		return x->a1 < y->a1 ? -1 : 1;
	if (x->a3 != y->a3)
		return x->a3 < y->a3 ? -1 : 1;
	return 0;
}

static int by_spid(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	return (x->spid > y->spid) - (x->spid < y->spid);
}

static int by_event(const void *a, const void *b)
{
	const struct record *x = a, *y = b;

	return strcmp(x->value[REC_EVENT], y->value[REC_EVENT]);
}

static int by_event_and_part(const void *a, const void *b)
{
	const struct record *x = a, *y = b;
	int order = by_event(a, b);

	if (order)
		return order;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return x->line < y->line ? -1 : 1;
}

/* ---- differences ----------------------------------------------------- */

/* What is wrong, with which call of the account (NULL: with none of them) */
__attribute__((format(printf, 3, 4))) static void differ(struct match *m,
							 struct call *call,
							 const char *format,
							 ...)
{
	char *text;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		die("out of memory");
	va_end(args);
	if (m->differences++ < MAX_PRINTED)
		puts(text);
	if (call && !call->complaint)
		call->complaint = text;
	else
		free(text);
}

/* Where two lists of vectors differ: the start of that entry */
static size_t differing_entry(const char *a, const char *b)
{
	size_t start = 0;

	for (size_t i = 0; a[i] && a[i] == b[i]; i++)
		if (a[i] == ',')
			start = i + 1;
	return start;
}

static void differ_value(struct pair *p, enum record_field field,
			 const char *have, const char *want)
{
	size_t at = have && want ? differing_entry(have, want) : 0;

	p->differences++;
	differ(p->match, p->call,
	       "wrong: call %s, event %s, line %u: %s%s is %.120s, must be "
	       "%.120s",
	       p->call->line.value[ACCT_CALL], p->event->id, p->record->line,
	       record_names[field], at ? ", from its first difference," : "",
	       have ? have + at : "absent", want ? want + at : "absent");
}

/* ---- reading --------------------------------------------------------- */

static void read_account(struct list *calls, const char *path)
{
	FILE *from = fopen(path, "re");
	struct account_line line;
	int rc;

	if (!from)
		die("%s: %s", path, strerror(errno));
	while ((rc = account_read(from, &line)) > 0) {
		struct call *call = list_add(calls);

		call->line = line;
		call->number = strtoul(line.value[ACCT_CALL], NULL, 10);
		call->key.spid = atol(line.value[ACCT_SPID]);
		call->key.a1 = strtoull(line.value[ACCT_A1], NULL, 16);
		call->key.a3 = strtoull(line.value[ACCT_A3], NULL, 16);
	}
	if (rc < 0 || ferror(from))
		die("%s: line %zu is broken", path, calls->count + 1);
	fclose(from);
	list_sort(calls, by_key);
	for (size_t i = 1; i < calls->count; i++)
		if (!by_key(list_at(calls, i - 1), list_at(calls, i)))
			die("%s: two calls look the same", path);
}

/*
 * The first field of that name in this record; auparse_find_field() would go
 * on into the event's other records. The cursor stays on it.
 */
static const char *find_here(auparse_state_t *au, const char *name)
{
	auparse_first_field(au);
	do {
		const char *have = auparse_get_field_name(au);

		if (have && !strcmp(have, name))
			return auparse_get_field_str(au);
	} while (auparse_next_field(au) > 0);
	return NULL;
}

/* What the call is, by machine and number; NULL: another system call */
static const char *syscall_op(const char *arch, const char *number)
{
	static const struct {
		unsigned long arch;
		long readv;
	} known[] = {
		{AUDIT_ARCH_X86_64, 310},
		{AUDIT_ARCH_I386, 347},
		{AUDIT_ARCH_AARCH64, 270},
		{AUDIT_ARCH_ARM, 376},
	};
	unsigned long a = arch ? strtoul(arch, NULL, 16) : 0;
	long n = number ? atol(number) : -1;

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (a == known[i].arch && n == known[i].readv)
			return "process_vm_readv";
		if (a == known[i].arch && n == known[i].readv + 1)
			return "process_vm_writev";
	}
	return NULL;
}

static unsigned long long syscall_hex(auparse_state_t *au, const char *name)
{
	const char *value = find_here(au, name);

	if (!value)
		die("line %u: a SYSCALL record without %s",
		    auparse_get_line_number(au), name);
	return strtoull(value, NULL, 16);
}

static void read_syscall(struct match *m, auparse_state_t *au)
{
	const char *arch = find_here(au, "arch");
	const char *op = syscall_op(arch, find_here(au, "syscall"));
	const char *pid, *result;
	struct event *event;

	event = list_add(&m->events);
	event->op = op ? op : ACCOUNT_NO_OP;
	event->line = auparse_get_line_number(au);
	event->a0 = syscall_hex(au, "a0");
	event->key.a1 = syscall_hex(au, "a1");
	event->a2 = syscall_hex(au, "a2");
	event->key.a3 = syscall_hex(au, "a3");
	pid = find_here(au, "pid");
	event->key.spid = pid ? atol(pid) : -1;
	result = find_here(au, "exit");
	snprintf(event->exit, sizeof(event->exit), "%s", result ? result : "?");
	snprintf(event->id, sizeof(event->id), "%lld.%03u:%lu",
		 (long long)auparse_get_time(au), auparse_get_milli(au),
		 auparse_get_serial(au));
}

static void take_field(struct record *record, auparse_state_t *au)
{
	const char *name = auparse_get_field_name(au);
	const char *value = auparse_get_field_str(au);

	for (int i = 0; name && i < REC_FIELDS; i++) {
		if (strcmp(name, record_names[i]))
			continue;
		if (record->value[i])
			record->twice |= 1UL << i;
		else
			record->value[i] = strdup(value ? value : "");
	}
}

/* "2/5"; whatever else stands there is no part and found wrong later */
static void read_part(struct record *record)
{
	unsigned int part, parts;
	char rest;

	if (!record->value[REC_PART] ||
	    sscanf(record->value[REC_PART], "%u/%u%c", &part, &parts, &rest) !=
		    2)
		return;
	record->part = part;
	record->parts = parts;
}

static void read_other(struct match *m, auparse_state_t *au)
{
	const char *op = find_here(au, "op");
	struct record *record;

	if (op && !strcmp(op, "pvm-lost"))
		m->lost_records++;
	if (!op ||
	    (strcmp(op, "process_vm_readv") && strcmp(op, "process_vm_writev")))
		return;
	record = list_add(&m->records);
	record->line = auparse_get_line_number(au);
	do
		take_field(record, au);
	while (auparse_next_field(au) > 0);
	if (!record->value[REC_EVENT])
		record->value[REC_EVENT] = strdup("none");
	read_part(record);
}

static void read_log(struct match *m, const char *path)
{
	auparse_state_t *au = auparse_init(AUSOURCE_FILE, path);
	int rc;

	if (!au)
		die("%s: %s", path, strerror(errno));
	while ((rc = auparse_next_event(au)) > 0) {
		auparse_first_record(au);
		do {
			if (auparse_get_type(au) == AUDIT_SYSCALL)
				read_syscall(m, au);
			else
				read_other(m, au);
		} while (auparse_next_record(au) > 0);
	}
	if (rc < 0)
		die("%s: cannot be read to its end", path);
	auparse_destroy(au);
	list_sort(&m->events, by_key);
	list_sort(&m->records, by_event_and_part);
}

/* ---- comparing ------------------------------------------------------- */

/* "-" in the account stands for: must not be there */
static const char *optional(const char *value)
{
	return strcmp(value, "-") ? value : NULL;
}

/* The record names the target as the kernel found it … */
static void want_target(const struct account_line *is, const char **want)
{
	const char *tgid = optional(is->value[ACCT_TARGET_TGID]);
	const char *tid = optional(is->value[ACCT_TARGET_TID]);

	want[REC_OPID] = tgid;
	if (tgid && strcmp(tgid, tid))
		want[REC_OTID] = tid;
	/* … and the pid argument only where that says something else */
	if (!tgid || strcmp(is->value[ACCT_APID], tid))
		want[REC_APID] = is->value[ACCT_APID];
}

static void want_vectors(const struct pair *p, const char **want)
{
	const struct account_line *is = &p->call->line;
	bool copied = !strcmp(is->value[ACCT_COPIED], "yes");

	want[REC_RIOVCNT] = is->value[ACCT_RIOVCNT];
	want[REC_RLEN] = optional(is->value[ACCT_RLEN]);
	want[REC_RIOV] = optional(is->value[ACCT_RIOV]);
	want[REC_LIOVCNT] = is->value[ACCT_LIOVCNT];
	want[REC_LLEN] = optional(is->value[ACCT_LLEN]);
	want[REC_LIOV] = optional(is->value[ACCT_LIOV]);
	want[REC_SRC] = copied ? p->match->src : "none";
	want[REC_WHY] = copied ? NULL : "not-copied";
}

/* Fields of a record that stand in the account just as they are */
static const struct {
	enum record_field record;
	enum account_field account;
} identity[] = {
	{REC_OCOMM, ACCT_OCOMM},       {REC_OUID, ACCT_OUID},
	{REC_OAUID, ACCT_OAUID},       {REC_OSES, ACCT_OSES},
	{REC_OSTART, ACCT_OSTART},     {REC_OEXE, ACCT_OEXE},
	{REC_ODELETED, ACCT_ODELETED}, {REC_REL, ACCT_REL},
	{REC_SDEV, ACCT_SDEV},	       {REC_SINO, ACCT_SINO},
	{REC_ODEV, ACCT_ODEV},	       {REC_OINO, ACCT_OINO},
};

/* What the account does not say of both is taken as the record has it */
static void want_identity(const struct pair *p, const char **want)
{
	const struct account_line *is = &p->call->line;

	for (size_t i = 0; i < sizeof(identity) / sizeof(identity[0]); i++) {
		const char *known = is->value[identity[i].account];
		enum record_field field = identity[i].record;

		want[field] = known ? optional(known) : p->record->value[field];
	}
}

static bool may_lack(const struct match *m, int field)
{
	return m->may_lack & 1UL << field;
}

/*
 * A path that takes more text than this is cut at its end, and cut= says so
 * (pvm-record(5)).
 */
#define PATH_TEXT_MAX 2048

static char *want_cut(const char **want)
{
	const char *whole = want[REC_OEXE];
	bool quoted = whole && *whole == '"';
	char *head;

	if (!whole || strlen(whole) <= PATH_TEXT_MAX)
		return NULL;
	head = strndup(whole, PATH_TEXT_MAX);
	if (!head)
		die("out of memory");
	if (quoted)
		head[PATH_TEXT_MAX - 1] = '"';
	want[REC_OEXE] = head;
	want[REC_CUT] = "oexe";
	return head;
}

/*
 * Fields that the account does not have: other programs compare them. libaudit
 * appends a second exe=, and libauparse makes several fields of several keys.
 */
static bool is_compared(enum record_field field)
{
	switch (field) {
	case REC_KEY:
	case REC_SAUID:
	case REC_COMM:
	case REC_EXE:
	case REC_RMAP:
	case REC_PART:
		return false;
	default:
		return true;
	}
}

/* The mappings are another program's to compare, and that they are cut too. */
static void forget_cut_rmap(const struct record *record)
{
	char *cut = record->value[REC_CUT];
	size_t len = cut ? strlen(cut) : 0;

	if (len > 5 && !strcmp(cut + len - 5, ",rmap"))
		cut[len - 5] = '\0';
	else if (len && !strcmp(cut, "rmap"))
		*cut = '\0';
}

static void compare_values(struct pair *p)
{
	const struct account_line *is = &p->call->line;
	const char *want[REC_FIELDS] = {NULL};
	char vmflags[32], *head;

	want[REC_OP] = is->value[ACCT_OP];
	want[REC_EVENT] = p->event->id;
	want[REC_UID] = is->value[ACCT_UID];
	want[REC_SUID] = is->value[ACCT_UID];
	want[REC_SPID] = is->value[ACCT_SPID];
	if (strcmp(is->value[ACCT_STID], is->value[ACCT_SPID]))
		want[REC_STID] = is->value[ACCT_STID];
	want_target(is, want);
	want_vectors(p, want);
	want_identity(p, want);
	want[REC_ABI] = is->value[ACCT_ABI];
	if (is->value[ACCT_CUT])
		want[REC_CUT] = optional(is->value[ACCT_CUT]);
	head = want_cut(want);
	want[REC_EXIT] = is->value[ACCT_EXIT];
	want[REC_RES] = *is->value[ACCT_EXIT] == '-' ? "failed" : "success";
	snprintf(vmflags, sizeof(vmflags), "0x%lx",
		 strtoul(is->value[ACCT_VMFLAGS], NULL, 10));
	want[REC_VMFLAGS] = vmflags;
	forget_cut_rmap(p->record);
	/* no want: such as count, which is in records of folded calls alone */
	for (int i = 0; i < REC_FIELDS; i++) {
		const char *have = p->record->value[i];

		if (i == REC_CUT && have && !*have)
			have = NULL;
		if (!is_compared(i) || (!have && may_lack(p->match, i)))
			continue;
		if (!have != !want[i] || (have && strcmp(have, want[i])))
			differ_value(p, i, have, want[i]);
		if (p->record->twice & 1UL << i)
			differ_value(p, i, "there twice", "there once");
	}
	free(head);
}

static void differ_event(struct pair *p, const char *name)
{
	p->differences++;
	differ(p->match, p->call,
	       "wrong: call %s, event %s, line %u: %s of the SYSCALL record "
	       "is not the account's",
	       p->call->line.value[ACCT_CALL], p->event->id, p->event->line,
	       name);
}

/* Did the call end as it had to? Its writer has complained as well. */
static void compare_expected(struct pair *p)
{
	const struct account_line *is = &p->call->line;

	if (!is->value[ACCT_EXPECT] ||
	    !strcmp(is->value[ACCT_EXPECT], is->value[ACCT_EXIT]))
		return;
	p->differences++;
	differ(p->match, p->call,
	       "wrong: call %s: the kernel returned %s, should be %s",
	       is->value[ACCT_CALL], is->value[ACCT_EXIT],
	       is->value[ACCT_EXPECT]);
}

/* Is the log's own record of the call the truth? Else nothing fits. */
static void compare_event(struct pair *p)
{
	const struct account_line *is = &p->call->line;
	const struct event *e = p->event;

	if (strcmp(e->op, is->value[ACCT_OP]))
		differ_event(p, "syscall");
	if ((int)e->a0 != atoi(is->value[ACCT_APID]))
		differ_event(p, "a0");
	if (e->a2 != strtoull(is->value[ACCT_LIOVCNT], NULL, 10))
		differ_event(p, "a2");
	if (strcmp(e->exit, is->value[ACCT_EXIT]))
		differ_event(p, "exit");
}

/* ---- records in parts ------------------------------------------------ */

static void append(char **to, const char *more)
{
	char *both;

	if (asprintf(&both, "%s,%s", *to, more) < 0)
		die("out of memory");
	free(*to);
	*to = both;
}

/* Lists go on in the next part, all else must say the same again. */
static void join_field(struct pair *p, struct record *whole,
		       const struct record *part, enum record_field field)
{
	const char *more = part->value[field];
	char **value = &whole->value[field];

	if (!more || field == REC_PART)
		return;
	if (!*value)
		*value = strdup(more);
	else if (field == REC_RIOV || field == REC_LIOV)
		append(value, more);
	else if (strcmp(*value, more))
		differ_value(p, field, more, *value);
}

/* The parts that belong together, sorted: are they 1/n, 2/n … n/n? */
static bool parts_are_whole(const struct record *part, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (part[i].part != i + 1 || part[i].parts != count)
			return false;
	return true;
}

static void name_parts(struct pair *p, const struct record *part, size_t count)
{
	char text[256] = "";
	size_t len = 0;

	for (size_t i = 0; i < count && len < sizeof(text); i++)
		len += snprintf(text + len, sizeof(text) - len, " %s",
				part[i].value[REC_PART]
					? part[i].value[REC_PART]
					: "-");
	p->differences++;
	differ(p->match, p->call,
	       "wrong: call %s, event %s, line %u: parts are not whole:%s",
	       p->call->line.value[ACCT_CALL], p->event->id, part->line, text);
}

static void join_parts(struct pair *p, struct record *whole,
		       const struct record *part, size_t count)
{
	whole->line = part->line;
	if (!parts_are_whole(part, count))
		name_parts(p, part, count);
	for (size_t i = 0; i < count; i++) {
		whole->twice |= part[i].twice;
		for (int field = 0; field < REC_FIELDS; field++)
			join_field(p, whole, &part[i], field);
	}
}

/* ---- calls, events, records ------------------------------------------ */

static struct record *records_of(const struct match *m, char *id, size_t *count)
{
	struct record wanted = {.value[REC_EVENT] = id};
	size_t from;

	*count = list_find(&m->records, &wanted, by_event, &from);
	return *count ? list_at(&m->records, from) : NULL;
}

static void extra_records(struct match *m, struct call *call,
			  const struct record *record, size_t count,
			  const char *why)
{
	for (size_t i = 0; i < count; i++) {
		m->extra++;
		differ(m, call, "extra: line %u: record of event %s: %s",
		       record[i].line, record[i].value[REC_EVENT], why);
	}
}

static void judge(struct pair *p, const struct record *found, size_t count)
{
	struct record whole = {0};

	/* without parts, one record is the call's and others are too many */
	if (!found[count - 1].value[REC_PART]) {
		extra_records(p->match, p->call, found + 1, count - 1,
			      "the call has one already");
		count = 1;
	}
	p->record = found;
	if (found[count - 1].value[REC_PART]) {
		p->record = &whole;
		join_parts(p, &whole, found, count);
	}
	compare_event(p);
	compare_expected(p);
	compare_values(p);
	if (p->differences)
		p->match->wrong++;
	else
		p->match->right++;
	for (int i = 0; i < REC_FIELDS; i++)
		free(whole.value[i]);
}

/* Another system call that the account has: there must be no record of it. */
static void judge_other(struct pair *p, const struct record *found,
			size_t count)
{
	struct match *m = p->match;

	if (strcmp(p->event->op, ACCOUNT_NO_OP))
		differ_event(p, "syscall");
	compare_expected(p);
	extra_records(m, p->call, found, count, "of another system call");
	if (p->differences || count)
		m->wrong++;
	else
		m->right++;
}

static bool is_other(const struct call *call)
{
	return !strcmp(call->line.value[ACCT_OP], ACCOUNT_NO_OP);
}

static void match_event(struct match *m, struct event *event)
{
	struct pair pair = {.match = m, .event = event};
	size_t at, count;
	struct record *found = records_of(m, event->id, &count);
	struct call *call;

	if (!list_find(&m->calls, event, by_key, &at)) {
		/* what else a process of the account does is its own affair */
		if (!strcmp(event->op, ACCOUNT_NO_OP))
			return;
		m->own_events++;
		m->own_records += count;
		m->extra++;
		differ(m, NULL,
		       "extra: line %u: event %s is not in the account",
		       event->line, event->id);
		extra_records(m, NULL, found, count, "not in the account");
		return;
	}
	m->own_events++;
	m->own_records += count;
	call = list_at(&m->calls, at);
	pair.call = call;
	if (is_other(call)) {
		judge_other(&pair, found, count);
	} else if (call->seen) {
		m->extra++;
		differ(m, call,
		       "extra: line %u: event %s: call %s has one already",
		       event->line, event->id, call->line.value[ACCT_CALL]);
		extra_records(m, call, found, count, "of a second event");
	} else if (!found) {
		m->missing++;
		differ(m, call, "missing: call %s: no record of event %s",
		       call->line.value[ACCT_CALL], event->id);
	} else {
		judge(&pair, found, count);
	}
	call->seen = true;
}

static void match_events(struct match *m)
{
	for (size_t i = 0; i < m->events.count; i++) {
		struct event *event = list_at(&m->events, i);

		/* calls of other programs are none of our business */
		if (list_has(&m->calls, event, by_spid))
			match_event(m, event);
	}
}

static void find_missing(struct match *m)
{
	for (size_t i = 0; i < m->calls.count; i++) {
		struct call *call = list_at(&m->calls, i);

		if (call->seen)
			continue;
		m->missing++;
		differ(m, call, "missing: call %s (%s): no SYSCALL event",
		       call->line.value[ACCT_CALL],
		       call->line.value[ACCT_KIND]);
	}
}

static int by_id(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	return strcmp(x->id, y->id);
}

/* Does the record name a process of the account as the caller? */
static bool is_ours(const struct match *m, const struct record *record)
{
	const char *spid = record->value[REC_SPID];
	struct key key = {.spid = spid ? atol(spid) : -1};

	return list_has(&m->calls, &key, by_spid);
}

static void find_stray(struct match *m, const struct record *record)
{
	struct event wanted = {0};
	const struct event *event;

	snprintf(wanted.id, sizeof(wanted.id), "%s", record->value[REC_EVENT]);
	if (!list_has(&m->events, &wanted, by_id)) {
		m->own_records++;
		extra_records(m, NULL, record, 1, "no such SYSCALL event");
		return;
	}
	event = list_at(&m->events, list_from(&m->events, &wanted, by_id));
	if (!strcmp(event->op, ACCOUNT_NO_OP) &&
	    !list_has(&m->calls, event, by_key)) {
		m->own_records++;
		extra_records(m, NULL, record, 1, "of another system call");
		return;
	}
	if (!list_has(&m->calls, event, by_spid) && is_ours(m, record)) {
		m->own_records++;
		extra_records(m, NULL, record, 1,
			      "that call is another process's");
	}
}

/* Sorts the events anew: their order by key is of no use any more. */
static void find_strays(struct match *m)
{
	list_sort(&m->events, by_id);
	for (size_t i = 0; i < m->records.count; i++)
		find_stray(m, list_at(&m->records, i));
}

/* ---- verdicts by kind ------------------------------------------------ */

struct verdict {
	const char *kind;
	const char *complaint;
};

static int by_number(const void *a, const void *b)
{
	const struct call *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static struct verdict *verdict_of(struct list *verdicts, const char *kind)
{
	struct verdict *verdict;

	for (size_t i = 0; i < verdicts->count; i++) {
		verdict = list_at(verdicts, i);
		if (!strcmp(verdict->kind, kind))
			return verdict;
	}
	verdict = list_add(verdicts);
	verdict->kind = kind;
	return verdict;
}

/* Sorts the calls anew: kinds come in the order of the calls. */
static void print_verdicts(struct match *m)
{
	struct list verdicts = {.size = sizeof(struct verdict)};

	list_sort(&m->calls, by_number);
	for (size_t i = 0; i < m->calls.count; i++) {
		const struct call *call = list_at(&m->calls, i);
		struct verdict *verdict =
			verdict_of(&verdicts, call->line.value[ACCT_KIND]);

		if (!verdict->complaint)
			verdict->complaint = call->complaint;
	}
	for (size_t i = 0; i < verdicts.count; i++) {
		const struct verdict *verdict = list_at(&verdicts, i);

		if (verdict->complaint)
			printf("not ok case %s: %s\n", verdict->kind,
			       verdict->complaint);
		else
			printf("ok case %s\n", verdict->kind);
	}
	free(verdicts.item);
}

static int sum_up(const struct match *m)
{
	if (m->differences > MAX_PRINTED)
		printf("and %lu more differences\n",
		       m->differences - MAX_PRINTED);
	if (m->lost_records)
		printf("note: the log has %lu records with op=pvm-lost\n",
		       m->lost_records);
	printf("match: %zu calls, %lu events, %lu records: %lu right, "
	       "%lu wrong, %lu missing, %lu extra\n",
	       m->calls.count, m->own_events, m->own_records, m->right,
	       m->wrong, m->missing, m->extra);
	return !m->calls.count || m->right != m->calls.count || m->extra;
}

static void clean_up(struct match *m)
{
	for (size_t i = 0; i < m->calls.count; i++) {
		struct call *call = list_at(&m->calls, i);

		free(call->complaint);
		account_free(&call->line);
	}
	for (size_t i = 0; i < m->records.count; i++) {
		struct record *record = list_at(&m->records, i);

		for (int field = 0; field < REC_FIELDS; field++)
			free(record->value[field]);
	}
	free(m->calls.item);
	free(m->events.item);
	free(m->records.item);
}

__attribute__((noreturn)) static void usage(void)
{
	die("usage: match --log FILE --account FILE [--verdicts]\n"
	    "             [--may-lack FIELD,...] [--src kernel|user]");
}

static unsigned long field_set(char *names)
{
	unsigned long set = 0;
	char *name;

	while ((name = strsep(&names, ","))) {
		int field = 0;

		while (field < REC_FIELDS && strcmp(record_names[field], name))
			field++;
		if (field == REC_FIELDS)
			die("no field %s", name);
		set |= 1UL << field;
	}
	return set;
}

int main(int argc, char **argv)
{
	static const struct option known[] = {
		{"log", required_argument, NULL, 'l'},
		{"account", required_argument, NULL, 'a'},
		{"verdicts", no_argument, NULL, 'v'},
		{"may-lack", required_argument, NULL, 'm'},
		{"src", required_argument, NULL, 's'},
		{NULL, 0, NULL, 0},
	};
	struct match m = {.calls.size = sizeof(struct call),
			  .events.size = sizeof(struct event),
			  .records.size = sizeof(struct record),
			  .src = "kernel"};
	const char *log = NULL, *account = NULL;
	bool verdicts = false;
	int c, rc;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 'l')
			log = optarg;
		else if (c == 'a')
			account = optarg;
		else if (c == 'v')
			verdicts = true;
		else if (c == 'm')
			m.may_lack = field_set(optarg);
		else if (c == 's')
			m.src = optarg;
		else
			usage();
	}
	if (!log || !account || optind != argc)
		usage();
	read_account(&m.calls, account);
	read_log(&m, log);
	match_events(&m);
	find_missing(&m);
	find_strays(&m);
	if (verdicts)
		print_verdicts(&m);
	rc = sum_up(&m);
	clean_up(&m);
	return rc;
}
