/*
 * What the fuzzers of texts share whose parsers are other libraries': those
 * libraries do not say how near a text comes, so bytes from 128 on stand for
 * the words that such texts have.
 */
#include "base/buf.h"
#include "want.h"

static void
spell(struct buf *b, const uint8_t *data, size_t size, const char *const *words,
    size_t n)
{
	for (; size > 0; data++, size--)
		if (*data < 128)
			buf_addc(b, (char)*data);
		else
			buf_adds(b, words[(*data - 128) % n]);
}
