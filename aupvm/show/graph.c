// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * graph.c - --graph: who touches whose memory, for Graphviz
 *
 * A node is a program on one host. From caller to target goes one edge each for
 * reads, writes, writes into executable memory, folded writes of which some are
 * into it, denied calls and calls that
 * failed otherwise; its width is the logarithm of its bytes. Nobody can read a
 * picture of very many pairs: the edges with the fewest calls are left out, and
 * the caption says how many.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "match/shares.h"
#include "show/columns.h"
#include "util/memory.h"
#include "show/output.h"
#include "read/regions.h"
#include "show/tally.h"

#define EDGES_MAX 200

#define COLOUR_READ "#2471a3"
#define COLOUR_WRITE "#c0392b"
#define COLOUR_CODE "#8e44ad"
#define COLOUR_FAILED "#707b7c"

/* How an edge is drawn, known by a letter at the start of its name. */
static const struct edge_kind {
	char letter;
	const char *one, *many, *colour, *style;
} edge_kinds[] = {
	{'r', "read", "reads", COLOUR_READ, "solid"},
	{'w', "write", "writes", COLOUR_WRITE, "solid"},
	{'x', "write into code", "writes into code", COLOUR_CODE, "solid"},
	{'y', "write, perhaps into code", "writes, some into code", COLOUR_CODE,
	 "solid"},
	{'R', "read denied", "reads denied", COLOUR_READ,
	 "dashed, arrowhead=tee"},
	{'W', "write denied", "writes denied", COLOUR_WRITE,
	 "dashed, arrowhead=tee"},
	{'f', "read failed", "reads failed", COLOUR_FAILED, "dotted"},
	{'F', "write failed", "writes failed", COLOUR_FAILED, "dotted"},
};

/*
 * A call that touches code among others is one that does; of folded calls, only
 * some need be. Returns a letter of the kinds above.
 */
static char letter_of_write(const struct access *access)
{
	struct slice rest = access->fields.value[FIELD_RMAP], entry;
	struct region region;
	bool exec = false, other = false;

	while (slice_next(&rest, ',', &entry)) {
		region_read(&region, entry);
		exec |= region.exec;
		other |= !region.exec;
	}
	other |= field_has_word(&access->fields, FIELD_CUT, "rmap");
	if (exec)
		return access->kind == ACCESS_FOLD && other ? 'y' : 'x';
	return 'w';
}

static char letter_of(const struct access *access)
{
	if (access->exit == -EPERM)
		return access->write ? 'W' : 'R';
	if (access_failed(access))
		return access->write ? 'F' : 'f';
	if (!access->write)
		return 'r';
	return letter_of_write(access);
}

static const struct edge_kind *kind_of(char letter)
{
	const struct edge_kind *kind = edge_kinds;

	while (kind->letter != letter)
		kind++;
	return kind;
}

struct graph {
	struct output output;
	struct tally edges; /* by kind, then host, caller, target in lines */
	struct strings drawn; /* nodes that are in the picture: host, program */
	struct strbuf name;
};

static void add_edge(struct graph *graph, char letter,
		     const struct access *access)
{
	struct strbuf *name = &graph->name;

	if (!access->count)
		return;
	strbuf_clear(name);
	strbuf_put_char(name, letter);
	/* no escaped text has a newline in it */
	strbuf_put_escaped(name, access->node);
	strbuf_put_char(name, '\n');
	column_caller_path(name, access);
	strbuf_put_char(name, '\n');
	column_target_path(name, access);
	sums_add(tally_put(&graph->edges, strbuf_slice(name)), access);
}

/*
 * How many of the folded calls touch code: @least of them have, and no more
 * than @most can have. @bytes is what was moved there.
 */
static void find_code(const struct shares *shares, const struct access *access,
		      uint64_t *least, uint64_t *most, uint64_t *bytes)
{
	*least = *most = *bytes = 0;
	for (unsigned int i = 0; i < shares->nr; i++) {
		const struct share *share = &shares->share[i];

		if (!share->region.exec)
			continue;
		if (share->calls > *least)
			*least = share->calls;
		if (__builtin_add_overflow(*most, share->calls, most) ||
		    *most > access->count)
			*most = access->count;
		*bytes += share->bytes;
	}
	if (shares->apart)
		*least = *most;
	if (*bytes > access->bytes)
		*bytes = access->bytes;
}

/* Each of the folded writes is on one edge, and so are their bytes. */
static void add_writes(struct graph *graph, const struct access *access,
		       const struct shares *shares)
{
	uint64_t least, most, code, rest;
	struct access part;

	find_code(shares, access, &least, &most, &code);
	rest = access->bytes - code;
	part = shares_part(access, least,
			   most == access->count && most == least ? code + rest
								  : code);
	add_edge(graph, 'x', &part);
	part = shares_part(access, most - least,
			   most == access->count ? rest : 0);
	add_edge(graph, 'y', &part);
	part = shares_part(access, access->count - most, rest);
	add_edge(graph, 'w', &part);
}

