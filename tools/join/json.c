#include <inttypes.h>

#include "format/json.h"
#include "format/json_edit.h"
#include "join/batch.h"
#include "join/predictions.h"
#include "join/row.h"

static const struct span output_name = { "SageMakerOutput", 15 };

static void
add_id(struct buf *out, struct span value, struct ids *ids, const char *time)
{
	char id[1 + ID_LENGTH + 1];
	struct buf with = { 0 }, when = { 0 };
	struct span text = { id, sizeof id };

	id[0] = '"';
	*ids_put(ids, id + 1) = '"';
	if (json_kind(value) != JSON_IS_OBJECT) {
		member_wrap(&with, output_name, value);
		value = buf_span(&with);
	}
	json_quote(&when, (struct span){ time, strlen(time) });
	member_set(
	    out, value, (struct span){ "SageMakerInferenceId", 20 }, text);
	with.n = 0;
	buf_add(&with, out->p, out->n);
	out->n = 0;
	member_set(out, buf_span(&with),
	    (struct span){ "SageMakerInferenceTime", 22 }, buf_span(&when));
	buf_free(&with);
	buf_free(&when);
}

/* Whether joined values are written as they are. */
static bool
is_plain(const struct join_options *o)
{
	return o->filter == NULL && o->inference_time == NULL && !o->strict;
}

/* Filters a joined value, or a reply, and adds the id; --strict respells it. */
static int
finish_value(struct batch *b, struct span *value)
{
	static struct buf filtered, with_id, strict;
	const struct join_options *o = b->options;

	if (o->filter != NULL) {
		filtered.n = 0;
		if (jsonpath_filter(o->filter, *value, &filtered, b->why) == -1)
			return -1;
		*value = buf_span(&filtered);
	}
	if (o->inference_time != NULL) {
		with_id.n = 0;
		add_id(&with_id, *value, &b->ids, o->inference_time);
		*value = buf_span(&with_id);
	}
	if (o->strict) {
		strict.n = 0;
		member_sorted(&strict, *value);
		*value = buf_span(&strict);
	}
	return 0;
}

/* Puts a record (p NULL: none) with its prediction.  text has the record with
 * the white space around it, which stays if no option changes the value. */
static int
put_value(struct batch *b, struct span text, struct span record,
    struct span prediction)
{
	static struct buf joined;
	struct span value = prediction, after, line;
	bool plain = is_plain(b->options);

	joined.n = 0;
	if (record.p != NULL) {
		if (plain)
			buf_add(&joined, text.p, (size_t)(record.p - text.p));
		if (json_kind(record) == JSON_IS_OBJECT)
			member_set(&joined, record, output_name, prediction);
		else
			member_join(&joined, record, prediction);
		value = buf_span(&joined);
	} else {
		record = prediction;
	}
	if (!plain && finish_value(b, &value) == -1)
		return -1;
	sink_add(b->sink, value);
	after.p = plain ? record.p + record.n : text.p + line_text(text).n;
	after.n = (size_t)(text.p + text.n - after.p);
	if (b->options->strict && !b->by_line)
		after.n = 0;
	sink_add(b->sink, after);
	line = after.n > 0 ? after : value;
	if (b->by_line && line.p[line.n - 1] != '\n')
		sink_add(b->sink, (struct span){ "\n", 1 });
	return 0;
}

/* How far the records' text was searched. */
struct looked {
	uint64_t to; /* offset in the file */
	bool may_be; /* it may have a member of the name */
};

/*
 * Whether the record may have a SageMakerOutput already.  The search is done
 * for all that is in memory: one for each record costs more than its check.
 */
static bool
may_have_output(struct looked *seen, const struct lines *l, struct span line)
{
	struct span text = { line.p, (size_t)(l->scanned - line.p) };

	if (lines_offset(l, line) + line.n > seen->to) {
		seen->may_be = member_may_be(text, output_name);
		seen->to = l->at;
	}
	return seen->may_be;
}

static char *
put(char *p, const char *from, size_t n)
{
	memcpy(p, from, n);
	return p + n;
}

/* As put_value, for an object that has no SageMakerOutput. */
static void
put_member(struct batch *b, struct span line, struct span object,
    struct span prediction)
{
	static const char name[] = ",\"SageMakerOutput\":";
	const char *brace = object.p + object.n - 1;
	size_t comma = json_empty(object) ? 1 : 0;
	char *p = sink_room(b->sink, line.n + prediction.n + sizeof name + 1);

	p = put(p, line.p, (size_t)(brace - line.p));
	p = put(p, name + comma, sizeof name - 1 - comma);
	p = put(p, prediction.p, prediction.n);
	p = put(p, brace, (size_t)(line.p + line.n - brace));
	if (line.p[line.n - 1] != '\n')
		*p++ = '\n';
	b->sink->n = (size_t)(p - b->sink->p);
}

