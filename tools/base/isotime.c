#include "base/isotime.h"

#include <stdlib.h>
#include <time.h>

int64_t
isotime_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
isotime_add(struct buf *b, int64_t ms)
{
	int64_t below = (ms % 1000 + 1000) % 1000;
	time_t seconds = (time_t)((ms - below) / 1000);
	struct tm tm;
	char text[64];

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
	buf_addf(b, "%s.%03d000+00:00", text, (int)below);
}

/* Reads n digits at *p and goes past them; -1 if there are fewer, or they are
 * more than most. */
static int
read_digits(const char **p, int n, int most, int *v)
{
	for (*v = 0; n > 0; n--, ++*p) {
		if (**p < '0' || **p > '9')
			return -1;
		*v = *v * 10 + (**p - '0');
	}
	return *v <= most ? 0 : -1;
}

static int
read_after(const char **p, char c, int n, int most, int *v)
{
	if (**p != c)
		return -1;
	++*p;
	return read_digits(p, n, most, v);
}

/* ".678" is milliseconds; digits after the third do not count. */
static int
read_fraction(const char **p, int *ms)
{
	int unit = 100;

	*ms = 0;
	if (**p != '.')
		return 0;
	if (*++*p < '0' || **p > '9')
		return -1;
	for (; **p >= '0' && **p <= '9'; ++*p, unit /= 10)
		*ms += unit * (**p - '0');
	return 0;
}

/* Days from the Epoch to a date of the Gregorian calendar. */
static int64_t
days(int year, int month, int day)
{
	int64_t y = year - (month <= 2), era = y / 400, of_era = y % 400;
	int64_t of_year =
	    (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
}

static bool
is_date(const struct tm *tm)
{
	static const int long_[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };
	int y = tm->tm_year + 1900, m = tm->tm_mon;
	bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;

	/* Neither is more than 12 and 31. */
	return m >= 0 && tm->tm_mday >= 1 &&
	       tm->tm_mday <= long_[m] + (m == 1 && leap);
}

/* Reads Z, +hh:mm or +hhmm as minutes ahead of UTC. */
static int
read_offset(const char **p, bool *is_local, int *minutes)
{
	int sign = **p == '-' ? -1 : 1, h, m;

	*minutes = 0;
	*is_local = **p == '\0';
	if (*is_local)
		return 0;
	if (**p == 'Z' || **p == 'z') {
		++*p;
		return 0;
	}
	if ((**p != '+' && **p != '-') ||
	    (++*p, read_digits(p, 2, 23, &h)) == -1)
		return -1;
	*p += **p == ':';
	if (read_digits(p, 2, 59, &m) == -1)
		return -1;
	*minutes = sign * (h * 60 + m);
	return 0;
}

static int
read_clock(const char **p, bool loose, struct tm *tm, int *ms)
{
	*ms = 0;
	if (**p != 'T' && **p != 't' && **p != ' ')
		return loose ? 0 : -1;
	++*p;
	if (read_digits(p, 2, 23, &tm->tm_hour) == -1 ||
	    read_after(p, ':', 2, 59, &tm->tm_min) == -1)
		return -1;
	if (loose && **p != ':')
		return read_fraction(p, ms);
	if (read_after(p, ':', 2, 60, &tm->tm_sec) == -1)
		return -1;
	return read_fraction(p, ms);
}

static int
read_time(const char *p, bool loose, int64_t *at)
{
	struct tm tm = { .tm_isdst = -1 };
	bool is_local;
	int ms, minutes;
	int64_t seconds;

	if (read_digits(&p, 4, 9999, &tm.tm_year) == -1 ||
	    read_after(&p, '-', 2, 12, &tm.tm_mon) == -1 ||
	    read_after(&p, '-', 2, 31, &tm.tm_mday) == -1)
		return -1;
	tm.tm_year -= 1900;
	tm.tm_mon--;
	if (!is_date(&tm) || read_clock(&p, loose, &tm, &ms) == -1 ||
	    read_offset(&p, &is_local, &minutes) == -1 || *p != '\0' ||
	    (is_local && !loose))
		return -1;
	if (is_local)
		seconds = (int64_t)mktime(&tm);
	else
		seconds =
		    days(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday) * 86400 +
		    tm.tm_hour * 3600 + (tm.tm_min - minutes) * 60 + tm.tm_sec;
	*at = seconds * 1000 + ms;
	return 0;
}

int
isotime_read(const char *text, int64_t *at)
{
	return read_time(text, false, at);
}

int
isotime_read_loose(const char *text, int64_t *at)
{
	size_t n = strspn(text, "0123456789");
	const char *p = text + n;
	int ms;

	if (n == 0 || n > 12 || *p == '-')
		return read_time(text, true, at);
	if (read_fraction(&p, &ms) == -1 || *p != '\0')
		return -1;
	*at = strtoll(text, NULL, 10) * 1000 + ms;
	return 0;
}
