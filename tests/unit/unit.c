// SPDX-License-Identifier: GPL-2.0-or-later
/* unit.c - see unit.h */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

void unit_same_text(const char *file, unsigned int line, const char *got,
		    const char *want)
{
	char told[4096];
	bool same = got && want && !strcmp(got, want);

	snprintf(told, sizeof(told), "got  [%.2000s]\n\twant [%.2000s]",
		 got ? got : "(null)", want ? want : "(null)");
	CU_assertImplementation(same, line, told, file, "", CU_FALSE);
}

void unit_same_number(const char *file, unsigned int line, uint64_t got,
		      uint64_t want)
{
	char told[128];

	snprintf(told, sizeof(told), "got %" PRId64 ", want %" PRId64,
		 (int64_t)got, (int64_t)want);
	CU_assertImplementation(got == want, line, told, file, "", CU_FALSE);
}

struct pvm_line unit_line(const char *text)
{
	struct pvm_line line = {.text = text, .len = strlen(text)};

	pvm_line_classify(&line);
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
			   792301234567},
		.target = {4300, 4300, 0, 1000, 3, 1, 0, 0, "sshd",
			   812301234567},
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
