// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * timeline.c - --timeline: calls and bytes over time, an SVG picture
 *
 * The log is read once, and its last time is not known beforehand. So time is
 * cut into slots, and whenever the log goes beyond the last slot, neighbours
 * are merged and the width of all doubles: memory is the same for every log.
 * The calls of a folded record count as if spread evenly over its time.
 *
 * One write among thousands of reads is less than a pixel high, and may be what
 * matters: so below the calls each series has a lane, with a mark for every
 * slot in which it has a call.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "show/columns.h"
#include "util/memory.h"
#include "show/output.h"

#define SLOTS 256 /* even */

/* The picture, in pixels. */
#define WIDTH 960
#define HEIGHT 436
#define LEFT 150
#define RIGHT 20
#define TOP 36
#define PANEL 120 /* height of either */
#define GAP 44
#define LANE 16 /* from one to the next */
#define MARK 11 /* height of a mark in it */
#define PLOT (WIDTH - LEFT - RIGHT)
#define CALLS_BASE (TOP + PANEL)
#define LANES_TOP (CALLS_BASE + 12)
#define LANES_END (LANES_TOP + SERIES * LANE)
#define BYTES_BASE (LANES_END + GAP + PANEL)

enum series {
	SERIES_READS,
	SERIES_WRITES,
	SERIES_FAILED,
	SERIES_UNENRICHED, /* only audit's own record */
	SERIES,
};

struct slot {
	double calls[SERIES];
	double bytes[2]; /* read, written */
};

struct timeline {
	struct output output;
	struct slot slot[SLOTS];
	uint64_t start_ms; /* of the first slot; a multiple of width_ms */
	uint64_t width_ms; /* 0 until the first access */
	uint64_t from_ms, to_ms; /* first and last time of all accesses */
};

static const struct {
	const char *name, *colour;
} series[SERIES] = {
	[SERIES_READS] = {"reads", "#2471a3"},
	[SERIES_WRITES] = {"writes", "#c0392b"},
	[SERIES_FAILED] = {"failed", "#e67e22"},
	[SERIES_UNENRICHED] = {"without a record", "#7f8c8d"},
};

static void add_slot(struct slot *sum, const struct slot *slot)
{
	for (int i = 0; i < SERIES; i++)
		sum->calls[i] += slot->calls[i];
	for (int i = 0; i < 2; i++)
		sum->bytes[i] += slot->bytes[i];
}

/* Slots twice as wide, aligned to their width; the start can move back. */
static void widen(struct timeline *timeline)
{
	uint64_t width = 2 * timeline->width_ms;
	uint64_t start = timeline->start_ms / width * width;
	size_t odd = start != timeline->start_ms;
	struct slot wide[SLOTS] = {0};

	for (size_t i = 0; i < SLOTS; i++)
		add_slot(&wide[(i + odd) / 2], &timeline->slot[i]);
	memcpy(timeline->slot, wide, sizeof(wide));
	timeline->width_ms = width;
	timeline->start_ms = start;
}

static uint64_t end_of(const struct timeline *timeline)
{
	return timeline->start_ms + SLOTS * timeline->width_ms;
}

/* Move all slots to the end, as far as @ms needs; false when it is too far. */
static bool move_back(struct timeline *timeline, uint64_t ms)
{
	uint64_t by = (timeline->start_ms - ms + timeline->width_ms - 1) /
		      timeline->width_ms;

	if (by >= SLOTS ||
	    timeline->to_ms >= end_of(timeline) - by * timeline->width_ms)
		return false;
	memmove(&timeline->slot[by], timeline->slot,
		(SLOTS - by) * sizeof(struct slot));
	memset(timeline->slot, 0, by * sizeof(struct slot));
	timeline->start_ms -= by * timeline->width_ms;
	return true;
}

/* Make room for the time @ms in the slots. */
static void reach(struct timeline *timeline, uint64_t ms)
{
	if (!timeline->width_ms) {
		timeline->width_ms = 1;
		timeline->start_ms = timeline->from_ms = timeline->to_ms = ms;
	}
	while (ms >= end_of(timeline))
		widen(timeline);
	while (ms < timeline->start_ms && !move_back(timeline, ms))
		widen(timeline);
	if (ms < timeline->from_ms)
		timeline->from_ms = ms;
	if (ms > timeline->to_ms)
		timeline->to_ms = ms;
}

