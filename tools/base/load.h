/*
 * A file as a whole, for those that are small: settings, requests, models.
 */
#ifndef BASE_LOAD_H
#define BASE_LOAD_H

#include "base/buf.h"

/*
 * Adds all bytes of the file at path to b; "-" is standard input, which stays
 * open.  Returns 0, or -1 and errno, with what was read by then in b.
 */
int load_whole(const char *path, struct buf *b);

/* The same, but EFBIG for a file that has more bytes than this, of which few
 * more are read. */
int load_at_most(const char *path, size_t most, struct buf *b);

#endif
