/*
 * Where an object's bytes come from: a local file, or s3://BUCKET/KEY, read at
 * any offset.  What fails sets errno; remote_error() of io/remote.h says it in
 * words for both.
 */
#ifndef IO_SOURCE_H
#define IO_SOURCE_H

#include <stdint.h>
#include <stddef.h>

#include "io/files.h"

struct source;

/* Opens path for reading, from the start to the end if it is remote; NULL
 * and errno if it cannot be (EISDIR for a folder).  The source is the
 * caller's until source_close. */
struct source *source_open(const char *path);

/*
 * The same for an object of which a reference was made: it never waits for the
 * other end of a pipe.  If the object is remote, etag says which version (NULL:
 * the current one), and reading another fails.  For a file etag has no meaning:
 * references have checksums for that.
 */
struct source *source_open_version(const char *path, const char *etag);

/* It will be read mostly onwards, to its end: a remote one is fetched ahead. */
void source_follow(struct source *s);

/* Whether it is remote: each read of it is a request. */
int source_is_remote(const struct source *s);

/* What names the version that is read, for source_open_version; NULL for a
 * file. */
const char *source_etag(const struct source *s);

/*
 * Reads up to n bytes at offset at.  Returns how many (short only at the end
 * of the object), or -1 and errno.
 */
ptrdiff_t source_read(struct source *s, void *p, size_t n, uint64_t at);

/* The same, but it need not be more than the least of these. */
ptrdiff_t source_read_some(
    struct source *s, void *p, size_t least, size_t n, uint64_t at);

/*
 * The n bytes at offset at, in place: no copy of them is made.  They are
 * readable until the next source_map, whatever becomes of the file: what it
 * loses meanwhile reads as zeros, and source_shrank tells.  Bytes that another
 * process writes change under the reader.  NULL if the object is too short
 * or no file; source_read is for that.
 */
const char *source_map(struct source *s, size_t n, uint64_t at);

/* Whether mapped bytes were lost because the file was cut short, or could not
 * be read. */
int source_shrank(const struct source *s);

/* Whether its bytes may have been written to since source_open: its size or
 * its times are others.  *size is its size now, as source_size says it. */
int source_changed(const struct source *s, uint64_t *size);

/*
 * Reads from where the last source_next ended (at first the start): for
 * objects that have no offsets, a pipe say.  Returns how many bytes, 0 at the
 * end, -1 and errno.  May return fewer than n at any time.
 */
ptrdiff_t source_next(struct source *s, void *p, size_t n);

/* Whether source_read works on it: a regular file, not a pipe. */
int source_seekable(const struct source *s);

/* Its size now, in bytes; 0 if it has none (a pipe), UINT64_MAX if a
 * remote one cannot be asked: source_read says why. */
uint64_t source_size(const struct source *s);

/* What it was at source_open; of a remote one the same as source_size. */
uint64_t source_first_size(const struct source *s);

/* Adds the file that was opened; not a remote object. */
void source_note(const struct source *s, struct files *f);

void source_close(struct source *s);

/* Standard input as a source. */
struct source *source_stdin(void);

/* The end of a pipe, which the source closes. */
struct source *source_pipe(int fd);

#endif