static enum series series_of(const struct access *access)
{
	if (access->kind == ACCESS_UNENRICHED)
		return SERIES_UNENRICHED;
	if (access_failed(access))
		return SERIES_FAILED;
	return access->write ? SERIES_WRITES : SERIES_READS;
}

static void timeline_access(struct output *output, const struct access *access)
{
	struct timeline *timeline = (struct timeline *)output;
	uint64_t a = id_ms(&access->first), b = id_ms(&access->last);
	size_t first, last;

	if (access->kind == ACCESS_LOST)
		return;
	reach(timeline, a);
	reach(timeline, b);
	/* only now: reaching the second can move the first */
	first = ((a < b ? a : b) - timeline->start_ms) / timeline->width_ms;
	last = ((a < b ? b : a) - timeline->start_ms) / timeline->width_ms;
	for (size_t i = first; i <= last; i++) {
		struct slot *slot = &timeline->slot[i];
		double share = 1.0 / (double)(last - first + 1);

		slot->calls[series_of(access)] += (double)access->count * share;
		slot->bytes[access->write] += (double)access->bytes * share;
	}
}

/* ---- the picture */

/* The picture begins and ends with a slot. */
static void round_to_slots(struct timeline *timeline)
{
	uint64_t width = timeline->width_ms;

	timeline->from_ms -= (timeline->from_ms - timeline->start_ms) % width;
	timeline->to_ms +=
		width - (timeline->to_ms - timeline->start_ms) % width;
}

static double x_of(const struct timeline *timeline, uint64_t ms)
{
	return LEFT + (double)(ms - timeline->from_ms) * PLOT /
			      (double)(timeline->to_ms - timeline->from_ms);
}

/* A bar from @base up, in pixels; returns its top. */
static double bar(const struct timeline *timeline, size_t i, double base,
		  double height, const char *colour)
{
	uint64_t from = timeline->start_ms + i * timeline->width_ms;
	double left, right;

	if (height <= 0)
		return base;
	left = x_of(timeline, from);
	right = x_of(timeline, from + timeline->width_ms);
	printf("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" "
	       "fill=\"%s\"/>\n",
	       left, base - height, right - left, height, colour);
	return base - height;
}

static void text_at(double x, double y, const char *anchor, const char *text)
{
	printf("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x,
	       y, anchor, text);
}

/* The frame of a panel whose base is at @base, its title and its largest. */
static void frame(double base, const char *title, const char *most)
{
	printf("<path d=\"M%d %.1f h%d m0 %d h-%d\" fill=\"none\" "
	       "stroke=\"#d5d8dc\"/>\n",
	       LEFT, base - PANEL, PLOT, PANEL / 2, PLOT);
	printf("<path d=\"M%d %.1f V%.1f H%d\" fill=\"none\" "
	       "stroke=\"#7f8c8d\"/>\n",
	       LEFT, base - PANEL, base, LEFT + PLOT);
	text_at(LEFT, base - PANEL - 10, "start", title);
	text_at(LEFT - 8, base - PANEL + 5, "end", most);
	text_at(LEFT - 8, base + 2, "end", "0");
}

static double most_of(const struct timeline *timeline, bool bytes)
{
	double most = 0;

	for (size_t i = 0; i < SLOTS; i++) {
		const struct slot *slot = &timeline->slot[i];
		double sum = 0;

		for (int k = 0; k < (bytes ? 2 : SERIES); k++)
			sum += bytes ? slot->bytes[k] : slot->calls[k];
		if (sum > most)
			most = sum;
	}
	return most;
}

static void put_bytes(struct strbuf *text, double bytes)
{
	strbuf_put_size(text, bytes < 0x1p64 ? (uint64_t)bytes : UINT64_MAX);
}

static void panel(const struct timeline *timeline, double base, bool bytes,
		  const char *title)
{
	double most = most_of(timeline, bytes);
	struct strbuf text = {0};

	if (bytes)
		put_bytes(&text, most);
	else
		strbuf_put(&text, "%.0f", most);
	frame(base, title, text.at);
	strbuf_free(&text);
	for (size_t i = 0; i < SLOTS && most > 0; i++) {
		const struct slot *slot = &timeline->slot[i];
		double at = base;

		for (int k = 0; k < (bytes ? 2 : SERIES); k++)
			at = bar(timeline, i, at,
				 PANEL / most *
					 (bytes ? slot->bytes[k]
						: slot->calls[k]),
				 series[k].colour);
	}
}

