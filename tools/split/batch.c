#include "split/batch.h"

#include "base/crc32c.h"

void
batch_begin(struct batch *b, uint64_t at, uint64_t first)
{
	b->start = b->cut = b->line = b->seen = at;
	b->sum = b->sum_line = b->sum_seen = 0;
	b->first = first;
	b->count = 0;
}

/* Sums the bytes of *p from seen to end. */
static uint32_t
sum_upto(struct batch *b, const char **p, uint64_t end)
{
	size_t n = (size_t)(end - b->seen);

	if (n > 0)
		b->sum_seen = crc32c(b->sum_seen, *p, n);
	b->seen = end;
	*p += n;
	return b->sum_seen;
}

/* The sum of what is before mark, from that of all up to upto, which is at end:
 * that without the rest. */
static uint32_t
sum_before(const struct batch *b, uint32_t sum, const char *end, uint64_t upto,
    uint64_t mark)
{
	uint64_t n = upto - mark;

	return mark == b->seen
		   ? b->sum_seen
		   : crc32c_head(sum, crc32c(0, end - n, (size_t)n), n);
}

void
batch_sum(struct batch *b, const char *p, uint64_t at, uint64_t upto)
{
	p += b->seen - at;
	/* Where the sum ends, they may have come just now. */
	if (b->cut >= b->seen)
		b->sum = b->sum_line = sum_upto(b, &p, b->cut);
	if (b->line >= b->seen)
		b->sum_line = sum_upto(b, &p, b->line);
	if (upto > b->seen)
		sum_upto(b, &p, upto);
}

void
batch_summed(
    struct batch *b, const char *p, uint64_t at, uint64_t upto, uint32_t sum)
{
	const char *end = p + (upto - at);

	/* As in batch_sum. */
	if (b->cut >= b->seen)
		b->sum = b->sum_line = sum_before(b, sum, end, upto, b->cut);
	if (b->line >= b->seen && b->line > b->cut)
		b->sum_line = sum_before(b, sum, end, upto, b->line);
	b->sum_seen = sum;
	b->seen = upto;
}

void
batch_next(struct batch *b)
{
	b->sum_seen = b->seen > b->line ? crc32c_tail(b->sum_seen, b->sum_line,
					      b->seen - b->line)
					: 0;
	b->start = b->cut = b->line;
	b->sum = b->sum_line = 0;
	b->first += b->count;
	b->count = 0;
}
