// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What other programs make of the plugin's records, against libauparse's plain
 * reading of them.
 *
 * usage: others laurel LOG      standard input has what Laurel has written, a
 *                               line a field: NAME, a tab, VALUE; ahead of
 *                               each record a line of that form with its ID.
 *                               Every field of every record must be there, in
 *                               its order, with its value, and no other one.
 *        others normalize LOG   prints what libauparse's normalizer says of
 *                               each record, which must be something
 *
 * A value of Laurel's is the field's as it stands in the log, or, from version
 * 0.7 on, without its quotes or its hexadecimal code; those versions take any
 * value for hexadecimal that has an even number of digits only. Such numbers
 * are counted apart. '?' is null there.
 */
#include <auparse.h>
#include <ctype.h>
#include <errno.h>
#include <search.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pvm/record_fields.h"

#define LINE_MAX_BYTES 65536
#define FIELDS_MAX 64

static void die(const char *what)
{
	fprintf(stderr, "others: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* ---- the plugin's records -------------------------------------------- */

static const char *field(auparse_state_t *au)
{
	const char *value = auparse_get_field_str(au);

	return value ? value : "";
}

/* Stands at op= afterwards, the first field that is not the kernel's. */
static bool is_ours(auparse_state_t *au)
{
	const char *op;

	if (auparse_first_record(au) <= 0 || !auparse_find_field(au, "op"))
		return false;
	op = field(au);
	return !strncmp(op, "process_vm", 10) || !strncmp(op, "pvm-", 4);
}

/* As Laurel writes it. */
static char *id_of(auparse_state_t *au)
{
	const au_event_t *event = auparse_get_timestamp(au);
	static char id[64];

	snprintf(id, sizeof(id), "%lld.%03u:%lu", (long long)event->sec,
		 event->milli, event->serial);
	return id;
}

static auparse_state_t *open_log(const char *path, auparse_esc_t escapes)
{
	auparse_state_t *au = auparse_init(AUSOURCE_FILE, path);

	if (!au)
		die(path);
	auparse_set_escape_mode(au, escapes);
	return au;
}

/* ---- what Laurel has of them ----------------------------------------- */

struct record {
	unsigned int nr;
	bool seen;
	char *name[FIELDS_MAX], *value[FIELDS_MAX];
};

static size_t records, fields, as_hex, wrong;

static int hex_value(const char *at)
{
	unsigned int byte;

	if (!isxdigit((unsigned char)at[0]) || !isxdigit((unsigned char)at[1]))
		return -1;
	sscanf(at, "%2x", &byte);
	return (int)byte;
}

/* Percent signs and two digits are bytes again. */
static void decode_percent(char *text)
{
	char *to = text;

	while (*text) {
		int byte = *text == '%' ? hex_value(text + 1) : -1;

		*to++ = (char)(byte < 0 ? *text : byte);
		text += byte < 0 ? 1 : 3;
	}
	*to = '\0';
}

static void enter(const char *id, struct record *record)
{
	ENTRY entry = {strdup(id), record};

	if (!record || !hsearch(entry, ENTER))
		die("no room for a record");
}

static void read_laurel(void)
{
	static char line[LINE_MAX_BYTES];
	struct record *record = NULL;

	if (!hcreate(65536))
		die("hcreate");
	while (fgets(line, sizeof(line), stdin)) {
		char *value = strchr(line, '\t');

		if (!value)
			die(line);
		*value++ = '\0';
		value[strcspn(value, "\n")] = '\0';
		if (!strcmp(line, "ID")) {
			record = calloc(1, sizeof(*record));
			enter(value, record);
			continue;
		}
		if (!record || record->nr == FIELDS_MAX)
			die("more fields than a record has");
		decode_percent(value);
		record->name[record->nr] = strdup(line);
		record->value[record->nr++] = strdup(value);
	}
}

/* @value in hexadecimal, whole, is @text. */
static bool is_hex_of(const char *value, const char *text)
{
	size_t len = strlen(value);

	if (!len || len % 2)
		return false;
	for (; *value; value += 2, text++)
		if (hex_value(value) != (unsigned char)*text)
			return false;
	return !*text;
}

static bool is_quoted_of(const char *value, const char *text)
{
	size_t len = strlen(text);

	return value[0] == '"' && strlen(value) == len + 2 &&
	       !strncmp(value + 1, text, len) && value[len + 1] == '"';
}

static bool is_string(const char *name)
{
	static const struct {
		const char *name;
		enum pvm_form form;
	} known[] = {
#define FIELD(id, name, form, ...) {#name, PVM_FORM_##form},
		PVM_RECORD_FIELDS(FIELD)
#undef FIELD
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (known[i].form == PVM_FORM_STRING &&
		    !strcmp(name, known[i].name))
			return true;
	return false;
}

static void compare_field(const char *id, const char *name, const char *value,
			  const struct record *record, unsigned int i)
{
	const char *got = i < record->nr ? record->value[i] : "(absent)";

	fields++;
	if (i >= record->nr || strcmp(record->name[i], name) != 0) {
		printf("%s: field %u is %s, must be %s\n", id, i,
		       i < record->nr ? record->name[i] : "absent", name);
		wrong++;
	} else if (!strcmp(got, value) || is_quoted_of(value, got) ||
		   (is_string(name) && is_hex_of(value, got))) {
		return;
	} else if (is_hex_of(value, got)) {
		as_hex++;
	} else {
		printf("%s: %s is [%s], must be [%s]\n", id, name, got, value);
		wrong++;
	}
}

static void compare_record(auparse_state_t *au)
{
	char *id = id_of(au);
	ENTRY *found = hsearch((ENTRY){id, NULL}, FIND);
	struct record *record = found ? found->data : NULL;
	unsigned int i = 0;

	records++;
	if (!record || record->seen) {
		printf("%s: %s\n", id, record ? "there twice" : "absent");
		wrong++;
		return;
	}
	record->seen = true;
	do
		compare_field(id, auparse_get_field_name(au), field(au), record,
			      i++);
	while (auparse_next_field(au) > 0);
	if (i < record->nr) {
		printf("%s: %s is too much\n", id, record->name[i]);
		wrong++;
	}
}

static int check_laurel(const char *log)
{
	auparse_state_t *au = open_log(log, AUPARSE_ESC_RAW);

	read_laurel();
	while (auparse_next_event(au) > 0)
		if (is_ours(au))
			compare_record(au);
	printf("%zu records, %zu fields, %zu numbers taken for hexadecimal, "
	       "%zu wrong\n",
	       records, fields, as_hex, wrong);
	auparse_destroy(au);
	return wrong || !records;
}

/* ---- the normalizer -------------------------------------------------- */

/* The field that a function of the normalizer has gone to, or a dash. */
static void print_found(auparse_state_t *au, int found)
{
	const char *value = found == 1 ? auparse_interpret_field(au) : NULL;

	printf("\t%s", value && *value ? value : "-");
}

static void print_word(const char *word)
{
	printf("\t%s", word ? word : "-");
}

/* ID, subject, acting as, action, object, how, result. */
static void print_normal(auparse_state_t *au)
{
	fputs(id_of(au), stdout);
	print_found(au, auparse_normalize_subject_primary(au));
	print_found(au, auparse_normalize_subject_secondary(au));
	print_word(auparse_normalize_get_action(au));
	print_found(au, auparse_normalize_object_primary(au));
	print_word(auparse_normalize_how(au));
	print_found(au, auparse_normalize_get_results(au));
	putchar('\n');
}

static int normalize(const char *log)
{
	auparse_state_t *au = open_log(log, AUPARSE_ESC_TTY);
	int status = 0;

	while (auparse_next_event(au) > 0) {
		bool ours = is_ours(au);

		/* the other events, too, for whoever comes behind one */
		if (auparse_normalize(au, NORM_OPT_ALL) && ours) {
			printf("%s: not normalized\n", id_of(au));
			status = 1;
		} else if (ours) {
			print_normal(au);
		}
	}
	auparse_destroy(au);
	return status;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "laurel"))
		return check_laurel(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "normalize"))
		return normalize(argv[2]);
	fputs("usage: others laurel LOG <FIELDS | normalize LOG\n", stderr);
	return 2;
}
