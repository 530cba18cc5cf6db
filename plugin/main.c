// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * main.c - audisp-pvm: the command line, the signals, the loop
 *
 * auditd starts it with an empty environment, stdin a socket, stdout and
 * stderr on /dev/null, and whatever signals it had ignored or blocked. It
 * sends SIGHUP for its own reload and SIGTERM, or the end of stdin, to end.
 */
#include <argp.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "process/config.h"
#include "input/readahead.h"
#include "process/files.h"
#include "process/log.h"
#include "lifecycle.h"
#include "lib/clock.h"
#include "pvm/version.h"
#include "process/state.h"
#include "report.h"

/* Ends within a second: what remains is for exiting. */
#define STOP_TIMEOUT_MS 900

/*
 * Where auditd feeds us, SIGTERM mostly goes to auditd as well, which then
 * still hands over what it has, and closes its end. Would the plugin end first,
 * auditd would start another one in the middle of its own end. Nothing comes
 * while auditd asks the kernel who has ended it, for up to three seconds. All
 * in all it is well within what systemd leaves to a service.
 */
#define END_SILENT_MS 4000
#define END_MOST_MS 8000

/* Reads of 32 KiB and more that are made of stdin at the end. */
#define REST_READS 64

/* How often waiting halves are looked at when nothing else happens. */
#define TICK_MS 1000

/*
 * Between two reads of stdin, unless the first found much. auditd writes each
 * record by itself: in a flood, being woken for every one would cost more than
 * what is done with it. What comes in a millisecond fits into the socket.
 */
#define PAUSE_MS 1
#define READ_MUCH 16384 /* bytes */

const char *argp_program_version = "audisp-pvm " PVM_VERSION;

struct arguments {
	const char *config;
	bool config_given;
	bool check;
	struct pvm_pipeline_options pipeline;
};

enum {
	OPTION_DRY_RUN = 0x100,
	OPTION_NO_PROBES,
	OPTION_CHECK,
};

static const struct argp_option argp_options[] = {
	{"config", 'c', "FILE", 0,
	 "Read the options from FILE instead of " PVM_CONFIG_FILE, 0},
	{"check-config", OPTION_CHECK, NULL, 0,
	 "Check the options file, say what is wrong, and end", 0},
	{"dry-run", OPTION_DRY_RUN, NULL, 0,
	 "Print the records on standard output, send nothing to audit", 0},
	{"no-probes", OPTION_NO_PROBES, NULL, 0,
	 "Attach nothing to the kernel; records have only what audit says", 0},
	{0},
};

static error_t parse_option(int key, char *value, struct argp_state *state)
{
	struct arguments *arguments = state->input;

	switch (key) {
	case 'c':
		arguments->config = value;
		arguments->config_given = true;
		return 0;
	case OPTION_CHECK:
		arguments->check = true;
		return 0;
	case OPTION_DRY_RUN:
		arguments->pipeline.print = true;
		return 0;
	case OPTION_NO_PROBES:
		arguments->pipeline.probes = false;
		return 0;
	case ARGP_KEY_ARG:
		argp_error(state, "'%s': unexpected argument", value);
		return EINVAL;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = {
	.options = argp_options,
	.parser = parse_option,
	.doc = "auditd plugin that adds to the events of process_vm_readv and "
	       "process_vm_writev what their records lack: the vectors and "
	       "the target process."
	       "\vauditd starts it from /etc/audit/plugins.d/audisp-pvm.conf "
	       "and gives it the records on standard input. See "
	       "audisp-pvm(8).",
};

/* The options file, read and parsed. */
struct options_file {
	struct pvm_config config;
	int err;
	char why[1024];
};

static void read_options(struct options_file *file, const char *name)
{
	file->err = pvm_config_load(&file->config, name, file->why,
				    sizeof(file->why));
}

/*
 * A missing file means the defaults, unless it was asked for by name; so does
 * one that only root can see, to whoever tries --dry-run.
 */
static int judge_options(struct options_file *file,
			 const struct arguments *arguments)
{
	if (!arguments->config_given &&
	    (file->err == -ENOENT ||
	     (file->err == -EACCES && arguments->pipeline.print))) {
		pvm_log(LOG_NOTICE, "%s not found, using defaults",
			arguments->config);
		pvm_config_defaults(&file->config);
		return 0;
	}
	if (file->err)
		pvm_log(LOG_ERR, "%s", file->why);
	return file->err;
}

/*
 * Signals are read from a descriptor. Their dispositions are reset because
 * an ignored one would never get there.
 */
static int open_signals(void)
{
	static const int handled[] = {SIGHUP, SIGTERM, SIGINT, SIGUSR1};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; i < sizeof(handled) / sizeof(handled[0]); i++) {
		signal(handled[i], SIG_DFL);
		sigaddset(&set, handled[i]);
	}
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_SETMASK, &set, NULL))
		return -errno;
	return signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Whoever writes a file or a pipe can wait, auditd cannot. */
static void start_readahead(struct pvm_readahead *readahead,
			    const struct arguments *arguments)
{
	int err;

	if (!arguments->pipeline.auditd)
		return;
	err = pvm_readahead_start(readahead, STDIN_FILENO);
	if (err)
		pvm_log(LOG_WARNING,
			"cannot read ahead (%s): auditd has to wait",
			strerror(-err));
}

