#include "base/crc32c.h"
#include "join/batch.h"

/* Adds the lines found so far, all at once where none of them is blank. */
static void
put_lines(struct sink *s, struct lines *l, bool some_blank)
{
	struct span line = { l->from, 0 };
	const char *end = l->base + l->ends[l->count - 1];

	if (!some_blank) {
		line.n = (size_t)(end - l->from);
		sink_add(s, line);
		l->taken += l->count - l->i;
		l->i = l->count;
		l->from = end;
	}
	while (l->i < l->count && lines_next(l, &line))
		sink_add(s, line);
}

/* A reply of rows: each with one LF, the last too. */
static int
copy_rows(struct batch *b)
{
	struct lines l;
	uint64_t blank = 0;
	bool ended = true;

	batch_open_reply(b, &l);
	while (lines_more(&l)) {
		put_lines(b->sink, &l, l.skip_blank && l.scan.blank > blank);
		blank = l.scan.blank;
		ended = l.from[-1] == '\n';
	}
	if (batch_check(b, NULL, &l) == -1)
		return -1;
	if (b->by_line && !ended)
		sink_add(b->sink, (struct span){ "\n", 1 });
	return 0;
}

/* Any other reply: its bytes. */
static int
copy_bytes(struct batch *b)
{
	const struct ref *r = &b->result->reply;
	uint64_t at = r->offset, end = r->offset + r->length;
	struct span s = { NULL, 0 };
	uint32_t crc = 0;

	while (at < end) {
		s = window_fill(b->reply, at, 1, end - at);
		if (s.p == NULL || s.n == 0)
			return batch_short_reply(b, s, at);
		if (s.n > end - at)
			s.n = (size_t)(end - at);
		crc = crc32c(crc, s.p, s.n);
		sink_add(b->sink, s);
		at += s.n;
	}
	if (b->by_line && b->result->ref.count > 0 &&
	    (s.n == 0 || s.p[s.n - 1] != '\n'))
		sink_add(b->sink, (struct span){ "\n", 1 });
	return batch_check_reply_crc(b, crc);
}

static void
put_placeholders(struct batch *b)
{
	uint64_t i;

	for (i = 0; i < b->result->ref.count; i++) {
		sink_add(b->sink, b->options->placeholder);
		if (b->by_line)
			sink_add(b->sink, (struct span){ "\n", 1 });
	}
}

int
join_plain(struct batch *b)
{
	if (b->reply == NULL) {
		put_placeholders(b);
		return 0;
	}
	if (b->by_line && b->result->ref.split != REF_NONE &&
	    type_skips_blank(b->reply_kind))
		return copy_rows(b);
	return copy_bytes(b);
}
