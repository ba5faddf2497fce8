#include "plugins/onnx/element.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/mem.h"
#include "format/codec.h"
#include "format/number.h"
#include "plugins/onnx/half.h"

static const struct {
	const char *name;
	size_t size;
	int64_t min; /* of an integer */
	uint64_t max;
} elements[] = {
	[ORT_FLOAT] = { "float", sizeof(float), 0, 0 },
	[ORT_UINT8] = { "uint8", 1, 0, UINT8_MAX },
	[ORT_INT8] = { "int8", 1, INT8_MIN, INT8_MAX },
	[ORT_UINT16] = { "uint16", 2, 0, UINT16_MAX },
	[ORT_INT16] = { "int16", 2, INT16_MIN, INT16_MAX },
	[ORT_INT32] = { "int32", 4, INT32_MIN, INT32_MAX },
	[ORT_INT64] = { "int64", 8, INT64_MIN, INT64_MAX },
	[ORT_STRING] = { "string", 0, 0, 0 },
	[ORT_BOOL] = { "bool", sizeof(bool), 0, 0 },
	[ORT_FLOAT16] = { "float16", 2, 0, 0 },
	[ORT_DOUBLE] = { "double", sizeof(double), 0, 0 },
	[ORT_UINT32] = { "uint32", 4, 0, UINT32_MAX },
	[ORT_UINT64] = { "uint64", 8, 0, UINT64_MAX },
};

const char *
element_name(enum ort_element type)
{
	size_t n = sizeof elements / sizeof *elements;

	return (size_t)type < n ? elements[type].name : NULL;
}

size_t
element_size(enum ort_element type)
{
	return elements[type].size;
}

static bool
read_double(struct span text, double *v)
{
	char copy[64], *p = copy;
	float narrow;

	*v = NAN;
	if (!codec_number(text, &narrow))
		return false;
	if (text.n == 0)
		return true;
	if (text.n < sizeof copy) {
		memcpy(copy, text.p, text.n);
		copy[text.n] = '\0';
	} else
		p = mem_dup(text.p, text.n);
	*v = strtod(p, NULL);
	if (p != copy)
		free(p);
	return true;
}

/* 12, -12, 12.0 */
static bool
read_integer(struct span text, int64_t min, uint64_t max, uint64_t *v)
{
	const char *p = text.p, *end = p + text.n;
	bool minus = p < end && *p == '-';
	uint64_t digit;

	p += p < end && (*p == '-' || *p == '+');
	if (p == end || *p < '0' || *p > '9')
		return false;
	if (minus)
		max = (uint64_t)0 - (uint64_t)min;
	for (*v = 0; p < end && *p >= '0' && *p <= '9'; p++) {
		digit = (uint64_t)(*p - '0');
		if (*v > (max - digit) / 10 || digit > max)
			return false;
		*v = *v * 10 + digit;
	}
	if (p < end && *p == '.')
		for (p++; p < end && *p == '0'; p++)
			;
	if (minus)
		*v = (uint64_t)0 - *v;
	return p == end;
}

static bool
same_word(struct span text, const char *word)
{
	return text.n == strlen(word) && strncasecmp(text.p, word, text.n) == 0;
}

/* The low bytes of v, in any byte order. */
static void
narrow_copy(void *value, uint64_t v, size_t size)
{
	uint8_t v8 = (uint8_t)v;
	uint16_t v16 = (uint16_t)v;
	uint32_t v32 = (uint32_t)v;

	switch (size) {
	case 1:
		memcpy(value, &v8, 1);
		break;
	case 2:
		memcpy(value, &v16, 2);
		break;
	case 4:
		memcpy(value, &v32, 4);
		break;
	default:
		memcpy(value, &v, 8);
	}
}

bool
element_read(enum ort_element type, struct span text, void *value)
{
	uint64_t v;
	double real;
	bool yes;

	switch (type) {
	case ORT_FLOAT:
		return codec_number(text, value);
	case ORT_DOUBLE:
		return read_double(text, value);
	case ORT_FLOAT16:
		if (!read_double(text, &real))
			return false;
		*(uint16_t *)value = half_of(real);
		return true;
	case ORT_BOOL:
		yes = same_word(text, "true") || span_is(text, "1");
		*(bool *)value = yes;
		return yes || same_word(text, "false") || span_is(text, "0");
	default:
		if (!read_integer(
			text, elements[type].min, elements[type].max, &v))
			return false;
		narrow_copy(value, v, elements[type].size);
		return true;
	}
}

static int64_t
widen(enum ort_element type, const void *value)
{
	switch (type) {
	case ORT_INT8:
		return *(const int8_t *)value;
	case ORT_INT16:
		return *(const int16_t *)value;
	case ORT_INT32:
		return *(const int32_t *)value;
	case ORT_UINT8:
		return *(const uint8_t *)value;
	case ORT_UINT16:
		return *(const uint16_t *)value;
	case ORT_UINT32:
		return *(const uint32_t *)value;
	default:
		return *(const int64_t *)value;
	}
}

static void
write_double(double v, struct buf *out)
{
	char text[NUMBER_MAX];
	int digits = 15;

	if (isnan(v)) /* printf may show its sign */
		v = NAN;
	do
		snprintf(text, sizeof text, "%.*g", digits, v);
	while (isfinite(v) && digits++ < 17 && strtod(text, NULL) != v);
	buf_adds(out, isnan(v) ? "nan" : text);
}

/* 5 digits distinguish any two. */
static void
write_half(uint16_t half, struct buf *out)
{
	double v = half_value(half);
	char text[NUMBER_MAX];
	int digits = 1;

	do
		snprintf(text, sizeof text, "%.*g", digits, v);
	while (
	    isfinite(v) && digits++ < 5 && half_of(strtod(text, NULL)) != half);
	buf_adds(out, isnan(v) ? "nan" : text);
}

static double
real_value(enum ort_element type, const void *value)
{
	switch (type) {
	case ORT_FLOAT:
		return (double)*(const float *)value;
	case ORT_DOUBLE:
		return *(const double *)value;
	case ORT_FLOAT16:
		return half_value(*(const uint16_t *)value);
	default:
		return 0;
	}
}

void
element_write(
    enum ort_element type, const void *value, bool json, struct buf *out)
{
	double v = real_value(type, value);
	char *p;

	if (json && !isfinite(v)) {
		buf_adds(out, "null");
		return;
	}
	switch (type) {
	case ORT_FLOAT:
		p = buf_room(out, NUMBER_MAX);
		out->n += (size_t)(number_write(p, (float)v) - p);
		break;
	case ORT_DOUBLE:
		write_double(v, out);
		break;
	case ORT_FLOAT16:
		write_half(*(const uint16_t *)value, out);
		break;
	case ORT_BOOL:
		buf_adds(out, *(const bool *)value ? "true" : "false");
		break;
	case ORT_UINT64:
		buf_addf(out, "%" PRIu64, *(const uint64_t *)value);
		break;
	default:
		buf_addf(out, "%" PRId64, widen(type, value));
	}
}
