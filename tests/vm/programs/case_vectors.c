// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Cases about the vectors: how many, where they lie, what becomes of them
 * during the call.
 */
#define _GNU_SOURCE
#include "case.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAX_VECTORS 1024

static struct iovec vector(unsigned long base, unsigned long len)
{
	return (struct iovec){(void *)base, len};
}

static struct iovec *copy_of(const struct iovec *v, unsigned long count)
{
	return memcpy(new_vectors(count), v, count * sizeof(*v));
}

/* The vectors are no longer to be found where the call had them. */
static void used_remote(struct call *c, const struct iovec *v,
			unsigned long count)
{
	c->is.used_riov = copy_of(v, count);
	c->is.used_riovcnt = count;
}

static void used_local(struct call *c, const struct iovec *v,
		       unsigned long count)
{
	c->is.used_liov = copy_of(v, count);
	c->is.used_liovcnt = count;
}

/* Different places and lengths, none longer than a gap */
static unsigned long fill(struct iovec *v, unsigned long count,
			  unsigned long from)
{
	unsigned long bytes = 0;

	for (unsigned long i = 0; i < count; i++) {
		v[i] = vector(from + 32 * i, 1 + i % 31);
		bytes += v[i].iov_len;
	}
	return bytes;
}

/* ---- how many -------------------------------------------------------- */

static void call_many(const struct target *t, bool write, unsigned long remote,
		      unsigned long local)
{
	unsigned long wanted, room;
	struct call c;

	lay_out(&c, t);
	if (write)
		set_write(&c);
	set_remote(&c, new_vectors(remote), remote);
	set_local(&c, new_vectors(local), local);
	wanted = fill(c.remote, remote, REMOTE);
	room = fill(c.local, local, LOCAL);
	c.expect = wanted < room ? wanted : room;
	make(&c);
}

/* Read and written, on both sides and on one */
static void many(unsigned long count)
{
	struct target t;

	start_target(&t, NULL, NULL);
	for (int write = 0; write < 2; write++) {
		call_many(&t, write, count, count);
		call_many(&t, write, count, 1);
		call_many(&t, write, 1, count);
	}
}

static void vectors_16(void)
{
	many(16);
}

static void vectors_17(void)
{
	many(17);
}

static void vectors_64(void)
{
	many(64);
}

static void vectors_65(void)
{
	many(65);
}

static void vectors_256(void)
{
	many(256);
}

static void vectors_257(void)
{
	many(257);
}

static void vectors_1024(void)
{
	many(MAX_VECTORS);
}

/*
 * As much text as vectors can take: the longest addresses on the remote side,
 * where nobody checks them, and the longest lengths that every kernel takes.
 */
static void vectors_longest(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	set_remote(&c, new_vectors(MAX_VECTORS), MAX_VECTORS);
	set_local(&c, new_vectors(MAX_VECTORS), MAX_VECTORS);
	for (unsigned long i = 0; i < MAX_VECTORS; i++) {
		c.remote[i] = vector(~0UL - i, ~0UL >> 1);
		c.local[i] = vector(LOCAL + i, 1);
	}
	c.expect = -EFAULT;
	make(&c);
}

/* ---- lengths --------------------------------------------------------- */

/* Nothing asked of the first ones: nobody cares where they point. */
static void decoys(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	set_remote(&c, new_vectors(4), 4);
	set_local(&c, new_vectors(3), 3);
	c.remote[0] = vector(0, 0);
	c.remote[1] = vector(~0UL, 0);
	c.remote[2] = vector(HOLE, 0);
	c.remote[3] = vector(REMOTE, 48);
	c.local[0] = vector(HOLE, 0);
	c.local[1] = vector(0, 0);
	c.local[2] = vector(LOCAL, 64);
	c.expect = 48;
	make(&c);
}

