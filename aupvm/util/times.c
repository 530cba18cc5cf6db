// SPDX-License-Identifier: GPL-2.0-or-later
/* times.c - see times.h */
#define _GNU_SOURCE /* strptime */
#include <string.h>
#include <sys/sysinfo.h>
#include <time.h>

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
