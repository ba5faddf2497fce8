/*
 * Sets of record numbers, kept as ranges: those that touch are one, so that
 * what comes nearly in order takes little memory.  What comes in any order
 * takes 16 bytes a range, and the time of a binary search.
 */
#ifndef BASE_RANGES_H
#define BASE_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range {
	uint64_t from, to; /* to is not in it */
};

struct chunk;

/* Zero one to begin with. */
struct ranges {
	struct chunk **chunk; /* of ranges in order, apart from each other */
	size_t n, size;
};

/* Adds the numbers from..to-1. */
void ranges_add(struct ranges *r, uint64_t from, uint64_t to);

/* How many of the numbers from..to-1 are in r, and not in without (NULL:
 * nothing). */
uint64_t ranges_count(const struct ranges *r, const struct ranges *without,
    uint64_t from, uint64_t to);

/* The least number from..to-1 that is in r and not in without; `to` if there
 * is none. */
uint64_t ranges_first(const struct ranges *r, const struct ranges *without,
    uint64_t from, uint64_t to);

/* The first range that ends after this number; false if there is none. */
bool ranges_next(const struct ranges *r, uint64_t after, struct range *one);

/* Whether the numbers in r are those below one of them, and some. */
bool ranges_is_one(const struct ranges *r);

/* The number after the last; 0 if there is none. */
uint64_t ranges_end(const struct ranges *r);

void ranges_free(struct ranges *r);

#endif
