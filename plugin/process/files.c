// SPDX-License-Identifier: GPL-2.0-or-later
/* files.c - see files.h */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib/clock.h"
#include "process/files.h"
#include "process/log.h"
#include "process/thread.h"

STAILQ_HEAD(job_list, pvm_job);

struct pvm_files {
	pthread_t thread;
	int fd; /* an eventfd: something is done */
	struct pvm_files_counters counters;
	unsigned int out; /* jobs that are not back */
	const struct pvm_job *hung; /* that this was logged of, or NULL */

	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t more;
	struct job_list waiting; /* the first one is being done */
	struct job_list ready;
	bool stopping;
};

/* The job stays the first until it is done; NULL: none will come. */
static struct pvm_job *next_job(struct pvm_files *files)
{
	struct pvm_job *job;

	pthread_mutex_lock(&files->lock);
	while (STAILQ_EMPTY(&files->waiting) && !files->stopping)
		pthread_cond_wait(&files->more, &files->lock);
	job = STAILQ_FIRST(&files->waiting);
	if (job)
		job->begun_ms = pvm_now_ms();
	pthread_mutex_unlock(&files->lock);
	return job;
}

static void finish_job(struct pvm_files *files, struct pvm_job *job)
{
	pthread_mutex_lock(&files->lock);
	STAILQ_REMOVE_HEAD(&files->waiting, next);
	STAILQ_INSERT_TAIL(&files->ready, job, next);
	pthread_mutex_unlock(&files->lock);
	eventfd_write(files->fd, 1);
}

static void *run(void *arg)
{
	struct pvm_files *files = arg;
	struct pvm_job *job;

	while ((job = next_job(files))) {
		job->run(job->arg);
		finish_job(files, job);
	}
	return NULL;
}

static void free_files(struct pvm_files *files)
{
	close(files->fd);
	pthread_mutex_destroy(&files->lock);
	pthread_cond_destroy(&files->more);
	free(files);
}

struct pvm_files *pvm_files_start(void)
{
	struct pvm_files *files = calloc(1, sizeof(*files));
	int err;

	if (!files)
		return NULL;
	STAILQ_INIT(&files->waiting);
	STAILQ_INIT(&files->ready);
	pthread_mutex_init(&files->lock, NULL);
	pthread_cond_init(&files->more, NULL);
	files->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	err = files->fd < 0 ? -errno
			    : pvm_thread_start(&files->thread, run, files);
	if (!err)
		return files;
	free_files(files);
	errno = -err;
	return NULL;
}

int pvm_files_fd(const struct pvm_files *files)
{
	return files->fd;
}

bool pvm_files_put(struct pvm_files *files, struct pvm_job *job)
{
	if (!files) {
		job->run(job->arg);
		job->done(job->arg);
		return true;
	}
	if (job->out) {
		files->counters.put_off++;
		return false;
	}
	files->counters.jobs++;
	files->out++;
	job->out = true;
	job->begun_ms = 0;
	pthread_mutex_lock(&files->lock);
	STAILQ_INSERT_TAIL(&files->waiting, job, next);
	pthread_cond_signal(&files->more);
	pthread_mutex_unlock(&files->lock);
	return true;
}

static struct pvm_job *take_ready(struct pvm_files *files)
{
	struct pvm_job *job;

	pthread_mutex_lock(&files->lock);
	job = STAILQ_FIRST(&files->ready);
	if (job)
		STAILQ_REMOVE_HEAD(&files->ready, next);
	pthread_mutex_unlock(&files->lock);
	return job;
}

static uint64_t age_ms(const struct pvm_job *job)
{
	return pvm_now_ms() - job->begun_ms;
}

static const struct pvm_job *find_hung(struct pvm_files *files)
{
	const struct pvm_job *job;

	pthread_mutex_lock(&files->lock);
	job = STAILQ_FIRST(&files->waiting);
	if (job && (!job->begun_ms || age_ms(job) < PVM_JOB_HUNG_MS))
		job = NULL;
	pthread_mutex_unlock(&files->lock);
	return job;
}

static void log_hung(struct pvm_files *files)
{
	files->hung = find_hung(files);
	if (!files->hung)
		return;
	files->counters.hung++;
	pvm_log(LOG_ERR,
		"%s has not ended for %d seconds; the plugin goes on, but no "
		"other file is read or written until it does: see that the "
		"disk of that file answers",
		files->hung->what, PVM_JOB_HUNG_MS / 1000);
}

static void log_unhung(struct pvm_files *files, const struct pvm_job *job)
{
	pvm_log(LOG_NOTICE, "%s has ended after %" PRIu64 " seconds", job->what,
		age_ms(job) / 1000);
	files->hung = NULL;
}

void pvm_files_take(struct pvm_files *files)
{
	struct pvm_job *job;
	eventfd_t nr;

	if (!files || !files->out)
		return;
	eventfd_read(files->fd, &nr);
	while ((job = take_ready(files))) {
		if (files->hung == job)
			log_unhung(files, job);
		files->out--;
		job->out = false;
		job->done(job->arg);
	}
	if (files->out && !files->hung)
		log_hung(files);
}

bool pvm_files_wait(struct pvm_files *files, const struct pvm_job *job,
		    unsigned int timeout_ms)
{
	uint64_t until_ms = pvm_now_ms() + timeout_ms, now_ms;

	while (job->out && (pvm_files_take(files), job->out)) {
		struct pollfd ready = {files->fd, POLLIN, 0};

		now_ms = pvm_now_ms();
		if (now_ms >= until_ms)
			return false;
		if (poll(&ready, 1, (int)(until_ms - now_ms)) < 0 &&
		    errno != EINTR)
			return false;
	}
	return true;
}

static void log_left(struct pvm_files *files)
{
	const struct pvm_job *job;

	pthread_mutex_lock(&files->lock);
	job = STAILQ_FIRST(&files->waiting);
	pthread_mutex_unlock(&files->lock);
	if (job)
		pvm_log(LOG_ERR,
			"%s has not ended, and is not waited for: see that the "
			"disk of that file answers",
			job->what);
}

bool pvm_files_stop(struct pvm_files *files, unsigned int timeout_ms)
{
	if (!files)
		return true;
	pthread_mutex_lock(&files->lock);
	files->stopping = true;
	pthread_cond_signal(&files->more);
	pthread_mutex_unlock(&files->lock);
	if (!pvm_thread_join(files->thread, timeout_ms)) {
		log_left(files);
		return false;
	}
	pvm_files_take(files);
	free_files(files);
	return true;
}

const struct pvm_files_counters *pvm_files_counters(
	const struct pvm_files *files)
{
	return &files->counters;
}
