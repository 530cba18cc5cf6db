// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_fold.c - of repeated calls, which are recorded one by one, which
 * together, and that none is missing
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/fold.h"
#include "pvm/record.h"
#include "unit.h"

#define WINDOW 1000
#define GROUPS 8

/*
 * What the fold has recorded: "SERIAL " of a call by itself, "COUNT:SERIALS "
 * of calls together; and the last record of all.
 */
struct bench {
	struct pvm_fold *fold;
	char recorded[16384];
	size_t used;
	char record[PVM_RECORD_MAX + 1];
};

/* A call that is not taken yet, for the tests to change. */
struct call {
	struct pvm_syscall *syscall;
	struct pvm_capture *capture;
};

static void append(struct bench *bench, const char *text, size_t len)
{
	CU_ASSERT_FATAL(bench->used + len < sizeof(bench->recorded));
	memcpy(bench->recorded + bench->used, text, len);
	bench->used += len;
	bench->recorded[bench->used] = '\0';
}

/* The value of @name in the last record, "" when it has none; in one buffer. */
static const char *field(const struct bench *bench, const char *name)
{
	static char value[PVM_RECORD_MAX + 1];
	char wanted[32];
	const char *at;

	snprintf(wanted, sizeof(wanted), " %s=", name);
	at = strstr(bench->record, wanted);
	if (at)
		at += strlen(wanted);
	snprintf(value, sizeof(value), "%.*s", at ? (int)strcspn(at, " ") : 0,
		 at ? at : "");
	return value;
}

static void record_access(void *arg, const struct pvm_access *access)
{
	struct bench *bench = arg;
	struct pvm_record record;
	const char *serials;
	char recorded[64];

	pvm_record_begin(&record, access);
	pvm_record_next(&record, bench->record);
	if (access->folded) {
		CU_ASSERT(access->folded->count > 1);
		SAME_NUMBER(record.parts, 1);
		snprintf(recorded, sizeof(recorded),
			 "%s:", field(bench, "count"));
		append(bench, recorded, strlen(recorded));
		serials = field(bench, "serials");
	} else {
		serials = strchr(field(bench, "event"), ':') + 1;
	}
	append(bench, serials, strlen(serials));
	append(bench, " ", 1);
}

static struct bench *new_bench(unsigned int groups, unsigned int after)
{
	struct bench *bench = calloc(1, sizeof(*bench));

	CU_ASSERT_PTR_NOT_NULL_FATAL(bench);
	bench->fold =
		pvm_fold_new(groups, after, WINDOW, pvm_record_serials_room,
			     record_access, bench);
	CU_ASSERT_PTR_NOT_NULL_FATAL(bench->fold);
	return bench;
}

static void free_bench(struct bench *bench)
{
	pvm_fold_free(bench->fold);
	free(bench);
}

static struct call new_call(uint64_t serial)
{
	return (struct call){unit_syscall(serial), unit_capture(serial, 1, 1)};
}

static void take(struct bench *bench, struct call call, uint64_t now_ms)
{
	pvm_fold_take(bench->fold, call.syscall, call.capture, now_ms);
}

static void take_all(struct bench *bench, uint64_t first, uint64_t last)
{
	for (uint64_t serial = first; serial <= last; serial++)
		take(bench, new_call(serial), 0);
}

/* What has been recorded since the last such check. */
static void expect_recorded(struct bench *bench, const char *want)
{
	SAME_TEXT(bench->recorded, want);
	bench->used = 0;
	bench->recorded[0] = '\0';
}

static void expect_flushed(struct bench *bench, const char *want)
{
	pvm_fold_flush(bench->fold);
	expect_recorded(bench, want);
}

/* Of the last record. */
static void expect_field(const struct bench *bench, const char *name,
			 const char *want)
{
	SAME_TEXT(field(bench, name), want);
}

/* written, folded, records, held, groups, groups_most, evicted */
static void expect_counters(const struct bench *bench, const char *want)
{
	const struct pvm_fold_counters *counters =
		pvm_fold_counters(bench->fold);
	char recorded[128];

	snprintf(recorded, sizeof(recorded),
		 "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64
		 " %" PRIu64 " %" PRIu64,
		 counters->written, counters->folded, counters->records,
		 counters->held, counters->groups, counters->groups_most,
		 counters->evicted);
	SAME_TEXT(recorded, want);
}

/* ---- windows */

static void first_calls_are_recorded_the_others_folded(void)
{
	struct bench *bench = new_bench(GROUPS, 3);

	take_all(bench, 1, 8);
	expect_recorded(bench, "1 2 3 ");
	expect_counters(bench, "3 0 0 5 1 1 0");
	expect_flushed(bench, "5:4-8 ");
	expect_counters(bench, "3 5 1 0 0 1 0");
	free_bench(bench);
}

static void window_ends_exactly_at_its_time(void)
{
	struct bench *bench = new_bench(GROUPS, 1);

	take(bench, new_call(1), 100);
	take(bench, new_call(2), 101);
	take(bench, new_call(3), 1099);
	pvm_fold_expire(bench->fold, 1099);
	expect_recorded(bench, "1 ");
	pvm_fold_expire(bench->fold, 1100);
	expect_recorded(bench, "2:2-3 ");
	pvm_fold_expire(bench->fold, 9999);
	expect_recorded(bench, "");
	free_bench(bench);
}

static void call_after_the_window_begins_a_new_one(void)
{
	struct bench *bench = new_bench(GROUPS, 2);

	take_all(bench, 1, 4);
	take(bench, new_call(5), WINDOW);
	expect_recorded(bench, "1 2 2:3-4 5 ");
	take(bench, new_call(6), WINDOW);
	take(bench, new_call(7), WINDOW);
	take(bench, new_call(8), 2 * WINDOW - 1);
	expect_recorded(bench, "6 ");
	pvm_fold_expire(bench->fold, 2 * WINDOW);
	expect_recorded(bench, "2:7-8 ");
	free_bench(bench);
}

static void window_without_repeats_ends_without_a_record(void)
{
	struct bench *bench = new_bench(GROUPS, 2);

	take_all(bench, 1, 2);
	expect_recorded(bench, "1 2 ");
	pvm_fold_expire(bench->fold, WINDOW);
	expect_recorded(bench, "");
	expect_counters(bench, "2 0 0 0 0 1 0");
	free_bench(bench);
}

static void one_held_call_has_a_record_of_its_own(void)
{
	struct bench *bench = new_bench(GROUPS, 1);
	struct call call = new_call(2);

	take(bench, new_call(1), 0);
	unit_vector(call.capture, PVM_REMOTE, 0)->base = 0xabc0;
	call.syscall->exit = 5;
	take(bench, call, 0);
	expect_recorded(bench, "1 ");
	expect_flushed(bench, "2 ");
	expect_field(bench, "event", "1795288457.412:2");
	expect_field(bench, "count", "");
	expect_field(bench, "exit", "5");
	expect_field(bench, "riov", "0xabc0:8");
	expect_counters(bench, "2 0 0 0 0 1 0");
	free_bench(bench);
}

static void zero_folds_nothing(void)
{
	struct bench *bench = new_bench(GROUPS, 0);

	take_all(bench, 1, 5);
	expect_recorded(bench, "1 2 3 4 5 ");
	expect_counters(bench, "5 0 0 0 0 0 0");
	expect_flushed(bench, "");
	free_bench(bench);
}

static void changed_options_count_for_open_windows(void)
{
	struct bench *bench = new_bench(GROUPS, 1);

	take_all(bench, 1, 3);
	expect_recorded(bench, "1 ");
	pvm_fold_set(bench->fold, 4, 50);
	take(bench, new_call(4), 49);
	expect_recorded(bench, "4 ");
	pvm_fold_expire(bench->fold, 50);
	expect_recorded(bench, "2:2-3 ");
	pvm_fold_set(bench->fold, 1, WINDOW);
	take_all(bench, 5, 7);
	expect_recorded(bench, "5 ");
	pvm_fold_set(bench->fold, 0, WINDOW);
	expect_recorded(bench, "2:6-7 ");
	take_all(bench, 8, 9);
	expect_recorded(bench, "8 9 ");
	free_bench(bench);
}

