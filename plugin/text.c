// SPDX-License-Identifier: GPL-2.0-or-later
/* text.c - see text.h */
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

struct pvm_text pvm_text_in(char *buffer, size_t size)
{
	*buffer = '\0';
	return (struct pvm_text){buffer, buffer, buffer + size - 1};
}

void pvm_put(struct pvm_text *text, const char *format, ...)
{
	size_t room = (size_t)(text->end - text->at);
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(text->at, room + 1, format, args);
	va_end(args);
	if (n > 0)
		text->at += (size_t)n < room ? (size_t)n : room;
}

void pvm_note_cut(struct pvm_text *cut, const char *name)
{
	pvm_put(cut, "%s%s", cut->at == cut->start ? "" : ",", name);
}

void pvm_put_unsigned(struct pvm_text *text, const char *name, uint64_t value)
{
	pvm_put(text, " %s=%" PRIu64, name, value);
}

void pvm_put_token(struct pvm_text *text, const char *name, const char *token,
		   size_t max, struct pvm_text *cut)
{
	size_t len = strlen(token);

	if (!len)
		return;
	if (len <= max) {
		pvm_put(text, " %s=%s", name, token);
		return;
	}
	pvm_note_cut(cut, name);
	if (*token == '"')
		pvm_put(text, " %s=%.*s\"", name, (int)max - 1, token);
	else
		pvm_put(text, " %s=%.*s", name, (int)(max & ~(size_t)1), token);
}

static bool is_plain(const char *string, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (string[i] == '"' || string[i] <= ' ' || string[i] > '~')
			return false;
	return true;
}

void pvm_put_string(struct pvm_text *text, const char *name, const char *string,
		    size_t len, size_t max, struct pvm_text *cut)
{
	bool plain = is_plain(string, len);
	size_t most = plain ? max - 2 : max / 2;

	if (len > most) {
		if (cut)
			pvm_note_cut(cut, name);
		len = most;
	}
	if (plain) {
		pvm_put(text, " %s=\"%.*s\"", name, (int)len, string);
		return;
	}
	pvm_put(text, " %s=", name);
	for (size_t i = 0; i < len; i++)
		pvm_put(text, "%02X", (unsigned char)string[i]);
}
