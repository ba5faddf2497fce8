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

/* Adds what the field stands for: the quotes around it taken off, two in it
 * made one. */
void csv_unquote(struct buf *out, struct span field);

/* Adds text as a field, in quotes where it needs them. */
void csv_quote(struct buf *out, struct span text);

#endif
