/*
 * Content types: which one a name's suffix means, what a record is in it, and
 * what can be done with it.
 */
#ifndef FORMAT_TYPE_H
#define FORMAT_TYPE_H

#include "base/buf.h"
#include "base/span.h"

/* Each is a row of type.c's table; no other place lists them. */
enum type_kind {
	TYPE_TEXT,	/* any other type: each line is a record */
	TYPE_CSV,	/* text/csv */
	TYPE_LIBSVM,	/* text/libsvm, text/x-libsvm */
	TYPE_JSON,	/* application/json: one document */
	TYPE_JSONLINES, /* application/jsonlines: a document a line */
	TYPE_KINDS
};

/*
 * The kind of a content type; parameters (`; charset=utf-8`) and case do not
 * matter (RFC 9110, 8.3.1).
 */
enum type_kind type_kind(struct span type);

/* Whether two content types name one type, parameters and case apart. */
bool type_same(struct span a, struct span b);

/*
 * The name of an alias (csv, libsvm, recordio-protobuf: other functions know
 * these too): "text/csv", a constant string; any other type as it is.
 */
const char *type_full(const char *type);

/*
 * The content type that the suffix of path means (.csv, .jsonl, .ndjson,
 * .json, .libsvm, ..., a .gz after it taken off), "text/plain" if it means
 * none.  A constant string.
 */
const char *type_of_path(const char *path);

/* A content type of the kind, the one to write: "text/csv".  A constant. */
const char *type_name(enum type_kind kind);

/* Whether a record is a line that is not empty, nor only a CR; in a reply so is
 * a prediction. */
bool type_skips_blank(enum type_kind kind);

/* Whether a UTF-8 byte order mark at the start of an object is not part of its
 * first record. */
bool type_skips_bom(enum type_kind kind);

/* Whether a record is a JSON document. */
bool type_is_json(enum type_kind kind);

/* Whether format/codec.h reads numbers from it, and writes them. */
bool type_decodes(enum type_kind kind);
bool type_encodes(enum type_kind kind);

/* Whether filters and joins take its records apart; adds the names of those
 * that they do: "text/csv, application/json or application/jsonlines". */
bool type_filters(enum type_kind kind);
void type_add_filtered(struct buf *out);

#endif
