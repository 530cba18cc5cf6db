// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_capture.c - ring records become captures, long lists find their call
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/capture.h"
#include "unit.h"

/* A ring record under construction. */
struct ring_record {
	union {
		struct pvm_wire_head head;
		struct {
			struct pvm_wire_call call;
			struct pvm_wire_iovec call_vec[2 * 16];
		};
		struct {
			struct pvm_wire_list list;
			struct pvm_wire_iovec list_vec[1024];
		};
	};
	size_t size;
};

#define TID 4243
#define ENTRY 5000

/* Where vector @i of @side lies in the tests; its length is i + 1. */
static uint64_t base_of(enum pvm_list side, uint32_t i)
{
	return (side == PVM_REMOTE ? 0x7000000 : 0x9000000) + 16 * i;
}

/* Append @nr vectors to @record, whose next one is at @to. */
static struct pvm_wire_iovec *append_vectors(struct ring_record *record,
					     struct pvm_wire_iovec *to,
					     enum pvm_list side, uint32_t nr)
{
	for (uint32_t i = 0; i < nr; i++)
		*to++ = (struct pvm_wire_iovec){base_of(side, i), i + 1};
	record->size += nr * sizeof(*to);
	return to;
}

/* A call that held @remote and @local vectors, the first 16 inline. */
static void make_call(struct ring_record *record, uint32_t remote,
		      uint32_t local)
{
	struct pvm_wire_iovec *to = record->call_vec;

	memset(record, 0, sizeof(*record));
	record->call = (struct pvm_wire_call){
		.head = {9, PVM_WIRE_CALL, TID, ENTRY},
		.sec = 1795288457,
		.nsec = 412999999,
		.serial = 43,
		.pid = 4300,
		.seen = PVM_SEEN_CORE,
		.riovcnt = remote,
		.liovcnt = local,
		.exit = -14,
		.held = {remote, local},
	};
	record->size = 232;
	to = append_vectors(record, to, PVM_REMOTE, remote < 16 ? remote : 16);
	append_vectors(record, to, PVM_LOCAL, local < 16 ? local : 16);
}

/* The whole list in one, which pieces are cut from. */
static void make_list(struct ring_record *record, enum pvm_list side,
		      uint32_t nr)
{
	memset(record, 0, sizeof(*record));
	record->list = (struct pvm_wire_list){
		.head = {9, PVM_WIRE_LIST, TID, ENTRY},
		.list = side,
		.held = nr,
	};
	record->size = 32;
	append_vectors(record, record->list_vec, side, nr);
	record->list.size = (uint32_t)record->size - 32;
}

static void append(struct ring_record *record, const void *from, size_t size)
{
	memcpy((char *)record + record->size, from, size);
	record->size += size;
}

static struct pvm_captures *new_captures(void)
{
	struct pvm_captures *captures = pvm_captures_new();

	CU_ASSERT_PTR_NOT_NULL_FATAL(captures);
	return captures;
}

/* Hand on @size bytes of @record, with nothing readable behind them. */
static struct pvm_capture *take_bytes(struct pvm_captures *captures,
				      const struct ring_record *record,
				      size_t size)
{
	void *copy = malloc(size ? size : 1);
	struct pvm_capture *capture;

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	memcpy(copy, record, size);
	capture = pvm_captures_take(captures, copy, size);
	free(copy);
	return capture;
}

static struct pvm_capture *take(struct pvm_captures *captures,
				const struct ring_record *record)
{
	return take_bytes(captures, record, record->size);
}

/* Bytes @at to @end of the list. */
static void cut_piece(struct ring_record *piece,
		      const struct ring_record *whole, size_t at, size_t end)
{
	piece->list = whole->list;
	piece->list.at = (uint32_t)at;
	piece->list.size = (uint32_t)(end - at);
	memcpy(piece->list_vec, (const char *)whole->list_vec + at, end - at);
	piece->size = 32 + end - at;
}

