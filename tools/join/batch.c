#include "join/batch.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>

#include "base/crc32c.h"
#include "format/frame.h"
#include "io/remote.h"
#include "join/kind.h"

void
batch_place(struct batch *b)
{
	const struct ref *r = &b->result->ref;

	if (r->count == 1)
		buf_addf(b->why, "record %" PRIu64 ": ", r->first);
	else
		buf_addf(b->why, "records %" PRIu64 " to %" PRIu64 ": ",
		    r->first, r->first + r->count - (r->count > 0));
}

int
batch_fail(struct batch *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_addv(b->why, fmt, ap);
	va_end(ap);
	return -1;
}

int
batch_fail_record(
    struct batch *b, uint64_t number, uint64_t place, const char *fmt, ...)
{
	va_list ap;

	buf_addf(b->why, "record %" PRIu64 " (byte %" PRIu64 "): ",
	    b->result->ref.first + number, place);
	va_start(ap, fmt);
	buf_addv(b->why, fmt, ap);
	va_end(ap);
	return -1;
}

bool
batch_is_uncounted(const struct batch *b)
{
	return b->reply != NULL && b->result->reply.split == REF_NONE &&
	       type_skips_blank(b->reply_kind);
}

int
batch_lose_all(struct batch *b)
{
	if (b->losses != NULL)
		b->losses->all = true;
	return -1;
}

int
batch_lose(
    struct batch *b, uint64_t number, const struct lines *l, struct span line)
{
	const struct ref *r = &b->result->ref;
	struct loss loss = { number, 1, r->offset, r->length, { 0 } };

	if (b->losses == NULL)
		return -1;
	if (b->result->ref.split == REF_NONE || batch_is_uncounted(b))
		return batch_lose_all(b);
	if (b->options->input) {
		loss.offset = lines_offset(l, line);
		loss.length = line.n;
	}
	if (b->reply != NULL)
		losses_add(b->losses, loss, b->why);
	b->why->n = 0;
	return 0;
}

bool
batch_is_summed(const struct result *res)
{
	return res->ref.has_crc32c && (!res->answered || res->reply.has_crc32c);
}

void
batch_open_input(struct batch *b, struct lines *l)
{
	const struct ref *r = &b->result->ref;

	lines_open(l, b->input, r->offset, r->length, r->keeps_newlines,
	    type_skips_blank(b->kind));
}

void
batch_open_reply(struct batch *b, struct lines *l)
{
	const struct ref *r = &b->result->reply;

	lines_open(l, b->reply, r->offset, r->length, b->reply_kind == TYPE_CSV,
	    type_skips_blank(b->reply_kind));
}

static int
fail_short(struct batch *b, const struct ref *r, const char *path, uint64_t at)
{
	batch_place(b);
	return batch_fail(b,
	    "%s ends at byte %" PRIu64 ", not %" PRIu64
	    ": it has been cut since",
	    path, at, r->offset + r->length);
}

static int
check_read(struct batch *b, const struct lines *l, const struct ref *r,
    const char *path)
{
	switch (l->trouble) {
	case LINES_FINE:
		return 0;
	case LINES_UNREADABLE:
		batch_place(b);
		errno = l->error;
		return batch_fail(b, "%s: %s", path, remote_error());
	case LINES_SHORT:
		return fail_short(b, r, path, l->at);
	case LINES_QUOTES:
		break;
	}
	batch_place(b);
	return batch_fail(
	    b, "%s: byte %" PRIu64 ": %s", path, l->at, scan_says(l->problem));
}

static int
check_crc(struct batch *b, const struct ref *r, uint32_t crc, const char *path)
{
	if (!r->has_crc32c || r->crc32c == crc)
		return 0;
	batch_place(b);
	return batch_fail(b,
	    "%s: bytes %" PRIu64 " to %" PRIu64 " have crc32c %08" PRIx32
	    ", not %08" PRIx32 ": changed since",
	    path, r->offset, r->offset + r->length, crc, r->crc32c);
}

int
batch_check_input(struct batch *b, struct lines *input)
{
	const struct ref *r = &b->result->ref;

	lines_finish(input);
	if (check_read(b, input, r, "the input") == -1)
		return -1;
	return check_crc(b, r, input->crc, "the input");
}

int
batch_check(struct batch *b, struct lines *input, struct lines *reply)
{
	const struct ref *r = &b->result->ref;

	if (input != NULL && batch_check_input(b, input) == -1)
		return -1;
	if (reply != NULL) {
		lines_finish(reply);
		if (check_read(b, reply, &b->result->reply, b->reply_path) ==
			-1 ||
		    check_crc(
			b, &b->result->reply, reply->crc, b->reply_path) == -1)
			return -1;
	}
	if (input != NULL && input->taken != r->count) {
		batch_place(b);
		return batch_fail(b,
		    "the input has %" PRIu64 " records there, not %" PRIu64,
		    input->taken, r->count);
	}
	/* An object that was sent whole is one record, however many rows its
	 * prediction has. */
	if (reply != NULL && r->split != REF_NONE && !batch_is_uncounted(b) &&
	    reply->taken != r->count) {
		batch_place(b);
		return batch_fail(b,
		    "the reply has %" PRIu64 " records, not %" PRIu64,
		    reply->taken, r->count);
	}
	return 0;
}

