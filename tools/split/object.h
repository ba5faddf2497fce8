/*
 * One object on its way through bt-split, as all ways to cut it see it.
 */
#ifndef SPLIT_OBJECT_H
#define SPLIT_OBJECT_H

#include "format/type.h"
#include "split/batch.h"
#include "split/input.h"
#include "split/refs.h"
#include "split/split.h"

struct object {
	const struct split *sp;
	const char *name; /* of the file whose bytes the references name */
	enum ref_split type;
	enum type_kind kind;
	bool keep;	  /* as in struct split, or in the reference given */
	bool header;	  /* its header row is still to come */
	bool guess;	  /* look whether its first record is one */
	struct buf head;  /* its first bytes, for that */
	uint64_t begin;	  /* where it begins: 0, or where the reference does */
	uint64_t payload; /* bytes of a batch's records, at most; 0: any */
	struct input in;
	struct batch batch;
	struct refs refs;
};

/* Where a record stands. */
struct place {
	bool header; /* it is the header row */
	uint64_t record, byte;
	uint64_t line; /* 0: the object has no lines */
};

/* A reference to the batch, from start to cut, which is summed: then the next
 * begins.  0, or -1 after a message. */
int object_cut(struct object *o);

/* The same for a range that is one batch. */
int object_put(struct object *o, uint64_t offset, uint64_t length,
    uint64_t count, uint32_t crc);

/* "NAME: record 17 (line 18, byte 4096): ..."; returns -1. */
int object_bad(const struct object *o, const struct place *place,
    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* It is size bytes long (at least: or longer), more than a payload. */
int object_too_large(const struct object *o, const struct place *place,
    uint64_t size, bool at_least);

/* n bytes of each payload are the header row's. */
void object_reserve(struct object *o, uint64_t n);

/* Whether n bytes are more than a payload: asked for each record. */
static inline bool
object_exceeds(const struct object *o, uint64_t n)
{
	return o->payload > 0 && n > o->payload;
}

/* The ways to cut.  Each takes the object's next n bytes, or its end.  0, or -1
 * after a message. */
struct cutter {
	void *(*begin)(struct object *o);
	int (*feed)(void *state, const char *p, size_t n);
	int (*finish)(void *state);
	void (*end)(void *state);
};

extern const struct cutter split_lines, split_frames, split_whole;

#endif
