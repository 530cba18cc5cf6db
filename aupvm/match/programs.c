// SPDX-License-Identifier: GPL-2.0-or-later
/* programs.c - see programs.h */
#include <inttypes.h>
#include <stdlib.h>

#include "lib/token.h"
#include "match/programs.h"
#include "util/memory.h"

/* Where a system has programs of its own; in aupvm(8) too. */
static const char *const folders[] = {
	"/usr/", "/bin/", "/sbin/", "/lib/", "/lib64/", "/opt/",
};

#define FOLDER_MAX 8 /* bytes of the longest */

static bool is_system_path(struct slice token)
{
	char bytes[FOLDER_MAX];
	struct slice start = {bytes, token_decode(token, bytes, sizeof(bytes))};

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		if (slice_skip(&start, folders[i]))
			return true;
	return false;
}

static bool read_device(struct slice value, struct program *program)
{
	struct slice major;

	return value.at && slice_next(&value, ':', &major) &&
	       slice_hex(major, &program->major) &&
	       slice_hex(value, &program->minor);
}

static bool is_same(const struct program *a, const struct program *b)
{
	return a->major == b->major && a->minor == b->minor &&
	       a->inode == b->inode;
}

/* The one that is kept under this name; NULL: there is no room for it. */
static struct program *find_program(struct programs *programs, uint32_t node,
				    struct slice path,
				    const struct program *now)
{
	struct strings *names = &programs->names;
	uint32_t number, known = names->nr;
	struct slice name;

	strbuf_clear(&programs->name);
	strbuf_put(&programs->name, "%" PRIu32 " ", node);
	strbuf_put_slice(&programs->name, path);
	name = strbuf_slice(&programs->name);
	number = known < PROGRAMS_MAX ? strings_put(names, name)
				      : strings_find(names, name);
	if (number < known)
		return &programs->program[number];
	if (known == PROGRAMS_MAX)
		return NULL;
	programs->program = grow_array(programs->program, known, sizeof(*now));
	programs->program[known] = *now;
	return &programs->program[known];
}

/* The event that had another file under the name that @path has; or NULL. */
static const struct pvm_id *other_of(struct programs *programs,
				     const struct access *access,
				     enum field path, enum field device,
				     enum field inode)
{
	const struct fields *fields = &access->fields;
	struct program now = {.first = access->first};
	const struct program *kept;

	if (!field_is_there(fields, path) ||
	    !is_system_path(fields->value[path]) ||
	    !read_device(fields->value[device], &now) ||
	    !slice_unsigned(fields->value[inode], &now.inode))
		return NULL;
	kept = find_program(programs, access->node_number, fields->value[path],
			    &now);
	if (!kept) {
		programs->left_out++;
		return NULL;
	}
	return is_same(kept, &now) ? NULL : &kept->first;
}

static void take_id(struct pvm_id *to, const struct pvm_id *from)
{
	*to = from ? *from : (struct pvm_id){0};
}

void programs_mark(struct programs *programs, struct access *access)
{
	take_id(&access->caller_other,
		other_of(programs, access, FIELD_EXE, FIELD_SDEV, FIELD_SINO));
	take_id(&access->target_other,
		other_of(programs, access, FIELD_OEXE, FIELD_ODEV, FIELD_OINO));
}

void programs_free(struct programs *programs)
{
	strings_free(&programs->names);
	strbuf_free(&programs->name);
	free(programs->program);
}