/* The vector runs into the hole: what lies before it is moved. */
static void partial_inside(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	c.remote[0] = vector(HOLE - 2 * PAGE, 3 * PAGE);
	c.local[0] = vector(LOCAL, 8 * PAGE);
	c.expect = 2 * PAGE;
	make(&c);

	lay_out(&c, &t);
	set_write(&c);
	set_remote(&c, new_vectors(3), 3);
	c.remote[0] = vector(REMOTE, 100);
	c.remote[1] = vector(HOLE - 10, 20);
	c.remote[2] = vector(REMOTE, 100);
	c.local[0] = vector(LOCAL, 8 * PAGE);
	c.expect = 110;
	make(&c);
}

/* The kernel does not add up remote lengths; no 64 bits hold this sum. */
static void remote_overflow(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	set_remote(&c, new_vectors(3), 3);
	for (int i = 0; i < 3; i++)
		c.remote[i] = vector(REMOTE, ~0UL >> 1);
	make(&c);
}

/* One vector that would run over the end of all addresses */
static void remote_wraps(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	set_remote(&c, new_vectors(2), 2);
	c.remote[0] = vector(REMOTE, 32);
	c.remote[1] = vector(~0UL - 15, 64);
	c.expect = 32;
	make(&c);
}

/* A length above the signed ones is refused on either side, at the copy. */
static void remote_negative(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	c.remote[0] = vector(REMOTE, ~0UL - 7);
	ends_early(&c, -EINVAL);
	make(&c);
}

static void local_negative(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	c.local[0] = vector(LOCAL, ~0UL - 7);
	ends_early(&c, -EINVAL);
	make(&c);
}

/* The kernel cuts what one call moves, and the local vectors with it. */
static void local_cut(void)
{
	const struct iovec several[] = {
		vector(LOCAL, 1000),
		vector(LOCAL, MAX_RW_COUNT - 1000),
		vector(LOCAL, 0),
	};
	const struct iovec one = vector(LOCAL, MAX_RW_COUNT);
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	set_local(&c, new_vectors(3), 3);
	c.local[0] = vector(LOCAL, 1000);
	c.local[1] = vector(LOCAL, 1UL << 40);
	c.local[2] = vector(LOCAL, 77);
	used_local(&c, several, 3);
	make(&c);

	lay_out(&c, &t);
	set_write(&c);
	c.local[0] = vector(LOCAL, 1UL << 40);
	used_local(&c, &one, 1);
	make(&c);
}

/* ---- where the vectors lie ------------------------------------------- */

/* Vectors in a file's mapping that nobody has touched yet */
static struct iovec *in_file(const struct iovec *v, unsigned long count)
{
	size_t len = count * sizeof(*v);
	FILE *file = tmpfile();
	void *memory;

	if (!file || fwrite(v, 1, len, file) != len || fflush(file))
		die("cannot write a file: %s", strerror(errno));
	memory = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE,
		      fileno(file), 0);
	if (memory == MAP_FAILED)
		die("mmap: %s", strerror(errno));
	fclose(file);
	return memory;
}

static bool is_present(void *page)
{
	uint64_t entry = 0;
	FILE *map = fopen("/proc/self/pagemap", "re");

	if (!map || fseek(map, (uintptr_t)page / PAGE * 8, SEEK_SET) ||
	    fread(&entry, sizeof(entry), 1, map) != 1)
		die("/proc/self/pagemap: %s", strerror(errno));
	fclose(map);
	return entry >> 63;
}

/* A probe that reads this memory without faults finds nothing there. */
static void absent_pages(void)
{
	struct iovec remote[20], local[20];
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	c.expect = fill(remote, 20, REMOTE);
	fill(local, 20, LOCAL);
	set_remote(&c, in_file(remote, 20), 20);
	set_local(&c, in_file(local, 20), 20);
	if (is_present(c.remote) || is_present(c.local))
		die("the pages are there already");
	make(&c);
}

