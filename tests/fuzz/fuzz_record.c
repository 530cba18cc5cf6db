// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_record.c - any access at all to the record encoder, and back
 *
 * libauparse must read from each part what went in: names byte by byte, numbers
 * as they were, every vector once and in order; and the fields in the order of
 * their list, none twice, whatever the caller and the target call themselves.
 */
#include <auparse.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "lib/syscalls.h"
#include "pvm/record.h"
#include "pvm/record_fields.h"

#define PATHS_MAX 5000 /* bytes of a path: more than is written */
#define LINE_MAX_LEN (PVM_RECORD_MAX + 400)
#define TOKEN_MAX (2 * PATHS_MAX + 3)
#define VECTORS 300

/* A string from outside, and the token that audit has made of it. */
struct name {
	uint8_t bytes[PATHS_MAX];
	size_t len;
	char token[TOKEN_MAX];
};

struct bench {
	auparse_state_t *au;
	struct pvm_access access;
	struct name comm, exe, key;
	uint8_t path[PATHS_MAX];
	uint32_t listed[PVM_SIDES]; /* vectors met in the parts so far */
	bool read; /* libauparse has found the record */
};

/* ---- an access ------------------------------------------------------- */

static bool is_plain(const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] <= ' ' || bytes[i] > '~' || bytes[i] == '"')
			return false;
	return true;
}

/* As the kernel writes it; it has no empty ones. */
static void make_token(struct name *name)
{
	char *to = name->token;

	*to = '\0';
	if (!name->len)
		return;
	if (is_plain(name->bytes, name->len)) {
		sprintf(to, "\"%.*s\"", (int)name->len,
			(const char *)name->bytes);
		return;
	}
	for (size_t i = 0; i < name->len; i++)
		to += sprintf(to, "%02X", name->bytes[i]);
}

/* What ends a string for the kernel cannot be in one. */
static size_t take_bytes(struct fuzz_input *input, uint8_t *bytes, size_t max)
{
	size_t len = fuzz_number(input, (uint32_t)max);

	if (len > input->size)
		len = input->size;
	fuzz_take(input, bytes, len);
	for (size_t i = 0; i < len; i++)
		if (!bytes[i])
			bytes[i] = ' ';
	return len;
}

static void make_name(struct fuzz_input *input, struct name *name, size_t max)
{
	name->len = take_bytes(input, name->bytes, max);
	make_token(name);
}

static const struct pvm_call_type *type_from(struct fuzz_input *input)
{
	static const struct {
		uint32_t arch, nr;
	} calls[] = {{0xc000003e, 310}, {0x40000003, 348}};
	uint32_t i = fuzz_number(input, 1);

	return pvm_call_type(calls[i].arch, calls[i].nr);
}

static void make_syscall(struct bench *bench, struct fuzz_input *input,
			 struct pvm_syscall *syscall)
{
	make_name(input, &bench->comm, 15);
	make_name(input, &bench->exe, PATHS_MAX);
	make_name(input, &bench->key, 256);
	syscall->id = (struct pvm_id){fuzz_number(input, UINT32_MAX),
				      fuzz_number(input, 999),
				      fuzz_number(input, UINT32_MAX)};
	syscall->type = type_from(input);
	must(syscall->type);
	fuzz_take(input, &syscall->exit, sizeof(syscall->exit));
	fuzz_take(input, &syscall->a0, sizeof(syscall->a0));
	fuzz_take(input, &syscall->a2, sizeof(syscall->a2));
	syscall->pid = fuzz_number(input, UINT32_MAX);
	syscall->uid = fuzz_number(input, UINT32_MAX);
	syscall->auid = fuzz_number(input, UINT32_MAX);
	syscall->node = syscall->tty = "";
	syscall->comm = bench->comm.token;
	syscall->exe = bench->exe.token;
	syscall->key = bench->key.token;
	bench->access.syscall = syscall;
}

static void make_lists(struct bench *bench, struct fuzz_input *input,
		       struct pvm_capture *capture)
{
	static struct pvm_wire_iovec vectors[PVM_SIDES][VECTORS];
	static struct pvm_wire_map maps[PVM_MAPS_MAX];
	static char names[PVM_NAMES_MAX];
	uint32_t *held = capture->call.held;

