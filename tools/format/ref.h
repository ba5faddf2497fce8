/*
 * Batch references, bt-ref(5): one line of text that names a run of whole
 * records in an object.
 *
 *	PATH#bytes=OFFSET+LENGTH,records=FIRST+COUNT[,KEY=VALUE...][,last]
 */
#ifndef FORMAT_REF_H
#define FORMAT_REF_H

#include <stdint.h>

#include "base/buf.h"
#include "base/span.h"

/* A reference or a result line, its newline included, fits one write(2) that
 * POSIX keeps whole in a pipe (PIPE_BUF on Linux). */
enum { REF_MAX = 4096 };

enum ref_split { REF_LINE, REF_RECORDIO, REF_TFRECORD, REF_NONE, REF_SPLITS };

struct ref {
	struct span path;	 /* encoded, as it stands in the text */
	uint64_t offset, length; /* bytes of the object */
	uint64_t first, count;	 /* records of the object, from 0 */
	uint64_t header_offset, header_length; /* length 0: no header row */
	bool sends_header; /* each request begins with the header row */
	enum ref_split split;
	bool bare;  /* the range is a record's payload without its framing */
	bool parts; /* one record in parts, which are put together */
	bool has_crc32c;
	bool keeps_newlines; /* records may hold LF inside quotes */
	bool last;	     /* the object's last batch */
	uint32_t crc32c;     /* of the range's bytes */
	struct span type;    /* content type, encoded; n 0: the suffix's */
	struct span etag;    /* version of a remote object, encoded; n 0: any */
	struct span keys;    /* all after COUNT, as it stands, from its comma */
};

/*
 * Reads text, which r's spans then borrow.  Returns 0, or -1 and a reason in
 * *why (a constant).  A byte that ref_encode does not leave is refused wherever
 * it stands.  A key that is not known is kept in keys, unless it
 * begins with a capital letter: such a one must be understood, so it is
 * refused.
 */
int ref_parse(struct ref *r, struct span text, const char **why);

/*
 * Adds r's text to out, without a newline: the known keys as r's members say,
 * then those of keys that are not known, `last` at the end.
 */
void ref_add(struct buf *out, const struct ref *r);

/*
 * Adds s with each byte that would not survive a shell, xargs(1) or the syntax
 * itself (up to space, DEL, any of " ' \ # % , and a - at the start, which
 * would be an option) written %XX.
 */
void ref_encode(struct buf *out, struct span s);

/* Adds what an encoded word stands for; -1 where a % is not followed by two
 * hexadecimal digits, or by 00, which no path holds. */
int ref_decode(struct buf *out, struct span word);

/* Adds the same, or the word as it stands if it is not well encoded. */
void ref_decode_or_copy(struct buf *out, struct span word);

/* "Line", "RecordIO", "TFRecord", "None": the API's names, and back (-1). */
const char *ref_split_name(enum ref_split split);
int ref_split_find(struct span name);

#endif
