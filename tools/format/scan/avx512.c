/* The scan with AVX-512: a compare gives its mask at once. */
#if defined(__x86_64__)
#include <immintrin.h>

#include "format/scan/kernel.h"

#define FEATURES                                                               \
	"avx512f", "avx512bw", "avx512dq", "avx512vbmi2", "vpclmulqdq",        \
	    "pclmul", "popcnt", "bmi", "bmi2"
#define TARGET CPU_TARGET(FEATURES)
#define NAME scan_avx512
#define LABEL "avx512"

struct block {
	__m512i all;
};

TARGET static inline struct block
block_load(const char *p)
{
	return (struct block){ _mm512_loadu_si512(p) };
}

TARGET static inline uint64_t
block_mask(struct block b, char c)
{
	return _mm512_cmpeq_epi8_mask(b.all, _mm512_set1_epi8(c));
}

/* Times all ones without carries is the xor of all bits up to each. */
TARGET static inline uint64_t
fill(uint64_t m)
{
	return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(
	    _mm_cvtsi64_si128((long long)m), _mm_set1_epi8(-1), 0));
}

TARGET static inline unsigned
ones(uint64_t m)
{
	return (unsigned)__builtin_popcountll(m);
}

/* The bytes 0 to 63, those that m has not left out, are the places. */
#define HAVE_PUT_ROOMY
TARGET static inline uint32_t *
put_roomy(uint32_t *out, uint32_t base, uint64_t m)
{
	static const unsigned char numbers[64]
	    __attribute__((aligned(64))) = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10,
		    11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25,
		    26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40,
		    41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55,
		    56, 57, 58, 59, 60, 61, 62, 63 };
	__m512i v = _mm512_maskz_compress_epi8(m, _mm512_load_si512(numbers));
	__m512i from = _mm512_set1_epi32((int)base);
	unsigned n = ones(m);

#define PUT(i)                                                                 \
	_mm512_storeu_si512(out + 16 * i,                                      \
	    _mm512_add_epi32(                                                  \
		from, _mm512_cvtepu8_epi32(_mm512_extracti32x4_epi32(v, i))))
	PUT(0);
	if (n > 16) {
		PUT(1);
		PUT(2);
		PUT(3);
	}
#undef PUT
	return out + n;
}

enum { MANY = 512 };

/* The masks of eight steps. */
struct masks {
	uint64_t lf[8], quote[8], comma[8];
} __attribute__((aligned(64)));

TARGET static inline void
eight_masks(const char *p, char c, uint64_t *masks)
{
	int i;

#pragma GCC unroll 8
	for (i = 0; i < 8; i++)
		masks[i] = block_mask(block_load(p + 64 * i), c);
}

TARGET static inline void
look(struct masks *m, const char *p)
{
	eight_masks(p, '\n', m->lf);
	eight_masks(p, '"', m->quote);
	eight_masks(p, ',', m->comma);
}

/* What fill is for one step, the carry from one to the next left out. */
TARGET static inline __m512i
eight_fills(__m512i m)
{
	const __m512i every = _mm512_set1_epi8(-1);

	return _mm512_unpacklo_epi64(_mm512_clmulepi64_epi128(m, every, 0x00),
	    _mm512_clmulepi64_epi128(m, every, 0x01));
}

/* Each mask moved by n bits, with those of the mask before it; before has the
 * one before the first. */
#define EIGHT_AFTER(m, before, n)                                              \
	_mm512_shldi_epi64(m, _mm512_alignr_epi64(m, before, 7), n)

/* The CRs of CR LFs, but for one at the very end. */
TARGET static inline __m512i
eight_line_ends(const char *p, __m512i lf)
{
	uint64_t cr[8] __attribute__((aligned(64)));
	__m512i next = _mm512_alignr_epi64(_mm512_setzero_si512(), lf, 1);

	eight_masks(p, '\r', cr);
	return _mm512_load_si512(cr) & _mm512_shrdi_epi64(lf, next, 1);
}

/* As many_steps in the loop, and with its names; but the masks of eight steps
 * are worked on together. */
TARGET static inline __attribute__((always_inline)) bool
eight_steps(struct scan_walk *w, const struct masks *m, const char *p)
{
	__m512i lf = _mm512_load_si512(m->lf);
	__m512i quote = _mm512_load_si512(m->quote);
	__m512i mark = lf | quote | _mm512_load_si512(m->comma);
	__m512i inside = eight_fills(quote);
	__m512i end_before = _mm512_set1_epi64((long long)w->end);
	unsigned odd = _mm512_movepi64_mask(inside), opens;
	__m512i opening, after, near;
	int i;

	/* At the start of which steps, and of the next, a quote is open. */
	opens = odd ^ odd << 1;
	opens ^= opens << 2;
	opens ^= opens << 4;
	opens = (opens & 0xff) << 1 ^ (w->inside >> 63 ? 0x1ff : 0);
	inside ^= _mm512_movm_epi64((__mmask8)opens);
	opening = quote & inside &
		  ~EIGHT_AFTER(mark, _mm512_set1_epi64((long long)w->mark), 1);
	after = EIGHT_AFTER(quote, _mm512_set1_epi64((long long)w->quote), 1) &
		~(mark | inside);
	near = EIGHT_AFTER(lf, end_before, 1) | EIGHT_AFTER(lf, end_before, 2);
	if (__builtin_expect(_mm512_test_epi64_mask(after, after), 0))
		after &= ~eight_line_ends(p, lf);
	after |= opening | (lf & (inside | near));
	if (__builtin_expect(_mm512_test_epi64_mask(after, after), 0))
		return false;
	for (i = 0; i < 8; i++)
		w->ends += ones(m->lf[i]);
	if (_mm512_test_epi64_mask(lf, lf))
		w->last_many = p + MANY;
	w->end = m->lf[7];
	w->quote = m->quote[7];
	w->mark = m->lf[7] | m->quote[7] | m->comma[7];
	w->inside = opens >> 8 ? ~(uint64_t)0 : 0;
	return true;
}

static bool
usable(void)
{
	return CPU_HAS(FEATURES);
}

#define HAVE_MANY
#include "format/scan/loop.h"

/* The masks go through memory, so they are made one turn before their use. */
INLINE const char *
many(struct scan_walk *w, const char *p, const char *end, int list)
{
	struct masks m[2];
	int now = 0;

	if (end - p >= MANY)
		look(&m[now], p);
	for (; are_many(w, p, end, list); p += MANY, now = !now) {
		if (end - p >= 2 * MANY)
			look(&m[!now], p + MANY);
		if (!eight_steps(w, &m[now], p))
			break;
		put_ends(w, p, m[now].lf, list);
	}
	return p;
}
#endif
