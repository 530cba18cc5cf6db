// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * steps.c - what one call costs the plugin between its two inputs and the text
 * of its record: the plugin's own steps, on one thread, nothing else
 *
 *   ring record -> capture --.
 *                             join -> fold -> record
 *   line -> libauparse ------'
 *
 * The inputs are made here, in memory, as the kernel makes them for a reader
 * of its own heap: the probes cannot be attached everywhere. What is left out
 * is reading stdin, the lines of other records, and sending.
 *
 * usage: steps COUNT VECTORS FOLD_AFTER
 *
 * It prints calls, records and bytes written, and the processor time of a call
 * in nanoseconds.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kernel/capture.h"
#include "call/fold.h"
#include "call/join.h"
#include "lib/line.h"
#include "lib/slice.h"
#include "pvm/record.h"
#include "input/syscall_record.h"

#define WINDOW_MS 10000
#define CALLS_PER_MS 100
#define WAITING_MAX 12288
#define TIMEOUT_MS 20000
#define TARGET_PROGRAM "/usr/sbin/sshd"
#define FIRST_SERIAL 10000000 /* eight digits, as long as the bench runs */

#if defined(__x86_64__)
#define ARCH 0xc000003e
#define ARCH_TEXT "c000003e"
#define READV 310
#define READV_TEXT "310"
#else
#define ARCH 0xc00000b7
#define ARCH_TEXT "c00000b7"
#define READV 270
#define READV_TEXT "270"
#endif

/* The call's own record, with room for all lists that travel in it. */
struct ring_call {
	struct pvm_wire_call call;
	char lists[PVM_VECTORS_INLINE * 2 * sizeof(struct pvm_wire_iovec) +
		   PVM_PATH_INLINE +
		   PVM_MAPS_INLINE * sizeof(struct pvm_wire_map)];
	size_t size;
};

/* A piece of the remote vectors, which comes ahead of the call. */
struct ring_piece {
	struct pvm_wire_list list;
	char bytes[PVM_PIECE_MAX];
};

#define PIECES (PVM_VECTORS_MAX * sizeof(struct pvm_wire_iovec) / PVM_PIECE_MAX)

struct bench {
	struct pvm_captures *captures;
	struct pvm_parser *parser;
	struct pvm_join *join;
	struct pvm_fold *fold;
	struct ring_call call;
	struct ring_piece pieces[PIECES];
	size_t pieces_nr; /* 0: all vectors are in the call's record */
	char line[1024];
	char *serial; /* in line, eight digits */
	uint64_t now_ms;
	unsigned long records;
	unsigned long bytes;
};

/* ---- the flow, as pipeline.c has it */

static void write_records(void *arg, const struct pvm_access *given)
{
	struct bench *bench = arg;
	struct pvm_access access = *given;
	char text[PVM_RECORD_MAX + 1];
	struct pvm_record record;
	size_t len;

	access.vectors = PVM_VECTORS_MAX;
	access.probes = true;
	pvm_record_begin(&record, &access);
	while ((len = pvm_record_next(&record, text))) {
		bench->records++;
		bench->bytes += len;
	}
}

static void take_access(void *arg, struct pvm_syscall *syscall,
			struct pvm_capture *capture)
{
	struct bench *bench = arg;

	pvm_fold_take(bench->fold, syscall, capture, bench->now_ms);
}

static void take_ring(struct bench *bench, const void *data, size_t size)
{
	struct pvm_capture *capture =
		pvm_captures_take(bench->captures, data, size);

	if (capture)
		pvm_join_capture(bench->join, capture, bench->now_ms);
}

static void take_line(struct bench *bench)
{
	struct pvm_line line;
	struct pvm_syscall *syscall;
	const char *why;

	pvm_line_read(&line, slice_of(bench->line));
	if (line.class != PVM_LINE_CALL)
		return;
	syscall = pvm_parse_syscall(bench->parser, &line, &why);
	if (syscall)
		pvm_join_syscall(bench->join, syscall, true, bench->now_ms);
}

