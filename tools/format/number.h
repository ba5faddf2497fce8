/*
 * Decimal text to float and back.
 */
#ifndef FORMAT_NUMBER_H
#define FORMAT_NUMBER_H

#include "base/span.h"

enum { NUMBER_MAX = 32 }; /* the most bytes that number_write needs */

/*
 * Reads a number at p, before end: what strtod(3) reads in the C locale,
 * whatever the locale is; hexadecimal, "nan(...)" and white space before it
 * left out; "nan", "inf", "infinity" in any case.  Sets *v to the value of
 * (float)strtod: the nearest double, then the float nearest to that, as the
 * usual frameworks read a column of floats (strtof(3) differs in the last bit
 * where the double lies between two floats and the text does not).  Returns
 * where it ends, p if there is none (*v is then as it was).
 */
const char *number_read(const char *p, const char *end, float *v);

/*
 * Writes the shortest text that reads back to v, by number_read and by
 * strtof(3), of these the nearest to v; no NUL; returns its end.  It is spelled
 * as printf(3)'s %.9g would spell it: an exponent below 0.0001 and from 1e+09
 * on.  "nan" (whatever its sign), "inf",
 * "-inf" if it is not a number.
 */
char *number_write(char *p, float v);

#endif
