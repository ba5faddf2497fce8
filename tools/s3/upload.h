/*
 * A folder's files, stored as objects side by side.
 */
#ifndef S3_UPLOAD_H
#define S3_UPLOAD_H

#include "s3/put.h"

/*
 * Stores each file below the folder as key followed by its path there; links
 * are followed, unfinished files of these tools (.bt-*.tmp) are left out.  All
 * that can be stored are; 0, or 1 where one was not, which was said with its
 * name.  Ends early when the client is stopped.
 */
int s3_upload(struct s3_client *client, const struct s3_put_options *options,
    const char *folder, const char *bucket, const char *key);

#endif
