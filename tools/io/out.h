/*
 * Outputs that exist whole or not at all: written under another name beside
 * their own, made durable, renamed.
 */
#ifndef IO_OUT_H
#define IO_OUT_H

#include <stddef.h>
#include <stdint.h>

struct out;

/* Begins an output at path, whose folder must exist.  NULL and errno. */
struct out *out_new(const char *path);

/* The same for standard output: out_commit then only flushes and checks. */
struct out *out_stdout(void);

/* Writes n bytes; 0, or -1 and errno. */
int out_write(struct out *o, const void *p, size_t n);

/*
 * Puts the output in its place: 0, or -1 and errno, with no output left.  o is
 * gone either way.
 */
int out_commit(struct out *o);

/* The same for n outputs of one file system at once, which are made durable
 * together: *failed is the index of the one to blame where -1 is returned. */
int out_commit_group(struct out **o, size_t n, size_t *failed);

/* Gives it up: nothing is left.  o is gone. */
void out_abort(struct out *o);

#endif