static void graph_access(struct output *output, const struct access *access)
{
	struct graph *graph = (struct graph *)output;
	struct shares shares;
	char letter;

	if (access->kind == ACCESS_LOST)
		return;
	shares_read(&shares, access);
	letter = letter_of(access);
	if (shares.nr && (letter == 'x' || letter == 'y'))
		add_writes(graph, access, &shares);
	else
		add_edge(graph, letter, access);
}

/* DOT's quotes know \" and, in labels, other escapes as well. */
static void print_quoted(struct slice span)
{
	for (size_t i = 0; i < span.len; i++) {
		if (span.at[i] == '"' || span.at[i] == '\\')
			putchar('\\');
		putchar(span.at[i]);
	}
}

/* The number of the node, which is printed when it is new. */
static uint32_t draw_node(struct graph *graph, struct slice host,
			  struct slice program)
{
	uint32_t before = graph->drawn.nr, number;

	strbuf_clear(&graph->name);
	strbuf_put_slice(&graph->name, host);
	strbuf_put_char(&graph->name, '\n');
	strbuf_put_slice(&graph->name, program);
	number = strings_put(&graph->drawn, strbuf_slice(&graph->name));
	if (number != before)
		return number;
	printf("\tn%" PRIu32 " [label=\"", number);
	print_quoted(program);
	if (host.len) {
		printf("\\non ");
		print_quoted(host);
	}
	puts("\"];");
	return number;
}

static double width_of(uint64_t bytes)
{
	return 1 + log2(1 + (double)bytes) / 10;
}

static void print_edge(uint32_t from, uint32_t to, const struct edge_kind *kind,
		       const struct sums *sums)
{
	uint64_t bytes = sums->read + sums->written;
	struct strbuf label = {0};

	strbuf_put(&label, "%" PRIu64 " %s", sums->calls,
		   sums->calls == 1 ? kind->one : kind->many);
	if (bytes) {
		strbuf_put(&label, ", ");
		strbuf_put_size(&label, bytes);
		strbuf_put(&label, "B");
	}
	printf("\tn%" PRIu32 " -> n%" PRIu32
	       " [label=\"%s\", penwidth=%.1f, color=\"%s\", "
	       "fontcolor=\"%s\", style=%s];\n",
	       from, to, label.at, width_of(bytes), kind->colour, kind->colour,
	       kind->style);
	strbuf_free(&label);
}

static void draw_edge(struct graph *graph, uint32_t number)
{
	struct slice rest = graph->edges.names.item[number];
	struct slice host, caller;
	const struct edge_kind *kind = kind_of(rest.at[0]);
	uint32_t from, to;

	rest.at++;
	rest.len--;
	slice_next(&rest, '\n', &host);
	slice_next(&rest, '\n', &caller);
	from = draw_node(graph, host, caller);
	to = draw_node(graph, host, rest);
	print_edge(from, to, kind, &graph->edges.sums[number]);
}

/* What is the same for every log; white whatever the viewer's theme is. */
static void print_head(void)
{
	puts("digraph pvm {\n"
	     "\tgraph [rankdir=LR, ranksep=1.2, nodesep=0.3, pad=0.2, "
	     "bgcolor=white, fontname=\"sans-serif\", fontsize=10];\n"
	     "\tnode [shape=box, style=\"rounded,filled\", "
	     "fillcolor=\"#f4f6f7\", color=\"#5d6d7e\", "
	     "fontname=\"sans-serif\", fontsize=12];\n"
	     "\tedge [fontname=\"sans-serif\", fontsize=10, arrowsize=0.7];");
}

static void print_caption(uint32_t left_out)
{
	printf("\tlabel=\"Arrows go to the process whose memory it is; "
	       "the more bytes, the wider.");
	if (left_out)
		printf("\\n%" PRIu32 " edges with fewer calls are left out.",
		       left_out);
	puts("\";");
}

static void graph_end(struct output *output)
{
	struct graph *graph = (struct graph *)output;
	uint32_t nr = graph->edges.names.nr;
	uint32_t shown = nr < EDGES_MAX ? nr : EDGES_MAX;
	uint32_t *order = tally_sort(&graph->edges);

	print_head();
	for (uint32_t i = 0; i < shown; i++)
		draw_edge(graph, order[i]);
	print_caption(nr - shown);
	puts("}");
	free(order);
}

static void graph_free(struct output *output)
{
	struct graph *graph = (struct graph *)output;

	tally_free(&graph->edges);
	strings_free(&graph->drawn);
	strbuf_free(&graph->name);
	free(graph);
}

struct output *graph_new(void)
{
	struct graph *graph = new_zeroed(1, sizeof(*graph));

	graph->output.access = graph_access;
	graph->output.end = graph_end;
	graph->output.free = graph_free;
	return &graph->output;
}
