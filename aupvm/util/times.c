// SPDX-License-Identifier: GPL-2.0-or-later
/* times.c - see times.h */
#define _GNU_SOURCE /* strptime */
#include <stdio.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <time.h>

#include "lib/slice.h"
#include "util/times.h"

#define RECENT_SECONDS 600 /* ten minutes */

static void to_midnight(struct tm *tm)
{
	tm->tm_hour = tm->tm_min = tm->tm_sec = 0;
	tm->tm_isdst = -1;
}

static time_t boot_time(time_t now)
{
	struct sysinfo info;

	return sysinfo(&info) ? now : now - info.uptime;
}

/* The moment that is @word; false when there is no such word. */
static bool read_word(const char *word, bool end, time_t now, time_t *moment)
{
	struct tm tm;

	localtime_r(&now, &tm);
	*moment = now;
	if (!strcmp(word, "now") || (end && !strcmp(word, "today")))
		return true;
	if (!strcmp(word, "recent")) {
		*moment = now - RECENT_SECONDS;
		return true;
	}
	if (!strcmp(word, "boot")) {
		*moment = boot_time(now);
		return true;
	}
	to_midnight(&tm);
	if (!strcmp(word, "yesterday"))
		tm.tm_mday--;
	else if (!strcmp(word, "this-week"))
		tm.tm_mday -= tm.tm_wday;
	else if (!strcmp(word, "week-ago"))
		tm.tm_mday -= 7;
	else if (!strcmp(word, "this-month"))
		tm.tm_mday = 1;
	else if (!strcmp(word, "this-year"))
		tm.tm_mday = 1, tm.tm_mon = 0;
	else if (strcmp(word, "today") != 0)
		return false;
	*moment = mktime(&tm);
	return true;
}

static bool read_whole(const char *text, const char *format, struct tm *tm)
{
	struct tm read = *tm;
	const char *end = strptime(text, format, &read);

	if (!end || *end)
		return false;
	*tm = read;
	return true;
}

/* The locale's own way, as ausearch has it, or the one that all can read. */
static bool read_date(const char *date, struct tm *tm)
{
	return read_whole(date, "%Y-%m-%d", tm) || read_whole(date, "%x", tm);
}

static bool read_time(const char *time, struct tm *tm)
{
	return read_whole(time, "%H:%M:%S", tm) ||
	       read_whole(time, "%H:%M", tm) || read_whole(time, "%X", tm);
}

bool time_read(const char *date, const char *time_text, bool end, uint64_t *ms)
{
	time_t now = time(NULL), moment;
	struct tm tm;

	localtime_r(&now, &tm);
	if (!date || !read_word(date, end, now, &moment)) {
		if (date && !read_date(date, &tm))
			return false;
		if (!end)
			to_midnight(&tm);
		if (time_text)
			tm.tm_sec = 0;
	} else {
		localtime_r(&moment, &tm);
	}
	if (time_text && !read_time(time_text, &tm))
		return false;
	tm.tm_isdst = -1;
	moment = mktime(&tm);
	if (moment < 0)
		return false;
	*ms = (uint64_t)moment * 1000 + (end ? 999 : 0);
	return true;
}

/* ---- moments of one text */

/* Seconds of a unit that begins with @text, as -5m and 2 hours ago have it. */
static uint64_t unit_of(const char *text, size_t len)
{
	static const struct {
		const char *name;
		uint64_t seconds;
	} units[] = {
		{"s", 1},      {"second", 1},	 {"seconds", 1},
		{"m", 60},     {"minute", 60},	 {"minutes", 60},
		{"h", 3600},   {"hour", 3600},	 {"hours", 3600},
		{"d", 86400},  {"day", 86400},	 {"days", 86400},
		{"w", 604800}, {"week", 604800}, {"weeks", 604800},
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strlen(units[i].name) == len &&
		    !strncmp(text, units[i].name, len))
			return units[i].seconds;
	return 0;
}

/* -5m, or 5 minutes ago; at most a hundred years. */
static bool read_ago(struct slice rest, uint64_t *ms)
{
	bool dash = slice_skip(&rest, "-");
	uint64_t nr, seconds, now = (uint64_t)time(NULL);
	size_t len;

	if (!slice_take_decimal(&rest, 1000000000, &nr) ||
	    (!dash && !slice_skip(&rest, " ")))
		return false;
	len = rest.len;
	if (!dash) {
		const char *ago = slice_find(rest, " ago");

		if (!ago || ago + 4 != rest.at + rest.len)
			return false;
		len = (size_t)(ago - rest.at);
	}
	seconds = nr * unit_of(rest.at, len);
	if (!unit_of(rest.at, len) || seconds > now)
		return false;
	*ms = (now - seconds) * 1000;
	return true;
}

/* Nothing, Z, +01:00 or -01:00 behind a time; sets @offset in seconds. */
static bool read_zone(const char *text, bool *local, long *offset)
{
	struct tm tm = {0};
	const char *end;

	*local = !*text;
	*offset = 0;
	if (!*text || !strcmp(text, "Z"))
		return true;
	if (*text != '+' && *text != '-')
		return false;
	end = strptime(text + 1, "%H:%M", &tm);
	if (!end || *end || tm.tm_hour > 14)
		return false;
	*offset = tm.tm_hour * 3600L + tm.tm_min * 60L;
	if (*text == '-')
		*offset = -*offset;
	return true;
}

static bool read_iso(const char *text, uint64_t *ms)
{
	struct tm tm = {.tm_isdst = -1};
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &tm);
	uint64_t msec = 0;
	time_t moment;
	long offset;
	bool local;

	if (!rest)
		return false;
	if (*rest == '.') {
		struct slice digits = {rest + 1,
				       strspn(rest + 1, "0123456789")};

		if (digits.len != 3 || !slice_unsigned(digits, &msec))
			return false;
		rest += 4;
	}
	if (!read_zone(rest, &local, &offset))
		return false;
	moment = local ? mktime(&tm) : timegm(&tm) - offset;
	if (moment < 0)
		return false;
	*ms = (uint64_t)moment * 1000 + msec;
	return true;
}

/* Fewer digits may be a date of some locale. */
#define EPOCH_DIGITS 9

static bool read_epoch(struct slice text, uint64_t *ms)
{
	struct pvm_id id;
	uint64_t seconds;

	if (text.len >= EPOCH_DIGITS && slice_unsigned(text, &seconds) &&
	    seconds < UINT32_MAX * UINT64_C(8)) {
		*ms = seconds * 1000;
		return true;
	}
	if (!slice_time(text, &id))
		return false;
	*ms = id_ms(&id);
	return true;
}

bool time_read_exact(const char *text, uint64_t *ms)
{
	return read_iso(text, ms) || read_epoch(slice_of(text), ms) ||
	       read_ago(slice_of(text), ms);
}
