// SPDX-License-Identifier: GPL-2.0-or-later
/* inject.c - see inject.h */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "process/log.h"
#include "process/thread.h"
#include "send/inject.h"
#include "send/netlink.h"

#define NO_NETLINK (-1)

struct pvm_inject {
	pthread_t thread;
	int netlink; /* NO_NETLINK: print */
	bool refused; /* once, and that was logged */
	struct pvm_queue queue;
};

/* Returns 0 or an errno. */
static int print_record(const struct pvm_queued *record)
{
	const char *res = record->success ? " res=success\n" : " res=failed\n";

	return fputs(record->text, stdout) >= 0 && fputs(res, stdout) >= 0
		       ? 0
		       : EIO;
}

static void *run(void *arg)
{
	struct pvm_inject *inject = arg;
	bool print = inject->netlink == NO_NETLINK;
	struct pvm_queued *record;

	if (!print)
		pvm_netlink_keep_alone(inject->netlink);
	while ((record = pvm_queue_next(&inject->queue)))
		pvm_queue_finish(&inject->queue, record,
				 print ? print_record(record)
				       : pvm_netlink_send(inject->netlink,
							  record));
	if (print)
		fflush(stdout);
	return NULL;
}

static void free_inject(struct pvm_inject *inject)
{
	if (inject->netlink >= 0)
		pvm_netlink_close(inject->netlink);
	pvm_queue_destroy(&inject->queue);
	free(inject);
}

struct pvm_inject *pvm_inject_start(unsigned int depth, bool print, char *why,
				    size_t why_size)
{
	struct pvm_inject *inject = calloc(1, sizeof(*inject));
	int err;

	if (!inject) {
		snprintf(why, why_size, "out of memory");
		return NULL;
	}
	pvm_queue_init(&inject->queue, depth);
	inject->netlink = NO_NETLINK;
	if (!print) {
		inject->netlink = pvm_netlink_open(why, why_size);
		if (inject->netlink < 0)
			goto fail;
	}
	err = pvm_thread_start(&inject->thread, run, inject);
	if (!err)
		return inject;
	snprintf(why, why_size, "cannot start a thread (%s)", strerror(-err));
fail:
	free_inject(inject);
	return NULL;
}

int pvm_inject_put(struct pvm_inject *inject, const struct pvm_message *message)
{
	return pvm_queue_put(&inject->queue, message);
}

bool pvm_inject_has_room(struct pvm_inject *inject)
{
	return pvm_queue_has_room(&inject->queue);
}

void pvm_inject_wake(struct pvm_inject *inject)
{
	pvm_queue_wake(&inject->queue);
}

static void log_refusal(struct pvm_inject *inject, int error)
{
	if (inject->refused)
		return;
	inject->refused = true;
	pvm_log(LOG_ERR,
		"audit takes no record (%s): the plugin needs "
		"CAP_AUDIT_WRITE and a kernel with audit; these "
		"are counted as send_failed",
		strerror(error));
}

void pvm_inject_finished(struct pvm_inject *inject, pvm_inject_fn *fn,
			 void *arg)
{
	struct pvm_queued *record;

	while ((record = pvm_queue_answer(&inject->queue))) {
		if (record->error)
			log_refusal(inject, record->error);
		fn(arg, record->ticket, record->error, record->finished_ms);
		free(record);
	}
}

/* Returns the number of records that it has not sent by then. */
static unsigned int wait_for_thread(struct pvm_inject *inject,
				    unsigned int timeout_ms)
{
	struct pvm_queue_counters counters;

	if (pvm_thread_join(inject->thread, timeout_ms))
		return 0;
	pvm_inject_read_counters(inject, &counters);
	if (counters.depth)
		return (unsigned int)counters.depth;
	/* it has just sent the last one, and is on its way out */
	pthread_join(inject->thread, NULL);
	return 0;
}

unsigned int pvm_inject_stop(struct pvm_inject *inject, unsigned int timeout_ms,
			     pvm_inject_fn *fn, void *arg)
{
	unsigned int unsent;

	pvm_queue_stop(&inject->queue);
	unsent = wait_for_thread(inject, timeout_ms);
	pvm_inject_finished(inject, fn, arg);
	if (!unsent)
		free_inject(inject);
	return unsent;
}

void pvm_inject_read_counters(struct pvm_inject *inject,
			      struct pvm_queue_counters *counters)
{
	pvm_queue_read_counters(&inject->queue, counters);
}