/* That nothing leaks here is the sanitizer's to say. */
static void free_records_nothing(void)
{
	struct bench *bench = new_bench(GROUPS, 1);

	take_all(bench, 1, 4);
	expect_recorded(bench, "1 ");
	pvm_fold_free(bench->fold);
	expect_recorded(bench, "");
	free(bench);
	pvm_fold_free(NULL);
}

/* count first-last, of the calls that are held */
static void expect_pending(const struct bench *bench, const char *want)
{
	struct pvm_span span = {0};
	char recorded[96];

	pvm_fold_pending(bench->fold, &span);
	snprintf(recorded, sizeof(recorded), "%llu %llu-%llu",
		 (unsigned long long)span.count,
		 (unsigned long long)span.first.serial,
		 (unsigned long long)span.last.serial);
	SAME_TEXT(recorded, want);
}

static void calls_that_are_held_are_pending(void)
{
	struct bench *bench = new_bench(GROUPS, 1);
	struct call call = new_call(21);

	expect_pending(bench, "0 0-0");
	take(bench, new_call(20), 0);
	call.syscall->exit = -EPERM;
	take(bench, call, 0);
	expect_pending(bench, "0 0-0");
	take(bench, new_call(31), 0);
	take(bench, new_call(30), 0);
	expect_pending(bench, "2 30-31");
	call = new_call(25);
	call.syscall->exit = -EPERM;
	take(bench, call, 0);
	expect_pending(bench, "3 25-31");
	pvm_fold_flush(bench->fold);
	expect_pending(bench, "0 0-0");
	free_bench(bench);
}

/* ---- groups */

static void set_exit(struct call *call, int64_t result)
{
	call->syscall->exit = result;
	call->capture->call.exit = result;
}

#define RW (PVM_MAP_READ | PVM_MAP_WRITE)
#define RX (PVM_MAP_READ | PVM_MAP_EXEC)

static const struct pvm_wire_map heap = {0, 0, 0, PVM_MAP_HEAP, RW, 0, 0, 0};

static void give_maps(struct call *call, const struct pvm_wire_map *maps,
		      uint32_t nr, const char *names)
{
	call->capture->maps = maps;
	call->capture->names = names;
	call->capture->call.held[PVM_MAPS] = nr;
	call->capture->call.held[PVM_NAMES] = (uint32_t)strlen(names);
	call->capture->call.seen |= PVM_SEEN_MAPS;
}

static const char path[] = "/usr/sbin/sshd";

static void give_path(struct call *call, const char *name, uint32_t len)
{
	call->capture->path = name;
	call->capture->call.held[PVM_PATH] = len;
	call->capture->call.seen |= PVM_SEEN_PATH;
}

static void other_pid(struct call *call)
{
	call->syscall->pid++;
}
static void other_tgid(struct call *call)
{
	call->capture->call.caller.tgid++;
}
static void other_uid(struct call *call)
{
	call->syscall->uid++;
}
static void other_auid(struct call *call)
{
	call->syscall->auid++;
}
static void other_ses(struct call *call)
{
	call->capture->call.caller.ses++;
}
static void other_parent(struct call *call)
{
	call->capture->call.caller.parent++;
}
static void other_comm(struct call *call)
{
	call->syscall->comm = "\"gdc\"";
}
static void other_exe(struct call *call)
{
	call->syscall->exe = "\"/usr/bin/gdc\"";
}
static void other_tty(struct call *call)
{
	call->syscall->tty = "pts1";
}
static void other_node(struct call *call)
{
	call->syscall->node = "web1";
}
static void other_key(struct call *call)
{
	call->syscall->key = "";
}
static void other_op(struct call *call)
{
	call->syscall->type = pvm_call_type(ARCH, READV_NR + 1);
}
static void other_nr(struct call *call)
{
	call->capture->call.nr++;
}
static void other_arch(struct call *call)
{
	call->capture->call.arch++;
}
static void other_argument(struct call *call)
{
	call->capture->call.pid++;
}
static void other_a0(struct call *call)
{
	call->syscall->a0++;
}
static void other_flags(struct call *call)
{
	call->capture->call.flags++;
}
static void other_target(struct call *call)
{
	call->capture->call.target.tgid++;
}
static void other_target_thread(struct call *call)
{
	call->capture->call.target.tid++;
}
static void other_target_start(struct call *call)
{
	call->capture->call.target.start_ns += 10000000;
}
static void other_target_comm(struct call *call)
{
	call->capture->call.target.comm[0] = 'x';
}
static void other_target_user(struct call *call)
{
	call->capture->call.target.uid++;
}
static void other_program(struct call *call)
{
	call->capture->call.caller.ino++;
}
static void other_target_program(struct call *call)
{
	call->capture->call.target.dev++;
}
static void no_target(struct call *call)
{
	call->capture->call.seen &= ~(uint32_t)PVM_SEEN_TARGET;
}
static void other_path(struct call *call)
{
	give_path(call, "/usr/sbin/sshe", sizeof(path) - 1);
}
static void shorter_path(struct call *call)
{
	give_path(call, path, sizeof(path) - 2);
}
static void lost_path(struct call *call)
{
	call->capture->path = NULL;
}
static void deleted_path(struct call *call)
{
	call->capture->call.seen |= PVM_SEEN_PATH_DELETED;
}
static void nothing_moved(struct call *call)
{
	set_exit(call, 0);
}
static void denied(struct call *call)
{
	set_exit(call, -EPERM);
}
static void no_capture(struct call *call)
{
	free(call->capture);
	call->capture = NULL;
}
static void no_syscall(struct call *call)
{
	free(call->syscall);
	call->syscall = NULL;
}
static void lost_remote(struct call *call)
{
	call->capture->vec[PVM_REMOTE] = NULL;
}
static void lost_local(struct call *call)
{
	call->capture->vec[PVM_LOCAL] = NULL;
}
static void lost_maps(struct call *call)
{
	call->capture->maps = NULL;
}
static void lost_names(struct call *call)
{
	call->capture->names = NULL;
}
static void users_memory(struct call *call)
{
	call->capture->call.seen ^= PVM_SEEN_CORE | PVM_SEEN_USER;
}

static struct call new_call_with_path(uint64_t serial)
{
	struct call call = new_call(serial);

	give_path(&call, path, sizeof(path) - 1);
	give_maps(&call, &heap, 1, "");
	return call;
}

static void what_would_show_makes_another_group(void)
{
	static void (*const changes[])(struct call *) = {
		other_pid,
		other_tgid,
		other_uid,
		other_auid,
		other_ses,
		other_parent,
		other_comm,
		other_exe,
		other_tty,
		other_node,
		other_key,
		other_op,
		other_nr,
		other_arch,
		other_argument,
		other_a0,
		other_flags,
		other_target,
		other_target_thread,
		other_target_start,
		other_target_comm,
		other_target_user,
		other_program,
		other_target_program,
		no_target,
		other_path,
		shorter_path,
		lost_path,
		deleted_path,
		nothing_moved,
		denied,
		no_capture,
		no_syscall,
		lost_remote,
		lost_local,
		users_memory,
		lost_maps,
		lost_names,
	};

	for (size_t i = 0; i < COUNT(changes); i++) {
		struct bench *bench = new_bench(GROUPS, 1);
		struct call call = new_call_with_path(3);
		char want[32];

		/* so that a failure shows which */
		snprintf(want, sizeof(want), "%zu: ", i);
		append(bench, want, strlen(want));
		take(bench, new_call_with_path(1), 0);
		take(bench, new_call_with_path(2), 0);
		changes[i](&call);
		take(bench, call, 0);
		strcat(want, "1 3 ");
		expect_recorded(bench, want);
		free_bench(bench);
	}
}

