/*
 * The bytes that a reference names, checked, and the records in them.
 */
#ifndef STAGE_PAYLOAD_H
#define STAGE_PAYLOAD_H

#include "base/buf.h"
#include "bt_model.h"
#include "format/ref.h"
#include "format/type.h"

struct payload {
	struct ref ref;
	const char *object;  /* its path */
	const char *type;    /* the content type it was split as */
	enum type_kind kind; /* of type */
	struct span body; /* what is posted: the range, or the bare payload */
	struct bt_span *records;
	size_t count;
	struct span header; /* the header row without its line end */
};

struct payloads;

/* Yours until payloads_free. */
struct payloads *payloads_new(void);
void payloads_free(struct payloads *ps);

/*
 * Reads what r names; the payload is borrowed until the next call.  Small
 * ranges that follow each other come out of one larger read.  NULL, with what
 * is wrong added to why, where the object cannot be read or is not what r
 * says.
 */
const struct payload *payload_load(
    struct payloads *ps, const struct ref *r, struct buf *why);

/* Where in the range record i begins, its framing included, in bytes from the
 * range's first; i may be the count: the range's length. */
uint64_t payload_start(const struct payload *p, size_t i);

/* The object of r, decoded; borrowed until the next call here or of
 * payload_load. NULL where r's path is not well written. */
const char *payload_object(struct payloads *ps, const struct ref *r);

#endif
