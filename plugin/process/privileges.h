/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * privileges.h - the sandbox: give up what is no longer needed
 *
 * It has layers, each by itself: one that is refused leaves the others on.
 */
#ifndef PVM_PRIVILEGES_H
#define PVM_PRIVILEGES_H

#include <stdbool.h>
#include <stddef.h>

/* Their names in messages and in the state report, see audisp-pvm(8). */
#define PVM_SANDBOX(X)                                 \
	X(PVM_LAYER_BOUNDING_SET, "bounding_set")      \
	X(PVM_LAYER_NO_NEW_PRIVILEGES, "no_new_privs") \
	X(PVM_LAYER_LANDLOCK, "landlock")              \
	X(PVM_LAYER_CAPABILITIES, "capabilities")      \
	X(PVM_LAYER_SECCOMP, "seccomp")

enum pvm_layer {
#define X(layer, name) layer,
	PVM_SANDBOX(X)
#undef X
		PVM_LAYERS
};

/* All of it 0 before the sandbox is applied. */
struct pvm_sandbox {
	bool on[PVM_LAYERS];
	int error[PVM_LAYERS]; /* -errno of one that is not */
};

const char *pvm_layer_name(enum pvm_layer layer);

/*
 * Keep CAP_AUDIT_WRITE alone, the files of PVM_STATE_DIRECTORY to write, and
 * the system calls that are still needed, for good; call it once the probes
 * are attached and while there is no other thread.
 */
void pvm_privileges_drop(struct pvm_sandbox *sandbox);

/* Is @layer, which is not on, one that this kernel does not have? */
bool pvm_layer_is_not_there(const struct pvm_sandbox *sandbox,
			    enum pvm_layer layer);

/* Why @layer is not on, and the cure, as one sentence. */
void pvm_layer_explain(const struct pvm_sandbox *sandbox, enum pvm_layer layer,
		       char *why, size_t size);

#endif
