/*
 * The bytes of an object in order, read once, a step at a time: a file, a part
 * of one, or a pipe, a command's output or gzip data, of which a spool file
 * keeps a copy, since they cannot be read again.
 */
#ifndef SPLIT_INPUT_H
#define SPLIT_INPUT_H

#include "format/gunzip.h"
#include "io/source.h"
#include "io/spool.h"
#include "split/split.h"

struct input {
	const char *name; /* of what is read, for messages */
	char *spooled; /* the spool file; NULL: the bytes stay where they are */
	uint64_t at;   /* offset of the next byte in the object */
	uint64_t end;  /* of the object, or the part of it, if end_known */
	bool end_known;

	/* For input.c only. */
	struct source *source;
	struct gunzip *gunzip;
	struct spool *spool;
	bool ended;   /* what cannot be read again: all was read */
	bool begun;   /* a file: the first step is in memory already */
	bool passed;  /* a file: what follows its end was asked for */
	bool longer;  /* and there was something */
	bool command; /* it is one's output, which has not ended */
	const struct ref *part;
	uint32_t crc; /* of the part so far */
	char *memory; /* a step with INPUT_BEFORE bytes before it */
	size_t step, got;
	const char *last;   /* the last INPUT_BEFORE bytes of the step before */
	struct span window; /* of a file; p NULL: not mapped */
	uint64_t window_end;   /* offset of the byte after it */
	uint64_t window_began; /* when, in this process's work; 0: not tried */
	char *packed;	       /* bytes from a pipe, or compressed ones */
	struct span rest;      /* of these: not used yet */
};

/* Bytes that were before a step stand before it in memory; zeros at first. */
enum { INPUT_BEFORE = 2 };

/* The least that the first step has, if the object has as much: a byte order
 * mark. */
enum { INPUT_FIRST = 3 };

/*
 * Opens name (NULL: standard input).  part, which may be NULL, names the range
 * to read.  sniff: look whether it is gzip data.  Returns 0, or after
 * a message 1 or 2 as split_object does.
 */
int input_open(struct input *in, const struct split *sp, const char *name,
    const struct ref *part, bool sniff);

/*
 * Reads on.  Returns how many bytes there are at *p, readable until the next
 * call; 0 at the end; -1 after a message.
 */
ptrdiff_t input_step(struct input *in, const char **p);

/* All was read: 0 if it has not changed, or -1 after a message. */
int input_finish(struct input *in);

/* Reads n bytes again: how many, fewer than n at the end or if they cannot be
 * read. */
size_t input_again(const struct input *in, char *p, size_t n, uint64_t at);

/* The version of a remote object that is read; NULL if references name none. */
const char *input_etag(const struct input *in);

void input_close(struct input *in);

#endif
