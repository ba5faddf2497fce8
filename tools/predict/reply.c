#include "predict/reply.h"

#include <inttypes.h>
#include <strings.h>

#include "base/mem.h"
#include "format/json.h"
#include "format/scan.h"

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
	r->lines = r->kind == TYPE_JSONLINES ||
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
	/* A plugin that replies with its input as it stands. */
	if (r->own.n == 0 && r->whole.n == 0 && p >= r->request.p &&
	    p + n <= r->request.p + r->request.n) {
		r->whole.p = p;
		r->whole.n = n;
		return;
	}
	buf_add(reply_more(r), p, n);
}

/* The bracket that nobody knew to be wanted before the first end_record. */
static void
open_array(struct reply *r)
{
	buf_addc(&r->own, '[');
	memmove(r->own.p + 1, r->own.p, r->own.n - 1);
	r->own.p[0] = '[';
	r->mark = 1;
}

void
reply_end_record(struct reply *r)
{
	if (r->whole.n > 0)
		make_own(r);
	if (r->kind == TYPE_JSON) {
		if (r->ended == 0)
			open_array(r);
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

struct cutter {
	struct bt_span **records; /* NULL: they are counted */
	size_t *size;
	uint64_t count;
};

static void
cutter_add(struct cutter *c, const char *p, size_t n)
{
	if (c->records != NULL) {
		if (c->count == *c->size) {
			*c->size += *c->size / 2 + 64;
			*c->records = mem_resize(
			    *c->records, *c->size, sizeof **c->records);
		}
		(*c->records)[c->count].p = p;
		(*c->records)[c->count].n = n;
	}
	c->count++;
}

static void
cut_line(
    const struct reply *r, struct cutter *c, const char *p, const char *end)
{
	if (p < end && end[-1] == '\n')
		end--;
	if (p < end && end[-1] == '\r')
		end--;
	if (p < end || !type_skips_blank(r->kind))
		cutter_add(c, p, (size_t)(end - p));
}

static void
cut_lines(const struct reply *r, struct cutter *c)
{
	struct span s = reply_bytes(r);
	const char *p = s.p, *end = p + s.n, *lf;

	for (; p < end; p = lf) {
		lf = memchr(p, '\n', (size_t)(end - p));
		lf = lf != NULL ? lf + 1 : end;
		cut_line(r, c, p, lf);
	}
}

/* A prediction may be text, in quotes, of several lines. */
static int
cut_csv(struct reply *r, struct cutter *c, struct buf *why)
{
	struct span s = reply_bytes(r);
	const char *p = s.p, *end = p + s.n, *line = p;
	struct scan scan = { .csv = true, .keep = true };
	enum scan_problem problem = SCAN_FINE;
	uint32_t ends[256];
	size_t i, count, used, step;

	if (memchr(s.p, '"', s.n) == NULL) {
		cut_lines(r, c);
		return 0;
	}
	for (; p < end && problem == SCAN_FINE; p += used) {
		step = (size_t)(end - p) < (1u << 20) ? (size_t)(end - p)
						      : 1u << 20;
		problem = scan_index(&scan, p, step, ends,
		    sizeof ends / sizeof ends[0], &count, &used);
		for (i = 0; i < count; line = p + ends[i++])
			cut_line(r, c, line, p + ends[i]);
	}
	if (problem == SCAN_FINE)
		problem = scan_finish(&scan);
	r->keeps_newlines = scan.lines != scan.ends;
	scan_free(&scan);
	if (problem == SCAN_FINE && line < end)
		cut_line(r, c, line, end);
	if (problem != SCAN_FINE)
		buf_addf(why, "the reply is not CSV: %s", scan_says(problem));
	return problem == SCAN_FINE ? 0 : -1;
}

/* The array of predictions in a checked document: it is one, or
 * {"predictions": [...]}. */
static bool
find_array(struct span value, struct span *array)
{
	static const struct span name = { "predictions", 11 };

	*array = value;
	if (json_kind(value) == JSON_IS_OBJECT &&
	    !json_member(value, name, array))
		return false;
	return json_kind(*array) == JSON_IS_ARRAY;
}

static int
cut_json(struct reply *r, uint64_t wanted, struct cutter *c, bool *whole,
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
	if (!find_array(value, &array) ||
	    (wanted == 1 && json_count(array) != 1)) {
		*whole = wanted == 1;
		cutter_add(c, value.p, value.n);
		return 0;
	}
	if (c->records == NULL) {
		c->count = json_count(array);
		return 0;
	}
	for (walk.value = array; json_next(&walk);)
		cutter_add(c, walk.item.p, walk.item.n);
	return 0;
}

/* Text of lines has a prediction on each, if there are as many. */
static bool
are_lines(const struct reply *r, uint64_t wanted)
{
	struct cutter c = { NULL, NULL, 0 };

	if (r->kind == TYPE_JSONLINES || (r->lines && r->ended > 0))
		return true;
	if (!r->lines)
		return false;
	cut_lines(r, &c);
	return c.count == wanted;
}

int
reply_cut(struct reply *r, uint64_t wanted, struct bt_span **records,
    size_t *size, uint64_t *count, bool *whole, struct buf *why)
{
	struct cutter c = { records, size, 0 };
	struct span s = reply_bytes(r);
	int got = 0;

	*whole = false;
	if (r->kind == TYPE_CSV)
		got = cut_csv(r, &c, why);
	else if (r->kind == TYPE_JSON)
		got = cut_json(r, wanted, &c, whole, why);
	else if (are_lines(r, wanted))
		cut_lines(r, &c);
	else {
		*whole = true;
		cutter_add(&c, s.p, s.n);
	}
	*count = c.count;
	return got;
}
