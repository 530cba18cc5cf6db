// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_line.c - a line by its text alone: which record it is, and whose
 */
#include <libaudit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/line.h"
#include "unit.h"

#define ID "msg=audit(1795288457.412:43): "
#define BAD_ID "msg=audit(1795288457.4:43): "
#define CALL "type=SYSCALL " ID
#define USER "type=USER " ID "pid=1 uid=0 "

#define INTERPRETED \
	"ausearch -i has printed it: take the log itself, or ausearch --raw"

static const char *const class_names[] = {
	[PVM_LINE_OTHER] = "other",
	[PVM_LINE_CALL] = "call",
	[PVM_LINE_MESSAGE] = "message",
	[PVM_LINE_RESUME] = "resume",
	[PVM_LINE_BAD_MESSAGE] = "bad message",
	[PVM_LINE_GARBAGE] = "garbage",
	[PVM_LINE_NUL] = "nul",
};

static const struct {
	const char *text;
	enum pvm_line_class class;
} class_cases[] = {
	{CALL READV " a0=1", PVM_LINE_CALL},
	{CALL WRITEV " a0=1", PVM_LINE_CALL},
	{CALL READV_32 " a0=1", PVM_LINE_CALL},
	{CALL WRITEV_32 " a0=1", PVM_LINE_CALL},
	{CALL READV " ", PVM_LINE_CALL},
	{"node=a.b " CALL READV " a0=1", PVM_LINE_CALL},
	/* as syslog may hand it on */
	{" " CALL READV " a0=1", PVM_LINE_CALL},
	{"  node=a.b " CALL READV " a0=1\r", PVM_LINE_CALL},
	/* the kernel writes lower case */
	{CALL "arch=C000003E syscall=310 a0=1", PVM_LINE_CALL},

	/* other calls; a number means nothing without its architecture */
	{CALL OTHER_32 " a0=1", PVM_LINE_OTHER},
	{CALL READV "0 a0=1", PVM_LINE_OTHER},
	{CALL "arch=c000003e syscall=44 a0=1", PVM_LINE_OTHER},
	{CALL "arch=c000003e syscall=347 a0=1", PVM_LINE_OTHER},
	{CALL "arch=c000003e syscall=348 a0=1", PVM_LINE_OTHER},
	{CALL "arch=80000016 syscall=310 a0=1", PVM_LINE_OTHER},
	/* x32's 539 and 540, with its bit in the number */
	{CALL "arch=c000003e syscall=1073742363 a0=1", PVM_LINE_OTHER},
	{CALL "arch=c000003e syscall=1073742364 a0=1", PVM_LINE_OTHER},
	{CALL "arch=c000003e syscall=539 a0=1", PVM_LINE_OTHER},
	/* a debugger can set any number */
	{CALL "arch=c000003e syscall=-1 a0=1", PVM_LINE_OTHER},
	{CALL "arch=c000003e syscall=-310 a0=1", PVM_LINE_OTHER},

	/* other records */
	{"type=CWD " ID "cwd=\"/\"", PVM_LINE_OTHER},
	{"type=CWD " BAD_ID "cwd=\"/\"", PVM_LINE_OTHER},
	{"type=CWD x", PVM_LINE_OTHER},
	{"type=SYSCALLS " ID READV " a0=1", PVM_LINE_OTHER},
	{"type=UNKNOWN[1420] " ID, PVM_LINE_OTHER},
	{"type= x", PVM_LINE_OTHER},
	{"type=DAEMON_RESUME " ID "op=resume-logging", PVM_LINE_RESUME},
	{"node=x type=DAEMON_RESUME " ID "op=resume", PVM_LINE_RESUME},

	/* messages from user space that may be the plugin's, and others */
	{USER "msg='op=process_vm_readv event=1.002:3'", PVM_LINE_MESSAGE},
	{USER "msg='op=process_vm count=2'", PVM_LINE_MESSAGE},
	{USER "msg='op=pvm-start'\x1dUID=\"root\"", PVM_LINE_MESSAGE},
	{USER "msg='op=pvm-start'\r", PVM_LINE_MESSAGE},
	{USER "msg='op=pvm-start res=success'#035UID=\"r\"", PVM_LINE_MESSAGE},
	{USER "msg='op=pvm-start res=failed'UID=\"o'b\"", PVM_LINE_MESSAGE},
	{"type=TRUSTED_APP " ID "pid=1 msg='op=pvm-stop'", PVM_LINE_MESSAGE},
	{"node=x " USER "msg='op=pvm-lost'", PVM_LINE_MESSAGE},
	{USER "msg='op=login'", PVM_LINE_OTHER},
	{USER "msg='op=process-start'", PVM_LINE_OTHER},
	{USER "msg='a op=pvm-lost'", PVM_LINE_OTHER},
	{USER "msg=\"op=pvm-lost\"", PVM_LINE_OTHER},
	{"type=USER_AUTH " ID "pid=1 msg='op=pvm-lost'", PVM_LINE_OTHER},
	/* not without the kernel's own fields */
	{"type=USER " ID "msg='op=pvm-lost'", PVM_LINE_OTHER},
};

