/*
 * Bytes of files at any place, read ahead if they are asked for in order.
 */
#ifndef IO_WINDOW_H
#define IO_WINDOW_H

#include <stdint.h>

#include "base/span.h"
#include "io/files.h"

/* Files that are kept open, bytes read at a time, of a file and of what each
 * read is a request to, and bytes after what was read that may be looked at
 * too. */
enum {
	WINDOWS = 8,
	WINDOW_BLOCK = 128 << 10,
	WINDOW_REQUEST = 1 << 20,
	WINDOW_SLACK = 64
};

struct window;

/* Zero one to begin with. */
struct windows {
	struct window *slot[WINDOWS]; /* the one used last comes first */
	size_t n, most;
	struct files *read; /* where the files opened are noted, or NULL */
};

/*
 * The window on the file at path, or on that version of a remote object whose
 * ETag, encoded as in a reference, is etag (n 0: the present one); borrowed
 * until WINDOWS others were got.  NULL and a reason in *why if it cannot be
 * read at any place.
 */
struct window *windows_get(
    struct windows *ws, const char *path, struct span etag, const char **why);

/* Closes them and forgets what was read: they may be used again. */
void windows_free(struct windows *ws);

/*
 * The bytes of the file from at on: n of them or more, fewer only where the
 * file ends; hint says how many may be asked for next.  Borrowed until the
 * next call.  p is NULL, and remote_error() says why, if they cannot be
 * read.
 */
struct span window_fill(struct window *w, uint64_t at, size_t n, uint64_t hint);

#endif
