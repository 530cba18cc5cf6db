// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * maps.c - a target with mappings of every kind, and what rmap= must say of it
 *
 * The truth is the target's /proc/PID/maps, read while it stands still and
 * once more at the end, and put into the words of pvm-record(5) by this
 * program's own lights. The caller itself has none of those mappings, so that
 * a look-up in the wrong process shows.
 *
 * A second target never stands still: there rmap= must say one of the things
 * that are true at some time, and what never changes must come out right.
 *
 * No two calls have the same local vector: (op, opid, liov) tells a record
 * from all others.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define LOOKED_UP 16 /* mappings of a call that rmap= tells of */
#define TEXT_MAX 1024 /* of rmap= */
#define PATH_TOLD_MAX 512
#define SPOTS_MAX 32
#define REGIONS_MAX 2000
#define POINTS_MAX (4 * REGIONS_MAX)
#define PATCHWORK 600 /* mappings that make the tree high */
#define BYTES 16 /* moved by one vector */
#define PAGE ((unsigned long)sysconf(_SC_PAGESIZE))
#define CALLS_MAX 65536
#define RESTLESS_CALLS 2000
#define PAUSE_US 2000 /* ahead of each: auditd's queue to plugins is short */
#define VECTORS_MAX 512
#define TAG (0x5aul << 56)

struct region {
	unsigned long start, end, offset;
	char perms[5];
	char name[4200]; /* as it stands there */
};

/* Places in the target that may be written to. */
struct spots {
	unsigned long at[SPOTS_MAX];
	int nr;
};

struct truth {
	struct region *regions;
	int nr;
};

struct run {
	pid_t target;
	struct truth truth;
	struct spots spots;
	unsigned long *points;
	int nr_points;
	FILE *account;
	unsigned long calls;
	long moved; /* by the latest */
};

__attribute__((format(printf, 1, 2), noreturn)) static void die(
	const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("maps: ", stderr);
	vfprintf(stderr, format, args);
	fprintf(stderr, " (%s)\n", strerror(errno));
	va_end(args);
	exit(2);
}

/* ---- the target ------------------------------------------------------ */

static void add_spot(struct spots *spots, const void *at)
{
	if (spots->nr == SPOTS_MAX)
		die("too many spots");
	spots->at[spots->nr++] = (unsigned long)(uintptr_t)at;
}

static char *map(int prot, int flags, int fd, off_t offset)
{
	char *at = mmap(NULL, 4 * PAGE, prot, flags, fd, offset);

	if (at == MAP_FAILED)
		die("mmap");
	return at;
}

static int make_file(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	if (fd < 0 || ftruncate(fd, 8 * PAGE))
		die("%s", path);
	return fd;
}

