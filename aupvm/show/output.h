/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output.h - the outputs, as main.c calls them
 *
 * Each is made by its own *_new(), gets the accesses that the options select,
 * those that print rows in the order of time, the others in that of the log,
 * and prints to standard output.
 */
#ifndef AUPVM_OUTPUT_H
#define AUPVM_OUTPUT_H

#include "match/access.h"

struct names;

struct output {
	void (*access)(struct output *output, const struct access *access);
	/* after the last access; or NULL */
	void (*end)(struct output *output);
	void (*free)(struct output *output);
};

struct output *table_new(struct names *names);
struct output *phrases_new(struct names *names);
struct output *csv_new(struct names *names);
struct output *json_new(struct names *names);
struct output *summary_new(void);
struct output *graph_new(void);
struct output *timeline_new(void);

#endif
