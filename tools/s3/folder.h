/*
 * A folder for objects: each file is whole or absent, and nothing is written
 * outside it, whatever the keys are.
 */
#ifndef S3_FOLDER_H
#define S3_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

struct s3_folder;

/* Creates the folder if it does not exist.  NULL and errno. */
struct s3_folder *s3_folder_new(const char *folder, bool overwrite);

/* Whether a file of this name exists; false if the name is not a valid path.
 */
bool s3_folder_has(struct s3_folder *f, const char *name);

/*
 * Begins the file of this name below the folder, and creates the folders in its
 * path.  0; or -1, and adds to why: the name is not a valid path ("..", "a//b",
 * "a/"), has a symbolic link in it, or the file exists and is not to be
 * replaced.
 */
int s3_folder_begin(struct s3_folder *f, const char *name, struct buf *why);

/* 0, or -1 and errno. */
int s3_folder_write(struct s3_folder *f, const void *p, size_t n);

/* Moves the file to its name: 0, or -1 and errno, and it is removed. */
int s3_folder_commit(struct s3_folder *f);

/* Removes the file. */
void s3_folder_abort(struct s3_folder *f);

/* Aborts what was begun. */
void s3_folder_free(struct s3_folder *f);

#endif
