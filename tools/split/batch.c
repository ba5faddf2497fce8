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
batch_summed(
    struct batch *b, const char *p, uint64_t at, uint64_t upto, uint32_t sum)
{
	uint64_t marks[2] = { b->cut, b->line }, rest;
	uint32_t *const sums[2] = { &b->sum, &b->sum_line };
	int i;

	/* The sum of what is before a mark is that of all without the rest. */
	for (i = 0; i < 2; i++) {
		if (marks[i] < b->seen)
			continue;
		rest = upto - marks[i];
		*sums[i] = b->sum_seen;
		if (i == 1 && marks[1] == marks[0])
			*sums[1] = *sums[0];
		else if (marks[i] > b->seen)
			*sums[i] = crc32c_head(sum,
			    crc32c(0, p + (marks[i] - at), (size_t)rest), rest);
	}
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
