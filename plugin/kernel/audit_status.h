/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * audit_status.h - how the kernel's audit is set at the moment
 */
#ifndef PVM_AUDIT_STATUS_H
#define PVM_AUDIT_STATUS_H

#include <libaudit.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Does audit write each record of @type? It does not when it is switched off,
 * when its backlog is full, or when a rule may exclude the type. Waits a
 * second at most for each answer of the kernel. Needs CAP_AUDIT_CONTROL.
 * Returns 1, 0, or -errno when the kernel does not answer.
 */
int pvm_audit_writes(uint32_t type);

/*
 * Is an auditd there to take what is sent? Without one the kernel puts audit
 * messages into its own log. Waits a second at most for each answer of the
 * kernel. Needs CAP_AUDIT_CONTROL.
 * Returns 1, 0, or -errno when the kernel does not answer.
 */
int pvm_auditd_is_running(void);

/* Can this rule keep records of @type from being written? */
bool pvm_audit_may_exclude(const struct audit_rule_data *rule, uint32_t type);

#endif
