/*
 * Content types: which one a name's suffix means, and what a record is in it.
 */
#ifndef FORMAT_TYPE_H
#define FORMAT_TYPE_H

#include "base/span.h"

enum type_kind {
	TYPE_TEXT,     /* any other type: each line is a record */
	TYPE_CSV,      /* text/csv */
	TYPE_LIBSVM,   /* text/libsvm, text/x-libsvm */
	TYPE_JSON,     /* application/json: one document */
	TYPE_JSONLINES /* application/jsonlines: a document a line */
};

/*
 * The kind of a content type; parameters (`; charset=utf-8`) and case do not
 * matter (RFC 9110, 8.3.1).
 */
enum type_kind type_kind(struct span type);

/* Whether two content types name one type, parameters and case apart. */
bool type_same(struct span a, struct span b);

/*
 * The content type that the suffix of path means (.csv, .jsonl, .ndjson,
 * .json, .libsvm, ..., a .gz after it taken off), "text/plain" where it means
 * none.  A constant string.
 */
const char *type_of_path(const char *path);

/*
 * Whether lines that are empty, or only a CR, are no records (text/csv and
 * application/jsonlines), and whether a UTF-8 byte order mark at the start of
 * an object is no part of its first record.
 */
bool type_skips_blank(enum type_kind kind);
bool type_skips_bom(enum type_kind kind);

#endif
