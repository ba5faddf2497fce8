/*
 * The records in bytes: in lines of text, or in what a reference names.
 */
#ifndef FORMAT_RECORDS_H
#define FORMAT_RECORDS_H

#include "base/buf.h"
#include "format/ref.h"
#include "format/scan.h"
#include "format/type.h"
#include "bt_model.h"

/* Zero one to begin with; it is used again and again. */
struct records {
	bool counts; /* set by the caller: only n is needed, no list */
	struct bt_span *list;
	size_t n, size;
	size_t at, seen; /* where the next line begins, and how far the lines
			  * were looked for */
	bool skips_blank;
	struct scan scan;  /* of the lines: its totals are of all of them */
	struct buf joined; /* the data of records that lie in parts */
	struct buf part;   /* of one of them */
	size_t in_parts;   /* how many of them */
};

/*
 * Begins to find lines.  With quotes, an LF inside a quoted field belongs to
 * its record, and what format/scan.h refuses is an error; with skips_blank,
 * lines that are empty, or only a CR, are not records.
 */
void records_begin(struct records *rs, bool quotes, bool skips_blank);

/*
 * Finds the records in body, which may grow from call to call but does not
 * move; all says that it has ended.  A line's end is not part of its record,
 * which is borrowed from body.  Returns 0, or -1 with what is wrong added to
 * why, in record rs->n.
 */
int records_lines(
    struct records *rs, struct span body, bool all, struct buf *why);

/*
 * Finds the records in body, as the reference's split says; a record's line
 * end, lengths and checksums are not part of it.  They are borrowed from body
 * and from rs.  Returns 0, or -1 with what is wrong added to why.
 */
int records_cut(struct records *rs, const struct ref *r, enum type_kind kind,
    struct span body, struct buf *why);

/* One more record. */
void records_add(struct records *rs, const char *p, size_t n);

/* Where record i of those found in body begins with its framing, in bytes of
 * body. */
size_t records_start(
    const struct records *rs, const struct ref *r, struct span body, size_t i);

void records_free(struct records *rs);

#endif
