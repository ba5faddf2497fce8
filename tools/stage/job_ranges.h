/*
 * Sets of record numbers, kept as ranges: those that touch are one, so that
 * what comes nearly in order takes little memory.  What comes in any order is
 * put aside first, and into its place with others at once.
 */
#ifndef STAGE_JOB_RANGES_H
#define STAGE_JOB_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range {
	uint64_t from, to; /* to is not in it */
};

/* Zero one to begin with. */
struct ranges {
	struct range *p; /* in order, apart from each other */
	size_t n, size;
	struct range *aside;
	size_t n_aside, size_aside;
};

/* Adds the numbers from..to-1.  True where nothing is aside: what is, the
 * others do not see. */
bool ranges_add(struct ranges *r, uint64_t from, uint64_t to);

/* Leaves nothing aside. */
void ranges_settle(struct ranges *r);

/* How many of the numbers from..to-1 are in r, and not in without (NULL:
 * nothing). */
uint64_t ranges_count(const struct ranges *r, const struct ranges *without,
    uint64_t from, uint64_t to);

/* The least number from..to-1 that is in r and not in without; to where there
 * is none. */
uint64_t ranges_first(const struct ranges *r, const struct ranges *without,
    uint64_t from, uint64_t to);

void ranges_free(struct ranges *r);

#endif
