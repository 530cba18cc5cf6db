// SPDX-License-Identifier: GPL-2.0-or-later
/* progress.c - see progress.h */
#include <stdio.h>
#include <string.h>

#include "lib/clock.h"
#include "util/progress.h"
#include "util/strbuf.h"

/* What is read faster than that needs no bar. */
#define PATIENCE_MS 500
#define INTERVAL_MS 100

#define BAR_WIDTH 40

static uint64_t started_ms, drawn_ms;

static void draw(uint64_t read, uint64_t size)
{
	static const char bar[BAR_WIDTH + 1] =
		"########################################";
	struct strbuf text = {0};
	uint64_t done = read < size ? read : size;

	strbuf_put_size(&text, size ? size : read);
	if (size)
		fprintf(stderr, "\r[%-*.*s] %3u %% of %sB ", BAR_WIDTH,
			(int)(done * BAR_WIDTH / size), bar,
			(unsigned int)(done * 100 / size), text.at);
	else
		fprintf(stderr, "\r%sB read ", text.at);
	strbuf_free(&text);
}

void progress_show(uint64_t read, uint64_t size)
{
	uint64_t now = pvm_now_ms();

	if (!started_ms)
		started_ms = now;
	if (now - started_ms < PATIENCE_MS || now - drawn_ms < INTERVAL_MS)
		return;
	drawn_ms = now;
	draw(read, size);
}

void progress_clear(void)
{
	if (drawn_ms)
		fputs("\r\33[K", stderr);
	drawn_ms = 0;
}
