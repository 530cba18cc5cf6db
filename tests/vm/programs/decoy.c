// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * decoy.c - writes into executable memory that something else hides: 16 vectors
 * of no length ahead of it, a vector that begins in other memory, and a
 * thousand that go to two other mappings in turn
 *
 * usage: decoy     makes one call each of a child, named "empty", "across" and
 *                  "repeated"
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <unistd.h>

#define PAGE 4096
#define EMPTY 16
#define REPEATED 1000

int main(void)
{
	char *memory = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	static char bytes[REPEATED + 4] = "code";
	struct iovec local = {bytes, 4}, remote[REPEATED + 1];
	pid_t parent = getpid(), child;

	if (memory == MAP_FAILED ||
	    mprotect(memory + PAGE, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC))
		return 2;
	memset(memory, 0, 3 * PAGE);
	child = fork();
	if (child < 0)
		return 2;
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (getppid() == parent)
			pause();
		_exit(0);
	}
	for (int i = 0; i < EMPTY; i++)
		remote[i] = (struct iovec){memory, 0};
	remote[EMPTY] = (struct iovec){memory + PAGE, 4};
	prctl(PR_SET_NAME, "empty");
	printf("empty %zd\n",
	       process_vm_writev(child, &local, 1, remote, EMPTY + 1, 0));
	local.iov_len = 16;
	remote[0] = (struct iovec){memory + PAGE - 1, 16};
	prctl(PR_SET_NAME, "across");
	printf("across %zd\n",
	       process_vm_writev(child, &local, 1, remote, 1, 0));
	local.iov_len = sizeof(bytes);
	for (int i = 0; i < REPEATED; i++)
		remote[i] = (struct iovec){memory + i % 2 * 2 * PAGE, 1};
	remote[REPEATED] = (struct iovec){memory + PAGE, 4};
	prctl(PR_SET_NAME, "repeated");
	printf("repeated %zd\n",
	       process_vm_writev(child, &local, 1, remote, REPEATED + 1, 0));
	kill(child, SIGKILL);
	return 0;
}
