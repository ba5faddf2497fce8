/*
 * Reading and writing a descriptor that another program may have made
 * non-blocking (O_NONBLOCK belongs to the pipe, not to the process): these wait
 * for it as if it were not.
 */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <stddef.h>
#include <sys/types.h>

/* read(2); EINTR is the caller's, who may have a reason to stop. */
ssize_t fd_read(int fd, void *p, size_t n);

/*
 * Writes all n bytes at p.  Returns 0, or -1 and errno, and then part of them
 * may be written.  Up to PIPE_BUF bytes enter a pipe together.
 */
int fd_write(int fd, const void *p, size_t n);

#endif