static void mark(const struct timeline *timeline, size_t i, double y,
		 const char *colour)
{
	uint64_t from = timeline->start_ms + i * timeline->width_ms;
	double left = x_of(timeline, from);

	printf("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%d\" "
	       "fill=\"%s\"/>\n",
	       left, y, x_of(timeline, from + timeline->width_ms) - left, MARK,
	       colour);
}

/* The lanes are the legend as well. */
static void lanes(const struct timeline *timeline)
{
	for (int k = 0; k < SERIES; k++) {
		double y = LANES_TOP + k * LANE;

		printf("<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%d\" "
		       "fill=\"#f2f3f4\"/>\n",
		       LEFT, y, PLOT, MARK);
		printf("<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%d\" "
		       "fill=\"%s\"/>\n",
		       LEFT - 8 - MARK, y, MARK, MARK, series[k].colour);
		text_at(LEFT - 12 - MARK, y + MARK - 1, "end", series[k].name);
		for (size_t i = 0; i < SLOTS; i++)
			if (timeline->slot[i].calls[k] > 0)
				mark(timeline, i, y, series[k].colour);
	}
}

/* The time at the start, in the middle and at the end. */
static void times(const struct timeline *timeline)
{
	static const char *const anchors[] = {"start", "middle", "end"};
	uint64_t all = timeline->to_ms - timeline->from_ms;
	struct strbuf text = {0};

	for (unsigned int i = 0; i < 3; i++) {
		double x = LEFT + PLOT * i / 2.0;

		strbuf_clear(&text);
		strbuf_put_time(&text, timeline->from_ms + all * i / 2);
		printf("<path d=\"M%.1f %d v6\" stroke=\"#7f8c8d\"/>\n", x,
		       BYTES_BASE);
		text_at(x, BYTES_BASE + 22, anchors[i], text.at);
	}
	strbuf_free(&text);
}

static void title_of(const struct timeline *timeline, const char *what,
		     struct strbuf *title)
{
	uint64_t ms = timeline->width_ms;

	if (ms < 1000)
		strbuf_put(title, "%s in %" PRIu64 " ms", what, ms);
	else
		strbuf_put(title, "%s in %.3g s", what, (double)ms / 1000);
}

/* What the bars are in all, for who cannot see them, or wants to know. */
static void print_sums(const struct timeline *timeline)
{
	struct strbuf size = {0};
	double calls = 0, bytes = 0;

	for (size_t i = 0; i < SLOTS; i++) {
		const struct slot *slot = &timeline->slot[i];

		for (int k = 0; k < SERIES; k++)
			calls += slot->calls[k];
		for (int k = 0; k < 2; k++)
			bytes += slot->bytes[k];
	}
	put_bytes(&size, bytes + 0.5);
	printf("<title>%.0f calls, %sB transferred</title>\n", calls, size.at);
	strbuf_free(&size);
}

static void draw_panels(const struct timeline *timeline)
{
	struct strbuf title = {0};

	title_of(timeline, "Calls", &title);
	panel(timeline, CALLS_BASE, false, title.at);
	strbuf_clear(&title);
	title_of(timeline, "Bytes transferred", &title);
	panel(timeline, BYTES_BASE, true, title.at);
	strbuf_free(&title);
	lanes(timeline);
	times(timeline);
}

static void timeline_end(struct output *output)
{
	struct timeline *timeline = (struct timeline *)output;

	printf("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
	       "height=\"%d\" viewBox=\"0 0 %d %d\" "
	       "font-family=\"sans-serif\" font-size=\"13\">\n"
	       "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n",
	       WIDTH, HEIGHT, WIDTH, HEIGHT);
	if (timeline->width_ms) {
		print_sums(timeline);
		round_to_slots(timeline);
		draw_panels(timeline);
	} else {
		text_at(WIDTH / 2.0, HEIGHT / 2.0, "middle", "no calls");
	}
	puts("</svg>");
}

static void timeline_free(struct output *output)
{
	free(output);
}

struct output *timeline_new(void)
{
	struct timeline *timeline = new_zeroed(1, sizeof(*timeline));

	timeline->output.access = timeline_access;
	timeline->output.end = timeline_end;
	timeline->output.free = timeline_free;
	return &timeline->output;
}
