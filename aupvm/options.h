/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options.h - the command line */
#ifndef AUPVM_OPTIONS_H
#define AUPVM_OPTIONS_H

#include <stdbool.h>

#include "match/filter.h"

enum mode {
	MODE_TABLE,
	MODE_TEXT,
	MODE_CSV,
	MODE_JSON,
	MODE_SUMMARY,
	MODE_GRAPH,
	MODE_TIMELINE,
	MODE_VERIFY,
};

struct options {
	enum mode mode;
	const char *input; /* a file, a folder; or NULL */
	char **files; /* likewise, those behind the options; NULL ends them */
	bool input_logs;
	const char *plugin;
	bool follow;
	bool just_one;
	const char *checkpoint; /* a file, or NULL */
	bool live; /* either of them */
	bool line_buffered;
	struct conditions conditions;
};

/*
 * Ends the program for --help, --version and, with a message that names what
 * is wrong, for options that it does not take.
 */
void options_read(struct options *options, int argc, char **argv);
void options_free(struct options *options);

#endif
