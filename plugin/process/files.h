/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * files.h - the file thread: reads and writes files for the first thread
 *
 * Whoever opens, reads or writes a file waits for its disk, or for the server
 * that has it; the thread that reads stdin must not. So it hands that over as a
 * job, and gets it back when it is done. A job is its owner's, one for each
 * purpose, and is handed over again only when it is back: so no more jobs wait
 * than there are, and each does what is wanted at the time, not what was.
 *
 * Rejected: to wait for a job, up to a limit. A write that ends after it would
 * be there although nobody believes so.
 */
#ifndef PVM_FILES_H
#define PVM_FILES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

/* A job that takes longer is logged, and its end as well. */
#define PVM_JOB_HUNG_MS 10000

/* With their names in the state report. */
#define PVM_FILES_COUNTERS(X)                                 \
	/* handed over */                                     \
	X(jobs, "file_jobs")                                  \
	/* times that one was wanted, and was not back yet */ \
	X(put_off, "file_jobs_put_off")                       \
	/* of which one took longer than PVM_JOB_HUNG_MS */   \
	X(hung, "file_jobs_hung")

struct pvm_files_counters {
#define X(counter, name) uint64_t counter;
	PVM_FILES_COUNTERS(X)
#undef X
};

struct pvm_job {
	const char *what; /* "writing FILE", for the log; borrowed */
	void (*run)(void *arg); /* on the file thread, which does not log */
	void (*done)(void *arg); /* then, on the first thread */
	void *arg;

	/* of files.c; zero at first */
	STAILQ_ENTRY(pvm_job) next;
	bool out; /* and not back */
	uint64_t begun_ms; /* to be done, under the lock; 0: not yet */
};

struct pvm_files;

/* Start the thread. Returns NULL with errno set. */
struct pvm_files *pvm_files_start(void);

/* Readable when a job is done. */
int pvm_files_fd(const struct pvm_files *files);

/*
 * Hand over @job, which stays where it is. Returns false where it is not back
 * yet. With @files NULL, before the start, it is done here and now.
 */
bool pvm_files_put(struct pvm_files *files, struct pvm_job *job);

/*
 * Take back what is done, and log when a job takes too long. A job that is back
 * can be handed over again by its own done().
 */
void pvm_files_take(struct pvm_files *files);

/*
 * Likewise, until @job is back, for @timeout_ms at most. For the end: then
 * nothing is read from stdin any more. Returns whether it is back.
 */
bool pvm_files_wait(struct pvm_files *files, const struct pvm_job *job,
		    unsigned int timeout_ms);

/*
 * End the thread, which does first what it has, for @timeout_ms at most.
 * Returns false where it is not ready by then: @files is not freed, nothing
 * that a job uses may be, and the process is expected to end.
 */
bool pvm_files_stop(struct pvm_files *files, unsigned int timeout_ms);

const struct pvm_files_counters *pvm_files_counters(
	const struct pvm_files *files);

#endif
