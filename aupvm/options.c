// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * options.c - see options.h
 *
 * ausearch's options are long ones with a single dash (-ts), which is what
 * getopt_long_only() is for.
 */
#include <getopt.h>
#include <libaudit.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "util/memory.h"
#include "options.h"
#include "plugin_path.h"
#include "pvm/version.h"
#include "lib/slice.h"
#include "show/schema.h"
#include "util/times.h"

enum {
	OPTION_START = 0x100,
	OPTION_END,
	OPTION_INPUT,
	OPTION_INPUT_LOGS,
	OPTION_UID,
	OPTION_AUID,
	OPTION_SESSION,
	OPTION_RESULT,
	OPTION_NODE,
	OPTION_TARGET,
	OPTION_OP,
	OPTION_REL,
	OPTION_INTO,
	OPTION_FORMAT,
	OPTION_SUMMARY,
	OPTION_GRAPH,
	OPTION_TIMELINE,
	OPTION_VERIFY,
	OPTION_PLUGIN,
	OPTION_SCHEMA,
	OPTION_FOLLOW,
	OPTION_PPID,
	OPTION_TERMINAL,
	OPTION_SYSCALL,
	OPTION_JUST_ONE,
	OPTION_CHECKPOINT,
	OPTION_HELP,
	OPTION_VERSION,
};

static const char short_options[] = "a:c:e:hik:ln:p:vwx:";

static const struct option long_options[] = {
	{"if", required_argument, NULL, OPTION_INPUT},
	{"input", required_argument, NULL, OPTION_INPUT},
	{"interpret", no_argument, NULL, 'i'},
	{"input-logs", no_argument, NULL, OPTION_INPUT_LOGS},
	{"ts", required_argument, NULL, OPTION_START},
	{"start", required_argument, NULL, OPTION_START},
	{"te", required_argument, NULL, OPTION_END},
	{"end", required_argument, NULL, OPTION_END},
	{"key", required_argument, NULL, 'k'},
	{"executable", required_argument, NULL, 'x'},
	{"word", no_argument, NULL, 'w'},
	{"ui", required_argument, NULL, OPTION_UID},
	{"uid", required_argument, NULL, OPTION_UID},
	{"ul", required_argument, NULL, OPTION_AUID},
	{"loginuid", required_argument, NULL, OPTION_AUID},
	{"event", required_argument, NULL, 'a'},
	{"comm", required_argument, NULL, 'c'},
	{"exit", required_argument, NULL, 'e'},
	{"pp", required_argument, NULL, OPTION_PPID},
	{"ppid", required_argument, NULL, OPTION_PPID},
	{"tm", required_argument, NULL, OPTION_TERMINAL},
	{"terminal", required_argument, NULL, OPTION_TERMINAL},
	{"sc", required_argument, NULL, OPTION_SYSCALL},
	{"syscall", required_argument, NULL, OPTION_SYSCALL},
	{"just-one", no_argument, NULL, OPTION_JUST_ONE},
	{"pid", required_argument, NULL, 'p'},
	{"session", required_argument, NULL, OPTION_SESSION},
	{"sv", required_argument, NULL, OPTION_RESULT},
	{"success", required_argument, NULL, OPTION_RESULT},
	{"node", required_argument, NULL, OPTION_NODE},
	{"target", required_argument, NULL, OPTION_TARGET},
	{"op", required_argument, NULL, OPTION_OP},
	{"rel", required_argument, NULL, OPTION_REL},
	{"into", required_argument, NULL, OPTION_INTO},
	{"format", required_argument, NULL, OPTION_FORMAT},
	{"summary", no_argument, NULL, OPTION_SUMMARY},
	{"graph", no_argument, NULL, OPTION_GRAPH},
	{"timeline", no_argument, NULL, OPTION_TIMELINE},
	{"verify", no_argument, NULL, OPTION_VERIFY},
	{"plugin", required_argument, NULL, OPTION_PLUGIN},
	{"follow", no_argument, NULL, OPTION_FOLLOW},
	{"checkpoint", required_argument, NULL, OPTION_CHECKPOINT},
	{"line-buffered", no_argument, NULL, 'l'},
	{"schema", no_argument, NULL, OPTION_SCHEMA},
	{"help", no_argument, NULL, OPTION_HELP},
	{"version", no_argument, NULL, OPTION_VERSION},
	{0},
};

