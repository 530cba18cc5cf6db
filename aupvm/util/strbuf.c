// SPDX-License-Identifier: GPL-2.0-or-later
/* strbuf.c - see strbuf.h */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "util/memory.h"
#include "util/strbuf.h"
#include "read/tokens.h"

/* Few numbers need more room, and those few a second try. */
#define FORMATTED_USUAL 64

/* No token of a record is longer, see LINE_MAX_BYTES. */
#define TOKEN_MAX 65536

void text_free(struct text *text)
{
	free(text->at);
	*text = (struct text){0};
}

void text_clear(struct text *text)
{
	text->len = 0;
	if (text->at)
		*text->at = '\0';
}

/* Room for @more bytes and a NUL. */
static char *make_room(struct text *text, size_t more)
{
	if (text->size - text->len <= more) {
		text->size = 2 * (text->len + more) + 64;
		text->at = resize(text->at, text->size);
	}
	return text->at + text->len;
}

void text_put(struct text *text, const char *format, ...)
{
	va_list args, again;
	int n;

	make_room(text, FORMATTED_USUAL);
	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(text->at + text->len, text->size - text->len, format,
		      args);
	if (n > 0 && (size_t)n >= text->size - text->len)
		vsnprintf(make_room(text, (size_t)n), (size_t)n + 1, format,
			  again);
	if (n > 0)
		text->len += (size_t)n;
	va_end(again);
	va_end(args);
}

void text_put_char(struct text *text, char c)
{
	char *to = make_room(text, 1);

	to[0] = c;
	to[1] = '\0';
	text->len++;
}

void text_put_span(struct text *text, struct span span)
{
	char *to = make_room(text, span.len);

	if (span.len)
		memcpy(to, span.at, span.len);
	to[span.len] = '\0';
	text->len += span.len;
}

static char *escape(char *to, unsigned char byte)
{
	static const char digits[] = "0123456789ABCDEF";

	if (byte >= ' ' && byte <= '~') {
		if (byte == '\\')
			*to++ = '\\';
		*to++ = (char)byte;
		return to;
	}
	*to++ = '\\';
	*to++ = 'x';
	*to++ = digits[byte >> 4];
	*to++ = digits[byte & 15];
	return to;
}

void text_put_escaped(struct text *text, struct span bytes)
{
	char *to = make_room(text, 4 * bytes.len);

	for (size_t i = 0; i < bytes.len; i++)
		to = escape(to, (unsigned char)bytes.at[i]);
	*to = '\0';
	text->len = (size_t)(to - text->at);
}

void text_put_quoted(struct text *text, struct span bytes, char quoted,
		     char quote)
{
	char *to = make_room(text, 2 * bytes.len);

	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.at[i] == quoted || bytes.at[i] == quote)
			*to++ = quote;
		*to++ = bytes.at[i];
	}
	*to = '\0';
	text->len = (size_t)(to - text->at);
}

void text_put_token(struct text *text, struct span token)
{
	static char bytes[TOKEN_MAX];
	size_t len = token.at ? token_decode(token, bytes, sizeof(bytes)) : 0;

	text_put_escaped(text, (struct span){bytes, len});
}

void text_put_size(struct text *text, uint64_t bytes)
{
	static const char units[] = "KMGTPE";
	double size = (double)bytes;
	int unit = -1;

	if (bytes < 1024) {
		text_put(text, "%" PRIu64, bytes);
		return;
	}
	do {
		size /= 1024;
		unit++;
	} while (size >= 1023.95);
	text_put(text, size < 99.95 ? "%.1f%c" : "%.0f%c", size, units[unit]);
}

void text_put_time(struct text *text, uint64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	char date[64];

	localtime_r(&seconds, &tm);
	strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &tm);
	text_put(text, "%s.%03u", date, (unsigned int)(ms % 1000));
}
