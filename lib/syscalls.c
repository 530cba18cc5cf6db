// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * syscalls.c - see syscalls.h
 *
 * A number means nothing without its architecture: i386's own 310 and 311
 * are other calls. x32's are absent because audit's rules reject them.
 * Source: the kernel's headers, which tests/numbers holds this table to.
 */
#include <linux/audit.h>

#include "lib/syscalls.h"

#define READV "process_vm_readv"
#define WRITEV "process_vm_writev"
#define CALLS(arch, readv, writev, abi)           \
	{                                         \
		{arch, readv, READV, abi},        \
		{                                 \
			arch, writev, WRITEV, abi \
		}                                 \
	}

/* Headers before Linux 5.19 lack it. */
#ifndef AUDIT_ARCH_LOONGARCH64
#define AUDIT_ARCH_LOONGARCH64 \
	(258 | __AUDIT_ARCH_64BIT | __AUDIT_ARCH_LE) /* 258: EM_LOONGARCH */
#endif

/* Set in the number of an x32 call, whose arch= is x86-64's. */
#define X32_BIT 0x40000000

/*
 * All that Debian builds, not only this machine's: logs are read elsewhere
 * than where they were written.
 */
static const struct pvm_call_type types[][2] = {
	CALLS(AUDIT_ARCH_X86_64, 310, 311, NULL),
	CALLS(AUDIT_ARCH_I386, 347, 348, "i386"),
	CALLS(AUDIT_ARCH_AARCH64, 270, 271, NULL),
	CALLS(AUDIT_ARCH_ARM, 376, 377, "arm"),
	CALLS(AUDIT_ARCH_ALPHA, 504, 505, NULL),
	CALLS(AUDIT_ARCH_LOONGARCH64, 270, 271, NULL),
	CALLS(AUDIT_ARCH_M68K, 345, 346, "m68k"),
	CALLS(AUDIT_ARCH_MIPS, 4345, 4346, "mips"),
	CALLS(AUDIT_ARCH_MIPSEL, 4345, 4346, "mips"),
	CALLS(AUDIT_ARCH_MIPS64, 5304, 5305, NULL),
	CALLS(AUDIT_ARCH_MIPSEL64, 5304, 5305, NULL),
	CALLS(AUDIT_ARCH_MIPS64N32, 6309, 6310, "n32"),
	CALLS(AUDIT_ARCH_MIPSEL64N32, 6309, 6310, "n32"),
	CALLS(AUDIT_ARCH_PARISC, 330, 331, "parisc"),
	CALLS(AUDIT_ARCH_PARISC64, 330, 331, NULL),
	CALLS(AUDIT_ARCH_PPC, 351, 352, "ppc"),
	CALLS(AUDIT_ARCH_PPC64, 351, 352, NULL),
	CALLS(AUDIT_ARCH_PPC64LE, 351, 352, NULL),
	CALLS(AUDIT_ARCH_RISCV32, 270, 271, "riscv32"),
	CALLS(AUDIT_ARCH_RISCV64, 270, 271, NULL),
	CALLS(AUDIT_ARCH_S390, 340, 341, "s390"),
	CALLS(AUDIT_ARCH_S390X, 340, 341, NULL),
	CALLS(AUDIT_ARCH_SHEL, 365, 366, "sh"),
	CALLS(AUDIT_ARCH_SPARC, 338, 339, "sparc"),
	CALLS(AUDIT_ARCH_SPARC64, 338, 339, NULL),
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

/* The calls on @arch; NULL: not known. */
static const struct pvm_call_type *calls_on(uint32_t arch)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (types[i][0].arch == arch)
			return types[i];
	return NULL;
}

const struct pvm_call_type *pvm_call_type(uint32_t arch, uint32_t nr)
{
	const struct pvm_call_type *calls = calls_on(arch);

	for (int i = 0; calls && i < 2; i++)
		if (calls[i].nr == nr)
			return &calls[i];
	return NULL;
}

bool pvm_call_is_x32(uint32_t arch, uint32_t nr)
{
	return arch == AUDIT_ARCH_X86_64 && (nr & X32_BIT);
}

bool pvm_arch_is_known(uint32_t arch)
{
	return calls_on(arch);
}

bool pvm_call_is_native(const struct pvm_call_type *type)
{
	return type->arch == NATIVE_64 || type->arch == NATIVE_32;
}
