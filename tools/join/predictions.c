#include "join/predictions.h"

#include <inttypes.h>

#include "format/json.h"

int
predictions_fail(struct batch *b, uint64_t at, const char *why)
{
	batch_place(b);
	return batch_fail(
	    b, "%s: not JSON at byte %" PRIu64 ": %s", b->reply_path, at, why);
}

int
predictions_next(struct batch *b, struct predictions *p, struct span *value)
{
	struct span line;
	const char *why;
	uint64_t at;
	int r;

	switch (p->kind) {
	case FROM_LINES:
		r = lines_next_json(&p->lines, &line, value, &why, &at);
		return r == -1 ? predictions_fail(b, at, why) : r;
	case FROM_ITEMS:
		if (!json_next(&p->items))
			return 0;
		*value = p->items.item;
		return 1;
	case FROM_VALUE:
		break;
	}
	*value = p->value;
	return 1;
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
	if (json_check(text, value, &why, &at) == -1)
		return predictions_fail(b, b->result->reply.offset + at, why);
	return 0;
}

int
predictions_placeholder(struct batch *b, struct predictions *p)
{
	const char *why;
	size_t at;

	p->kind = FROM_VALUE;
	if (json_check(b->options->placeholder, &p->value, &why, &at) == -1)
		return batch_fail(b, "the placeholder %s is not JSON: %s",
		    b->options->placeholder.p, why);
	return 0;
}

int
predictions_open(struct batch *b, struct predictions *p)
{
	uint64_t count = b->result->ref.count;
	bool nothing = b->result->reply.length == 0;
	struct span array;

	if (b->reply == NULL)
		return predictions_placeholder(b, p);
	if (count == 1 ? b->reply_kind != TYPE_JSON : nothing || is_lines(b)) {
		p->kind = FROM_LINES;
		batch_open_reply(b, &p->lines);
		return 0;
	}
	if (predictions_whole(b, &p->value) == -1)
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
