/*
 * Where records end in lines of text, and whether CSV is quoted as RFC 4180
 * has it: one pass at memory speed.
 *
 * A record ends after LF; a CR before it belongs to the record.  With csv,
 * every quote is looked at too: an LF inside a quoted field, bytes after a
 * closing quote and a quote that is never closed are refused.  A quote inside
 * an unquoted field is data; a blank before a quote makes the field unquoted
 * (RFC 4180, 2.4: spaces are part of a field).  Where a quote stands in an
 * unusual place libcsv decides.
 *
 * The work is done by one of several bodies with equal results, the fastest
 * that the machine has; BT_CPU=avx512|avx2|sse2|neon|plain in the
 * environment forces one that it has.
 */
#ifndef FORMAT_SCAN_H
#define FORMAT_SCAN_H

#include <stdint.h>

#include "base/span.h"

enum scan_problem {
	SCAN_FINE,
	SCAN_EMBEDDED_NEWLINE,	 /* an LF inside a quoted field */
	SCAN_UNTERMINATED_QUOTE, /* the object ends inside a quoted field */
	SCAN_AFTER_QUOTE,	 /* bytes after a closing quote */
	SCAN_BARE_QUOTE		 /* strict: a quote inside an unquoted field */
};

struct scan {
	/* Set by the caller before the first call; all else zero. */
	bool csv;    /* look at quotes */
	bool strict; /* refuse a quote inside an unquoted field */
	bool keep;   /* an LF inside quotes belongs to its record */

	/* Totals so far. */
	uint64_t bytes; /* scanned */
	uint64_t lines; /* LFs, wherever they stand */
	uint64_t ends;	/* LFs that end a line that is not inside quotes */
	uint64_t blank; /* of these, lines of nothing, or of a CR alone */

	/* Of the last call. */
	size_t end; /* bytes up to and with its last end; 0: it had none */
	size_t bad; /* where the problem is, from the call's first byte */

	/* What is carried from call to call: scan.c's own. */
	unsigned char state;
	unsigned char line;
	struct scan_odd
	    *odd; /* libcsv at work on a record with unusual quotes */
};

/*
 * Scans the next n bytes of the object.  Returns SCAN_FINE, or the first
 * problem, whose place is in s->bad; the scan is over then.  That is the place
 * of the LF, of the quote, or of the first byte that may not follow a closing
 * quote (after a CR without an LF, the byte after it).
 */
enum scan_problem scan_block(struct scan *s, const char *p, size_t n);

/* The same, and sums all n bytes: *crc is as crc32c() takes and gives it. */
enum scan_problem scan_block_summed(
    struct scan *s, const char *p, size_t n, uint32_t *crc);

/*
 * The same for up to max ends: writes where each line ends (just past its LF,
 * from p; blank lines too) to ends[] and their number to *count, and stops
 * after the last that has room.  *used is how many bytes it scanned: n, or
 * ends[max - 1].  n is at most 2^32 - 1.
 */
enum scan_problem scan_index(struct scan *s, const char *p, size_t n,
    uint32_t *ends, size_t max, size_t *count, size_t *used);

/* The object has ended: SCAN_FINE, or SCAN_UNTERMINATED_QUOTE (s->bad is 0). */
enum scan_problem scan_finish(struct scan *s);

/* Where the next byte of CSV stands. */
enum scan_state {
	AT_FIELD,
	AT_UNQUOTED,
	AT_QUOTED,
	AT_CLOSED,
	AT_CLOSED_CR, /* only LF may follow */
	AT_ODD	      /* libcsv knows */
};

/*
 * Writes the place of each comma and LF from p on that is not inside quotes to
 * *out, which it moves on and which has room for one for each byte: counted
 * from origin, LFs with SCAN_RECORD_END added.  *state says where p stands, and
 * then where the place stands that is returned: fewer than 64 bytes before end,
 * or at most 64 bytes before one that the caller must decide on.
 */
#define SCAN_RECORD_END 0x80000000u
const char *scan_separators(enum scan_state *state, const char *p,
    const char *end, const char *origin, uint32_t **out);

/* Gives back what the scan holds; to be called after a problem too. */
void scan_free(struct scan *s);

/* The words for a problem, a constant: "a newline inside a quoted field". */
const char *scan_says(enum scan_problem problem);

/* The name of the body in use: "avx2". */
const char *scan_kernel_name(void);

#endif