/*
 * What signals ask for, of which the file thread does a part. Each is asked for
 * again when it is asked for meanwhile.
 */
struct requests {
	struct pvm_pipeline *pipeline; /* NULL at the end: no more */
	const struct arguments *arguments;

	struct pvm_job reload;
	bool reload_again;
	char reload_what[PATH_MAX];
	struct options_file options;

	struct pvm_job save;
	bool save_again;
	char *state; /* text of the report */
	int save_err;
};

/* The probes are tried by calls that may have to wait for audit. */
static void use_options(const struct requests *requests)
{
	struct pvm_readahead readahead = {0};

	start_readahead(&readahead, requests->arguments);
	pvm_lifecycle_reload(requests->pipeline, &requests->options.config);
	pvm_readahead_stop(&readahead);
	pvm_pipeline_take(requests->pipeline, &readahead);
	pvm_log(LOG_INFO, "%s read again", requests->arguments->config);
}

static void request_reload(struct requests *requests)
{
	requests->reload_again =
		!pvm_files_put(requests->pipeline->files, &requests->reload);
}

/* On the file thread. */
static void run_reload(void *arg)
{
	struct requests *requests = arg;

	read_options(&requests->options, requests->arguments->config);
}

static void finish_reload(void *arg)
{
	struct requests *requests = arg;

	if (!requests->pipeline)
		return;
	if (judge_options(&requests->options, requests->arguments))
		pvm_log(LOG_ERR, "keeping the options as they were");
	else
		use_options(requests);
	if (requests->reload_again)
		request_reload(requests);
}

static void request_state(struct requests *requests)
{
	size_t size;
	FILE *file;

	requests->save_again = requests->save.out;
	if (requests->save_again)
		return;
	file = open_memstream(&requests->state, &size);
	if (file) {
		pvm_report(requests->pipeline, file);
		fclose(file);
	}
	pvm_files_put(requests->pipeline->files, &requests->save);
}

/* What /proc says of memory is read here, where one may wait. */
static void write_state(FILE *file, void *text)
{
	fputs(text, file);
	pvm_report_memory(file);
}

/* On the file thread. */
static void run_save(void *arg)
{
	struct requests *requests = arg;

	requests->save_err =
		requests->state ? pvm_state_save(write_state, requests->state)
				: -ENOMEM;
}

static void finish_save(void *arg)
{
	struct requests *requests = arg;

	free(requests->state);
	requests->state = NULL;
	if (requests->save_err)
		pvm_log(LOG_ERR, "cannot write %s (%s)", PVM_STATE_FILE,
			strerror(-requests->save_err));
	if (requests->save_again && requests->pipeline)
		request_state(requests);
}

static void init_requests(struct requests *requests,
			  struct pvm_pipeline *pipeline,
			  const struct arguments *arguments)
{
	*requests = (struct requests){
		.pipeline = pipeline,
		.arguments = arguments,
		.reload = {.what = requests->reload_what,
			   .run = run_reload,
			   .done = finish_reload,
			   .arg = requests},
		.save = {.what = "writing " PVM_STATE_FILE,
			 .run = run_save,
			 .done = finish_save,
			 .arg = requests},
	};
	snprintf(requests->reload_what, sizeof(requests->reload_what),
		 "reading %s", arguments->config);
}

/* Returns false when it is time to end. */
static bool handle_signal(int fd, struct requests *requests)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return true;
	switch (info.ssi_signo) {
	case SIGHUP:
		request_reload(requests);
		return true;
	case SIGUSR1:
		request_state(requests);
		return true;
	default:
		return false;
	}
}

/*
 * Returns false at the end of the stream. *@drained: it had less than it could
 * have had, so there is nothing more for now.
 */
static bool handle_stdin(struct pvm_pipeline *pipeline, bool *drained)
{
	ssize_t n = pvm_pipeline_read(pipeline, STDIN_FILENO);

	*drained = n < READ_MUCH;
	if (n == -EAGAIN || n == -EINTR)
		return true;
	if (n < 0)
		pvm_log(LOG_ERR, "stdin: %s", strerror((int)-n));
	return n > 0;
}

/* A signal has asked for the end, unless both are 0. CLOCK_MONOTONIC. */
struct end {
	uint64_t silent_ms; /* then, if nothing comes until then */
	uint64_t most_ms; /* then in any case */
};

/* Returns false where that is at once: again, or without auditd. */
static bool put_off_end(const struct pvm_pipeline *pipeline, struct end *end)
{
	uint64_t now_ms = pvm_now_ms();

	if (!pipeline->options.auditd || end->most_ms)
		return false;
	end->silent_ms = now_ms + END_SILENT_MS;
	end->most_ms = now_ms + END_MOST_MS;
	return true;
}

static bool is_over(struct end *end, bool heard)
{
	uint64_t now_ms = pvm_now_ms();

	if (!end->most_ms)
		return false;
	if (heard)
		end->silent_ms = now_ms + END_SILENT_MS;
	return now_ms >= end->silent_ms || now_ms >= end->most_ms;
}

