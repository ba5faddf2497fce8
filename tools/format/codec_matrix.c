#include "format/codec_matrix.h"

#include <math.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "format/number.h"

enum { QUOTE_MAX = 40 }; /* bytes of a text in a message */

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
