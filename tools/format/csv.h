/*
 * Fields of CSV records, as spans of their own text (RFC 4180; format/scan.h
 * says what is done about quotes in unusual places).
 */
#ifndef FORMAT_CSV_H
#define FORMAT_CSV_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/*
 * Where the field at p ends: at a comma, or at end.  As in libcsv without its
 * strict mode, a quote in an unquoted field is data, and after a closing quote
 * that is not one (bytes follow it) the field is still open.
 */
static inline const char *
csv_field_end(const char *p, const char *end)
{
	const char *q;

	if (p == end || *p != '"') {
		q = memchr(p, ',', (size_t)(end - p));
		return q != NULL ? q : end;
	}
	for (p++; p < end; p = q + 2) {
		q = memchr(p, '"', (size_t)(end - p));
		if (q == NULL || q + 1 == end)
			break;
		if (q[1] == ',')
			return q + 1;
	}
	return end;
}

/*
 * Cuts a record (without its line end) into fields, quotes and blanks
 * included.  Returns how many the record has (a record without bytes has one,
 * empty); the first max of them are written.
 */
size_t csv_fields(struct span record, struct span *fields, size_t max);

/*
 * For a block of whole records: writes the place of every comma and LF that is
 * not inside quotes to at[], which has room for n entries, LFs with
 * CSV_RECORD_END added.  n is less than CSV_RECORD_END.  Returns how many.
 */
#define CSV_RECORD_END 0x80000000u
size_t csv_index(const char *p, size_t n, uint32_t *at);

/* How many commas among the next n bytes of a record end a field; *state is 0
 * where the record begins. */
size_t csv_commas(int *state, const char *p, size_t n);

/* Adds what the field stands for: the quotes around it taken off, two in it
 * made one. */
void csv_unquote(struct buf *out, struct span field);

/* Adds text as a field, in quotes where it needs them. */
void csv_quote(struct buf *out, struct span text);

#endif
