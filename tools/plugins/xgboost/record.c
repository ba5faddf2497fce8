#include "plugins/xgboost/record.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/mem.h"
#include "plugins/xgboost/record_fields.h"

struct field {
	uint64_t number;
	int wire;
	uint64_t value;	   /* but of SIZED */
	struct span bytes; /* of SIZED */
};

static bool
take_varint(struct span *s, uint64_t *v)
{
	unsigned shift;

	*v = 0;
	for (shift = 0; shift < 64 && s->n > 0; shift += 7) {
		*v |= (uint64_t)(*s->p & 0x7f) << shift;
		s->n--;
		if ((*s->p++ & 0x80) == 0)
			return true;
	}
	return false;
}

static bool
take_fixed(struct span *s, size_t n, uint64_t *v)
{
	size_t i;

	*v = 0;
	if (s->n < n)
		return false;
	for (i = n; i-- > 0;)
		*v = *v << 8 | (unsigned char)s->p[i];
	s->p += n;
	s->n -= n;
	return true;
}

static bool
take_number(struct span *s, int wire, uint64_t *v)
{
	switch (wire) {
	case VARINT:
		return take_varint(s, v);
	case FIXED64:
		return take_fixed(s, 8, v);
	case FIXED32:
		return take_fixed(s, 4, v);
	default:
		return false;
	}
}

static bool
take_field(struct span *s, struct field *f)
{
	uint64_t tag, n;

	if (!take_varint(s, &tag))
		return false;
	f->number = tag >> 3;
	f->wire = (int)(tag & 7);
	if (f->wire != SIZED)
		return take_number(s, f->wire, &f->value);
	if (!take_varint(s, &n) || n > s->n)
		return false;
	f->bytes = (struct span){ s->p, (size_t)n };
	s->p += n;
	s->n -= (size_t)n;
	return true;
}

static float
to_float(uint64_t type, uint64_t bits)
{
	uint32_t low = (uint32_t)bits;
	double d;
	float f;

	switch (type) {
	case VALUE_FLOAT32:
		memcpy(&f, &low, sizeof f);
		return f;
	case VALUE_FLOAT64:
		memcpy(&d, &bits, sizeof d);
		return (float)d;
	default:
		return (float)(int32_t)low;
	}
}

static void
add_number(struct tensor *t, uint64_t type, uint64_t field, uint64_t bits)
{
	switch (field) {
	case TENSOR_VALUES:
		t->values = mem_grow(t->values, &t->value_size,
		    t->value_count + 1, sizeof *t->values);
		t->values[t->value_count++] = to_float(type, bits);
		break;
	case TENSOR_KEYS:
		t->keys = mem_grow(
		    t->keys, &t->key_size, t->key_count + 1, sizeof *t->keys);
		t->keys[t->key_count++] = bits;
		break;
	case TENSOR_SHAPE:
		t->width = t->shaped && bits > 0 && t->width > UINT64_MAX / bits
			       ? UINT64_MAX
			       : (t->shaped ? t->width : 1) * bits;
		t->shaped = true;
		break;
	}
}

/* The wire type of packed numbers in a tensor's field. */
static int
packed_wire(uint64_t type, uint64_t field)
{
	if (field != TENSOR_VALUES || type == VALUE_INT32)
		return VARINT;
	return type == VALUE_FLOAT32 ? FIXED32 : FIXED64;
}

static bool
read_tensor(struct tensor *t, uint64_t type, struct span s)
{
	struct field f;
	uint64_t bits;
	int wire;

	while (s.n > 0) {
		if (!take_field(&s, &f))
			return false;
		if (f.number < TENSOR_VALUES || f.number > TENSOR_SHAPE)
			continue;
		wire = packed_wire(type, f.number);
		if (f.wire != SIZED && f.wire != wire)
			return false;
		if (f.wire != SIZED)
			add_number(t, type, f.number, f.value);
		while (f.wire == SIZED && f.bytes.n > 0) {
			if (!take_number(&f.bytes, wire, &bits))
				return false;
			add_number(t, type, f.number, bits);
		}
	}
	return true;
}

static const char damaged[] = "not a whole protobuf message";

