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

/* The separators among the n bytes that scan_separators leaves. */
static uint32_t *
step(
    enum scan_state *state, const char *p, size_t n, uint32_t at, uint32_t *out)
{
	size_t i;

	for (i = 0; i < n; i++) {
		*state = next_state(*state, p[i]);
		if (*state == AT_FIELD)
			*out++ = (at + (uint32_t)i) |
				 (p[i] == '\n' ? CSV_RECORD_END : 0);
	}
	return out;
}

size_t
csv_index(const char *p, size_t n, uint32_t *at)
{
	enum scan_state state = AT_FIELD;
	const char *from = p, *end = p + n;
	uint32_t *out = at;
	size_t few;

	while (p < end) {
		p = scan_separators(&state, p, end, from, &out);
		few = (size_t)(end - p) < STEP ? (size_t)(end - p) : STEP;
		out = step(&state, p, few, (uint32_t)(p - from), out);
		p += few;
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

static bool
needs_quotes(struct span text)
{
	size_t i;

	for (i = 0; i < text.n; i++)
		switch (text.p[i]) {
		case '"':
		case ',':
		case '\n':
		case '\r':
			return true;
		}
	return false;
}

void
csv_quote(struct buf *out, struct span text)
{
	const char *p = text.p, *end = p + text.n, *q;

	if (!needs_quotes(text)) {
		buf_add(out, p, text.n);
		return;
	}
	buf_addc(out, '"');
	for (; (q = memchr(p, '"', (size_t)(end - p))) != NULL; p = q) {
		q++;
		buf_add(out, p, (size_t)(q - p));
		buf_addc(out, '"');
	}
	buf_add(out, p, (size_t)(end - p));
	buf_addc(out, '"');
}
