#include "plugins/xgboost/reply.h"

#include <math.h>
#include <stdint.h>

#include "plugins/xgboost/record_fields.h"

/* The bytes of a number in little endian. */
static void
add_bytes(struct buf *out, uint32_t v)
{
	int i;

	for (i = 0; i < 4; i++, v >>= 8)
		buf_addc(out, (char)(v & 0xff));
}

static void
add_float(struct buf *out, double v)
{
	float f = (float)v;
	uint32_t bits;

	memcpy(&bits, &f, sizeof bits);
	add_bytes(out, bits);
}

static void
add_floats(struct buf *out, const float *v, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		add_float(out, (double)v[i]);
}

static void
add_item(const struct form *f, enum item item, const float *v, size_t n,
    struct buf *out)
{
	bool many = f->family == FAMILY_SOFTMAX || f->family == FAMILY_SOFTPROB;
	size_t i, classes = many ? f->classes : 2;
	bool whole;

	switch (item) {
	case ITEM_LABEL:
		add_float(out, form_label(f, v, n, &whole));
		break;
	case ITEM_LABELS:
		for (i = 0; i < classes; i++)
			add_float(out, (double)i);
		break;
	case ITEM_PROBABILITIES:
	case ITEM_RAW_SCORES:
		if (f->family != FAMILY_SOFTPROB)
			add_float(out, 1.0 - (double)*v);
		add_floats(out, v, n);
		break;
	case ITEM_PROBABILITY:
	case ITEM_RAW_SCORE:
	case ITEM_SCORE:
		add_float(out, (double)v[form_best(v, n)]);
		break;
	case ITEM_COUNT:
		add_float(out, (double)NAN);
		break;
	}
}

static void
add_varint(struct buf *out, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		buf_addc(out, (char)(v | 0x80));
	buf_addc(out, (char)v);
}

/* A field of bytes: its number, how many they are, and they. */
static void
add_field(struct buf *out, unsigned number, const void *p, size_t n)
{
	add_varint(out, number << 3 | SIZED);
	add_varint(out, n);
	buf_add(out, p, n);
}

/* Moves all of in into a field of out. */
static void
wrap(struct buf *out, unsigned number, struct buf *in)
{
	add_field(out, number, in->p, in->n);
	in->n = 0;
}

/* Buffers, used again for each record. */
struct writer {
	struct buf values, inner, outer, record;
};

/* label[name].float32_tensor.values, which are in w->values. */
static void
add_label(struct writer *w, const char *name)
{
	wrap(&w->inner, TENSOR_VALUES, &w->values);
	wrap(&w->outer, VALUE_FLOAT32, &w->inner);
	add_field(&w->inner, ENTRY_KEY, name, strlen(name));
	wrap(&w->inner, ENTRY_VALUE, &w->outer);
	wrap(&w->record, RECORD_LABEL, &w->inner);
}

/* Never in parts, as SageMaker's writer frames it: readers that use the length
 * do not need parts. */
static void
frame(struct buf *out, struct buf *record)
{
	add_bytes(out, 0xced7230a);
	add_bytes(out, (uint32_t)record->n);
	buf_add(out, record->p, record->n);
	buf_add(out, "\0\0\0", -record->n & 3);
	record->n = 0;
}

int
reply_add_records(const struct form *f, const struct outputs *o,
    struct buf *out, struct buf *why)
{
	struct writer w = { 0 };
	const float *v = o->values;
	size_t i, k;

	if (form_check(f, o, why) == -1)
		return -1;
	for (i = 0; i < o->rows; i++, v += o->width) {
		for (k = 0; k < f->choice_count; k++) {
			if (form_repeats(f, k))
				continue;
			add_item(f, f->choices[k].item, v, o->width, &w.values);
			add_label(&w, f->choices[k].name);
		}
		if (f->choice_count == 0) {
			add_floats(&w.values, v, o->width);
			add_label(&w, "score");
		}
		frame(out, &w.record);
	}
	buf_free(&w.values);
	buf_free(&w.inner);
	buf_free(&w.outer);
	buf_free(&w.record);
	return 0;
}
