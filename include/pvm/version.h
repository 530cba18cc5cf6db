/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef PVM_VERSION_H
#define PVM_VERSION_H

#define PVM_VERSION "0.1.0"

#endif
