/*
 * The bytes that a reference names, checked, and the records in them.
 */
#ifndef PREDICT_BATCH_H
#define PREDICT_BATCH_H

#include "base/buf.h"
#include "format/ref.h"
#include "format/type.h"
#include "bt_model.h"

struct payload {
	struct ref ref;
	const char *object;  /* its path */
	const char *type;    /* the content type it was split as */
	enum type_kind kind; /* of type */
	struct span body; /* what is posted: the range, or the bare payload */
	const struct bt_span *records;
	size_t count;
	struct span header; /* the header row without its line end */
};

struct payloads;

/* For as long as the process lives. */
struct payloads *payloads_new(void);

/*
 * Reads what r names; the payload is borrowed until the next call.  Small
 * ranges that follow each other come out of one larger read.  NULL, with what
 * is wrong added to why, where the object cannot be read or is not what r
 * says.
 */
const struct payload *payload_load(
    struct payloads *ps, const struct ref *r, struct buf *why);

/* Of the payload that was loaded last: where in the range record i begins,
 * its framing included, in bytes from the range's first; i may be the count:
 * the range's length. */
uint64_t payload_start(const struct payloads *ps, size_t i);

/* And the checksum of n bytes of the range, from its byte from on. */
uint32_t payload_crc32c(const struct payloads *ps, uint64_t from, uint64_t n);

/* The object of r, decoded; borrowed until the next call here or of
 * payload_load. NULL where r's path is not well written. */
const char *payload_object(struct payloads *ps, const struct ref *r);

#endif