static void each_errno_is_a_group(void)
{
	static const int64_t results[] = {24, 0, -EPERM, -ESRCH, -EFAULT};
	struct bench *bench = new_bench(GROUPS, 1);

	for (uint64_t i = 0; i < 10; i++) {
		struct call call = new_call(i + 1);

		set_exit(&call, results[i % 5]);
		take(bench, call, 0);
	}
	expect_recorded(bench, "1 2 3 4 5 ");
	expect_counters(bench, "5 0 0 5 5 5 0");
	free_bench(bench);
}

static void other_thread(struct call *call)
{
	call->capture->call.caller.tid++;
}
static void other_thread_start(struct call *call)
{
	call->capture->call.caller.start_ns++;
}
static void other_time(struct call *call)
{
	call->syscall->id.sec++;
	call->capture->id.sec++;
}
static void other_bytes(struct call *call)
{
	set_exit(call, 1);
}
static void other_vectors(struct call *call)
{
	unit_vector(call->capture, PVM_REMOTE, 0)->base = 0x777000;
	unit_vector(call->capture, PVM_LOCAL, 0)->len = 4;
}
static void more_vectors(struct call *call)
{
	free(call->capture);
	call->capture = unit_capture(3, 20, 30);
	give_path(call, path, sizeof(path) - 1);
	give_maps(call, &heap, 1, "");
}
static void other_junk_in_a0(struct call *call)
{
	call->syscall->a0 |= UINT64_C(0xdead) << 32;
}
static void thread_time_and_vectors_make_no_other_group(void)
{
	static void (*const changes[])(struct call *) = {
		other_thread,	  other_thread_start, other_time,
		other_bytes,	  other_vectors,      more_vectors,
		other_junk_in_a0,
	};
	struct bench *bench = new_bench(GROUPS, 1);

	take(bench, new_call_with_path(1), 0);
	take(bench, new_call_with_path(2), 0);
	for (size_t i = 0; i < COUNT(changes); i++) {
		struct call call = new_call_with_path(3 + i);

		changes[i](&call);
		if (call.capture)
			call.capture->id.serial = 3 + i;
		take(bench, call, 0);
	}
	expect_recorded(bench, "1 ");
	expect_flushed(bench, "8:2-9 ");
	free_bench(bench);
}

static void what_is_void_without_a_target_does_not_count(void)
{
	struct bench *bench = new_bench(GROUPS, 1);

	for (uint64_t serial = 1; serial <= 3; serial++) {
		struct call call = new_call(serial);

		no_target(&call);
		memset(&call.capture->call.target, (int)serial,
		       sizeof(call.capture->call.target));
		take(bench, call, 0);
	}
	expect_recorded(bench, "1 ");
	expect_flushed(bench, "2:2-3 ");
	expect_field(bench, "apid", "4300");
	free_bench(bench);
}

static void groups_of_one_half_fold_as_well(void)
{
	struct bench *bench = new_bench(GROUPS, 1);

	for (uint64_t serial = 1; serial <= 6; serial++) {
		struct call call = new_call(serial);

		if (serial % 2)
			no_capture(&call);
		else
			no_syscall(&call);
		take(bench, call, 0);
	}
	expect_recorded(bench, "1 2 ");
	expect_flushed(bench, "2:3,5 2:4,6 ");
	expect_field(bench, "why", "no-syscall");
	free_bench(bench);
}

static struct call new_call_by(uint64_t serial, uint32_t pid)
{
	struct call call = new_call(serial);

	call.syscall->pid = call.capture->call.caller.tgid = pid;
	return call;
}

/* ---- groups without end */

/* Calls of one process from @serial on, each changed by @change. */
static void take_changed(struct bench *bench, uint64_t serial, uint32_t nr,
			 void (*change)(struct call *call, uint32_t i))
{
	for (uint32_t i = 0; i < nr; i++) {
		struct call call = new_call_with_path(serial + i);

		change(&call, i);
		take(bench, call, 0);
	}
}

static void rename_caller(struct call *call, uint32_t i)
{
	static char names[2000][12];

	snprintf(names[i], sizeof(names[i]), "\"n%u\"", i);
	call->syscall->comm = names[i];
	snprintf(call->capture->call.caller.comm, PVM_COMM_LEN, "n%u", i);
}

static void rename_target(struct call *call, uint32_t i)
{
	snprintf(call->capture->call.target.comm, PVM_COMM_LEN, "n%u", i);
}

static void turn_thread(struct call *call, uint32_t i)
{
	call->capture->call.target.tid += i;
	call->capture->call.pid += (int32_t)i;
	call->syscall->a0 += i;
}

static void turn_pid(struct call *call, uint32_t i)
{
	set_exit(call, -ESRCH);
	no_target(call);
	call->capture->call.pid += (int32_t)i;
	call->syscall->a0 += i;
}

static void turn_flags(struct call *call, uint32_t i)
{
	set_exit(call, -EINVAL);
	call->capture->call.flags = i + 1;
}

/* The last record's fields, for what it has of names that differ. */
static void process_that_changes_at_will_is_folded(void)
{
	static const struct {
		void (*change)(struct call *call, uint32_t i);
		const char *vary, *field;
	} ways[] = {
		{rename_caller, "comm", "exe"},
		{rename_target, "ocomm", "ocomm"},
		{turn_thread, "otid,apid", "otid"},
		{turn_pid, "apid", "apid"},
		{turn_flags, "vmflags", "vmflags"},
	};

	for (size_t i = 0; i < COUNT(ways); i++) {
		struct bench *bench = new_bench(256, 1);

		take_changed(bench, 0, 2000, ways[i].change);
		expect_recorded(bench,
				"0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 ");
		expect_counters(bench, "17 0 0 1983 17 17 0");
		pvm_fold_flush(bench->fold);
		expect_recorded(bench, "1983:17-1999 ");
		expect_field(bench, "vary", ways[i].vary);
		expect_field(bench, ways[i].field, i ? "" : "\"/usr/bin/gdb\"");
		expect_field(bench, "comm", i ? "\"gdb\"" : "\"?\"");
		expect_field(bench, "comms",
			     i ? ""
			       : "n17,n18,n19,n20,n21,n22,n23,n24,n25,n26,n27,"
				 "n28,n29,n30,n31,n32");
		expect_field(bench, "cut", i ? "" : "comms");
		free_bench(bench);
	}
}

static void few_names_are_all_listed(void)
{
	static const char *const names[] = {"\"a,b\"", "612062", "\"a,b\"",
					    "\"c\""};
	struct bench *bench = new_bench(256, 1);

	take_changed(bench, 0, 17, rename_caller);
	for (uint64_t i = 0; i < 4; i++) {
		struct call call = new_call_with_path(17 + i);

		call.syscall->comm = names[i];
		take(bench, call, 0);
	}
	pvm_fold_flush(bench->fold);
	expect_field(bench, "count", "4");
	expect_field(bench, "comms", "a%2Cb,a%20b,c");
	expect_field(bench, "cut", "");
	/* once the windows are over, it is nobody special */
	take_changed(bench, 100, 2, rename_caller);
	expect_counters(bench, "19 4 1 0 2 17 0");
	free_bench(bench);
}

static void same_field_in_all_calls_is_no_difference(void)
{
	struct bench *bench = new_bench(256, 1);

	take_changed(bench, 0, 17, rename_caller);
	for (uint64_t i = 17; i < 20; i++) {
		struct call call = new_call_with_path(i);

		other_comm(&call);
		take(bench, call, 0);
	}
	pvm_fold_flush(bench->fold);
	expect_field(bench, "count", "3");
	expect_field(bench, "vary", "");
	expect_field(bench, "comm", "\"gdc\"");
	expect_field(bench, "comms", "");
	free_bench(bench);
}

