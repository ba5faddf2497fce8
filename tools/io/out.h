/*
 * Outputs that exist whole or not at all.  Files are written under another name
 * beside their own (.bt-PID-N.tmp), made durable, renamed.  A process that ends
 * by exit(3) leaves no such file; one that is killed may leave some, which hurt
 * nothing.  Objects of S3 (s3://BUCKET/KEY) are there from their commit on;
 * what fails sets errno, and remote_error() of io/remote.h says it for both.
 *
 * Any number may be under way: beyond OUT_OPEN of them, those not written to
 * for longest are closed and opened again when they are needed.
 */
#ifndef IO_OUT_H
#define IO_OUT_H

#include <stddef.h>
#include <stdint.h>

enum { OUT_OPEN = 128 };

struct out;

/* Begins an output at path; a file's folder must exist.  NULL and errno. */
struct out *out_new(const char *path);

/* The same for standard output: out_commit then only closes and checks. */
struct out *out_stdout(void);

/* Writes n bytes; 0, or -1 and errno. */
int out_write(struct out *o, const void *p, size_t n);

/*
 * Puts the output in its place: 0, or -1 and errno, with no output left.  o is
 * gone either way.
 */
int out_commit(struct out *o);

/*
 * The same for n outputs at once, all of them files or none, which are made
 * durable together: one syncfs(2) where the system has it and they are on one
 * file system.  -1 and errno where it fails: *failed is the first that has no
 * output.  Those that only lack a place are alone in that; where the bytes
 * cannot be made durable none has one.
 */
int out_commit_group(struct out **o, size_t n, size_t *failed);

/* Gives it up: nothing is left.  o is gone. */
void out_abort(struct out *o);

/* Gives up all that are not committed: for a process about to end by a
 * signal. */
void out_abort_all(void);

#endif
