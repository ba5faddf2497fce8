/*
 * The files that a run reads, by what they are, whatever their names: nothing
 * that it writes may take the place of one.
 */
#ifndef IO_FILES_H
#define IO_FILES_H

#include <sys/stat.h>
#include <sys/types.h>
#include <stdbool.h>
#include <stddef.h>

struct file_id {
	dev_t dev;
	ino_t ino; /* 0: none */
};

/* Zero one to begin with. */
struct files {
	struct file_id *slot;
	size_t n, size;
};

/* A file that is open, one that was, or one by its path (none: nothing is
 * added). */
void files_add_open(struct files *f, int fd);
void files_add_stat(struct files *f, const struct stat *st);
void files_add(struct files *f, const char *path);

/* Whether path is one of them, by another name too. */
bool files_have(const struct files *f, const char *path);

void files_free(struct files *f);

#endif
