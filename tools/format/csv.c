#include "format/csv.h"

#include "format/scan.h"

enum { STEP = 64 };

size_t
csv_fields(struct span record, struct span *fields, size_t max)
{
	const char *p = record.p, *end = p + record.n, *q;
	size_t n = 0;

	for (;; p = q + 1) {
		q = csv_field_end(p, end);
		if (n < max)
			fields[n] = (struct span){ p, (size_t)(q - p) };
		n++;
		if (q == end)
			return n;
	}
}

/* The state after a byte, by the rules of csv_field_end. */
static enum scan_state
next_state(enum scan_state state, char byte)
{
	switch (state) {
	case AT_FIELD:
		if (byte == '"')
			return AT_QUOTED;
		/* FALLTHROUGH */
	case AT_UNQUOTED:
		return byte == ',' || byte == '\n' ? AT_FIELD : AT_UNQUOTED;
	case AT_CLOSED:
		if (byte == '\r')
			return AT_CLOSED_CR;
		if (byte == ',')
			return AT_FIELD;
		/* FALLTHROUGH */
	case AT_CLOSED_CR:
		if (byte == '\n')
			return AT_FIELD;
		if (state == AT_CLOSED)
			return AT_QUOTED;
		/* FALLTHROUGH */
	default:
		return byte == '"' ? AT_CLOSED : AT_QUOTED;
	}
}

size_t
csv_index(const char *p, size_t n, uint32_t *at)
{
	enum scan_state state = AT_FIELD;
	const char *from = p, *end = p + n, *stop;
	uint32_t *out = at;

	while (p < end) {
		p = scan_separators(&state, p, end, from, &out);
		stop = end - p < STEP ? end : p + STEP;
		for (; p < stop; p++) {
			state = next_state(state, *p);
			if (state == AT_FIELD)
				*out++ = (uint32_t)(p - from) |
					 (*p == '\n' ? CSV_RECORD_END : 0);
		}
	}
	return (size_t)(out - at);
}

size_t
csv_commas(int *state, const char *p, size_t n)
{
	enum scan_state s = (enum scan_state) * state;
	size_t i, count = 0;

	for (i = 0; i < n; i++) {
		s = next_state(s, p[i]);
		count += s == AT_FIELD;
	}
	*state = (int)s;
	return count;
}

void
csv_unquote(struct buf *out, struct span field)
{
	const char *p = field.p, *end = p + field.n, *q;

	if (field.n == 0 || *p != '"') {
		buf_add(out, p, field.n);
		return;
	}
	for (p++; (q = memchr(p, '"', (size_t)(end - p))) != NULL; p = q) {
		buf_add(out, p, (size_t)(q - p));
		if (++q == end)
			return;
		buf_addc(out, '"');
		q += *q == '"';
	}
	buf_add(out, p, (size_t)(end - p));
}

void
csv_quote(struct buf *out, struct span text)
{
	const char *p = text.p, *end = p + text.n, *q;

	while (p < end && *p != '"' && *p != ',' && *p != '\n' && *p != '\r')
		p++;
	if (p == end) {
		buf_add(out, text.p, text.n);
		return;
	}
	p = text.p;
	buf_addc(out, '"');
	for (; (q = memchr(p, '"', (size_t)(end - p))) != NULL; p = q) {
		q++;
		buf_add(out, p, (size_t)(q - p));
		buf_addc(out, '"');
	}
	buf_add(out, p, (size_t)(end - p));
	buf_addc(out, '"');
}
