/*
 * A model.tar.gz, or the same not packed, into a folder.
 *
 * Its bytes are nobody's friends: only files and folders are made, none
 * outside the folder, and no more than so many bytes of them.  Damage that
 * gzip's checksums, tar's or a missing end can tell is an error.
 */
#ifndef PREDICT_UNTAR_H
#define PREDICT_UNTAR_H

#include <stdint.h>

#include "base/buf.h"

/* Whether path is a regular file that begins as gzip or a tar archive does. */
bool untar_takes(const char *path);

/*
 * Unpacks the archive at path into folder, which exists and is empty: folders
 * of mode 0700, files of 0600, or 0700 where they are executable.  A file
 * counts 4 KB more than it has; all together may be at most that many bytes.
 * Returns 0, or -1 with what is wrong added to why and the folder as it is
 * then.  libarchive stays in the process, whose LC_CTYPE should be of UTF-8.
 */
int untar(const char *path, const char *folder, uint64_t most, struct buf *why);

#endif
