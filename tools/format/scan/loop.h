/*
 * The loop of a body, included by each with these defined:
 *
 *	TARGET	the attribute of functions that use its instructions
 *	NAME	the struct scan_kernel to define, and LABEL its name
 *	struct block	64 bytes
 *	block_load(p)
 *	block_mask(b, c)	which of them are c
 *	fill(m)	each bit the xor of all bits up to it
 *	ones(m)	how many bits are set
 *	usable()
 *	HAVE_PUT_ROOMY, put_roomy()	if it has a quicker put_places, which
 *		may write 64 places, whatever m is
 *	HAVE_MANY, MANY	if it has a better many() than the one here, which it
 *		defines afterwards
 *	HAVE_SUMMED	if that makes turns of w->lanes
 */
#ifdef NAME
#include "format/scan/kernel.h"

#define INLINE TARGET static inline __attribute__((always_inline))
#define UNLIKELY(x) __builtin_expect((x) != 0, 0)

/* The mask of what stands right after m's bytes. */
#define AFTER(m, m_before) ((m) << 1 | (m_before) >> 63)
#define TWO_AFTER(m, m_before) ((m) << 2 | (m_before) >> 62)

/* Blank lines: an end, right after another or with a CR between. */
INLINE uint64_t
blank_lines(const struct scan_walk *w, const char *p, uint64_t cr, uint64_t end)
{
	uint64_t cr_before =
	    (uint64_t)(p == w->from ? w->cr_before : p[-1] == '\r') << 63;

	return end & (AFTER(end, w->end) |
			 (AFTER(cr, cr_before) & TWO_AFTER(end, w->end)));
}

/*
 * Bytes that stand where RFC 4180 has none like them: a quote that opens a
 * field elsewhere than at its start, a byte after a closing quote that neither
 * ends the field nor doubles the quote.  Outside quotes the byte before an
 * opening quote is a mark too if it is a closing quote.
 */
INLINE uint64_t
odd_bytes(const struct scan_walk *w, struct block b, uint64_t quote,
    uint64_t lf, uint64_t mark, uint64_t inside)
{
	uint64_t opening = quote & inside & ~AFTER(mark, w->mark);
	uint64_t after = AFTER(quote, w->quote) & ~(mark | inside);

	/* The CR of a CR LF is well there, if the LF is in this step. */
	if (UNLIKELY(after) && after >> 63 == 0 && (after << 1 & ~lf) == 0)
		after &= ~block_mask(b, '\r');
	return opening | after;
}

#ifndef HAVE_MANY
enum { MANY = 256 };
#endif

/* Writes base plus the place of each bit. */
INLINE uint32_t *
put_places(uint32_t *out, uint32_t base, uint64_t m)
{
	uint32_t *done = out + ones(m);

	while (m != 0) {
		*out++ = base + (uint32_t)__builtin_ctzll(m);
		m &= m - 1;
	}
	return done;
}

enum { COUNT, SUMMED, ENDS, SEPARATORS };

/* Lists the ends of MANY bytes at p; or not, if that is not asked for. */
INLINE void
put_ends(struct scan_walk *w, const char *p, const uint64_t *ends, int list)
{
	uint32_t at = (uint32_t)(p - w->origin) + 1;
	int i;

	for (i = 0; list == ENDS && i < MANY / 64; i++)
		w->out = put_places(w->out, at + 64 * (uint32_t)i, ends[i]);
}

/* Whether there are MANY bytes, and room for an end at each. */
INLINE bool
are_many(const struct scan_walk *w, const char *p, const char *end, int list)
{
	return end - p >= MANY && (list < ENDS || w->limit - w->out > MANY);
}

#ifdef HAVE_MANY
/* Walks on while there are many bytes and all is as it mostly is. */
INLINE const char *many(
    struct scan_walk *w, const char *p, const char *end, int list);
#else
/*
 * MANY bytes at once if all is as it mostly is: no odd bytes, no LF in quotes,
 * no blank line (or a line of one byte).  Else false, and w is as it was.
 */
