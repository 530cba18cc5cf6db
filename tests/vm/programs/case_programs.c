// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cases about the target's program file. Its path is known here because the
 * file is made here; /proc/PID/exe only has to agree.
 */
#define _GNU_SOURCE
#include "case.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a record has of a path, from its end (pvm-record(5), cut) */
#define TOLD_BYTES 4096
#define TOLD_NAMES 256

/* A path that no system call takes whole is built and used step by step. */
#define LONG_PATH (4 * PATH_MAX)

static void copy_into(int to)
{
	int from = open(program.path, O_RDONLY | O_CLOEXEC);
	struct stat is;

	if (from < 0 || fstat(from, &is))
		die("%s: %s", program.path, strerror(errno));
	while (is.st_size > 0) {
		ssize_t n = sendfile(to, from, NULL, is.st_size);

		if (n <= 0)
			die("cannot copy the program: %s", strerror(errno));
		is.st_size -= n;
	}
	close(from);
}

/* A copy of this program; the name is relative to where we are. */
static void put_program(const char *name)
{
	int to = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);

	if (to < 0)
		die("%.100s: %s", name, strerror(errno));
	copy_into(to);
	close(to);
}

static void make_folder(const char *path)
{
	if (mkdir(path, 0755) && errno != EEXIST)
		die("%.100s: %s", path, strerror(errno));
}

static void go_to(const char *path)
{
	if (chdir(path))
		die("%.100s: %s", path, strerror(errno));
}

/* Where a case has its files */
static void work_in(const char *folder)
{
	make_folder(folder);
	go_to(folder);
}

/* The longest end of the path, of whole names, that a record can have */
static const char *cut_path(const char *path)
{
	const char *end = path + strlen(path), *start = end;
	int names = 0;

	for (const char *c = end - 1; c >= path; c--) {
		if (*c != '/')
			continue;
		if (++names > TOLD_NAMES || end - c > TOLD_BYTES)
			break;
		start = c;
	}
	return start;
}

static void read_of(struct target *t, const char *path, bool deleted)
{
	struct call c;

	if (t->is.exe && strcmp(t->is.exe, path))
		die("/proc/%d/exe says %.200s, not %.200s", (int)t->tgid,
		    t->is.exe, path);
	t->is.exe = need(strdup(cut_path(path)));
	t->is.cut = cut_path(path) != path;
	t->is.deleted = deleted;
	lay_out(&c, t);
	make(&c);
}

static void exe_plain(void)
{
	struct target t;

	work_in("/tmp/exe_plain");
	put_program("program");
	start_program(&t, "/tmp/exe_plain/program", NULL, NULL, NULL);
	read_of(&t, "/tmp/exe_plain/program", false);
}

static void exe_deleted(void)
{
	struct target t;

	work_in("/tmp/exe_deleted");
	put_program("program");
	start_program(&t, "/tmp/exe_deleted/program", NULL, NULL, NULL);
	if (unlink("program"))
		die("unlink: %s", strerror(errno));
	/* another one in its place is not the one that runs */
	put_program("program");
	read_of(&t, "/tmp/exe_deleted/program", true);
}

/* A name that pretends: the file is there. */
static void exe_named_deleted(void)
{
	static const char path[] = "/tmp/exe_named/program (deleted)";
	struct target t;

	work_in("/tmp/exe_named");
	put_program(path);
	start_program(&t, path, NULL, NULL, NULL);
	t.is.exe = NULL;
	read_of(&t, path, false);
}

/* The file is where it is now, not where it was. */
static void exe_renamed(void)
{
	struct target t;

	work_in("/tmp/exe_renamed");
	put_program("before");
	start_program(&t, "/tmp/exe_renamed/before", NULL, NULL, NULL);
	if (rename("before", "after"))
		die("rename: %s", strerror(errno));
	know(&t, t.tgid, t.tid, "child");
	read_of(&t, "/tmp/exe_renamed/after", false);
}

static void exe_memfd(void)
{
	int fd = memfd_create("hidden thing", MFD_CLOEXEC);
	struct target t;

	if (fd < 0)
		die("memfd_create: %s", strerror(errno));
	copy_into(fd);
	start_program(&t, NULL, &fd, NULL, NULL);
	read_of(&t, "/memfd:hidden thing", true);
}

static void exe_blanks(void)
{
	static const char path[] = "/tmp/exe blanks\n/a \"name\" \x01\xff\n";
	struct target t;

	work_in("/tmp/exe blanks\n");
	put_program(path);
	start_program(&t, path, NULL, NULL, NULL);
	read_of(&t, path, false);
}

/* A quote of the kind that ends the text of a record is not encoded. */
static void exe_quote(void)
{
	static const char path[] = "/tmp/exe_quote/it's'";
	struct target t;

	work_in("/tmp/exe_quote");
	put_program(path);
	start_program(&t, path, NULL, NULL, NULL);
	read_of(&t, path, false);
}

/* ---- long paths ------------------------------------------------------ */

/* Goes down by @steps folders of @len letters; @path has them all. */
static void go_down(char *path, int steps, int len)
{
	char name[NAME_MAX + 1];

	memset(name, 'x', len);
	name[len] = '\0';
	for (int i = 0; i < steps; i++) {
		strcat(path, "/");
		strcat(path, name);
		work_in(name);
	}
}

