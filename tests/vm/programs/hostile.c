// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Callers and targets with names that try to break a record: spaces, quotes,
 * ends of lines, what looks like fields or like a record's start. Each name is
 * a thread's and a program file's, of the caller and of the target.
 *
 * usage: hostile make FOLDER    copies itself under the names, makes one call
 *                               of each, and prints an account
 *        hostile verify LOG     reads the account, and the records' fields from
 *                               the log by libauparse: they must be exactly so
 *
 * A line of the account: spid opid NAME in hex, which is the file's; the
 * thread's is its first 15 bytes.
 */
#define _GNU_SOURCE
#include <auparse.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#define COMM_MAX 15
#define CALLS_MAX 64

static const char *const names[] = {
	"plain",
	"a b",
	" ",
	"quo\"te",
	"\"",
	"'",
	"' res=success",
	"x' opid=1 ouid=0",
	"opid=1",
	"msg=audit(1.1:1)",
	"type=SYSCALL",
	"type=USER msg=audit(1.001:1): pid=1 uid=0 msg='op=process_vm_readv'",
	"new\nline",
	"\ntype=SYSCALL msg=audit(1.001:1): arch=c000003e syscall=310",
	"tab\tand\resc\x1b[2J",
	"\035UID=\"root\"",
	"\x01key",
	"%s%n%99999d",
	"back\\slash",
	"=",
	"(null)",
	"61626364",
	"\xc3\xa4\xe2\x82\xac",
	"\xff\xfe\x80",
	"\x7f",
	"node=elsewhere type=USER",
};

#define NAMES (sizeof(names) / sizeof(names[0]))

struct call {
	long spid;
	long opid;
	char path[256]; /* of caller and target */
	char comm[COMM_MAX + 1];
	unsigned int found;
};

static void die(const char *what)
{
	fprintf(stderr, "hostile: %s: %s\n", what, strerror(errno));
	exit(2);
}

/* ---- make ------------------------------------------------------------ */

static void copy_self(const char *path)
{
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int to = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	struct stat st;

	if (from < 0 || to < 0 || fstat(from, &st) ||
	    sendfile(to, from, NULL, (size_t)st.st_size) != st.st_size)
		die(path);
	close(from);
	close(to);
}

/* Run @path as @role, told of @pid, with a pipe on its standard output. */
static pid_t start(const char *path, const char *role, pid_t pid, int *out)
{
	char number[16];
	int fds[2];
	pid_t child;

	snprintf(number, sizeof(number), "%d", (int)pid);
	if (pipe2(fds, O_CLOEXEC))
		die("pipe");
	child = fork();
	if (!child) {
		dup2(fds[1], STDOUT_FILENO);
		execl(path, path, role, number, NULL);
		_exit(127);
	}
	close(fds[1]);
	*out = fds[0];
	return child;
}

/* A role has done its part when it says so, or is gone. */
static void wait_for(int fd)
{
	char c;

	if (read(fd, &c, 1) != 1)
		die("a child has failed");
	close(fd);
}

static void make_call(const char *folder, const char *name)
{
	char path[512];
	pid_t target, caller;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	copy_self(path);
	target = start(path, "target", 0, &fd);
	wait_for(fd);
	caller = start(path, "caller", target, &fd);
	wait_for(fd);
	waitpid(caller, NULL, 0);
	kill(target, SIGKILL);
	waitpid(target, NULL, 0);
	printf("%d %d ", (int)caller, (int)target);
	for (const char *at = path; *at; at++)
		printf("%02x", (unsigned char)*at);
	putchar('\n');
}

static int make(const char *folder)
{
	for (size_t i = 0; i < NAMES; i++)
		make_call(folder, names[i]);
	return 0;
}

/* The thread's name is the file's, which execve has given it; be sure. */
static void take_name(const char *path)
{
	prctl(PR_SET_NAME, strrchr(path, '/') + 1);
}

static int be_target(const char *path)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	take_name(path);
	if (write(STDOUT_FILENO, "t", 1) != 1)
		return 1;
	for (;;)
		pause();
}

/* The result does not matter: the memory need not be mapped there. */
static int be_caller(const char *path, pid_t target)
{
	char c;
	struct iovec local = {&c, 1}, remote = {&c, 1};

	take_name(path);
	process_vm_readv(target, &local, 1, &remote, 1, 0);
	return write(STDOUT_FILENO, "c", 1) == 1 ? 0 : 1;
}

