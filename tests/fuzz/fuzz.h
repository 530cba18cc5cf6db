/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fuzz.h - what the fuzzers share
 *
 * A thing that must not be ends the process, by which the fuzzer keeps the
 * input that has led to it.
 */
#ifndef PVM_FUZZ_H
#define PVM_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pvm/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void must(bool holds);

/* Bytes of the input, taken from its start; zero when there are no more. */
struct fuzz_input {
	const uint8_t *data;
	size_t size;
};

/* The next @len bytes into @to. */
void fuzz_take(struct fuzz_input *input, void *to, size_t len);

/* A number from 0 to @most. */
uint32_t fuzz_number(struct fuzz_input *input, uint32_t most);

/*
 * A record's text must be one that a reader of the audit log can trust: one
 * line, within its limit, every field name=value without a space or a stray
 * quote.
 */
void fuzz_check_text(const char *text, size_t len);

/* Write all parts of @access and check each; @arg is not used. */
void fuzz_write_records(void *arg, const struct pvm_access *access);

#endif
