/*
 * Outputs that exist whole or not at all.  Files are written under another name
 * beside their own (.bt-PID-N.tmp), made durable, renamed.  A process that ends
 * by exit(3) leaves no such file; one that is killed may leave some, which hurt
 * nothing.  Objects of S3 (s3://BUCKET/KEY) are there from their commit on;
 * what fails sets errno, and remote_error() of io/remote.h says it for both.
 *
 * Any number may be under way: beyond OUT_OPEN of them, or a quarter of the
 * descriptors that the process may have, those not written to for longest are
 * closed and opened again when they are needed.
 */
#ifndef IO_OUT_H
#define IO_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum { OUT_OPEN = 128 };

struct out;

/* Begins an output at path; a file's folder must exist.  NULL and errno. */
struct out *out_new(const char *path);

/* The same; folders that are missing are made, and are durable where the
 * output is. */
struct out *out_new_below(const char *path);

/* What is written to an open descriptor as it comes, which is the output's
 * from now on: out_commit only closes and checks.  And standard output. */
struct out *out_fd(int fd);
struct out *out_stdout(void);

/* Whether it is a file and another has its place now.  If none has, what comes
 * there before it is replaced, whatever it is. */
bool out_replaces(struct out *o);

/* Writes n bytes; 0, or -1 and errno. */
int out_write(struct out *o, const void *p, size_t n);

/* The bytes written so far. */
uint64_t out_size(const struct out *o);

/* Takes back all but the first n bytes: 0, or -1 and errno if that is
 * impossible, as without a file. */
int out_cut(struct out *o, uint64_t n);

/*
 * Puts the output in its place.  0, or -1 and errno: then it is not there, or,
 * where only its name could not be made durable, a power cut may undo it.  o is
 * gone either way.
 */
int out_commit(struct out *o);

/*
 * The same for n outputs at once, all of them files or none, which are made
 * durable together: one syncfs(2) if the system has it and they are on one
 * file system.  errors[i] is 0 if output i is in its place, else why not, in
 * words in why[i].
 * Returns 0 also if some lack a place (out_alone says so of each).  -1 and
 * errno if more is wrong than that: bytes that cannot be made durable (then
 * none is in its place), or names (then those that are may be undone by a
 * power cut), a full disk, an object that cannot be stored, and no other
 * could (its error is REMOTE_FAILED).
 */
int out_commit_group(struct out **o, size_t n, int *errors, struct buf *why);

/* Whether an errno of these functions is a matter of that output's path, not of
 * the disk, or of that object. */
bool out_alone(int error);

/* Closes an output for now where someone else needs the descriptor; false where
 * none is open. */
bool out_park(void);

/* Gives it up: nothing is left.  o is gone. */
void out_abort(struct out *o);

/* Gives up all that are not committed: for a process about to end by a
 * signal. */
void out_abort_all(void);

#endif