/* Pieces of 4096 bytes, which are never a capture by themselves. */
static void take_pieces(struct pvm_captures *captures,
			const struct ring_record *whole)
{
	size_t size = whole->size - 32;
	struct ring_record piece;

	for (size_t at = 0; at < size; at += 4096) {
		cut_piece(&piece, whole, at,
			  size < at + 4096 ? size : at + 4096);
		CU_ASSERT_PTR_NULL(take(captures, &piece));
	}
}

static void take_list(struct pvm_captures *captures, enum pvm_list side,
		      uint32_t nr, uint32_t tid, uint64_t entry_ns)
{
	struct ring_record record;

	make_list(&record, side, nr);
	record.head.tid = tid;
	record.head.entry_ns = entry_ns;
	take_pieces(captures, &record);
}

/* Take a call of the given shape; there must be a capture of it. */
static struct pvm_capture *take_call(struct pvm_captures *captures,
				     uint32_t remote, uint32_t local)
{
	struct ring_record record;
	struct pvm_capture *capture;

	make_call(&record, remote, local);
	capture = take(captures, &record);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
	return capture;
}

static struct pvm_capture *take_other_call(struct pvm_captures *captures,
					   uint32_t tid, uint32_t remote,
					   uint32_t local)
{
	struct ring_record record;
	struct pvm_capture *capture;

	make_call(&record, remote, local);
	record.head.tid = tid;
	capture = take(captures, &record);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
	return capture;
}

static void expect_vectors(const struct pvm_capture *capture,
			   enum pvm_list side, uint32_t nr)
{
	const struct pvm_wire_iovec *vec = capture->vec[side];

	SAME_NUMBER(capture->call.held[side], nr);
	CU_ASSERT_PTR_NOT_NULL(vec);
	for (uint32_t i = 0; vec && i < nr; i++) {
		if (vec[i].base != base_of(side, i))
			SAME_NUMBER(vec[i].base, base_of(side, i));
		if (vec[i].len != i + 1)
			SAME_NUMBER(vec[i].len, i + 1);
	}
}

static void expect_counters(const struct pvm_captures *captures, uint64_t calls,
			    uint64_t malformed, uint64_t list_lost)
{
	const struct pvm_capture_counters *counters =
		pvm_captures_counters(captures);

	SAME_NUMBER(counters->calls, calls);
	SAME_NUMBER(counters->malformed, malformed);
	SAME_NUMBER(counters->list_lost, list_lost);
	SAME_NUMBER(counters->no_memory, 0);
}

static void call_is_taken_over_whole(void)
{
	struct pvm_captures *captures = new_captures();
	struct ring_record record;
	struct pvm_capture *capture;

	make_call(&record, 2, 1);
	capture = take(captures, &record);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
	CU_ASSERT_EQUAL(memcmp(&capture->call, &record.call, 232), 0);
	SAME_NUMBER(capture->id.sec, 1795288457);
	SAME_NUMBER(capture->id.msec, 412);
	SAME_NUMBER(capture->id.serial, 43);
	free(capture);
	expect_counters(captures, 1, 0, 0);
	pvm_captures_free(captures);
}

static void milliseconds_are_cut_not_rounded(void)
{
	static const struct {
		uint32_t nsec, msec;
	} cases[] = {
		{0, 0},		  {999999, 0},	    {1000000, 1},
		{412999999, 412}, {413000000, 413}, {999000000, 999},
		{999999999, 999},
	};
	struct pvm_captures *captures = new_captures();

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ring_record record;
		struct pvm_capture *capture;

		make_call(&record, 0, 0);
		record.call.nsec = cases[i].nsec;
		capture = take(captures, &record);
		CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
		SAME_NUMBER(capture->id.msec, cases[i].msec);
		free(capture);
	}
	pvm_captures_free(captures);
}

static void short_lists_come_with_the_call(void)
{
	static const uint32_t counts[] = {0, 1, 2, 15, 16};
	struct pvm_captures *captures = new_captures();

	for (size_t r = 0; r < COUNT(counts); r++) {
		for (size_t l = 0; l < COUNT(counts); l++) {
			struct pvm_capture *capture =
				take_call(captures, counts[r], counts[l]);

			expect_vectors(capture, PVM_REMOTE, counts[r]);
			expect_vectors(capture, PVM_LOCAL, counts[l]);
			free(capture);
		}
	}
	expect_counters(captures, 25, 0, 0);
	pvm_captures_free(captures);
}

