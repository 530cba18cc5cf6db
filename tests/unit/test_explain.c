// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * test_explain.c - each verdict on the probes becomes one sentence
 */
#include <errno.h>

#include "kernel/explain.h"
#include "unit.h"

static void same_sentence(const struct pvm_attempt *attempt, const char *want)
{
	char why[256];

	pvm_explain(attempt, why, sizeof(why));
	SAME_TEXT(why, want);
}

static void same_about_core(const struct pvm_attempt *attempt, const char *want)
{
	char why[256];

	pvm_explain_core(attempt, why, sizeof(why));
	SAME_TEXT(why, want);
}

static void refusal_names_the_hook(void)
{
	struct pvm_attempt attempt = {
		.verdict = PVM_VERDICT_REFUSED,
		.error = -EINVAL,
		.hook = PVM_HOOK_ENTER,
	};

	same_sentence(&attempt,
		      "the kernel refuses a probe on process_vm_rw (Invalid "
		      "argument); run with PVM_DEBUG_LIBBPF=1 to see what "
		      "libbpf says");
	attempt.hook = PVM_HOOKS;
	same_sentence(&attempt,
		      "the kernel refuses them (Invalid argument); run with "
		      "PVM_DEBUG_LIBBPF=1 to see what libbpf says");
}

static void lack_of_privilege_has_its_own_cure(void)
{
	struct pvm_attempt attempt = {
		.verdict = PVM_VERDICT_REFUSED,
		.error = -EPERM,
		.hook = PVM_HOOKS,
	};

	same_sentence(&attempt,
		      "the kernel does not let this process load them "
		      "(Operation not permitted); start it as root from "
		      "auditd, with CAP_BPF, CAP_PERFMON and CAP_SYSLOG, and "
		      "without kernel lockdown for confidentiality");
}

static void missing_function_is_named(void)
{
	struct pvm_attempt attempt = {
		.verdict = PVM_VERDICT_MISSING,
		.error = -ENOENT,
		.hook = PVM_HOOK_STAMP,
	};

	same_sentence(&attempt,
		      "the kernel has no function audit_log_end in "
		      "/proc/kallsyms; run one that has, with "
		      "CONFIG_CROSS_MEMORY_ATTACH=y and CONFIG_AUDITSYSCALL=y");
}

static void self_test_says_what_came_out(void)
{
	struct pvm_attempt attempt = {.verdict = PVM_VERDICT_WRONG_CALL};

	same_sentence(&attempt,
		      "self-test failed: they captured a known call wrongly; "
		      "report this with uname -a");
	attempt.verdict = PVM_VERDICT_SILENT;
	same_sentence(&attempt,
		      "self-test failed: they captured nothing of a known "
		      "call; see that /proc/sys/kernel/ftrace_enabled and "
		      "/sys/kernel/debug/kprobes/enabled are 1");
	attempt.verdict = PVM_VERDICT_PARTLY;
	attempt.write = true;
	same_sentence(&attempt,
		      "self-test failed: they captured nothing of a known "
		      "write, as this kernel's compiler has left code for it "
		      "that no symbol of process_vm_rw names; run a kernel "
		      "built with gcc -O2, and report this with uname -a");
	attempt.verdict = PVM_VERDICT_WRONG_STAMP;
	same_sentence(&attempt,
		      "self-test failed: the probe on audit_log_end does not "
		      "run for a record that audit writes, so no call could "
		      "be joined; report this with uname -a");
	attempt.stamp = (struct pvm_wire_stamp){
		.head.kind = PVM_WIRE_STAMP,
		.sec = 7,
		.nsec = 89000000,
		.serial = 10,
	};
	same_sentence(&attempt,
		      "self-test failed: in a record written just now, the "
		      "probe on audit_log_end reads the event id 7.089:10, by "
		      "which no call could be joined; report this with "
		      "uname -a");
}

static void core_is_not_named_twice(void)
{
	struct pvm_attempt attempt = {
		.verdict = PVM_VERDICT_MISSING,
		.error = -ENOENT,
		.hook = PVM_HOOK_CORE,
	};

	same_about_core(&attempt, "no function in /proc/kallsyms");
	attempt.verdict = PVM_VERDICT_REFUSED;
	attempt.error = -EINVAL;
	same_about_core(&attempt, "the kernel refuses it (Invalid argument)");
	attempt.hook = PVM_HOOKS;
	same_about_core(&attempt,
			"the kernel refuses them (Invalid argument); run with "
			"PVM_DEBUG_LIBBPF=1 to see what libbpf says");
}

/* Which systemd's ProtectKernelTunables= does: unreadable, or empty to root. */
static void masked_symbols_are_no_fault_of_the_kernel(void)
{
	struct pvm_symbols none = {.any = false};
	char why[512];

	CU_ASSERT_TRUE(pvm_explain_obstacle(&none, why, sizeof(why)));
	SAME_TEXT(why, "/proc/kallsyms is empty, as ProtectKernelTunables=yes "
		       "in auditd.service or a container's runtime masks it; "
		       "set ProtectKernelTunables=no, or run auditd outside of "
		       "the container");
	pvm_explain_no_symbols(-EACCES, why, sizeof(why));
	SAME_TEXT(why, "cannot read /proc/kallsyms (Permission denied), as "
		       "ProtectKernelTunables=yes in auditd.service or a "
		       "container's runtime masks it; set "
		       "ProtectKernelTunables=no, or run auditd outside of the "
		       "container");
}

CU_TestInfo explain_tests[] = {
	TEST(refusal_names_the_hook),
	TEST(lack_of_privilege_has_its_own_cure),
	TEST(missing_function_is_named),
	TEST(self_test_says_what_came_out),
	TEST(core_is_not_named_twice),
	TEST(masked_symbols_are_no_fault_of_the_kernel),
	CU_TEST_INFO_NULL,
};
