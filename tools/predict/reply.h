/*
 * A model's reply while it is written, and the predictions in it.
 */
#ifndef PREDICT_REPLY_H
#define PREDICT_REPLY_H

#include "base/buf.h"
#include "format/records.h"
#include "format/type.h"
#include "bt_model.h"

struct reply {
	struct buf type;     /* its content type */
	enum type_kind kind; /* of type */
	bool lines;	     /* a prediction of type ends with LF */
	bool keeps_newlines; /* found: LFs inside quoted fields */
	int64_t bad;	     /* found: the prediction that is wrong, or -1 */

	/* Set by the caller, for all replies. */
	bool strict; /* NaN and Infinity in JSON stay as they are written */
	const char *asked; /* a type with predictions to count, or NULL */

	struct span request; /* bytes that outlive the reply */
	struct span whole;   /* all of it, if it is in request or lent */
	struct buf own;	     /* otherwise a copy */
	struct buf finite;   /* JSON with null for NaN and Infinity */
	size_t mark;	     /* where the current prediction begins */
	uint64_t ended;	     /* calls of reply_end_record */
	bool comma; /* a JSON array's next element needs one before it */
	bool empty; /* a JSON array's element has no bytes */
};

/* Begins a reply to a request with this body. */
void reply_begin(struct reply *r, const char *type, struct span request);
void reply_type(struct reply *r, const char *type);
void reply_write(struct reply *r, const char *p, size_t n);

/* The same with bytes that outlive the reply. */
void reply_lend(struct reply *r, const char *p, size_t n);

/* Where to add the next bytes, at least one, instead of reply_write. */
struct buf *reply_more(struct reply *r);

/* What was written since the last call is one record's prediction. */
void reply_end_record(struct reply *r);

/* Ends the reply.  Returns 0, or -1 if it was written wrongly, and how is added
 * to why. */
int reply_finish(struct reply *r, struct buf *why);

/* Its bytes, borrowed from it, from the request or from who lent them. */
struct span reply_bytes(const struct reply *r);

/*
 * Finds the predictions in a finished reply to wanted records: rs has spans of
 * it, or only their number if rs->counts.  A reply whose type has no
 * predictions to tell apart, and one JSON document that answers one record, is
 * *whole: one prediction.  A reply of such a type that has the form of the type
 * asked for gets that type.  Returns 0, or -1 with what is wrong added to why.
 */
int reply_cut(struct reply *r, uint64_t wanted, struct records *rs, bool *whole,
    struct buf *why);

/* The same for a finished reply that is one prediction, whatever is in it:
 * nothing is counted. */
int reply_whole(struct reply *r, struct records *rs, struct buf *why);

#endif