INLINE bool
many_steps(struct scan_walk *walked, const char *p, int list)
{
	struct scan_walk w = *walked;
	uint64_t ends[MANY / 64], lf, quote, mark, inside, unusual = 0, any = 0;
	struct block b;
	int i;

#pragma GCC unroll 4
	for (i = 0; i < 4; i++) {
		b = block_load(p + 64 * i);
		lf = block_mask(b, '\n');
		quote = block_mask(b, '"');
		mark = lf | quote | block_mask(b, ',');
		inside = fill(quote) ^ (uint64_t)((int64_t)w.inside >> 63);
		unusual |=
		    odd_bytes(&w, b, quote, lf, mark, inside) |
		    (lf & (inside | AFTER(lf, w.end) | TWO_AFTER(lf, w.end)));
		w.ends += ones(lf);
		ends[i] = lf;
		any |= lf;
		w.end = lf;
		w.quote = quote;
		w.mark = mark;
		w.inside = inside;
	}
	if (UNLIKELY(unusual))
		return false;
	w.last_many = any != 0 ? p + MANY : w.last_many;
	put_ends(&w, p, ends, list);
	*walked = w;
	return true;
}

INLINE const char *
many(struct scan_walk *w, const char *p, const char *end, int list)
{
	while (are_many(w, p, end, list) && many_steps(w, p, list))
		p += MANY;
	return p;
}
#endif

#ifndef HAVE_PUT_ROOMY
#define put_roomy put_places
#endif

INLINE uint32_t *
put_separators(uint32_t *out, uint32_t base, uint64_t separator, uint64_t end)
{
	uint32_t *done = put_roomy(out, base, separator);

	for (; end != 0; end &= end - 1)
		out[ones(separator & ((end & -end) - 1))] |= SCAN_RECORD_END;
	return done;
}

/* One step; false, with nothing done, if it is not a body's to decide. */
INLINE bool
step(struct scan_walk *w, const char *p, bool csv, int list)
{
	struct block b = block_load(p);
	uint64_t lf = block_mask(b, '\n'), ends = lf, quote, mark, inside, near;
	uint32_t at = (uint32_t)(p - w->origin);

	if (csv) {
		quote = block_mask(b, '"');
		mark = lf | quote | block_mask(b, ',');
		inside = fill(quote) ^ (uint64_t)((int64_t)w->inside >> 63);
		if (UNLIKELY(odd_bytes(w, b, quote, lf, mark, inside)))
			return false;
		ends = lf & ~inside;
		if (UNLIKELY(ends != lf) && !w->keep)
			return false;
	}
	if (list == ENDS) {
		if (UNLIKELY(w->limit - w->out <= (ptrdiff_t)ones(ends)))
			return false;
		w->out = put_places(w->out, at + 1, ends);
	}
	if (list == SEPARATORS)
		w->out =
		    put_separators(w->out, at, mark & ~(quote | inside), ends);
	if (list != SEPARATORS && ends != 0) {
		near = AFTER(ends, w->end) | TWO_AFTER(ends, w->end);
		if (UNLIKELY(ends & near))
			w->blank +=
			    ones(blank_lines(w, p, block_mask(b, '\r'), ends));
		w->ends += ones(ends);
		w->last = p + 64 - __builtin_clzll(ends);
	}
	w->end = ends;
	if (csv) {
		w->inner += ones(lf ^ ends);
		w->quote = quote;
		w->mark = mark;
		w->inside = inside;
	}
	return true;
}

INLINE const char *
walk(struct scan_walk *walked, const char *p, const char *end, bool csv,
    int list)
{
	struct scan_walk w = *walked;
	const char *stop;
	bool good = true, tries = csv && list != SEPARATORS;

	while (good && end - p >= 64) {
		if (tries)
			p = many(&w, p, end, list);
		stop = tries && end - p >= MANY ? p + MANY : end;
		for (; stop - p >= 64 && (good = step(&w, p, csv, list));
		     p += 64)
			;
	}
	*walked = w;
	return p;
}

TARGET static const char *
csv(struct scan_walk *w, const char *p, const char *end)
{
	return walk(w, p, end, true, COUNT);
}

#ifdef HAVE_SUMMED
TARGET static const char *
csv_summed(struct scan_walk *w, const char *p, const char *end)
{
	return walk(w, p, end, true, SUMMED);
}
#else
#define csv_summed NULL
#endif

TARGET static const char *
csv_ends(struct scan_walk *w, const char *p, const char *end)
{
	return walk(w, p, end, true, ENDS);
}

TARGET static const char *
lines(struct scan_walk *w, const char *p, const char *end)
{
	return walk(w, p, end, false, COUNT);
}

TARGET static const char *
line_ends(struct scan_walk *w, const char *p, const char *end)
{
	return walk(w, p, end, false, ENDS);
}

TARGET static const char *
separators(struct scan_walk *w, const char *p, const char *end)
{
	return walk(w, p, end, true, SEPARATORS);
}

const struct scan_kernel NAME = { { LABEL, usable }, csv, csv_summed, csv_ends,
	lines, line_ends, separators };
#endif
