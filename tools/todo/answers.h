/*
 * Result lines as ranges of an object's records and bytes.
 */
#ifndef TODO_ANSWERS_H
#define TODO_ANSWERS_H

#include "format/ref.h"
#include "format/settled.h"

struct answer {
	struct settled_range r;
	uint64_t offset, length; /* bytes; of a bare range with its frame */
	uint32_t crc32c;
	uint32_t has_crc32c : 1;
	uint32_t bare : 1; /* crc32c is that of the payload alone */
	uint32_t sum : 30; /* of the line up to its keys */
};

/* Zero one to begin with. */
struct answers {
	struct answer *list;
	size_t n, size;
	bool sorted;
};

struct answer answer_of(const struct ref *r);

void answers_add(struct answers *as, struct answer a);

/* By the first record; of those with the same one the longest first. */
void answers_sort(struct answers *as);

/* After answers_sort: one of the same bytes and records as a; or NULL. */
const struct answer *answers_same(
    const struct answers *as, const struct answer *a);

void answers_free(struct answers *as);

#endif