static int
fail_fill(struct batch *b, const struct ref *r, const char *path,
    struct span got, uint64_t at)
{
	if (got.p != NULL)
		return fail_short(b, r, path, at);
	batch_place(b);
	return batch_fail(b, "%s: %s", path, remote_error());
}

int
batch_short_reply(struct batch *b, struct span s, uint64_t at)
{
	return fail_fill(b, &b->result->reply, b->reply_path, s, at);
}

int
batch_check_reply_crc(struct batch *b, uint32_t crc)
{
	return check_crc(b, &b->result->reply, crc, b->reply_path);
}

static int
whole(struct batch *b, struct window *w, const struct ref *r, const char *path,
    struct span *text)
{
	*text = window_fill(w, r->offset, r->length, 0);
	if (text->p == NULL || text->n < r->length)
		return fail_fill(b, r, path, *text, r->offset + text->n);
	text->n = r->length;
	return check_crc(b, r, crc32c(0, text->p, text->n), path);
}

int
batch_whole_input(struct batch *b, struct span *text)
{
	return whole(b, b->input, &b->result->ref, "the input", text);
}

int
batch_whole_reply(struct batch *b, struct span *text)
{
	return whole(b, b->reply, &b->result->reply, b->reply_path, text);
}

/* Whether the replies are of the records' type, or become so. */
static bool
are_joinable(const struct batch *b)
{
	bool mixes = !b->options->strict && b->result->ref.split == REF_LINE &&
		     type_filters(b->reply_kind);

	return b->kind == b->reply_kind || mixes ||
	       (type_is_json(b->kind) && type_is_json(b->reply_kind));
}

/* Whether the records and replies are what JoinSource Input can put side by
 * side. */
static int
check_joinable(struct batch *b)
{
	enum ref_split split = b->result->ref.split;
	struct buf reply = { 0 };

	if (frame_formats[split] != NULL)
		return batch_fail(b,
		    "split=%s: such records cannot be joined: "
		    "leave out --join-source",
		    ref_split_name(split));
	if (!type_filters(b->kind)) {
		buf_adds(b->why, "the records are not ");
		type_add_filtered(b->why);
		return batch_fail(b, ": give --content-type");
	}
	if (!are_joinable(b)) {
		if (b->result->reply.type.n > 0)
			ref_decode_or_copy(&reply, b->result->reply.type);
		else
			buf_adds(&reply, type_name(b->reply_kind));
		batch_fail(b,
		    "the records are %s, the replies %s: "
		    "only the same type can be joined",
		    type_name(b->kind), buf_str(&reply));
		buf_free(&reply);
		return -1;
	}
	if (b->kind == TYPE_CSV && split != REF_LINE)
		return batch_fail(b,
		    "text/csv with split=%s cannot be joined: "
		    "split it by Line",
		    ref_split_name(split));
	if (split == REF_LINE && !b->by_line)
		return batch_fail(b, "lines can only be joined to lines: "
				     "leave out --assemble-with None");
	return 0;
}

int
join_batch(struct batch *b)
{
	const struct join_options *opt = b->options;
	const struct ref *r = &b->result->ref, *reply = &b->result->reply;

	b->reply_kind = reply_kind(b);
	if (opt->assemble == ASSEMBLE_DEFAULT)
		b->by_line =
		    r->split == REF_LINE || type_skips_blank(b->reply_kind);
	else
		b->by_line = opt->assemble == ASSEMBLE_LINE;
	/* What the reply's reference says; the rows themselves are counted too.
	 */
	if (b->reply != NULL && reply->split == REF_LINE &&
	    reply->count != r->count) {
		batch_place(b);
		return batch_fail(b,
		    "the reply has %" PRIu64 " records, not %" PRIu64,
		    reply->count, r->count);
	}
	if (!opt->input && opt->filter == NULL && opt->inference_time == NULL)
		return join_plain(b);
	if (batch_is_uncounted(b) && r->split != REF_NONE &&
	    (opt->input || opt->inference_time != NULL)) {
		batch_place(b);
		return batch_fail(b,
		    "the reply was not counted (--no-count): it has no "
		    "prediction for each record");
	}
	if (opt->input && check_joinable(b) == -1)
		return -1;
	if (!opt->input && !type_filters(b->reply_kind)) {
		buf_adds(b->why, "the replies are not ");
		type_add_filtered(b->why);
		return batch_fail(b,
		    ", which an output filter or inference id needs: "
		    "give --accept");
	}
	return (opt->input ? b->kind : b->reply_kind) == TYPE_CSV
		   ? join_csv(b)
		   : join_json(b);
}