static void map_anonymous(struct spots *spots)
{
	const int rw = PROT_READ | PROT_WRITE;
	char *hole = map(rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	add_spot(spots, sbrk(2 * (intptr_t)PAGE));
	add_spot(spots, map(rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	add_spot(spots, map(rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
	add_spot(spots,
		 map(rw | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	add_spot(spots, map(PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	munmap(hole + PAGE, 2 * PAGE);
	add_spot(spots, hole);
	add_spot(spots, hole + PAGE);
}

static void map_file(struct spots *spots, const char *path)
{
	int fd = make_file(path);

	add_spot(spots, map(PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
	add_spot(spots, map(PROT_READ | PROT_WRITE, MAP_SHARED, fd, 2 * PAGE) +
				PAGE + 123);
	close(fd);
}

/* Folders as long as they can be, one in another: longer than is told. */
static void map_deep_file(struct spots *spots)
{
	char path[1024] = "", name[251];

	memset(name, 'd', sizeof(name));
	name[0] = '/';
	name[sizeof(name) - 1] = '\0';
	strcat(path, "/tmp/maps");
	for (int i = 0; i < 3; i++) {
		strcat(path, name);
		if (mkdir(path, 0700))
			die("%s", path);
	}
	strcat(path, "/a,b");
	map_file(spots, path);
}

static void map_files(struct spots *spots)
{
	int memfd = memfd_create("a memfd", MFD_CLOEXEC);

	if (mkdir("/tmp/maps", 0700))
		die("/tmp/maps");
	map_file(spots, "/tmp/maps/plain");
	map_file(spots, "/tmp/maps/lib c++,2.so");
	map_file(spots, "/tmp/maps/100%20:[x]'\"\n\x7f\xc3\xa4=?(deleted)");
	map_file(spots, "/tmp/maps/gone");
	if (unlink("/tmp/maps/gone"))
		die("unlink");
	map_deep_file(spots);
	if (memfd < 0 || ftruncate(memfd, 4 * PAGE))
		die("memfd");
	add_spot(spots, map(PROT_READ | PROT_WRITE, MAP_SHARED, memfd, 0));
}

/* Neighbours that differ, so that none can be merged with the next. */
static void map_patchwork(void)
{
	char *at = mmap(NULL, PATCHWORK * PAGE, PROT_READ,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		die("mmap");
	for (unsigned long i = 0; i < PATCHWORK; i += 2)
		if (mprotect(at + i * PAGE, PAGE, PROT_READ | PROT_WRITE))
			die("mprotect");
	for (unsigned long i = 0; i < PATCHWORK; i += 7)
		munmap(at + i * PAGE, PAGE);
}

__attribute__((noreturn)) static void be_target(int report)
{
	struct spots spots = {.nr = 0};
	char scratch[2 * BYTES];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	map_patchwork();
	map_anonymous(&spots);
	map_files(&spots);
	add_spot(&spots, scratch);
	/* not writable */
	add_spot(&spots, (const void *)(uintptr_t)&map_files);
	add_spot(&spots, (const void *)(uintptr_t)&fprintf);
	add_spot(&spots, (const void *)getauxval(AT_SYSINFO_EHDR));
	add_spot(&spots, (const void *)8);
	if (write(report, &spots, sizeof(spots)) != sizeof(spots))
		_exit(1);
	for (;;)
		pause();
}

/* The same place is a file's, then anonymous, then nothing, and so on. */
__attribute__((noreturn)) static void be_restless(int report)
{
	const int rw = PROT_READ | PROT_WRITE;
	int fd = make_file("/tmp/maps/restless");
	struct spots spots = {.nr = 0};
	char *at;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	map_patchwork();
	at = map(rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	add_spot(&spots, at + PAGE + 5);
	add_spot(&spots, sbrk(2 * (intptr_t)PAGE));
	if (write(report, &spots, sizeof(spots)) != sizeof(spots))
		_exit(1);
	for (;;) {
		mmap(at, 4 * PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, fd, 0);
		mmap(at, 4 * PAGE, rw, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
		     -1, 0);
		munmap(at, 4 * PAGE);
	}
}

static void start_target(struct run *run, void (*be)(int report))
{
	int report[2];

	if (pipe(report))
		die("pipe");
	run->target = fork();
	if (run->target < 0)
		die("fork");
	if (!run->target)
		be(report[1]);
	close(report[1]);
	if (read(report[0], &run->spots, sizeof(run->spots)) !=
	    sizeof(run->spots))
		die("the target failed to start");
	close(report[0]);
}

static void end_target(const struct run *run)
{
	kill(run->target, SIGKILL);
	waitpid(run->target, NULL, 0);
}

/* ---- the truth ------------------------------------------------------- */

/* Of all bytes only the newline is escaped there. */
static void unescape(char *name)
{
	char *to = name;

	for (; *name; name++) {
		if (!strncmp(name, "\\012", 4)) {
			*to++ = '\n';
			name += 3;
		} else {
			*to++ = *name;
		}
	}
	*to = '\0';
}

static void read_region(struct region *region, char *line)
{
	int at = 0;

	line[strcspn(line, "\n")] = '\0';
	if (sscanf(line, "%lx-%lx %4s %lx %*s %*s%n", &region->start,
		   &region->end, region->perms, &region->offset, &at) != 4 ||
	    !at)
		die("not understood: %s", line);
	line += at + strspn(line + at, " ");
	snprintf(region->name, sizeof(region->name), "%s", line);
	unescape(region->name);
}

static void read_truth(struct truth *truth, pid_t pid)
{
	char path[64], *line = NULL;
	size_t size = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/maps", (int)pid);
	file = fopen(path, "re");
	truth->regions = calloc(REGIONS_MAX, sizeof(*truth->regions));
	truth->nr = 0;
	if (!file || !truth->regions)
		die("%s", path);
	while (getline(&line, &size, file) > 0) {
		if (strstr(line, "[vsyscall]"))
			continue; /* not the process's, and never found */
		if (truth->nr == REGIONS_MAX)
			die("%s: too long", path);
		read_region(&truth->regions[truth->nr++], line);
	}
	free(line);
	fclose(file);
}

static const struct region *region_at(const struct truth *truth,
				      unsigned long address)
{
	for (int i = 0; i < truth->nr; i++)
		if (address >= truth->regions[i].start &&
		    address < truth->regions[i].end)
			return &truth->regions[i];
	return NULL;
}

/* ---- what the record must say ---------------------------------------- */

static void escape(char *to, const char *from, size_t len)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789_./+-";

	*to = '\0';
	for (size_t i = 0; i < len; i++)
		to += sprintf(to, strchr(plain, from[i]) ? "%c" : "%%%02hhX",
			      (unsigned char)from[i]);
}

/* Returns false when the path is cut. */
static bool expect_file(char *to, const struct region *region,
			unsigned long address)
{
	static const char mark[] = " (deleted)";
	const char *name = region->name;
	size_t len = strlen(name);
	bool deleted =
		len > strlen(mark) && !strcmp(name + len - strlen(mark), mark);
	char escaped[3 * sizeof(region->name)];
	bool whole = true;

	if (deleted)
		len -= strlen(mark);
	escape(escaped, name, len);
	while (strlen(escaped) > PATH_TOLD_MAX) {
		whole = false;
		escape(escaped, ++name, --len);
	}
	sprintf(to, "%s%s%s+0x%lx:%s", whole ? "" : "...", escaped,
		deleted ? "[deleted]" : "",
		region->offset + (address - region->start), region->perms);
	return whole;
}

static bool expect_start(char *to, const struct region *region,
			 unsigned long address)
{
	if (!region) {
		strcpy(to, "none");
		return true;
	}
	if (*region->name == '/')
		return expect_file(to, region, address);
	sprintf(to, "%s:%s", *region->name ? region->name : "[anon]",
		region->perms);
	return true;
}

/* A mapping, or a place without one, to which a vector was the first to come.
 */
struct entry {
	const struct region *region;
	unsigned long address;
	bool crossed; /* a vector goes on behind the mapping's end */
};

static struct entry *find_entry(struct entry *entries, int nr,
				const struct region *region)
{
	for (int i = 0; i < nr; i++)
		if (region && entries[i].region == region)
			return &entries[i];
	return NULL;
}

/* Returns false when there are more than can be looked up. */
static bool list_entries(struct entry entries[LOOKED_UP], int *nr,
			 const struct truth *truth, const struct iovec *remote,
			 int vectors)
{
	*nr = 0;
	for (int i = 0; i < vectors; i++) {
		unsigned long address =
			(unsigned long)(uintptr_t)remote[i].iov_base;
		const struct region *region = region_at(truth, address);
		struct entry *entry = find_entry(entries, *nr, region);

		if (!entry && *nr == LOOKED_UP)
			return false;
		if (!entry) {
			entry = &entries[(*nr)++];
			*entry = (struct entry){region, address, false};
		}
		entry->crossed |=
			region && region->end - address < remote[i].iov_len;
	}
	return true;
}

/* Returns false when the list is cut. */
static bool expect_list(char *to, const struct truth *truth,
			const struct iovec *remote, int vectors)
{
	struct entry entries[LOOKED_UP];
	size_t used = 0;
	int nr;
	bool whole = list_entries(entries, &nr, truth, remote, vectors);

	*to = '\0';
	for (int i = 0; i < nr; i++) {
		char one[3 * sizeof(truth->regions->name)];

		whole &= expect_start(one, entries[i].region,
				      entries[i].address);
		if (entries[i].crossed) {
			strcat(one, "+");
			whole = false;
		}
		if (used + !!used + strlen(one) > TEXT_MAX)
			return false;
		used += (size_t)snprintf(to + used, TEXT_MAX + 1 - used, "%s%s",
					 used ? "," : "", one);
	}
	return whole;
}

/* ---- the calls ------------------------------------------------------- */

/*
 * What comes of the call does not matter: the look-up is made before. Returns
 * its local vector's address.
 */
static const char *move(struct run *run, bool write, const struct iovec *remote,
			int nr)
{
	static char buffer[CALLS_MAX + BYTES];
	struct iovec local = {buffer + run->calls, BYTES};

	if (++run->calls == CALLS_MAX)
		die("too many calls");
	usleep(PAUSE_US);
	if (write)
		run->moved = process_vm_writev(run->target, &local, 1, remote,
					       (unsigned long)nr, 0);
	else
		run->moved = process_vm_readv(run->target, &local, 1, remote,
					      (unsigned long)nr, 0);
	return local.iov_base;
}

static void note_call(struct run *run, bool write, const char *local,
		      const char *want, bool whole)
{
	fprintf(run->account,
		"op=process_vm_%s opid=%d liov=0x%lx:%d rmap=%s cut=%s\n",
		write ? "writev" : "readv", (int)run->target,
		(unsigned long)(uintptr_t)local, BYTES, want,
		whole ? "-" : "rmap");
}

static void fill_vectors(struct iovec *remote, const unsigned long *points,
			 int nr)
{
	for (int i = 0; i < nr; i++) {
		remote[i].iov_base = (void *)(uintptr_t)points[i];
		remote[i].iov_len = BYTES;
	}
}

static void make_call(struct run *run, bool write, const unsigned long *points,
		      int nr)
{
	struct iovec remote[VECTORS_MAX] = {{NULL, 0}};
	char want[TEXT_MAX + 1];
	bool whole;

	fill_vectors(remote, points, nr);
	whole = expect_list(want, &run->truth, remote, nr);
	note_call(run, write, move(run, write, remote, nr), want, whole);
}

/*
 * Addresses with something in their top byte, each behind the same without.
 * Whether the kernel takes that off shows in whether it finds memory there.
 */
static void make_tagged_call(struct run *run, const unsigned long *points,
			     int nr, bool ignored)
{
	struct iovec remote[2 * SPOTS_MAX], looked_up[2 * SPOTS_MAX];
	char want[TEXT_MAX + 1];
	bool whole;

	for (int i = 0; i < 2 * nr; i++) {
		unsigned long tag = i % 2 ? TAG : 0;

		fill_vectors(&remote[i], &points[i / 2], 1);
		looked_up[i] = remote[i];
		remote[i].iov_base = (void *)(points[i / 2] | tag);
		if (!ignored)
			looked_up[i] = remote[i];
	}
	whole = expect_list(want, &run->truth, looked_up, 2 * nr);
	note_call(run, false, move(run, false, remote, 2 * nr), want, whole);
}

static void make_tagged_calls(struct run *run)
{
	const unsigned long tagged = run->spots.at[0] | TAG;
	struct iovec remote = {(void *)tagged, BYTES};
	char want[TEXT_MAX + 1];
	const char *local = move(run, false, &remote, 1);
	bool ignored = run->moved == BYTES;

	expect_start(want,
		     ignored ? region_at(&run->truth, run->spots.at[0]) : NULL,
		     run->spots.at[0]);
	note_call(run, false, local, want, true);
	printf("the kernel %s tags\n", ignored ? "ignores" : "knows no");
	for (int i = 0; i < run->spots.nr; i++)
		make_tagged_call(run, &run->spots.at[i], 1, ignored);
	make_tagged_call(run, run->spots.at, LOOKED_UP / 2, ignored);
}

/* The edges and the middle of each mapping, and the first byte behind it. */
static void choose_points(struct run *run)
{
	unsigned long *to = calloc(POINTS_MAX, sizeof(*to));

	if (!to)
		die("out of memory");
	run->points = to;
	for (int i = 0; i < run->truth.nr; i++) {
		const struct region *region = &run->truth.regions[i];

		*to++ = region->start;
		*to++ = region->start + (region->end - region->start) / 2 + 5;
		*to++ = region->end - 1;
		*to++ = region->end;
	}
	run->nr_points = (int)(to - run->points);
}

/* Points from all over, the same ones in each run of the same layout */
static void make_mixed_calls(struct run *run, int nr, int calls)
{
	static unsigned int random = 1;
	unsigned long points[VECTORS_MAX];

	for (int call = 0; call < calls; call++) {
		for (int i = 0; i < nr; i++) {
			random = random * 1103515245 + 12345;
			points[i] = run->points[(random >> 8) %
						(unsigned int)run->nr_points];
		}
		make_call(run, false, points, nr);
	}
}

static void make_calls(struct run *run)
{
	for (int i = 0; i < run->spots.nr; i++) {
		make_call(run, false, &run->spots.at[i], 1);
		make_call(run, true, &run->spots.at[i], 1);
	}
	make_call(run, false, run->spots.at, run->spots.nr);
	make_call(run, true, run->spots.at, run->spots.nr);
	for (int i = 0; i < run->spots.nr; i++)
		make_call(run, true, &run->spots.at[i],
			  run->spots.nr - i < LOOKED_UP ? run->spots.nr - i
							: LOOKED_UP);
	/* neighbours, most of them in the mapping of the one before */
	for (int i = 0; i + 4 <= run->nr_points; i += 4)
		make_call(run, false, &run->points[i], 4);
	for (int i = 0; i + LOOKED_UP <= run->nr_points; i += LOOKED_UP)
		make_call(run, false, &run->points[i], LOOKED_UP);
	for (int nr = 1; nr <= LOOKED_UP + 1; nr++)
		make_mixed_calls(run, nr, 8);
	make_mixed_calls(run, 200, 8);
	make_tagged_calls(run);
}

/* Alternatives stand in the account with a bar between them. */
static void visit_restless_target(struct run *run)
{
	static const char want[] =
		"?,[heap]:rw-p|none,[heap]:rw-p|[anon]:rw-p,[heap]:rw-p|"
		"/tmp/maps/restless+0x1005:r--p,[heap]:rw-p|"
		/* where each of several tries met a change */
		"?,?|none,?|[anon]:rw-p,?|/tmp/maps/restless+0x1005:r--p,?";

	struct iovec remote[2];

	start_target(run, be_restless);
	fill_vectors(remote, run->spots.at, 2);
	for (int i = 0; i < RESTLESS_CALLS; i++)
		note_call(run, false, move(run, false, remote, 2), want, true);
	end_target(run);
}

static void check_truth_stands(const struct run *run)
{
	struct truth now;

	read_truth(&now, run->target);
	if (now.nr != run->truth.nr)
		die("the target's mappings have changed");
	for (int i = 0; i < now.nr; i++)
		if (memcmp(&now.regions[i], &run->truth.regions[i],
			   sizeof(now.regions[i])))
			die("the target's mappings have changed");
	free(now.regions);
}

int main(int argc, char **argv)
{
	struct run run = {.calls = 0};

	if (argc < 2 || argc > 3 ||
	    (argc == 3 && strcmp(argv[2], "restless"))) {
		fputs("usage: maps ACCOUNT [restless]\n", stderr);
		return 2;
	}
	run.account = fopen(argv[1], "we");
	if (!run.account)
		die("%s", argv[1]);
	start_target(&run, be_target);
	read_truth(&run.truth, run.target);
	choose_points(&run);
	make_calls(&run);
	check_truth_stands(&run);
	end_target(&run);
	if (argc == 3)
		visit_restless_target(&run);
	if (fclose(run.account))
		die("%s", argv[1]);
	printf("%lu calls, %d mappings\n", run.calls, run.truth.nr);
	free(run.truth.regions);
	free(run.points);
	return 0;
}
