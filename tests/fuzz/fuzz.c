// SPDX-License-Identifier: GPL-2.0-or-later
/* fuzz.c - see fuzz.h */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "pvm/record.h"

void must(bool holds)
{
	if (!holds)
		abort();
}

void fuzz_take(struct fuzz_input *input, void *to, size_t len)
{
	size_t n = input->size < len ? input->size : len;

	memset(to, 0, len);
	if (n)
		memcpy(to, input->data, n);
	input->data += n;
	input->size -= n;
}

uint32_t fuzz_number(struct fuzz_input *input, uint32_t most)
{
	uint32_t number;

	fuzz_take(input, &number, most > UINT8_MAX ? sizeof(number) : 1);
	return most == UINT32_MAX ? number : number % (most + 1);
}

void fuzz_check_text(const char *text, size_t len)
{
	bool quoted = false;

	must(len && len <= PVM_RECORD_MAX && strlen(text) == len);
	must(!strncmp(text, "op=process_vm", 13));
	for (size_t i = 0; i < len; i++) {
		must(text[i] >= ' ' && text[i] <= '~');
		must(!quoted || text[i] != ' ');
		if (text[i] != '"')
			continue;
		must(quoted ? text[i + 1] == ' ' || !text[i + 1]
			    : text[i - 1] == '=');
		quoted = !quoted;
	}
	must(!quoted);
}

void fuzz_write_records(void *arg, const struct pvm_access *access)
{
	char text[PVM_RECORD_MAX + 1];
	struct pvm_record record;
	size_t len;

	(void)arg;
	pvm_record_begin(&record, access);
	while ((len = pvm_record_next(&record, text)))
		fuzz_check_text(text, len);
}
