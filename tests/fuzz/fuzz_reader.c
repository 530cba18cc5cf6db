// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * fuzz_reader.c - anything at all in a log: aupvm's lines, match and outputs
 *
 * Whatever comes, no byte reaches an output that could mean something to a
 * terminal, and every audited call has one fate.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/line.h"
#include "lib/slice.h"
#include "match/equation.h"
#include "match/match.h"
#include "match/unenriched.h"
#include "show/names.h"
#include "show/output.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bench {
	struct match match;
	struct names *names;
	struct output *output[7];
	size_t outputs;
};

static void must(bool holds)
{
	if (!holds)
		abort();
}

static void on_access(void *arg, const struct access *access)
{
	struct bench *bench = arg;

	struct access whole = *access;

	must(access->count > 0);
	late_show(&bench->match.store.late_details, &whole);
	for (size_t i = 0; i < bench->outputs; i++)
		bench->output[i]->access(bench->output[i], &whole);
}

static void on_see(void *arg, const struct access *access)
{
	struct bench *bench = arg;

	names_see(bench->names, access);
}

static void set_up(struct bench *bench)
{
	bench->names = names_new();
	bench->output[0] = table_new(bench->names);
	bench->output[1] = phrases_new(bench->names);
	bench->output[2] = csv_new(bench->names);
	bench->output[3] = json_new(bench->names);
	bench->output[4] = summary_new();
	bench->output[5] = graph_new();
	bench->output[6] = timeline_new();
	bench->outputs = 7;
	bench->match = (struct match){
		.store.emit = on_access,
		.store.arg = bench,
		.store.detailed = true,
		.see = on_see,
		.see_arg = bench,
		.plugin = "/usr/sbin/audisp-pvm",
	};
}

static void tear_down(struct bench *bench)
{
	for (size_t i = 0; i < bench->outputs; i++)
		bench->output[i]->free(bench->output[i]);
	match_free(&bench->match);
	names_free(bench->names);
}

static void feed(struct bench *bench, struct slice log)
{
	struct slice text;
	struct pvm_line line;

	while (slice_next(&log, '\n', &text)) {
		pvm_line_read(&line, text);
		if (!line.why)
			match_line(&bench->match, &line);
	}
	match_end(&bench->match);
}

static void check_equation(const struct store *store)
{
	static const struct equation_span always = {0, UINT64_MAX};
	struct figures *figures = calloc(store->nodes.nr + 1, sizeof(*figures));

	equation_count(store, &always, figures);
	for (uint32_t i = 0; i < store->nodes.nr; i++) {
		uint64_t sum = 0;

		for (int fate = 0; fate < FATES; fate++)
			sum += figures[i].by_fate[fate];
		must(sum == figures[i].audited);
	}
	free(figures);
}

static void check_text(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		must((text[i] >= ' ' && text[i] <= '~') || text[i] == '\n' ||
		     text[i] == '\t');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	FILE *terminal = stdout;
	struct bench bench = {0};
	char *text = NULL;
	size_t len = 0;

	stdout = open_memstream(&text, &len);
	must(stdout != NULL);
	set_up(&bench);
	feed(&bench, (struct slice){(const char *)data, size});
	equation_make(&bench.match.store);
	unenriched_emit(&bench.match.store);
	for (size_t i = 0; i < bench.outputs; i++)
		if (bench.output[i]->end)
			bench.output[i]->end(bench.output[i]);
	check_equation(&bench.match.store);
	tear_down(&bench);
	fclose(stdout);
	stdout = terminal;
	check_text(text, len);
	free(text);
	return 0;
}
