/*
 * What bt-progress shows after any lines at any times: one line of text, and a
 * bar that is at most as wide as the terminal.
 */
#define main progress_main
#include "bt-progress.c"
#undef main
#include "want.h"

static void
shown(struct buf *b)
{
	want(b->n > 0 && memchr(b->p, '\n', b->n) == NULL);
	b->n = 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data, *end = p + size, *nl;
	struct progress progress = { .began = 1000000 };
	struct buf b = { 0 };
	double now = 0;

	for (; p < end && (nl = memchr(p, '\n', (size_t)(end - p))) != NULL;
	     p = nl + 1) {
		count_result(&progress, (struct span){ p, (size_t)(nl - p) });
		count_ref(&progress, (struct span){ p, (size_t)(nl - p) });
		add_sample(&progress, now);
		add_text(&progress, now, &b);
		shown(&b);
		add_summary(&progress, now, &b);
		shown(&b);
		add_bar(&progress, now, (unsigned char)*p, &b);
		want(b.n <= (unsigned char)*p);
		now += (unsigned char)*p / 16.0;
	}
	seen_free(&progress.seen);
	buf_free(&b);
	return 0;
}
