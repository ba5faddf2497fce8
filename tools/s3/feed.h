/*
 * An object that is stored while its bytes come.
 */
#ifndef S3_FEED_H
#define S3_FEED_H

#include "s3/put.h"
#include "s3/uri.h"

/*
 * Stores what a command writes (a NULL after its words), or standard input if
 * command is NULL.  The object exists only if all of it came, and the command
 * exited with 0.  Returns the exit status: 0, or 1 after a message.
 */
int s3_feed(struct s3_client *client, const struct s3_put_options *options,
    const struct s3_uri *uri, char *const *command);

#endif
