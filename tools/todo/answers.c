#include "todo/answers.h"

#include <stdlib.h>

#include "base/mem.h"
#include "format/frame.h"

struct answer
answer_of(const struct ref *r)
{
	const struct frame_format *format = frame_formats[r->split];
	struct answer a = { .offset = r->offset,
		.length = r->length,
		.r = { .first = r->first, .count = r->count },
		.crc32c = r->crc32c,
		.has_crc32c = r->has_crc32c,
		.bare = r->bare };

	/* A bare range has no frame, but the next record begins after it. */
	if (r->bare && format != NULL && a.offset >= format->head &&
	    a.offset <= INT64_MAX && a.length <= INT64_MAX) {
		a.offset -= format->head;
		a.length += format->head + format->foot_size(a.length);
	}
	return a;
}

void
answers_add(struct answers *as, struct answer a)
{
	if (as->n == as->size) {
		as->size += as->size / 2 + 1;
		as->list = mem_resize(as->list, as->size, sizeof *as->list);
	}
	as->list[as->n++] = a;
	as->sorted = false;
}

static int
compare(const void *x, const void *y)
{
	const struct answer *a = x, *b = y;

	if (a->r.first != b->r.first)
		return a->r.first < b->r.first ? -1 : 1;
	if (a->r.count != b->r.count)
		return a->r.count > b->r.count ? -1 : 1;
	return (a->offset > b->offset) - (a->offset < b->offset);
}

void
answers_sort(struct answers *as)
{
	if (!as->sorted && as->n > 1)
		qsort(as->list, as->n, sizeof *as->list, compare);
	as->sorted = true;
}

const struct answer *
answers_same(const struct answers *as, const struct answer *a)
{
	size_t low = 0, high = as->n, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare(&as->list[middle], a) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low < as->n && compare(&as->list[low], a) == 0 &&
		       as->list[low].length == a->length
		   ? &as->list[low]
		   : NULL;
}

void
answers_free(struct answers *as)
{
	free(as->list);
	memset(as, 0, sizeof *as);
}
