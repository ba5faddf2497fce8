/*
 * The loop of a body, included by each with these defined:
 *
 *	TARGET	the attribute of functions that use its instructions
 *	NAME	the struct scan_body to define, and LABEL its name
 *	struct block	64 bytes
 *	block_load(p)
 *	block_mask(b, c)	which of them are c
 *	fill(m)	each bit the xor of all bits up to it
 *	ones(m)	how many bits are set
 *	usable()
 */
#ifdef NAME
#include "format/scan_body.h"

#define INLINE TARGET static inline __attribute__((always_inline))
#define UNLIKELY(x) __builtin_expect((x) != 0, 0)

/* The mask of what stands right after m's bytes. */
#define AFTER(m, m_before) ((m) << 1 | (m_before) >> 63)
#define TWO_AFTER(m, m_before) ((m) << 2 | (m_before) >> 62)

/*
 * odd: the bytes that stand where RFC 4180 has none like them, of which
 * `after` follow a closing quote.  False where one is anything but the CR of
 * a CR LF in this step.
 */
INLINE bool
only_line_ends(uint64_t odd, uint64_t after, uint64_t cr, uint64_t lf)
{
	return (odd & ~(after & cr)) == 0 && odd >> 63 == 0 &&
	       (odd << 1 & ~lf) == 0;
}

/* Blank lines: an end, right after another or with a CR between. */
INLINE uint64_t
blank_lines(const struct scan_walk *w, const char *p, uint64_t cr, uint64_t end)
{
	uint64_t cr_before =
	    (uint64_t)(p == w->from ? w->cr_before : p[-1] == '\r') << 63;

	return end & (AFTER(end, w->end) |
			 (AFTER(cr, cr_before) & TWO_AFTER(end, w->end)));
}

/* Writes base plus the place of each bit, at out and up to 7 more. */
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

enum { COUNT, ENDS, SEPARATORS };

INLINE const char *
walk(struct scan_walk *walked, const char *p, const char *end, bool csv,
    int list)
{
	struct scan_walk w = *walked;
	uint64_t quote, lf, comma, inside, opening, closing, separator, after;
	uint64_t odd, ends, m;
	uint32_t at, *out;
	struct block b;

	for (; end - p >= 64; p += 64) {
		b = block_load(p);
		ends = lf = block_mask(b, '\n');
		if (csv) {
			quote = block_mask(b, '"');
			comma = block_mask(b, ',');
			inside =
			    fill(quote) ^ (uint64_t)((int64_t)w.inside >> 63);
			opening = quote & inside;
			closing = quote & ~inside;
			separator = comma | lf;
			after = AFTER(closing, w.closing);
			odd = (opening & ~after &
				  ~AFTER(separator, w.separator)) |
			      (after & ~opening & ~separator);
			if (UNLIKELY(odd) && !only_line_ends(odd, after,
						 block_mask(b, '\r'), lf))
				break;
			if (UNLIKELY(lf & inside)) {
				if (!w.keep)
					break;
				ends = lf & ~inside;
			}
		}
		if (list == ENDS) {
			if (UNLIKELY(w.limit - w.out <= (ptrdiff_t)ones(ends)))
				break;
			w.out = put_places(
			    w.out, (uint32_t)(p - w.origin) + 1, ends);
		}
		if (list == SEPARATORS) {
			at = (uint32_t)(p - w.origin);
			out = w.out;
			w.out = put_places(out, at, separator & ~inside);
			for (m = ends; m != 0; m &= m - 1)
				out[ones(separator & ~inside &
					 ((m & -m) - 1))] |= SCAN_RECORD_END;
		} else {
			w.ends += ones(ends);
			w.inner += ones(lf ^ ends);
			m = AFTER(ends, w.end) | TWO_AFTER(ends, w.end);
			if (UNLIKELY(ends & m))
				w.blank += ones(blank_lines(
				    &w, p, block_mask(b, '\r'), ends));
			if (ends != 0) {
				w.last_step = p;
				w.last_end = ends;
			}
		}
		w.end = ends;
		if (csv) {
			w.inside = inside;
			w.closing = closing;
			w.separator = separator;
		}
	}
	*walked = w;
	return p;
}

TARGET static const char *
csv(struct scan_walk *w, const char *p, const char *end)
{
	return walk(w, p, end, true, COUNT);
}

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

const struct scan_body NAME = { LABEL, usable, csv, csv_ends, lines, line_ends,
	separators };
#endif