/* However many groups the process has, what it cannot choose is never lost. */
static void what_nobody_chooses_always_makes_another_group(void)
{
	static void (*const changes[])(struct call *) = {
		other_uid,	    other_auid,	       other_ses,  other_exe,
		other_key,	    other_op,	       other_arch, other_target,
		other_target_start, other_target_user, no_target,  other_path,
		deleted_path,	    nothing_moved,     denied,	   no_capture,
		no_syscall,	    lost_remote,       lost_maps,  users_memory,
	};

	for (size_t i = 0; i < COUNT(changes); i++) {
		struct bench *bench = new_bench(256, 1);
		struct call call = new_call_with_path(99);
		char want[32];

		take_changed(bench, 0, 20, rename_caller);
		bench->used = 0;
		snprintf(want, sizeof(want), "%zu: ", i);
		append(bench, want, strlen(want));
		rename_caller(&call, 50);
		changes[i](&call);
		take(bench, call, 0);
		strcat(want, "99 ");
		expect_recorded(bench, want);
		free_bench(bench);
	}
}

static void other_processes_have_their_own_groups(void)
{
	struct bench *bench = new_bench(256, 1);

	take_changed(bench, 0, 100, rename_caller);
	bench->used = 0;
	for (uint32_t i = 0; i < 17; i++) {
		struct call call = new_call_by(200 + i, 7);

		rename_caller(&call, i);
		take(bench, call, 0);
	}
	expect_recorded(bench, "200 201 202 203 204 205 206 207 208 209 210 "
			       "211 212 213 214 215 216 ");
	free_bench(bench);
}

/* ---- bounds */

static void oldest_window_makes_room(void)
{
	struct bench *bench = new_bench(3, 1);

	for (uint32_t pid = 1; pid <= 3; pid++)
		for (uint64_t i = 0; i < 3; i++)
			take(bench, new_call_by(pid * 10 + i, pid), pid);
	expect_recorded(bench, "10 20 30 ");
	take(bench, new_call_by(40, 4), 5);
	expect_recorded(bench, "40 2:11-12 ");
	expect_counters(bench, "4 2 1 4 3 3 1");
	/* the first one's next call is of a new window */
	take(bench, new_call_by(13, 1), 5);
	expect_recorded(bench, "13 2:21-22 ");
	expect_counters(bench, "5 4 2 2 3 3 2");
	free_bench(bench);
}

/* Long lists make room before the table is full. */
static void memory_of_all_windows_is_bounded(void)
{
	struct bench *bench = new_bench(1024, 1);
	uint64_t serial = 0;

	for (uint32_t pid = 1; pid <= 200; pid++) {
		for (int i = 0; i < 3; i++) {
			struct call call = new_call_by(++serial, pid);

			free(call.capture);
			call.capture = unit_capture(serial, 1024, 1024);
			call.capture->call.caller.tgid = pid;
			take(bench, call, 0);
		}
		CU_ASSERT(pvm_fold_counters(bench->fold)->groups <=
			  (2u << 20) / 32768);
	}
	CU_ASSERT(pvm_fold_counters(bench->fold)->groups_most > 40);
	pvm_fold_flush(bench->fold);
	SAME_NUMBER(pvm_fold_counters(bench->fold)->written, 200);
	SAME_NUMBER(pvm_fold_counters(bench->fold)->folded, 400);
	SAME_NUMBER(pvm_fold_counters(bench->fold)->held, 0);
	SAME_NUMBER(pvm_fold_counters(bench->fold)->groups, 0);
	CU_ASSERT(pvm_fold_counters(bench->fold)->evicted > 130);
	free_bench(bench);
}

/* ---- mappings */

/* A call of as many vectors as @maps, which must outlive it. */
static struct call new_call_at(uint64_t serial, const struct pvm_wire_map *maps,
			       uint32_t nr, const char *names)
{
	struct call call = new_call(serial);

	free(call.capture);
	call.capture = unit_capture(serial, nr, 1);
	give_maps(&call, maps, nr, names);
	return call;
}

static const struct pvm_wire_map code[] = {
	{0x1000, 0, 3, PVM_MAP_FILE, RX, 0, 0, 0},
	{0x2000, 0, 3, PVM_MAP_FILE, RX, 0, 0, 0},
	{0x2000, 0, 3, PVM_MAP_FILE, RX | PVM_MAP_WRITE, 0, 0, 0},
	{0x2000, 3, 3, PVM_MAP_FILE, RX, 0, 0, 0},
};

static void new_mapping_is_recorded_amid_a_flood(void)
{
	struct bench *bench = new_bench(GROUPS, 1);
	const struct pvm_wire_map both[] = {heap, code[0]};

	for (uint64_t serial = 1; serial <= 4; serial++)
		take(bench, new_call_at(serial, &heap, 1, ""), 0);
	expect_recorded(bench, "1 ");
	take(bench, new_call_at(5, both, 2, "/so"), 0);
	expect_recorded(bench, "5 ");
	expect_field(bench, "rmap", "[heap]:rw-p,/so+0x1000:r-xp");
	/* the same file and permissions, whatever the place */
	take(bench, new_call_at(6, &code[1], 1, "/so"), 0);
	expect_recorded(bench, "");
	/* other permissions, another file */
	take(bench, new_call_at(7, &code[2], 1, "/so"), 0);
	take(bench, new_call_at(8, &code[3], 1, "/so/si"), 0);
	expect_recorded(bench, "7 8 ");
	take(bench, new_call_at(9, &code[3], 1, "/so/si"), 0);
	expect_flushed(bench, "5:2-4,6,9 ");
	expect_field(bench, "rmap", "[heap]:rw-p,/so:r-xp,/si:r-xp");
	expect_field(bench, "cut", "");
	free_bench(bench);
}

static void first_calls_name_their_mappings(void)
{
	struct bench *bench = new_bench(GROUPS, 2);

	take(bench, new_call_at(1, &heap, 1, ""), 0);
	take(bench, new_call_at(2, &code[0], 1, "/so"), 0);
	take(bench, new_call_at(3, &code[1], 1, "/so"), 0);
	take(bench, new_call_at(4, &code[0], 1, "/so"), 0);
	expect_recorded(bench, "1 2 ");
	expect_flushed(bench, "2:3-4 ");
	/* the heap is of no call that it is about */
	expect_field(bench, "rmap", "/so:r-xp");
	free_bench(bench);
}

static void mappings_begin_anew_with_each_record(void)
{
	struct bench *bench = new_bench(GROUPS, 2);

	take(bench, new_call_at(1, &heap, 1, ""), 0);
	take(bench, new_call_at(2, &code[0], 1, "/so"), 0);
	take(bench, new_call_at(8, &code[0], 1, "/so"), 0);
	for (uint64_t i = 9; i <= 11; i++)
		take(bench, new_call_at(i, &heap, 1, ""), 0);
	/* one that is there already */
	take(bench, new_call_at(9, &heap, 1, ""), 0);
	expect_field(bench, "count", "4");
	expect_field(bench, "rmap", "[heap]:rw-p,/so:r-xp");
	take(bench, new_call_at(10, &heap, 1, ""), 0);
	pvm_fold_flush(bench->fold);
	expect_field(bench, "count", "2");
	expect_field(bench, "rmap", "[heap]:rw-p");
	free_bench(bench);
}

/* A file for each number, in the names "/00/01/02". */
static struct pvm_wire_map numbered_map(uint32_t i)
{
	return (struct pvm_wire_map){
		0, (uint16_t)(3 * i), 3, PVM_MAP_FILE, RX, 0, 0, 0};
}

