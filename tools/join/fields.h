/*
 * Fields of records and predictions, found fast.
 */
#ifndef JOIN_FIELDS_H
#define JOIN_FIELDS_H

#include "format/csv.h"

enum { REPLY_FIELDS = 8 };

/* Copies up to 16 bytes as 16: both ends have slack. */
static inline char *
field_copy(char *to, const char *from, size_t n)
{
	if (n <= 16)
		memcpy(to, from, 16);
	else
		memcpy(to, from, n);
	return to + n;
}

/* The fields of a prediction; 0 if they are more than REPLY_FIELDS. */
static inline size_t
prediction_fields(struct span text, struct span *f)
{
	size_t n;

	f[0] = text;
	if (memchr(text.p, ',', text.n) == NULL)
		return 1;
	n = csv_fields(text, f, REPLY_FIELDS);
	return n <= REPLY_FIELDS ? n : 0;
}

#endif
