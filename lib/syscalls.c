// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * syscalls.c - see syscalls.h
 *
 * A number means nothing without its architecture: i386's own 310 and 311
 * are other calls. x32's are absent because audit's rules reject them.
 * Source: the kernel's system call tables.
 */
#include <linux/audit.h>

#include "lib/syscalls.h"

#define READV "process_vm_readv"
#define WRITEV "process_vm_writev"

/*
 * All of them, not only this machine's: logs are read elsewhere than where
 * they were written.
 */
static const struct pvm_call_type types[] = {
	{AUDIT_ARCH_X86_64, 310, READV, NULL},
	{AUDIT_ARCH_X86_64, 311, WRITEV, NULL},
	{AUDIT_ARCH_I386, 347, READV, "i386"},
	{AUDIT_ARCH_I386, 348, WRITEV, "i386"},
	{AUDIT_ARCH_AARCH64, 270, READV, NULL},
	{AUDIT_ARCH_AARCH64, 271, WRITEV, NULL},
	{AUDIT_ARCH_ARM, 376, READV, "arm"},
	{AUDIT_ARCH_ARM, 377, WRITEV, "arm"},
};

#if defined(__x86_64__)
#define NATIVE_64 AUDIT_ARCH_X86_64
#define NATIVE_32 AUDIT_ARCH_I386
#elif defined(__aarch64__)
#define NATIVE_64 AUDIT_ARCH_AARCH64
#define NATIVE_32 AUDIT_ARCH_ARM
#else
#error "add this architecture's numbers here"
#endif

const struct pvm_call_type *pvm_call_type(uint32_t arch, uint32_t nr)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].nr == nr && types[i].arch == arch)
			return &types[i];
	return NULL;
}

bool pvm_arch_is_known(uint32_t arch)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].arch == arch)
			return true;
	return false;
}

bool pvm_call_is_native(const struct pvm_call_type *type)
{
	return type->arch == NATIVE_64 || type->arch == NATIVE_32;
}