/* So that reads of 32 cheap ones do not cover the next. */
static void mapping_without_room_begins_a_new_window(void)
{
	struct bench *bench = new_bench(GROUPS, 1);
	struct pvm_wire_map maps[34];
	char names[3 * 34 + 1];

	for (uint32_t i = 0; i < 34; i++) {
		maps[i] = numbered_map(i);
		sprintf(names + 3 * i, "/%02u", i);
	}
	for (uint32_t i = 0; i < 32; i++)
		take(bench, new_call_at(i, &maps[i], 1, names), 0);
	for (uint32_t i = 0; i < 32; i++)
		take(bench, new_call_at(32 + i, &maps[i], 1, names), 0);
	expect_recorded(bench,
			"0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 "
			"20 21 22 23 24 25 26 27 28 29 30 31 ");
	take(bench, new_call_at(64, &maps[32], 1, names), WINDOW / 2);
	expect_recorded(bench, "32:32-63 64 ");
	expect_field(bench, "rmap", "/32+0x0:r-xp");
	expect_field(bench, "cut", "");
	expect_counters(bench, "33 32 1 0 1 1 1");
	/* the new one remembers none of the others, and has a time of its own
	 */
	take(bench, new_call_at(65, &maps[32], 1, names), WINDOW / 2);
	take(bench, new_call_at(66, &maps[0], 1, names), WINDOW);
	expect_recorded(bench, "66 ");
	take(bench, new_call_at(67, &maps[33], 1, names), WINDOW);
	expect_recorded(bench, "67 ");
	take(bench, new_call_at(68, &maps[33], 1, names), WINDOW);
	pvm_fold_expire(bench->fold, WINDOW + WINDOW / 2);
	expect_recorded(bench, "2:65,68 ");
	expect_field(bench, "rmap", "/32:r-xp,/33:r-xp");
	free_bench(bench);
}

/* A call of its own to each of @nr mappings in turn. */
static void take_in_turn(struct bench *bench, uint64_t first,
			 const struct pvm_wire_map *maps, uint32_t nr,
			 const char *names)
{
	for (uint32_t i = 0; i < nr; i++)
		take(bench, new_call_at(first + i, &maps[i], 1, names), 0);
}

/* More of them than a group remembers, again and again, do not stop folding. */
static void mappings_in_turn_come_to_share_places(void)
{
	struct bench *bench = new_bench(GROUPS, 1);
	struct pvm_wire_map maps[40];
	char names[3 * 40 + 1];

	for (uint32_t i = 0; i < 40; i++) {
		maps[i] = numbered_map(i);
		sprintf(names + 3 * i, "/%02u", i);
	}
	maps[39].flags = RX | PVM_MAP_WRITE;
	for (uint64_t i = 0; i <= 4 * 32; i++)
		take_in_turn(bench, i, &maps[i % 33], 1, names);
	/* the fifth window, with /29, is one that shares: 15 more have room */
	expect_counters(bench, "129 0 0 0 1 1 4");
	take_in_turn(bench, 129, maps, 15, names);
	expect_counters(bench, "144 0 0 0 1 1 4");
	take_in_turn(bench, 144, &maps[15], 14, names);
	expect_counters(bench, "145 0 0 13 1 1 4");
	/* what may be written there is another place */
	take_in_turn(bench, 158, &maps[39], 1, names);
	expect_counters(bench, "146 0 0 13 1 1 4");
	take_in_turn(bench, 159, &maps[39], 1, names);
	take_in_turn(bench, 160, &maps[2], 1, names);
	pvm_fold_flush(bench->fold);
	expect_field(bench, "count", "15");
	expect_field(bench, "rmap", "/02:r-xp,...:r-xp,...:rwxp");
	expect_field(bench, "rshare", "1:0,13:0,1:0");
	expect_field(bench, "cut", "rmap");
	/* a window that ends in time is no such one */
	take_in_turn(bench, 200, maps, 32, names);
	expect_counters(bench, "178 15 1 0 1 1 4");
	free_bench(bench);
}

/* Nor do many names and many mappings: there is no such window before. */
static void loose_groups_share_places_at_once(void)
{
	struct bench *bench = new_bench(256, 1);
	struct pvm_wire_map maps[40];
	char names[3 * 40 + 1];

	for (uint32_t i = 0; i < 40; i++) {
		maps[i] = numbered_map(i);
		sprintf(names + 3 * i, "/%02u", i);
	}
	for (uint32_t i = 0; i < PVM_FOLD_GROUPS_OF_ONE + 40; i++) {
		bool loose = i >= PVM_FOLD_GROUPS_OF_ONE;
		uint32_t at = loose ? i - PVM_FOLD_GROUPS_OF_ONE : 0;
		struct call call = new_call_at(i, &maps[at], 1, names);

		rename_caller(&call, i);
		take(bench, call, 0);
	}
	expect_counters(bench, "33 0 0 23 17 17 0");
	free_bench(bench);
}

/* The longest list of names that a call can have, and one byte more. */
static void names_without_room_begin_a_new_window(void)
{
	struct pvm_wire_map maps[17];
	struct bench *bench = new_bench(GROUPS, 1);
	char *names = malloc(17 * 512 + 1);

	CU_ASSERT_PTR_NOT_NULL_FATAL(names);
	for (uint32_t i = 0; i < 17; i++) {
		memset(names + 512 * i, (int)('a' + i), 512);
		maps[i] = (struct pvm_wire_map){
			0, (uint16_t)(512 * i), 512, PVM_MAP_FILE, RX, 0, 0, 0};
	}
	names[17 * 512] = '\0';
	maps[16].name_len = 1;
	take(bench, new_call_at(1, maps, 16, names), 0);
	take(bench, new_call_at(2, maps, 16, names), 0);
	take(bench, new_call_at(3, maps, 16, names), 0);
	expect_recorded(bench, "1 ");
	take(bench, new_call_at(4, &maps[16], 1, names), 0);
	expect_recorded(bench, "2:2-3 4 ");
	/* many of them are no way round folding */
	take(bench, new_call_at(5, maps, 16, names), 0);
	take(bench, new_call_at(6, maps, 16, names), 0);
	take(bench, new_call_at(7, maps, 16, names), 0);
	expect_recorded(bench, "5 ");
	expect_flushed(bench, "2:6-7 ");
	free(names);
	free_bench(bench);
}

static void mappings_that_are_not_whole_are_cut(void)
{
	static const struct pvm_wire_map headless = {
		0, 0, 3, PVM_MAP_FILE, RX | PVM_MAP_CUT, 0, 0, 0};
	struct bench *bench = new_bench(GROUPS, 1);
	struct call call;

	for (uint64_t serial = 1; serial <= 3; serial++) {
		call = new_call_at(serial, &heap, 1, "");
		take(bench, call, 0);
	}
	/* a second vector, which was not looked up */
	call = new_call(4);
	free(call.capture);
	call.capture = unit_capture(4, 2, 1);
	give_maps(&call, &heap, 1, "");
	call.capture->call.seen |= PVM_SEEN_MAPS_CUT;
	take(bench, call, 0);
	expect_recorded(bench, "1 ");
	expect_flushed(bench, "3:2-4 ");
	expect_field(bench, "rmap", "[heap]:rw-p");
	expect_field(bench, "cut", "rmap");
	/* a path whose start is missing */
	for (uint64_t serial = 1; serial <= 3; serial++)
		take(bench, new_call_at(serial, &headless, 1, "/so"), 0);
	expect_recorded(bench, "1 ");
	expect_flushed(bench, "2:2-3 ");
	expect_field(bench, "rmap", ".../so:r-xp");
	expect_field(bench, "cut", "rmap");
	free_bench(bench);
}

/* @map, where the vector @i of a call starts. */
static struct pvm_wire_map placed(const struct pvm_wire_map *map, uint32_t i)
{
	struct pvm_wire_map at = *map;

	at.start = 0x1000 * (i + 1);
	at.end = at.start + 0x1000;
	return at;
}

/*
 * Vectors of @lens bytes each, of which the call moves @moved; each of @maps is
 * where one of those starts that are not empty.
 */
static void take_lens(struct bench *bench, uint64_t serial,
		      const struct pvm_wire_map *maps, const uint64_t *lens,
		      uint32_t nr, int64_t moved)
{
	static struct pvm_wire_map all[10][3];
	struct call call = new_call_at(serial, all[serial], nr, "/so");
	uint32_t reaching = 0;

	for (uint32_t i = 0; i < nr; i++) {
		unit_vector(call.capture, PVM_REMOTE, i)->len = lens[i];
		if (!lens[i])
			continue;
		all[serial][reaching] = placed(&maps[reaching], i);
		reaching++;
	}
	call.capture->call.held[PVM_MAPS] = reaching;
	set_exit(&call, moved);
	take(bench, call, 0);
}

