// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_checkpoint.c - anything in the checkpoint's file, and as records that
 * come back
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fuzz.h"
#include "input/feed.h"
#include "ledger/ledger.h"
#include "lib/clock.h"
#include "record/notes.h"

/* The head, and where the first slot's serials are. */
#define HEAD_LEN 128
#define LINE_LEN 24576

struct bench {
	char path[64];
	char boot[37];
};

static void start_bench(struct bench *bench)
{
	FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");

	must(file && fgets(bench->boot, sizeof(bench->boot), file));
	fclose(file);
	snprintf(bench->path, sizeof(bench->path), "/tmp/pvm-fuzz-%d",
		 (int)getpid());
}

/*
 * The file as this boot has it, or behind a '!' another one; the first line of
 * the input is the slot's.
 */
static void write_file(struct bench *bench, const uint8_t *data, size_t size)
{
	static char text[HEAD_LEN + LINE_LEN + 4096];
	const char *boot = bench->boot;
	FILE *file;
	int n;

	memset(text, ' ', sizeof(text));
	if (size && data[0] == '!') {
		boot = "01234567-89ab-4cde-8f01-23456789abcd";
		data++;
		size--;
	}
	n = snprintf(text, HEAD_LEN, "pvm-checkpoint 6 %s generation=7 ", boot);
	text[n] = ' ';
	n = snprintf(text + HEAD_LEN, LINE_LEN, "pvm-checkpoint 6 %s ", boot);
	if (size > LINE_LEN + 2048)
		size = LINE_LEN + 2048;
	memcpy(text + HEAD_LEN + n, data, size);
	file = fopen(bench->path, "w");
	must(file);
	fwrite(text, 1, sizeof(text), file);
	fclose(file);
}

static bool check_loss(void *arg, const struct pvm_report *loss)
{
	char text[PVM_NOTE_MAX];

	(void)arg;
	must(loss->span.count);
	pvm_note_lost(text, loss->why, &loss->span, loss->start);
	must(text[0]);
	return true;
}

static void take_line(void *arg, const struct pvm_line *line)
{
	struct pvm_ledger *ledger = arg;

	pvm_ledger_see(ledger, line, pvm_now_ms());
	if (line->class == PVM_LINE_MESSAGE)
		pvm_ledger_confirm(ledger, line, pvm_now_ms());
}

static void feed_lines(struct pvm_ledger *ledger, const uint8_t *data,
		       size_t size)
{
	static struct pvm_feed feed;

	pvm_feed_init(&feed, take_line, ledger);
	while (size) {
		size_t n = pvm_feed_put(&feed, (const char *)data, size);

		pvm_feed_lines(&feed);
		data += n;
		size -= n;
	}
	pvm_feed_end(&feed);
}

/* A line for the slot, then lines of the stream. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct bench bench;
	const uint8_t *end = size ? memchr(data, '\n', size) : NULL;
	size_t len = end ? (size_t)(end - data) + 1 : size;
	struct pvm_missing missing = {0};
	struct pvm_ledger *ledger;

	if (!bench.path[0])
		start_bench(&bench);
	write_file(&bench, data, len);
	ledger = pvm_ledger_new(78, 9);
	must(ledger);
	must(!pvm_ledger_keep_checkpoint(ledger, bench.path));
	pvm_ledger_settle(ledger, NULL, false, check_loss, NULL);
	feed_lines(ledger, data + len, size - len);
	pvm_ledger_reload(ledger, 1);
	feed_lines(ledger, data + len, size - len);
	pvm_ledger_settle(ledger, NULL, true, check_loss, NULL);
	pvm_ledger_missing(ledger, &missing);
	must(pvm_missing_count(&missing) < UINT64_MAX);
	pvm_ledger_save(ledger, &(struct pvm_span){0}, &missing);
	pvm_ledger_free(ledger);
	unlink(bench.path);
	return 0;
}
