// SPDX-License-Identifier: GPL-2.0-or-later
/* config.c - see config.h */
#include <errno.h>
#include <fcntl.h>
#include <libaudit.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "process/config.h"
#include "pvm/event.h"

#define LINE_MAX_LEN 256

struct word {
	const char *name;
	uint32_t value;
};

static const struct word record_types[] = {
	{"USER", AUDIT_USER},
	{"TRUSTED_APP", AUDIT_TRUSTED_APP},
	{NULL, 0},
};

static const struct word sources[] = {
	{"kernel", PVM_SOURCE_KERNEL},
	{"user", PVM_SOURCE_USER},
	{"none", PVM_SOURCE_NONE},
	{NULL, 0},
};

/* An option takes one of @words, or a number from @least to @most. */
struct option {
	const char *name;
	size_t offset; /* of its uint32_t in struct pvm_config */
	const struct word *words;
	uint32_t least, most;
	bool power_of_two;
	const char *allowed;
};

#define FIELD(name) #name, offsetof(struct pvm_config, name)

static const struct option options[] = {
	{FIELD(record_type), record_types, 0, 0, false, "USER or TRUSTED_APP"},
	{FIELD(source), sources, 0, 0, false, "kernel, user or none"},
	{FIELD(vectors), NULL, 1, PVM_VECTORS_MAX, false,
	 "a whole number of vectors from 1 to 1024"},
	{FIELD(queue_depth), NULL, 64, 65536, false,
	 "a whole number of records from 64 to 65536"},
	{FIELD(join_depth), NULL, 64, 65536, false,
	 "a whole number of calls from 64 to 65536"},
	{FIELD(join_timeout), NULL, 1, 600, false,
	 "a whole number of seconds from 1 to 600"},
	{FIELD(ring_size), NULL, 64, 65536, true,
	 "a power of two of KiB from 64 to 65536"},
	{FIELD(fold_after), NULL, 0, 65536, false,
	 "a whole number of calls from 0 to 65536"},
	{FIELD(fold_window), NULL, 1, 3600, false,
	 "a whole number of seconds from 1 to 3600"},
};

#define OPTIONS (sizeof(options) / sizeof(options[0]))

void pvm_config_defaults(struct pvm_config *config)
{
	*config = (struct pvm_config){
		.record_type = AUDIT_USER,
		.source = PVM_SOURCE_KERNEL,
		.vectors = PVM_VECTORS_MAX,
		.queue_depth = 4096,
		.join_depth = 12288,
		.join_timeout = 20,
		.ring_size = 1024,
		.fold_after = 10,
		.fold_window = 2,
	};
}

static bool parse_word(const struct word *words, const char *text,
		       uint32_t *value)
{
	for (; words->name; words++) {
		if (!strcmp(words->name, text)) {
			*value = words->value;
			return true;
		}
	}
	return false;
}

static bool parse_number(const struct option *option, const char *text,
			 uint32_t *value)
{
	unsigned long number;
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	number = strtoul(text, &end, 10);
	if (errno || *end || number < option->least || number > option->most ||
	    (option->power_of_two && (number & (number - 1))))
		return false;
	*value = (uint32_t)number;
	return true;
}

static const struct option *find_option(const char *name)
{
	for (size_t i = 0; i < OPTIONS; i++)
		if (!strcmp(options[i].name, name))
			return &options[i];
	return NULL;
}

static int set_option(struct pvm_config *config, const struct option *option,
		      const char *text)
{
	uint32_t *value = (uint32_t *)((char *)config + option->offset);
	bool good = option->words ? parse_word(option->words, text, value)
				  : parse_number(option, text, value);

	return good ? 0 : -EINVAL;
}

/* Cut what stands around a word; works on @text itself. */
static char *trim(char *text)
{
	char *end;

	text += strspn(text, " \t\r");
	end = text + strlen(text);
	while (end > text && strchr(" \t\r", end[-1]))
		*--end = '\0';
	return text;
}

/* What came from the file must not play tricks with a terminal or a log. */
static const char *printable(char *text)
{
	for (char *at = text; *at; at++)
		if (*at < ' ' || *at > '~')
			*at = '?';
	return text;
}

static void list_options(char *text, size_t size)
{
	int used = 0;

	for (size_t i = 0; i < OPTIONS && used >= 0 && (size_t)used < size; i++)
		used += snprintf(text + used, size - (size_t)used, "%s%s",
				 i ? ", " : "", options[i].name);
}