/* Damaged records, and what is wrong with each. */
static const struct {
	const char *text;
	enum pvm_line_class class;
	const char *why;
} damaged_cases[] = {
	{"", PVM_LINE_GARBAGE, "not an audit record"},
	{" ", PVM_LINE_GARBAGE, "not an audit record"},
	{"\r", PVM_LINE_GARBAGE, "not an audit record"},
	{"typ", PVM_LINE_GARBAGE, "not an audit record"},
	{"type=", PVM_LINE_GARBAGE, "not an audit record"},
	{"type=SYSC", PVM_LINE_GARBAGE, "not an audit record"},
	{"TYPE=SYSCALL " ID READV " a", PVM_LINE_GARBAGE,
	 "not an audit record"},
	{"node=x ", PVM_LINE_GARBAGE, "not an audit record"},
	{"node=a node=b " CALL READV " a", PVM_LINE_GARBAGE,
	 "not an audit record"},
	{"node=x", PVM_LINE_GARBAGE, "nothing behind node="},
	{"node=", PVM_LINE_GARBAGE, "nothing behind node="},

	/* a SYSCALL record whose id or call cannot be read may be one of ours
	 */
	{"type=SYSCALL ", PVM_LINE_GARBAGE, "no id in msg=audit()"},
	{"type=SYSCALL " READV " a0=1", PVM_LINE_GARBAGE,
	 "no id in msg=audit()"},
	{"type=SYSCALL msg=audit(1795288457.412:43", PVM_LINE_GARBAGE,
	 "no id in msg=audit()"},
	{"type=SYSCALL msg=audit(1795288457.412:43) " READV " a",
	 PVM_LINE_GARBAGE, "no id in msg=audit()"},
	{"type=SYSCALL " BAD_ID READV " a0=1", PVM_LINE_GARBAGE,
	 "its id is none"},
	{"type=SYSCALL msg=audit(never): " READV " a0=1", PVM_LINE_GARBAGE,
	 "its id is none"},
	{"type=SYSCALL msg=audit(1795288457.412:43):" READV " a",
	 PVM_LINE_GARBAGE, "no usable arch= and syscall="},
	{CALL, PVM_LINE_GARBAGE, "no usable arch= and syscall="},
	{CALL "arch=", PVM_LINE_GARBAGE, "no usable arch= and syscall="},
	{CALL "arch=c000003e sysc", PVM_LINE_GARBAGE,
	 "no usable arch= and syscall="},
	{CALL "arch=c000003e syscall=", PVM_LINE_GARBAGE,
	 "no usable arch= and syscall="},
	/* cut behind the number, or within it */
	{CALL READV, PVM_LINE_GARBAGE, "no usable arch= and syscall="},
	{CALL "arch=c000003e syscall=31", PVM_LINE_GARBAGE,
	 "no usable arch= and syscall="},
	{CALL READV "\t a0=1", PVM_LINE_GARBAGE,
	 "no usable arch= and syscall="},
	{CALL READV "x a0=1", PVM_LINE_GARBAGE, "no usable arch= and syscall="},
	{CALL "syscall=310 a0=1", PVM_LINE_GARBAGE,
	 "no usable arch= and syscall="},
	{CALL "arch= syscall=310 a0=1", PVM_LINE_GARBAGE,
	 "no usable arch= and syscall="},
	{CALL "arch=0xc000003e syscall=310 a0=1", PVM_LINE_GARBAGE,
	 "no usable arch= and syscall="},
	{CALL "arch=c000003e  syscall=310 a0=1", PVM_LINE_GARBAGE,
	 "no usable arch= and syscall="},
	{CALL "arch=c000003e syscall=+310 a0=1", PVM_LINE_GARBAGE,
	 "no usable arch= and syscall="},
	{CALL "arch=c000003e syscall= 310 a0=1", PVM_LINE_GARBAGE,
	 "no usable arch= and syscall="},
	/* 310 and the architecture, each with 2^32 added */
	{CALL "arch=c000003e syscall=4294967606 a0=1", PVM_LINE_GARBAGE,
	 "no usable arch= and syscall="},
	{CALL "arch=1c000003e syscall=310 a0=1", PVM_LINE_GARBAGE,
	 "no usable arch= and syscall="},
	{CALL "arch=c000003e syscall=99999999999999999999 a0=1",
	 PVM_LINE_GARBAGE, "no usable arch= and syscall="},

	{"type=USER " BAD_ID "pid=1 msg='op=pvm-lost'", PVM_LINE_BAD_MESSAGE,
	 "its id is none"},
	{"type=USER pid=1 msg='op=pvm-lost'", PVM_LINE_BAD_MESSAGE,
	 "its id is none"},
	{"type=USER msg=audit(1795288457.412:43):pid=1 msg='op=pvm-lost'",
	 PVM_LINE_BAD_MESSAGE, "its id is none"},
	{USER "msg='op=process_vm_readv event=1.002:3", PVM_LINE_BAD_MESSAGE,
	 "its end is missing"},
	/* a quote within is not the end */
	{USER "msg='op=process_vm_readv exe=\"/it's\" exit=", //
	 PVM_LINE_BAD_MESSAGE, "its end is missing"},
	{USER "msg='op=pvm-lost\x1dUID='root'", PVM_LINE_BAD_MESSAGE,
	 "its end is missing"},
	/* with the mark, nothing but the end ends it */
	{USER "msg='op=pvm-lost res=success'x\x1dUID=\"root\"",
	 PVM_LINE_BAD_MESSAGE, "its end is missing"},
	{USER "msg='op=pvm-lost xres=success'UID=\"root\"",
	 PVM_LINE_BAD_MESSAGE, "its end is missing"},

	/* as ausearch -i prints them */
	{"type=SYSCALL msg=audit(11/14/23 22:13:20.100:1) : arch=x86_64 "
	 "syscall=process_vm_readv a0=0x1",
	 PVM_LINE_GARBAGE, INTERPRETED},
	{"type=USER msg=audit(11/14/23 22:13:20.100:1) : pid=300 uid=root "
	 "msg='op=process_vm_readv res=success' ",
	 PVM_LINE_BAD_MESSAGE, INTERPRETED},
};