	memset(held, 0, sizeof(capture->call.held));
	for (int side = 0; side < PVM_SIDES; side++) {
		if (!fuzz_number(input, 1))
			continue;
		held[side] = fuzz_number(input, VECTORS);
		fuzz_take(input, vectors[side],
			  held[side] * sizeof(vectors[side][0]));
		capture->vec[side] = vectors[side];
	}
	if (fuzz_number(input, 1)) {
		held[PVM_MAPS] = fuzz_number(input, PVM_MAPS_MAX);
		held[PVM_NAMES] = fuzz_number(input, PVM_NAMES_MAX);
		fuzz_take(input, maps, held[PVM_MAPS] * sizeof(maps[0]));
		fuzz_take(input, names, held[PVM_NAMES]);
		capture->maps = maps;
		capture->names = names;
	}
	if (fuzz_number(input, 1)) {
		held[PVM_PATH] = (uint32_t)take_bytes(input, bench->path,
						      PVM_PATH_LEN_MAX);
		capture->path = (const char *)bench->path;
	}
}

static void make_capture(struct bench *bench, struct fuzz_input *input,
			 struct pvm_capture *capture)
{
	fuzz_take(input, &capture->call, sizeof(capture->call));
	capture->id = (struct pvm_id){capture->call.sec, 1, 2};
	make_lists(bench, input, capture);
	bench->access.capture = capture;
}

/* ---- reading it back -------------------------------------------------- */

/* The value of the only field @name in the message, or NULL. */
static const char *value_of(struct bench *bench, const char *name)
{
	const char *value = NULL;
	bool inside = false;

	auparse_first_field(bench->au);
	do {
		const char *have = auparse_get_field_name(bench->au);

		must(have);
		inside |= !strcmp(have, "op"); /* the sender's stand in front */
		if (!inside || strcmp(have, name))
			continue;
		/* libaudit appends the sender's own exe= */
		must(!value || !strcmp(name, "exe"));
		if (!value)
			value = auparse_get_field_str(bench->au);
	} while (auparse_next_field(bench->au) > 0);
	return value;
}

static bool is_cut(struct bench *bench, const char *name)
{
	const char *cut = value_of(bench, "cut");
	size_t len = strlen(name);

	for (; cut; cut = strchr(cut, ',') ? strchr(cut, ',') + 1 : NULL)
		if (!strncmp(cut, name, len) && (cut[len] == ',' || !cut[len]))
			return true;
	return false;
}

/* A token, quoted or in hex, to the bytes that it stands for. */
static size_t decode(const char *token, uint8_t *bytes)
{
	size_t len = strlen(token);

	if (*token == '"') {
		must(len >= 2 && token[len - 1] == '"');
		memcpy(bytes, token + 1, len - 2);
		return len - 2;
	}
	must(len % 2 == 0);
	for (size_t i = 0; i < len / 2; i++) {
		unsigned int byte = 0;

		must(isxdigit((unsigned char)token[2 * i]) &&
		     sscanf(token + 2 * i, "%2x", &byte) == 1);
		bytes[i] = (uint8_t)byte;
	}
	return len / 2;
}

static void check_name(struct bench *bench, const char *name,
		       const uint8_t *bytes, size_t len)
{
	const char *value = value_of(bench, name);
	uint8_t got[PVM_RECORD_MAX];
	size_t got_len;

	must(value);
	got_len = decode(value, got);
	must(is_cut(bench, name) ? got_len <= len : got_len == len);
	must(!memcmp(got, bytes, got_len));
}

static void check_number(struct bench *bench, const char *name, uint64_t want)
{
	const char *value = value_of(bench, name);
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, want);
	must(value && !strcmp(value, text));
}

/* One part's list goes on where the part before it has ended. */
static void check_list(struct bench *bench, const char *name,
		       enum pvm_list side)
{
	const struct pvm_wire_iovec *vec = bench->access.capture->vec[side];
	const char *at = value_of(bench, name);
	char want[64];

	while (at && *at) {
		uint32_t i = bench->listed[side]++;
		int len;

		must(vec && i < bench->access.capture->call.held[side]);
		len = snprintf(want, sizeof(want), "0x%" PRIx64 ":%" PRIu64,
			       (uint64_t)vec[i].base, (uint64_t)vec[i].len);
		must(!strncmp(at, want, (size_t)len));
		at += len;
		must(!*at || *at == ',');
		at += *at == ',';
	}
}

