/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * programs.h - which file each name of a system's program is
 *
 * A path says nothing outside of its mount namespace. So of each path in a
 * folder of the system's, on each host, the file that the log has first under
 * it is kept: the device and the inode. Another file under that name later is
 * marked; whether that is an upgrade, a container or somebody who hides, the
 * log does not say.
 */
#ifndef AUPVM_PROGRAMS_H
#define AUPVM_PROGRAMS_H

#include "match/access.h"
#include "util/strbuf.h"
#include "util/strings.h"

/*
 * Names that are kept. Whoever has a mount namespace of his own can make up
 * more; these are not compared, and counted.
 */
#define PROGRAMS_MAX 4096

struct program {
	uint64_t major, minor, inode;
	struct pvm_id first; /* the event that had it */
};

/* A zeroed one is empty. */
struct programs {
	struct strings names; /* a number of the node, a space, the path */
	struct program *program; /* by the same number */
	struct strbuf name;
	uint64_t
		left_out; /* programs of calls, not compared for want of room */
};

void programs_free(struct programs *programs);

/*
 * Set caller_other and target_other of @access, which is good until the next
 * one; keep what is seen there for the first time.
 */
void programs_mark(struct programs *programs, struct access *access);

#endif
