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
	if (p >= r->request.p && p + n <= r->request.p + r->request.n)
		reply_lend(r, p, n);
	else
		buf_add(reply_more(r), p, n);
}

void
reply_lend(struct reply *r, const char *p, size_t n)
{
	if (r->own.n == 0 && r->whole.n == 0)
		r->whole = (struct span){ p, n };
	else if (n > 0)
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

/*
 * Whether text, which is not JSON as it stands, is JSON with null for each NaN
 * and Infinity; then that is in r->finite.
 */
static bool
is_json_with_nulls(struct reply *r, struct span text, struct span *value)
{
	const char *why;
	size_t at;

	r->finite.n = 0;
	return json_nulls(&r->finite, text) &&
	       json_check(buf_span(&r->finite), value, &why, &at) == 0;
}

/* r->finite becomes the reply. */
static void
use_finite(struct reply *r)
{
	struct buf before = r->own;

	r->own = r->finite;
	r->finite = before;
	r->whole.n = 0;
}

/* Whether the reply is one JSON document, *value; NaN and Infinity in it become
 * null, except with strict. */
static int
check_document(
    struct reply *r, struct span *value, const char **why, size_t *at)
{
	struct span text = reply_bytes(r);

	if (json_check(text, value, why, at) == 0)
		return 0;
	if (!is_json_with_nulls(r, text, value))
		return -1;
	if (r->strict)
		*value = json_trim(text);
	else
		use_finite(r);
	return 0;
}

static int
cut_json(struct reply *r, uint64_t wanted, struct records *rs, bool *whole,
    struct buf *why)
{
	struct span value, array;
	struct json_walk walk = { 0 };
	const char *reason;
	size_t at;

	if (check_document(r, &value, &reason, &at) == -1) {
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

/* A line without its LF, and the CR before it. */
static struct span
line_text(struct span line)
{
	line.n -= line.n > 0 && line.p[line.n - 1] == '\n';
	line.n -= line.n > 0 && line.p[line.n - 1] == '\r';
	return line;
}

/*
 * Finds the lines of JSON Lines.  -1 if one is not JSON, of which the first is
 * r->bad; *nulls if one is so only with null for NaN or Infinity.
 */
static int
find_json_lines(
    struct reply *r, struct records *rs, bool *nulls, struct buf *why)
{
	struct span left = reply_bytes(r), line, value;
	uint64_t number = 0;
	const char *reason;
	size_t used, at = 0;

	*nulls = false;
	r->bad = -1;
	for (; left.n > 0; left.p += used, left.n -= used) {
		number++;
		reason = NULL;
		if (json_check_line(left, &value, &used, &reason, &at) == 0 &&
		    value.n == 0)
			reason = "no value, where one should be";
		line = line_text((struct span){ left.p, used });
		if (line.n == 0)
			continue;
		if (reason != NULL && is_json_with_nulls(r, line, &value)) {
			*nulls = true;
		} else if (reason != NULL && r->bad == -1) {
			r->bad = (int64_t)rs->n;
			buf_addf(why,
			    "the reply is not JSON Lines: line %" PRIu64
			    ": %s at byte %zu",
			    number, reason, at);
		}
		records_add(rs, line.p, line.n);
	}
	return r->bad == -1 ? 0 : -1;
}

static int
cut_json_lines(
    struct reply *r, uint64_t wanted, struct records *rs, struct buf *why)
{
	bool nulls;

	if (find_json_lines(r, rs, &nulls, why) == -1) {
		/* Whose line it is cannot be told if there are others too many
		 * or too few. */
		if (rs->n != wanted)
			r->bad = -1;
		return -1;
	}
	if (!nulls || r->strict)
		return 0;
	r->finite.n = 0;
	json_nulls(&r->finite, reply_bytes(r));
	use_finite(r);
	rs->n = 0;
	return find_json_lines(r, rs, &nulls, why);
}

static int
cut_lines(struct reply *r, struct records *rs, struct buf *why)
{
	struct buf reason = { 0 };
	int got;

	/* A quoted field of CSV may have several lines. */
	records_begin(rs, r->kind == TYPE_CSV, type_skips_blank(r->kind));
	got = records_lines(rs, reply_bytes(r), true, &reason);
	if (got == -1)
		buf_addf(why, "the reply is not CSV: %s", buf_str(&reason));
	r->keeps_newlines = rs->scan.lines != rs->scan.ends;
	buf_free(&reason);
	return got;
}

/*
 * Servers and scripts often name no type, or that of a web page.  Whether the
 * reply, whose type has no predictions, has the form of the type asked for.
 */
static bool
is_as_asked(struct reply *r, struct records *rs)
{
	struct span text = reply_bytes(r);
	struct reply as = { .whole = text,
		.kind = type_kind(span_str(r->asked)) };
	struct buf why = { 0 };
	bool is, nulls;

	if (as.kind == TYPE_JSONLINES) {
		is = find_json_lines(&as, rs, &nulls, &why) == 0;
	} else {
		is = (text.n == 0 || memchr(text.p, '\0', text.n) == NULL) &&
		     cut_lines(&as, rs, &why) == 0;
	}
	buf_free(&as.finite);
	buf_free(&why);
	records_begin(rs, false, false);
	return is;
}

static void
make_whole(struct reply *r, struct records *rs)
{
	struct span s = reply_bytes(r);

	records_begin(rs, false, false);
	records_add(rs, s.p, s.n);
}

int
reply_cut(struct reply *r, uint64_t wanted, struct records *rs, bool *whole,
    struct buf *why)
{
	*whole = false;
	r->bad = -1;
	records_begin(rs, false, false);
	if (r->kind == TYPE_TEXT && r->ended == 0 && r->asked != NULL &&
	    is_as_asked(r, rs))
		reply_type(r, r->asked);
	if (r->kind == TYPE_JSON)
		return cut_json(r, wanted, rs, whole, why);
	if (r->kind == TYPE_JSONLINES)
		return cut_json_lines(r, wanted, rs, why);
	if (r->lines) {
		if (cut_lines(r, rs, why) == -1)
			return -1;
		/* Text has a prediction on each line if there are as many. */
		if (type_skips_blank(r->kind) || r->ended > 0 ||
		    rs->n == wanted)
			return 0;
	}
	*whole = true;
	make_whole(r, rs);
	return 0;
}

int
reply_whole(struct reply *r, struct records *rs, struct buf *why)
{
	struct span value;
	const char *reason;
	size_t at;

	r->bad = -1;
	records_begin(rs, false, false);
	if (r->kind == TYPE_JSONLINES &&
	    cut_json_lines(r, UINT64_MAX, rs, why) == -1)
		return -1;
	/* It may be lines of JSON, or what the model calls JSON. */
	if (r->kind == TYPE_JSON)
		check_document(r, &value, &reason, &at);
	make_whole(r, rs);
	return 0;
}
