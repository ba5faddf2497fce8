#include "predict/reply.h"

#include <inttypes.h>
#include <strings.h>

#include "format/json.h"

void
reply_type(struct reply *r, const char *type)
{
	struct span s;

	if (r->type.n > 0 && strcmp(r->type.p, type) == 0)
		return;
	r->type.n = 0;
	buf_adds(&r->type, type);
	s.p = buf_str(&r->type);
	s.n = r->type.n;
	r->kind = type_kind(s);
	r->lines = type_skips_blank(r->kind) ||
		   strncasecmp(type, "text/", strlen("text/")) == 0;
}

void
reply_begin(struct reply *r, const char *type, struct span request)
{
	reply_type(r, type);
	r->request = request;
	r->whole.n = r->own.n = r->mark = 0;
	r->ended = 0;
	r->comma = r->empty = r->keeps_newlines = false;
}

static void
make_own(struct reply *r)
{
	buf_add(&r->own, r->whole.p, r->whole.n);
	r->whole.n = 0;
}

struct buf *
reply_more(struct reply *r)
{
	if (r->whole.n > 0)
		make_own(r);
	if (r->comma) {
		buf_addc(&r->own, ',');
		r->mark = r->own.n;
		r->comma = false;
	}
	return &r->own;
}

void
reply_write(struct reply *r, const char *p, size_t n)
{
	if (n == 0)
		return;
	/* A plugin that copies its input needs no copy here. */
	if (r->own.n == 0 && r->whole.n == 0 && p >= r->request.p &&
	    p + n <= r->request.p + r->request.n) {
		r->whole.p = p;
		r->whole.n = n;
		return;
	}
	buf_add(reply_more(r), p, n);
}

void
reply_end_record(struct reply *r)
{
	if (r->whole.n > 0)
		make_own(r);
	if (r->kind == TYPE_JSON) {
		/* The first call shows that the reply is an array: only now its
		 * bracket is put before what was written. */
		if (r->ended == 0) {
			buf_addc(&r->own, '[');
			memmove(r->own.p + 1, r->own.p, r->own.n - 1);
			r->own.p[0] = '[';
			r->mark = 1;
		}
		r->empty |= r->comma || r->own.n == r->mark;
		r->comma = true;
	} else if (r->lines &&
		   (r->own.n == r->mark || r->own.p[r->own.n - 1] != '\n'))
		buf_addc(&r->own, '\n');
	r->mark = r->own.n;
	r->ended++;
}

int
reply_finish(struct reply *r, struct buf *why)
{
	if (r->ended == 0)
		return 0;
	if (r->own.n > r->mark) {
		buf_addf(why,
		    "output_fn wrote %zu bytes after its last end_record",
		    r->own.n - r->mark);
		return -1;
	}
	if (r->empty) {
		buf_adds(
		    why, "output_fn wrote nothing for a prediction in JSON");
		return -1;
	}
	if (r->kind == TYPE_JSON)
		buf_addc(&r->own, ']');
	return 0;
}

struct span
reply_bytes(const struct reply *r)
{
	return r->whole.n > 0 ? r->whole : buf_span(&r->own);
}

static int
cut_json(struct reply *r, uint64_t wanted, struct records *rs, bool *whole,
    struct buf *why)
{
	struct span value, array;
	struct json_walk walk = { 0 };
	const char *reason;
	size_t at;

	if (json_check(reply_bytes(r), &value, &reason, &at) == -1) {
		buf_addf(
		    why, "the reply is not JSON: %s at byte %zu", reason, at);
		return -1;
	}
	if (!json_predictions(value, &array) ||
	    (wanted == 1 && json_count(array) != 1)) {
		*whole = wanted == 1;
		records_add(rs, value.p, value.n);
		return 0;
	}
	for (walk.value = array; json_next(&walk);)
		records_add(rs, walk.item.p, walk.item.n);
	return 0;
}

int
reply_cut(struct reply *r, uint64_t wanted, struct records *rs, bool *whole,
    struct buf *why)
{
	struct span s = reply_bytes(r);
	struct buf reason = { 0 };
	int got;

	*whole = false;
	records_begin(rs, false, false);
	if (r->kind == TYPE_JSON)
		return cut_json(r, wanted, rs, whole, why);
	if (r->lines) {
		/* A quoted field of CSV may have several lines. */
		records_begin(
		    rs, r->kind == TYPE_CSV, type_skips_blank(r->kind));
		got = records_lines(rs, s, true, &reason);
		if (got == -1)
			buf_addf(
			    why, "the reply is not CSV: %s", buf_str(&reason));
		r->keeps_newlines = rs->scan.lines != rs->scan.ends;
		buf_free(&reason);
		if (got == -1)
			return -1;
		/* Text has a prediction on each line if there are as many. */
		if (type_skips_blank(r->kind) || r->ended > 0 ||
		    rs->n == wanted)
			return 0;
	}
	*whole = true;
	rs->n = 0;
	records_add(rs, s.p, s.n);
	return 0;
}