/* A vector's bytes are its mapping's, wherever else in that others start. */
static void vectors_to_one_mapping_add_up(void)
{
	struct bench *bench = new_bench(GROUPS, 1);
	struct pvm_wire_map wide = placed(&heap, 0);

	wide.end += 0x1000;
	for (uint64_t i = 0; i < 3; i++) {
		struct call call = new_call(i);

		free(call.capture);
		call.capture = unit_capture(i, 3, 1);
		give_maps(&call, &wide, 1, "");
		take(bench, call, 0);
	}
	pvm_fold_flush(bench->fold);
	expect_field(bench, "bytes", "48");
	expect_field(bench, "rshare", "2:32");
	free_bench(bench);
}

/* Where the kernel takes bits off; one call was made where it does not. */
static void tagged_vectors_are_their_mappings(void)
{
	struct bench *bench = new_bench(GROUPS, 1);
	const struct pvm_wire_map first = placed(&heap, 0);

	for (uint64_t i = 0; i < 3; i++) {
		struct call call = new_call(i);

		free(call.capture);
		call.capture = unit_capture(i, 1, 1);
		unit_vector(call.capture, PVM_REMOTE, 0)->base |= 0x5aull << 56;
		call.capture->call.tag_bits = i < 2 ? 0xff000000 : 0;
		give_maps(&call, &first, 1, "");
		take(bench, call, 0);
	}
	pvm_fold_flush(bench->fold);
	expect_field(bench, "rshare", "2:8");
	free_bench(bench);
}

/* By the order of the vectors, in which the kernel moves their bytes. */
static void each_mapping_has_its_share(void)
{
	const struct pvm_wire_map maps[] = {heap, code[0], heap};
	const struct pvm_wire_map other[] = {code[0], heap};
	static const uint64_t lens[] = {100, 10, 1000};
	static const uint64_t empty[] = {0, 5, 7};
	struct bench *bench = new_bench(GROUPS, 1);

	take_lens(bench, 1, maps, lens, 3, 1110);
	/* 1100 and 10; 100 and 3; 50; 120 and 10 */
	take_lens(bench, 2, maps, lens, 3, 1110);
	take_lens(bench, 3, maps, lens, 3, 103);
	take_lens(bench, 4, maps, lens, 3, 50);
	take_lens(bench, 5, maps, lens, 3, 130);
	expect_recorded(bench, "1 ");
	expect_flushed(bench, "4:2-5 ");
	expect_field(bench, "rmap", "[heap]:rw-p,/so:r-xp");
	expect_field(bench, "rshare", "4:1370,4:23");
	expect_field(bench, "bytes", "1393");
	/* the vector of no length has no mapping: /so is that of the next */
	take_lens(bench, 6, other, lens, 2, 110);
	take_lens(bench, 7, other, empty, 3, 9);
	take_lens(bench, 8, &heap, lens, 1, 40);
	expect_flushed(bench, "6 2:7-8 ");
	expect_field(bench, "rmap", "/so:r-xp,[heap]:rw-p");
	expect_field(bench, "rshare", "1:5,2:44");
	free_bench(bench);
}

/* Those that it does not know the plugin gives to none. */
static void bytes_behind_the_mappings_are_in_no_share(void)
{
	const struct pvm_wire_map first = placed(&heap, 0);
	struct bench *bench = new_bench(GROUPS, 1);

	for (uint64_t i = 0; i < 3; i++) {
		struct call call = new_call(i);

		free(call.capture);
		call.capture = unit_capture(i, 3, 1);
		give_maps(&call, &first, 1, "");
		call.capture->call.seen |= PVM_SEEN_MAPS_CUT;
		take(bench, call, 0);
	}
	pvm_fold_flush(bench->fold);
	expect_field(bench, "bytes", "48");
	expect_field(bench, "rshare", "2:16");
	expect_field(bench, "cut", "rmap");
	free_bench(bench);
}

static void failed_calls_have_shares_without_bytes(void)
{
	struct bench *bench = new_bench(GROUPS, 1);

	for (uint64_t i = 0; i < 4; i++) {
		struct call call = new_call_at(i, &heap, 1, "");

		set_exit(&call, -EPERM);
		take(bench, call, 0);
	}
	pvm_fold_flush(bench->fold);
	expect_field(bench, "rshare", "3:0");
	free_bench(bench);
}

/* The probes leave the last mapping's flags there, or a name may be lost. */
static void unknown_mappings_are_one(void)
{
	static const struct pvm_wire_map unknown[] = {
		{0x1000, 0, 0, PVM_MAP_UNKNOWN, RX, 0, 0, 0},
		{0, 2, 7, PVM_MAP_UNKNOWN, RW | PVM_MAP_CUT, 0, 0, 0},
		{0, 2, 2, PVM_MAP_FILE, RX, 0, 0, 0}, /* behind the last name */
		{0, 0, 0, PVM_MAP_FILE + 1, RX, 0, 0, 0},
	};
	struct bench *bench = new_bench(GROUPS, 1);

	for (uint64_t i = 0; i < 4; i++)
		take(bench, new_call_at(i, &unknown[i], 1, "/so"), 0);
	expect_recorded(bench, "0 ");
	expect_flushed(bench, "3:1-3 ");
	expect_field(bench, "rmap", "?");
	expect_field(bench, "cut", "");
	free_bench(bench);
}

/* ---- what the record of all says */

static void serials_are_listed_in_order_and_merged(void)
{
	static const uint64_t order[] = {1, 5, 4, 9, 7, 3, 8, 20, 2, 12};
	struct bench *bench = new_bench(GROUPS, 1);

	for (size_t i = 0; i < COUNT(order); i++)
		take(bench, new_call(order[i]), 0);
	expect_recorded(bench, "1 ");
	expect_flushed(bench, "9:2-5,7-9,12,20 ");
	free_bench(bench);
}

/* Audit counts on from 0; a record's first= is never behind its last=. */
static void serials_that_start_over_come_into_another_record(void)
{
	struct bench *bench = new_bench(GROUPS, 1);

	take_all(bench, UINT32_MAX - 3, UINT32_MAX);
	take_all(bench, 1, 3);
	expect_recorded(bench, "4294967292 3:4294967293-4294967295 ");
	expect_flushed(bench, "3:1-3 ");
	free_bench(bench);
}

static void first_and_last_have_their_times(void)
{
	static const uint64_t order[] = {1, 5, 3, 9, 7};
	struct bench *bench = new_bench(GROUPS, 1);

	for (size_t i = 0; i < COUNT(order); i++) {
		struct call call = new_call(order[i]);

		call.syscall->id.sec = 1000 + order[i];
		take(bench, call, 0);
	}
	pvm_fold_flush(bench->fold);
	expect_field(bench, "first", "1003.412:3");
	expect_field(bench, "last", "1009.412:9");
	free_bench(bench);
}

/* Which a log of two boots has, not one. */
static void serial_that_is_held_already_goes_to_another_record(void)
{
	struct bench *bench = new_bench(GROUPS, 1);

	take_all(bench, 1, 4);
	take_all(bench, 3, 6);
	expect_recorded(bench, "1 3:2-4 ");
	expect_flushed(bench, "4:3-6 ");
	free_bench(bench);
}

/* No three of them are in a row of one step: 1, 4, 9, 16. */
static void lists_that_would_be_too_long_go_on_in_the_next_record(void)
{
	struct bench *bench = new_bench(GROUPS, 1);
	uint64_t i = 2;

	take(bench, new_call(1), 0);
	expect_recorded(bench, "1 ");
	while (!bench->used)
		take(bench, new_call(i * i), 0), i++;
	/* two serials an entry: here the room ends, not the number of entries
	 */
	CU_ASSERT(i > 400);
	CU_ASSERT_NSTRING_EQUAL(strchr(bench->recorded, ':'), ":4,9,16,", 8);
	CU_ASSERT(strlen(bench->record) < PVM_RECORD_MAX);
	bench->used = 0;
	take(bench, new_call(i * i), 0);
	pvm_fold_flush(bench->fold);
	expect_field(bench, "count", "2");
	SAME_NUMBER(pvm_fold_counters(bench->fold)->folded, i - 1);
	SAME_NUMBER(pvm_fold_counters(bench->fold)->records, 2);
	free_bench(bench);
}

