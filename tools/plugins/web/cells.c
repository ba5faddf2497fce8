#include "plugins/web/cells.h"

#include <strings.h>

#include "base/utf8.h"
#include "format/csv.h"
#include "format/json.h"

/* The parts of a decimal number, as CSV has it. */
struct decimal {
	bool plus, minus, point;
	struct span whole, fraction, exponent;
};

static struct span
cut_digits(const char *p, const char *end)
{
	struct span s = { p, 0 };

	while (p + s.n < end && p[s.n] >= '0' && p[s.n] <= '9')
		s.n++;
	return s;
}

static bool
cut_decimal(struct decimal *d, struct span s)
{
	const char *p = s.p, *end = p + s.n;
	struct span digits;

	*d = (struct decimal){ 0 };
	if (p < end && (*p == '+' || *p == '-')) {
		d->plus = *p == '+';
		d->minus = !d->plus;
		p++;
	}
	d->whole = cut_digits(p, end);
	p += d->whole.n;
	if (p < end && *p == '.') {
		d->point = true;
		d->fraction = cut_digits(p + 1, end);
		p += 1 + d->fraction.n;
	}
	if (d->whole.n + d->fraction.n == 0)
		return false;
	if (p < end && (*p == 'e' || *p == 'E')) {
		d->exponent.p = p++;
		p += p < end && (*p == '+' || *p == '-');
		digits = cut_digits(p, end);
		if (digits.n == 0)
			return false;
		p += digits.n;
		d->exponent.n = (size_t)(p - d->exponent.p);
	}
	return p == end;
}

static void
add_decimal(struct buf *out, struct span s, const struct decimal *d)
{
	struct span whole = d->whole;

	if (!d->plus && (whole.n == 1 || (whole.n > 1 && *whole.p != '0')) &&
	    d->point == (d->fraction.n > 0)) {
		buf_add(out, s.p, s.n);
		return;
	}
	while (whole.n > 1 && *whole.p == '0') {
		whole.p++;
		whole.n--;
	}
	if (d->minus)
		buf_addc(out, '-');
	if (whole.n > 0)
		buf_add(out, whole.p, whole.n);
	else
		buf_addc(out, '0');
	if (d->fraction.n > 0) {
		buf_addc(out, '.');
		buf_add(out, d->fraction.p, d->fraction.n);
	} else if (d->point)
		buf_adds(out, ".0");
	if (d->exponent.n > 0)
		buf_add(out, d->exponent.p, d->exponent.n);
}

bool
cell_is(struct span s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

/* Adds a number that is missing: an empty field (word.n is 0) or NaN. */
static enum cell
add_missing(
    struct buf *out, struct span word, enum missing missing, struct buf *why)
{
	if (missing == MISSING_REFUSED) {
		if (word.n == 0)
			buf_adds(why, "an empty field");
		else
			buf_addf(why, "%.*s", (int)word.n, word.p);
		buf_adds(why,
		    " is no number in JSON: BT_HTTP_MISSING=null or NaN says what to send");
		return CELL_BAD;
	}
	buf_adds(out, missing == MISSING_NULL ? "null" : "NaN");
	return CELL_NUMBER;
}

enum cell
cell_add_text(
    struct buf *out, struct span field, struct buf *text, struct buf *why)
{
	if (!utf8_valid(field)) {
		buf_adds(why, "not UTF-8, as a string in JSON is");
		return CELL_BAD;
	}
	if (field.n > 0 && *field.p == '"') {
		text->n = 0;
		csv_unquote(text, field);
		field = (struct span){ buf_str(text), text->n };
	}
	json_quote(out, field);
	return CELL_TEXT;
}

enum cell
cell_add(struct buf *out, struct span field, enum missing missing,
    struct buf *text, struct buf *why)
{
	struct span s = span_trim(field), word;
	struct decimal d;

	if (s.n == 0)
		return add_missing(out, s, missing, why);
	if (cut_decimal(&d, s)) {
		add_decimal(out, s, &d);
		return CELL_NUMBER;
	}
	word = s;
	if (*word.p == '+' || *word.p == '-') {
		word.p++;
		word.n--;
	}
	if (cell_is(word, "nan"))
		return add_missing(out, s, missing, why);
	if (cell_is(word, "inf") || cell_is(word, "infinity")) {
		buf_addf(why,
		    "%.*s is no number in JSON; a string needs quotes",
		    (int)s.n, s.p);
		return CELL_BAD;
	}
	return cell_add_text(out, field, text, why);
}
