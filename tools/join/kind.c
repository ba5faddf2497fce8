#include "join/kind.h"

struct span
decoded(struct buf *out, struct span word)
{
	out->n = 0;
	ref_decode_or_copy(out, word);
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

	/* Each line is a JSON document. */
	return kind == TYPE_JSON && r->split == REF_LINE ? TYPE_JSONLINES
							 : kind;
}

enum type_kind
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
