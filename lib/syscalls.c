// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * syscalls.c - which number is one of the two calls, and on what
 *
 * A number means nothing without its architecture: i386's own 310 and 311
 * are other calls. x32's are absent because audit's rules reject them.
 */
#include <linux/audit.h>

#include "pvm/event.h"

#define READV "process_vm_readv"
#define WRITEV "process_vm_writev"

#if defined(__x86_64__)
#define NATIVE_64 AUDIT_ARCH_X86_64
#define NATIVE_READV 310
#define NATIVE_WRITEV 311
#define COMPAT_32 AUDIT_ARCH_I386
#define COMPAT_READV 347
#define COMPAT_WRITEV 348
#define COMPAT_ABI "i386"
#elif defined(__aarch64__)
#define NATIVE_64 AUDIT_ARCH_AARCH64
#define NATIVE_READV 270
#define NATIVE_WRITEV 271
#define COMPAT_32 AUDIT_ARCH_ARM
#define COMPAT_READV 376
#define COMPAT_WRITEV 377
#define COMPAT_ABI "arm"
#else
#error "add this architecture's numbers here"
#endif

static const struct pvm_call_type types[] = {
	{NATIVE_64, NATIVE_READV, READV, NULL},
	{NATIVE_64, NATIVE_WRITEV, WRITEV, NULL},
	{COMPAT_32, COMPAT_READV, READV, COMPAT_ABI},
	{COMPAT_32, COMPAT_WRITEV, WRITEV, COMPAT_ABI},
};

const struct pvm_call_type *pvm_call_type(uint32_t arch, uint32_t nr)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i].nr == nr && types[i].arch == arch)
			return &types[i];
	return NULL;
}