static void set_serial(struct bench *bench, uint32_t serial)
{
	struct pvm_wire_head *head = &bench->call.call.head;

	bench->call.call.serial = serial;
	head->entry_ns++;
	for (size_t i = 0; i < bench->pieces_nr; i++)
		bench->pieces[i].list.head.entry_ns = head->entry_ns;
	for (int digit = 7; digit >= 0; digit--) {
		bench->serial[digit] = (char)('0' + serial % 10);
		serial /= 10;
	}
}

static void make_call(struct bench *bench, uint32_t serial)
{
	set_serial(bench, serial);
	for (size_t i = 0; i < bench->pieces_nr; i++)
		take_ring(bench, &bench->pieces[i],
			  sizeof(bench->pieces[i].list) +
				  bench->pieces[i].list.size);
	take_ring(bench, &bench->call, bench->call.size);
	take_line(bench);
}

/* The line of each call has come by now. */
static bool has_passed(void *arg, const struct pvm_id *id)
{
	const struct bench *bench = arg;

	return id->serial <= bench->call.call.serial;
}

static void expire(struct bench *bench)
{
	struct pvm_join_stream stream = {has_passed, bench, bench->now_ms,
					 NULL};

	pvm_join_expire(bench->join, &stream, bench->now_ms);
	pvm_fold_expire(bench->fold, bench->now_ms);
}

static void make_calls(struct bench *bench, unsigned long count)
{
	for (unsigned long i = 0; i < count; i++) {
		make_call(bench, FIRST_SERIAL + (uint32_t)i);
		if ((i + 1) % CALLS_PER_MS)
			continue;
		bench->now_ms++;
		expire(bench);
	}
	pvm_join_flush(bench->join);
	pvm_fold_flush(bench->fold);
}

/* ---- the inputs */

/* Behind the call itself: the first ones of @held. */
static void put_short(struct ring_call *call, enum pvm_list which,
		      const void *items, uint32_t held, uint32_t most,
		      size_t size)
{
	uint32_t nr = held < most ? held : most;

	call->call.held[which] = held;
	memcpy((char *)&call->call + call->size, items, nr * size);
	call->size += nr * size;
}

/* In records of their own. */
static void put_pieces(struct bench *bench, const struct pvm_wire_iovec *remote,
		       uint32_t held)
{
	const char *bytes = (const char *)remote;
	uint32_t left = held * sizeof(*remote);

	while (left) {
		struct ring_piece *piece = &bench->pieces[bench->pieces_nr++];
		uint32_t size = left < PVM_PIECE_MAX ? left : PVM_PIECE_MAX;

		piece->list.head = bench->call.call.head;
		piece->list.head.kind = PVM_WIRE_LIST;
		piece->list.list = PVM_REMOTE;
		piece->list.held = held;
		piece->list.size = size;
		piece->list.at = held * sizeof(*remote) - left;
		memcpy(piece->bytes, bytes + piece->list.at, size);
		left -= size;
	}
}

static void fill_lists(struct bench *bench, uint32_t vectors)
{
	static struct pvm_wire_iovec remote[PVM_VECTORS_MAX];
	struct pvm_wire_iovec local = {0x7ffca1b2c3d0, vectors * 8ull};
	struct pvm_wire_map heap = {
		.kind = PVM_MAP_HEAP,
		.flags = PVM_MAP_READ | PVM_MAP_WRITE,
		.start = 0x55d0c0de1000,
		.end = 0x55d0c0df1000,
	};

	for (uint32_t i = 0; i < vectors; i++)
		remote[i] = (struct pvm_wire_iovec){heap.start + 64 * i, 8};
	put_short(&bench->call, PVM_REMOTE, remote, vectors, PVM_VECTORS_INLINE,
		  sizeof(*remote));
	if (vectors > PVM_VECTORS_INLINE)
		put_pieces(bench, remote, vectors);
	put_short(&bench->call, PVM_LOCAL, &local, 1, 1, sizeof(local));
	put_short(&bench->call, PVM_PATH, TARGET_PROGRAM,
		  strlen(TARGET_PROGRAM), PVM_PATH_INLINE, 1);
	put_short(&bench->call, PVM_MAPS, &heap, 1, 1, sizeof(heap));
}

