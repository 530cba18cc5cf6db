/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * strbuf.h - a text that grows as needed: a line of output being made
 */
#ifndef AUPVM_STRBUF_H
#define AUPVM_STRBUF_H

#include "lib/slice.h"
#include "pvm/event.h"

struct strbuf {
	char *at; /* NUL-terminated, or NULL while nothing was put */
	size_t len, size;
};

void strbuf_free(struct strbuf *text);
void strbuf_clear(struct strbuf *text);

__attribute__((format(printf, 2, 3))) void strbuf_put(struct strbuf *text,
						      const char *format, ...);
/* Quicker than by a format: */
void strbuf_put_text(struct strbuf *text, const char *literal);
void strbuf_put_number(struct strbuf *text, uint64_t number);
void strbuf_put_char(struct strbuf *text, char c);
void strbuf_put_slice(struct strbuf *text, struct slice span);

/*
 * The bytes of @token as every output shows them: printable ASCII as it is, a
 * backslash doubled, any other byte as \xHH. From that the bytes can be had
 * back, and what is left to each format is its own quoting.
 */
void strbuf_put_token(struct strbuf *text, struct slice token);

/* The same of @bytes that are no token. */
void strbuf_put_escaped(struct strbuf *text, struct slice bytes);

/* @bytes with a @quote ahead of each @quoted and each @quote. */
void strbuf_put_quoted(struct strbuf *text, struct slice bytes, char quoted,
		       char quote);

/* 24, 4.0K, 1.5M: bytes in at most five columns. */
void strbuf_put_size(struct strbuf *text, uint64_t bytes);

/* 2026-11-21 10:14:14.232, local time. */
void strbuf_put_time(struct strbuf *text, uint64_t ms);

/* 2026-11-21T10:14:14.232+01:00: the same, as ISO 8601 has it. */
void strbuf_put_iso_time(struct strbuf *text, uint64_t ms);

/*
 * The command line in @token, whose arguments end in NUL: escaped as above,
 * with spaces between arguments. One that has a space, or nothing, is in single
 * quotes; a quote of its own is then \x27.
 */
void strbuf_put_command(struct strbuf *text, struct slice token);

/* An event's id; without its serial where that is 0. */
void strbuf_put_id(struct strbuf *text, const struct pvm_id *id);

static inline struct slice strbuf_slice(const struct strbuf *text)
{
	return (struct slice){text->at ? text->at : "", text->len};
}

#endif
