/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * readahead.h - a thread reads stdin while the first thread cannot
 *
 * Attaching the probes makes audit records. When audit's backlog is full,
 * whoever makes a record waits until auditd has made room, and auditd waits for
 * a plugin that does not read. So a thread of its own gathers what comes
 * meanwhile; the first thread handles it once the probes are attached.
 *
 * Memory is bounded. What exceeds the bound is read and dropped, in whole
 * lines: the ledger then finds their events' ids missing, and declares them
 * lost (gaps.h).
 */
#ifndef PVM_READAHEAD_H
#define PVM_READAHEAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Most bytes that are kept; what is not used takes no memory. To attach the
 * probes the plugin makes two calls that may be audited, each of which can have
 * to wait until auditd has emptied the backlog: of 8192 records with Debian's
 * rules, which are 2.5 MB. More would not fit, with what attaching takes, into
 * the 16 MB that the plugin has at most.
 */
#define PVM_READAHEAD_MAX ((size_t)3 << 20)

/* The thread's from start to stop, the caller's before and after. */
struct pvm_readahead {
	int fd;
	int stop; /* an eventfd */
	bool running;
	pthread_t thread;
	char *bytes; /* NULL before the first start */
	size_t used;
	size_t kept; /* the end of what stays; 0 while there is room for all */
	uint64_t dropped; /* lines */
	bool ended; /* set at the stop: auditd has closed its end */
};

/*
 * Begin to read @fd, which must not block. *@readahead is all zero, or was
 * started and freed before. Returns 0, or -errno with nothing begun.
 */
int pvm_readahead_start(struct pvm_readahead *readahead, int fd);

/*
 * Read no more. What has come is in bytes, in its order; its last line may
 * only have begun, and go on in what is read from the descriptor next. An end
 * or an error of the descriptor is left to that reader. Does nothing where
 * nothing was begun.
 */
void pvm_readahead_stop(struct pvm_readahead *readahead);

/* Has auditd closed its end of @fd? There may still be something to read. */
bool pvm_readahead_has_ended(int fd);

/* The first @len bytes are not needed any more: the host gets their memory. */
void pvm_readahead_release(const struct pvm_readahead *readahead, size_t len);

void pvm_readahead_free(struct pvm_readahead *readahead);

#endif
