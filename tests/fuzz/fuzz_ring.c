// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_ring.c - anything at all from the ring buffer: captures, join, fold,
 * record
 *
 * Only the kernel writes there; still, nothing that stands in a record of the
 * ring may lead outside of it.
 */
#include <stdlib.h>
#include <string.h>

#include "kernel/capture.h"
#include "call/fold.h"
#include "fuzz.h"
#include "call/join.h"
#include "pvm/record.h"

static void write_records(void *arg, const struct pvm_access *access)
{
	(void)arg;
	fuzz_write_records(NULL, access);
}

static void take_access(void *arg, struct pvm_syscall *syscall,
			struct pvm_capture *capture)
{
	pvm_fold_take(arg, syscall, capture, 0);
}

/* Records follow each other, two bytes of length ahead of each. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pvm_captures *captures = pvm_captures_new();
	struct pvm_fold *fold = pvm_fold_new(
		8, 1, 1000, pvm_record_serials_room, write_records, NULL);
	struct pvm_join *join = pvm_join_new(64, 1000, take_access, fold);
	struct pvm_capture *capture;

	must(captures && join && fold);
	while (size > 2) {
		size_t len = data[0] | (size_t)data[1] << 8;
		void *copy;

		data += 2;
		size -= 2;
		if (len > size)
			len = size;
		copy = malloc(len ? len : 1); /* aligned, nothing behind it */
		must(copy);
		memcpy(copy, data, len);
		capture = pvm_captures_take(captures, copy, len);
		free(copy);
		if (capture)
			pvm_join_capture(join, capture, 0);
		data += len;
		size -= len;
	}
	pvm_join_flush(join);
	pvm_fold_flush(fold);
	pvm_join_free(join);
	pvm_fold_free(fold);
	pvm_captures_free(captures);
	return 0;
}