static void long_list_comes_ahead_of_its_call(void)
{
	static const struct {
		uint32_t remote, local;
	} cases[] = {{17, 0},	{17, 1},   {0, 17},    {16, 17},
		     {1024, 3}, {5, 1024}, {17, 1024}, {1024, 1024}};
	struct pvm_captures *captures = new_captures();

	for (size_t i = 0; i < COUNT(cases); i++) {
		uint32_t remote = cases[i].remote, local = cases[i].local;
		struct pvm_capture *capture;

		if (remote > 16)
			take_list(captures, PVM_REMOTE, remote, TID, ENTRY);
		if (local > 16)
			take_list(captures, PVM_LOCAL, local, TID, ENTRY);
		capture = take_call(captures, remote, local);
		expect_vectors(capture, PVM_REMOTE, remote);
		expect_vectors(capture, PVM_LOCAL, local);
		free(capture);
	}
	expect_counters(captures, 8, 0, 0);
	pvm_captures_free(captures);
}

static void expect_malformed(const struct ring_record *record)
{
	struct pvm_captures *captures = new_captures();
	struct pvm_capture *capture = take(captures, record);

	CU_ASSERT_PTR_NULL(capture);
	free(capture);
	SAME_NUMBER(pvm_captures_counters(captures)->malformed, 1);
	SAME_NUMBER(pvm_captures_counters(captures)->calls, 0);
	pvm_captures_free(captures);
}

static void pieces_count_in_their_order_alone(void)
{
	static const struct {
		size_t at[4]; /* of the pieces of 4096 bytes each */
		bool whole;
	} cases[] = {
		{{0, 4096, 8192, 12288}, true},
		{{4096, 0, 8192, 12288}, false},
		{{0, 8192, 12288, 12288}, false}, /* one is lost */
		{{4096, 8192, 12288, 12288}, false}, /* the first one is */
		{{0, 4096, 8192, 8192}, false}, /* the last one is */
		{{0, 0, 4096, 8192}, false},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pvm_captures *captures = new_captures();
		struct ring_record whole, piece;
		struct pvm_capture *capture;

		make_list(&whole, PVM_REMOTE, 1024);
		for (int k = 0; k < 4; k++) {
			cut_piece(&piece, &whole, cases[i].at[k],
				  cases[i].at[k] + 4096);
			CU_ASSERT_PTR_NULL(take(captures, &piece));
		}
		capture = take_call(captures, 1024, 1);
		expect_vectors(capture, PVM_REMOTE, cases[i].whole ? 1024 : 16);
		free(capture);
		expect_counters(captures, 1, 0, !cases[i].whole);
		pvm_captures_free(captures);
	}
}

static void piece_that_leads_out_of_its_list_is_malformed(void)
{
	static const struct {
		uint32_t at, size;
	} cases[] = {
		{0, 17 * 16 + 1}, {16, 17 * 16},   {17 * 16 + 1, 0},
		{UINT32_MAX, 16}, {0, UINT32_MAX},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct ring_record record;

		make_list(&record, PVM_REMOTE, 17);
		record.size += 1024;
		record.list.at = cases[i].at;
		record.list.size = cases[i].size;
		expect_malformed(&record);
	}
}

/* One long remote list is missing, or is not this call's: 16 are there. */
static void expect_remote_lost(struct pvm_captures *captures)
{
	struct pvm_capture *capture = take_call(captures, 17, 2);

	SAME_NUMBER(capture->part, 1 << PVM_REMOTE);
	expect_vectors(capture, PVM_REMOTE, 16);
	expect_vectors(capture, PVM_LOCAL, 2);
	free(capture);
	expect_counters(captures, 1, 0, 1);
	pvm_captures_free(captures);
}

