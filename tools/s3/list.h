/*
 * What is in a bucket: ListObjectsV2, in the order of the keys' bytes.
 */
#ifndef S3_LIST_H
#define S3_LIST_H

#include "s3/client.h"

struct s3_listed {
	const char *key; /* decoded; borrowed until the next call */
	uint64_t size;	 /* UINT64_MAX: the list does not say */
};

struct s3_list;

/* The objects whose keys begin with prefix; nothing is asked yet.  conn is
 * borrowed, the names are copied. */
struct s3_list *s3_list_new(
    struct s3_conn *conn, const char *bucket, const char *prefix);

/*
 * The next of them, asking for a page where need be.  Returns 1; 0 at the end;
 * -1, and adds to why what failed: the request; an answer that is no
 * ListBucketResult, or in which a key may be lost: out of order or outside the
 * prefix, missing, with no word of whether others follow, or of how to go on.
 * A server that knows the list's first version only is asked by that.
 */
int s3_list_next(
    struct s3_list *list, struct s3_listed *object, struct buf *why);

void s3_list_free(struct s3_list *list);

#endif
