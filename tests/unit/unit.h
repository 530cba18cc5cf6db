/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * unit.h - what the unit tests share
 *
 * One suite a module, each a table of test functions whose names say what
 * must hold. What is expected stands in the tests as literal text and numbers,
 * never computed by the code under test.
 */
#ifndef PVM_UNIT_H
#define PVM_UNIT_H

#include <CUnit/CUnit.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger/losses.h"
#include "lib/syscalls.h"
#include "pvm/event.h"
#include "pvm/line.h"

/* The suites, each ended by CU_TEST_INFO_NULL. */
extern CU_TestInfo symbols_tests[];
extern CU_TestInfo call_sites_tests[];
extern CU_TestInfo explain_tests[];
extern CU_TestInfo calibrate_tests[];
extern CU_TestInfo counters_tests[];
extern CU_TestInfo slice_tests[];
extern CU_TestInfo token_tests[];
extern CU_TestInfo line_tests[];
extern CU_TestInfo readahead_tests[];
extern CU_TestInfo files_tests[];
extern CU_TestInfo feed_tests[];
extern CU_TestInfo gaps_tests[];
extern CU_TestInfo syscall_record_tests[];
extern CU_TestInfo capture_tests[];
extern CU_TestInfo join_tests[];
extern CU_TestInfo early_tests[];
extern CU_TestInfo pipeline_tests[];
extern CU_TestInfo serials_tests[];
extern CU_TestInfo missing_tests[];
extern CU_TestInfo ranges_tests[];
extern CU_TestInfo strides_tests[];
extern CU_TestInfo fold_tests[];
extern CU_TestInfo text_tests[];
extern CU_TestInfo record_tests[];
extern CU_TestInfo notes_tests[];
extern CU_TestInfo queue_tests[];
extern CU_TestInfo inject_tests[];
extern CU_TestInfo in_flight_tests[];
extern CU_TestInfo losses_tests[];
extern CU_TestInfo node_tests[];
extern CU_TestInfo reported_tests[];
extern CU_TestInfo checkpoint_tests[];
extern CU_TestInfo ledger_tests[];
extern CU_TestInfo config_tests[];
extern CU_TestInfo log_socket_tests[];
extern CU_TestInfo report_tests[];
extern CU_TestInfo selinux_tests[];
extern CU_TestInfo confinement_tests[];

/* A sanitizer keeps memory of its own: nothing can be said of its amount. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define UNIT_SANITIZED 1
#else
#define UNIT_SANITIZED 0
#endif

/* clang-format off */
#define TEST(name) {#name, name}
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
/* clang-format on */

/* Like CU_ASSERT, but a failure shows what came and what was wanted. */
#define SAME_TEXT(got, want) unit_same_text(__FILE__, __LINE__, got, want)
#define SAME_NUMBER(got, want) \
	unit_same_number(__FILE__, __LINE__, (uint64_t)(got), (uint64_t)(want))

void unit_same_text(const char *file, unsigned int line, const char *got,
		    const char *want);
void unit_same_number(const char *file, unsigned int line, uint64_t got,
		      uint64_t want);

/* @span against "COUNT SEC.MSEC:SERIAL-SEC.MSEC:SERIAL". */
#define SAME_SPAN(got, want) unit_same_span(__FILE__, __LINE__, got, want)

void unit_same_span(const char *file, unsigned int line,
		    const struct pvm_span *got, const char *want);

/* The losses that were declared, one "WHY SPAN" a line. */
struct unit_declared {
	char text[8192];
	size_t used;
};

void unit_declare(struct unit_declared *declared, enum pvm_loss why,
		  const struct pvm_span *span);

/* What was declared since this was last asked. */
#define SAME_DECLARED(declared, want) \
	unit_same_declared(__FILE__, __LINE__, declared, want)

void unit_same_declared(const char *file, unsigned int line,
			struct unit_declared *declared, const char *want);

/* Event @serial, at second 1000 and as many milliseconds. */
struct pvm_id unit_id(uint64_t serial);

/*
 * The two clocks stand still, where they are set, in milliseconds; at 0 each
 * goes on by itself.
 */
void unit_set_clocks(uint64_t monotonic_ms, uint64_t wall_ms);

/* What has been logged since this was last asked. */
#define SAME_LOG(want) unit_same_log(__FILE__, __LINE__, want)

void unit_same_log(const char *file, unsigned int line, const char *want);

/* A new folder, and the end of it and of @name in it. */
#define UNIT_FOLDER "/tmp/pvm-unit-XXXXXX"
void unit_make_folder(char folder[static sizeof(UNIT_FOLDER)]);
void unit_remove_folder(const char *folder, const char *name);

/* The two calls as this machine's own records have them. */
#if defined(__x86_64__)
#define READV "arch=c000003e syscall=310"
#define WRITEV "arch=c000003e syscall=311"
#define READV_32 "arch=40000003 syscall=347"
#define WRITEV_32 "arch=40000003 syscall=348"
#define OTHER_32 "arch=40000003 syscall=310"
#define ABI_32 "i386"
#define ARCH 0xc000003e
#define READV_NR 310
#define ARCH_32 0x40000003
#define WRITEV_32_NR 348
#else
#define READV "arch=c00000b7 syscall=270"
#define WRITEV "arch=c00000b7 syscall=271"
#define READV_32 "arch=40000028 syscall=376"
#define WRITEV_32 "arch=40000028 syscall=377"
#define OTHER_32 "arch=40000028 syscall=270"
#define ABI_32 "arm"
#define ARCH 0xc00000b7
#define READV_NR 270
#define ARCH_32 0x40000028
#define WRITEV_32_NR 377
#endif

/* @text as a line that was read; it may end with a newline. */
struct pvm_line unit_line(const char *text);

/*
 * A readv by the process 4242 of 4300 that moved 24 bytes, as event
 * 1795288457.412:@serial; to be freed with free().
 */
struct pvm_syscall *unit_syscall(uint64_t serial);

/*
 * The same call as the probes saw it, with room for @remote and @local
 * vectors; vector i of a side is 0x1000 * (i + 1), 8 bytes.
 */
struct pvm_capture *unit_capture(uint64_t serial, uint32_t remote,
				 uint32_t local);

/* One of @capture's vectors, for changing. */
struct pvm_wire_iovec *unit_vector(struct pvm_capture *capture,
				   enum pvm_list side, uint32_t i);

#endif