static void lost_list_costs_its_own_side_only(void)
{
	struct pvm_captures *captures = new_captures();
	struct pvm_capture *capture;

	expect_remote_lost(captures);

	captures = new_captures();
	take_list(captures, PVM_REMOTE, 18, TID, ENTRY);
	capture = take_call(captures, 18, 19);
	expect_vectors(capture, PVM_REMOTE, 18);
	expect_vectors(capture, PVM_LOCAL, 16);
	SAME_NUMBER(capture->part, 1 << PVM_LOCAL);
	free(capture);
	expect_counters(captures, 1, 0, 1);

	capture = take_call(captures, 18, 19);
	expect_vectors(capture, PVM_REMOTE, 16);
	expect_vectors(capture, PVM_LOCAL, 16);
	free(capture);
	expect_counters(captures, 2, 0, 3);
	pvm_captures_free(captures);
}

static void list_of_another_call_is_not_taken(void)
{
	static const struct {
		enum pvm_list side;
		uint32_t nr, tid;
		uint64_t entry_ns;
	} cases[] = {
		{PVM_REMOTE, 17, TID + 1, ENTRY}, /* another thread's */
		{PVM_REMOTE, 17, TID, ENTRY - 1}, /* an earlier call's */
		{PVM_REMOTE, 17, TID, ENTRY + 1},
		/* a different time in its upper half only */
		{PVM_REMOTE, 17, TID, ENTRY + (1ULL << 32)},
		{PVM_LOCAL, 17, TID, ENTRY}, /* the other side's */
		{PVM_REMOTE, 18, TID, ENTRY}, /* not as many */
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pvm_captures *captures = new_captures();

		take_list(captures, cases[i].side, cases[i].nr, cases[i].tid,
			  cases[i].entry_ns);
		expect_remote_lost(captures);
	}
}

static void list_is_used_once(void)
{
	struct pvm_captures *captures = new_captures();
	struct pvm_capture *capture;

	take_list(captures, PVM_REMOTE, 17, TID, ENTRY);
	free(take_call(captures, 17, 0));
	capture = take_call(captures, 17, 0);
	expect_vectors(capture, PVM_REMOTE, 16);
	free(capture);
	expect_counters(captures, 2, 0, 1);
	pvm_captures_free(captures);
}

static void list_waits_through_other_threads_calls(void)
{
	struct pvm_captures *captures = new_captures();
	struct pvm_capture *capture;
	struct ring_record other;

	take_list(captures, PVM_REMOTE, 17, TID, ENTRY);
	make_call(&other, 1, 1);
	other.head.tid = TID + 1;
	free(take(captures, &other));
	capture = take_call(captures, 17, 0);
	expect_vectors(capture, PVM_REMOTE, 17);
	free(capture);
	pvm_captures_free(captures);
}

/* Keep @lists lists of as many threads, then the call of the one @which. */
static bool list_is_kept(uint32_t lists, uint32_t which)
{
	struct pvm_captures *captures = new_captures();
	struct pvm_capture *capture;
	struct ring_record record;
	bool kept;

	for (uint32_t i = 0; i < lists; i++)
		take_list(captures, PVM_REMOTE, 20, 100 + i, ENTRY);
	make_call(&record, 20, 0);
	record.head.tid = 100 + which;
	capture = take(captures, &record);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
	kept = !capture->part;
	free(capture);
	pvm_captures_free(captures);
	return kept;
}

static void oldest_list_makes_room(void)
{
	SAME_NUMBER(PVM_KEPT_MAX, 128);
	CU_ASSERT_TRUE(list_is_kept(128, 0));
	CU_ASSERT_TRUE(list_is_kept(128, 127));
	CU_ASSERT_FALSE(list_is_kept(129, 0));
	CU_ASSERT_TRUE(list_is_kept(129, 1));
	CU_ASSERT_TRUE(list_is_kept(129, 128));
	CU_ASSERT_FALSE(list_is_kept(258, 129));
	CU_ASSERT_TRUE(list_is_kept(258, 130));
}