/*
 * As row_fail, of the record on line (value.p NULL: it is not JSON; line is of
 * the reply if options->input is not set).
 */
static int
fail_value(
    struct batch *b, const struct lines *l, struct span line, struct span value)
{
	const struct join_options *o = b->options;
	struct predictions p;

	if (row_lose(b, l, line) == -1)
		return -1;
	if (o->on_error == ON_ERROR_PLACEHOLDER && o->input) {
		if (predictions_placeholder(b, &p) == -1)
			return -1;
		if (value.p != NULL && put_value(b, line, value, p.value) == 0)
			return 0;
		b->why->n = 0;
	}
	return row_put_placeholder(b, line);
}

/* The record on line is not JSON; if the records have changed, that is why. */
static int
fail_record(struct batch *b, struct lines *in, struct span line, uint64_t at,
    const char *why)
{
	static const struct span none = { NULL, 0 };
	uint64_t number = in->taken - 1, offset = lines_offset(in, line);

	if (b->losses != NULL) {
		batch_fail(b, "not JSON at byte %" PRIu64 ": %s", at, why);
		return fail_value(b, in, line, none);
	}
	if (batch_check_input(b, in) == -1)
		return -1;
	return batch_fail_record(
	    b, number, offset, "not JSON at byte %" PRIu64 ": %s", at, why);
}

static int
join_lines(struct batch *b)
{
	struct predictions p;
	struct lines in;
	struct span line, value, prediction;
	struct looked seen = { 0, false };
	bool simple = is_plain(b->options);
	const char *why;
	uint64_t at;
	int got = 0, r;

	if (predictions_open(b, &p) == -1)
		return -1;
	batch_open_input(b, &in);
	while (got != -1 &&
	       (r = lines_next_json(&in, &line, &value, &why, &at)) != 0) {
		if (r == -1 && b->losses == NULL)
			return fail_record(b, &in, line, at, why);
		got = predictions_next(b, &p, &prediction);
		if (got == 0)
			break;
		if (r == -1) {
			b->why->n = 0; /* of a prediction that nobody needs */
			got = fail_record(b, &in, line, at, why);
		} else if (got == -1) {
			got = fail_value(b, &in, line, value);
		} else if (simple && json_kind(value) == JSON_IS_OBJECT &&
			   !may_have_output(&seen, &in, line)) {
			put_member(b, line, value, prediction);
		} else if (put_value(b, line, value, prediction) == -1) {
			got = fail_value(b, &in, line, value);
		}
	}
	if (got == -1)
		return -1;
	return predictions_check(b, &in, &p);
}

static int
join_document(struct batch *b)
{
	struct span text, record, prediction;
	const char *why;
	size_t at;

	if (batch_whole_input(b, &text) == -1)
		return -1;
	if (b->reply == NULL) {
		struct predictions p;

		if (predictions_placeholder(b, &p) == -1)
			return -1;
		prediction = p.value;
	}
	if (json_check(text, &record, &why, &at) == -1) {
		if (b->reply == NULL)
			return row_put_placeholder(b, text);
		batch_fail_record(b, 0, b->result->ref.offset,
		    "not JSON at byte %" PRIu64 ": %s",
		    b->result->ref.offset + at, why);
		return batch_lose_all(b);
	}
	if (b->reply != NULL && predictions_whole(b, &prediction) == -1)
		return -1;
	if (put_value(b, text, record, prediction) == 0)
		return 0;
	if (b->reply == NULL) {
		b->why->n = 0;
		return row_put_placeholder(b, text);
	}
	return batch_lose_all(b);
}

int
join_json(struct batch *b)
{
	struct lines l;
	struct span line, value, none = { NULL, 0 };
	const char *why;
	uint64_t at;
	int r;

	if (b->options->input)
		return b->result->ref.split == REF_LINE ? join_lines(b)
							: join_document(b);
	if (b->reply == NULL)
		return join_plain(b);
	if (b->reply_kind != TYPE_JSONLINES && b->result->ref.count > 0) {
		if (predictions_whole(b, &value) == -1)
			return -1;
		if (put_value(b, value, none, value) == 0)
			return 0;
		return batch_lose_all(b);
	}
	batch_open_reply(b, &l);
	while ((r = lines_next_json(&l, &line, &value, &why, &at)) != 0) {
		if (r == 1 && put_value(b, line, none, value) == 0)
			continue;
		if (r == -1)
			predictions_fail(b, at, why);
		if (fail_value(b, &l, line, line) == -1)
			return -1;
	}
	return batch_check(b, NULL, &l);
}
