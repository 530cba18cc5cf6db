// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * landlock.c - see landlock.h
 *
 * Without any capability user root is still the owner of nearly every file,
 * /etc/passwd and the audit log among them, and a seccomp filter does not see
 * the name of a file. The C library has no functions for these calls.
 */
#define _GNU_SOURCE /* O_PATH */
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "process/landlock.h"

/* Since Linux 6.2, the third version; older headers lack it. */
#define ACCESS_TRUNCATE (1ull << 14)
#define ABI_TRUNCATE 3

#define ACCESS_IN_DIRECTORY                                            \
	(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG | \
	 LANDLOCK_ACCESS_FS_REMOVE_FILE)

#define ACCESS_HANDLED                                                  \
	(ACCESS_IN_DIRECTORY | LANDLOCK_ACCESS_FS_EXECUTE |             \
	 LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_MAKE_CHAR | \
	 LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_SOCK |   \
	 LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK | \
	 LANDLOCK_ACCESS_FS_MAKE_SYM)

static int add_directory(int rules, const char *directory)
{
	struct landlock_path_beneath_attr beneath = {
		.allowed_access = ACCESS_IN_DIRECTORY,
		.parent_fd = open(directory, O_PATH | O_CLOEXEC),
	};
	int err = 0;

	if (beneath.parent_fd < 0)
		return -errno;
	if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH,
		    &beneath, 0))
		err = -errno;
	close(beneath.parent_fd);
	return err;
}

int pvm_landlock_apply(const char *directory)
{
	struct landlock_ruleset_attr handled = {
		.handled_access_fs = ACCESS_HANDLED,
	};
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
			   LANDLOCK_CREATE_RULESET_VERSION);
	int rules, err;

	if (abi < 0)
		return -errno;
	if (abi >= ABI_TRUNCATE)
		handled.handled_access_fs |= ACCESS_TRUNCATE;
	rules = (int)syscall(SYS_landlock_create_ruleset, &handled,
			     sizeof(handled), 0);
	if (rules < 0)
		return -errno;
	err = add_directory(rules, directory);
	if (!err && syscall(SYS_landlock_restrict_self, rules, 0))
		err = -errno;
	close(rules);
	return err;
}
