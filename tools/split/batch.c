#include "split/batch.h"

#include "base/crc32c.h"

void
batch_begin(struct batch *b, uint64_t at, uint64_t first)
{
	b->start = b->cut = b->line = b->seen = b->sum_cut = b->sum_line = at;
	b->sum = b->gap = b->tail = 0;
	b->first = first;
	b->count = 0;
}

/* The checksum of n bytes followed by n_more, from those of both. */
static uint32_t
join(uint32_t sum, uint64_t n, uint32_t more, uint64_t n_more)
{
	if (n == 0)
		return more;
	return n_more == 0 ? sum : crc32c_join(sum, more, n_more);
}

/* Adds to the tail the bytes of p from seen to end. */
static void
sum_tail(struct batch *b, const char **p, uint64_t end)
{
	size_t n = (size_t)(end - b->seen);

	b->tail = crc32c(b->tail, *p, n);
	b->seen = end;
	*p += n;
}

void
batch_sum(struct batch *b, const char *p, uint64_t at, uint64_t upto)
{
	p += b->seen - at;
	if (b->cut > b->sum_cut) {
		sum_tail(b, &p, b->cut);
		b->sum = join(b->sum, b->sum_cut - b->start, b->gap,
		    b->sum_line - b->sum_cut);
		b->sum = join(b->sum, b->sum_line - b->start, b->tail,
		    b->cut - b->sum_line);
		b->gap = b->tail = 0;
		b->sum_cut = b->sum_line = b->cut;
	}
	if (b->line > b->sum_line) {
		sum_tail(b, &p, b->line);
		b->gap = join(b->gap, b->sum_line - b->sum_cut, b->tail,
		    b->line - b->sum_line);
		b->tail = 0;
		b->sum_line = b->line;
	}
	if (upto > b->seen)
		sum_tail(b, &p, upto);
}

void
batch_next(struct batch *b)
{
	b->start = b->cut = b->sum_cut = b->line;
	b->sum = b->gap = 0;
	b->first += b->count;
	b->count = 0;
}