/* @text, with nothing readable behind it, as a line. */
static void expect_class(const char *text, enum pvm_line_class class,
			 const char *why)
{
	size_t len = strlen(text);
	char *copy = malloc(len + 1);
	struct pvm_line line;

	CU_ASSERT_PTR_NOT_NULL_FATAL(copy);
	memcpy(copy + 1, text, len);
	pvm_line_read(&line, (struct slice){copy + 1, len});
	if (line.class != class) {
		SAME_TEXT(text, "");
		SAME_TEXT(class_names[line.class], class_names[class]);
	}
	SAME_TEXT(line.why ? line.why : "", why);
	if (line.class == PVM_LINE_CALL)
		CU_ASSERT_PTR_NOT_NULL(line.type);
	free(copy);
}

static void class_is_known_by_the_text(void)
{
	for (size_t i = 0; i < COUNT(class_cases); i++)
		expect_class(class_cases[i].text, class_cases[i].class, "");
}

static void damaged_line_says_why(void)
{
	for (size_t i = 0; i < COUNT(damaged_cases); i++)
		expect_class(damaged_cases[i].text, damaged_cases[i].class,
			     damaged_cases[i].why);
}

/* Whatever somebody else's message looks like, no call of ours is lost by it.
 */
static void damaged_records_of_others_are_of_no_concern(void)
{
	static const char *const texts[] = {
		"type=USER " BAD_ID "pid=1 msg='op=login'",
		"type=USER msg='op=a'",
		"type=USER ",
		"type=USER " ID,
		"type=TRUSTED_APP " ID "pid=1 msg='op=login",
		"type=SYSCALL " BAD_ID "arch=c000003e syscall=1 a0=1",
		"type=SYSCALL msg=audit(never): arch=c000003e syscall=1 a0=1",
	};

	for (size_t i = 0; i < COUNT(texts); i++)
		expect_class(texts[i], PVM_LINE_OTHER, "");
}

