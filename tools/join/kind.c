#include "join/kind.h"

#include <inttypes.h>

#include "format/frame.h"

struct span
decoded(struct buf *out, struct span word)
{
	out->n = 0;
	if (ref_decode(out, word) == -1) {
		out->n = 0;
		buf_add(out, word.p, word.n);
	}
	return (struct span){ buf_str(out), out->n };
}

static enum type_kind
kind_of(struct span encoded)
{
	static struct buf text;

	return type_kind(decoded(&text, encoded));
}

static enum type_kind
kind_of_text(const char *text)
{
	struct span s = { text, strlen(text) };

	return type_kind(s);
}

enum type_kind
input_kind(
    const struct join_options *opt, const struct ref *r, const char *path)
{
	enum type_kind kind =
	    opt->content_type != NULL ? kind_of_text(opt->content_type)
	    : r->type.n > 0	      ? kind_of(r->type)
				      : kind_of_text(type_of_path(path));

	/* Lines that are JSON documents each. */
	return kind == TYPE_JSON && r->split == REF_LINE ? TYPE_JSONLINES
							 : kind;
}

/* What the reply says, or --accept, or its suffix; else the records' type where
 * it has to be one that is known. */
static enum type_kind
reply_kind(const struct batch *b)
{
	const struct ref *r = &b->result->reply;
	const char *suffix;

	if (b->reply != NULL && r->type.n > 0)
		return kind_of(r->type);
	if (b->options->accept != NULL)
		return kind_of_text(b->options->accept);
	suffix = b->reply != NULL ? type_of_path(b->reply_path) : "text/plain";
	if (strcmp(suffix, "text/plain") != 0)
		return kind_of_text(suffix);
	if (b->options->input || b->options->filter != NULL ||
	    b->options->inference_time != NULL)
		return b->kind;
	return TYPE_TEXT;
}

static bool
lines_of(struct batch *b)
{
	if (b->options->assemble != ASSEMBLE_DEFAULT)
		return b->options->assemble == ASSEMBLE_LINE;
	return b->result->ref.split == REF_LINE ||
	       type_skips_blank(b->reply_kind);
}

/* Whether the records and replies are what JoinSource Input can put side by
 * side. */
static int
check_joinable(struct batch *b)
{
	enum ref_split split = b->result->ref.split;

	if (frame_formats[split] != NULL)
		return batch_fail(b,
		    "split=%s: such records are joined with "
		    "nothing: leave out --join-source",
		    ref_split_name(split));
	if (!type_filters(b->kind)) {
		buf_adds(b->why, "the records are not ");
		type_add_filtered(b->why);
		return batch_fail(b, ": say --content-type");
	}
	if (b->kind != b->reply_kind &&
	    !(type_is_json(b->kind) && type_is_json(b->reply_kind)))
		return batch_fail(b,
		    "the records are %s, the replies %s: "
		    "to be joined they have to be of one type",
		    type_name(b->kind), type_name(b->reply_kind));
	if (b->kind == TYPE_CSV && split != REF_LINE)
		return batch_fail(b,
		    "text/csv with split=%s cannot be joined: "
		    "split it by Line",
		    ref_split_name(split));
	if (split == REF_LINE && !b->by_line)
		return batch_fail(b,
		    "records that are lines are joined to lines: "
		    "not with --assemble-with None");
	return 0;
}

static int
check_filterable(struct batch *b)
{
	if (type_filters(b->reply_kind))
		return 0;
	buf_adds(b->why, "the replies are not ");
	type_add_filtered(b->why);
	return batch_fail(
	    b, ", as an output filter or inference id wants: say --accept");
}

/* What the reply's reference says of it; rows are counted besides. */
static int
check_reply_count(struct batch *b)
{
	const struct ref *reply = &b->result->reply, *r = &b->result->ref;

	if (b->reply == NULL || reply->split != REF_LINE ||
	    reply->count == r->count)
		return 0;
	batch_place(b);
	return batch_fail(b, "the reply has %" PRIu64 " records, not %" PRIu64,
	    reply->count, r->count);
}

int
join_batch(struct batch *b)
{
	const struct join_options *opt = b->options;

	b->reply_kind = reply_kind(b);
	b->by_line = lines_of(b);
	if (check_reply_count(b) == -1)
		return -1;

	if (!opt->input && opt->filter == NULL && opt->inference_time == NULL)
		return join_plain(b);
	if ((opt->input ? check_joinable(b) : check_filterable(b)) == -1)
		return -1;
	return b->reply_kind == TYPE_CSV ? join_csv(b) : join_json(b);
}
