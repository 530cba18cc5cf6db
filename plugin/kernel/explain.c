// SPDX-License-Identifier: GPL-2.0-or-later
/* explain.c - see explain.h */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel/explain.h"
#include "process/selinux.h"

#define KERNEL_BTF "/sys/kernel/btf/vmlinux"
#define KPROBE_PMU "/sys/bus/event_source/devices/kprobe/type"
#define LOCKDOWN "/sys/kernel/security/lockdown"
#define KPROBES_ENABLED "/sys/kernel/debug/kprobes/enabled"
#define FTRACE_ENABLED "/proc/sys/kernel/ftrace_enabled"

/* systemd puts an empty file, which has mode 0, in its place. */
#define MASKED                                                               \
	", as ProtectKernelTunables=yes in auditd.service or a container's " \
	"runtime masks it; set ProtectKernelTunables=no, or run auditd "     \
	"outside of the container"

/* Does the file, which is short, have @text? No where it cannot be read. */
static bool has_text(const char *path, const char *text)
{
	char line[256] = "";
	FILE *file = fopen(path, "re");
	bool has;

	if (!file)
		return false;
	has = fgets(line, sizeof(line), file) && strstr(line, text);
	fclose(file);
	return has;
}

/* @error, a negative errno, is one by which SELinux refuses things. */
static bool explain_denied(int error, char *why, size_t size)
{
	return (error == -EACCES || error == -EPERM) &&
	       pvm_selinux_explain(why, size);
}

void pvm_explain_no_symbols(int error, char *why, size_t size)
{
	if (explain_denied(error, why, size))
		return;
	if (!access("/proc/self", F_OK) && access("/proc/sys", F_OK))
		snprintf(why, size,
			 "/proc shows nothing but processes, as it is mounted "
			 "with subset=pid; mount it without");
	else if (error == -EACCES)
		snprintf(why, size, "cannot read %s (%s)" MASKED, PVM_KALLSYMS,
			 strerror(-error));
	else
		snprintf(why, size, "cannot read %s (%s); mount /proc",
			 PVM_KALLSYMS, strerror(-error));
}

static bool explain_switch(char *why, size_t size)
{
	if (has_text(LOCKDOWN, "[confidentiality]")) {
		snprintf(why, size,
			 "the kernel is locked down for confidentiality (%s), "
			 "so that BPF may not read its memory; boot it with "
			 "lockdown=integrity, or without lockdown",
			 LOCKDOWN);
		return true;
	}
	if (has_text(KPROBES_ENABLED, "0")) {
		snprintf(why, size,
			 "kprobes are switched off (%s is 0); write 1 to it",
			 KPROBES_ENABLED);
		return true;
	}
	if (has_text(FTRACE_ENABLED, "0")) {
		snprintf(why, size,
			 "ftrace is switched off (%s is 0); write 1 to it",
			 FTRACE_ENABLED);
		return true;
	}
	return false;
}

static void explain_missing(enum pvm_hook hook, char *why, size_t size)
{
	snprintf(why, size,
		 "the kernel has no function %s in %s; run one that has, with "
		 "CONFIG_CROSS_MEMORY_ATTACH=y and CONFIG_AUDITSYSCALL=y",
		 pvm_hook_function(hook), PVM_KALLSYMS);
}

bool pvm_explain_obstacle(const struct pvm_symbols *symbols, char *why,
			  size_t size)
{
	static const enum pvm_hook needed[] = {PVM_HOOK_ENTER, PVM_HOOK_STAMP};

	if (!symbols->any) {
		snprintf(why, size, "%s is empty" MASKED, PVM_KALLSYMS);
		return true;
	}
	if (access("/sys/kernel", F_OK)) {
		if (explain_denied(-errno, why, size))
			return true;
		snprintf(why, size, "there is no /sys (%s); mount sysfs there",
			 strerror(errno));
		return true;
	}
	if (access(KERNEL_BTF, R_OK)) {
		if (explain_denied(-errno, why, size))
			return true;
		snprintf(why, size,
			 "the kernel has no BTF (%s: %s); run one built with "
			 "CONFIG_DEBUG_INFO_BTF=y",
			 KERNEL_BTF, strerror(errno));
		return true;
	}
	if (access(KPROBE_PMU, F_OK)) {
		if (explain_denied(-errno, why, size))
			return true;
		snprintf(why, size,
			 "the kernel has no kprobes (%s: %s); run one built "
			 "with CONFIG_KPROBE_EVENTS=y",
			 KPROBE_PMU, strerror(errno));
		return true;
	}
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (symbols->of[needed[i]].nr)
			continue;
		explain_missing(needed[i], why, size);
		return true;
	}
	return explain_switch(why, size);
}

