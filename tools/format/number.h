/*
 * Decimal text to float and back.
 */
#ifndef FORMAT_NUMBER_H
#define FORMAT_NUMBER_H

#include "base/span.h"

enum { NUMBER_MAX = 32 };	/* bytes that number_write needs at the most */

/*
 * Reads a number at p, before end: what strtod(3) reads in the C locale,
 * hexadecimal left out, no white space before it; "nan", "inf", "infinity" in
 * any case.  Sets *v to the value of (float)strtod.  Returns where it ends, p
 * where there is none.
 */
const char *number_read(const char *p, const char *end, float *v);

/* Writes the shortest text that reads back to v, no NUL; returns its end.
 * "nan", "inf", "-inf" where it is no number. */
char *number_write(char *p, float v);

#endif