/* Calls that come and go meanwhile take the places that they leave. */
static void list_waits_through_any_number_of_other_calls(void)
{
	struct pvm_captures *captures = new_captures();
	struct pvm_capture *capture;

	take_list(captures, PVM_REMOTE, 17, TID + 1, ENTRY);
	for (int i = 0; i < 1000; i++) {
		take_list(captures, PVM_REMOTE, 17, TID, ENTRY);
		free(take_call(captures, 17, 1));
	}
	capture = take_other_call(captures, TID + 1, 17, 1);
	expect_vectors(capture, PVM_REMOTE, 17);
	free(capture);
	pvm_captures_free(captures);
}

/* What a thread left of a call that audit did not record makes room first. */
static void threads_next_call_drops_what_its_last_one_left(void)
{
	struct pvm_captures *captures = new_captures();
	struct pvm_capture *capture;

	take_list(captures, PVM_LOCAL, 17, TID + 1, ENTRY);
	for (uint64_t i = 0; i < 1000; i++)
		take_list(captures, PVM_REMOTE, 17, TID, ENTRY + i);
	capture = take_other_call(captures, TID + 1, 1, 17);
	expect_vectors(capture, PVM_LOCAL, 17);
	free(capture);
	pvm_captures_free(captures);
}

static void read_fault_takes_both_sides(void)
{
	struct pvm_captures *captures = new_captures();
	struct ring_record record;
	struct pvm_capture *capture;

	make_call(&record, 2, 3);
	record.call.seen |= PVM_SEEN_READ_FAULT;
	capture = take(captures, &record);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
	CU_ASSERT_PTR_NULL(capture->vec[PVM_REMOTE]);
	CU_ASSERT_PTR_NULL(capture->vec[PVM_LOCAL]);
	SAME_NUMBER(capture->id.serial, 43);
	free(capture);
	expect_counters(captures, 1, 0, 0);
	pvm_captures_free(captures);
}

/* held[] means nothing without PVM_SEEN_CORE. */
static void call_that_came_to_no_core_has_no_vectors(void)
{
	struct pvm_captures *captures = new_captures();
	struct ring_record record;
	struct pvm_capture *capture;

	make_call(&record, 0, 0);
	record.call.seen = PVM_SEEN_OTHER_REGS;
	record.call.held[PVM_REMOTE] = 5;
	record.call.held[PVM_LOCAL] = 4000000000;
	capture = take(captures, &record);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
	CU_ASSERT_PTR_NULL(capture->vec[PVM_REMOTE]);
	CU_ASSERT_PTR_NULL(capture->vec[PVM_LOCAL]);
	free(capture);
	expect_counters(captures, 1, 0, 0);
	pvm_captures_free(captures);
}

/* Each size from 0 up to one byte short is malformed, and harmless. */
static void expect_cut_to_be_malformed(const struct ring_record *record)
{
	struct pvm_captures *captures = new_captures();

	for (size_t size = 0; size < record->size; size++)
		CU_ASSERT_PTR_NULL(take_bytes(captures, record, size));
	expect_counters(captures, 0, record->size, 0);
	pvm_captures_free(captures);
}

static void record_cut_anywhere_is_malformed(void)
{
	struct ring_record record;

	make_call(&record, 0, 0);
	expect_cut_to_be_malformed(&record);
	make_call(&record, 3, 2);
	expect_cut_to_be_malformed(&record);
	make_call(&record, 16, 16);
	expect_cut_to_be_malformed(&record);
	make_list(&record, PVM_LOCAL, 17);
	expect_cut_to_be_malformed(&record);
}

static void other_version_or_kind_is_malformed(void)
{
	struct ring_record record;

	make_call(&record, 1, 1);
	record.head.version = 0;
	expect_malformed(&record);
	record.head.version = 1;
	expect_malformed(&record);
	record.head.version = 2;
	expect_malformed(&record);
	record.head.version = 3;
	expect_malformed(&record);
	record.head.version = 4;
	expect_malformed(&record);
	record.head.version = 5;
	expect_malformed(&record);
	record.head.version = 6;
	expect_malformed(&record);
	record.head.version = 7;
	expect_malformed(&record);
	record.head.version = 8;
	expect_malformed(&record);
	record.head.version = 9;
	record.head.kind = 0;
	expect_malformed(&record);
	record.head.kind = 3;
	expect_malformed(&record);
	make_list(&record, PVM_REMOTE, 17);
	record.head.version = 1;
	expect_malformed(&record);
}

