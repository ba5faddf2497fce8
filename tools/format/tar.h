/*
 * One file out of a tar archive (POSIX.1-2008, pax: ustar interchange format,
 * and GNU's sizes), packed by gzip (RFC 1952) or not: a model.tar.gz.
 */
#ifndef FORMAT_TAR_H
#define FORMAT_TAR_H

#include "base/buf.h"
#include "base/span.h"

/* Whether the bytes begin as a gzip file or a tar archive does. */
bool tar_is(struct span archive);

/*
 * Adds the bytes of the regular file of that name to out; "./" before the
 * archive's names does not matter, and of several the last counts.  Returns
 * 0, or -1 and a constant reason in *why: the archive is damaged, or holds no
 * such file.
 */
int tar_file(
    struct span archive, const char *name, struct buf *out, const char **why);

#endif
