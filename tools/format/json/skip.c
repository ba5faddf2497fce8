#include "format/json/skip.h"

#include <stdint.h>
#include <string.h>

/* quotes_and(p, a, b, fold): a bit for each of the STEP bytes at p that is a
 * quote, or with the bits of fold is a or b. */
#ifdef __SSE2__
#include <emmintrin.h>

enum { STEP = 16 };

static inline uint64_t
quotes_and(const char *p, char a, char b, char fold)
{
	__m128i v = _mm_loadu_si128((const __m128i *)(const void *)p);
	__m128i f = _mm_or_si128(v, _mm_set1_epi8(fold));

	f = _mm_or_si128(_mm_cmpeq_epi8(f, _mm_set1_epi8(a)),
	    _mm_cmpeq_epi8(f, _mm_set1_epi8(b)));
	f = _mm_or_si128(f, _mm_cmpeq_epi8(v, _mm_set1_epi8('"')));
	return (uint64_t)_mm_movemask_epi8(f);
}
#else
#include "format/json/swar.h"

static inline uint64_t
quotes_and(const char *p, char a, char b, char fold)
{
	uint64_t v = word_load(p);
	uint64_t f = v | SWAR((unsigned char)fold);

	return swar_bits(swar_less(f ^ SWAR((unsigned char)a), 1) |
			 swar_less(f ^ SWAR((unsigned char)b), 1) |
			 swar_less(v ^ SWAR('"'), 1));
}
#endif

const char *
json_skip_string(const char *p, const char *end)
{
	uint64_t m;

	for (p++; end - p >= STEP;) {
		if ((m = quotes_and(p, '\\', '\\', 0)) == 0) {
			p += STEP;
			continue;
		}
		p += __builtin_ctzll(m);
		if (*p == '"')
			return p + 1;
		p += 2;
	}
	for (; p < end && *p != '"'; p++)
		p += *p == '\\';
	return p + 1;
}

const char *
json_next_bracket(const char *p, const char *end)
{
	uint64_t m;

	while (p < end) {
		if (end - p >= STEP) {
			/* | 0x20 makes [ a { and ] a }. */
			if ((m = quotes_and(p, '{', '}', 0x20)) == 0) {
				p += STEP;
				continue;
			}
			p += __builtin_ctzll(m);
		}
		if (*p == '"')
			p = json_skip_string(p, end);
		else if ((*p | 0x20) == '{' || (*p | 0x20) == '}')
			return p;
		else
			p++;
	}
	return end;
}

const char *
json_skip_value(const char *p, const char *end)
{
	size_t depth = 0;

	if (*p == '"')
		return json_skip_string(p, end);
	if (*p != '{' && *p != '[') {
		while (p < end && *p != ',' && *p != ']' && *p != '}' &&
		       (unsigned char)*p > ' ')
			p++;
		return p;
	}
	for (; p < end; p++) {
		p = json_next_bracket(p, end);
		if (*p == '{' || *p == '[')
			depth++;
		else if (--depth == 0)
			return p + 1;
	}
	return end;
}
