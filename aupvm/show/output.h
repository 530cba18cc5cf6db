/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * output.h - what every output is to main.c
 *
 * Each is made by its own *_new() and gets the accesses that are wanted, in
 * the order of the log. Everything goes to standard output.
 */
#ifndef AUPVM_OUTPUT_H
#define AUPVM_OUTPUT_H

#include "match/access.h"

struct names;

struct output {
	void (*access)(struct output *output, const struct access *access);
	/* all were given; or NULL */
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
