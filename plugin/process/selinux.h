/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * selinux.h - is it SELinux that stands in the way?
 *
 * Where SELinux enforces a policy without our module (packaging/selinux),
 * auditd runs the plugin in auditd's own domain, which may not load probes.
 */
#ifndef PVM_SELINUX_H
#define PVM_SELINUX_H

#include <stdbool.h>
#include <stddef.h>

#define PVM_SELINUX_DOMAIN "audisp_pvm_t"
#define PVM_SELINUX_MODULE "/usr/share/selinux/packages/audisp_pvm.pp"

/*
 * From the files @context (as /proc/self/attr/current) and @enforce (as
 * /sys/fs/selinux/enforce): does SELinux enforce its policy, and has this
 * process in another domain than the module's? Then @domain, of @size bytes, is
 * that one.
 */
bool pvm_selinux_read(const char *context, const char *enforce, char *domain,
		      size_t size);

/*
 * The same of this process: then @why, of @size bytes, is a sentence without a
 * full stop that names the module.
 */
bool pvm_selinux_explain(char *why, size_t size);

/*
 * Is it SELinux that @error, a negative errno, comes from? Then the log names
 * the module, once for all that is refused to this process: whoever asks need
 * not say more. For the main thread.
 */
bool pvm_selinux_refuses(int error);

#endif
