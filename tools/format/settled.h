/*
 * Which records of an object are settled: ranges of them, with what is known
 * of each, none of which overlaps another.  The first result line that names a
 * record counts; one that names a settled record, too, does not.
 */
#ifndef FORMAT_SETTLED_H
#define FORMAT_SETTLED_H

#include <stdbool.h>
#include <stdint.h>

/* What an element begins with. */
struct settled_range {
	uint64_t first, count;	/* records; count is not 0 */
	uint32_t before, after; /* settled.c's */
};

/* Zero one to begin with, and set element to the bytes of an element. */
struct settled {
	char *list;
	uint32_t element;
	uint32_t n, size; /* elements that were ever used, and room */
	uint32_t top, unused;
};

/* Adds a range that overlaps no other: its element, zero but for the range,
 * borrowed until the next settled_add. */
void *settled_add(struct settled *s, uint64_t first, uint64_t count);

/* The first of them that ends after this record; NULL if none does. */
void *settled_after(const struct settled *s, uint64_t record);

/* Whether one of these records is in it. */
bool settled_has(const struct settled *s, uint64_t first, uint64_t count);

/* Takes out the first of them. */
void settled_drop_first(struct settled *s);

void settled_free(struct settled *s);

#endif
