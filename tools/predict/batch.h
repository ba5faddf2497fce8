/*
 * The bytes that a reference names, checked, and the records in them.
 */
#ifndef PREDICT_BATCH_H
#define PREDICT_BATCH_H

#include "base/buf.h"
#include "format/ref.h"
#include "format/type.h"
#include "bt_model.h"

struct batch {
	struct ref ref;
	const char *object;  /* its path */
	const char *type;    /* the content type it was split as */
	enum type_kind kind; /* of type */
	struct span body; /* what is posted: the range, or the bare payload */
	const struct bt_span *records;
	size_t count;
	struct span header; /* the header row without its line end */
};

struct batch_reader;

/* For as long as the process lives. */
struct batch_reader *batch_reader_new(void);

/*
 * Reads what r names; the payload is borrowed until the next call.  Small
 * ranges that follow each other come out of one larger read.  NULL, with what
 * is wrong added to why, where the object cannot be read or is not what r
 * says.
 */
const struct batch *batch_load(
    struct batch_reader *br, const struct ref *r, struct buf *why);

/* Of the payload that was loaded last: where in the range record i begins,
 * its framing included, in bytes from the range's first; i may be the count:
 * the range's length. */
uint64_t batch_start(const struct batch_reader *br, size_t i);

/* And the checksum of n bytes of the range, from its byte from on. */
uint32_t batch_crc32c(const struct batch_reader *br, uint64_t from, uint64_t n);

/* The object of r, decoded; borrowed until the next call here or of
 * batch_load. NULL where r's path is not well written. */
const char *batch_object(struct batch_reader *br, const struct ref *r);

#endif