static void more_vectors_than_there_can_be_are_malformed(void)
{
	static const uint32_t counts[] = {1025, 0x10000000, 0xffffffff};
	struct ring_record record;

	for (size_t i = 0; i < COUNT(counts); i++) {
		make_call(&record, 1, 1);
		record.call.held[PVM_REMOTE] = counts[i];
		expect_malformed(&record);
		make_call(&record, 1, 1);
		record.call.held[PVM_LOCAL] = counts[i];
		expect_malformed(&record);
		make_list(&record, PVM_LOCAL, 17);
		record.list.held = counts[i];
		expect_malformed(&record);
		make_list(&record, PVM_LOCAL, 1024);
		record.list.held = counts[i];
		expect_malformed(&record);
	}
}

static void list_of_no_known_kind_is_malformed(void)
{
	struct ring_record record;

	make_list(&record, PVM_REMOTE, 17);
	record.list.list = 5;
	expect_malformed(&record);
	record.list.list = 0xffffffff;
	expect_malformed(&record);
}

static void good_record_after_a_malformed_one_is_taken(void)
{
	struct pvm_captures *captures = new_captures();
	struct ring_record record;
	struct pvm_capture *capture;

	take_list(captures, PVM_REMOTE, 17, TID, ENTRY);
	make_call(&record, 17, 2);
	CU_ASSERT_PTR_NULL(take_bytes(captures, &record, record.size - 1));
	capture = take_call(captures, 17, 2);
	expect_vectors(capture, PVM_REMOTE, 17);
	expect_vectors(capture, PVM_LOCAL, 2);
	free(capture);
	expect_counters(captures, 1, 1, 0);
	pvm_captures_free(captures);
}

static void freeing_nothing_is_allowed(void)
{
	pvm_captures_free(NULL);
}

static void short_path_comes_behind_the_vectors(void)
{
	struct pvm_captures *captures = new_captures();
	struct ring_record record;
	struct pvm_capture *capture;

	make_call(&record, 1, 2);
	record.call.seen |= PVM_SEEN_TARGET | PVM_SEEN_PATH;
	record.call.held[PVM_PATH] = 5;
	CU_ASSERT_PTR_NULL(take(captures, &record));
	memcpy((char *)&record + record.size, "/sshd", 5);
	record.size += 5;
	capture = take(captures, &record);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
	expect_vectors(capture, PVM_REMOTE, 1);
	expect_vectors(capture, PVM_LOCAL, 2);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture->path);
	CU_ASSERT_NSTRING_EQUAL(capture->path, "/sshd", 5);
	free(capture);
	pvm_captures_free(captures);
}

static void long_path_comes_ahead_of_its_call(void)
{
	struct pvm_captures *captures = new_captures();
	struct ring_record record;
	struct pvm_capture *capture;

	make_list(&record, PVM_PATH, 0);
	record.list.held = record.list.size = 4096;
	memset(&record.list + 1, 'p', 4096);
	record.size += 4096;
	CU_ASSERT_PTR_NULL(take(captures, &record));
	make_call(&record, 1, 1);
	record.call.seen |= PVM_SEEN_TARGET | PVM_SEEN_PATH;
	record.call.held[PVM_PATH] = 4096;
	record.size += 256;
	capture = take(captures, &record);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture->path);
	CU_ASSERT_EQUAL(capture->path[0], 'p');
	CU_ASSERT_EQUAL(capture->path[4095], 'p');
	free(capture);
	pvm_captures_free(captures);
}