static void check_syscall(struct bench *bench)
{
	const struct pvm_syscall *syscall = bench->access.syscall;

	check_number(bench, "uid", syscall->uid);
	check_number(bench, "spid", syscall->pid);
	check_number(bench, "sauid", syscall->auid);
	if (bench->comm.len)
		check_name(bench, "comm", bench->comm.bytes, bench->comm.len);
	if (bench->exe.len)
		check_name(bench, "exe", bench->exe.bytes, bench->exe.len);
	/* libauparse takes several keys apart, and decodes them */
	if (bench->key.len && is_plain(bench->key.bytes, bench->key.len))
		check_name(bench, "key", bench->key.bytes, bench->key.len);
}

static void check_target(struct bench *bench)
{
	const struct pvm_wire_task *task = &bench->access.capture->call.target;

	check_number(bench, "opid", task->tgid);
	check_number(bench, "ouid", task->uid);
	check_number(bench, "oauid", task->auid);
	check_number(bench, "oses", task->ses);
	check_name(bench, "ocomm", (const uint8_t *)task->comm,
		   strnlen(task->comm, PVM_COMM_LEN));
	if (bench->access.capture->path)
		check_name(bench, "oexe", bench->path,
			   bench->access.capture->call.held[PVM_PATH]);
}

/* Up to those that libaudit appends. */
static void check_order(const char *text)
{
	static const char *const names[] = {
#define NAME(id, name, ...) #name "=",
		PVM_RECORD_FIELDS(NAME)
#undef NAME
	};
	size_t i = 0;

	while (*text) {
		while (i < sizeof(names) / sizeof(names[0]) &&
		       strncmp(text, names[i], strlen(names[i])))
			i++;
		must(i++ < sizeof(names) / sizeof(names[0]));
		text += strcspn(text, " ");
		text += *text == ' ';
	}
}

static void check_record(auparse_state_t *au, auparse_cb_event_t event,
			 void *arg)
{
	struct bench *bench = arg;

	if (event != AUPARSE_CB_EVENT_READY)
		return;
	must(!bench->read && auparse_first_record(au) > 0);
	bench->read = true;
	if (bench->access.syscall)
		check_syscall(bench);
	if (!bench->access.capture)
		return;
	check_number(bench, "riovcnt", bench->access.capture->call.riovcnt);
	check_list(bench, "riov", PVM_REMOTE);
	check_list(bench, "liov", PVM_LOCAL);
	if (bench->access.capture->call.seen & PVM_SEEN_TARGET)
		check_target(bench);
	else
		must(!value_of(bench, "opid"));
}

/* As the kernel and libaudit frame it. */
static void read_back(struct bench *bench, const char *text)
{
	char line[LINE_MAX_LEN];
	int len = snprintf(line, sizeof(line),
			   "type=USER msg=audit(1.002:3): pid=9 uid=0 "
			   "auid=4294967295 ses=4294967295 msg='%s "
			   "exe=\"/usr/sbin/audisp-pvm\" hostname=? addr=? "
			   "terminal=? res=success'\n",
			   text);

	must(len > 0 && (size_t)len < sizeof(line));
	bench->read = false;
	auparse_feed(bench->au, line, (size_t)len);
	auparse_flush_feed(bench->au);
	must(bench->read);
}

static void check_access(struct bench *bench)
{
	const struct pvm_capture *capture = bench->access.capture;
	char text[PVM_RECORD_MAX + 1];
	struct pvm_record record;
	size_t len;

	memset(bench->listed, 0, sizeof(bench->listed));
	pvm_record_begin(&record, &bench->access);
	while ((len = pvm_record_next(&record, text))) {
		fuzz_check_text(text, len);
		check_order(text);
		read_back(bench, text);
	}
	for (int side = 0; capture && side < PVM_SIDES; side++) {
		uint32_t held =
			capture->vec[side] ? capture->call.held[side] : 0;
		uint32_t most = bench->access.vectors;

		must(bench->listed[side] ==
		     (most && held > most ? most : held));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bench bench;
	struct fuzz_input input = {data, size};
	struct pvm_syscall syscall = {0};
	struct pvm_capture capture = {0};
	uint32_t halves = 1 + fuzz_number(&input, 2);

	if (!bench.au) {
		bench.au = auparse_init(AUSOURCE_FEED, NULL);
		must(bench.au);
		auparse_add_callback(bench.au, check_record, &bench, NULL);
	}
	bench.access = (struct pvm_access){
		.vectors = fuzz_number(&input, VECTORS),
		.probes = fuzz_number(&input, 1),
	};
	if (halves & 1)
		make_syscall(&bench, &input, &syscall);
	if (halves & 2)
		make_capture(&bench, &input, &capture);
	check_access(&bench);
	return 0;
}