static const char help[] =
	"Usage: aupvm [OPTION]... [FILE|FOLDER]...\n"
	"Show who touched whose memory with process_vm_readv and "
	"process_vm_writev,\n"
	"from the audit logs in which audisp-pvm has enriched these calls.\n"
	"\n"
	"Which log (default: standard input when it is a pipe or a file, else "
	"the logs):\n"
	"  -if, --input FILE|FOLDER  this file, or the logs in this folder\n"
	"  --input-logs              the logs that auditd.conf names, rotated "
	"ones as well\n"
	"  --follow                  and go on: new calls as they are written\n"
	"  --checkpoint FILE         go on where the last run with FILE "
	"stopped\n"
	"  --plugin PATH             the program whose records count\n"
	"                            (" PVM_PLUGIN_PATH ")\n"
	"\n"
	"Which calls, as ausearch has it:\n"
	"  -ts, --start [DATE] [TIME]  from then on; also now, recent, boot, "
	"today,\n"
	"  -te, --end [DATE] [TIME]    yesterday, this-week, week-ago, "
	"this-month, this-year\n"
	"                              2026-11-21T18:00:00, 1795302854, -5m, "
	"2 hours ago\n"
	"  -a, --event SERIAL        this event\n"
	"  -k, --key KEY             with this key\n"
	"  -x, --executable PROGRAM  by this program\n"
	"  -c, --comm NAME           by a process of this name\n"
	"  -w, --word                KEY, PROGRAM, NAME, TERMINAL are whole "
	"words\n"
	"  -ui, --uid USER           by this user\n"
	"  -ul, --loginuid USER      by whoever has logged in as this user\n"
	"  -p, --pid PID             by this process\n"
	"  -pp, --ppid PID           by a child of this process\n"
	"  -tm, --terminal TERMINAL  on this terminal\n"
	"  -sc, --syscall NAME       process_vm_readv or process_vm_writev\n"
	"  -e, --exit RESULT         with this result: bytes, or EPERM\n"
	"  --session ID              in this login session\n"
	"  -sv, --success yes|no     that succeeded, or failed\n"
	"  -n, --node NAME           on this host; may be given several times\n"
	"and besides:\n"
	"  --target PID|NAME         of this process's memory\n"
	"  --op readv|writev         reads, or writes\n"
	"  --rel REL                 self, tracee, child, parent, sibling, "
	"other\n"
	"  --into exec|heap|stack|anon|file  of such memory\n"
	"\n"
	"Output (default: a table):\n"
	"  --format table|text|csv|json\n"
	"  --summary                 pairs of caller and target, regions, "
	"failures\n"
	"  --graph                   who touches whose memory, for Graphviz\n"
	"  --timeline                calls and bytes over time, an SVG "
	"picture\n"
	"  --verify                  is every audited call accounted for?\n"
	"  --schema                  what --format json prints, as a JSON "
	"Schema\n"
	"\n"
	"  --just-one                the first call alone\n"
	"  -l, --line-buffered       each line as soon as it is there\n"
	"  -i, --interpret           as in ausearch; names are always shown\n"
	"  -h, --help\n"
	"  -v, --version\n"
	"\n"
	"Exit status: 0 something was shown, 1 nothing was there to show, 2 an "
	"error,\n"
	"or damage in the log. Of --verify: 0 the equation holds, 1 it does "
	"not, 2 an\n"
	"error, 3 it cannot be told.\n"
	"See aupvm(8).\n";

