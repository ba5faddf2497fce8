/*
 * The records in the bytes that a reference names.
 */
#ifndef FORMAT_RECORDS_H
#define FORMAT_RECORDS_H

#include "base/buf.h"
#include "format/ref.h"
#include "format/type.h"
#include "bt_model.h"

/* Zero one to begin with; it is used again and again. */
struct records {
	struct bt_span *list;
	size_t n, size;
	size_t at, seen;   /* records_lines: where the next line begins, and how
			    * far no LF was found */
	struct buf joined; /* the data of records that lie in parts */
	struct buf part;   /* of one of them */
	size_t in_parts;   /* how many of them */
};

/*
 * Finds the records in body, as the reference's split says; a record's line
 * end, lengths and checksums are no part of it.  They are borrowed from body
 * and from rs.  Returns 0, or -1 with what is wrong added to why.
 */
int records_cut(struct records *rs, const struct ref *r, enum type_kind kind,
    struct span body, struct buf *why);

/*
 * The same for lines, newlines inside quotes not kept, while they are read:
 * records_begin, then after each step what is there of body, which does not
 * move.
 */
void records_begin(struct records *rs);
void records_lines(
    struct records *rs, enum type_kind kind, struct span body, bool all);

/* Where record i of those found in body begins with its framing, in bytes of
 * body. */
size_t records_start(
    const struct records *rs, const struct ref *r, struct span body, size_t i);

#endif
