/*
 * Unpacking a model.tar.gz, or the tar archive alone, into a folder.
 *
 * The archive comes from strangers: only files and folders are made, none
 * outside the folder, and no more bytes than a limit.  Damage that gzip's
 * checksums, tar's checksums or a missing end show is an error.
 */
#ifndef UNPACK_UNTAR_H
#define UNPACK_UNTAR_H

#include <signal.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * Unpacks the archive at path, or standard input for "-", into folder, which
 * exists and is empty: folders of mode 0700, files of 0600, or 0700 if they are
 * executable.  Each file and folder counts 4 KB more than its bytes; together
 * they may be at most `most` bytes.  Gives up soon after *stop is set.  Returns
 * 0, or -1 with what is wrong added to why, and part of the archive in the
 * folder.  LC_CTYPE should be of UTF-8, for the names.
 */
int untar(const char *path, const char *folder, uint64_t most,
    const volatile sig_atomic_t *stop, struct buf *why);

#endif
