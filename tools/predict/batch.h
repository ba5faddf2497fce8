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
	struct span body;    /* the request: the range, or a record unframed */
	const struct bt_span *records;
	size_t count;
	struct span header;	/* the header row without its line end */
	const char *header_end; /* which is LF, or CR and LF */
};

struct batch_reader;

/* For as long as the process lives. */
struct batch_reader *batch_reader_new(void);

/*
 * Reads the range that r names; the batch is borrowed until the next call.
 * Small ranges that follow each other share one larger read.  Returns NULL,
 * with what is wrong added to why, if the object cannot be read or is not what
 * r says.
 */
const struct batch *batch_load(
    struct batch_reader *br, const struct ref *r, struct buf *why);

/* The offset in the range of record i of the batch that was loaded last, its
 * framing included.  If i is the count, the range's length. */
uint64_t batch_start(const struct batch_reader *br, size_t i);

/* The checksum of n bytes of that batch's range, beginning at byte from. */
uint32_t batch_crc32c(const struct batch_reader *br, uint64_t from, uint64_t n);

/* The object of r, decoded; borrowed until the next call here or of
 * batch_load.  NULL if r's path has a bad percent encoding. */
const char *batch_object(struct batch_reader *br, const struct ref *r);

#endif
