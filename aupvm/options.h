/* SPDX-License-Identifier: GPL-2.0-or-later */
/* options.h - the command line */
#ifndef AUPVM_OPTIONS_H
#define AUPVM_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

enum into {
	INTO_ANY,
	INTO_EXEC,
	INTO_HEAP,
	INTO_STACK,
	INTO_ANON,
	INTO_FILE,
};

/* What an access must be like; NULL and the like: no matter. */
struct conditions {
	uint64_t from_ms, to_ms;
	const char *key; /* part of one */
	const char *program; /* part of the path */
	bool whole_words; /* key and program are whole ones */
	bool by_uid, by_auid, by_pid, by_session, by_result;
	uint32_t uid, auid, pid, session;
	bool failed; /* by_result: the one wanted */
	const char **node; /* any of these */
	size_t nodes;
	const char *target; /* a number, or a name */
	bool by_target_pid;
	uint32_t target_pid;
	const char *op; /* process_vm_readv, process_vm_writev */
	const char *rel;
	enum into into;
};

struct options {
	enum mode mode;
	const char *input; /* a file, a folder; or NULL */
	bool input_logs;
	const char *plugin;
	struct conditions conditions;
};

/*
 * Ends the program for --help, --version and, with a message that names what
 * is wrong, for options that cannot be.
 */
void options_read(struct options *options, int argc, char **argv);
void options_free(struct options *options);

#endif
