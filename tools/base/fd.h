/*
 * Reading and writing a descriptor that another program may have made
 * non-blocking (O_NONBLOCK belongs to the pipe, not to the process): these wait
 * for it as if it were not.
 */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* read(2); EINTR is the caller's, who may have a reason to stop. */
ssize_t fd_read(int fd, void *p, size_t n);

/*
 * Writes all n bytes at p.  Returns 0, or -1 and errno, and then part of them
 * may be written.  Up to PIPE_BUF bytes enter a pipe together.
 */
int fd_write(int fd, const void *p, size_t n);

/* Reads all that is left, and counts the bytes in it that are c.  Returns 0, or
 * -1 and errno. */
int fd_count(int fd, char c, uint64_t *n);

/*
 * Waits until fd can be read, or written (PIPE_BUF bytes to a pipe): 0; or -1
 * where a signal comes meanwhile, or one of those in ending has come just
 * before, which its handler says in *signalled; errno is EINTR then.
 */
int fd_await(int fd, bool writing, const sigset_t *ending,
    const volatile sig_atomic_t *signalled);

#endif