/* The tensor's field in a Value, the last of them; 0: none. */
static int
find_tensor(struct span value, uint64_t *type, struct span *tensor)
{
	struct field f;

	*type = 0;
	while (value.n > 0) {
		if (!take_field(&value, &f))
			return -1;
		if (f.wire != SIZED ||
		    (f.number != VALUE_FLOAT32 && f.number != VALUE_FLOAT64 &&
			f.number != VALUE_INT32 && f.number != VALUE_BYTES))
			continue;
		*type = f.number;
		*tensor = f.bytes;
	}
	return 0;
}

/* Whether a map's entry has the key "values"; then its value is set. */
static int
is_values(struct span entry, struct span *value, bool *is)
{
	struct span of = { entry.p, 0 };
	struct field f;
	bool named = false;

	while (entry.n > 0) {
		if (!take_field(&entry, &f))
			return -1;
		if (f.wire == SIZED && f.number == ENTRY_KEY)
			named = span_is(f.bytes, "values");
		if (f.wire == SIZED && f.number == ENTRY_VALUE)
			of = f.bytes;
	}
	if (named)
		*value = of;
	*is |= named;
	return 0;
}

static const char *
read_record(struct tensor *t, struct span record)
{
	struct span value = { 0 }, tensor = { 0 };
	struct field f;
	uint64_t type;
	bool found = false;

	t->value_count = t->key_count = 0;
	t->shaped = false;
	t->width = 0;
	while (record.n > 0) {
		if (!take_field(&record, &f))
			return damaged;
		if (f.number == RECORD_FEATURES && f.wire == SIZED &&
		    is_values(f.bytes, &value, &found) == -1)
			return damaged;
	}
	if (!found)
		return "no features \"values\" in it";
	if (find_tensor(value, &type, &tensor) == -1)
		return damaged;
	if (type == 0 || type == VALUE_BYTES)
		return "its features \"values\" are not numbers";
	return read_tensor(t, type, tensor) ? NULL : damaged;
}

static int
add_dense(
    const struct tensor *t, size_t features, struct sparse *s, struct buf *why)
{
	size_t i;

	if (t->value_count != features) {
		buf_addf(why, "%zu column%s, but the model has %zu",
		    t->value_count, t->value_count == 1 ? "" : "s", features);
		return -1;
	}
	for (i = 0; i < t->value_count; i++)
		sparse_add(s, (uint32_t)i, t->values[i]);
	return 0;
}

static int
add_sparse(
    const struct tensor *t, size_t features, struct sparse *s, struct buf *why)
{
	size_t i;

	if (t->key_count != t->value_count) {
		buf_addf(why, "%zu keys for %zu values", t->key_count,
		    t->value_count);
		return -1;
	}
	if (t->shaped && t->width != features) {
		buf_addf(why, "%" PRIu64 " column%s, but the model has %zu",
		    t->width, t->width == 1 ? "" : "s", features);
		return -1;
	}
	for (i = 0; i < t->key_count; i++)
		sparse_add(s,
		    t->keys[i] < UINT32_MAX ? (uint32_t)t->keys[i] : UINT32_MAX,
		    t->values[i]);
	return 0;
}

int
record_read(struct tensor *t, struct span record, size_t features,
    struct sparse *s, struct buf *why)
{
	const char *bad = read_record(t, record);
	bool dense = t->key_count == 0 && (t->value_count > 0 || !t->shaped);

	if (bad != NULL) {
		buf_adds(why, bad);
		return -1;
	}
	if ((dense ? add_dense : add_sparse)(t, features, s, why) == -1)
		return -1;
	sparse_end_row(s);
	return 0;
}

bool
record_is_framed(struct span s)
{
	return s.n >= 8 && memcmp(s.p, "\x0a\x23\xd7\xce", 4) == 0;
}

int
record_unframe(struct span *rest, struct span *record, struct buf *why)
{
	struct span head = { rest->p + 4, rest->n - 4 };
	uint64_t n, padded;

	if (!record_is_framed(*rest)) {
		buf_adds(why, "a RecordIO header is missing");
		return -1;
	}
	take_fixed(&head, 4, &n);
	padded = (n + 3) / 4 * 4;
	if (n >> 29 != 0) {
		buf_adds(why, "a RecordIO record in parts, each no message");
		return -1;
	}
	if (padded > head.n) {
		buf_addf(why,
		    "a RecordIO record of %" PRIu64 " bytes is cut short", n);
		return -1;
	}
	*record = (struct span){ head.p, (size_t)n };
	*rest = (struct span){ head.p + padded, head.n - (size_t)padded };
	return 0;
}

void
tensor_free(struct tensor *t)
{
	free(t->values);
	free(t->keys);
}
