/*
 * A folder that objects are written to, each whole or not at all, and nothing
 * beside it, whatever their keys are.
 */
#ifndef S3_DOWNLOAD_H
#define S3_DOWNLOAD_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>

struct s3_download;

/* Makes the folder where it is not there.  NULL and errno. */
struct s3_download *s3_download_new(const char *folder, bool overwrite);

/* Whether a file of this name is there; false also where none can be. */
bool s3_download_has(struct s3_download *d, const char *name);

/*
 * Begins the file of this name below the folder, with the folders it needs.
 * 0; or -1, and adds to why: a name that is no path of a file ("..", "a//b",
 * "a/"), a link on the way, a file that is there and is not to be replaced.
 */
int s3_download_begin(struct s3_download *d, const char *name, struct buf *why);

/* 0, or -1 and errno. */
int s3_download_write(struct s3_download *d, const void *p, size_t n);

/* The file takes its place: 0, or -1 and errno, and it is gone. */
int s3_download_commit(struct s3_download *d);

/* It is gone. */
void s3_download_abort(struct s3_download *d);

/* Aborts what was begun.  NULL is fine. */
void s3_download_free(struct s3_download *d);

#endif