/* Logs are read elsewhere than where they were written. */
static void call_is_known_by_architecture_and_number(void)
{
	static const struct {
		const char *call, *op, *abi;
	} cases[] = {
		{"arch=c000003e syscall=310", "process_vm_readv", NULL},
		{"arch=c000003e syscall=311", "process_vm_writev", NULL},
		{"arch=40000003 syscall=347", "process_vm_readv", "i386"},
		{"arch=40000003 syscall=348", "process_vm_writev", "i386"},
		{"arch=c00000b7 syscall=270", "process_vm_readv", NULL},
		{"arch=c00000b7 syscall=271", "process_vm_writev", NULL},
		{"arch=40000028 syscall=376", "process_vm_readv", "arm"},
		{"arch=40000028 syscall=377", "process_vm_writev", "arm"},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		char text[128];
		struct pvm_line line;

		snprintf(text, sizeof(text), CALL "%s a0=1", cases[i].call);
		line = unit_line(text);
		CU_ASSERT_PTR_NOT_NULL_FATAL(line.type);
		SAME_TEXT(line.type->op, cases[i].op);
		if (cases[i].abi)
			SAME_TEXT(line.type->abi, cases[i].abi);
		else
			CU_ASSERT_PTR_NULL(line.type->abi);
	}
}

/* Of those that it knows; tests/numbers asks the kernel's headers for all. */
static void numbers_are_libaudits(void)
{
	static const char *const ops[] = {"process_vm_readv",
					  "process_vm_writev"};
	int machines = 0;

	for (int machine = 0; machine < 32; machine++) {
		for (size_t i = 0; i < COUNT(ops); i++) {
			int nr = audit_name_to_syscall(ops[i], machine);
			const struct pvm_call_type *type;

			if (nr < 0)
				continue;
			machines++;
			type = pvm_call_type(
				(uint32_t)audit_machine_to_elf(machine),
				(uint32_t)nr);
			CU_ASSERT_PTR_NOT_NULL_FATAL(type);
			SAME_TEXT(type->op, ops[i]);
		}
	}
	CU_ASSERT_TRUE(machines >= 16);
}

static void call_number_without_its_architecture_is_none(void)
{
	CU_ASSERT_PTR_NULL(pvm_call_type(0, READV_NR));
	CU_ASSERT_PTR_NULL(pvm_call_type(ARCH_32, READV_NR));
	CU_ASSERT_PTR_NULL(pvm_call_type(ARCH, WRITEV_32_NR));
	CU_ASSERT_PTR_NULL(pvm_call_type(ARCH, 0x40000000 + 539));
	CU_ASSERT_PTR_NULL(pvm_call_type(ARCH, READV_NR - 1));
	CU_ASSERT_PTR_NULL(pvm_call_type(ARCH, READV_NR + 2));
}

static void calls_of_this_machine_are_native(void)
{
	CU_ASSERT_TRUE(pvm_call_is_native(pvm_call_type(ARCH, READV_NR)));
	CU_ASSERT_TRUE(
		pvm_call_is_native(pvm_call_type(ARCH_32, WRITEV_32_NR)));
	CU_ASSERT_EQUAL(pvm_call_is_native(pvm_call_type(0xc000003e, 310)),
			ARCH == 0xc000003e);
	CU_ASSERT_EQUAL(pvm_call_is_native(pvm_call_type(0xc00000b7, 270)),
			ARCH == 0xc00000b7);
}

static void expect_slice(struct slice slice, const char *want)
{
	char text[128];

	snprintf(text, sizeof(text), "%.*s", (int)slice.len,
		 slice.at ? slice.at : "(none)");
	SAME_TEXT(text, want);
}

