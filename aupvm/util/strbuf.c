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
#include "lib/token.h"
#include "pvm/line.h"

/* Few numbers need more room, and those few a second try. */
#define FORMATTED_USUAL 64

void strbuf_free(struct strbuf *text)
{
	free(text->at);
	*text = (struct strbuf){0};
}

void strbuf_clear(struct strbuf *text)
{
	text->len = 0;
	if (text->at)
		*text->at = '\0';
}

/* Room for @more bytes and a NUL. */
static char *make_room(struct strbuf *text, size_t more)
{
	if (text->size - text->len <= more) {
		text->size = 2 * (text->len + more) + 64;
		text->at = resize(text->at, text->size);
	}
	return text->at + text->len;
}

void strbuf_put(struct strbuf *text, const char *format, ...)
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

void strbuf_put_char(struct strbuf *text, char c)
{
	char *to = make_room(text, 1);

	to[0] = c;
	to[1] = '\0';
	text->len++;
}

void strbuf_put_slice(struct strbuf *text, struct slice span)
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

void strbuf_put_escaped(struct strbuf *text, struct slice bytes)
{
	char *to = make_room(text, 4 * bytes.len);

	for (size_t i = 0; i < bytes.len; i++)
		to = escape(to, (unsigned char)bytes.at[i]);
	*to = '\0';
	text->len = (size_t)(to - text->at);
}

void strbuf_put_quoted(struct strbuf *text, struct slice bytes, char quoted,
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

void strbuf_put_token(struct strbuf *text, struct slice token)
{
	static char bytes[PVM_LINE_MAX];
	size_t len = token.at ? token_decode(token, bytes, sizeof(bytes)) : 0;

	strbuf_put_escaped(text, (struct slice){bytes, len});
}

void strbuf_put_size(struct strbuf *text, uint64_t bytes)
{
	static const char units[] = "KMGTPE";
	double size = (double)bytes;
	int unit = -1;

	if (bytes < 1024) {
		strbuf_put(text, "%" PRIu64, bytes);
		return;
	}
	do {
		size /= 1024;
		unit++;
	} while (size >= 1023.95);
	strbuf_put(text, size < 99.95 ? "%.1f%c" : "%.0f%c", size, units[unit]);
}

void strbuf_put_time(struct strbuf *text, uint64_t ms)
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	char date[64];

	localtime_r(&seconds, &tm);
	strftime(date, sizeof(date), "%Y-%m-%d %H:%M:%S", &tm);
	strbuf_put(text, "%s.%03u", date, (unsigned int)(ms % 1000));
}

void strbuf_put_id(struct strbuf *text, const struct pvm_id *id)
{
	strbuf_put(text, "%" PRIu64 ".%03u", id->sec, (unsigned int)id->msec);
	if (id->serial)
		strbuf_put(text, ":%" PRIu64, id->serial);
}
