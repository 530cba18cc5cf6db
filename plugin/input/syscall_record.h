/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * syscall_record.h - one SYSCALL record's text to a struct pvm_syscall
 *
 * Owns a libauparse feed, used for one record at a time.
 */
#ifndef PVM_SYSCALL_RECORD_H
#define PVM_SYSCALL_RECORD_H

#include "pvm/line.h"

struct pvm_parser;

/* Returns NULL when libauparse cannot start. */
struct pvm_parser *pvm_parser_new(void);
void pvm_parser_free(struct pvm_parser *parser);

/*
 * Parse @line, of class PVM_LINE_CALL.
 * Returns the record, the caller's to free(), or NULL when it lacks something
 * that nothing can be said without; *@why then says what, as a static string.
 */
struct pvm_syscall *pvm_parse_syscall(struct pvm_parser *parser,
				      const struct pvm_line *line,
				      const char **why);

#endif
