/* SPDX-License-Identifier: GPL-2.0-or-later */
/* syscalls.h - which number is one of the two calls, on what architecture */
#ifndef PVM_SYSCALLS_H
#define PVM_SYSCALLS_H

#include "pvm/event.h"

/*
 * The call that @nr is on @arch, of all architectures that Debian builds, or
 * NULL when it is neither of the two, or not known.
 */
const struct pvm_call_type *pvm_call_type(uint32_t arch, uint32_t nr);

/* Are the calls' numbers on @arch known? */
bool pvm_arch_is_known(uint32_t arch);

/* Is it a system call of x32, whose numbers are left out? */
bool pvm_call_is_x32(uint32_t arch, uint32_t nr);

/* Can this machine make such a call? If not, its record is another host's. */
bool pvm_call_is_native(const struct pvm_call_type *type);

#endif
