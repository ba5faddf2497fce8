/* The scan with AVX2: two vectors a step. */
#if defined(__x86_64__)
#include <immintrin.h>

#include "format/scan/kernel.h"

#define FEATURES "avx2", "sse4.2", "pclmul", "popcnt", "bmi", "bmi2"
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

/*
 * MANY bytes are seen as eight rows of a vector each: bit i of byte j stands
 * for byte j of row i.  What is just before a byte in the text is the same bit
 * of the byte before it; or, of the first byte, the bit below of the last one.
 */
struct planes {
	__m256i low, high; /* LF 01, quote 10, comma 11 */
};

/* Times four to the k: where row k's bits are, of the even or the odd rows. */
#define CODE(c, k) ((char)((c) << 2 * (k)))
#define CODES(k)                                                               \
	_mm256_setr_epi8(0, 0, CODE(2, k), 0, 0, 0, 0, 0, 0, 0, CODE(1, k), 0, \
	    CODE(3, k), 0, 0, 0, 0, 0, CODE(2, k), 0, 0, 0, 0, 0, 0, 0,        \
	    CODE(1, k), 0, CODE(3, k), 0, 0, 0)

/* The codes of the 32 bytes at p, by their lower halves. */
TARGET static inline __m256i
row_codes(const char *p, __m256i codes)
{
	/* At each lower half, the byte with it that has a code; or one with
	 * another. */
	const __m256i known =
	    _mm256_setr_epi8(1, 0, '"', 0, 0, 0, 0, 0, 0, 0, '\n', 0, ',', 0, 0,
		0, 1, 0, '"', 0, 0, 0, 0, 0, 0, 0, '\n', 0, ',', 0, 0, 0);
	__m256i v = _mm256_loadu_si256((const __m256i *)p);

	return _mm256_cmpeq_epi8(v, _mm256_shuffle_epi8(known, v)) &
	       _mm256_shuffle_epi8(codes, v);
}

TARGET static inline struct planes
look(const char *p)
{
	const __m256i evens = _mm256_set1_epi8(0x55);
	__m256i even, odd;

	even = row_codes(p, CODES(0)) | row_codes(p + 64, CODES(1)) |
	       row_codes(p + 128, CODES(2)) | row_codes(p + 192, CODES(3));
	odd = row_codes(p + 32, CODES(0)) | row_codes(p + 96, CODES(1)) |
	      row_codes(p + 160, CODES(2)) | row_codes(p + 224, CODES(3));
	return (
	    struct planes){ (even & evens) | _mm256_slli_epi16(odd & evens, 1),
		(_mm256_srli_epi16(even, 1) & evens) |
		    _mm256_andnot_si256(evens, odd) };
}

/* What of each plane was before a first byte, at the top of the first byte; and
 * all ones if a quote is open there. */
struct before {
	__m256i low, high, end, inside;
};

/* The plane moved on by a byte of the text. */
TARGET static inline __m256i
after(__m256i m, __m256i *before)
{
	const __m256i first = _mm256_setr_epi32(255, 0, 0, 0, 0, 0, 0, 0);
	__m256i turned =
	    _mm256_alignr_epi8(m, _mm256_permute2x128_si256(m, m, 0x01), 15);
	__m256i tops = turned & first;

	turned = _mm256_add_epi8(turned, tops) | _mm256_srli_epi16(*before, 7);
	*before = tops;
	return turned;
}

/* In planes, what fill is for a mask. */
TARGET static inline __m256i
fill_plane(__m256i m, __m256i *before)
{
	const __m256i last = _mm256_set1_epi8(15);
	__m256i odd, even;

	/* Along the halves of the rows, the rows, and from row to row. */
	m ^= _mm256_slli_si256(m, 1);
	m ^= _mm256_slli_si256(m, 2);
	m ^= _mm256_slli_si256(m, 4);
	m ^= _mm256_slli_si256(m, 8);
	odd = _mm256_shuffle_epi8(m, last);
	m ^= _mm256_permute2x128_si256(odd, odd, 0x08);
	odd ^= _mm256_permute2x128_si256(odd, odd, 0x01);
	even = odd;
	odd ^= _mm256_add_epi8(odd, odd);
	odd ^= _mm256_slli_epi16(odd & _mm256_set1_epi8(0x3f), 2);
	odd ^= _mm256_slli_epi16(odd & _mm256_set1_epi8(0x0f), 4);
	odd ^= *before;
	*before = _mm256_cmpgt_epi8(_mm256_setzero_si256(), odd);
	return m ^ odd ^ even;
}