/* Programs of MPI read from each other, two or more of them in turn. */
static void callers_in_turn_have_one_record_each(void)
{
	for (uint32_t callers = 2; callers <= 9; callers++) {
		struct bench *bench = new_bench(GROUPS * 2, 1);
		char want[32];

		for (uint32_t i = 0; i < callers * 3000; i++)
			take(bench, new_call_by(i, 1 + i % callers), 0);
		bench->used = 0;
		*bench->recorded = '\0';
		pvm_fold_flush(bench->fold);
		SAME_NUMBER(pvm_fold_counters(bench->fold)->records, callers);
		expect_field(bench, "count", "2999");
		snprintf(want, sizeof(want), "%u-%u/%u", 2 * callers - 1,
			 3000 * callers - 1, callers);
		expect_field(bench, "serials", want);
		free_bench(bench);
	}
}

static void thread_is_named_where_there_is_but_one(void)
{
	struct bench *bench = new_bench(GROUPS, 1);
	struct call call;

	take_all(bench, 1, 3);
	pvm_fold_flush(bench->fold);
	expect_field(bench, "stid", "4243");
	take_all(bench, 1, 2);
	call = new_call(3);
	other_thread(&call);
	take(bench, call, 0);
	pvm_fold_flush(bench->fold);
	expect_field(bench, "count", "2");
	expect_field(bench, "stid", "");
	/* the same id, another thread */
	take_all(bench, 1, 2);
	call = new_call(3);
	other_thread_start(&call);
	take(bench, call, 0);
	pvm_fold_flush(bench->fold);
	expect_field(bench, "stid", "");
	free_bench(bench);
}

static void bytes_are_summed(void)
{
	static const int64_t results[] = {24, 8, 1, 4096};
	struct bench *bench = new_bench(GROUPS, 1);

	for (uint64_t i = 0; i < 4; i++) {
		struct call call = new_call(i);

		set_exit(&call, results[i]);
		unit_vector(call.capture, PVM_REMOTE, 0)->len = 5000 + i;
		take(bench, call, 0);
	}
	pvm_fold_flush(bench->fold);
	expect_field(bench, "bytes", "4105");
	expect_field(bench, "rlen", "15006");
	expect_field(bench, "llen", "24");
	free_bench(bench);
}

static void bytes_of_failed_calls_are_none(void)
{
	struct bench *bench = new_bench(GROUPS, 1);

	for (uint64_t i = 0; i < 4; i++) {
		struct call call = new_call(i);

		set_exit(&call, -EPERM);
		take(bench, call, 0);
	}
	pvm_fold_flush(bench->fold);
	expect_field(bench, "exit", "-1");
	expect_field(bench, "bytes", "0");
	expect_field(bench, "rlen", "24");
	free_bench(bench);
}

static void sums_that_no_number_holds_are_not_made_up(void)
{
	struct bench *bench = new_bench(GROUPS, 1);

	for (uint64_t i = 0; i < 4; i++) {
		struct call call = new_call(i);

		set_exit(&call, INT64_MAX);
		unit_vector(call.capture, PVM_REMOTE, 0)->len = UINT64_MAX / 2;
		take(bench, call, 0);
	}
	pvm_fold_flush(bench->fold);
	expect_field(bench, "count", "3");
	expect_field(bench, "bytes", "18446744073709551615");
	expect_field(bench, "rlen", "");
	free_bench(bench);
}

static void length_that_is_not_known_is_left_out(void)
{
	struct bench *bench = new_bench(GROUPS, 1);

	for (uint64_t i = 0; i < 3; i++) {
		struct call call = new_call(i);

		no_capture(&call);
		take(bench, call, 0);
	}
	pvm_fold_flush(bench->fold);
	expect_field(bench, "bytes", "48");
	expect_field(bench, "rlen", "");
	expect_field(bench, "rspan", "");
	for (uint64_t i = 0; i < 3; i++) {
		struct call call = new_call(i);

		lost_remote(&call);
		take(bench, call, 0);
	}
	pvm_fold_flush(bench->fold);
	expect_field(bench, "rlen", "");
	expect_field(bench, "rspan", "");
	free_bench(bench);
}

/* The calls' remote vectors are of one call each; the first is not held. */
static void take_vectors(struct bench *bench, const struct pvm_wire_iovec *vec,
			 size_t nr)
{
	take(bench, new_call(0), 0);
	take(bench, new_call(1), 0);
	*bench->recorded = '\0';
	for (size_t i = 0; i < nr; i++) {
		struct call call = new_call(2 + i);

		*unit_vector(call.capture, PVM_REMOTE, 0) = vec[i];
		take(bench, call, 0);
	}
	pvm_fold_flush(bench->fold);
}

static void addresses_are_listed_in_merged_ranges(void)
{
	static const struct pvm_wire_iovec vec[] = {
		{0x5000, 16}, {0x1008, 8}, {0x5010, 16},
		{0x5008, 2},  {0x7000, 0}, {0x3000, 1},
	};
	struct bench *bench = new_bench(GROUPS, 1);

	/* there is a vector at 0x1000, 8 bytes, as well */
	take_vectors(bench, vec, COUNT(vec));
	expect_field(bench, "rspan",
		     "0x1000-0x1010,0x3000-0x3001,0x5000-0x5020");
	expect_field(bench, "cut", "");
	free_bench(bench);
}

static void all_vectors_of_a_call_are_in_the_ranges(void)
{
	struct bench *bench = new_bench(GROUPS, 1);

	for (uint64_t i = 0; i < 3; i++) {
		struct call call = new_call(i);

		free(call.capture);
		call.capture = unit_capture(i, 3, 1);
		take(bench, call, 0);
	}
	pvm_fold_flush(bench->fold);
	expect_field(bench, "rspan",
		     "0x1000-0x1008,0x2000-0x2008,0x3000-0x3008");
	free_bench(bench);
}

static void addresses_do_not_wrap_around(void)
{
	static const struct pvm_wire_iovec vec[] = {
		{0xfffffffffffff000, 0x1000},
		{0xfffffffffffff800, 0x4000},
	};
	struct bench *bench = new_bench(GROUPS, 1);

	take_vectors(bench, vec, COUNT(vec));
	expect_field(bench, "rspan",
		     "0x1000-0x1008,0xfffffffffffff000-0xffffffffffffffff");
	free_bench(bench);
}

/* No address asked for is missing; cut= says that others are in as well. */
static void too_many_ranges_of_addresses_are_joined(void)
{
	struct pvm_wire_iovec vec[16];
	struct bench *bench = new_bench(GROUPS, 1);

	for (uint64_t i = 0; i < 16; i++)
		vec[i] = (struct pvm_wire_iovec){0x10000 + (i << (8 + i)), 16};
	take_vectors(bench, vec, 15);
	expect_field(bench, "cut", "");
	take_vectors(bench, vec, 16);
	expect_field(bench, "cut", "rspan");
	expect_field(
		bench, "rspan",
		"0x1000-0x1008,0x10000-0x10210,0x10800-0x10810,"
		"0x11800-0x11810,0x14000-0x14010,0x1a000-0x1a010,"
		"0x28000-0x28010,0x48000-0x48010,0x90000-0x90010,"
		"0x130000-0x130010,0x290000-0x290010,0x590000-0x590010,"
		"0xc10000-0xc10010,0x1a10000-0x1a10010,0x3810000-0x3810010,"
		"0x7810000-0x7810010");
	free_bench(bench);
}

/* ---- every field at its longest */

