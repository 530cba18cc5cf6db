// SPDX-License-Identifier: GPL-2.0-or-later
/* token.c - see token.h */
#include <string.h>

#include "lib/token.h"

/* As the kernel has it in audit_string_contains_control(). */
static bool is_printable(char byte)
{
	return byte > ' ' && byte <= '~';
}

static bool has_quotes(struct slice token)
{
	return token.len >= 2 && token.at[0] == '"' &&
	       token.at[token.len - 1] == '"';
}

bool token_is_quoted(struct slice token)
{
	if (!has_quotes(token))
		return false;
	for (size_t i = 1; i < token.len - 1; i++)
		if (!is_printable(token.at[i]) || token.at[i] == '"')
			return false;
	return true;
}

/* 16 when it is none. */
static unsigned int hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return (unsigned int)(digit - '0');
	if (digit >= 'A' && digit <= 'F')
		return (unsigned int)(digit - 'A') + 10;
	return 16;
}

bool token_is_hex(struct slice token)
{
	for (size_t i = 0; i < token.len; i++)
		if (hex_value(token.at[i]) == 16)
			return false;
	return token.len && token.len % 2 == 0;
}

bool token_is_bare(struct slice token)
{
	for (size_t i = 0; i < token.len; i++)
		if (!is_printable(token.at[i]) ||
		    memchr("\"'=", token.at[i], 3))
			return false;
	return token.len;
}

bool token_is_one(struct slice token)
{
	return token_is_quoted(token) || token_is_hex(token) ||
	       slice_is(token, "?");
}

size_t token_decode(struct slice token, char *to, size_t size)
{
	size_t n = 0;

	if (token_is_hex(token)) {
		for (; n < token.len / 2 && n < size; n++)
			to[n] = (char)(hex_value(token.at[2 * n]) << 4 |
				       hex_value(token.at[2 * n + 1]));
		return n;
	}
	if (has_quotes(token))
		token = (struct slice){token.at + 1, token.len - 2};
	n = token.len < size ? token.len : size;
	if (n)
		memcpy(to, token.at, n);
	return n;
}
