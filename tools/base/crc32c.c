#include "base/crc32c.h"

#include <stdbool.h>
#include <string.h>

#include "base/cpu.h"
#include "base/crc32c_lanes.h"

#if defined(__x86_64__)
#include <immintrin.h>
#define CRC_TARGET CPU_TARGET(CRC32C_FEATURES)
#define CRC_WORD(crc, w) ((uint32_t)_mm_crc32_u64(crc, w))
#define CRC_BYTE(crc, c) _mm_crc32_u8(crc, c)
#elif defined(__aarch64__) && defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#define CRC_TARGET
#define CRC_WORD(crc, w) __crc32cd(crc, w)
#define CRC_BYTE(crc, c) __crc32cb(crc, c)
#endif

#define POLYNOMIAL 0x82f63b78u /* 0x1edc6f41, its lowest power in bit 31 */

/*
 * Three runs of LANE bytes are summed side by side, because the instruction
 * gives a result a cycle but each takes three; then they are joined.
 */
enum { LONG_LANE = 4096, SHORT_LANE = 256, FOLD = 256 };

/* Words of the longest lane of a run that is shorter than three of these. */
enum { LAST_WORDS = SHORT_LANE / 8 };

typedef uint32_t crc_fn(uint32_t crc, const unsigned char *p, size_t n);
typedef uint32_t shift_table[4][256];

static uint32_t table[8][256]; /* of a byte with 0 to 7 bytes after it */
static uint32_t powers[31];    /* x to the 2^i */
static uint32_t inverse[31];   /* 1 over these */
static shift_table after_long, after_short;
static uint32_t after_words[2 * LAST_WORDS + 1]; /* by crc32c_moved */
static uint32_t after_lanes[2];
static uint32_t before_fold, after_fold; /* x to 252 and to 260 bytes */
static crc_fn *body;

/* a times b, both polynomials modulo POLYNOMIAL. */
static uint32_t
times(uint32_t a, uint32_t b)
{
	uint32_t product = 0;

	/* No branch here can be foretold. */
	for (; a != 0; a <<= 1) {
		product ^= b & (0 - (a >> 31));
		b = b >> 1 ^ (POLYNOMIAL & (0 - (b & 1)));
	}
	return product;
}

/* x, or one over it if squares are of that, to the number of bits in n bytes.
 */
static uint32_t
power(const uint32_t *squares, uint64_t n)
{
	uint32_t product = 0x80000000u; /* x to the 0 */
	int i;

	/* squares[31] would be squares[0]: x to the 2^31 is x. */
	for (i = 3; n != 0; n >>= 1, i++)
		if (n & 1)
			product = times(squares[i % 31], product);
	return product;
}

static uint32_t
power_of_bytes(uint64_t n)
{
	return power(powers, n);
}

/* What crc32c_moved moves a sum on by as many bytes with: the product is one
 * bit short, and its checksum 32 bits long. */
static uint32_t
mover(uint64_t bytes)
{
	return times(0x80000000u >> 7, power_of_bytes(bytes - 5));
}

static void
make_shift(shift_table shift, uint64_t bytes)
{
	uint32_t power = power_of_bytes(bytes), i;
	int k;

	for (k = 0; k < 4; k++)
		for (i = 0; i < 256; i++)
			shift[k][i] = times(power, i << 8 * k);
}

static uint32_t
by_table(uint32_t crc, const unsigned char *p, size_t n)
{
	for (; n >= 8; p += 8, n -= 8)
		crc = table[7][(crc ^ p[0]) & 0xff] ^
		      table[6][(crc >> 8 ^ p[1]) & 0xff] ^
		      table[5][(crc >> 16 ^ p[2]) & 0xff] ^
		      table[4][crc >> 24 ^ p[3]] ^ table[3][p[4]] ^
		      table[2][p[5]] ^ table[1][p[6]] ^ table[0][p[7]];
	for (; n > 0; p++, n--)
		crc = crc >> 8 ^ table[0][(crc ^ *p) & 0xff];
	return crc;
}

/*
 * x to the 128 * 209 is the sum of x to the 128 * 144, 54, 39, 14 and 0 modulo
 * the polynomial, which a search found.  So 16 bytes may be added to those 65,
 * 155, 170, 195 and 209 times 16 bytes after them, and become zero: the last
 * 209 times 16 bytes have the same checksum then as all had.
 */
enum { SPAN = 2 * 209, RUN = 128, RUNS = 16 }; /* words of eight bytes */

/* The n words at p, each with those that are added to it of the words before.
 */
static inline void
add_before(uint64_t *restrict to, const uint64_t *before,
    const unsigned char *p, int n)
{
	uint64_t own;
	int i;

	for (i = 0; i < n; i++) {
		memcpy(&own, p + 8 * i, sizeof own);
		to[i] = own ^ before[i] ^ before[i + 2 * (209 - 195)] ^
			before[i + 2 * (209 - 170)] ^
			before[i + 2 * (209 - 155)] ^
			before[i + 2 * (209 - 65)];
	}
}

