/* SPDX-License-Identifier: GPL-2.0-or-later */
/* schema.h - --schema: the JSON Schema of --format json, on standard output */
#ifndef AUPVM_SCHEMA_H
#define AUPVM_SCHEMA_H

void schema_print(void);

#endif
