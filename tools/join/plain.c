#include "base/crc32c.h"
#include "join/batch.h"

/* A reply of rows: each with one LF, the last too. */
static int
copy_rows(struct batch *b)
{
	struct lines l;
	struct span line;
	uint64_t blank = 0;
	bool ended = true;

	batch_open_reply(b, &l);
	while (lines_more(&l)) {
		/* All at once if none of them is blank. */
		if (!l.skip_blank || l.scan.blank == blank) {
			line.p = l.from;
			l.from = l.base + l.ends[l.count - 1];
			line.n = (size_t)(l.from - line.p);
			sink_add(b->sink, line);
			l.taken += l.count - l.i;
			l.i = l.count;
		}
		while (l.i < l.count && lines_next(&l, &line))
			sink_add(b->sink, line);
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

int
join_plain(struct batch *b)
{
	const struct ref *r = &b->result->ref;
	uint64_t i;

	if (b->reply != NULL)
		return b->by_line && r->split != REF_NONE &&
			       !batch_is_uncounted(b) &&
			       type_skips_blank(b->reply_kind)
			   ? copy_rows(b)
			   : copy_bytes(b);
	for (i = 0; i < r->count; i++) {
		sink_add(b->sink, b->options->placeholder);
		if (b->by_line)
			sink_add(b->sink, (struct span){ "\n", 1 });
	}
	return 0;
}
