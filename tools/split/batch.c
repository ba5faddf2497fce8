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
