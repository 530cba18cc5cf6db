// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reader.c - the least that a plugin can do that leaves the stream to
 * libauparse: records on standard input, counted event by event
 *
 * usage: reader
 */
#include <auparse.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define READV 310
#define WRITEV 311

struct count {
	unsigned long records;
	unsigned long calls; /* of process_vm_readv and process_vm_writev */
};

static void take_event(auparse_state_t *parser, auparse_cb_event_t type,
		       void *arg)
{
	struct count *count = arg;

	if (type != AUPARSE_CB_EVENT_READY)
		return;
	count->records += auparse_get_num_records(parser);
	if (auparse_first_record(parser) <= 0 ||
	    auparse_get_type(parser) != 1300 /* SYSCALL */ ||
	    !auparse_find_field(parser, "syscall"))
		return;
	if (auparse_get_field_int(parser) == READV ||
	    auparse_get_field_int(parser) == WRITEV)
		count->calls++;
}

int main(void)
{
	auparse_state_t *parser = auparse_init(AUSOURCE_FEED, NULL);
	static char buffer[65536];
	struct count count = {0};
	ssize_t n;

	if (!parser)
		return EXIT_FAILURE;
	auparse_add_callback(parser, take_event, &count, NULL);
	while ((n = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0)
		if (auparse_feed(parser, buffer, (size_t)n))
			return EXIT_FAILURE;
	auparse_flush_feed(parser);
	auparse_destroy(parser);
	printf("%lu records, %lu calls\n", count.records, count.calls);
	return n ? EXIT_FAILURE : EXIT_SUCCESS;
}
