// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * poke.c - one process_vm_readv or process_vm_writev, and a victim for it
 *
 * An example of what audisp-pvm makes visible, small enough to be read before
 * it is run: the victim prints where a text of its own lies; the writer puts
 * another text there, without the victim's help; the reader reads it, once or
 * again and again.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define BUFFER_SIZE 128
#define READ_MAX 65536
#define TIMES_MAX 100000
#define PIECES_MAX 16
#define PID_BOUND 4194304

struct options {
	bool victim;
	bool code; /* the victim's text lies where code could be */
	bool read;
	pid_t pid;
	uintptr_t address;
	size_t len; /* to be read */
	size_t times;
	char *text; /* to be written, with its NUL; or the victim's */
	size_t pieces;
};

__attribute__((format(printf, 2, 3), noreturn)) static void die(
	int status, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "%s: ", program_invocation_short_name);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(status);
}

/* What comes from another process's memory may hold anything. */
static void print_text(const char *what, const char *text, size_t len)
{
	printf("%s \"", what);
	for (size_t i = 0; i < len; i++)
		putchar(text[i] >= ' ' && text[i] <= '~' ? text[i] : '.');
	puts("\"");
	fflush(stdout);
}

/* ---- the victim ------------------------------------------------------ */

static void wait_ms(long ms)
{
	const struct timespec time = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

/* Nothing in this program changes @text. */
static bool is_still(const volatile char *text, const char *was)
{
	for (; *text == *was; text++, was++)
		if (!*was)
			return true;
	return false;
}

/* Memory as of a compiler at run time can be written and run. */
static char *get_memory(const struct options *opt)
{
	char *memory = opt->code ? mmap(NULL, BUFFER_SIZE,
					PROT_READ | PROT_WRITE | PROT_EXEC,
					MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
				 : calloc(1, BUFFER_SIZE);

	if (!memory || memory == MAP_FAILED)
		die(1, "out of memory");
	return memory;
}

static int be_victim(const struct options *opt)
{
	const char *was = opt->text ? opt->text : "as I left it";
	char *text = get_memory(opt);

	snprintf(text, BUFFER_SIZE, "%s", was);
	printf("pid=%d address=0x%lx length=%d\n", (int)getpid(),
	       (unsigned long)(uintptr_t)text, BUFFER_SIZE);
	print_text("my text is", text, strlen(text));
	while (is_still(text, was))
		wait_ms(20);
	wait_ms(20); /* for a writer that is not through yet */
	print_text("my text is now", text, strnlen(text, BUFFER_SIZE));
	return 0; /* and the memory goes with us */
}

/* ---- the two calls --------------------------------------------------- */

/* Returns the exit status: 0 when all of @len has moved. */
static int judge(const struct options *opt, const char *what, ssize_t moved,
		 size_t len)
{
	if (moved < 0)
		die(1, "%s process %d at 0x%lx: %s", what, (int)opt->pid,
		    (unsigned long)opt->address, strerror(errno));
	if ((size_t)moved == len)
		return 0;
	fprintf(stderr, "%s: %s process %d: only %zd of %zu bytes\n",
		program_invocation_short_name, what, (int)opt->pid, moved, len);
	return 1;
}

static int read_other(const struct options *opt)
{
	char *buffer = calloc(1, opt->len);
	struct iovec local = {buffer, opt->len};
	struct iovec remote = {(void *)opt->address, opt->len};
	ssize_t moved = 0;
	int status;

	if (!buffer)
		die(1, "out of memory");
	for (size_t i = 0; i < opt->times && moved >= 0; i++)
		moved = process_vm_readv(opt->pid, &local, 1, &remote, 1, 0);
	status = judge(opt, "reading", moved, opt->len);
	print_text("read", buffer, (size_t)moved);
	free(buffer);
	return status;
}

/* @remote follows on from one piece to the next; the last has what is left. */
static void split(struct iovec *remote, const struct options *opt, size_t len)
{
	size_t piece = len / opt->pieces;

	for (size_t i = 0; i < opt->pieces; i++) {
		remote[i].iov_base = (void *)(opt->address + i * piece);
		remote[i].iov_len = piece;
	}
	remote[opt->pieces - 1].iov_len += len % opt->pieces;
}

static int write_other(const struct options *opt)
{
	size_t len = strlen(opt->text) + 1;
	struct iovec local = {opt->text, len};
	struct iovec remote[PIECES_MAX];
	ssize_t moved;
	int status;

	split(remote, opt, len);
	moved = process_vm_writev(opt->pid, &local, 1, remote, opt->pieces, 0);
	status = judge(opt, "writing", moved, len);
	printf("wrote %zd bytes\n", moved);
	return status;
}

/* ---- command line ---------------------------------------------------- */

__attribute__((noreturn)) static void usage(int status)
{
	fputs("usage: poke --victim [--text TEXT] [--code]\n"
	      "       poke --pid PID --address ADDRESS --text TEXT "
	      "[--pieces N]\n"
	      "       poke --read PID ADDRESS LENGTH [--times N]\n"
	      "\n"
	      "--victim  print the pid and the address of a text, wait until\n"
	      "          it changes, print it; --code: it lies in memory that\n"
	      "          can be run\n"
	      "--text    write TEXT and a NUL into the process PID by one\n"
	      "          process_vm_writev; --pieces: as N remote vectors\n"
	      "--read    read LENGTH bytes by one process_vm_readv; --times:\n"
	      "          by N of them\n"
	      "\n"
	      "Exit status: 0 done, 1 the call failed or moved less, 2 wrong "
	      "usage\n",
	      status ? stderr : stdout);
	exit(status);
}

static unsigned long number(const char *text, unsigned long low,
			    unsigned long high)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 0);
	if (errno || end == text || *end || strchr(text, '-') || value < low ||
	    value > high)
		die(2, "%s: not a number from %lu to %lu", text, low, high);
	return value;
}

