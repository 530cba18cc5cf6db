/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * strbuf.h - a line of output in the making; it grows as needed
 */
#ifndef AUPVM_STRBUF_H
#define AUPVM_STRBUF_H

#include "read/span.h"

struct text {
	char *at; /* NUL-terminated, or NULL while nothing was put */
	size_t len, size;
};

void text_free(struct text *text);
void text_clear(struct text *text);

__attribute__((format(printf, 2, 3))) void text_put(struct text *text,
						    const char *format, ...);
void text_put_char(struct text *text, char c);
void text_put_span(struct text *text, struct span span);

/* The bytes of @token as every output shows them, see tokens.h. */
void text_put_token(struct text *text, struct span token);

/* The same of @bytes that are no token. */
void text_put_escaped(struct text *text, struct span bytes);

/* @bytes with a @quote ahead of each @quoted and each @quote. */
void text_put_quoted(struct text *text, struct span bytes, char quoted,
		     char quote);

/* 24, 4.0K, 1.5M: bytes in at most five columns. */
void text_put_size(struct text *text, uint64_t bytes);

/* 2026-11-21 10:14:14.232, local time. */
void text_put_time(struct text *text, uint64_t ms);

static inline struct span text_span(const struct text *text)
{
	return (struct span){text->at ? text->at : "", text->len};
}

#endif
