// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * privileges.c - see privileges.h
 *
 * All of it is a thread's own and passed on to those that it starts, hence
 * while there is no other. Records are sent with CAP_AUDIT_WRITE; the ring
 * buffer and the counters are mapped memory and need nothing.
 *
 * Landlock and the filter need no_new_privs or CAP_SYS_ADMIN. Where the first
 * is refused, the second is still there for them: so the capabilities go after
 * Landlock, and then after the filter as well.
 *
 * Rejected: another user than root. It would have to be one of the plugin's
 * own, as whoever shares it may send it signals; it could not enter /etc/audit
 * for the options nor replace the state report in root's directory. What root
 * can do without capabilities is taken away in landlock.c and seccomp_filter.c.
 */
#include <cap-ng.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

#include "process/landlock.h"
#include "process/privileges.h"
#include "process/seccomp_filter.h"
#include "process/state.h"

const char *pvm_layer_name(enum pvm_layer layer)
{
	static const char *const names[PVM_LAYERS] = {
#define X(layer, name) [layer] = (name),
		PVM_SANDBOX(X)
#undef X
	};

	return names[layer];
}

static int failed(int result)
{
	return result < 0 ? -errno : 0;
}

/*
 * Empty it. The kernel refuses to drop what has been dropped, too, without
 * CAP_SETPCAP: a set that is empty already is no failure.
 */
static int empty_bounding_set(void)
{
	int err = 0;

	for (unsigned long cap = 0;; cap++) {
		int in = prctl(PR_CAPBSET_READ, cap, 0, 0, 0);

		if (in < 0) /* the last one was the one before */
			return cap ? err : -errno;
		if (in && prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0)
			err = -errno;
	}
}

/*
 * What the filter does not allow afterwards. CAP_AUDIT_WRITE is kept where it
 * was there. An ambient capability ends with the inheritable one; it is cleared
 * by itself for when that is refused.
 */
static void prepare_capabilities(void)
{
	bool may_write;

	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	/* where that cannot be read, too: without it nothing is recorded */
	may_write = capng_get_caps_process() ||
		    capng_have_capability(CAPNG_PERMITTED, CAP_AUDIT_WRITE);
	capng_clear(CAPNG_SELECT_CAPS);
	if (may_write)
		capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED,
			     CAP_AUDIT_WRITE);
}

static int drop_capabilities(void)
{
	errno = EPERM; /* in case that libcap-ng itself refuses */
	return capng_apply(CAPNG_SELECT_CAPS) ? -errno : 0;
}

static int restrict_files(void)
{
	int err = pvm_state_make_directory();

	return err ? err : pvm_landlock_apply(PVM_STATE_DIRECTORY);
}

static void note(struct pvm_sandbox *sandbox, enum pvm_layer layer, int err)
{
	sandbox->on[layer] = !err;
	sandbox->error[layer] = err;
}

void pvm_privileges_drop(struct pvm_sandbox *sandbox)
{
	int nnp = failed(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));

	prepare_capabilities();
	note(sandbox, PVM_LAYER_BOUNDING_SET, empty_bounding_set());
	note(sandbox, PVM_LAYER_NO_NEW_PRIVILEGES, nnp);
	note(sandbox, PVM_LAYER_LANDLOCK, restrict_files());
	if (!nnp)
		note(sandbox, PVM_LAYER_CAPABILITIES, drop_capabilities());
	note(sandbox, PVM_LAYER_SECCOMP, pvm_seccomp_apply(nnp));
	if (nnp)
		note(sandbox, PVM_LAYER_CAPABILITIES, drop_capabilities());
}

bool pvm_layer_is_not_there(const struct pvm_sandbox *sandbox,
			    enum pvm_layer layer)
{
	int err = sandbox->error[layer];

	return layer == PVM_LAYER_LANDLOCK &&
	       (err == -ENOSYS || err == -EOPNOTSUPP);
}

static void explain_landlock(int err, char *why, size_t size)
{
	if (err == -ENOSYS)
		snprintf(why, size,
			 "this kernel has none; Linux 5.13 and later have, "
			 "built with CONFIG_SECURITY_LANDLOCK=y");
	else if (err == -EOPNOTSUPP)
		snprintf(why, size,
			 "it is switched off in this kernel; add landlock to "
			 "lsm= on its command line");
	else if (err == -ENOENT || err == -EROFS)
		snprintf(why, size,
			 "%s is not there and cannot be made; "
			 "make it",
			 PVM_STATE_DIRECTORY);
	else if (err == -EACCES) /* Landlock itself has EPERM */
		snprintf(why, size,
			 "SELinux's policy does not let the plugin make %s; "
			 "load the policy module audisp_pvm",
			 PVM_STATE_DIRECTORY);
	else
		snprintf(why, size,
			 "a seccomp filter or a container around auditd "
			 "refuses its calls; allow landlock_create_ruleset, "
			 "landlock_add_rule and landlock_restrict_self");
}

static void explain_refused(enum pvm_layer layer, int err, char *why,
			    size_t size)
{
	switch (layer) {
	case PVM_LAYER_BOUNDING_SET:
		snprintf(why, size,
			 "auditd passes no CAP_SETPCAP on; add it to "
			 "CapabilityBoundingSet= in auditd.service, and allow "
			 "it in SELinux's policy");
		break;
	case PVM_LAYER_NO_NEW_PRIVILEGES:
		snprintf(why, size,
			 "a seccomp filter around auditd refuses it; allow "
			 "prctl(PR_SET_NO_NEW_PRIVS) there");
		break;
	case PVM_LAYER_LANDLOCK:
		explain_landlock(err, why, size);
		break;
	case PVM_LAYER_CAPABILITIES:
		snprintf(why, size,
			 "a seccomp filter around auditd or SELinux's policy "
			 "refuses to drop them; allow capset or "
			 "process:setcap there");
		break;
	default:
		snprintf(why, size,
			 "a seccomp filter around auditd refuses another, or "
			 "the kernel has none; allow seccomp there, run a "
			 "kernel built with CONFIG_SECCOMP_FILTER=y");
	}
}

void pvm_layer_explain(const struct pvm_sandbox *sandbox, enum pvm_layer layer,
		       char *why, size_t size)
{
	bool refused = sandbox->error[layer] == -EPERM ||
		       sandbox->error[layer] == -EACCES;

	if (refused && !sandbox->on[PVM_LAYER_NO_NEW_PRIVILEGES] &&
	    (layer == PVM_LAYER_LANDLOCK || layer == PVM_LAYER_SECCOMP))
		snprintf(why, size,
			 "it needs no_new_privs or CAP_SYS_ADMIN, and neither "
			 "is there; see no_new_privs for the cure");
	else
		explain_refused(layer, sandbox->error[layer], why, size);
}