static char *long_word(size_t len)
{
	char *word = malloc(len + 1);

	CU_ASSERT_PTR_NOT_NULL_FATAL(word);
	memset(word, '4', len);
	word[len] = '\0';
	return word;
}

struct words {
	char *key, *comm, *exe, *path, *maps;
};

/* A failed write that shows all that a record of folded calls can have. */
static struct call new_longest_call(const struct words *words, uint64_t serial,
				    const struct pvm_wire_map *maps)
{
	struct call call = {unit_syscall(serial), unit_capture(serial, 16, 1)};
	struct pvm_wire_call *wire = &call.capture->call;

	call.syscall->type = pvm_call_type(ARCH_32, WRITEV_32_NR);
	call.syscall->id = (struct pvm_id){UINT64_MAX, 999, serial};
	call.syscall->key = words->key;
	call.syscall->comm = words->comm;
	call.syscall->exe = words->exe;
	call.syscall->pid = call.syscall->uid = call.syscall->auid = UINT32_MAX;
	set_exit(&call, INT64_MIN);
	wire->pid = INT32_MIN;
	wire->flags = UINT64_MAX;
	wire->caller.tid = UINT32_MAX - 1;
	wire->target.tgid = wire->target.uid = wire->target.auid =
		wire->target.ses = UINT32_MAX;
	wire->target.tid = UINT32_MAX - 1;
	wire->target.start_ns = UINT64_MAX;
	memset(wire->target.comm, 0xff, PVM_COMM_LEN);
	for (uint32_t i = 0; i < 16; i++)
		*unit_vector(call.capture, PVM_REMOTE, i) =
			(struct pvm_wire_iovec){
				UINT64_MAX - 0x100000 * (i + serial % 1000), 1};
	give_path(&call, words->path, 4096);
	wire->seen |= PVM_SEEN_PATH_DELETED | PVM_SEEN_PATH_CUT;
	wire->seen |= PVM_SEEN_MAPS;
	call.capture->maps = maps;
	call.capture->names = words->maps;
	wire->held[PVM_MAPS] = 2;
	wire->held[PVM_NAMES] = 512;
	return call;
}

/* Some serials, with no three in a row of one step: i * i behind the first. */
#define LONGEST_FIRST (UINT64_MAX - 1002001)

/* Those of @text, "3,5,8", from the one of *@next on. */
static void count_serials(const char *text, uint64_t *next)
{
	while (*text) {
		char *end;

		SAME_NUMBER(strtoull(text, &end, 10),
			    LONGEST_FIRST + *next * *next);
		++*next;
		CU_ASSERT_FATAL(*end == ',' || !*end);
		text = end + (*end == ',');
	}
}

/* What has come of such calls. */
struct longest_seen {
	uint64_t records; /* of folded calls */
	uint64_t alone; /* calls with a record of their own */
	uint64_t next; /* the first call that no record has had */
};

/* The record that has been written, if any. */
static void see_longest(struct bench *bench, struct longest_seen *seen)
{
	if (!*bench->record)
		return;
	CU_ASSERT(strlen(bench->record) < PVM_RECORD_MAX);
	expect_field(bench, "src", "kernel");
	CU_ASSERT(*field(bench, "rmap") != '\0');
	if (*field(bench, "serials")) {
		seen->records++;
		count_serials(field(bench, "serials"), &seen->next);
	} else {
		seen->alone++;
		seen->next++;
	}
	*bench->record = '\0';
	bench->used = 0;
}

/*
 * However long all else is: no record is longer than it may be, none has a
 * part, and every serial is in one. For the last record one call may be left.
 */
static void serials_have_room_beside_the_longest_of_everything(void)
{
	static const struct pvm_wire_map maps[2] = {
		{0, 0, 510, PVM_MAP_FILE, RX, 0, 0, 0},
		{0, 1, 510, PVM_MAP_FILE, RX | PVM_MAP_CUT, 0, 0, 0},
	};
	struct words words = {long_word(600), long_word(600), long_word(8192),
			      long_word(4096), long_word(512)};
	struct bench *bench = new_bench(GROUPS, 1);
	struct longest_seen seen = {.next = 1};

	words.path[4095] = '\n';
	take(bench, new_longest_call(&words, LONGEST_FIRST, maps), 0);
	bench->used = 0;
	*bench->record = '\0';
	for (uint64_t i = 1; i <= 1001; i++) {
		take(bench,
		     new_longest_call(&words, LONGEST_FIRST + i * i, maps), 0);
		if (*bench->record)
			expect_field(bench, "cut", "exe,oexe,rspan,rmap");
		see_longest(bench, &seen);
	}
	pvm_fold_flush(bench->fold);
	see_longest(bench, &seen);
	SAME_NUMBER(seen.next, 1002);
	CU_ASSERT(seen.alone <= 1);
	SAME_NUMBER(pvm_fold_counters(bench->fold)->folded, 1001 - seen.alone);
	SAME_NUMBER(pvm_fold_counters(bench->fold)->records, seen.records);
	CU_ASSERT(seen.records > 50);
	free_bench(bench);
	free(words.key);
	free(words.comm);
	free(words.exe);
	free(words.path);
	free(words.maps);
}

CU_TestInfo fold_tests[] = {
	TEST(first_calls_are_recorded_the_others_folded),
	TEST(window_ends_exactly_at_its_time),
	TEST(call_after_the_window_begins_a_new_one),
	TEST(window_without_repeats_ends_without_a_record),
	TEST(one_held_call_has_a_record_of_its_own),
	TEST(zero_folds_nothing),
	TEST(changed_options_count_for_open_windows),
	TEST(free_records_nothing),
	TEST(calls_that_are_held_are_pending),
	TEST(what_would_show_makes_another_group),
	TEST(each_errno_is_a_group),
	TEST(thread_time_and_vectors_make_no_other_group),
	TEST(what_is_void_without_a_target_does_not_count),
	TEST(groups_of_one_half_fold_as_well),
	TEST(process_that_changes_at_will_is_folded),
	TEST(few_names_are_all_listed),
	TEST(same_field_in_all_calls_is_no_difference),
	TEST(what_nobody_chooses_always_makes_another_group),
	TEST(other_processes_have_their_own_groups),
	TEST(oldest_window_makes_room),
	TEST(memory_of_all_windows_is_bounded),
	TEST(new_mapping_is_recorded_amid_a_flood),
	TEST(first_calls_name_their_mappings),
	TEST(mappings_begin_anew_with_each_record),
	TEST(mapping_without_room_begins_a_new_window),
	TEST(mappings_in_turn_come_to_share_places),
	TEST(loose_groups_share_places_at_once),
	TEST(names_without_room_begin_a_new_window),
	TEST(mappings_that_are_not_whole_are_cut),
	TEST(vectors_to_one_mapping_add_up),
	TEST(tagged_vectors_are_their_mappings),
	TEST(each_mapping_has_its_share),
	TEST(bytes_behind_the_mappings_are_in_no_share),
	TEST(failed_calls_have_shares_without_bytes),
	TEST(unknown_mappings_are_one),
	TEST(serials_are_listed_in_order_and_merged),
	TEST(serials_that_start_over_come_into_another_record),
	TEST(first_and_last_have_their_times),
	TEST(serial_that_is_held_already_goes_to_another_record),
	TEST(lists_that_would_be_too_long_go_on_in_the_next_record),
	TEST(callers_in_turn_have_one_record_each),
	TEST(thread_is_named_where_there_is_but_one),
	TEST(bytes_are_summed),
	TEST(bytes_of_failed_calls_are_none),
	TEST(sums_that_no_number_holds_are_not_made_up),
	TEST(length_that_is_not_known_is_left_out),
	TEST(addresses_are_listed_in_merged_ranges),
	TEST(all_vectors_of_a_call_are_in_the_ranges),
	TEST(addresses_do_not_wrap_around),
	TEST(too_many_ranges_of_addresses_are_joined),
	TEST(serials_have_room_beside_the_longest_of_everything),
	CU_TEST_INFO_NULL,
};
