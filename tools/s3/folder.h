/*
 * A folder that objects are written to, each whole or not at all, and nothing
 * beside it, whatever their keys are.
 */
#ifndef S3_FOLDER_H
#define S3_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct s3_folder;

/* Makes the folder where it is not there.  NULL and errno. */
struct s3_folder *s3_folder_new(const char *folder, bool overwrite);

/* Whether a file of this name is there; false also where none can be. */
bool s3_folder_has(struct s3_folder *f, const char *name);

/*
 * Begins the file of this name below the folder, with the folders it needs.
 * 0; or -1, and adds to why: a name that is no path of a file ("..", "a//b",
 * "a/"), a link on the way, a file that is there and is not to be replaced.
 */
int s3_folder_begin(struct s3_folder *f, const char *name, struct buf *why);

/* 0, or -1 and errno. */
int s3_folder_write(struct s3_folder *f, const void *p, size_t n);

/* The file takes its place: 0, or -1 and errno, and it is gone. */
int s3_folder_commit(struct s3_folder *f);

/* It is gone. */
void s3_folder_abort(struct s3_folder *f);

/* Aborts what was begun. */
void s3_folder_free(struct s3_folder *f);

#endif