/*
 * What auditd had still handed over when a signal ended us: at most what its
 * socket holds, however fast somebody writes more. From now on its writes fail,
 * so that it keeps what nobody would read, and hands it to the next process.
 */
static void read_rest(struct pvm_pipeline *pipeline)
{
	shutdown(STDIN_FILENO, SHUT_RD);
	for (int i = 0; i < REST_READS; i++)
		if (pvm_pipeline_read(pipeline, STDIN_FILENO) <= 0)
			return;
}

static void loop(struct pvm_pipeline *pipeline, int signals,
		 struct requests *requests)
{
	enum { FD_STDIN, FD_SIGNALS, FD_PROBES, FD_FILES, FDS };
	struct pollfd fds[FDS] = {
		[FD_STDIN] = {STDIN_FILENO, POLLIN, 0},
		[FD_SIGNALS] = {signals, POLLIN, 0},
		[FD_PROBES] = {pvm_pipeline_probes_fd(pipeline), POLLIN, 0},
		[FD_FILES] = {pvm_files_fd(pipeline->files), POLLIN, 0},
	};
	struct end end = {0};
	bool pause = false, heard;

	for (;;) {
		/* poll() leaves out what is negative */
		fds[FD_STDIN].fd = pause ? -1 : STDIN_FILENO;
		if (poll(fds, FDS, pause ? PAUSE_MS : TICK_MS) < 0 &&
		    errno != EINTR) {
			pvm_log(LOG_ERR, "poll: %s", strerror(errno));
			return;
		}
		if (fds[FD_SIGNALS].revents &&
		    !handle_signal(signals, requests) &&
		    !put_off_end(pipeline, &end))
			break;
		heard = fds[FD_STDIN].revents;
		pause = false;
		if (fds[FD_STDIN].revents && !handle_stdin(pipeline, &pause))
			return;
		pvm_pipeline_tick(pipeline);
		if (is_over(&end, heard))
			break;
	}
	read_rest(pipeline);
}

/* auditd gives its plugins a socket, nobody else is likely to. */
static bool stdin_is_socket(void)
{
	struct stat st;

	return !fstat(STDIN_FILENO, &st) && S_ISSOCK(st.st_mode);
}

/* Returns NULL with one sentence in @why. */
static struct pvm_pipeline *start(const struct arguments *arguments,
				  const struct pvm_config *config, char *why,
				  size_t why_size)
{
	struct pvm_pipeline *pipeline;
	struct pvm_readahead readahead = {0};

	start_readahead(&readahead, arguments);
	pipeline =
		pvm_lifecycle_open(config, &arguments->pipeline, why, why_size);
	pvm_readahead_stop(&readahead);
	if (!pipeline || pvm_lifecycle_start(pipeline, why, why_size)) {
		pvm_readahead_free(&readahead);
		return NULL;
	}
	pvm_pipeline_take(pipeline, &readahead);
	return pipeline;
}

static int run(const struct arguments *arguments,
	       const struct pvm_config *config)
{
	static struct requests requests; /* jobs can outlive this */
	struct pvm_pipeline *pipeline;
	unsigned int unsent;
	char why[512];
	int signals = open_signals();
	int flags = fcntl(STDIN_FILENO, F_GETFL);

	if (signals < 0 || flags < 0 ||
	    fcntl(STDIN_FILENO, F_SETFL, flags | O_NONBLOCK)) {
		pvm_log(LOG_ERR, "cannot set up signals and stdin: %s",
			strerror(errno));
		return EXIT_FAILURE;
	}
	pipeline = start(arguments, config, why, sizeof(why));
	if (!pipeline) {
		pvm_log(LOG_ERR, "cannot start: %s", why);
		return EXIT_FAILURE;
	}
	init_requests(&requests, pipeline, arguments);
	loop(pipeline, signals, &requests);
	requests.pipeline = NULL;
	unsent = pvm_lifecycle_close(pipeline, STOP_TIMEOUT_MS);
	if (!unsent)
		return EXIT_SUCCESS;
	pvm_log(LOG_ERR,
		"%u records were not sent: audit takes none at the moment",
		unsent);
	return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
	struct arguments arguments = {
		.config = PVM_CONFIG_FILE,
		.pipeline.probes = true,
	};
	struct options_file options;

	pvm_log_open();
	argp_parse(&argp, argc, argv, 0, NULL, &arguments);
	if (geteuid() && !arguments.pipeline.print && !arguments.check) {
		pvm_log(LOG_ERR, "not root: let auditd start this program, or "
				 "use --dry-run to see what it would send");
		return EXIT_FAILURE;
	}
	read_options(&options, arguments.config);
	if (judge_options(&options, &arguments))
		return EXIT_FAILURE;
	if (arguments.check)
		return EXIT_SUCCESS;
	arguments.pipeline.auditd = stdin_is_socket();
	if (isatty(STDIN_FILENO))
		pvm_log(LOG_NOTICE,
			"stdin is a terminal: auditd starts this program and "
			"feeds it, see audisp-pvm(8)");
	return run(&arguments, &options.config);
}
