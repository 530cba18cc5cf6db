// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * text.c - see text.h
 *
 * Without printf(), which would cost a call more time than all else that the
 * plugin does with it.
 */
#include <stdbool.h>

#include "record/text.h"

/* Of the longest number, a decimal one. */
#define DIGITS_MAX 20

/* What stands ahead of each field's value, a space first. */
static const struct {
	const char *text;
	size_t len;
} names[PVM_FIELDS] = {
#define NAME(id, name, ...) \
	[PVM_FIELD_##id] = {" " #name "=", sizeof(" " #name "=") - 1},
	PVM_RECORD_FIELDS(NAME) PVM_NOTE_FIELDS(NAME)
#undef NAME
};

struct pvm_text pvm_text_in(char *buffer, size_t size)
{
	*buffer = '\0';
	return (struct pvm_text){buffer, buffer, buffer + size - 1};
}

void pvm_put_bytes(struct pvm_text *text, const char *bytes, size_t len)
{
	size_t room = (size_t)(text->end - text->at);

	if (len > room)
		len = room;
	memcpy(text->at, bytes, len);
	text->at += len;
	*text->at = '\0';
}

/* Inline, so that the division is one by a constant. */
static inline void put_number(struct pvm_text *text, uint64_t value,
			      unsigned int base, size_t width)
{
	char digits[DIGITS_MAX];
	size_t start = DIGITS_MAX;

	do {
		digits[--start] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value || DIGITS_MAX - start < width);
	pvm_put_bytes(text, digits + start, DIGITS_MAX - start);
}

void pvm_put_decimal(struct pvm_text *text, uint64_t value)
{
	put_number(text, value, 10, 1);
}

void pvm_put_padded(struct pvm_text *text, uint64_t value, size_t width)
{
	put_number(text, value, 10, width);
}

void pvm_put_hex(struct pvm_text *text, uint64_t value)
{
	pvm_put(text, "0x");
	put_number(text, value, 16, 1);
}

void pvm_put_two_hex(struct pvm_text *text, uint64_t value)
{
	put_number(text, value, 16, 2);
}

void pvm_put_hex_byte(struct pvm_text *text, char byte)
{
	static const char digits[] = "0123456789ABCDEF";
	unsigned char value = (unsigned char)byte;

	pvm_put_bytes(text, &digits[value >> 4], 1);
	pvm_put_bytes(text, &digits[value & 15], 1);
}

static bool needs_no_escape(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '_' || byte == '.' ||
	       byte == '/' || byte == '+' || byte == '-';
}

size_t pvm_escaped_len(char byte)
{
	return needs_no_escape(byte) ? 1 : 3;
}

static size_t plain_len(const char *path, const char *end)
{
	const char *at = path;

	while (at < end && needs_no_escape(*at))
		at++;
	return (size_t)(at - path);
}

void pvm_put_escaped(struct pvm_text *text, const char *path, size_t len)
{
	const char *end = path + len;

	while (path < end) {
		size_t plain = plain_len(path, end);

		pvm_put_bytes(text, path, plain);
		path += plain;
		if (path < end) {
			pvm_put(text, "%");
			pvm_put_hex_byte(text, *path++);
		}
	}
}

void pvm_put_name(struct pvm_text *text, enum pvm_field field)
{
	size_t skip = text->at == text->start;

	pvm_put_bytes(text, names[field].text + skip, names[field].len - skip);
}

void pvm_put_unsigned(struct pvm_text *text, enum pvm_field field,
		      uint64_t value)
{
	pvm_put_name(text, field);
	pvm_put_decimal(text, value);
}

void pvm_put_word(struct pvm_text *text, enum pvm_field field, const char *word)
{
	pvm_put_name(text, field);
	pvm_put(text, word);
}

void pvm_put_time(struct pvm_text *text, enum pvm_field field,
		  const struct pvm_id *id)
{
	pvm_put_unsigned(text, field, id->sec);
	pvm_put(text, ".");
	pvm_put_padded(text, id->msec, 3);
}

void pvm_put_id(struct pvm_text *text, enum pvm_field field,
		const struct pvm_id *id)
{
	pvm_put_time(text, field, id);
	pvm_put(text, ":");
	pvm_put_decimal(text, id->serial);
}

void pvm_put_signed(struct pvm_text *text, enum pvm_field field, int64_t value)
{
	pvm_put_name(text, field);
	if (value < 0)
		pvm_put(text, "-");
	pvm_put_decimal(text, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void pvm_note_cut(struct pvm_text *cut, enum pvm_field field)
{
	if (cut->at > cut->start)
		pvm_put(cut, ",");
	/* without the space and the equals sign */
	pvm_put_bytes(cut, names[field].text + 1, names[field].len - 2);
}

void pvm_put_token(struct pvm_text *text, enum pvm_field field,
		   const char *token, size_t max, struct pvm_text *cut)
{
	bool quoted = *token == '"';
	size_t len = strlen(token);

	if (!len)
		return;
	pvm_put_name(text, field);
	if (len <= max) {
		pvm_put_bytes(text, token, len);
		return;
	}
	pvm_note_cut(cut, field);
	pvm_put_bytes(text, token, quoted ? max - 1 : max & ~(size_t)1);
	if (quoted)
		pvm_put(text, "\"");
}

static bool is_plain(const char *string, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (string[i] == '"' || string[i] <= ' ' || string[i] > '~')
			return false;
	return true;
}

void pvm_put_string(struct pvm_text *text, enum pvm_field field,
		    const char *string, size_t len, size_t max,
		    struct pvm_text *cut)
{
	bool plain = is_plain(string, len);
	size_t most = plain ? max - 2 : max / 2;

	if (len > most) {
		if (cut)
			pvm_note_cut(cut, field);
		len = most;
	}
	pvm_put_name(text, field);
	if (plain) {
		pvm_put(text, "\"");
		pvm_put_bytes(text, string, len);
		pvm_put(text, "\"");
		return;
	}
	for (size_t i = 0; i < len; i++)
		pvm_put_hex_byte(text, string[i]);
}
