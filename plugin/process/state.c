// SPDX-License-Identifier: GPL-2.0-or-later
/* state.c - see state.h */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>

#include "process/state.h"

#define STATE_FILE_NEW PVM_STATE_FILE ".new"

void pvm_state_number(FILE *file, const char *name, uint64_t value)
{
	fprintf(file, "%s = %" PRIu64 "\n", name, value);
}

void pvm_state_pipeline(FILE *file,
			const struct pvm_pipeline_counters *counters)
{
#define X(name) pvm_state_number(file, #name, counters->name);
	PVM_PIPELINE_COUNTERS(X)
#undef X
}

/* auditd 3.0 has no /run/audit; later ones make it themselves. */
int pvm_state_make_directory(void)
{
	return mkdir(PVM_STATE_DIRECTORY, 0755) && errno != EEXIST ? -errno : 0;
}

static FILE *open_new(void)
{
	int err = pvm_state_make_directory();
	int fd;

	if (err) {
		errno = -err;
		return NULL;
	}
	if (unlink(STATE_FILE_NEW) && errno != ENOENT)
		return NULL;
	fd = open(STATE_FILE_NEW, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		  0600);
	return fd < 0 ? NULL : fdopen(fd, "w");
}

int pvm_state_save(void (*write)(FILE *file, void *arg), void *arg)
{
	FILE *file = open_new();
	int err = 0;

	if (!file)
		return -errno;
	write(file, arg);
	if (ferror(file))
		err = -EIO;
	if (fclose(file) && !err)
		err = -errno;
	if (!err && rename(STATE_FILE_NEW, PVM_STATE_FILE))
		err = -errno;
	if (err)
		unlink(STATE_FILE_NEW);
	return err;
}