static void parts_point_into_the_text(void)
{
	static const struct {
		const char *text, *node, *fields, *message;
	} cases[] = {
		{CALL READV " a0=1", "", READV " a0=1", ""},
		{"node=web-1 " CALL READV " a0=1\x1d"
		 "ARCH=x86_64",
		 "web-1", READV " a0=1", ""},
		{"node=10.0.0.7 " USER
		 "msg='op=pvm-stop (b): a='b''\x1dU=\"r\"",
		 "10.0.0.7", "pid=1 uid=0", "op=pvm-stop (b): a='b'"},
		{"node= " USER "msg='op=pvm-stop'", "", "pid=1 uid=0",
		 "op=pvm-stop"},
		/* the mark lost, or written in another way */
		{CALL READV " comm=\"ARCH=\" key=\"k\"ARCH=x86_64 A=1", "",
		 READV " comm=\"ARCH=\" key=\"k\"", ""},
		{CALL READV " key=\"ARCH=k\"#035ARCH=x86_64 A=1", "",
		 READV " key=\"ARCH=k\"", ""},
		{CALL READV " key=616CARCH=x86_64", "", READV " key=616C", ""},
		{CALL READV " key=616C#035ARCH=x86_64", "", READV " key=616C",
		 ""},
		{CALL READV " key=(null)ARCH=x86_64", "", READV " key=(null)",
		 ""},
		{CALL READV " key=(null) ARCH=x86_64", "", READV " key=(null)",
		 ""},
		{CALL READV " key=\"k\" x=1", "", READV " key=\"k\" x=1", ""},
		{USER "msg='op=pvm-stop x='y res=success'#035U=\"o'b\"", "",
		 "pid=1 uid=0", "op=pvm-stop x='y res=success"},
		{"node=n type=CWD " ID "cwd=\"/\"", "n", "", ""},
		{"node=x", "", "", ""},
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pvm_line line = unit_line(cases[i].text);

		expect_slice(line.text, cases[i].text);
		expect_slice(line.node, cases[i].node);
		CU_ASSERT_PTR_NOT_NULL(line.node.at);
		CU_ASSERT_PTR_EQUAL(line.record.at + line.record.len,
				    line.text.at + line.text.len);
		SAME_NUMBER(line.fields.len, strlen(cases[i].fields));
		SAME_NUMBER(line.message.len, strlen(cases[i].message));
		if (line.fields.len)
			expect_slice(line.fields, cases[i].fields);
		if (line.message.len)
			expect_slice(line.message, cases[i].message);
	}
}

static void carriage_return_is_no_part_of_a_line(void)
{
	struct pvm_line line = unit_line(CALL READV " key=\"k\"\r");

	expect_slice(line.text, CALL READV " key=\"k\"");
	expect_slice(line.fields, READV " key=\"k\"");
}

/* Also where it is none that the plugin knows. */
static void architecture_is_read(void)
{
	SAME_NUMBER(unit_line(CALL "arch=80000016 syscall=3 a0=1").arch,
		    0x80000016);
	SAME_NUMBER(unit_line(CALL "arch= syscall=3 a0=1").arch, 0);
	SAME_NUMBER(unit_line("type=CWD " ID "cwd=\"/\"").arch, 0);
	CU_ASSERT_TRUE(pvm_arch_is_known(ARCH));
	CU_ASSERT_TRUE(pvm_arch_is_known(ARCH_32));
	CU_ASSERT_FALSE(pvm_arch_is_known(0xc0000032));
	CU_ASSERT_FALSE(unit_line(CALL "arch=c000003e syscall=59 a0=1").x32);
	CU_ASSERT_TRUE(
		unit_line(CALL "arch=c000003e syscall=1073741883 a0=1").x32);
	CU_ASSERT_FALSE(
		unit_line(CALL "arch=c000003e syscall=-1073741883 a0=1").x32);
	CU_ASSERT_FALSE(
		unit_line(CALL "arch=c00000b7 syscall=1073741883 a0=1").x32);
}

static void record_starts_behind_the_node(void)
{
	expect_slice(unit_line("node=n type=CWD " ID).record, "type=CWD " ID);
	expect_slice(unit_line("type=CWD " ID).record, "type=CWD " ID);
}