static uint32_t
by_words(uint32_t crc, const unsigned char *p, size_t n)
{
	uint64_t words[SPAN + RUNS * RUN], *w = words + SPAN, rest[SPAN];
	const size_t run = RUN * sizeof *w;
	int i;

	if (n < sizeof rest + run)
		return by_table(crc, p, n);
	memset(words, 0, sizeof rest);
	/* This one is added to the first and to no other. */
	for (i = 0; i < 4; i++)
		((unsigned char *)words)[i] = (unsigned char)(crc >> 8 * i);
	for (; n >= sizeof rest + run; n -= run, p += run, w += RUN) {
		if (w == words + SPAN + RUNS * RUN)
			w = (uint64_t *)memcpy(words, w - SPAN, sizeof rest) +
			    SPAN;
		add_before(w, w - SPAN, p, RUN);
	}
	memmove(words, w - SPAN, sizeof rest);
	memset(words + SPAN, 0, sizeof rest);
	add_before(rest, words, p, SPAN);
	crc = by_table(0, (const unsigned char *)rest, sizeof rest);
	return by_table(crc, p + sizeof rest, n - sizeof rest);
}

#ifdef CRC_TARGET
/* crc, then as many zero bytes as the table stands for. */
static inline uint32_t
shift(const shift_table after, uint32_t crc)
{
	return after[0][crc & 0xff] ^ after[1][crc >> 8 & 0xff] ^
	       after[2][crc >> 16 & 0xff] ^ after[3][crc >> 24];
}

static inline uint64_t
word(const unsigned char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof w);
	return w;
}

/* Sums as many runs of three lanes as n has. */
CRC_TARGET static uint32_t
lanes(uint32_t crc, const unsigned char **at, size_t *n, size_t lane,
    const shift_table after)
{
	const unsigned char *p = *at, *end;
	uint32_t b, c;

	for (; *n >= 3 * lane; *n -= 3 * lane, p += 2 * lane) {
		b = c = 0;
		for (end = p + lane; p < end; p += 8) {
			crc = CRC_WORD(crc, word(p));
			b = CRC_WORD(b, word(p + lane));
			c = CRC_WORD(c, word(p + 2 * lane));
		}
		crc = shift(after, shift(after, crc) ^ b) ^ c;
	}
	*at = p;
	return crc;
}

#if defined(__x86_64__)
/* Three lanes of as many words each as there are. */
CRC_TARGET static uint32_t
last_lanes(uint32_t crc, const unsigned char **at, size_t *n)
{
	const unsigned char *p = *at, *end;
	size_t words = *n / 24, lane = words * 8;
	uint32_t b = 0, c = 0;

	for (end = p + lane; p < end; p += 8) {
		crc = CRC_WORD(crc, word(p));
		b = CRC_WORD(b, word(p + lane));
		c = CRC_WORD(c, word(p + 2 * lane));
	}
	*at = p + 2 * lane;
	*n -= 3 * lane;
	return crc32c_moved(crc, after_words[2 * words]) ^
	       crc32c_moved(b, after_words[words]) ^ c;
}
#endif

CRC_TARGET static uint32_t
by_hardware(uint32_t crc, const unsigned char *p, size_t n)
{
	if (n >= 3 * SHORT_LANE) {
		crc = lanes(crc, &p, &n, LONG_LANE, after_long);
		crc = lanes(crc, &p, &n, SHORT_LANE, after_short);
	}
#if defined(__x86_64__)
	if (n >= 96)
		crc = last_lanes(crc, &p, &n);
#endif
	for (; n >= 8; p += 8, n -= 8)
		crc = CRC_WORD(crc, word(p));
	for (; n > 0; p++, n--)
		crc = CRC_BYTE(crc, *p);
	return crc;
}

static bool
has_hardware(void)
{
#if defined(__x86_64__)
	return CPU_HAS(CRC32C_FEATURES);
#else
	return true;
#endif
}
#endif

#if defined(__x86_64__)
#define FOLD_FEATURES "avx512f", "avx512vl", "vpclmulqdq", "pclmul", "sse4.2"
#define FOLD_TARGET CPU_TARGET(FOLD_FEATURES)

/* v, then 256 bytes of next: v's halves times what moves them that far. */
FOLD_TARGET static inline __m512i
fold(__m512i v, __m512i far, const unsigned char *next)
{
	return _mm512_ternarylogic_epi64(_mm512_clmulepi64_epi128(v, far, 0x00),
	    _mm512_clmulepi64_epi128(v, far, 0x11), _mm512_loadu_si512(next),
	    0x96); /* the xor of all three */
}

/*
 * Four vectors of 64 bytes are each multiplied up to where the next 256 bytes
 * stand and added to those, modulo the polynomial; what is left at the end is
 * 256 bytes that have the same checksum as all.  (Gopal et al., Fast CRC
 * Computation for Generic Polynomials Using PCLMULQDQ Instruction.)
 */
