// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_join.c - halves of calls in any order, a stream that lags, and time
 *
 * Whatever comes when: each half is recorded once, or counted as late; halves
 * recorded together are of one call; a SYSCALL record that was recorded alone
 * after waiting has no second record; no capture times out before the stream
 * has passed it, or has stood still, or another record of its event has come;
 * never do more wait than may.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "call/join.h"

#define HALVES_MAX 4
#define TIMEOUT_MS 100

/* Few, so that they meet. */
#define SERIALS 12

struct bench {
	struct pvm_join *join;
	uint64_t now_ms;
	uint64_t passed; /* serial that the stream has come to */
	uint64_t moved_ms;
	unsigned int given;
	unsigned int recorded;
	bool not_kept; /* a SYSCALL record that may not wait */
	bool expiring;
	bool seen[SERIALS]; /* another record of the event has come */
	bool alone[SERIALS]; /* SYSCALL records alone after waiting */
};

static bool has_passed(void *arg, const struct pvm_id *id)
{
	const struct bench *bench = arg;

	return id->serial <= bench->passed;
}

static bool stands_still(const struct bench *bench)
{
	return bench->now_ms - bench->moved_ms >=
	       PVM_JOIN_STILL_MS + TIMEOUT_MS;
}

static void take_call(void *arg, struct pvm_syscall *syscall,
		      struct pvm_capture *capture)
{
	struct bench *bench = arg;
	const struct pvm_id *id = NULL;

	if (syscall)
		id = &syscall->id;
	if (capture) {
		must(!id || pvm_id_equal(id, &capture->id));
		id = &capture->id;
	}
	must(id && !bench->alone[id->serial]);
	bench->recorded += !!syscall + !!capture;
	if (!capture && !bench->not_kept)
		bench->alone[id->serial] = true;
	if (!syscall && bench->expiring)
		must(has_passed(bench, id) || stands_still(bench) ||
		     bench->seen[id->serial]);
	free(syscall);
	free(capture);
}

static struct pvm_id id_from(struct fuzz_input *input)
{
	return (struct pvm_id){1, 2, fuzz_number(input, SERIALS - 1)};
}

static void give_syscall(struct bench *bench, struct fuzz_input *input,
			 bool wait)
{
	struct pvm_syscall *syscall = calloc(1, sizeof(*syscall));

	must(syscall);
	syscall->id = id_from(input);
	bench->given++;
	bench->not_kept = !wait;
	pvm_join_syscall(bench->join, syscall, wait, bench->now_ms);
	bench->not_kept = false;
}

static void give_capture(struct bench *bench, struct fuzz_input *input)
{
	struct pvm_capture *capture = calloc(1, sizeof(*capture));

	must(capture);
	capture->id = id_from(input);
	bench->given++;
	pvm_join_capture(bench->join, capture, bench->now_ms);
}

static void expire(struct bench *bench)
{
	struct pvm_join_stream stream = {has_passed, bench, bench->moved_ms,
					 NULL};

	bench->expiring = true;
	pvm_join_expire(bench->join, &stream, bench->now_ms);
	bench->expiring = false;
}

static void see(struct bench *bench, struct fuzz_input *input)
{
	struct pvm_id id = id_from(input);

	bench->seen[id.serial] = true;
	pvm_join_see(bench->join, &id, bench->now_ms);
}

static void move_stream(struct bench *bench, struct fuzz_input *input)
{
	bench->passed += fuzz_number(input, 3);
	bench->moved_ms = bench->now_ms;
}

static void step(struct bench *bench, struct fuzz_input *input)
{
	switch (fuzz_number(input, 8)) {
	case 0:
		give_syscall(bench, input, true);
		break;
	case 1:
		give_capture(bench, input);
		break;
	case 2:
		give_syscall(bench, input, false);
		break;
	case 3:
		bench->now_ms += fuzz_number(input, UINT8_MAX);
		break;
	case 4:
		expire(bench);
		break;
	case 5:
		move_stream(bench, input);
		break;
	case 6:
		bench->now_ms += PVM_JOIN_STILL_MS;
		break;
	case 7:
		see(bench, input);
		break;
	default:
		pvm_join_flush(bench->join);
		break;
	}
}

/* What was given has been recorded, waits, or was late: nothing else. */
static void check_sum(const struct bench *bench)
{
	const struct pvm_join_counters *counters =
		pvm_join_counters(bench->join);
	unsigned int waiting = pvm_join_waiting(bench->join);

	must(waiting <= HALVES_MAX);
	must(bench->given == bench->recorded + waiting + counters->late);
	must(bench->recorded == 2 * counters->joined + counters->no_capture +
					counters->no_syscall);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input input = {data, size};
	struct bench bench = {.now_ms = 1000, .moved_ms = 1000};

	bench.join = pvm_join_new(HALVES_MAX, TIMEOUT_MS, take_call, &bench);
	must(bench.join);
	while (input.size) {
		step(&bench, &input);
		check_sum(&bench);
	}
	pvm_join_flush(bench.join);
	check_sum(&bench);
	must(!pvm_join_waiting(bench.join));
	pvm_join_free(bench.join);
	return 0;
}
