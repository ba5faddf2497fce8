#include "report/scale.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

double
scale_step(double span, unsigned most)
{
	static const double part[] = { 1, 2, 5 };
	double ten = pow(10, floor(log10(span / most)));
	size_t i;

	for (;; ten *= 10)
		for (i = 0; i < sizeof part / sizeof *part; i++)
			if (span / (ten * part[i]) <= most)
				return ten * part[i];
}

double
scale_time_step(double seconds, unsigned most)
{
	static const double step[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600,
		900, 1800, 3600, 7200, 10800, 21600, 43200, 86400 };
	size_t i;

	if (seconds / most <= 0.5)
		return scale_step(seconds, most);
	for (i = 0; i < sizeof step / sizeof *step; i++)
		if (seconds / step[i] <= most)
			return step[i];
	return 86400 * scale_step(seconds / 86400, most);
}

void
scale_number(struct buf *b, double v)
{
	char text[64];
	size_t i, n;

	if (v < 10 && v != floor(v)) {
		buf_addf(b, "%.3g", v);
		return;
	}
	n = (size_t)snprintf(text, sizeof text, "%.0f", v);
	for (i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			buf_addc(b, ',');
		buf_addc(b, text[i]);
	}
}

void
scale_count(struct buf *b, uint64_t n, const char *one, const char *more)
{
	scale_number(b, (double)n);
	buf_addf(b, " %s", n == 1 ? one : more);
}

void
scale_bytes(struct buf *b, double n)
{
	static const char *const unit[] = { "B", "KiB", "MiB", "GiB", "TiB" };
	size_t i = 0;

	for (; n >= 1024 && i < 4; i++)
		n /= 1024;
	buf_addf(b, i == 0 || n >= 100 ? "%.0f %s" : "%.1f %s", n, unit[i]);
}

void
scale_seconds(struct buf *b, double seconds)
{
	uint64_t s = (uint64_t)(seconds + 0.5);

	if (seconds < 1)
		buf_addf(b, "%.2f s", seconds);
	else if (seconds < 60)
		buf_addf(b, "%.1f s", seconds);
	else if (s < 3600)
		buf_addf(
		    b, "%u min %02u s", (unsigned)(s / 60), (unsigned)(s % 60));
	else
		buf_addf(b, "%" PRIu64 " h %02u min", s / 3600,
		    (unsigned)(s / 60 % 60));
}

void
scale_ms(struct buf *b, double ms)
{
	if (ms < 1)
		buf_adds(b, "under 1 ms");
	else if (ms < 1000)
		buf_addf(b, "%.0f ms", ms);
	else
		buf_addf(b, ms < 10000 ? "%.2f s" : "%.1f s", ms / 1e3);
}

static void
add_time(struct buf *b, double epoch, const char *format)
{
	time_t t = (time_t)epoch;
	char text[64];

	strftime(text, sizeof text, format, gmtime(&t));
	buf_adds(b, text);
}

void
scale_clock(struct buf *b, double epoch)
{
	add_time(b, epoch, "%H:%M:%S UTC");
}

void
scale_date(struct buf *b, double epoch)
{
	add_time(b, epoch, "%Y-%m-%d %H:%M:%S UTC");
}