FOLD_TARGET static uint32_t
by_folding(uint32_t crc, const unsigned char *p, size_t n)
{
	unsigned char rest[FOLD];
	__m512i v[4], far;
	int i;

	if (n < 2 * sizeof rest)
		return by_hardware(crc, p, n);
	/* The product of two reflected words is one bit short. */
	far = _mm512_broadcast_i32x4(_mm_set_epi64x(
	    (long long)before_fold << 1, (long long)after_fold << 1));
	for (i = 0; i < 4; i++)
		v[i] = _mm512_loadu_si512(p + 64 * i);
	v[0] = _mm512_xor_si512(
	    v[0], _mm512_zextsi128_si512(_mm_cvtsi32_si128((int)crc)));
	for (p += 256, n -= 256; n >= 256; p += 256, n -= 256) {
		v[0] = fold(v[0], far, p);
		v[1] = fold(v[1], far, p + 64);
		v[2] = fold(v[2], far, p + 128);
		v[3] = fold(v[3], far, p + 192);
	}
	for (i = 0; i < 4; i++)
		_mm512_storeu_si512(rest + 64 * i, v[i]);
	/* gcc does not see that others' code follows, which upper halves in use
	 * slow down: expf(3) 25 times. */
	_mm256_zeroupper();
	return by_hardware(by_hardware(0, rest, sizeof rest), p, n);
}

static bool
has_folding(void)
{
	return CPU_HAS(FOLD_FEATURES);
}
#endif

static bool
has_table(void)
{
	return true;
}

struct kernel {
	struct cpu_body cpu;
	crc_fn *sum;
};

#if defined(__x86_64__)
static const struct kernel fold_kernel = { { "avx512", has_folding },
	by_folding };
#endif
#ifdef CRC_TARGET
static const struct kernel hardware_kernel = { { "hw", has_hardware },
	by_hardware };
#endif
static const struct kernel table_kernel = { { "plain", has_table }, by_words };

static const struct cpu_body *const kernels[] = {
#if defined(__x86_64__)
	&fold_kernel.cpu,
#endif
#ifdef CRC_TARGET
	&hardware_kernel.cpu,
#endif
	&table_kernel.cpu,
	NULL,
};

/* Makes the tables and chooses the body. */
static void
begin(void)
{
	const struct kernel *kernel;
	uint32_t crc, i;
	int k;

	for (i = 0; i < 256; i++) {
		crc = i;
		for (k = 0; k < 8; k++)
			crc = crc & 1 ? crc >> 1 ^ POLYNOMIAL : crc >> 1;
		table[0][i] = crc;
	}
	for (i = 0; i < 256; i++)
		for (k = 1; k < 8; k++)
			table[k][i] = table[k - 1][i] >> 8 ^
				      table[0][table[k - 1][i] & 0xff];
	powers[0] = 0x40000000u;
	inverse[0] = 0x05ec76f1u;
	for (i = 1; i < 31; i++) {
		powers[i] = times(powers[i - 1], powers[i - 1]);
		inverse[i] = times(inverse[i - 1], inverse[i - 1]);
	}
	make_shift(after_long, LONG_LANE);
	make_shift(after_short, SHORT_LANE);
	for (i = 1; i <= 2 * LAST_WORDS; i++)
		after_words[i] = mover(8 * i);
	after_lanes[0] = mover(2 * CRC32C_LANE);
	after_lanes[1] = mover(CRC32C_LANE);
	before_fold = power_of_bytes(FOLD - 4);
	after_fold = power_of_bytes(FOLD + 4);
	/* Each begins with its cpu. */
	kernel = (const void *)cpu_pick(kernels);
	body = kernel->sum;
}

uint32_t
crc32c(uint32_t crc, const void *p, size_t n)
{
	if (body == NULL)
		begin();
	return ~body(~crc, p, n);
}

uint32_t
crc32c_join(uint32_t a, uint32_t b, uint64_t b_length)
{
	if (body == NULL)
		begin();
	return times(power_of_bytes(b_length), a) ^ b;
}

uint32_t
crc32c_head(uint32_t whole, uint32_t b, uint64_t b_length)
{
	if (body == NULL)
		begin();
	return times(power(inverse, b_length), whole ^ b);
}

uint32_t
crc32c_tail(uint32_t whole, uint32_t a, uint64_t b_length)
{
	return crc32c_join(a, whole, b_length);
}

void
crc32c_lanes_begin(
    struct crc32c_lanes *l, uint32_t crc, const void *p, size_t n)
{
	if (body == NULL)
		begin();
	*l = (struct crc32c_lanes){ .sum = { ~crc },
		.at = p,
		.end = (const char *)p + n,
		.after = { after_lanes[0], after_lanes[1] } };
}

#if defined(__x86_64__)
CRC_TARGET static void
end_run(struct crc32c_lanes *l)
{
	while (l->lane_end != NULL)
		crc32c_lanes_turn(l);
}
#endif

uint32_t
crc32c_lanes_end(struct crc32c_lanes *l)
{
#if defined(__x86_64__)
	/* A run was begun with the instruction, which is there. */
	end_run(l);
#endif
	return crc32c(~l->sum[0], l->at, (size_t)(l->end - l->at));
}