static void of_a_lost_path_the_end_is_there(void)
{
	struct pvm_captures *captures = new_captures();
	struct ring_record record;
	struct pvm_capture *capture;

	make_call(&record, 1, 1);
	record.call.seen |= PVM_SEEN_TARGET | PVM_SEEN_PATH;
	record.call.held[PVM_PATH] = 257;
	memset((char *)&record + record.size, 'e', 256);
	record.size += 256;
	capture = take(captures, &record);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
	SAME_NUMBER(capture->part, 1 << PVM_PATH);
	SAME_NUMBER(capture->call.held[PVM_PATH], 256);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture->path);
	CU_ASSERT_EQUAL(capture->path[0], 'e');
	CU_ASSERT_EQUAL(capture->path[255], 'e');
	expect_vectors(capture, PVM_REMOTE, 1);
	SAME_NUMBER(pvm_captures_counters(captures)->list_lost, 1);
	free(capture);
	record.call.held[PVM_PATH] = 4097;
	CU_ASSERT_PTR_NULL(take(captures, &record));
	SAME_NUMBER(pvm_captures_counters(captures)->malformed, 1);
	pvm_captures_free(captures);
}

/* Mapping @i in the tests */
static struct pvm_wire_map map_of(uint32_t i)
{
	return (struct pvm_wire_map){
		.offset = 0x1000 * i,
		.name = (uint16_t)i,
		.name_len = 3,
		.kind = PVM_MAP_FILE,
		.flags = PVM_MAP_READ,
	};
}

static void expect_maps(const struct pvm_capture *capture, uint32_t nr)
{
	SAME_NUMBER(capture->call.held[PVM_MAPS], nr);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture->maps);
	for (uint32_t i = 0; i < nr; i++) {
		struct pvm_wire_map want = map_of(i);

		CU_ASSERT_EQUAL(memcmp(&capture->maps[i], &want, 16), 0);
	}
}

/* A call with @maps mappings and @names bytes of names, the first inline. */
static void make_mapped_call(struct ring_record *record, uint32_t maps,
			     uint32_t names)
{
	make_call(record, 2, 1);
	record->call.seen |= PVM_SEEN_TARGET | PVM_SEEN_PATH | PVM_SEEN_MAPS;
	record->call.held[PVM_PATH] = 5;
	record->call.held[PVM_MAPS] = maps;
	record->call.held[PVM_NAMES] = names;
	append(record, "/sshd", 5);
	for (uint32_t i = 0; i < maps && i < 16; i++) {
		struct pvm_wire_map map = map_of(i);

		append(record, &map, sizeof(map));
	}
	for (uint32_t i = 0; i < names && i < 512; i++)
		append(record, "n", 1);
}

/* A list of names ahead of its call. */
static void take_names(struct pvm_captures *captures, uint32_t names)
{
	struct ring_record record;

	make_list(&record, PVM_NAMES, 0);
	record.list.held = names;
	for (uint32_t i = 0; i < names; i++)
		append(&record, "n", 1);
	take_pieces(captures, &record);
}

static void short_maps_come_behind_the_path(void)
{
	for (uint32_t nr = 0; nr <= 16; nr++) {
		struct pvm_captures *captures = new_captures();
		struct ring_record record;
		struct pvm_capture *capture;

		make_mapped_call(&record, nr, 32 * nr);
		CU_ASSERT_PTR_NULL(
			take_bytes(captures, &record, record.size - 1));
		capture = take(captures, &record);
		CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
		expect_vectors(capture, PVM_REMOTE, 2);
		expect_vectors(capture, PVM_LOCAL, 1);
		CU_ASSERT_NSTRING_EQUAL(capture->path, "/sshd", 5);
		expect_maps(capture, nr);
		CU_ASSERT_PTR_NOT_NULL_FATAL(capture->names);
		for (uint32_t i = 0; i < 32 * nr; i++)
			CU_ASSERT_EQUAL(capture->names[i], 'n');
		free(capture);
		pvm_captures_free(captures);
	}
}

