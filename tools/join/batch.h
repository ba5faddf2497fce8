/*
 * One batch: its records, the model's reply, and how to put them together.
 */
#ifndef JOIN_BATCH_H
#define JOIN_BATCH_H

#include "base/buf.h"
#include "format/result.h"
#include "format/type.h"
#include "join/id.h"
#include "join/join.h"
#include "join/lines.h"
#include "join/losses.h"
#include "join/sink.h"

struct batch {
	const struct join_options *options;
	const struct result *result;
	enum type_kind kind; /* of the records */
	enum type_kind reply_kind;
	bool by_line;	      /* AssembleWith Line */
	struct window *input; /* if options->input */
	struct window *reply; /* NULL: options->placeholder stands for it */
	const char *reply_path;
	struct sink *sink;
	struct ids ids; /* of its records, if options has a time */
	/* Of the object: its header row, until it is written. */
	struct span header;
	bool *header_done;
	struct buf *why;
	struct losses *losses; /* NULL: the first one fails the batch */
};

/*
 * Each adds what the batch makes to the sink.  -1, with what is wrong added to
 * b->why, if it makes nothing; the sink may hold some of it then.  join_batch
 * sets reply_kind and by_line, and calls the one of the others that its types
 * and the options ask for.
 */
int join_batch(struct batch *b);
int join_csv(struct batch *b);
int join_json(struct batch *b);
int join_plain(struct batch *b);

/* The header row of an object that has no predictions. */
int join_csv_header(struct batch *b);

/* Whether the reply is of lines, of which bt-predict --no-count has counted
 * none. */
bool batch_is_uncounted(const struct batch *b);

/* Adds which records the batch has, "records 5 to 9: ", to b->why. */
void batch_place(struct batch *b);

/* Adds printf(3)'s words to b->why; -1. */
int batch_fail(struct batch *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* The same, of one record: number among the batch's, place in the object. */
int batch_fail_record(struct batch *b, uint64_t number, uint64_t place,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/*
 * The record of this number, whose line in the input or the reply is line, has
 * no output, and b->why says why.  If options->on_error bears that, it is one
 * of the losses, b->why is empty, and the caller puts what stands in for the
 * record: 0.  Otherwise -1.  A record that the model failed on is lost already.
 */
int batch_lose(
    struct batch *b, uint64_t number, const struct lines *l, struct span line);

/* The same if the batch's records cannot be told apart: -1; the batch is then
 * one that failed. */
int batch_lose_all(struct batch *b);

/* Whether checksums show, after the join, that its bytes are those meant. */
bool batch_is_summed(const struct result *res);

void batch_open_input(struct batch *b, struct lines *l);
void batch_open_reply(struct batch *b, struct lines *l);

/* Reads the records to the end: whether they are those that were split.  -1 and
 * why if not. */
int batch_check_input(struct batch *b, struct lines *input);

/* Reads both to the end (either may be NULL): whether they could be read, are
 * what they were, and hold the batch's number of records. */
int batch_check(struct batch *b, struct lines *input, struct lines *reply);

/* The reply has no byte at: s is what window_fill returned.  -1. */
int batch_short_reply(struct batch *b, struct span s, uint64_t at);
int batch_check_reply_crc(struct batch *b, uint32_t crc);

/* All of the reply at once, its checksum found right. */
int batch_whole_reply(struct batch *b, struct span *text);
int batch_whole_input(struct batch *b, struct span *text);

#endif
