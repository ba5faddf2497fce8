#include "join/predictions.h"

#include <inttypes.h>

#include "format/json.h"
#include "join/convert.h"

int
predictions_fail(struct batch *b, uint64_t at, const char *why)
{
	return batch_fail(
	    b, "%s: not JSON at byte %" PRIu64 ": %s", b->reply_path, at, why);
}

/* 1; or -1 if the value, which may hold NaN or Infinity, does so. */
static int
check_value(struct batch *b, const struct predictions *p, struct span value)
{
	struct span same;
	const char *why;
	size_t at;

	if (!p->unsure || json_check(value, &same, &why, &at) == 0)
		return 1;
	at += (size_t)(value.p - p->text.p);
	return predictions_fail(b, b->result->reply.offset + at, why);
}

int
predictions_next(struct batch *b, struct predictions *p, struct span *value)
{
	static struct buf row;
	struct span line;
	const char *why;
	uint64_t at;
	int r;

	switch (p->kind) {
	case FROM_LINES:
		r = lines_next_json(&p->lines, &line, value, &why, &at);
		return r == -1 ? predictions_fail(b, at, why) : r;
	case FROM_ROWS:
		if (!lines_next(&p->lines, &line))
			return 0;
		row.n = 0;
		convert_to_json(&row, line_text(line));
		*value = buf_span(&row);
		return 1;
	case FROM_ITEMS:
		if (!json_next(&p->items))
			return 0;
		*value = p->items.item;
		return check_value(b, p, *value);
	case FROM_VALUE:
		break;
	}
	*value = p->value;
	return check_value(b, p, *value);
}

int
predictions_check(struct batch *b, struct lines *input, struct predictions *p)
{
	bool lines = p->kind == FROM_LINES || p->kind == FROM_ROWS;

	return batch_check(b, input, lines ? &p->lines : NULL);
}

/* Whether the reply looks like JSON Lines: a value on its first line, and
 * more after it. */
static bool
is_lines(struct batch *b)
{
	struct lines l;
	struct span line, value;
	const char *why;
	uint64_t at;

	batch_open_reply(b, &l);
	return lines_next_json(&l, &line, &value, &why, &at) == 1 &&
	       lines_next_json(&l, &line, &value, &why, &at) != 0;
}

int
predictions_whole(struct batch *b, struct span *value)
{
	struct span text;
	const char *why;
	size_t at;

	if (batch_whole_reply(b, &text) == -1)
		return -1;
	if (json_check(text, value, &why, &at) == 0)
		return 0;
	batch_place(b);
	predictions_fail(b, b->result->reply.offset + at, why);
	return batch_lose_all(b);
}

/* As predictions_whole, but NaN and Infinity may be in it. */
static int
open_document(struct batch *b, struct predictions *p)
{
	static struct buf nulls;
	const char *why;
	size_t at;

	if (batch_whole_reply(b, &p->text) == -1)
		return -1;
	p->unsure = json_check(p->text, &p->value, &why, &at) == -1;
	nulls.n = 0;
	if (!p->unsure || !json_nulls(&nulls, p->text) ||
	    json_check(buf_span(&nulls), &p->value, &why, &at) == -1)
		return p->unsure ? predictions_whole(b, &p->value) : 0;
	p->value = json_trim(p->text);
	return 0;
}

int
predictions_placeholder(struct batch *b, struct predictions *p)
{
	const char *why;
	size_t at;

	p->kind = FROM_VALUE;
	p->unsure = false;
	if (json_check(b->options->placeholder, &p->value, &why, &at) == -1)
		return batch_fail(b, "the placeholder %s is not JSON: %s",
		    b->options->placeholder.p, why);
	return 0;
}

int
predictions_open(struct batch *b, struct predictions *p)
{
	uint64_t count = b->result->ref.count;
	bool nothing = b->result->reply.length == 0, lines;
	struct span array, text;
	const char *why;
	size_t at;

	if (b->reply == NULL)
		return predictions_placeholder(b, p);
	if (b->reply_kind == TYPE_CSV) {
		p->kind = FROM_ROWS;
		batch_open_reply(b, &p->lines);
		return 0;
	}
	lines =
	    count == 1 ? b->reply_kind != TYPE_JSON : nothing || is_lines(b);
	if (!lines && b->reply_kind == TYPE_JSONLINES) {
		/* No document: it is the first line that is not JSON. */
		if (batch_whole_reply(b, &text) == -1)
			return -1;
		lines = json_check(text, &p->value, &why, &at) == -1;
	}
	if (lines) {
		p->kind = FROM_LINES;
		batch_open_reply(b, &p->lines);
		return 0;
	}
	if (open_document(b, p) == -1)
		return -1;
	if (json_predictions(p->value, &array) && json_count(array) == count) {
		p->kind = FROM_ITEMS;
		memset(&p->items, 0, sizeof p->items);
		p->items.value = array;
		return 0;
	}
	p->kind = FROM_VALUE;
	if (count == 1)
		return 0;
	batch_place(b);
	return batch_fail(b,
	    "the reply is one JSON value, not %" PRIu64
	    " lines or an array of that length",
	    count);
}