static void long_names_come_ahead_of_their_call(void)
{
	static const struct {
		uint32_t maps, names;
	} cases[] = {{5, 513}, {16, 8192}};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pvm_captures *captures = new_captures();
		struct ring_record record;
		struct pvm_capture *capture;

		take_names(captures, cases[i].names);
		make_mapped_call(&record, cases[i].maps, cases[i].names);
		capture = take(captures, &record);
		CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
		expect_maps(capture, cases[i].maps);
		CU_ASSERT_PTR_NOT_NULL_FATAL(capture->names);
		CU_ASSERT_EQUAL(capture->names[cases[i].names - 1], 'n');
		CU_ASSERT_NSTRING_EQUAL(capture->path, "/sshd", 5);
		free(capture);
		expect_counters(captures, 1, 0, 0);
		pvm_captures_free(captures);
	}
}

static void of_lost_names_the_first_are_there(void)
{
	struct pvm_captures *captures = new_captures();
	struct ring_record record;
	struct pvm_capture *capture;

	make_mapped_call(&record, 5, 513);
	capture = take(captures, &record);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
	expect_maps(capture, 5);
	SAME_NUMBER(capture->part, 1 << PVM_NAMES);
	SAME_NUMBER(capture->call.held[PVM_NAMES], 512);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture->names);
	CU_ASSERT_EQUAL(capture->names[511], 'n');
	free(capture);
	expect_counters(captures, 1, 0, 1);
	pvm_captures_free(captures);
}

/* held[] means nothing without PVM_SEEN_MAPS. */
static void maps_not_looked_at_are_none(void)
{
	struct pvm_captures *captures = new_captures();
	struct ring_record record;
	struct pvm_capture *capture;

	make_call(&record, 2, 1);
	record.call.held[PVM_MAPS] = record.call.held[PVM_NAMES] = 9999;
	capture = take(captures, &record);
	CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
	CU_ASSERT_PTR_NULL(capture->maps);
	CU_ASSERT_PTR_NULL(capture->names);
	free(capture);
	expect_counters(captures, 1, 0, 0);
	pvm_captures_free(captures);
}

static void more_maps_than_there_can_be_are_malformed(void)
{
	struct ring_record record;

	make_mapped_call(&record, 17, 1);
	expect_malformed(&record);
	make_mapped_call(&record, 1, 8193);
	expect_malformed(&record);
	make_list(&record, PVM_REMOTE, 1024);
	record.list.list = PVM_MAPS;
	record.list.held = 17;
	expect_malformed(&record);
	record.list.list = PVM_NAMES;
	record.list.held = 8193;
	expect_malformed(&record);
}

CU_TestInfo capture_tests[] = {
	TEST(list_waits_through_any_number_of_other_calls),
	TEST(threads_next_call_drops_what_its_last_one_left),
	TEST(short_maps_come_behind_the_path),
	TEST(long_names_come_ahead_of_their_call),
	TEST(of_lost_names_the_first_are_there),
	TEST(maps_not_looked_at_are_none),
	TEST(more_maps_than_there_can_be_are_malformed),
	TEST(short_path_comes_behind_the_vectors),
	TEST(long_path_comes_ahead_of_its_call),
	TEST(of_a_lost_path_the_end_is_there),
	TEST(call_is_taken_over_whole),
	TEST(milliseconds_are_cut_not_rounded),
	TEST(short_lists_come_with_the_call),
	TEST(long_list_comes_ahead_of_its_call),
	TEST(pieces_count_in_their_order_alone),
	TEST(piece_that_leads_out_of_its_list_is_malformed),
	TEST(lost_list_costs_its_own_side_only),
	TEST(list_of_another_call_is_not_taken),
	TEST(list_is_used_once),
	TEST(list_waits_through_other_threads_calls),
	TEST(oldest_list_makes_room),
	TEST(read_fault_takes_both_sides),
	TEST(call_that_came_to_no_core_has_no_vectors),
	TEST(record_cut_anywhere_is_malformed),
	TEST(other_version_or_kind_is_malformed),
	TEST(more_vectors_than_there_can_be_are_malformed),
	TEST(list_of_no_known_kind_is_malformed),
	TEST(good_record_after_a_malformed_one_is_taken),
	TEST(freeing_nothing_is_allowed),
	CU_TEST_INFO_NULL,
};