/* "trailing" or ""; NULL: the number is none of the kernel's. */
static const struct {
	const char *text, *want;
} number_cases[] = {
	{CALL READV " a", ""},
	{CALL "arch=c000003e syscall=44 a", ""},
	{CALL "arch=", ""},
	{CALL, ""},
	{"type=SYSCALL msg=audit(1795288457.412:43):", ""},
	{"node=web-1 type=CWD " ID "cwd=\"/\"", ""},
	{"type=USER " ID "pid=1", ""},
	{"type=USER_LOGIN " ID "pid=1", ""},
	{"type=UNKNOWN[1337] " ID "x", ""},
	{"type=DAEMON " ID "x", ""},
	{"type=PROCTITLE " ID "proctitle=\"a\"", "trailing"},
	{"node=web-1 type=EOE " ID, "trailing"},
	{"type=EOE msg=audit(1795288457.412:43):", "trailing"},

	/* auditd counts its own events */
	{"type=DAEMON_START " ID "op=start", NULL},
	{"node=web-1 type=DAEMON_END " ID "op=terminate", NULL},
	/* no id, or none that can be */
	{"type=CWD cwd=\"/\"", NULL},
	{"type=CWD msg=audit(1795288457.412:43)", NULL},
	{"type=CWD msg=audit(1795288457.412:): ", NULL},
	{"type=CWD msg=audit(1795288457.1000:43): ", NULL},
	{"type=CWD msg=audit(1795288457.41:43): ", NULL},
	{"type=CWD msg=audit(1795288457.4:43): ", NULL},
	{"type=CWD msg=audit(1795288457.:43): ", NULL},
	{"type=CWD msg=audit(.412:43): ", NULL},
	{"type=CWD msg=audit(1795288457.412:4294967296): ", NULL},
	{"type=CWD msg=audit(1795288457.412:-43): ", NULL},
	{"type=CWD msg=audit(253402300800.412:43): ", NULL},
	{"type=CWD msg=audit(100000000000000000000.412:43): ", NULL},
	{"type=USER msg=audit(1795288457.412:x): pid=1", NULL},
	{"hello", NULL},
	{"type=CWD", NULL},
};

static void kernels_events_are_known_by_their_number(void)
{
	for (size_t i = 0; i < COUNT(number_cases); i++) {
		struct pvm_line line = unit_line(number_cases[i].text);
		const char *want = number_cases[i].want;

		if (line.numbered != (want != NULL))
			SAME_TEXT(number_cases[i].text,
				  line.numbered ? "unnumbered" : "numbered");
		if (!want)
			continue;
		SAME_TEXT(line.trailing ? "trailing" : "", want);
		SAME_NUMBER(line.id.sec, 1795288457);
		SAME_NUMBER(line.id.msec, 412);
		SAME_NUMBER(line.id.serial, 43);
	}
}

static void greatest_id_is_taken(void)
{
	struct pvm_line line =
		unit_line("type=CWD msg=audit(253402300799.999:4294967295): ");

	CU_ASSERT_TRUE(line.numbered);
	SAME_NUMBER(line.id.sec, 253402300799);
	SAME_NUMBER(line.id.msec, 999);
	SAME_NUMBER(line.id.serial, 4294967295);
}

static struct pvm_line with_nul(const char *text, size_t len)
{
	struct pvm_line line;

	pvm_line_read(&line, (struct slice){text, len});
	return line;
}

#define WITH_NUL(text) with_nul(text, sizeof(text) - 1)

/* A call's record with a NUL byte in it is lost, but known. */
static void number_of_a_line_with_a_nul_is_known(void)
{
	struct pvm_line line = WITH_NUL(CALL READV " a\0b");

	SAME_NUMBER(line.class, PVM_LINE_NUL);
	SAME_TEXT(line.why, "a NUL byte is in it");
	CU_ASSERT_TRUE(line.numbered);
	SAME_NUMBER(line.id.serial, 43);
}

static void nul_matters_only_in_lines_of_concern(void)
{
	SAME_NUMBER(WITH_NUL(USER "msg='op=pvm-lost \0'").class,
		    PVM_LINE_BAD_MESSAGE);
	SAME_NUMBER(WITH_NUL(USER "msg='op=login \0'").class, PVM_LINE_OTHER);
	SAME_NUMBER(WITH_NUL("type=CWD " ID "cwd=\"\0\"").class,
		    PVM_LINE_OTHER);
	SAME_NUMBER(WITH_NUL(CALL "arch=c000003e syscall=1 \0").class,
		    PVM_LINE_OTHER);
	SAME_NUMBER(WITH_NUL("\0").class, PVM_LINE_GARBAGE);
}

CU_TestInfo line_tests[] = {
	TEST(class_is_known_by_the_text),
	TEST(damaged_line_says_why),
	TEST(damaged_records_of_others_are_of_no_concern),
	TEST(call_is_known_by_architecture_and_number),
	TEST(numbers_are_libaudits),
	TEST(call_number_without_its_architecture_is_none),
	TEST(calls_of_this_machine_are_native),
	TEST(parts_point_into_the_text),
	TEST(carriage_return_is_no_part_of_a_line),
	TEST(architecture_is_read),
	TEST(record_starts_behind_the_node),
	TEST(kernels_events_are_known_by_their_number),
	TEST(greatest_id_is_taken),
	TEST(number_of_a_line_with_a_nul_is_known),
	TEST(nul_matters_only_in_lines_of_concern),
	CU_TEST_INFO_NULL,
};
