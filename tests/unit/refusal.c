// SPDX-License-Identifier: GPL-2.0-or-later
/* refusal.c - see refusal.h */
#include <cap-ng.h>
#include <errno.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "refusal.h"

#define ANY (-1)

static const struct {
	const char *what;
	int call;
	int option; /* its first argument */
	int error;
} refusals[] = {
	{"bounding_set", SCMP_SYS(prctl), PR_CAPBSET_DROP, EPERM},
	{"no_new_privs", SCMP_SYS(prctl), PR_SET_NO_NEW_PRIVS, EPERM},
	{"landlock", SYS_landlock_restrict_self, ANY, EPERM},
	{"landlock_there", SYS_landlock_create_ruleset, ANY, EOPNOTSUPP},
	{"capabilities", SCMP_SYS(capset), ANY, EPERM},
	/* the second is what libseccomp tries where it thinks that it must */
	{"seccomp", SCMP_SYS(seccomp), ANY, EPERM},
	{"seccomp", SCMP_SYS(prctl), PR_SET_SECCOMP, EPERM},
};

/* As a drop-in for auditd.service with CapabilityBoundingSet= does it. */
static int drop_setpcap(void)
{
	if (prctl(PR_CAPBSET_DROP, CAP_SETPCAP, 0, 0, 0))
		return -errno;
	if (capng_get_caps_process() ||
	    capng_update(CAPNG_DROP,
			 CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_INHERITABLE,
			 CAP_SETPCAP) ||
	    capng_apply(CAPNG_SELECT_CAPS))
		return -EPERM;
	return 0;
}

static int refuse_call(scmp_filter_ctx filter, size_t i)
{
	struct scmp_arg_cmp option = {
		.arg = 0,
		.op = SCMP_CMP_MASKED_EQ,
		.datum_a = UINT32_MAX,
		.datum_b = (uint32_t)refusals[i].option,
	};

	return seccomp_rule_add_array(
		filter, SCMP_ACT_ERRNO((uint32_t)refusals[i].error),
		refusals[i].call, refusals[i].option == ANY ? 0 : 1, &option);
}

int refuse(const char *what)
{
	scmp_filter_ctx filter;
	int err, found = 0;

	if (!strcmp(what, "setpcap"))
		return drop_setpcap();
	filter = seccomp_init(SCMP_ACT_ALLOW);
	if (!filter)
		return -ENOMEM;
	err = seccomp_attr_set(filter, SCMP_FLTATR_CTL_NNP, 0);
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		if (err || strcmp(refusals[i].what, what))
			continue;
		err = refuse_call(filter, i);
		found++;
	}
	if (!err)
		err = found ? seccomp_load(filter) : -EINVAL;
	seccomp_release(filter);
	return err;
}