static void explain_refused(const struct pvm_attempt *attempt, char *why,
			    size_t size)
{
	bool all = attempt->hook == PVM_HOOKS;

	if (explain_denied(attempt->error, why, size))
		return;
	if (attempt->error == -EPERM)
		snprintf(why, size,
			 "the kernel does not let this process load them (%s); "
			 "start it as root from auditd, with CAP_BPF, "
			 "CAP_PERFMON and CAP_SYSLOG, and without kernel "
			 "lockdown for confidentiality",
			 strerror(EPERM));
	else
		snprintf(why, size,
			 "the kernel refuses %s%s (%s); run with "
			 "PVM_DEBUG_LIBBPF=1 to see what libbpf says",
			 all ? "them" : "a probe on ",
			 all ? "" : pvm_hook_function(attempt->hook),
			 strerror(-attempt->error));
}

static void explain_wrong_stamp(const struct pvm_wire_stamp *stamp, char *why,
				size_t size)
{
	const char *function = pvm_hook_function(PVM_HOOK_STAMP);

	if (stamp->head.kind == PVM_WIRE_STAMP)
		snprintf(why, size,
			 "self-test failed: in a record written just now, the "
			 "probe on %s reads the event id %llu.%03u:%u, by "
			 "which no call could be joined; report this with "
			 "uname -a",
			 function, stamp->sec, stamp->nsec / 1000000,
			 stamp->serial);
	else
		snprintf(why, size,
			 "self-test failed: the probe on %s does not run for "
			 "a record that audit writes, so no call could be "
			 "joined; report this with uname -a",
			 function);
}

void pvm_explain(const struct pvm_attempt *attempt, char *why, size_t size)
{
	switch (attempt->verdict) {
	case PVM_VERDICT_GOOD:
		snprintf(why, size, "nothing is in the way");
		break;
	case PVM_VERDICT_MISSING:
		explain_missing(attempt->hook, why, size);
		break;
	case PVM_VERDICT_REFUSED:
		explain_refused(attempt, why, size);
		break;
	case PVM_VERDICT_SILENT:
		snprintf(why, size,
			 "self-test failed: they captured nothing of a known "
			 "call; see that /proc/sys/kernel/ftrace_enabled and "
			 "/sys/kernel/debug/kprobes/enabled are 1");
		break;
	case PVM_VERDICT_PARTLY:
		snprintf(why, size,
			 "self-test failed: they captured nothing of a known "
			 "%s, as this kernel's compiler has left code for it "
			 "that no symbol of %s names; run a kernel built with "
			 "gcc -O2, and report this with uname -a",
			 attempt->write ? "write" : "read",
			 pvm_hook_function(PVM_HOOK_ENTER));
		break;
	case PVM_VERDICT_WRONG_CALL:
		snprintf(why, size,
			 "self-test failed: they captured a known call "
			 "wrongly; report this with uname -a");
		break;
	case PVM_VERDICT_WRONG_STAMP:
		explain_wrong_stamp(&attempt->stamp, why, size);
		break;
	}
}

void pvm_explain_core(const struct pvm_attempt *attempt, char *why, size_t size)
{
	if (attempt->verdict == PVM_VERDICT_MISSING)
		snprintf(why, size, "no function in %s", PVM_KALLSYMS);
	else if (attempt->verdict == PVM_VERDICT_REFUSED &&
		 attempt->hook == PVM_HOOK_CORE)
		snprintf(why, size, "the kernel refuses it (%s)",
			 strerror(-attempt->error));
	else
		pvm_explain(attempt, why, size);
}
