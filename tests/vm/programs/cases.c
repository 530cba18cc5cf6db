// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hostile and unusual calls, one after the other, each with the account of
 * what really happened: see account.h. truth makes many calls of the common
 * kinds at once; here every case is made for one way to go wrong.
 *
 * Each case runs in a process of its own, so that what one does to itself
 * (credentials, namespaces, stopped threads) does not reach the next. A case
 * that cannot do what it is about says "not ok case NAME: why"; all others
 * get their verdict from match, by their kind=.
 */
#define _GNU_SOURCE
#include "case.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Many times what the longest takes on a slow machine */
#define CASE_SECONDS 120

static const struct named_case *const all[] = {
	vector_cases,	 failure_cases, target_cases, relation_cases,
	namespace_cases, program_cases, compat_cases,
};

#define GROUPS (sizeof(all) / sizeof(all[0]))

struct options {
	const char *account;
	const char *only;
	bool list;
};

/* True when the case has come to its end; else it, or we, have said why. */
static bool run_case(const struct named_case *which)
{
	pid_t pid;
	int status;

	program.name = which->name;
	pid = fork_child();
	if (!pid) {
		alarm(CASE_SECONDS);
		which->run();
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid: %s", strerror(errno));
	/* a case that stopped the plugin may not have come to its end */
	if (program.plugin)
		continue_plugin();
	if (WIFSIGNALED(status))
		printf("not ok case %s: killed by signal %d\n", which->name,
		       WTERMSIG(status));
	return WIFEXITED(status) && !WEXITSTATUS(status);
}

static unsigned long run_group(const struct named_case *group,
			       const struct options *opt)
{
	unsigned long failed = 0;

	for (; group->name; group++) {
		if (opt->only && strcmp(opt->only, group->name))
			continue;
		if (opt->list)
			puts(group->name);
		else if (!run_case(group))
			failed++;
	}
	return failed;
}

__attribute__((noreturn)) static void usage(int status)
{
	fputs("usage: cases --account FILE [--plugin PID] [--compat32 "
	      "PROGRAM]\n"
	      "             [--case NAME]\n"
	      "       cases --list\n",
	      status ? stderr : stdout);
	exit(status);
}

static void get_options(struct options *opt, int argc, char **argv)
{
	static const struct option known[] = {
		{"account", required_argument, NULL, 'a'},
		{"plugin", required_argument, NULL, 'p'},
		{"compat32", required_argument, NULL, 'i'},
		{"case", required_argument, NULL, 'c'},
		{"list", no_argument, NULL, 'l'},
		{"be-a-target", required_argument, NULL, 'b'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (c) {
		case 'a':
			opt->account = optarg;
			break;
		case 'p':
			program.plugin = atoi(optarg);
			break;
		case 'i':
			program.path_compat32 = optarg;
			break;
		case 'c':
			opt->only = optarg;
			break;
		case 'l':
			opt->list = true;
			break;
		case 'b':
			be_a_target(atoi(optarg));
		default:
			usage(c == 'h' ? 0 : 2);
		}
	}
	if (optind < argc || (!opt->account && !opt->list))
		usage(2);
}

static void start(const struct options *opt)
{
	static char path[4096];

	if (readlink("/proc/self/exe", path, sizeof(path) - 1) < 0)
		die("/proc/self/exe: %s", strerror(errno));
	program.path = path;
	if (account_stat(&program.file, getpid(), getpid()))
		die("/proc/self/exe: %s", strerror(errno));
	program.account = fopen(opt->account, "we");
	if (!program.account)
		die("%s: %s", opt->account, strerror(errno));
	program.calls = shared(sizeof(*program.calls));
	program.wrong = shared(sizeof(*program.wrong));
	map_memory();
}

int main(int argc, char **argv)
{
	struct options opt = {0};
	unsigned long failed = 0;

	get_options(&opt, argc, argv);
	if (!opt.list)
		start(&opt);
	for (size_t i = 0; i < GROUPS; i++)
		failed += run_group(all[i], &opt);
	if (opt.list)
		return 0;
	fprintf(stderr,
		"cases: %lu calls, %lu not as expected, %lu cases "
		"not done\n",
		*program.calls, *program.wrong, failed);
	return failed || *program.wrong;
}
