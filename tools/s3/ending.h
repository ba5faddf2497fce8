/*
 * Ends on a signal, but tidily: the requests in progress are stopped, the
 * program cleans up, and then ends by the same signal.  There is one per
 * process.
 */
#ifndef S3_ENDING_H
#define S3_ENDING_H

#include <stdbool.h>
#include <sys/types.h>

#include "s3/client.h"

/* From here on, signals that would end the process stop the client instead,
 * except those that are ignored. */
void s3_ending_catch(struct s3_client *client);

/* Whether such a signal has come. */
bool s3_ending(void);

/* fd_await, which ends on these signals. */
int s3_ending_await(int fd, bool writing);

/* A child that gets SIGTERM when such a signal comes, or has come already.  0:
 * none any longer. */
void s3_ending_child(pid_t pid);

/* Ends the process if a signal has come. */
void s3_ending_end(void);

#endif
