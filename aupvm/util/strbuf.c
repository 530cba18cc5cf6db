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

void strbuf_put_text(struct strbuf *text, const char *literal)
{
	strbuf_put_slice(text, slice_of(literal));
}

void strbuf_put_number(struct strbuf *text, uint64_t number)
{
	char digits[20], *at = digits + sizeof(digits);

	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	strbuf_put_slice(
		text,
		(struct slice){at, (size_t)(digits + sizeof(digits) - at)});
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

/* A dot, and three digits. */
static void put_msec(struct strbuf *text, uint64_t msec)
{
	char digits[] = {'.', (char)('0' + msec / 100 % 10),
			 (char)('0' + msec / 10 % 10), (char)('0' + msec % 10)};

	strbuf_put_slice(text, (struct slice){digits, sizeof(digits)});
}

/* Rows of a second follow each other, and looking it up takes long. */
static const struct second {
	time_t seconds;
	char date[64], time[64], zone[64];
} * second_of(time_t seconds)
{
	static struct second last = {.seconds = -1};
	struct tm tm;
	long minutes;

	if (seconds == last.seconds)
		return &last;
	localtime_r(&seconds, &tm);
	strftime(last.date, sizeof(last.date), "%Y-%m-%d", &tm);
	strftime(last.time, sizeof(last.time), "%H:%M:%S", &tm);
	minutes = tm.tm_gmtoff / 60;
	snprintf(last.zone, sizeof(last.zone), "%c%02ld:%02ld",
		 minutes < 0 ? '-' : '+', labs(minutes) / 60,
		 labs(minutes) % 60);
	last.seconds = seconds;
	return &last;
}

void strbuf_put_time(struct strbuf *text, uint64_t ms)
{
	const struct second *second = second_of((time_t)(ms / 1000));

	strbuf_put_text(text, second->date);
	strbuf_put_char(text, ' ');
	strbuf_put_text(text, second->time);
	put_msec(text, ms);
}

void strbuf_put_iso_time(struct strbuf *text, uint64_t ms)
{
	const struct second *second = second_of((time_t)(ms / 1000));

	strbuf_put_text(text, second->date);
	strbuf_put_char(text, 'T');
	strbuf_put_text(text, second->time);
	put_msec(text, ms);
	strbuf_put_text(text, second->zone);
}

/* Quotes of its own are escaped, so that those around it are known. */
static void put_argument(struct strbuf *text, struct slice argument)
{
	bool quoted = !argument.len || memchr(argument.at, ' ', argument.len) ||
		      *argument.at == '\'';
	struct slice piece;

	if (!quoted) {
		strbuf_put_escaped(text, argument);
		return;
	}
	strbuf_put_char(text, '\'');
	while (slice_until(&argument, '\'', &piece)) {
		strbuf_put_escaped(text, piece);
		strbuf_put(text, "\\x27");
	}
	strbuf_put_escaped(text, argument);
	strbuf_put_char(text, '\'');
}

void strbuf_put_command(struct strbuf *text, struct slice token)
{
	static char bytes[PVM_LINE_MAX];
	struct slice rest = {bytes, 0}, argument;
	bool first = true;

	rest.len = token.at ? token_decode(token, bytes, sizeof(bytes)) : 0;
	for (; slice_next(&rest, '\0', &argument); first = false) {
		if (!first)
			strbuf_put_char(text, ' ');
		put_argument(text, argument);
	}
}

void strbuf_put_id(struct strbuf *text, const struct pvm_id *id)
{
	strbuf_put_number(text, id->sec);
	put_msec(text, id->msec);
	if (!id->serial)
		return;
	strbuf_put_char(text, ':');
	strbuf_put_number(text, id->serial);
}
