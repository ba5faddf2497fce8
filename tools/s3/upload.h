/*
 * Stores the files of a folder as objects, several at a time.
 */
#ifndef S3_UPLOAD_H
#define S3_UPLOAD_H

#include "s3/put.h"

/*
 * Stores each file below the folder under key followed by its path there.
 * Links are followed; unfinished files of these tools (.bt-*.tmp) are skipped.
 * A file that fails does not stop the others; 0, or 1 after a message for each.
 * Ends early if the client is stopped.
 */
int s3_upload(struct s3_client *client, const struct s3_put_options *options,
    const char *folder, const char *bucket, const char *key);

#endif
