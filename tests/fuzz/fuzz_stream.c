// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_stream.c - anything at all on stdin: feed, libauparse, join, fold,
 * record
 */
#include <string.h>

#include "input/feed.h"
#include "call/fold.h"
#include "fuzz.h"
#include "call/join.h"
#include "pvm/record.h"
#include "input/syscall_record.h"

struct bench {
	struct pvm_parser *parser;
	struct pvm_join *join;
	struct pvm_fold *fold;
	struct pvm_feed feed;
};

static void write_records(void *arg, const struct pvm_access *access)
{
	(void)arg;
	fuzz_write_records(NULL, access);
}

static void take_access(void *arg, struct pvm_syscall *syscall,
			struct pvm_capture *capture)
{
	struct bench *bench = arg;

	pvm_fold_take(bench->fold, syscall, capture, 0);
}

static void take_line(void *arg, const struct pvm_line *line)
{
	struct bench *bench = arg;
	struct pvm_syscall *syscall;
	const char *why;

	must(!memchr(line->text.at, '\n', line->text.len));
	must(line->class != PVM_LINE_CALL || line->type);
	if (line->class != PVM_LINE_CALL)
		return;
	syscall = pvm_parse_syscall(bench->parser, line, &why);
	if (syscall)
		pvm_join_syscall(bench->join, syscall, true, 0);
}

/* The first byte of the input says in what chunks the rest arrives. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bench bench;
	size_t chunk;

	if (!bench.parser) {
		bench.parser = pvm_parser_new();
		bench.join = pvm_join_new(64, 1000, take_access, &bench);
		bench.fold = pvm_fold_new(8, 1, 1000, pvm_record_serials_room,
					  write_records, NULL);
		must(bench.parser && bench.join && bench.fold);
	}
	if (!size)
		return 0;
	pvm_feed_init(&bench.feed, take_line, &bench);
	chunk = 1 + (size_t)data[0] * 64;
	for (size_t at = 1; at < size; at += chunk) {
		size_t n = size - at < chunk ? size - at : chunk;

		must(pvm_feed_put(&bench.feed, (const char *)data + at, n) ==
		     n);
		pvm_feed_lines(&bench.feed);
	}
	pvm_feed_end(&bench.feed);
	pvm_join_flush(bench.join);
	pvm_fold_flush(bench.fold);
	return 0;
}
