// SPDX-License-Identifier: GPL-2.0-or-later
/* token.c - see token.h */
#include <string.h>

#include "lib/token.h"

static bool is_quoted(struct slice token)
{
	return token.len >= 2 && token.at[0] == '"' &&
	       token.at[token.len - 1] == '"';
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

static bool is_hex(struct slice token)
{
	if (token.len % 2)
		return false;
	for (size_t i = 0; i < token.len; i++)
		if (hex_value(token.at[i]) == 16)
			return false;
	return true;
}

bool token_is_one(struct slice token)
{
	if (is_quoted(token))
		return !memchr(token.at + 1, '"', token.len - 2);
	return token.len && (is_hex(token) || slice_is(token, "?"));
}

size_t token_decode(struct slice token, char *to, size_t size)
{
	size_t n = 0;

	if (is_quoted(token)) {
		n = token.len - 2 < size ? token.len - 2 : size;
		memcpy(to, token.at + 1, n);
		return n;
	}
	if (!is_hex(token)) {
		n = token.len < size ? token.len : size;
		memcpy(to, token.at, n);
		return n;
	}
	for (; n < token.len / 2 && n < size; n++)
		to[n] = (char)(hex_value(token.at[2 * n]) << 4 |
			       hex_value(token.at[2 * n + 1]));
	return n;
}
