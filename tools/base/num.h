/*
 * Numbers in options, references and messages: unsigned, decimal, nothing
 * around them.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdint.h>
#include <string.h>

#include "base/span.h"

enum { NUM_MAX = 20 }; /* digits of the largest uint64_t */

/*
 * The value of s, from min to max.  *why is NULL, or what is wrong ("not a
 * whole number", "less than 1", ...: memory of num_parse's until its next
 * call), and then 0 is returned.
 */
uint64_t num_parse(struct span s, uint64_t min, uint64_t max, const char **why);

/* Writes v at p, at most NUM_MAX bytes and no NUL; returns where it ends. */
char *num_put(char *p, uint64_t v);

extern const char num_pairs[]; /* "00" to "99" */

/* The same so that it ends at end; returns where it begins. */
static inline char *
num_put_before(char *end, uint64_t v)
{
	for (; v >= 100; v /= 100)
		memcpy(end -= 2, num_pairs + v % 100 * 2, 2);
	if (v < 10)
		*--end = (char)('0' + v);
	else
		memcpy(end -= 2, num_pairs + v * 2, 2);
	return end;
}

/* The value of a hexadecimal digit of either case, or -1. */
int num_hex_digit(char c);

/* 32 bits as eight hexadecimal digits, which is how checksums are written:
 * num_hex32 returns 0, or -1 for anything else. */
int num_hex32(struct span s, uint32_t *v);
char *num_put_hex32(char *p, uint32_t v);

#endif
