// SPDX-License-Identifier: GPL-2.0-or-later
/* unit.c - see unit.h */
#define _GNU_SOURCE /* syscall */
#include <inttypes.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lib/line.h"
#include "lib/slice.h"
#include "process/log.h"
#include "unit.h"

void unit_same_text(const char *file, unsigned int line, const char *got,
		    const char *want)
{
	char message[4096];
	bool same = got && want && !strcmp(got, want);

	snprintf(message, sizeof(message), "got  [%.2000s]\n\twant [%.2000s]",
		 got ? got : "(null)", want ? want : "(null)");
	CU_assertImplementation(same, line, message, file, "", CU_FALSE);
}

void unit_same_number(const char *file, unsigned int line, uint64_t got,
		      uint64_t want)
{
	char message[128];

	snprintf(message, sizeof(message), "got %" PRId64 ", want %" PRId64,
		 (int64_t)got, (int64_t)want);
	CU_assertImplementation(got == want, line, message, file, "", CU_FALSE);
}

#define SPAN_TEXT_MAX 128

static void write_span(char text[static SPAN_TEXT_MAX],
		       const struct pvm_span *span)
{
	const struct pvm_id *first = &span->first, *last = &span->last;

	snprintf(text, SPAN_TEXT_MAX,
		 "%" PRIu64 " %" PRIu64 ".%03" PRIu32 ":%" PRIu64 "-%" PRIu64
		 ".%03" PRIu32 ":%" PRIu64,
		 span->count, first->sec, first->msec, first->serial, last->sec,
		 last->msec, last->serial);
}

void unit_same_span(const char *file, unsigned int line,
		    const struct pvm_span *got, const char *want)
{
	char text[SPAN_TEXT_MAX];

	write_span(text, got);
	unit_same_text(file, line, text, want);
}

void unit_declare(struct unit_declared *declared, enum pvm_loss why,
		  const struct pvm_span *span)
{
	size_t room = sizeof(declared->text) - declared->used;
	char text[SPAN_TEXT_MAX];
	int n;

	write_span(text, span);
	n = snprintf(declared->text + declared->used, room, "%s %s\n",
		     pvm_loss_name(why), text);
	if (n > 0 && (size_t)n < room)
		declared->used += (size_t)n;
}

void unit_same_declared(const char *file, unsigned int line,
			struct unit_declared *declared, const char *want)
{
	unit_same_text(file, line, declared->text, want);
	declared->used = 0;
	declared->text[0] = '\0';
}

struct pvm_id unit_id(uint64_t serial)
{
	return (struct pvm_id){1000, (uint32_t)(serial % 1000), serial};
}

/* Stands before the C library's own, for all that the tests are linked with. */
static _Atomic uint64_t clock_ms[CLOCK_MONOTONIC + 1];

int clock_gettime(clockid_t clock, struct timespec *now)
{
	uint64_t ms = clock <= CLOCK_MONOTONIC ? clock_ms[clock] : 0;

	if (!ms)
		return (int)syscall(SYS_clock_gettime, clock, now);
	now->tv_sec = (time_t)(ms / 1000);
	now->tv_nsec = (long)(ms % 1000) * 1000000;
	return 0;
}

/* Likewise; what waits for somebody who does not come, waits for less. */
int usleep(useconds_t us)
{
	struct timespec pause = {0, us < 100 ? (long)us * 1000 : 100000};

	return nanosleep(&pause, NULL);
}

void unit_set_clocks(uint64_t monotonic_ms, uint64_t wall_ms)
{
	clock_ms[CLOCK_MONOTONIC] = monotonic_ms;
	clock_ms[CLOCK_REALTIME] = wall_ms;
}

/* Stands in for the plugin's log.c. */
static char logged[1024];

void pvm_log(int priority, const char *format, ...)
{
	size_t used = strlen(logged);
	va_list args;

	(void)priority;
	va_start(args, format);
	vsnprintf(logged + used, sizeof(logged) - used, format, args);
	va_end(args);
}

uint64_t pvm_log_dropped(void)
{
	return 0;
}

void unit_same_log(const char *file, unsigned int line, const char *want)
{
	unit_same_text(file, line, logged, want);
	logged[0] = '\0';
}

void unit_make_folder(char folder[static sizeof(UNIT_FOLDER)])
{
	memcpy(folder, UNIT_FOLDER, sizeof(UNIT_FOLDER));
	CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(folder));
}

void unit_remove_folder(const char *folder, const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	SAME_NUMBER(unlink(path), 0);
	SAME_NUMBER(rmdir(folder), 0);
}

struct pvm_line unit_line(const char *text)
{
	struct slice rest = slice_of(text), first = {text, 0};
	struct pvm_line line;

	slice_next(&rest, '\n', &first);
	pvm_line_read(&line, first);
	return line;
}

struct pvm_syscall *unit_syscall(uint64_t serial)
{
	struct pvm_syscall *syscall = calloc(1, sizeof(*syscall));

	CU_ASSERT_PTR_NOT_NULL_FATAL(syscall);
	syscall->id = (struct pvm_id){1795288457, 412, serial};
	syscall->type = pvm_call_type(ARCH, READV_NR);
	syscall->exit = 24;
	syscall->a0 = 4300;
	syscall->a2 = 1;
	syscall->pid = 4242;
	syscall->uid = 1000;
	syscall->auid = 1000;
	syscall->node = "";
	syscall->tty = "pts0";
	syscall->comm = "\"gdb\"";
	syscall->exe = "\"/usr/bin/gdb\"";
	syscall->key = "\"pvm-read\"";
	return syscall;
}

static void fill_call(struct pvm_wire_call *call, uint64_t serial)
{
	*call = (struct pvm_wire_call){
		.head = {PVM_WIRE_VERSION, PVM_WIRE_CALL, 4243, 5000},
		.sec = 1795288457,
		.nsec = 412345678,
		.serial = (uint32_t)serial,
		.arch = ARCH,
		.nr = READV_NR,
		.pid = 4300,
		.seen = PVM_SEEN_CORE | PVM_SEEN_TARGET,
		.exit = 24,
		.caller = {4242, 4243, 1000, 1000, 3, 4000, 0, 0, "gdb",
			   792301234567, 0},
		.target = {4300, 4300, 0, 1000, 3, 1, 0, 0, "sshd",
			   812301234567, 0},
	};
}

struct pvm_capture *unit_capture(uint64_t serial, uint32_t remote,
				 uint32_t local)
{
	size_t size = (remote + local) * sizeof(struct pvm_wire_iovec);
	struct pvm_capture *capture = calloc(1, sizeof(*capture) + size);

	CU_ASSERT_PTR_NOT_NULL_FATAL(capture);
	capture->id = (struct pvm_id){1795288457, 412, serial};
	fill_call(&capture->call, serial);
	capture->call.riovcnt = capture->call.held[PVM_REMOTE] = remote;
	capture->call.liovcnt = capture->call.held[PVM_LOCAL] = local;
	capture->vec[PVM_REMOTE] = capture->storage;
	capture->vec[PVM_LOCAL] = capture->storage + remote;
	for (int side = 0; side < PVM_SIDES; side++)
		for (uint32_t i = 0; i < capture->call.held[side]; i++)
			*unit_vector(capture, side, i) =
				(struct pvm_wire_iovec){0x1000 * (i + 1), 8};
	return capture;
}

struct pvm_wire_iovec *unit_vector(struct pvm_capture *capture,
				   enum pvm_list side, uint32_t i)
{
	uint32_t before = side == PVM_LOCAL ? capture->call.held[0] : 0;

	return &capture->storage[before + i];
}