/* Pages thrown away again, of memory that comes back as it was in the file */
static void dropped_pages(void)
{
	struct iovec remote[2], local[2];
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	c.expect = fill(remote, 2, REMOTE);
	fill(local, 2, LOCAL);
	set_remote(&c, in_file(remote, 2), 2);
	set_local(&c, in_file(local, 2), 2);
	c.remote[0].iov_len = 4000;
	if (madvise(c.remote, PAGE, MADV_DONTNEED) || is_present(c.remote))
		die("the page has not gone");
	make(&c);
}

/* Fresh memory reads as zeros: vectors of no length, on a page not there */
static void fresh_pages(void)
{
	struct iovec *v = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct target t;
	struct call c;

	if (v == MAP_FAILED || is_present(v))
		die("no fresh page");
	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	set_remote(&c, v, 3);
	finds_nobody(&c, 0);
	make(&c);
}

/* What is read lands on the remote vectors, which the kernel has long read. */
static void lands_on_remote(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	c.local[0] = vector((uintptr_t)c.remote, sizeof(*c.remote));
	used_remote(&c, c.remote, 1);
	c.expect = sizeof(*c.remote);
	make(&c);
	if (c.remote->iov_len == 64)
		die("nothing has landed there");
}

static void lands_on_local(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	set_local(&c, new_vectors(20), 20);
	set_remote(&c, new_vectors(20), 20);
	fill(c.remote, 20, REMOTE);
	for (int i = 0; i < 20; i++)
		c.local[i] = vector((uintptr_t)&c.local[i], 16);
	used_local(&c, c.local, 20);
	c.expect = 0;
	for (int i = 0; i < 20; i++)
		c.expect += c.remote[i].iov_len;
	make(&c);
	if (c.local[0].iov_len == 16)
		die("nothing has landed there");
}

/* One array for both sides */
static void one_array(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	set_local(&c, c.remote, 1);
	make(&c);
}

/* No kernel asks for vectors to lie at a multiple of anything. */
static void odd_address(void)
{
	struct iovec *odd = (void *)((char *)new_vectors(4) + 3);
	struct iovec v = vector(REMOTE, 64);
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	memcpy((void *)odd, &v, sizeof(v));
	set_remote(&c, odd, 1);
	used_remote(&c, &v, 1);
	make(&c);
}

/* The kernel looks at the low 32 bits of liovcnt alone. */
static void liovcnt_33_bits(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	c.is.liovcnt = (1UL << 32) + 1;
	used_local(&c, c.local, 1);
	make(&c);

	lay_out(&c, &t);
	c.is.liovcnt = 1UL << 32;
	ends_early(&c, 0);
	make(&c);
}

/* arm64 takes off what is in the top byte; the record has it still. */
static void tagged_remote(void)
{
	struct target t;
	struct call c;

	start_target(&t, NULL, NULL);
	lay_out(&c, &t);
	c.remote[0].iov_base = (void *)(REMOTE | 0x5aUL << 56);
#ifndef __aarch64__
	c.expect = -EFAULT;
#endif
	make(&c);
}

const struct named_case vector_cases[] = {
	{"vectors_16", vectors_16},
	{"vectors_17", vectors_17},
	{"vectors_64", vectors_64},
	{"vectors_65", vectors_65},
	{"vectors_256", vectors_256},
	{"vectors_257", vectors_257},
	{"vectors_1024", vectors_1024},
	{"vectors_longest", vectors_longest},
	{"decoys", decoys},
	{"partial_inside", partial_inside},
	{"remote_overflow", remote_overflow},
	{"remote_wraps", remote_wraps},
	{"remote_negative", remote_negative},
	{"local_negative", local_negative},
	{"local_cut", local_cut},
	{"absent_pages", absent_pages},
	{"dropped_pages", dropped_pages},
	{"fresh_pages", fresh_pages},
	{"lands_on_remote", lands_on_remote},
	{"lands_on_local", lands_on_local},
	{"one_array", one_array},
	{"odd_address", odd_address},
	{"liovcnt_33_bits", liovcnt_33_bits},
	{"tagged_remote", tagged_remote},
	{NULL, NULL},
};
