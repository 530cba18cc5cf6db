/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * config.h - /etc/audit/pvm.conf
 *
 * The parser is pure: text in, struct out. The options are described in
 * pvm.conf(5) and, at their defaults, in the file itself.
 */
#ifndef PVM_CONFIG_H
#define PVM_CONFIG_H

#include <stddef.h>
#include <stdint.h>

#define PVM_CONFIG_FILE "/etc/audit/pvm.conf"

/* Larger files are not a configuration. */
#define PVM_CONFIG_SIZE_MAX 65536

struct pvm_config {
	uint32_t record_type; /* AUDIT_USER or AUDIT_TRUSTED_APP */
	uint32_t vectors; /* most that are listed of a side */
	uint32_t queue_depth; /* records */
	uint32_t join_depth; /* calls */
	uint32_t join_timeout; /* seconds */
	uint32_t source; /* enum pvm_source, the best to try */
	uint32_t ring_size; /* KiB, a power of two */
	uint32_t fold_after; /* calls of a group, 0: fold none */
	uint32_t fold_window; /* seconds */
};

void pvm_config_defaults(struct pvm_config *config);

/*
 * Parse @size bytes of @text, which @name is the file name of.
 * Returns 0 with @config set, or -EINVAL with @config untouched and one
 * sentence in @why: file, line, value, and what is allowed.
 */
int pvm_config_parse(struct pvm_config *config, const char *name,
		     const char *text, size_t size, char *why, size_t why_size);

/*
 * Read and parse the file @name, which must be root's and writable by nobody
 * else. Returns as pvm_config_parse() does, or another -errno.
 */
int pvm_config_load(struct pvm_config *config, const char *name, char *why,
		    size_t why_size);

#endif
