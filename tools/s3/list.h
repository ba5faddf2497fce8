/*
 * The objects in a bucket, by ListObjectsV2, in the order of their keys' bytes.
 */
#ifndef S3_LIST_H
#define S3_LIST_H

#include "s3/client.h"

struct s3_listed {
	const char *key; /* decoded; borrowed until the next call */
	uint64_t size;	 /* UINT64_MAX: the list does not say */
};

struct s3_list;

/* Lists the objects whose keys begin with prefix; sends nothing yet.  conn
 * is borrowed, the names are copied. */
struct s3_list *s3_list_new(
    struct s3_conn *conn, const char *bucket, const char *prefix);

/*
 * The next object; requests a page if necessary.  Returns 1; 0 at the end; -1,
 * and adds to why: the request failed, the answer is not a ListBucketResult, or
 * a key may be missing: keys are out of order or outside the prefix, or the
 * answer does not say whether others follow, or how to continue.  If a server
 * only supports the first version of the list, that is used.
 */
int s3_list_next(
    struct s3_list *list, struct s3_listed *object, struct buf *why);

void s3_list_free(struct s3_list *list);

#endif
