#include "base/buf.h"

#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"

void
buf_grow(struct buf *b, size_t n)
{
	size_t size;

	if (n > SIZE_MAX / 2 - b->n) {
		errno = ENOMEM;
		err(1, NULL);
	}
	size = b->n + n;
	if (size < b->size + b->size / 2)
		size = b->size + b->size / 2;
	if (size < 64)
		size = 64;
	b->p = mem_resize(b->p, size, 1);
	b->size = size;
}

void
buf_add(struct buf *b, const void *p, size_t n)
{
	if (n == 0)
		return;
	memcpy(buf_room(b, n), p, n);
	b->n += n;
}

void
buf_adds(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void
buf_addv(struct buf *b, const char *fmt, va_list ap)
{
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		err(1, NULL);
	vsnprintf(buf_room(b, (size_t)n + 1), (size_t)n + 1, fmt, ap);
	b->n += (size_t)n;
}

void
buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_addv(b, fmt, ap);
	va_end(ap);
}

struct span
buf_span(const struct buf *b)
{
	struct span s = { b->p != NULL ? b->p : "", b->n };

	return s;
}

const char *
buf_str(struct buf *b)
{
	*buf_room(b, 1) = '\0';
	return b->p;
}

char *
buf_take(struct buf *b)
{
	char *text;

	buf_str(b);
	text = b->p;
	*b = (struct buf){ 0 };
	return text;
}

void
buf_free(struct buf *b)
{
	free(b->p);
	b->p = NULL;
	b->n = b->size = 0;
}
