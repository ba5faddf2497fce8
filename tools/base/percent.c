#include "base/percent.h"

#include "base/num.h"

percent_set percent_controls = { 0xffffffff, PERCENT_BIT(0x7f), 0, 0 };

void
percent_encode(struct buf *out, struct span s, percent_set set)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t i, from = 0;

	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		const char code[] = { '%', hex[c >> 4], hex[c & 15] };

		if (!percent_has(set, s.p[i]))
			continue;
		buf_add(out, s.p + from, i - from);
		buf_add(out, code, sizeof code);
		from = i + 1;
	}
	if (from < s.n)
		buf_add(out, s.p + from, s.n - from);
}

int
percent_decode(struct buf *out, struct span s)
{
	/* The empty span may have no address to add to. */
	const char *end = s.n > 0 ? s.p + s.n : s.p, *stop;
	int high, low;

	for (;;) {
		stop = s.n > 0 ? memchr(s.p, '%', s.n) : NULL;
		if (stop == NULL) {
			buf_add(out, s.p, s.n);
			return 0;
		}
		buf_add(out, s.p, (size_t)(stop - s.p));
		if (end - stop < 3 || (high = num_hex_digit(stop[1])) == -1 ||
		    (low = num_hex_digit(stop[2])) == -1 || (high | low) == 0)
			return -1;
		buf_addc(out, (char)(high << 4 | low));
		s.p = stop + 3;
		s.n = (size_t)(end - s.p);
	}
}
