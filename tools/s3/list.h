/*
 * What is in a bucket: ListObjectsV2, in the order of the keys' bytes.
 */
#ifndef S3_LIST_H
#define S3_LIST_H

#include "s3/client.h"

struct s3_listed {
	const char *key; /* decoded; borrowed for the call */
	uint64_t size;
	const char *etag;     /* with its quotes */
	const char *modified; /* 2009-10-12T17:50:30.000Z */
};

/*
 * Calls each for every object whose key begins with prefix, a page of 1000
 * after the other; other than 0 from it ends the list.  Returns 0, what each
 * returned, or -1 and in why (to be freed with buf_free) what failed: an
 * answer that is no ListBucketResult, keys out of order, a page that does not
 * go on.
 */
int s3_list(struct s3_conn *conn, const char *bucket, const char *prefix,
    int (*each)(void *arg, const struct s3_listed *object), void *arg,
    struct buf *why);

#endif
