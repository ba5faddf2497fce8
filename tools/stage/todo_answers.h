/*
 * Which records of an object were answered: the ranges that its result lines
 * name, in order.
 */
#ifndef STAGE_TODO_ANSWERS_H
#define STAGE_TODO_ANSWERS_H

#include "format/ref.h"

struct answer {
	uint64_t offset, length; /* bytes; of a bare range with its frame */
	uint64_t first, count;	 /* records */
	uint32_t crc32c;
	bool has_crc32c;
	bool bare; /* crc32c is that of the payload alone */
};

/* Zero one to begin with. */
struct answers {
	struct answer *list;
	size_t n, size;
	bool sorted;
};

struct answer answer_of(const struct ref *r);

void answers_add(struct answers *as, struct answer a);

/*
 * In the order of their records; a range whose records are all in another is
 * left out, so that both ends grow from one to the next.
 */
void answers_settle(struct answers *as);

/* After answers_settle: the first of them that ends after this record. */
size_t answers_find(const struct answers *as, uint64_t record);

/* The same order, with nothing left out. */
void answers_sort(struct answers *as);

/* After answers_sort: one of the same bytes and records as a; or NULL. */
const struct answer *answers_same(
    const struct answers *as, const struct answer *a);

void answers_free(struct answers *as);

#endif
