/*
 * Bytes that grow.  Zero a struct buf to begin with (`struct buf b = { 0 }`);
 * p is NULL until something was added, and moves when it grows.  The memory
 * is the buf's until buf_free.  Running out of memory ends the process, as in
 * base/mem.h.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>

#include "base/span.h"

struct buf {
	char *p;
	size_t n;    /* bytes held */
	size_t size; /* bytes there is room for */
};

/* Grows it, for n bytes more than it holds. */
void buf_grow(struct buf *b, size_t n);

/* Room for n bytes more, at the returned place; b->n is the caller's to raise.
 */
static inline char *
buf_room(struct buf *b, size_t n)
{
	if (b->size - b->n < n)
		buf_grow(b, n);
	return b->p + b->n;
}

static inline void
buf_addc(struct buf *b, char c)
{
	*buf_room(b, 1) = c;
	b->n++;
}

void buf_add(struct buf *b, const void *p, size_t n);
void buf_adds(struct buf *b, const char *text);

/* printf(3) onto the end. */
void buf_addf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void buf_addv(struct buf *b, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

/* What it holds, borrowed until the next change. */
struct span buf_span(const struct buf *b);

/* What it holds as a string: a NUL stands after it, not counted. */
const char *buf_str(struct buf *b);

/* The string itself, which is the caller's to free(3); the buf is empty. */
char *buf_take(struct buf *b);

/* Gives the memory back; the buf is empty and usable. */
void buf_free(struct buf *b);

#endif
