#include "format/codec.h"

#include <math.h>

#include "format/codec_matrix.h"
#include "format/number.h"

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