static void fill_capture(struct bench *bench, uint32_t vectors)
{
	bench->call.size = sizeof(bench->call.call);
	bench->call.call = (struct pvm_wire_call){
		.head = {PVM_WIRE_VERSION, PVM_WIRE_CALL, 4242, 5000},
		.sec = 1795288457,
		.nsec = 412345678,
		.arch = ARCH,
		.nr = READV,
		.pid = 4300,
		.seen = PVM_SEEN_CORE | PVM_SEEN_TARGET | PVM_SEEN_PATH |
			PVM_SEEN_MAPS | PVM_SEEN_AUDIT,
		.liovcnt = 1,
		.riovcnt = vectors,
		.exit = vectors * 8,
		.caller = {4242, 4242, 1000, 1000, 3, 4000, 0, 0, "gdb",
			   792301234567},
		.target = {4300, 4300, 0, 1000, 3, 1, 0, 0, "sshd",
			   812301234567},
	};
	fill_lists(bench, vectors);
}

static void fill_line(struct bench *bench, uint32_t vectors)
{
	snprintf(bench->line, sizeof(bench->line),
		 "type=SYSCALL msg=audit(1795288457.412:%d): arch=" ARCH_TEXT
		 " syscall=" READV_TEXT " success=yes exit=%" PRIu32
		 " a0=10cc a1=7ffca1b2c3c0 a2=1 a3=7ffca1b2c3e0 items=0 "
		 "ppid=4000 pid=4242 auid=1000 uid=1000 gid=1000 euid=1000 "
		 "suid=1000 fsuid=1000 egid=1000 sgid=1000 fsgid=1000 "
		 "tty=pts0 ses=3 comm=\"gdb\" exe=\"/usr/bin/gdb\" "
		 "subj=unconfined key=\"pvm-read\"",
		 FIRST_SERIAL, vectors * 8);
	bench->serial = strchr(bench->line, ':') + 1;
}

/* ---- */

static unsigned long number(const char *text, unsigned long least,
			    unsigned long most)
{
	char *end;
	unsigned long value = strtoul(text, &end, 10);

	if (end != text && !*end && value >= least && value <= most)
		return value;
	fputs("usage: steps COUNT VECTORS FOLD_AFTER\n", stderr);
	exit(2);
}

static bool open_steps(struct bench *bench, unsigned int fold_after)
{
	bench->captures = pvm_captures_new();
	bench->parser = pvm_parser_new();
	bench->join = pvm_join_new(WAITING_MAX, TIMEOUT_MS, take_access, bench);
	bench->fold =
		pvm_fold_new(PVM_FOLD_GROUPS, fold_after, WINDOW_MS,
			     pvm_record_serials_room, write_records, bench);
	return bench->captures && bench->parser && bench->join && bench->fold;
}

static void close_steps(struct bench *bench)
{
	pvm_fold_free(bench->fold);
	pvm_join_free(bench->join);
	pvm_parser_free(bench->parser);
	pvm_captures_free(bench->captures);
}

static uint64_t used_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

int main(int argc, char **argv)
{
	static struct bench bench = {.now_ms = 1000};
	unsigned long count, joined;
	uint32_t vectors;
	uint64_t used;

	if (argc != 4)
		number("", 1, 1);
	count = number(argv[1], 1, 80000000);
	vectors = (uint32_t)number(argv[2], 1, PVM_VECTORS_MAX);
	if (!open_steps(&bench, (unsigned int)number(argv[3], 0, 65536)))
		return EXIT_FAILURE;
	fill_capture(&bench, vectors);
	fill_line(&bench, vectors);
	used = used_ns();
	make_calls(&bench, count);
	used = used_ns() - used;
	joined = pvm_join_counters(bench.join)->joined;
	close_steps(&bench);
	printf("calls %lu records %lu bytes %lu ns %.1f\n", joined,
	       bench.records, bench.bytes, (double)used / (double)count);
	return joined == count ? EXIT_SUCCESS : EXIT_FAILURE;
}
