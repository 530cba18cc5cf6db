// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Run a program that is refused a layer of its sandbox, see refusal.h.
 *
 * usage: refuse WHAT PROGRAM [ARGUMENT...]
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "refusal.h"

int main(int argc, char **argv)
{
	int err;

	if (argc < 3) {
		fputs("usage: refuse WHAT PROGRAM [ARGUMENT...]\n", stderr);
		return 2;
	}
	err = refuse(argv[1]);
	if (err) {
		fprintf(stderr, "%s: %s\n", argv[1], strerror(-err));
		return 1;
	}
	execvp(argv[2], argv + 2);
	perror(argv[2]);
	return 1;
}