/* The CRs of CR LFs, but for one at the very end. */
TARGET static inline __m256i
line_ends_plane(const char *p, __m256i lf)
{
	const __m256i last =
	    _mm256_setr_epi32(0, 0, 0, 0, 0, 0, 0, (int)0xff000000);
	__m256i cr = _mm256_setzero_si256(), next;
	int i;

#pragma GCC unroll 8
	for (i = 0; i < 8; i++)
		cr |= _mm256_cmpeq_epi8(
			  _mm256_loadu_si256((const __m256i *)p + i),
			  _mm256_set1_epi8('\r')) &
		      _mm256_set1_epi8((char)(1 << i));
	next =
	    _mm256_alignr_epi8(_mm256_permute2x128_si256(lf, lf, 0x01), lf, 1);
	next = _mm256_blendv_epi8(
	    next, _mm256_srli_epi16(next, 1) & _mm256_set1_epi8(0x7f), last);
	return cr & next;
}

/* Whether closing quotes that no mark follows, and nothing else, are unusual,
 * and all are at a CR LF.  Apart, where it is in no register's way. */
TARGET static __attribute__((noinline)) bool
are_line_ends(const char *p, __m256i lf, __m256i closed, __m256i unusual)
{
	return _mm256_testc_si256(closed & line_ends_plane(p, lf), unusual);
}

/* As many_steps in the loop, and with its names; but in planes.  Returns the
 * LFs, or false. */
TARGET static inline __attribute__((always_inline)) bool
eight_rows(struct scan_walk *w, struct before *before_p, struct planes now,
    const char *p, __m256i *lf_p)
{
	struct before before = *before_p;
	__m256i lf = _mm256_andnot_si256(now.high, now.low);
	__m256i quote = _mm256_andnot_si256(now.low, now.high);
	__m256i mark = now.low | now.high;
	__m256i low = after(now.low, &before.low);
	__m256i high = after(now.high, &before.high);
	__m256i end = _mm256_andnot_si256(high, low);
	__m256i near = end | after(end, &before.end);
	__m256i inside = fill_plane(quote, &before.inside);
	__m256i closed =
	    _mm256_andnot_si256(mark | inside, _mm256_andnot_si256(low, high));
	__m256i unusual = closed |
			  (_mm256_andnot_si256(low | high, quote) & inside) |
			  (lf & (inside | near));
	uint64_t lfs[4];
	int i;

	if (__builtin_expect(!_mm256_testz_si256(unusual, unusual), 0) &&
	    !are_line_ends(p, lf, closed, unusual))
		return false;
	_mm256_storeu_si256((__m256i *)lfs, lf);
#pragma GCC unroll 4
	for (i = 0; i < 4; i++)
		w->ends += ones(lfs[i]);
	if (!_mm256_testz_si256(lf, lf))
		w->last_many = p + MANY;
	*lf_p = lf;
	*before_p = before;
	return true;
}

/* Past the next page of a mapped file, which no processor fetches ahead, and
 * past the last lane of a sum that is a run ahead. */
enum { AHEAD = 6144 };

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
#define HAVE_SUMMED
#include "format/scan/loop.h"

/* What the walk knows of the byte before, as a plane's last. */
TARGET static inline __m256i
top(uint64_t m)
{
	return _mm256_setr_epi32((int)(m >> 63 << 7), 0, 0, 0, 0, 0, 0, 0);
}

TARGET static inline uint64_t
untop(__m256i m)
{
	return (uint64_t)(_mm256_extract_epi8(m, 0) >> 7) << 63;
}

INLINE const char *
many(struct scan_walk *w, const char *p, const char *end, int list)
{
	struct before before = { top(w->mark & ~w->quote),
		top(w->mark & ~w->end), top(w->end << 1),
		_mm256_set1_epi8(w->inside >> 63 ? -1 : 0) };
	const char *from = p;
	struct planes now, next;
	__m256i lf;
	uint64_t ends[MANY / 64];
	struct crc32c_lanes lanes;
	int i;

	if (list == SUMMED)
		lanes = *w->lanes;
	if (end - p >= MANY)
		next = look(p);
	for (; are_many(w, p, end, list); p += MANY) {
		fetch(p);
		now = next;
		if (end - p >= 2 * MANY)
			next = look(p + MANY);
		if (!eight_rows(w, &before, now, p, &lf))
			break;
		if (list == SUMMED)
			crc32c_lanes_turn(&lanes);
		if (list == ENDS && !_mm256_testz_si256(lf, lf)) {
			for (i = 0; i < MANY / 64; i++)
				ends[i] =
				    block_mask(block_load(p + 64 * i), '\n');
			put_ends(w, p, ends, list);
		}
	}
	if (list == SUMMED)
		*w->lanes = lanes;
	if (p > from) {
		w->quote = untop(_mm256_andnot_si256(before.low, before.high));
		w->mark = untop(before.low | before.high);
		w->end = untop(_mm256_andnot_si256(before.high, before.low)) |
			 untop(before.end) >> 1;
		w->inside = untop(before.inside);
	}
	return p;
}
#endif
