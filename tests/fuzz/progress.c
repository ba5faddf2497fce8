/*
 * What bt-progress shows of any lines at any times: one line of text, and a bar
 * that is not wider than it may be.
 */
#include "progress/progress.c"
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
	struct progress progress = { 0 };
	struct buf b = { 0 };
	double now = 0;

	for (; p < end && (nl = memchr(p, '\n', (size_t)(end - p))) != NULL;
	     p = nl + 1) {
		progress_result(
		    &progress, (struct span){ p, (size_t)(nl - p) });
		progress_ref(&progress, (struct span){ p, (size_t)(nl - p) });
		progress_sample(&progress, now);
		progress_text(&progress, now, &b);
		shown(&b);
		progress_summary(&progress, now, &b);
		shown(&b);
		progress_bar(&progress, now, (unsigned char)*p, &b);
		want(b.n <= (unsigned char)*p || (unsigned char)*p < 80);
		now += (unsigned char)*p / 16.0;
	}
	buf_free(&b);
	return 0;
}
