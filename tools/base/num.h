/*
 * Numbers in options, references and messages: unsigned, decimal, nothing
 * around them.
 */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdint.h>

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

#endif