static void set_option(struct options *opt, int c)
{
	switch (c) {
	case 'v':
		opt->victim = true;
		break;
	case 'c':
		opt->code = true;
		break;
	case 'r':
		opt->read = true;
		break;
	case 'm':
		opt->times = number(optarg, 1, TIMES_MAX);
		break;
	case 'p':
		opt->pid = (pid_t)number(optarg, 1, PID_BOUND);
		break;
	case 'a':
		opt->address = number(optarg, 0, UINTPTR_MAX);
		break;
	case 't':
		opt->text = optarg;
		break;
	case 'n':
		opt->pieces = number(optarg, 1, PIECES_MAX);
		break;
	default:
		usage(c == 'h' ? 0 : 2);
	}
}

static void get_operands(struct options *opt, int argc, char **argv)
{
	if (argc - optind != (opt->read ? 3 : 0))
		usage(2);
	if (!opt->read)
		return;
	opt->pid = (pid_t)number(argv[optind], 1, PID_BOUND);
	opt->address = number(argv[optind + 1], 0, UINTPTR_MAX);
	opt->len = number(argv[optind + 2], 1, READ_MAX);
}

static void get_options(struct options *opt, int argc, char **argv)
{
	static const struct option known[] = {
		{"victim", no_argument, NULL, 'v'},
		{"code", no_argument, NULL, 'c'},
		{"read", no_argument, NULL, 'r'},
		{"pid", required_argument, NULL, 'p'},
		{"address", required_argument, NULL, 'a'},
		{"text", required_argument, NULL, 't'},
		{"pieces", required_argument, NULL, 'n'},
		{"times", required_argument, NULL, 'm'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int c;

	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1)
		set_option(opt, c);
	get_operands(opt, argc, argv);
	if (opt->victim + opt->read + (opt->address && opt->text) != 1)
		usage(2);
}

int main(int argc, char **argv)
{
	struct options opt = {.pieces = 1, .times = 1};

	get_options(&opt, argc, argv);
	if (opt.victim)
		return be_victim(&opt);
	return opt.read ? read_other(&opt) : write_other(&opt);
}