static void exe_far_down(const char *folder, int steps, int len)
{
	char *path = need(calloc(1, LONG_PATH));
	struct target t;

	work_in(folder);
	strcpy(path, folder);
	go_down(path, steps, len);
	put_program("program");
	strcat(path, "/program");
	start_program(&t, "./program", NULL, NULL, NULL);
	read_of(&t, path, false);
	free(path);
}

/* More than one slot of the ring's small records, whole in the record */
static void exe_path_300(void)
{
	exe_far_down("/tmp/exe_300", 2, 140);
}

static void exe_path_1500(void)
{
	exe_far_down("/tmp/exe_1500", 7, 210);
}

/* The same in hexadecimal: longer than what a record gives a path */
static void exe_path_1500_hex(void)
{
	exe_far_down("/tmp/exe 1500", 7, 210);
}

/* Close to PATH_MAX: plain, and yet too long for a record */
static void exe_path_4000(void)
{
	exe_far_down("/tmp/exe_4000", 16, 248);
}

static void exe_path_100_deep(void)
{
	exe_far_down("/tmp/exe_100", 100, 3);
}

/* Far less text than a record has room for, and so to be there whole */
static void exe_path_200_deep(void)
{
	exe_far_down("/tmp/exe_200", 200, 3);
}

/* More names than a record has: the first ones are missing, and cut= says so.
 */
static void exe_path_600_deep(void)
{
	exe_far_down("/tmp/exe_600", 600, 1);
}

/* Longer than any path that can be named: cut at both of its ends */
static void exe_path_5000(void)
{
	exe_far_down("/tmp/exe_5000", 20, 248);
}

/* ---- mounts and roots ------------------------------------------------ */

static void mount_on(const char *folder)
{
	make_folder(folder);
	if (mount("none", folder, "tmpfs", 0, "mode=0755"))
		die("mount on %s: %s", folder, strerror(errno));
}

static void leave_mounts(void)
{
	if (unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		die("no mount namespace: %s", strerror(errno));
}

/* On a file system of its own, mounted inside of another one */
static void exe_mounted(void)
{
	struct target t;

	leave_mounts();
	mount_on("/tmp/exe_mounted");
	mount_on("/tmp/exe_mounted/twice");
	put_program("/tmp/exe_mounted/twice/program");
	start_program(&t, "/tmp/exe_mounted/twice/program", NULL, NULL, NULL);
	read_of(&t, "/tmp/exe_mounted/twice/program", false);
}

static void mount_elsewhere(const void *unused)
{
	(void)unused;
	leave_mounts();
	mount_on("/tmp/exe_elsewhere");
	work_in("/tmp/exe_elsewhere");
	put_program("program");
}

/* On a mount that only the target's mount namespace has */
static void exe_other_mounts(void)
{
	struct target t;

	start_program(&t, "/tmp/exe_elsewhere/program", NULL, mount_elsewhere,
		      NULL);
	read_of(&t, "/tmp/exe_elsewhere/program", false);
}

static void change_root(const void *folder)
{
	if (chroot(folder) || chdir("/"))
		die("chroot: %s", strerror(errno));
}

/* The path is from the root of the mount namespace, not the target's own. */
static void exe_chroot(void)
{
	struct target t;

	work_in("/tmp/exe_chroot");
	make_folder("bin");
	put_program("bin/program");
	start_program(&t, "/bin/program", NULL, change_root, "/tmp/exe_chroot");
	read_of(&t, "/tmp/exe_chroot/bin/program", false);
}

/* As switch_root and containers do: another mount becomes the root. */
static void move_root(const void *unused)
{
	(void)unused;
	leave_mounts();
	mount_on("/tmp/exe_root");
	work_in("/tmp/exe_root");
	put_program("program");
	if (mount("/tmp/exe_root", "/", NULL, MS_MOVE, NULL))
		die("cannot move a mount: %s", strerror(errno));
	change_root(".");
}

static void exe_moved_root(void)
{
	struct target t;

	start_program(&t, "/program", NULL, move_root, NULL);
	read_of(&t, "/program", false);
}

const struct named_case program_cases[] = {
	{"exe_plain", exe_plain},
	{"exe_deleted", exe_deleted},
	{"exe_named_deleted", exe_named_deleted},
	{"exe_renamed", exe_renamed},
	{"exe_memfd", exe_memfd},
	{"exe_blanks", exe_blanks},
	{"exe_quote", exe_quote},
	{"exe_path_300", exe_path_300},
	{"exe_path_1500", exe_path_1500},
	{"exe_path_1500_hex", exe_path_1500_hex},
	{"exe_path_4000", exe_path_4000},
	{"exe_path_100_deep", exe_path_100_deep},
	{"exe_path_200_deep", exe_path_200_deep},
	{"exe_path_600_deep", exe_path_600_deep},
	{"exe_path_5000", exe_path_5000},
	{"exe_mounted", exe_mounted},
	{"exe_other_mounts", exe_other_mounts},
	{"exe_chroot", exe_chroot},
	{"exe_moved_root", exe_moved_root},
	{NULL, NULL},
};