/* ---- verify ---------------------------------------------------------- */

static void decode(const char *hex, char *to, size_t size)
{
	unsigned int byte;

	for (; size > 1 && sscanf(hex, "%2x", &byte) == 1; hex += 2, size--)
		*to++ = (char)byte;
	*to = '\0';
}

static size_t read_account(struct call *calls)
{
	char hex[600];
	size_t n = 0;

	while (n < CALLS_MAX && scanf("%ld %ld %599s", &calls[n].spid,
				      &calls[n].opid, hex) == 3) {
		struct call *call = &calls[n++];

		decode(hex, call->path, sizeof(call->path));
		snprintf(call->comm, sizeof(call->comm), "%s",
			 strrchr(call->path, '/') + 1);
	}
	return n;
}

/*
 * The value of the field @name of the message, as libauparse reads it; with
 * @own it is one that libauparse does not know, and is decoded here. NULL when
 * the message has it twice.
 */
static const char *value_of(auparse_state_t *au, const char *name, bool own)
{
	static char text[4096];
	bool inside = false, found = false;

	auparse_first_field(au);
	do {
		const char *have = auparse_get_field_name(au);

		inside |= !strcmp(have, "op"); /* the sender's stand in front */
		if (!inside || strcmp(have, name))
			continue;
		if (found) /* libaudit's own exe= comes behind */
			return strcmp(name, "exe") ? NULL : text;
		found = true;
		snprintf(text, sizeof(text), "%s",
			 own ? auparse_get_field_str(au)
			     : auparse_interpret_field(au));
	} while (auparse_next_field(au) > 0);
	return found ? text : "(absent)";
}

/* Quoted or in hex, as audit writes strings. */
static const char *unquote(const char *token)
{
	static char text[4096];
	size_t len = token ? strlen(token) : 0;

	if (len < 2)
		return "(no token)";
	if (*token != '"')
		decode(token, text, sizeof(text));
	else
		snprintf(text, sizeof(text), "%.*s", (int)len - 2, token + 1);
	return text;
}

static unsigned int differs(const struct call *call, const char *name,
			    const char *got, const char *want)
{
	if (got && !strcmp(got, want))
		return 0;
	printf("call of %ld: %s is [%s], must be [%s]\n", call->spid, name,
	       got ? got : "there twice", want);
	return 1;
}

static unsigned int compare(auparse_state_t *au, struct call *call)
{
	char opid[24];
	unsigned int wrong = 0;

	snprintf(opid, sizeof(opid), "%ld", call->opid);
	call->found++;
	wrong += differs(call, "opid", value_of(au, "opid", true), opid);
	wrong += differs(call, "ouid", value_of(au, "ouid", true), "0");
	wrong += differs(call, "comm", value_of(au, "comm", false), call->comm);
	wrong += differs(call, "exe", value_of(au, "exe", false), call->path);
	wrong += differs(call, "ocomm", value_of(au, "ocomm", false),
			 call->comm);
	wrong += differs(call, "oexe", unquote(value_of(au, "oexe", true)),
			 call->path);
	return wrong;
}

static int verify(const char *log)
{
	static struct call calls[CALLS_MAX];
	size_t n = read_account(calls);
	auparse_state_t *au = auparse_init(AUSOURCE_FILE, log);
	unsigned int wrong = 0;

	if (!au || !n)
		die(log);
	auparse_set_escape_mode(au, AUPARSE_ESC_RAW);
	while (auparse_next_event(au) > 0) {
		const char *op = value_of(au, "op", true);
		long spid;

		if (!op || strcmp(op, "process_vm_readv"))
			continue;
		spid = atol(value_of(au, "spid", true));
		for (size_t i = 0; i < n; i++)
			if (calls[i].spid == spid)
				wrong += compare(au, &calls[i]);
	}
	for (size_t i = 0; i < n; i++)
		if (calls[i].found != 1) {
			printf("call of %ld: %u records\n", calls[i].spid,
			       calls[i].found);
			wrong++;
		}
	printf("%zu calls, %u differences\n", n, wrong);
	auparse_destroy(au);
	return wrong ? 1 : 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "make"))
		return make(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "verify"))
		return verify(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "target"))
		return be_target(argv[0]);
	if (argc == 3 && !strcmp(argv[1], "caller"))
		return be_caller(argv[0], atoi(argv[2]));
	fputs("usage: hostile make FOLDER | verify LOG <ACCOUNT\n", stderr);
	return 2;
}
