/*
 * References and result lines: any bytes are read without harm; what was read
 * as a reference is written, and that read again is the same and written the
 * same; an encoded word decodes to what it was; a line that was cut off and a
 * whole one after it are no result.
 */
#include <stdlib.h>

#include "format/result.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool
equal(struct span a, struct span b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static void
same_ref(const struct ref *a, const struct ref *b)
{
	if (!equal(a->path, b->path) || a->offset != b->offset ||
	    a->length != b->length || a->first != b->first ||
	    a->count != b->count || a->split != b->split ||
	    a->bare != b->bare || a->parts != b->parts || a->last != b->last ||
	    a->has_crc32c != b->has_crc32c || a->crc32c != b->crc32c ||
	    a->keeps_newlines != b->keeps_newlines || !equal(a->type, b->type))
		abort();
	if (a->header_length > 0 && (a->header_length != b->header_length ||
					a->header_offset != b->header_offset))
		abort();
}

static void
there_and_back(const struct ref *r)
{
	struct buf first = { 0 }, second = { 0 };
	struct ref again;
	const char *why;

	ref_add(&first, r);
	if (ref_parse(&again, buf_span(&first), &why) == -1)
		abort();
	same_ref(r, &again);
	ref_add(&second, &again);
	if (!equal(buf_span(&first), buf_span(&second)))
		abort();
	buf_free(&first);
	buf_free(&second);
}

static void
encoding(struct span s)
{
	struct buf word = { 0 }, back = { 0 };
	bool has_nul = s.n > 0 && memchr(s.p, '\0', s.n) != NULL;
	size_t i;

	ref_encode(&word, s);
	for (i = 0; i < word.n; i++)
		if ((unsigned char)word.p[i] <= ' ' ||
		    strchr("\"'\\#,\x7f", word.p[i]) != NULL)
			abort();
	if (ref_decode(&back, buf_span(&word)) == -1) {
		/* No path has a NUL. */
		if (!has_nul)
			abort();
	} else if (!equal(buf_span(&back), s))
		abort();
	buf_free(&word);
	buf_free(&back);
}

/* The bytes, cut off anywhere, before a line as bt-predict writes it. */
static void
splice(struct span torn)
{
	struct buf line = { 0 };
	struct result res;
	const char *why;

	if (torn.n == 0 || memchr(torn.p, '\n', torn.n) != NULL)
		return;
	buf_adds(
	    &line, "a#bytes=0+1,records=0+1\tp#bytes=0+2,records=0+1\tms=2");
	result_add_sum(&line);
	buf_add(&line, torn.p, torn.n);
	memmove(line.p + torn.n, line.p, line.n - torn.n);
	memcpy(line.p, torn.p, torn.n);
	if (result_parse(&res, buf_span(&line), &why) == 0)
		abort();
	buf_free(&line);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = { (const char *)data, size };
	struct buf decoded = { 0 };
	struct result res;
	struct ref r;
	const char *why;

	if (ref_parse(&r, text, &why) == 0) {
		there_and_back(&r);
		ref_decode(&decoded, r.path);
	} else if (why == NULL)
		abort();
	if (result_parse(&res, text, &why) == 0) {
		there_and_back(&res.ref);
		if (res.answered)
			there_and_back(&res.reply);
		result_key(&res, "error");
	}
	encoding(text);
	splice(text);
	buf_free(&decoded);
	return 0;
}