/* One line, without its end. On error @why says all but file and line. */
static int parse_line(struct pvm_config *config, char *line, char *why,
		      size_t why_size)
{
	const struct option *option;
	char known[LINE_MAX_LEN];
	char *name = trim(line), *value;

	if (!*name || *name == '#')
		return 0;
	value = strchr(name, '=');
	if (!value) {
		snprintf(why, why_size, "'%s': expected a line 'name = value'",
			 printable(name));
		return -EINVAL;
	}
	*value++ = '\0';
	name = trim(name);
	value = trim(value);
	option = find_option(name);
	if (!option) {
		list_options(known, sizeof(known));
		snprintf(why, why_size, "'%s': no such option; there are %s",
			 printable(name), known);
		return -EINVAL;
	}
	if (!set_option(config, option, value))
		return 0;
	snprintf(why, why_size, "%s = '%s': expected %s", name,
		 printable(value), option->allowed);
	return -EINVAL;
}

/* Copy the line at @text; false when it is too long or holds a NUL. */
static bool copy_line(char line[LINE_MAX_LEN], const char *text, size_t len)
{
	if (len >= LINE_MAX_LEN || memchr(text, '\0', len))
		return false;
	memcpy(line, text, len);
	line[len] = '\0';
	return true;
}

int pvm_config_parse(struct pvm_config *config, const char *name,
		     const char *text, size_t size, char *why, size_t why_size)
{
	const char *at = text, *end = text + size;
	struct pvm_config parsed;
	char line[LINE_MAX_LEN], what[2 * LINE_MAX_LEN];

	pvm_config_defaults(&parsed);
	for (unsigned int number = 1; at < end; number++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *stop = newline ? newline : end;
		int err = -EINVAL;

		if (!copy_line(line, at, (size_t)(stop - at)))
			snprintf(what, sizeof(what),
				 "expected a line of text under %d bytes",
				 LINE_MAX_LEN);
		else
			err = parse_line(&parsed, line, what, sizeof(what));
		if (err) {
			snprintf(why, why_size, "%s:%u: %s", name, number,
				 what);
			return err;
		}
		at = newline ? newline + 1 : end;
	}
	*config = parsed;
	return 0;
}

/* Who may write the file may steer a program of root's. */
static int check_owner(int fd, const char *name, char *why, size_t why_size)
{
	struct stat st;

	if (fstat(fd, &st)) {
		snprintf(why, why_size, "%s: cannot look at it: %s", name,
			 strerror(errno));
		return -errno;
	}
	if (S_ISREG(st.st_mode) && !st.st_uid &&
	    !(st.st_mode & (S_IWGRP | S_IWOTH)))
		return 0;
	snprintf(why, why_size,
		 "%s: must be a regular file of root's that only root may "
		 "write; use chown root and chmod go-w",
		 name);
	return -EPERM;
}

static ssize_t read_all(int fd, char *text, size_t size)
{
	size_t used = 0;
	ssize_t n;

	while (used < size) {
		n = read(fd, text + used, size - used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		used += (size_t)n;
	}
	return (ssize_t)used;
}

static int load_fd(struct pvm_config *config, int fd, const char *name,
		   char *why, size_t why_size)
{
	char *text = malloc(PVM_CONFIG_SIZE_MAX + 1);
	ssize_t size;
	int err;

	if (!text)
		return -ENOMEM;
	size = read_all(fd, text, PVM_CONFIG_SIZE_MAX + 1);
	if (size < 0) {
		err = (int)size;
		snprintf(why, why_size, "%s: cannot read: %s", name,
			 strerror(-err));
	} else if (size > PVM_CONFIG_SIZE_MAX) {
		err = -EFBIG;
		snprintf(why, why_size, "%s: larger than %d bytes", name,
			 PVM_CONFIG_SIZE_MAX);
	} else {
		err = pvm_config_parse(config, name, text, (size_t)size, why,
				       why_size);
	}
	free(text);
	return err;
}

int pvm_config_load(struct pvm_config *config, const char *name, char *why,
		    size_t why_size)
{
	int fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int err;

	if (fd < 0) {
		err = -errno;
		snprintf(why, why_size, "%s: cannot open: %s", name,
			 strerror(-err));
		return err;
	}
	snprintf(why, why_size, "%s: out of memory", name);
	err = check_owner(fd, name, why, why_size);
	if (!err)
		err = load_fd(config, fd, name, why, why_size);
	close(fd);
	return err;
}
