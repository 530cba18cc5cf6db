/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * details.h - what of a call only audit's own records have
 *
 * Parent, effective user, terminal, label and session stand in the SYSCALL
 * record, the command line in the PROCTITLE record. They are kept with the
 * call's facts until its record comes. Of a call whose record comes first, they
 * are kept until the log ends: the row is then in the file of order.h.
 */
#ifndef AUPVM_DETAILS_H
#define AUPVM_DETAILS_H

#include "match/access.h"
#include "util/strings.h"

/* Their texts, one behind the other; freed with free(). */
struct details {
	bool has_session;
	uint32_t session;
	struct details_text {
		bool there;
		uint16_t at, len; /* in text */
	} value[4 + 1]; /* in the order of the table in details.c */
	char text[];
};

/* Those among @fields. */
struct details *details_new(const struct fields *fields);

/* Let @fields have those of @details, for as long as these live. */
void details_show(const struct details *details, struct fields *fields);

/* The command line has come; returns @details, moved. */
struct details *details_add_command(struct details *details,
				    struct slice command);

/*
 * Take out of @details what @other has otherwise, and add its name to the words
 * in @differ, each once.
 */
void details_merge(struct details *details, const struct details *other,
		   const char **differ, size_t *differ_nr);

/* As many names may differ at most, with the session's. */
#define DETAILS_NAMES (5 + 1)

/*
 * Details that came behind the record of their call. Grows with these, by about
 * 200 bytes each. A zeroed one is empty.
 */
struct late_details {
	struct strings ids; /* a number of the node, a space, the id */
	struct details **details; /* by the same number */
};

void late_free(struct late_details *late);

/* Takes @details over. */
void late_put(struct late_details *late, uint32_t node, const struct pvm_id *id,
	      struct details *details);

/* Likewise, of the call that may have other ones there already. */
void late_put_command(struct late_details *late, uint32_t node,
		      const struct pvm_id *id, struct slice command);

/* Let @access have what came behind its record. */
void late_show(const struct late_details *late, struct access *access);

#endif
