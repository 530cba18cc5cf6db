// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * selinux.c - see selinux.h
 *
 * Both are files of a line: libselinux has more than is wanted here.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "process/log.h"
#include "process/selinux.h"

#define CONTEXT "/proc/self/attr/current"
#define ENFORCE "/sys/fs/selinux/enforce"

/* Returns 0 or -errno. */
static int read_line(const char *path, char *line, int size)
{
	FILE *file = fopen(path, "re");
	int err = 0;

	if (!file)
		return -errno;
	errno = EIO; /* an empty file */
	if (fgets(line, size, file))
		line[strcspn(line, "\n")] = '\0';
	else
		err = -errno;
	fclose(file);
	return err;
}

/* Only SELinux's own policy refuses root to read it. */
static bool enforces(const char *path)
{
	char line[16];
	int err = read_line(path, line, sizeof(line));

	return err ? err == -EACCES : !strcmp(line, "1");
}

/*
 * A context is user:role:type, and :range with most policies. AppArmor's, in
 * the same file, is another text: "unconfined", "NAME (enforce)".
 */
static bool read_domain(const char *path, char *domain, size_t size)
{
	char line[512], user[128], role[128], type[128];

	if (read_line(path, line, sizeof(line)) ||
	    sscanf(line, "%127[^: ]:%127[^: ]:%127[^: ]", user, role, type) !=
		    3 ||
	    strchr(line, ' '))
		return false;
	snprintf(domain, size, "%s", type);
	return true;
}

bool pvm_selinux_read(const char *context, const char *enforce, char *domain,
		      size_t size)
{
	return read_domain(context, domain, size) &&
	       strcmp(domain, PVM_SELINUX_DOMAIN) != 0 && enforces(enforce);
}

bool pvm_selinux_explain(char *why, size_t size)
{
	char domain[128];

	if (!pvm_selinux_read(CONTEXT, ENFORCE, domain, sizeof(domain)))
		return false;
	snprintf(why, size,
		 "SELinux is enforcing, and has this process in %s instead of "
		 "%s; load the policy module audisp_pvm: semodule -i %s && "
		 "restorecon -Ri /usr/sbin/audisp-pvm /run/audit "
		 "/var/lib/audisp-pvm, and restart auditd",
		 domain, PVM_SELINUX_DOMAIN, PVM_SELINUX_MODULE);
	return true;
}

bool pvm_selinux_refuses(int error)
{
	static bool logged;
	char why[512];

	if ((error != -EACCES && error != -EPERM) ||
	    !pvm_selinux_explain(why, sizeof(why)))
		return false;
	if (!logged)
		pvm_log(LOG_ERR,
			"%s; until then it refuses the plugin probes (records "
			"carry src=none why=no-probes), the checkpoint or a "
			"part of the sandbox",
			why);
	logged = true;
	return true;
}