__attribute__((noreturn, format(printf, 1, 2))) static void refuse(
	const char *format, ...)
{
	va_list args;

	fprintf(stderr, "aupvm: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "; see aupvm --help\n");
	exit(EXIT_ERROR);
}

static bool is_unset(const char *value)
{
	return !strcmp(value, "unset") || !strcmp(value, "-1");
}

static uint32_t read_id(const char *option, const char *value)
{
	uint64_t number;

	if (!slice_unsigned(slice_of(value), &number) || number > UINT32_MAX)
		refuse("%s '%s': expected a number", option, value);
	return (uint32_t)number;
}

static uint32_t read_user(const char *option, const char *value)
{
	const struct passwd *passwd;
	uint64_t number;

	if (slice_unsigned(slice_of(value), &number) && number <= UINT32_MAX)
		return (uint32_t)number;
	if (is_unset(value))
		return UINT32_MAX;
	passwd = getpwnam(value);
	if (!passwd)
		refuse("%s '%s': no such user here; give the number", option,
		       value);
	return passwd->pw_uid;
}

/* The index of @value in @words, which NULL ends. */
static int read_word(const char *option, const char *value,
		     const char *const *words)
{
	char list[128] = "";

	for (int i = 0; words[i]; i++) {
		if (!strcmp(value, words[i]))
			return i;
		snprintf(list + strlen(list), sizeof(list) - strlen(list),
			 "%s%s", i ? ", " : "", words[i]);
	}
	refuse("%s '%s': expected one of %s", option, value, list);
}

/* 2 hours ago, as three arguments. */
static bool read_ago(char **argv, uint64_t *ms)
{
	char text[64];

	if (!argv[optind] || !argv[optind + 1] ||
	    strcmp(argv[optind + 1], "ago") != 0)
		return false;
	snprintf(text, sizeof(text), "%s %s ago", optarg, argv[optind]);
	if (!time_read_exact(text, ms))
		return false;
	optind += 2;
	return true;
}

/* A date, a time, or both, in which case the time is an argument of its own. */
static uint64_t read_moment(const char *option, char **argv, bool end)
{
	const char *date = optarg, *time = NULL;
	uint64_t ms;

	/* without milliseconds, an end is the whole second */
	if (time_read_exact(optarg, &ms) || read_ago(argv, &ms))
		return ms + (end && !strchr(date, '.') ? 999 : 0);
	if (strchr(date, ':')) {
		time = date;
		date = NULL;
	} else if (argv[optind] && argv[optind][0] != '-' &&
		   strchr(argv[optind], ':')) {
		time = argv[optind++];
	}
	if (!time_read(date, time, end, &ms))
		refuse("%s '%s%s%s': expected a date such as 2026-11-21, a "
		       "time "
		       "such as 18:00:00, both, or a word such as today",
		       option, date ? date : "", date && time ? " " : "",
		       time ? time : "");
	return ms;
}

static void set_mode(struct options *options, enum mode mode)
{
	if (options->mode != MODE_TABLE && options->mode != mode)
		refuse("only one of --format, --summary, --graph, --timeline "
		       "and --verify at a time");
	options->mode = mode;
}

static void set_target(struct conditions *conditions, const char *value)
{
	uint64_t number;

	conditions->target = value;
	conditions->by_target_pid = slice_unsigned(slice_of(value), &number) &&
				    number <= UINT32_MAX;
	if (conditions->by_target_pid)
		conditions->target_pid = (uint32_t)number;
}

/*
 * The options, by what they are about. Each function returns false for an
 * option that is not its own.
 */
static bool take_event(struct conditions *conditions, int option, char **argv)
{
	switch (option) {
	case OPTION_START:
		conditions->from_ms = read_moment("-ts", argv, false);
		return true;
	case OPTION_END:
		conditions->to_ms = read_moment("-te", argv, true);
		return true;
	case 'k':
		conditions->key = optarg;
		return true;
	case 'w':
		conditions->whole_words = true;
		return true;
	case 'n':
	case OPTION_NODE:
		conditions->node =
			grow_array(conditions->node, conditions->nodes,
				   sizeof(*conditions->node));
		conditions->node[conditions->nodes++] = optarg;
		return true;
	default:
		return false;
	}
}

static const char *const syscalls[] = {"process_vm_readv", "process_vm_writev",
				       NULL};

/* Bytes, or an error, which ausearch takes with a dash or without. */
static int64_t read_exit(const char *value)
{
	const char *name = value + (*value == '-');
	int64_t number;
	int error;

	if (slice_signed(slice_of(value), &number))
		return number;
	error = audit_name_to_errno(name);
	if (!error)
		refuse("-e '%s': expected a number, or an error such as EPERM",
		       value);
	return -(int64_t)(error < 0 ? -error : error);
}

static bool take_more(struct conditions *conditions, int option)
{
	switch (option) {
	case 'a':
		conditions->by_event = true;
		conditions->serial = read_id("-a", optarg);
		return true;
	case 'c':
		conditions->comm = optarg;
		return true;
	case 'e':
		conditions->by_exit = true;
		conditions->exit = read_exit(optarg);
		return true;
	case OPTION_PPID:
		conditions->by_ppid = true;
		conditions->ppid = read_id("-pp", optarg);
		return true;
	case OPTION_TERMINAL:
		conditions->terminal = optarg;
		return true;
	case OPTION_SYSCALL:
		conditions->op = syscalls[read_word("-sc", optarg, syscalls)];
		return true;
	default:
		return false;
	}
}

static bool take_caller(struct conditions *conditions, int option)
{
	switch (option) {
	case 'x':
		conditions->program = optarg;
		return true;
	case OPTION_UID:
		conditions->by_uid = true;
		conditions->uid = read_user("-ui", optarg);
		return true;
	case OPTION_AUID:
		conditions->by_auid = true;
		conditions->auid = read_user("-ul", optarg);
		return true;
	case 'p':
		conditions->by_pid = true;
		conditions->pid = read_id("-p", optarg);
		return true;
	case OPTION_SESSION:
		conditions->by_session = true;
		conditions->session = is_unset(optarg)
					      ? UINT32_MAX
					      : read_id("--session", optarg);
		return true;
	default:
		return false;
	}
}

static const char *const results[] = {"yes", "no", NULL};
static const char *const ops[] = {"readv", "writev", NULL};
static const char *const op_names[] = {"process_vm_readv", "process_vm_writev"};
static const char *const rels[] = {"self",    "tracee", "child", "parent",
				   "sibling", "other",	NULL};
/* The second and later ones are in the order of enum region_kind. */
static const char *const intos[] = {"exec", "heap", "stack",
				    "anon", "file", NULL};

static void set_into(struct conditions *conditions, const char *value)
{
	unsigned int word = (unsigned int)read_word("--into", value, intos);

	conditions->by_exec = word == 0;
	conditions->by_region = word > 0;
	if (conditions->by_region)
		conditions->region = REGION_HEAP + (word - 1);
}

static bool take_action(struct conditions *conditions, int option)
{
	switch (option) {
	case OPTION_RESULT:
		conditions->by_result = true;
		conditions->failed = read_word("-sv", optarg, results);
		return true;
	case OPTION_TARGET:
		set_target(conditions, optarg);
		return true;
	case OPTION_OP:
		conditions->op = op_names[read_word("--op", optarg, ops)];
		return true;
	case OPTION_REL:
		conditions->rel = rels[read_word("--rel", optarg, rels)];
		return true;
	case OPTION_INTO:
		set_into(conditions, optarg);
		return true;
	default:
		return false;
	}
}

/* In the order of enum mode. */
static const char *const formats[] = {"table", "text", "csv", "json", NULL};

static bool take_output(struct options *options, int option)
{
	int word;

	switch (option) {
	case OPTION_FORMAT:
		word = read_word("--format", optarg, formats);
		set_mode(options, MODE_TABLE + (unsigned int)word);
		return true;
	case OPTION_SUMMARY:
		set_mode(options, MODE_SUMMARY);
		return true;
	case OPTION_GRAPH:
		set_mode(options, MODE_GRAPH);
		return true;
	case OPTION_TIMELINE:
		set_mode(options, MODE_TIMELINE);
		return true;
	case OPTION_VERIFY:
		set_mode(options, MODE_VERIFY);
		return true;
	default:
		return false;
	}
}

static void take_other(struct options *options, int option)
{
	switch (option) {
	case OPTION_INPUT:
		options->input = optarg;
		break;
	case OPTION_INPUT_LOGS:
		options->input_logs = true;
		break;
	case 'i':
		/* typed out of habit; numbers have their names always */
		break;
	case OPTION_FOLLOW:
		options->follow = true;
		break;
	case OPTION_JUST_ONE:
		options->just_one = true;
		break;
	case OPTION_CHECKPOINT:
		options->checkpoint = optarg;
		break;
	case 'l':
		options->line_buffered = true;
		break;
	case OPTION_PLUGIN:
		options->plugin = optarg;
		break;
	case OPTION_SCHEMA:
		schema_print();
		exit(EXIT_SUCCESS);
	case 'h':
	case OPTION_HELP:
		fputs(help, stdout);
		exit(EXIT_SUCCESS);
	case 'v':
	case OPTION_VERSION:
		puts("aupvm " PVM_VERSION);
		exit(EXIT_SUCCESS);
	default:
		/* getopt has said what is wrong */
		fprintf(stderr, "See aupvm --help\n");
		exit(EXIT_ERROR);
	}
}

/* The equation is about all calls of a node and a time. */
static void check_verify(const struct conditions *conditions)
{
	if (conditions->key || conditions->program || conditions->comm ||
	    conditions->terminal || conditions->by_ppid ||
	    conditions->by_exit || conditions->by_event || conditions->by_uid ||
	    conditions->by_auid || conditions->by_pid ||
	    conditions->by_session || conditions->by_result ||
	    conditions->target || conditions->op || conditions->rel ||
	    conditions->by_exec || conditions->by_region)
		refuse("--verify is about all calls; of what selects them it "
		       "takes only -ts, -te and --node");
}

/* Nobody can read these there. */
static void check_terminal(const struct options *options)
{
	if (!isatty(STDOUT_FILENO))
		return;
	if (options->mode == MODE_GRAPH)
		refuse("--graph is for Graphviz: aupvm --graph | dot -Tsvg "
		       ">graph.svg");
	if (options->mode == MODE_TIMELINE)
		refuse("--timeline is a picture: aupvm --timeline "
		       ">timeline.svg");
}

/* Calls are shown as they are decided. */
static void check_live(struct options *options)
{
	options->live = options->follow || options->checkpoint;
	if (options->live && options->mode >= MODE_SUMMARY)
		refuse("--follow and --checkpoint show calls one by one, so "
		       "only with --format");
	/* what is there already only when it is asked for */
	if (options->follow && !options->checkpoint &&
	    !options->conditions.from_ms)
		options->conditions.from_ms = (uint64_t)time(NULL) * 1000;
}

/* Does @argument name this option, with all its letters? */
static bool is_whole(const char *argument, const char *name)
{
	size_t len;

	argument += strspn(argument, "-");
	len = strcspn(argument, "=");
	return strlen(name) == len && !strncmp(argument, name, len);
}

/*
 * getopt takes the first letters of an option for it, so that a new option
 * could change what old ones mean.
 */
static void refuse_abbreviation(char **argv, const struct option *option)
{
	const char *last = argv[optind - 1];

	if (is_whole(last, option->name) ||
	    (option->has_arg && is_whole(argv[optind - 2], option->name)))
		return;
	refuse("'%s': write the whole of --%s",
	       option->has_arg && !strchr(last, '=') ? argv[optind - 2] : last,
	       option->name);
}

void options_read(struct options *options, int argc, char **argv)
{
	struct conditions *conditions = &options->conditions;
	int option, number = -1;

	*options = (struct options){
		.plugin = PVM_PLUGIN_PATH,
		.conditions.to_ms = UINT64_MAX,
	};
	while ((option = getopt_long_only(argc, argv, short_options,
					  long_options, &number)) != -1) {
		if (number >= 0)
			refuse_abbreviation(argv, &long_options[number]);
		number = -1;
		if (!take_event(conditions, option, argv) &&
		    !take_more(conditions, option) &&
		    !take_caller(conditions, option) &&
		    !take_action(conditions, option) &&
		    !take_output(options, option))
			take_other(options, option);
	}
	options->files = argv + optind;
	if ((options->input && options->input_logs) ||
	    (*options->files && (options->input || options->input_logs)))
		refuse("only one of -if, --input-logs and FILE at a time");
	if (options->mode == MODE_VERIFY)
		check_verify(conditions);
	if (options->just_one && options->mode >= MODE_SUMMARY)
		refuse("--just-one goes with --format only");
	check_terminal(options);
	check_live(options);
}

void options_free(struct options *options)
{
	free(options->conditions.node);
}
