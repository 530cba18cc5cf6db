// SPDX-License-Identifier: GPL-2.0-or-later
/* progress.c - see progress.h */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "util/progress.h"
#include "util/strbuf.h"

/* What is read faster than that needs no bar. */
#define PATIENCE_MS 500
#define INTERVAL_MS 100

#define BAR_WIDTH 40

static uint64_t started_ms, drawn_ms;

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void draw(const struct log *log)
{
	static const char bar[BAR_WIDTH + 1] =
		"########################################";
	struct strbuf text = {0};
	uint64_t done = log->read < log->size ? log->read : log->size;

	strbuf_put_size(&text, log->size ? log->size : log->read);
	if (log->size)
		fprintf(stderr, "\r[%-*.*s] %3u %% of %sB ", BAR_WIDTH,
			(int)(done * BAR_WIDTH / log->size), bar,
			(unsigned int)(done * 100 / log->size), text.at);
	else
		fprintf(stderr, "\r%sB read ", text.at);
	strbuf_free(&text);
}

void progress_show(void *arg, const struct log *log)
{
	uint64_t now = now_ms();

	(void)arg;
	if (!started_ms)
		started_ms = now;
	if (now - started_ms < PATIENCE_MS || now - drawn_ms < INTERVAL_MS)
		return;
	drawn_ms = now;
	draw(log);
}

void progress_clear(void)
{
	if (drawn_ms)
		fputs("\r\33[K", stderr);
	drawn_ms = 0;
}
