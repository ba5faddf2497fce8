#include "format/codec.h"

#include <math.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "format/codec/kinds.h"
#include "format/number.h"

enum { QUOTE_MAX = 40 }; /* bytes of a text in a message */

int
codec_decode(enum type_kind kind, const struct bt_span *records, size_t n,
    struct bt_matrix *m, struct buf *why, int64_t *bad)
{
	*bad = -1;
	if (n == 0)
		return codec_matrix(m, 0, 0, why);
	switch (kind) {
	case TYPE_CSV:
		return codec_csv(records, n, m, why, bad);
	case TYPE_LIBSVM:
		return codec_libsvm(records, n, m, why, bad);
	case TYPE_JSON:
	case TYPE_JSONLINES:
		return codec_json(records, n, m, why, bad);
	default:
		buf_adds(why, "a content type without numbers");
		return -1;
	}
}

void
codec_encode_row(
    enum type_kind kind, const struct bt_matrix *m, size_t row, struct buf *out)
{
	const float *v = m->values + row * m->columns, *end = v + m->columns;
	bool json = type_is_json(kind), array = json && m->columns != 1;
	char *first = buf_room(out, m->columns * (NUMBER_MAX + 1) + 2),
	     *p = first;

	if (array)
		*p++ = '[';
	for (; v < end; v++) {
		if (json && !isfinite(*v))
			p = (char *)memcpy(p, "null", 4) + 4;
		else
			p = number_write(p, *v);
		if (v + 1 < end)
			*p++ = ',';
	}
	if (array)
		*p++ = ']';
	out->n += (size_t)(p - first);
}

struct span
codec_record(const struct bt_span *record)
{
	struct span s = { record->p, record->n };

	if (s.n > 0 && s.p[s.n - 1] == '\r')
		s.n--;
	return s;
}

int
codec_matrix(struct bt_matrix *m, size_t rows, size_t columns, struct buf *why)
{
	if (columns > 0 && rows > CODEC_NUMBERS / columns) {
		buf_addf(why,
		    "%zu rows of %zu columns are more than %zu numbers", rows,
		    columns, CODEC_NUMBERS);
		return -1;
	}
	m->values = mem_resize(m->values, rows * columns, sizeof *m->values);
	m->rows = rows;
	m->columns = columns;
	return 0;
}

bool
codec_number(struct span text, float *v)
{
	const char *end = text.p + text.n;

	*v = NAN;
	return text.n == 0 || number_read(text.p, end, v) == end;
}

void
codec_quote(struct buf *why, struct span text)
{
	size_t i, n = utf8_cut(text, QUOTE_MAX);

	for (i = 0; i < n; i++)
		if ((unsigned char)text.p[i] < ' ' || text.p[i] == 0x7f)
			buf_addf(why, "\\x%02x", (unsigned)text.p[i]);
		else
			buf_addc(why, text.p[i]);
	if (n < text.n)
		buf_adds(why, "...");
}

static bool
has_letter(struct bt_span record)
{
	size_t i;

	for (i = 0; i < record.n; i++)
		if ((record.p[i] | ' ') >= 'a' && (record.p[i] | ' ') <= 'z')
			return true;
	return false;
}

void
codec_hint_header(
    struct buf *why, const struct bt_request *request, int64_t bad)
{
	static const char words[] = "is not a number";
	size_t n = sizeof words - 1;

	if (bad == 0 && request->first_record == 0 && request->header.n == 0 &&
	    type_kind(span_str(request->content_type)) == TYPE_CSV &&
	    why->n > n && memcmp(why->p + why->n - n, words, n) == 0 &&
	    has_letter(request->records[0]))
		buf_adds(why, " (a header row? bt-split --header)");
}
