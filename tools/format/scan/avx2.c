/* The scan with AVX2: two vectors a step. */
#if defined(__x86_64__)
#include <immintrin.h>
#include <string.h>

#include "format/scan/kernel.h"

#define FEATURES "avx2", "pclmul", "popcnt", "bmi", "bmi2"
#define TARGET CPU_TARGET(FEATURES)
#define NAME scan_avx2
#define LABEL "avx2"

struct block {
	__m256i low, high;
};

TARGET static inline struct block
block_load(const char *p)
{
	return (struct block){ _mm256_loadu_si256((const __m256i *)p),
		_mm256_loadu_si256((const __m256i *)(p + 32)) };
}

TARGET static inline uint32_t
half(__m256i v, __m256i c)
{
	return (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, c));
}

TARGET static inline uint64_t
block_mask(struct block b, char c)
{
	__m256i each = _mm256_set1_epi8(c);

	return half(b.low, each) | (uint64_t)half(b.high, each) << 32;
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

enum { MANY = 256 };

/* The masks of four steps, in halves. */
struct masks {
	uint32_t lf[8], quote[8], comma[8];
} __attribute__((aligned(32)));

TARGET static inline void
four_masks(const char *p, char c, uint32_t *masks)
{
	int i;

#pragma GCC unroll 8
	for (i = 0; i < 8; i++)
		masks[i] = half(_mm256_loadu_si256((const __m256i *)p + i),
		    _mm256_set1_epi8(c));
}

TARGET static inline void
look(struct masks *m, const char *p)
{
	four_masks(p, '\n', m->lf);
	four_masks(p, '"', m->quote);
	four_masks(p, ',', m->comma);
}

TARGET static inline __m256i
four_at(const uint32_t *masks)
{
	return _mm256_load_si256((const __m256i *)masks);
}

/* What fill is for one step, the carry from one to the next left out. */
TARGET static inline __m256i
four_fills(__m256i m)
{
	m ^= _mm256_slli_epi64(m, 1);
	m ^= _mm256_slli_epi64(m, 2);
	m ^= _mm256_slli_epi64(m, 4);
	m ^= _mm256_slli_epi64(m, 8);
	m ^= _mm256_slli_epi64(m, 16);
	return m ^ _mm256_slli_epi64(m, 32);
}

/* The mask before each; before has the one before the first at its end. */
TARGET static inline __m256i
four_before(__m256i m, __m256i before)
{
	return _mm256_alignr_epi8(
	    m, _mm256_permute2x128_si256(before, m, 0x21), 8);
}

/* Each mask moved by n bits, with those of the mask before it. */
#define FOUR_AFTER(m, before, n)                                               \
	(_mm256_slli_epi64(m, n) | _mm256_srli_epi64(before, 64 - n))

/* The CRs of CR LFs, but for one at the very end. */
TARGET static inline __m256i
four_line_ends(const char *p, __m256i lf)
{
	uint32_t cr[8] __attribute__((aligned(32)));
	__m256i next = _mm256_permute4x64_epi64(lf, 0x39);

	next = _mm256_blend_epi32(next, _mm256_setzero_si256(), 0xc0);
	four_masks(p, '\r', cr);
	return four_at(cr) &
	       (_mm256_srli_epi64(lf, 1) | _mm256_slli_epi64(next, 63));
}

/* The last masks of the four steps before. */
struct before {
	__m256i lf, quote, mark;
};

/* As many_steps in the loop, and with its names; but the masks of four steps
 * are worked on together. */
TARGET static inline __attribute__((always_inline)) bool
four_steps(struct scan_walk *w, struct before *before, const struct masks *m,
    const char *p)
{
	__m256i lf = four_at(m->lf), quote = four_at(m->quote);
	__m256i mark = lf | quote | four_at(m->comma);
	__m256i inside = four_fills(quote), lf_before, after, unusual;
	int odd = _mm256_movemask_pd(_mm256_castsi256_pd(inside)), opens, i;
	uint64_t lfs;

	/* At the start of which steps, and of the next, a quote is open. */
	opens = odd ^ odd << 1;
	opens ^= opens << 2;
	opens = (opens & 15) << 1 ^ (w->inside >> 63 ? 31 : 0);
	inside ^= _mm256_cmpgt_epi64(
	    _mm256_setzero_si256(), _mm256_sllv_epi64(_mm256_set1_epi64x(opens),
					_mm256_setr_epi64x(63, 62, 61, 60)));
	lf_before = four_before(lf, before->lf);
	unusual = quote & inside &
		  ~FOUR_AFTER(mark, four_before(mark, before->mark), 1);
	unusual |= lf & (inside | FOUR_AFTER(lf, lf_before, 1) |
			    FOUR_AFTER(lf, lf_before, 2));
	after = FOUR_AFTER(quote, four_before(quote, before->quote), 1) &
		~(mark | inside);
	unusual |= after;
	if (__builtin_expect(!_mm256_testz_si256(unusual, unusual), 0)) {
		unusual &= ~(after & four_line_ends(p, lf));
		if (!_mm256_testz_si256(unusual, unusual))
			return false;
	}
	for (i = 0; i < 8; i += 2) {
		memcpy(&lfs, m->lf + i, sizeof lfs);
		w->ends += ones(lfs);
	}
	if (!_mm256_testz_si256(lf, lf))
		w->last_many = p + MANY;
	w->inside = opens >> 4 ? ~(uint64_t)0 : 0;
	*before = (struct before){ lf, quote, mark };
	return true;
}

/* From the next page of a mapped file on, which no processor fetches ahead. */
enum { AHEAD = 4096 };

TARGET static inline void
fetch(const char *p)
{
	int i;

#pragma GCC unroll 4
	for (i = 0; i < MANY; i += 64)
		__builtin_prefetch(p + AHEAD + i);
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
	struct before before = { _mm256_set1_epi64x((long long)w->end),
		_mm256_set1_epi64x((long long)w->quote),
		_mm256_set1_epi64x((long long)w->mark) };
	uint64_t ends[MANY / 64];
	struct masks m[2];
	int now = 0;

	if (end - p >= MANY)
		look(&m[now], p);
	for (; are_many(w, p, end, list); p += MANY, now = !now) {
		fetch(p);
		if (end - p >= 2 * MANY)
			look(&m[!now], p + MANY);
		if (!four_steps(w, &before, &m[now], p))
			break;
		if (list == ENDS) {
			memcpy(ends, m[now].lf, sizeof ends);
			put_ends(w, p, ends, list);
		}
	}
	w->end = (uint64_t)_mm256_extract_epi64(before.lf, 3);
	w->quote = (uint64_t)_mm256_extract_epi64(before.quote, 3);
	w->mark = (uint64_t)_mm256_extract_epi64(before.mark, 3);
	return p;
}
#endif
